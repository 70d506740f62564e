//! Where a contact goes: what is suggested, another way with its reason, answered once.

use crate::given::*;
use casework::enquiries::routing::{About, Because, Desk, Way, suggest};
use casework::enquiries::{self, Command as E};
use casework::people;
use casework::requests::Channel;
use casework::tasks::{self, TaskKind};
use casework::{Command, Refusal};
use strum::IntoEnumIterator;

fn e(command: enquiries::Command) -> Command {
    Command::Enquiries(command)
}

fn route(about: About, way: Way, why: Option<u128>) -> Command {
    e(E::Route { enquiry: id(1), about, way, why: why.map(id) })
}

fn answer() -> Command {
    e(E::Answer { enquiry: id(1), answer: id(58) })
}

/// A call on a record that has an officer.
fn rang() -> Vec<Step> {
    let officer = Command::People(people::Command::AssignOfficer { officer: fixed(OFFICER) });
    let note = e(E::Note {
        enquiry: id(1),
        channel: Channel::Telephone,
        on: TODAY,
        from: Some(id(54)),
        note: id(55),
        promise: None,
        receipt: None,
    });
    and(and(steps(Stop::Open), TODAY, officer), TODAY, note)
}

fn passed() -> Vec<Step> {
    and(rang(), TODAY, route(About::Plan, Way::Pass(Desk::Officer), None))
}

fn at_once() -> Vec<Step> {
    and(rang(), TODAY, route(About::Progress, Way::AtOnce, None))
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    let elsewhere = || route(About::Plan, Way::Pass(Desk::Health), Some(57));
    vec![
        happens(
            "it is answered at first touch",
            rang(),
            route(About::Progress, Way::AtOnce, None),
            &["enquiries.answered"],
        ),
        happens(
            "it is passed to the officer as suggested",
            rang(),
            route(About::Plan, Way::Pass(Desk::Officer), None),
            &["enquiries.passed"],
        ),
        happens("it goes elsewhere, with the reason", rang(), elsewhere(), &["enquiries.passed"]),
        happens("it is passed twice", passed(), route(About::Plan, Way::Pass(Desk::Officer), None), &[]),
        happens("it is passed on from there", passed(), elsewhere(), &["enquiries.passed"]),
        happens("those who have it answer", passed(), answer(), &["enquiries.answered"]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let nobody = rang()
        .into_iter()
        .filter(|(_, command)| !matches!(command, Command::People(people::Command::AssignOfficer { .. })));
    vec![
        refused("another way without a reason", rang(), route(About::Plan, Way::AtOnce, None), Refusal::ReasonsMissing),
        refused(
            "to an officer whom nobody named",
            nobody.collect(),
            route(About::Plan, Way::Pass(Desk::Officer), Some(57)),
            Refusal::NotOnRecord { what: "officer" },
        ),
        refused(
            "answered at once after it was passed",
            passed(),
            route(About::Progress, Way::AtOnce, None),
            Refusal::ContactPassed,
        ),
        refused(
            "passed after it was answered",
            at_once(),
            route(About::Plan, Way::Pass(Desk::Officer), None),
            Refusal::ContactAnswered { on: TODAY },
        ),
        refused("answered twice", and(passed(), TODAY, answer()), answer(), Refusal::ContactAnswered { on: TODAY }),
        refused(
            "answered by those to whom nobody passed it",
            rang(),
            answer(),
            Refusal::NotOnRecord { what: "contact that was passed on" },
        ),
    ]
}

#[test]
fn what_is_suggested_follows_from_the_record() {
    let (with, _) = after(&rang());
    let (without, _) = after(&steps(Stop::Open));
    for about in About::iter() {
        let suggested = suggest(&with, about);
        let own = suggested.way == Way::Pass(Desk::Officer);
        assert_eq!(own, matches!(about, About::Plan | About::School | About::Other), "{about}");
        // Nobody is sent to an officer whom the record does not have.
        let without = suggest(&without, about);
        assert_eq!(without.because == Because::NobodyIsNamed, own, "{about}");
        assert_eq!(without.way == Way::Pass(Desk::Manager), own, "{about}");
    }
}

#[test]
fn of_two_about_one_thing_the_one_that_was_seen_to_counts() {
    let later = e(E::Note {
        enquiry: id(2),
        channel: Channel::Telephone,
        on: TODAY,
        from: None,
        note: id(59),
        promise: None,
        receipt: None,
    });
    let joined = and(and(passed(), TODAY, later), TODAY, e(E::Join { enquiry: id(1), to: id(2) }));
    let waiting = |given: &[Step]| {
        let (case, _) = after(given);
        enquiries::waiting_for(&case, Desk::Officer).map(|enquiry| enquiry.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting(&joined), [id(1)], "nobody has said where the later one goes");
    let both = E::Route { enquiry: id(2), about: About::Plan, way: Way::Pass(Desk::Officer), why: None };
    assert_eq!(waiting(&and(joined, TODAY, e(both))), [id(2)], "they are answered once");
}

#[test]
fn with_them_is_counted_from_the_first_time() {
    let again = route(About::Plan, Way::Pass(Desk::Officer), Some(57));
    let (case, _) = after(&and(passed(), law::calendar::days(TODAY, 6), again));
    assert_eq!((case.enquiries[0].passed.len(), case.enquiries[0].with_them_since()), (2, Some(TODAY)));
}

#[test]
fn what_is_passed_to_the_officer_is_a_task_until_it_is_answered() {
    let task = |given: &[Step]| {
        let (case, _) = after(given);
        tasks::open(&case, &[]).into_iter().find(|task| task.kind == TaskKind::AnswerContacts)
    };
    assert!(task(&rang()).is_none());
    assert_eq!(task(&passed()).and_then(|task| task.due_on), Some(law::calendar::wds_after(TODAY, 5)));
    let elsewhere = and(passed(), TODAY, route(About::Plan, Way::Pass(Desk::Health), Some(57)));
    assert!(task(&elsewhere).is_none(), "it is another desk's now");
    assert!(task(&and(passed(), TODAY, answer())).is_none());
    let (case, _) = after(&at_once());
    assert!(case.enquiries[0].is_first_touch());
    let (case, _) = after(&and(passed(), TODAY, answer()));
    assert!(!case.enquiries[0].is_first_touch());
}
