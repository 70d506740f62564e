//! Papers of invented children with and without planted mistakes, and how many of them the lock
//! stops. The tests run a short form; `examples/lock.rs` the long one.

#[path = "planted_words.rs"]
mod words;

use app::config::Settings;
use app::demo::dice::Dice;
use app::journal::{Act, By, Papers, Who, act};
use app::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use app::recipients::{Leaving, lookup};
use app::{App, Error};
use casework::access::Action;
use casework::people::identifiers::{NhsNumber, Upn};
use casework::people::{self, Contact, Details, Relation};
use casework::recipients::{Addressee, Sending};
use casework::{AuthorityId, CaseId, Command, PersonId};
use jiff::civil::{Date, date};
use std::sync::Arc;
use words::{FAMILY, GIVEN, PROFESSIONS, SENTENCES, STREETS, TITLES};

pub const SEED: u64 = 20_261_126;
const TODAY: Date = date(2026, 11, 23);
/// Children of the area; every eighth has a brother or sister on record, every fortieth a namesake
/// who was born on the next day.
const CHILDREN: usize = 1_200;

/// One child of the area, as the planting knows them.
#[derive(Clone)]
pub struct Kid {
    case: CaseId,
    details: Details,
    parent: Contact,
    sibling: Option<usize>,
    namesake: Option<usize>,
}

pub struct Area {
    pub app: App,
    who: Who,
    kids: Vec<Kid>,
}

/// What was planted, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    WholePaper,
    Paragraph,
    FirstNameOnly,
    NhsNumber,
    Upn,
    BirthDate,
    SiblingsPaper,
    NamesakesPaper,
    Addressee,
    Address,
    Misspelt,
    Initials,
}

pub const ALL: [Planted; 12] = [
    Planted::WholePaper,
    Planted::Paragraph,
    Planted::NhsNumber,
    Planted::Upn,
    Planted::BirthDate,
    Planted::SiblingsPaper,
    Planted::NamesakesPaper,
    Planted::Addressee,
    Planted::Address,
    Planted::Misspelt,
    Planted::FirstNameOnly,
    Planted::Initials,
];

impl Planted {
    pub fn label(self) -> &'static str {
        match self {
            Planted::WholePaper => "Another child’s whole report",
            Planted::Paragraph => "One paragraph of another report, with the full name",
            Planted::NhsNumber => "Another child’s NHS number",
            Planted::Upn => "Another child’s UPN",
            Planted::BirthDate => "Another child’s name in part and birth date",
            Planted::SiblingsPaper => "The report of a brother or sister",
            Planted::NamesakesPaper => "The report of a child of the same name, born a day later",
            Planted::Addressee => "To the parent of another child",
            Planted::Address => "To the address of another family",
            Planted::Misspelt => "A paragraph with the full name misspelt",
            Planted::FirstNameOnly => "A paragraph with the first name only",
            Planted::Initials => "Initials only",
        }
    }

    /// Whether a full name, a number, a birth date, a person or an address is there to be found.
    pub fn is_held_to_the_bar(self) -> bool {
        !matches!(self, Planted::Misspelt | Planted::FirstNameOnly | Planted::Initials)
    }
}

/// A whole area on a database of its own.
///
/// # Errors
/// When the database fails.
pub fn area(app: App) -> Result<Area, Error> {
    let authority = AuthorityId(app.ids.next());
    let who = Who { by: By::System("measure"), authority, now: app.clock.now(), today: TODAY };
    let mut dice = Dice::new(SEED);
    let mut kids: Vec<Kid> = Vec::new();
    for number in 0..CHILDREN {
        let mut kid = invented(&app, &mut dice, number);
        if number % 8 == 1 {
            let elder = number - 1;
            kid.details.family_name = kids[elder].details.family_name.clone();
            kid.details.address = kids[elder].details.address.clone();
            kid.details.postcode = kids[elder].details.postcode.clone();
            while kid.details.given_name == kids[elder].details.given_name {
                kid.details.given_name = (*dice.pick(&GIVEN)).to_owned();
            }
            let id = kid.parent.id;
            kid.parent = Contact { id, ..kids[elder].parent.clone() };
            kid.sibling = Some(elder);
            kids[elder].sibling = Some(number);
        } else if number % 40 == 5 {
            let other = &kids[number - 1];
            kid.details.given_name = other.details.given_name.clone();
            kid.details.family_name = other.details.family_name.clone();
            kid.details.born_on = law::calendar::days(other.details.born_on, 1);
            kid.namesake = Some(number - 1);
            kids[number - 1].namesake = Some(number);
        }
        kids.push(kid);
    }
    app.db.write("measure.area", |tx| -> Result<(), Error> {
        app::admin::areas::add(tx, authority, "390", "Larchfield", &app::admin::areas::Profile::default())?;
        for kid in &kids {
            let person = PersonId(app.ids.next());
            let commands = vec![
                Command::People(people::Command::OpenRecord { person, born_on: kid.details.born_on }),
                Command::People(people::Command::AddContact { person: kid.parent.id, relation: kid.parent.relation }),
            ];
            let papers = Papers {
                details: Some((person, kid.details.clone())),
                contacts: vec![kid.parent.clone()],
                ..Papers::default()
            };
            act(tx, &who, kid.case, Act { action: Action::ReceiveRequest, seen: None, commands, papers })?;
        }
        Ok(())
    })?;
    Ok(Area { app, who, kids })
}

