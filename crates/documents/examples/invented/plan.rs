//! An invented plan for an invented child in an invented area, long enough to be like a real one.

use documents::model::{Block, Document, Letterhead, Signature, Span, Table};

/// A plan with all sections, A to K.
pub fn plan() -> Document {
    let mut blocks = vec![
        Block::KeyFacts(vec![
            fact("Name", "Robin Fernleigh"),
            fact("Likes to be called", "Rob"),
            fact("Date of birth", "4 May 2017"),
            fact("Home address", "12 Orchard Row, Millbrook, Wrenshire WR1 2AB"),
            fact("Parents", "Sam Fernleigh and Alex Fernleigh"),
            fact("Languages at home", "English, Polish (Żółw to ulubione słowo), some Urdu (میرا نام روبن ہے)"),
            fact("Setting now", "Millbrook Primary School, Year 4"),
            fact("Plan made on", "12 October 2026"),
        ]),
        Block::Callout {
            title: "How to read this plan".into(),
            text: vec![
                Span::plain("Each need in Section B has a number. The help for that need, in Section F, carries the "),
                Span::strong("same number"),
                Span::plain(". If anything here does not match what you see at school, please tell us."),
            ],
        },
        Block::section("Section A: What matters to Rob and the family"),
        Block::subsection("In Rob’s own words"),
        Block::text("I like trains, drawing maps and my cat Pickle 🐈. I don't like when it is loud and everyone talks.\nWhen I grow up I want to make maps for the railway 🚂."),
        Block::subsection("The family’s hopes"),
        Block::text("We would like Rob to feel safe at school, to have a friend to sit with at lunch, and to be able to say when things are too much.\n\nRob has taught us to look at the world more carefully."),
        Block::section("Section B: Special educational needs"),
        Block::Table(Table {
            caption: "Strengths and needs".into(),
            header: vec!["Area".into(), "What Rob does well".into(), "What Rob needs".into()],
            rows: vec![
                vec!["B1 Communication and interaction".into(), "Explains ideas well in pictures. Talks with confidence to people Rob knows.".into(), "Needs extra time to take in spoken words, and to be told one thing at a time. In a group Rob loses track of who is speaking.".into()],
                vec!["B2 Cognition and learning".into(), "Reads maps and timetables far above expectations for age.".into(), "Writing by hand is slow and tiring. Rob writes about six words a minute and stops after one sentence.".into()],
                vec!["B3 Social, emotional and mental health".into(), "Knows which places are calming. Kind to younger children.".into(), "Becomes overwhelmed by noise several times each day, and needs to leave before it is too much.".into()],
                vec!["B4 Sensory and physical".into(), "Strong swimmer.".into(), "Sensitive to sudden sounds and to bright light. Holds a pencil in a tight fist.".into()],
            ],
            column_widths: vec![3, 4, 5],
            first_column_names_the_row: true,
        }),
        Block::section("Section C: Health needs related to special educational needs"),
        Block::text("Rob was seen by community paediatrics on 3 June 2026. Rob sleeps about six hours a night, which makes mornings hard."),
        Block::section("Section D: Social care needs"),
        Block::text("No social care needs were identified by the assessment. The family can ask for this to be looked at again at any time."),
        Block::section("Section E: Outcomes"),
        Block::Numbered(vec![
            vec![Span::plain("By July 2028 Rob will ask for a break with a card or a word, without being reminded, on four days out of five.")],
            vec![Span::plain("By July 2028 Rob will record three paragraphs of his own ideas in one lesson, by keyboard or by voice.")],
            vec![Span::plain("By July 2028 Rob will eat lunch with at least one friend on most days.")],
        ]),
        Block::section("Section F: Special educational provision"),
    ];
    let provision = |need: &str, what: &str, who: &str, much: &str| {
        vec![need.to_owned(), what.to_owned(), who.to_owned(), much.to_owned()]
    };
    blocks.push(Block::Table(Table {
        caption: "Provision for each need".into(),
        header: vec!["Need".into(), "What will be provided".into(), "By whom".into(), "How much and how often".into()],
        rows: vec![
            provision("B1", "Direct speech and language therapy on listening in groups, with a programme that staff carry out between visits.", "Speech and language therapist; trained teaching assistant", "Therapist: 6 sessions of 45 minutes each term. Assistant: 20 minutes, 4 days a week."),
            provision("B2", "A laptop with word prediction and voice typing, and teaching in how to use them.", "Class teacher; SENCO", "Laptop in every lesson. Teaching: 30 minutes, 3 times a week, for 2 terms."),
            provision("B3", "A quiet room that is always open to Rob, and an adult who goes along when Rob wishes.", "Named key adult", "Whenever needed; planned breaks at 10:15 and 13:45 each day."),
            provision("B4", "Occupational therapy assessment and a sensory programme written for the classroom.", "Occupational therapist", "Assessment in the first half term; review each term, 1 hour."),
        ],
        column_widths: vec![2, 6, 4, 5],
        first_column_names_the_row: true,
    }));
    blocks.extend([
        Block::section("Section G: Health provision"),
        Block::text("A sleep clinic appointment every three months until sleep is settled, arranged by NHS Wrenshire."),
        Block::section("Section H1: Social care provision under the 1970 Act"),
        Block::text("None."),
        Block::section("Section H2: Other social care provision"),
        Block::text("None."),
        Block::section("Section I: Placement"),
        Block::text("Millbrook Primary School, a mainstream maintained primary school."),
        Block::section("Section J: Personal budget"),
        Block::text("The family has not asked for a personal budget. They can ask whenever the plan is reviewed."),
        Block::section("Section K: Advice and information"),
        Block::Table(Table {
            caption: "Reports attached to this plan".into(),
            header: vec!["Report".into(), "Written by".into(), "Date".into()],
            rows: vec![
                vec!["Views of parents".into(), "Sam and Alex Fernleigh".into(), "9 August 2026".into()],
                vec!["Educational advice".into(), "Millbrook Primary School".into(), "1 September 2026".into()],
                vec![
                    "Psychological advice".into(),
                    "Educational psychologist, Wrenshire".into(),
                    "4 September 2026".into(),
                ],
                vec!["Medical advice".into(), "Community paediatrics".into(), "8 September 2026".into()],
            ],
            column_widths: vec![4, 5, 3],
            first_column_names_the_row: false,
        }),
        Block::Signature(Signature {
            valediction: None,
            name: "Jo Marlowe".into(),
            role: "SEND officer".into(),
            organisation: "Wrenshire Council".into(),
            date: Some("12 October 2026".into()),
        }),
    ]);
    Document {
        title: "Education, health and care plan for Robin Fernleigh".into(),
        language: "en-GB".into(),
        subject: "Education, health and care plan".into(),
        author: "Wrenshire Council".into(),
        letterhead: Some(letterhead()),
        draft_watermark_text: None,
        blocks,
    }
}

/// The letterhead of the invented area, without an addressee.
pub fn letterhead() -> Letterhead {
    Letterhead {
        area_name: "Wrenshire Council".into(),
        address_lines: vec!["SEND team".into(), "Wren House, 1 Market Street".into(), "Millbrook WR1 1AA".into()],
        contact_lines: vec!["01632 960123".into(), "send@wrenshire.example".into()],
        reference: Some("WR-2026-00417".into()),
        date: Some("12 October 2026".into()),
        recipient_lines: Vec::new(),
        salutation: None,
    }
}

fn fact(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}
