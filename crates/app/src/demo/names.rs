//! Invented names: common given names of many origins, and family names from places, trees and
//! trades. Nobody is meant.

pub const GIVEN: [&str; 72] = [
    "Aaliyah", "Adam", "Aisha", "Alfie", "Amelia", "Amir", "Anaya", "Archie", "Arlo", "Aryan", "Beatrix", "Bilal",
    "Callum", "Chidi", "Clara", "Daisy", "Daniel", "Darcey", "Dylan", "Edith", "Elif", "Elijah", "Emeka", "Esme",
    "Ezra", "Farah", "Finley", "Freya", "Grace", "Hamza", "Harriet", "Harvey", "Hugo", "Ibrahim", "Imogen", "Isaac",
    "Isla", "Jasmine", "Jayden", "Kai", "Kavya", "Keira", "Kian", "Layla", "Lena", "Lewis", "Lola", "Luca", "Maisie",
    "Malik", "Mei", "Mia", "Mila", "Milo", "Nadia", "Nathan", "Noah", "Ola", "Omar", "Oscar", "Poppy", "Priya",
    "Reuben", "Rosie", "Rohan", "Ruby", "Saoirse", "Seren", "Tariq", "Theo", "Willow", "Zara",
];

pub const FAMILY: [&str; 60] = [
    "Abara", "Adeyemi", "Ahmed", "Alder", "Ashdown", "Aspen", "Banks", "Barley", "Begum", "Birchall", "Bramley",
    "Brook", "Carver", "Chaudhry", "Cooper", "Dale", "Dhillon", "Elmwood", "Fairfax", "Fielding", "Fletcher", "Gill",
    "Glover", "Green", "Hale", "Harrow", "Hassan", "Hawthorn", "Heath", "Hussain", "Iqbal", "Kaur", "Khatun",
    "Kowalski", "Lindley", "Linden", "Mason", "Meadows", "Mistry", "Mohamed", "Moss", "Nkemelu", "Nowak", "Okoro",
    "Orchard", "Patience", "Quarry", "Rahman", "Rowan", "Sandhu", "Sharpe", "Singh", "Stone", "Tanner", "Thorne",
    "Walker", "Webb", "Wells", "Willows", "Yarrow",
];

pub const STREETS: [&str; 16] = [
    "Alder Road",
    "Beacon Street",
    "Canal Walk",
    "Chapel Lane",
    "Foundry Road",
    "Furnace Hill",
    "Glassworks Road",
    "Hollin Lane",
    "Limekiln Close",
    "Mill Lane",
    "Nailmakers Row",
    "Orchard Street",
    "Priory Road",
    "Station Road",
    "Tollgate Lane",
    "Wharf Street",
];