/// An application around a new database in this folder.
///
/// # Errors
/// When the database cannot be made.
pub fn app_in(folder: &std::path::Path) -> Result<App, Error> {
    let db = db::Database::open(&format!("sqlite:{}", folder.join("lock.db").display()))?;
    db.migrate(&app::cli::migrations())?;
    Ok(App {
        db,
        clock: Arc::new(FixedClock::on(TODAY)),
        ids: Arc::new(SeededIds::new(SEED)),
        files: Files::in_folder(folder.join("files")),
        mail: Arc::new(KeptMail),
        carrier: Arc::new(KeptTexts),
        settings: Arc::new(Settings::default()),
    })
}

fn invented(app: &App, dice: &mut Dice, number: usize) -> Kid {
    let family = *dice.pick(&FAMILY);
    let nine = format!("{:09}", 400_000_000 + number * 13);
    let nhs_number = (0..3).find_map(|more| {
        NhsNumber::with_check_digit(&format!("{:09}", nine.parse::<usize>().unwrap_or(0) + more)).ok()
    });
    let born_on = law::calendar::days(TODAY, -dice.between(3 * 365, 19 * 365));
    Kid {
        case: CaseId(app.ids.next()),
        details: Details {
            given_name: (*dice.pick(&GIVEN)).to_owned(),
            family_name: family.to_owned(),
            known_as: None,
            born_on,
            sex: None,
            ethnicity: None,
            postcode: Some(format!("LF{} {}QX", number % 60 + 1, number / 60 % 10)),
            address: Some(format!("{} {}, Larchfield", dice.between(1, 140), dice.pick(&STREETS))),
            home_language: None,
            upn: Upn::with_check_letter(&format!("390{number:09}")).ok(),
            uln: None,
            nhs_number,
        },
        parent: Contact {
            id: PersonId(app.ids.next()),
            relation: Relation::Mother,
            name: format!("{} {family}", dice.pick(&GIVEN)),
            organisation: None,
            email: Some(format!("parent{number}@families.example")),
            telephone: Some(format!("07700 9{number:05}")),
            address: None,
            receives_notices: true,
        },
        sibling: None,
        namesake: None,
    }
}

fn written(dice: &mut Dice, day: Date) -> String {
    match dice.below(5) {
        0 => day.strftime("%-d %B %Y").to_string(),
        1 => day.strftime("%d/%m/%Y").to_string(),
        2 => day.strftime("%-d.%-m.%y").to_string(),
        3 => format!("{} of {}", ordinal(day.day()), day.strftime("%B %Y")),
        _ => day.strftime("%Y-%m-%d").to_string(),
    }
}

