//! The access policy: its whole table, and what no table may break.

use crate::given::{id, urn};
use casework::access::{Action, Actor, Reach, Relations, Resource, Role, Verdict, may, reach, table};
use casework::people::identifiers::Urn;
use casework::rights::{Acting, Decision, Shared};
use casework::{AuthorityId, BodyId, UserId};
use proptest::prelude::*;
use std::path::Path;
use strum::IntoEnumIterator;

#[test]
fn the_access_table_is_the_printed_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access-table.md");
    #[expect(clippy::disallowed_methods, reason = "a person asks for the new table from outside the test")]
    let bless = std::env::var("TELLONCE_BLESS").is_ok_and(|value| value == "1");
    if bless {
        std::fs::write(&file, table()).expect("the docs folder can be written");
    }
    let printed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        printed,
        table(),
        "docs/access-table.md is not the policy as it stands. Read the difference; if it is meant, run again with TELLONCE_BLESS=1."
    );
}

fn roles() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::iter().collect::<Vec<_>>())
}

fn actions() -> impl Strategy<Value = Action> {
    prop::sample::select(Action::iter().collect::<Vec<_>>())
}

fn some_urn() -> impl Strategy<Value = Option<Urn>> {
    prop::option::of((0_u32..3).prop_map(|number| urn(100_000 + number)))
}

fn some_body() -> impl Strategy<Value = BodyId> {
    (0_u128..3).prop_map(id)
}

fn area() -> impl Strategy<Value = AuthorityId> {
    (0_u128..2).prop_map(|number| id(500 + number))
}

fn actors() -> impl Strategy<Value = Actor> {
    (area(), roles(), some_urn(), prop::option::of(some_body())).prop_map(|(authority, role, setting, body)| Actor {
        user: id(1),
        authority,
        role,
        setting,
        body,
    })
}

fn decisions() -> impl Strategy<Value = Decision> {
    prop::sample::select(Decision::iter().collect::<Vec<_>>())
}

fn acting() -> impl Strategy<Value = Acting> {
    let users = [None, Some(id::<UserId>(1)), Some(id(2))];
    prop::sample::select([&[Acting::Parents][..], &users.map(Acting::Representative)].concat())
}

fn children() -> impl Strategy<Value = Relations> {
    (
        area(),
        some_urn(),
        prop::collection::vec(some_body(), 0..3),
        prop::collection::vec((1_u128..3).prop_map(id), 0..2),
        prop::collection::vec((1_u128..3).prop_map(id), 0..2),
        prop::collection::vec((1_u128..3).prop_map(id), 0..2),
        prop::sample::subsequence(Shared::iter().collect::<Vec<_>>(), 0..=4),
        prop::collection::vec((decisions(), acting()), 0..3),
    )
        .prop_map(|(authority, setting, asked, invited, opened, family, kept_from_parents, acting)| Relations {
            authority,
            setting,
            asked,
            invited,
            opened,
            family,
            kept_from_parents,
            acting,
        })
}

fn acts(actor: &Actor, decision: Decision, child: &Relations) -> bool {
    [Acting::Parents, Acting::Representative(Some(actor.user))]
        .iter()
        .any(|who| child.acting.contains(&(decision, *who)))
}

/// What the table says, worked out the long way.
fn reaches(actor: &Actor, action: Action, child: &Relations) -> bool {
    match reach(actor.role, action) {
        Reach::Area => true,
        Reach::OwnSetting => actor.setting.is_some() && actor.setting == child.setting,
        Reach::OwnAdvice => child.asked.iter().any(|body| Some(*body) == actor.body),
        Reach::OwnInvitation => child.invited.contains(&actor.user),
        Reach::OwnOpening => child.opened.contains(&actor.user),
        Reach::OwnChild => child.family.contains(&actor.user),
        Reach::OwnChildIfShared(kind) => {
            let acts = (kind == Shared::Plan || kind == Shared::Messages) && acts(actor, Decision::Plan, child);
            child.family.contains(&actor.user) && (acts || !child.kept_from_parents.contains(&kind))
        }
        Reach::OwnDecision(decision) => {
            let is_own = actor.role == Role::YoungPerson && child.acting.iter().all(|(of, _)| *of != decision);
            let is_for_them = actor.role == Role::Parent && acts(actor, decision, child);
            child.family.contains(&actor.user) && (is_own || is_for_them)
        }
        Reach::Nobody => false,
    }
}

/// Whoever may do one of these may know that the child is there.
const SEEING: [Action; 4] = [Action::SeeCase, Action::SeeOwnChild, Action::SeeInvitation, Action::SeeInEmergency];

proptest! {
    #[test]
    fn a_child_of_another_area_does_not_exist(actor in actors(), action in actions(), child in children()) {
        prop_assume!(actor.authority != child.authority);
        prop_assert_eq!(may(&actor, action, &Resource::Case(&child)), Verdict::NotFound);
        prop_assert_eq!(may(&actor, action, &Resource::Area(child.authority)), Verdict::NotFound);
    }

    #[test]
    fn what_may_be_done_is_what_the_table_reaches(actor in actors(), action in actions(), child in children()) {
        prop_assume!(actor.authority == child.authority);
        let verdict = may(&actor, action, &Resource::Case(&child));
        prop_assert_eq!(verdict.is_allowed(), reaches(&actor, action, &child));
        if !verdict.is_allowed() {
            let sees = SEEING.iter().any(|seeing| reaches(&actor, *seeing, &child));
            prop_assert_eq!(verdict, if sees { Verdict::NotAllowed } else { Verdict::NotFound });
        }
    }

    #[test]
    fn nothing_may_be_done_to_a_child_who_may_not_be_seen(actor in actors(), action in actions(), child in children()) {
        // These are done to the area, not to a child; and by the last one a child is seen who may not be.
        use Action::{ImportData, ManageArea, ManageWebhooks, OpenInEmergency, SeeImports, SeeMeasures, VerifyJournal};
        let of_the_area =
            [ImportData, SeeImports, ManageArea, VerifyJournal, SeeMeasures, ManageWebhooks, OpenInEmergency];
        let sees = SEEING
            .iter()
            .any(|seeing| may(&actor, *seeing, &Resource::Case(&child)).is_allowed());
        if !of_the_area.contains(&action) && !sees {
            prop_assert!(!may(&actor, action, &Resource::Case(&child)).is_allowed());
        }
    }
}

#[test]
fn a_school_without_a_number_sees_no_child_without_a_school() {
    let actor = Actor { user: id(1), authority: id(500), role: Role::Setting, setting: None, body: None };
    let child = Relations {
        authority: id(500),
        setting: None,
        asked: vec![],
        invited: vec![],
        opened: vec![],
        family: vec![],
        kept_from_parents: vec![],
        acting: vec![],
    };
    assert_eq!(may(&actor, Action::SeeCase, &Resource::Case(&child)), Verdict::NotFound);
}

#[test]
fn only_those_who_run_the_area_may_change_it_and_nobody_who_decides_may_verify() {
    for role in Role::iter() {
        let runs = reach(role, Action::ManageArea) != Reach::Nobody;
        assert_eq!(runs, role == Role::Administrator, "{role}");
        if reach(role, Action::VerifyJournal) != Reach::Nobody {
            assert_eq!(reach(role, Action::DecideToAssess), Reach::Nobody, "{role} verifies and decides");
        }
    }
}
