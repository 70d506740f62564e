//! What stops a paper, and what does not: sentences as people write them, beside the children that
//! the area's records would lead to.

use casework::recipients::{Addressee, Child, Mentions, Other, Part, StopKind, about_nobody_here, first_names, judge};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const BORN: Date = date(2016, 4, 18);

/// Ella Marsh, whose record it is.
fn ella() -> Child {
    Child {
        names: vec!["Ella Rose Marsh".into(), "Ellie".into()],
        given: vec!["Ella".into(), "Ellie".into()],
        born_on: BORN,
        numbers: vec!["9434765919".into()],
        postcode: Some("AB1 2CD".into()),
        contacts: vec!["Joanne Marsh".into(), "Bryn Calder".into()],
        staff: vec!["Dev Patel".into(), "Hollin Bank Primary".into()],
        addresses: vec!["12 Mill Lane, Alderbourne\nAB1 2CD".into()],
        emails: vec!["joanne@example.com".into()],
    }
}

fn other(given: &str, family: &str, born_on: Date) -> Other {
    Other {
        given: given.into(),
        family: family.into(),
        known_as: None,
        born_on,
        numbers: vec![],
        postcode: None,
        contacts: vec![],
        emails: vec![],
        is_sibling: false,
        heard_as: vec![],
    }
}

fn others() -> Vec<Other> {
    let kai = Other {
        numbers: vec!["H801200001001".into(), "9990000018".into()],
        known_as: Some("Kaz".into()),
        ..other("Kai", "O'Brien-Stone", date(2014, 3, 3))
    };
    let namesake = Other {
        postcode: Some("AB9 9ZZ".into()),
        contacts: vec!["Denise Marsh-Hale".into()],
        emails: vec!["denise@example.com".into()],
        ..other("Ella", "Marsh", date(2016, 4, 19))
    };
    let brother = Other { is_sibling: true, ..other("Tom", "Marsh", date(2013, 1, 9)) };
    let heard = Other {
        heard_as: vec![("caitlyn".into(), "fielding".into())],
        ..other("Kaitlin", "Fielding", date(2012, 2, 2))
    };
    vec![
        kai,
        namesake,
        brother,
        heard,
        other("Grace", "Green", date(2015, 6, 1)),
        other("Maya", "Turner", date(2013, 11, 2)),
    ]
}

fn parts(text: &str) -> Vec<Part> {
    vec![Part { place: "page 2".into(), mentions: Mentions::of(text) }]
}

fn kinds(text: &str) -> Vec<StopKind> {
    judge(&ella(), &[], &parts(text), &others()).into_iter().map(|stop| stop.kind).collect()
}

#[test]
fn another_childs_name_number_or_birth_date_stops_it() {
    for (text, expected) in [
        ("We saw Kai O'Brien-Stone at school.", StopKind::OtherName),
        ("We saw KAI O’BRIEN-STONE at school.", StopKind::OtherName),
        ("Register: STONE, Kai (absent).", StopKind::OtherName),
        ("Kaz O'Brien was there.", StopKind::OtherName),
        ("Kai J. Stone was there.", StopKind::OtherName),
        ("as Maya\nTurner told us", StopKind::OtherName),
        ("Maya Turner’s plan", StopKind::OtherName),
        ("Maya Turnr finds it hard. Turnr's", StopKind::OtherNameAlike),
        ("Caitlyn Fielding enjoys music.", StopKind::OtherNameAlike),
        ("Name: Grace Green", StopKind::OtherName),
        ("Grace Green finds reading hard.", StopKind::OtherName),
        ("NHS number 999 000 0018", StopKind::OtherNumber),
        ("UPN H801200001001", StopKind::OtherNumber),
        ("Kai, born on 3 March 2014, was seen.", StopKind::OtherBirthDate),
        ("Kai Stone (03/03/14)", StopKind::OtherBirthDate),
        ("Name: Ella Marsh. DOB: 19.4.16", StopKind::OtherBirthDate),
        ("Ella lives with her mother, Denise Marsh-Hale.", StopKind::OtherFamily),
        ("Ella Marsh, 3 Beacon Street, AB9 9ZZ", StopKind::OtherFamily),
        ("Report on Tom Marsh", StopKind::SiblingsPaper),
        ("Tom finds it hard. Tom likes maths. Tom is tired.", StopKind::SiblingsPaper),
        ("Date of birth: 9 January 2013", StopKind::SiblingsPaper),
    ] {
        assert!(kinds(text).contains(&expected), "{text}: {:?}", kinds(text));
    }
}