fn ordinal(day: i8) -> String {
    let ending = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

fn filled(area: &Area, dice: &mut Dice, sentence: &str, kid: &Kid, friend: &str) -> String {
    let full = full(kid);
    let visit = law::calendar::days(TODAY, -dice.between(10, 900));
    let grown_up = format!("{} {}", dice.pick(&TITLES), dice.pick(&FAMILY));
    let professional = format!("{} {}, {}", dice.pick(&GIVEN), dice.pick(&FAMILY), dice.pick(&PROFESSIONS));
    let sibling = kid.sibling.map_or_else(|| "Gran".to_owned(), |at| area.kids[at].details.given_name.clone());
    sentence
        .replace("{n}", &kid.details.given_name)
        .replace("{N}", &full)
        .replace("{v}", &written(dice, visit))
        .replace("{s}", &grown_up)
        .replace("{a}", &professional)
        .replace("{b}", &sibling)
        .replace("{f}", friend)
}

fn full(kid: &Kid) -> String {
    format!("{} {}", kid.details.given_name, kid.details.family_name)
}

/// A report of several pages, as it is written about this child.
fn report(area: &Area, dice: &mut Dice, kid: &Kid) -> Vec<String> {
    let details = &kid.details;
    let friend = *dice.pick(&GIVEN);
    let mut head = format!("Report for the Education, Health and Care Needs Assessment\nName: {}\n", full(kid));
    head.push_str(&format!("Date of birth: {}\n", written(dice, details.born_on)));
    if let Some(number) = details.nhs_number.filter(|_| dice.chance(600)) {
        head.push_str(&format!("NHS number: {}\n", number.spaced()));
    }
    if let Some(upn) = details.upn.filter(|_| dice.chance(500)) {
        head.push_str(&format!("UPN: {upn}\n"));
    }
    head.push_str(&format!("Parent or carer: {}\n", kid.parent.name));
    if dice.chance(500) {
        head.push_str(&format!(
            "Address: {}, {}\n",
            details.address.as_deref().unwrap_or_default(),
            details.postcode.as_deref().unwrap_or_default()
        ));
    }
    let mut pages = vec![head];
    let mut has_friend = false;
    for _ in 0..dice.between(2, 6) {
        let mut page = String::new();
        for _ in 0..dice.between(12, 24) {
            let sentence = *dice.pick(&SENTENCES);
            // A friend is named once: a report is not about them.
            if sentence.contains("{f}") && std::mem::replace(&mut has_friend, true) {
                continue;
            }
            page.push_str(&filled(area, dice, sentence, kid, friend));
            page.push(if dice.chance(250) { '\n' } else { ' ' });
        }
        pages.push(page);
    }
    let author = format!("{} {}, {}", dice.pick(&GIVEN), dice.pick(&FAMILY), dice.pick(&PROFESSIONS));
    let last = pages.len() - 1;
    pages[last].push_str(&format!("\nReport by: {author}\nCopy to: {}, the school\n", kid.parent.name));
    pages
}

fn to(kid: &Kid) -> Addressee {
    let details = &kid.details;
    let lines = [details.address.clone(), details.postcode.clone()];
    let address = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Addressee { name: kid.parent.name.clone(), address: Some(address), email: kid.parent.email.clone(), by_post: true }
}

/// A letter dropped, doubled or changed for one that sounds the same.
fn misspelt(dice: &mut Dice, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1)).filter(|at| letters[*at].is_alphabetic()).collect();
    if places.is_empty() {
        return name.to_owned();
    }
    let at = *dice.pick(&places);
    match dice.below(3) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters[at] = if "aeiou".contains(letters[at]) { 'e' } else { letters[at + 1] },
    }
    letters.into_iter().collect()
}

/// One send: its pages and the person it goes to, with what was planted.
fn leaving(area: &Area, dice: &mut Dice, planted: Option<Planted>) -> (CaseId, Leaving) {
    let has = |kid: &Kid| match planted {
        Some(Planted::SiblingsPaper) => kid.sibling.is_some(),
        Some(Planted::NamesakesPaper) => kid.namesake.is_some(),
        _ => true,
    };
    let pick = |dice: &mut Dice, fits: &dyn Fn(&Kid) -> bool| loop {
        let kid = dice.pick(&area.kids);
        if fits(kid) {
            break kid.clone();
        }
    };
    let kid = pick(dice, &has);
    let strange = |other: &Kid| {
        other.case != kid.case
            && kid.sibling.is_none_or(|at| area.kids[at].case != other.case)
            && full(other) != full(&kid)
    };
    let other = pick(dice, &strange);
    let mut pages = report(area, dice, &kid);
    let mut whom = to(&kid);
    let at = dice.below(pages.len() - 1) + 1;
    match planted {
        None => {}
        Some(Planted::WholePaper) => pages = report(area, dice, &other),
        Some(Planted::SiblingsPaper) => {
            let sibling = area.kids[kid.sibling.unwrap_or_default()].clone();
            pages = report(area, dice, &sibling);
        }
        Some(Planted::NamesakesPaper) => {
            let namesake = area.kids[kid.namesake.unwrap_or_default()].clone();
            pages = report(area, dice, &namesake);
        }
        Some(Planted::Paragraph) => {
            let words = filled(
                area,
                dice,
                "{N} was assessed on {v}. {n} needs help to begin. {n}’s speech is clear.",
                &other,
                "",
            );
            pages[at].push_str(&words);
        }
        Some(Planted::FirstNameOnly) => {
            let words = filled(
                area,
                dice,
                "{n} needs help to begin a task. {n}’s speech is clear and {n} is cheerful.",
                &other,
                "",
            );
            pages[at].push_str(&words);
        }
        Some(Planted::Misspelt) => {
            let name = format!("{} {}", other.details.given_name, misspelt(dice, &other.details.family_name));
            pages[at].push_str(&format!("{name} needs help to begin a task and enjoys stories."));
        }
        Some(Planted::NhsNumber) => {
            let number = other.details.nhs_number.map_or_else(String::new, |number| number.spaced());
            pages[at].push_str(&format!("\nNHS No. {number}\n"));
        }
        Some(Planted::Upn) => {
            let number = other.details.upn.map_or_else(String::new, |number| number.to_string());
            pages[at].push_str(&format!("\nPupil number (UPN) {number}\n"));
        }
        Some(Planted::BirthDate) => {
            let day = written(dice, other.details.born_on);
            pages[at].push_str(&format!("\n{} (born {day}) was seen at nursery.\n", other.details.given_name));
        }
        Some(Planted::Initials) => {
            let initial = |name: &str| name.chars().next().unwrap_or('A');
            let (one, two) = (initial(&other.details.given_name), initial(&other.details.family_name));
            pages[at].push_str(&format!("{one}.{two}. needs help to begin a task. {one}{two} is cheerful."));
        }
        Some(Planted::Addressee) => whom.name = other.parent.name.clone(),
        Some(Planted::Address) => whom.address = to(&other).address,
    }
    let mut leaving = Leaving::new(Sending::Copy);
    for (number, page) in (1..).zip(pages) {
        leaving = leaving.part(format!("page {number}"), page);
    }
    leaving.is_whole_paper = true;
    (kid.case, leaving.to(vec![whom]))
}

