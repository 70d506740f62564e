//! Visits of advisers, and what they note there.

use crate::given::*;
use casework::advice::AdviceKind;
use casework::visits::{self, Arranged, VISITS_MAX};
use casework::{Command, Refusal, requests};
use jiff::civil::{Date, time};

const SOON: Date = day(2026, 12, 1);
const YESTERDAY: Date = day(2026, 11, 22);

fn v(command: visits::Command) -> Command {
    Command::Visits(command)
}

fn arranged(on: Date) -> Arranged {
    Arranged { on, at: time(9, 30, 0, 0), place: id(50), who: id(51) }
}

fn book(number: u128, on: Date) -> Command {
    v(visits::Command::Book { visit: id(number), advice: ask(AdviceKind::Psychological).id, arranged: arranged(on) })
}

fn move_to(on: Date) -> Command {
    v(visits::Command::Move { visit: id(85), arranged: arranged(on), why: id(52) })
}

fn cancel() -> Command {
    v(visits::Command::Cancel { visit: id(85), why: id(52) })
}

fn note(seen: u32, text: u128) -> Command {
    v(visits::Command::Note { visit: id(85), seen, text: id(text) })
}

fn booked() -> Vec<Step> {
    and(steps(Stop::Asked), TODAY, book(85, SOON))
}

fn noted() -> Vec<Step> {
    and(booked(), TODAY, note(0, 53))
}

fn cancelled() -> Vec<Step> {
    and(booked(), TODAY, cancel())
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    vec![
        happens("a psychologist books a visit", steps(Stop::Asked), book(85, SOON), &["visits.booked"]),
        happens("a visit of today", steps(Stop::Asked), book(85, TODAY), &["visits.booked"]),
        happens("it is booked twice", booked(), book(85, SOON), &[]),
        happens("it is moved", booked(), move_to(day(2026, 12, 3)), &["visits.moved"]),
        happens("it is cancelled", booked(), cancel(), &["visits.cancelled"]),
        happens(
            "it is cancelled after the request has ended",
            and(booked(), TODAY, Command::Requests(requests::Command::Withdraw { on: TODAY })),
            cancel(),
            &["visits.cancelled"],
        ),
        happens("notes are saved", booked(), note(0, 53), &["visits.noted"]),
        happens("notes are gone on with", noted(), note(1, 54), &["visits.noted"]),
        happens("what was noted before it was cancelled is gone on with", cancelled(), note(0, 53), &["visits.noted"]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let many =
        (0..VISITS_MAX as u128).fold(steps(Stop::Asked), |given, more| and(given, TODAY, book(800 + more, SOON)));
    vec![
        refused("without a request", steps(Stop::Open), book(85, SOON), Refusal::NoOpenRequest),
        refused(
            "for advice that nobody asked for",
            steps(Stop::Assessing),
            book(85, SOON),
            Refusal::NotOnRecord { what: "request for advice" },
        ),
        refused(
            "a visit of yesterday",
            steps(Stop::Asked),
            book(85, YESTERDAY),
            Refusal::VisitInThePast { date: YESTERDAY },
        ),
        refused("moved to yesterday", booked(), move_to(YESTERDAY), Refusal::VisitInThePast { date: YESTERDAY }),
        refused("too many", many, book(85, SOON), Refusal::TooManyVisits { most: VISITS_MAX }),
        refused("a visit that nobody booked", steps(Stop::Asked), cancel(), Refusal::NotOnRecord { what: "visit" }),
        refused("moved after it was cancelled", cancelled(), move_to(SOON), Refusal::VisitCancelled { on: TODAY }),
        refused("cancelled twice", cancelled(), cancel(), Refusal::VisitCancelled { on: TODAY }),
        refused("notes on an older version", noted(), note(0, 54), Refusal::NotesChanged),
    ]
}

#[test]
fn a_visit_knows_where_it_stood_and_its_last_notes() {
    let (case, _) = after(&and(and(noted(), TODAY, move_to(day(2026, 12, 3))), TODAY, note(1, 54)));
    let visit = &case.visits[0];
    assert_eq!(visit.moved, [(SOON, id(52))]);
    assert_eq!((visit.arranged.on, visit.notes_version()), (day(2026, 12, 3), 2));
    assert_eq!(visit.notes.map(|notes| notes.text), Some(id(54)));
}