#[test]
fn what_rightly_stands_in_a_childs_papers_does_not_stop_it() {
    for text in [
        "Ella Rose Marsh, known as Ellie, born on 18 April 2016, NHS number 943 476 5919.",
        "Elle Marsh lives at 12 Mill Lane, AB1 2CD, with Joanne Marsh and her brother Tom Marsh.",
        "Ella Marsh and Tom. Ella likes to play with Tom. Ella is proud of him. Tom is older.",
        "Written by Grace Green, Educational Psychologist, with Mrs Maya Turner and Dr Kai Stone.",
        "Maya Turner, SENCO, spoke to us.",
        "Ella goes to Grace Green Primary School in Turner Road.",
        "The grace of the green hills. Grace, green and quiet.",
        "The meeting was on 3 March 2014 and again on 2 November 2013.",
        "Ring 01632 960 155 or 07700 900123 before 12 May 2027.",
        "Maya and Kai sit beside her.",
        "E.M. worked with K. S. at the table.",
        "Dev Patel of Hollin Bank Primary wrote to Bryn Calder.",
        "",
    ] {
        assert_eq!(kinds(text), vec![], "{text}");
    }
}

#[test]
fn a_stop_says_where_and_shows_only_words_of_the_document() {
    let stops = judge(&ella(), &[], &parts("We saw Maya Turner. MAYA TURNER again."), &others());
    assert_eq!(
        stops.iter().map(casework::recipients::Stop::sentence).collect::<Vec<_>>(),
        ["Page 2: “Maya Turner” is the name of another child in this area."]
    );
    assert!(!stops[0].sentence().contains("2013"), "nothing of the other child that is not in the text");
}

#[test]
fn person_and_address_have_to_be_the_records() {
    let to = |name: &str, address: Option<&str>, email: Option<&str>| {
        let to = Addressee {
            name: name.into(),
            address: address.map(Into::into),
            email: email.map(Into::into),
            by_post: true,
        };
        judge(&ella(), &[to], &[], &others()).into_iter().map(|stop| stop.kind).collect::<Vec<_>>()
    };
    let home = Some("12 Mill Lane,\nAlderbourne AB1 2CD");
    assert_eq!(to("Joanne Marsh", home, None), vec![]);
    assert_eq!(to("Mrs Joanne Marsh", home, None), vec![StopKind::NotOnRecord], "a title is not on the record");
    assert_eq!(to("Ella Marsh", home, Some("Joanne@Example.com")), vec![]);
    assert_eq!(to("Joanne Marsh", Some("3 Beacon Street"), None), vec![StopKind::OtherAddress]);
    assert_eq!(to("Joanne Marsh", None, None), vec![StopKind::NoAddress]);
    assert_eq!(
        to("Denise Marsh-Hale", Some("3 Beacon Street"), Some("denise@example.com")),
        vec![StopKind::NotOnRecord, StopKind::OtherFamily, StopKind::OtherFamily, StopKind::OtherAddress]
    );
    assert_eq!(to("", home, None), vec![StopKind::NotOnRecord]);
}

#[test]
fn a_first_name_written_about_like_the_child_stops_it_and_a_friend_does_not() {
    let found = |text: &str| {
        let stops =
            first_names(&ella(), &parts(text), &others(), |name| ["oliver", "grace", "bryn", "elly"].contains(&name));
        stops.into_iter().map(|stop| stop.words).collect::<Vec<_>>()
    };
    assert_eq!(found("Oliver finds it hard to sit. Oliver’s writing is slow."), ["Oliver"]);
    assert_eq!(found("Ella plays with Oliver and Grace. Oliver is kind."), Vec::<String>::new());
    assert_eq!(found("Grace is good. Grace has time."), Vec::<String>::new(), "an ordinary word needs more");
    assert_eq!(found("Bryn is new. Bryn’s notes. Tom is tired. Tom has. Elly finds. Elly is."), Vec::<String>::new());
}

#[test]
fn a_long_paper_that_never_names_the_child_is_about_somebody_else() {
    let long = "The pupil was seen at school and worked hard. ".repeat(20);
    assert!(about_nobody_here(&ella(), &parts(&long)).is_some());
    assert!(about_nobody_here(&ella(), &parts(&format!("{long} Ellie smiled."))).is_none());
    assert!(about_nobody_here(&ella(), &parts("A short note.")).is_none());
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in ".{0,400}") {
        let _ = judge(&ella(), &[], &parts(&text), &others());
    }

    #[test]
    fn a_planted_name_is_found_in_any_text(before in "[a-z ,.\n]{0,60}", after in "[a-z ,.\n]{0,60}") {
        // A word before it that makes nobody a grown-up.
        let text = format!("{before} today. Maya Turner. {after}");
        prop_assert!(kinds(&text).contains(&StopKind::OtherName), "{text}");
    }
}