/// How many of `count` sends were stopped; the first that should not have been, with the reason.
pub struct Rate {
    pub planted: Option<Planted>,
    pub count: u32,
    pub stopped: u32,
    pub examples: Vec<String>,
}

impl Rate {
    /// The 95% interval of Wilson, in hundredths.
    pub fn interval(&self) -> (f64, f64) {
        let (n, z) = (f64::from(self.count), 1.959_964);
        let p = f64::from(self.stopped) / n;
        let middle = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        (100.0 * (middle - half).max(0.0) / whole, 100.0 * (middle + half).min(whole) / whole)
    }

    pub fn share(&self) -> f64 {
        100.0 * f64::from(self.stopped) / f64::from(self.count)
    }
}

/// Sends `count` papers with this mistake, or without one.
///
/// # Errors
/// When the database fails.
pub fn measure(area: &Area, planted: Option<Planted>, count: u32) -> Result<Rate, Error> {
    // A sequence for each kind, so that one more kind moves no other.
    let kind = planted.map_or(0, |planted| planted as u64 + 1);
    let mut dice = Dice::new(SEED.wrapping_mul(31).wrapping_add(kind));
    let mut rate = Rate { planted, count, stopped: 0, examples: vec![] };
    for _ in 0..count {
        let (case, leaving) = leaving(area, &mut dice, planted);
        let stops = area.app.db.read("measure.stops", |tx| {
            let case = app::journal::load(tx, area.who.authority, case)?.case;
            lookup::stops(tx, &area.who, &case, &leaving)
        })?;
        rate.stopped += u32::from(!stops.is_empty());
        if stops.is_empty() != planted.is_none() && rate.examples.len() < 12 {
            let said = stops.first().map_or_else(|| "nothing stopped it".to_owned(), |stop| stop.sentence());
            rate.examples.push(said);
        }
    }
    Ok(rate)
}

/// How long a paper of forty pages takes to look at, in milliseconds.
///
/// # Errors
/// When the database fails.
pub fn forty_pages(area: &Area) -> Result<(f64, usize), Error> {
    let mut dice = Dice::new(SEED);
    let kid = area.kids[100].clone();
    let mut leaving = Leaving::new(Sending::Copy).to(vec![to(&kid)]);
    let mut words = 0;
    for number in 1..=40 {
        let mut page = report(area, &mut dice, &kid).join("\n");
        page.truncate(page.char_indices().map(|(at, _)| at).take_while(|at| *at < 3_000).last().unwrap_or(0));
        words += page.split_whitespace().count();
        leaving = leaving.part(format!("page {number}"), page);
    }
    let began = std::time::Instant::now();
    area.app.db.read("measure.forty_pages", |tx| {
        let case = app::journal::load(tx, area.who.authority, kid.case)?.case;
        lookup::stops(tx, &area.who, &case, &leaving)
    })?;
    Ok((began.elapsed().as_secs_f64() * 1000.0, words))
}

/// The table of these rates, as the documents print it.
pub fn table(right: &Rate, rates: &[Rate]) -> String {
    let mut text = String::from("| what was planted | sends | stopped | 95% interval |\n|---|---|---|---|\n");
    for rate in rates {
        let (low, high) = rate.interval();
        let label = rate.planted.map_or("", Planted::label);
        let bar = if rate.planted.is_some_and(Planted::is_held_to_the_bar) { "" } else { " (no bar)" };
        text.push_str(&format!("| {label}{bar} | {} | {:.1}% | {low:.1}% to {high:.1}% |\n", rate.count, rate.share()));
    }
    let (low, high) = right.interval();
    text.push_str(&format!(
        "| **Nothing: stopped wrongly** | {} | {:.1}% | {low:.1}% to {high:.1}% |\n",
        right.count,
        right.share()
    ));
    text
}
