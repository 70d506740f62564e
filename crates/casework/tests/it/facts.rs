//! Told once: what was asked is counted where it was asked.

use crate::given::*;
use casework::joins::Command as J;
use casework::people::facts::{Asked, Asking, Fact, Form, Meter, Teller, asked_again, details_told};
use casework::people::{self, DetailField};
use casework::{Case, Command, Refusal, decide};
use jiff::civil::Date;
use strum::IntoEnumIterator;

fn asking(on: Date) -> Asking {
    Asking { form: Form::AskOnline, of: Teller::Family, on, asked: vec![Fact::Name, Fact::School], confirmed: vec![] }
}

fn ask(asking: Asking) -> Command {
    Command::People(people::Command::RecordAsking { asking })
}

pub fn allowed_rows() -> Vec<Row> {
    let happens = |what, given, when, names| row(what, given, when, Then::Happens(names));
    let open = || steps(Stop::Open);
    let nothing = Asking { asked: vec![], ..asking(TODAY) };
    let still_right = Asking { asked: vec![], confirmed: vec![Fact::Name], ..asking(TODAY) };
    vec![
        happens("a form asks for facts", open(), ask(asking(TODAY)), &["people.facts_asked"]),
        happens(
            "a form that is sent twice asked once",
            and(open(), TODAY, ask(asking(TODAY))),
            ask(asking(TODAY)),
            &[],
        ),
        happens("a form asks for nothing", open(), ask(nothing), &[]),
        happens("the family says that it is still right", open(), ask(still_right), &["people.facts_asked"]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let tomorrow = TODAY.tomorrow().expect("there is a next day");
    vec![row(
        "a question of tomorrow",
        steps(Stop::Open),
        ask(asking(tomorrow)),
        Then::Refused(Refusal::InTheFuture { date: tomorrow }),
    )]
}

fn asked(child: u32, fact: Fact, form: Form, of: Teller) -> Asked<u32> {
    Asked { child, fact, form, of, on: TODAY, is_confirmation: false }
}

#[test]
fn the_meter_counts_times_per_child_and_fact() {
    let confirmed = Asked { is_confirmation: true, ..asked(1, Fact::Name, Form::WhatWeKnow, Teller::Family) };
    let askings = [
        asked(1, Fact::Name, Form::AskOnline, Teller::Family),
        asked(1, Fact::School, Form::AskOnline, Teller::Family),
        asked(2, Fact::Name, Form::AskOnline, Teller::Family),
        asked(2, Fact::Name, Form::FrontDoor, Teller::School),
        confirmed,
    ];
    let meter = Meter::of(&askings);
    let name = &meter.facts[&Fact::Name];
    assert_eq!((name.children, name.asked, name.confirmed, name.repeated), (2, 3, 1, 1));
    assert_eq!(name.per_child(), Some(1.5));
    assert_eq!(name.by, [(Form::AskOnline, Teller::Family, 2), (Form::FrontDoor, Teller::School, 1)]);
    assert_eq!(meter.facts[&Fact::School].per_child(), Some(1.0));
    assert_eq!((meter.all.children, meter.all.asked, meter.all.repeated), (3, 4, 1), "pairs of a child and a fact");
    assert_eq!(asked_again(&askings).into_iter().collect::<Vec<_>>(), [(2, [Fact::Name].into())]);
    assert_eq!(Meter::of::<u32>(&[]).all.per_child(), None, "nobody was asked: there is no figure");
}

#[test]
fn every_detail_is_a_fact_and_is_kept_when_it_is_told() {
    let facts: std::collections::BTreeSet<Fact> = DetailField::iter().map(Fact::from).collect();
    assert_eq!(facts.len(), DetailField::iter().count());
    for field in DetailField::iter() {
        assert_eq!(Fact::from(field).label(), field.label());
    }
    let (case, events) = after(&steps(Stop::Open));
    assert_eq!(details_told(&Case::new(case.authority, case.id), &events).len(), DetailField::iter().count());
    let command = people::Command::CorrectDetails { fields: vec![DetailField::Sex], born_on: None };
    let events = decide(&case, Command::People(command), &context(TODAY)).expect("a detail is corrected");
    assert_eq!(details_told(&case, &events), [DetailField::Sex].into());
    let apart = J::TellApart { other: id(99), reason: id(57) };
    let events = decide(&case, Command::Joins(apart), &context(TODAY)).expect("they are told apart");
    assert!(details_told(&case, &events).is_empty());
}
