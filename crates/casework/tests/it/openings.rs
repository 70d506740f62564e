//! A record that is opened in an emergency.

use crate::given::*;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::openings::{self, Emergency, OPENINGS_MAX};
use casework::tasks::{self, TaskKind};
use casework::{Command, OpeningId, Refusal, UserId};

fn o(command: openings::Command) -> Command {
    Command::Openings(command)
}

fn open(number: u128, risk: Option<u128>) -> Command {
    let (user, emergency) = (fixed(OFFICER), Emergency::Danger);
    o(openings::Command::Open { opening: id(number), user, emergency, words: id(60), risk: risk.map(id) })
}

fn end() -> Command {
    o(openings::Command::End { opening: id(90) })
}

fn look_at(was_right: bool) -> Command {
    o(openings::Command::LookAt { opening: id(90), was_right, why: id(62) })
}

fn tell() -> Command {
    o(openings::Command::TellFamily { opening: id(90) })
}

fn opened() -> Vec<Step> {
    and(steps(Stop::Open), TODAY, open(90, None))
}

fn kept_back() -> Vec<Step> {
    and(steps(Stop::Open), TODAY, open(90, Some(61)))
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    let later = and(opened(), law::calendar::days(TODAY, -2), end());
    vec![
        happens("a record is opened in an emergency", steps(Stop::Open), open(90, None), &["openings.opened"]),
        happens("and the family may not know yet", steps(Stop::Open), open(90, Some(61)), &["openings.opened"]),
        happens("whoever has it open opens it again", opened(), open(91, None), &[]),
        happens("it is opened again after it ended", and(opened(), TODAY, end()), open(91, None), &["openings.opened"]),
        happens("it is needed no longer", opened(), end(), &["openings.ended"]),
        happens("it ends twice", later, end(), &[]),
        happens("a manager says that it was right", opened(), look_at(true), &["openings.looked_at"]),
        happens("or that it was not", kept_back(), look_at(false), &["openings.looked_at"]),
        happens("the family is told later", kept_back(), tell(), &["openings.family_told"]),
        happens("a family that knows is told again", opened(), tell(), &[]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let unknown = || Refusal::NotOnRecord { what: "opening" };
    let many = (0..OPENINGS_MAX as u128).fold(steps(Stop::Open), |given, more| {
        let number = 10_000 + more;
        let end = o(openings::Command::End { opening: id(number) });
        and(and(given, TODAY, open(number, None)), TODAY, end)
    });
    vec![
        refused("no record", vec![], open(90, None), Refusal::RecordNotOpen),
        refused("too many", many, open(90, None), Refusal::TooManyOpenings { most: OPENINGS_MAX }),
        refused("ended without an opening", steps(Stop::Open), end(), unknown()),
        refused("looked at without an opening", steps(Stop::Open), look_at(true), unknown()),
        refused("told of without an opening", steps(Stop::Open), tell(), unknown()),
        refused(
            "looked at twice",
            and(opened(), TODAY, look_at(true)),
            look_at(false),
            Refusal::LookedAtAlready { on: TODAY },
        ),
    ]
}

#[test]
fn what_is_kept_back_is_kept_back_for_its_own_days() {
    let (case, _) = after(&kept_back());
    let hides = |user, after| openings::is_kept_back(&case, user, law::calendar::days(TODAY, after));
    assert_eq!([-1, 0, 1, 2].map(|after| hides(fixed(OFFICER), after)), [false, true, true, false]);
    assert!(!hides(fixed(999), 0));
    let (case, _) = after(&and(kept_back(), TODAY, tell()));
    assert!(!openings::is_kept_back(&case, fixed(OFFICER), TODAY));
}

#[test]
fn an_opening_shows_one_record_to_one_person_for_two_days() {
    let (case, _) = after(&opened());
    let actor = |user: UserId, role| Actor { user, authority: case.authority, role, setting: None, body: None };
    let sees = |user, role| {
        let relations = case.relations();
        may(&actor(user, role), Action::SeeInEmergency, &Resource::Case(&relations)).is_allowed()
    };
    assert!(sees(fixed(OFFICER), Role::Adviser) && sees(fixed(OFFICER), Role::Setting));
    assert!(!sees(fixed(999), Role::Adviser) && !sees(fixed(OFFICER), Role::Parent));
    let opening: OpeningId = id(90);
    let known = case.openings.iter().find(|known| known.id == opening).expect("it is there");
    let is_open = |after| known.is_open(law::calendar::days(TODAY, after));
    assert_eq!([is_open(0), is_open(1), is_open(2)], [true, true, false]);
    let task = tasks::open(&case, &[])
        .into_iter()
        .find(|task| task.kind == TaskKind::LookAtOpenings)
        .expect("it is to be done");
    assert_eq!((task.due_on, task.count), (Some(law::calendar::wds_after(TODAY, 2)), 1));
    let (case, _) = after(&and(opened(), TODAY, look_at(true)));
    assert!(tasks::open(&case, &[]).iter().all(|task| task.kind != TaskKind::LookAtOpenings));
}
