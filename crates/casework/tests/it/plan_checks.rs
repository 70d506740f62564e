//! What blocks a plan, and what only asks its writer to look again.

use crate::given::{BORN, TODAY, content, day, id};
use casework::plans::checks::{Flag, check};
use casework::plans::content::{Content, ProvisionKind};

fn flags(content: &Content) -> Vec<Flag> {
    check(content, BORN, TODAY)
}

fn shorts(content: &Content) -> Vec<(bool, String)> {
    flags(content).into_iter().map(|flag| (flag.blocks, flag.short)).collect()
}

#[test]
fn a_plan_that_is_complete_and_specific_has_no_flags() {
    assert_eq!(flags(&content()), []);
}

#[test]
fn every_section_that_regulation_12_requires_blocks_when_it_is_empty() {
    let empty = Content::default();
    let sections: Vec<char> = flags(&empty).into_iter().filter(|flag| flag.blocks).map(|flag| flag.section).collect();
    assert_eq!(sections, ['A', 'B', 'E', 'F', 'K']);
}

#[test]
fn a_need_without_provision_blocks() {
    let mut plan = content();
    plan.provision[0].needs.clear();
    assert_eq!(
        shorts(&plan),
        [(true, "need B1 has no provision".to_owned()), (false, "provision in section F meets no need".to_owned())]
    );
}

#[test]
fn health_provision_alone_does_not_meet_an_educational_need() {
    let mut plan = content();
    let mut health = plan.provision[0].clone();
    health.id = id(421);
    health.kind = ProvisionKind::Health;
    plan.provision[0].needs = vec![id(499)];
    plan.provision.push(health);
    assert!(shorts(&plan).contains(&(true, "need B1 has no provision".to_owned())));
}

#[test]
fn regular_support_is_flagged_and_irregular_is_not() {
    let with = |text: &str| {
        let mut plan = content();
        plan.provision[0].text = text.into();
        shorts(&plan)
    };
    assert_eq!(with("Regular support."), [(false, "“regular” in section F".to_owned())]);
    assert_eq!(with("Access to a quiet room."), [(false, "“access to” in section F".to_owned())]);
    assert_eq!(with("ACCESS TO a quiet room, as required"), [(false, "“access to” in section F".to_owned())]);
    assert_eq!(with("Teaching of irregular verbs."), []);
    assert_eq!(with("Practises how to line up together."), []);
}

#[test]
fn provision_says_who_how_often_and_how_long() {
    let mut plan = content();
    plan.provision[0].who = " ".into();
    plan.provision[0].how_long = String::new();
    assert_eq!(shorts(&plan), [(false, "provision in section F does not say who gives it, how long".to_owned())]);
}

#[test]
fn an_outcome_that_nothing_works_towards_or_that_has_no_date_is_flagged() {
    let mut plan = content();
    plan.provision[0].outcomes.clear();
    plan.outcomes[0].by = String::new();
    assert_eq!(
        shorts(&plan),
        [
            (false, "outcome E1 is worked towards by no provision".to_owned()),
            (false, "outcome E1 has no date".to_owned())
        ]
    );
}

#[test]
fn section_h1_is_for_children_and_ends_on_the_eighteenth_birthday() {
    let mut plan = content();
    let mut care = plan.provision[0].clone();
    care.kind = ProvisionKind::SocialCareH1;
    plan.provision.push(care);
    let birthday = day(2035, 5, 14);
    assert!(check(&plan, BORN, day(2035, 5, 13)).is_empty());
    assert!(check(&plan, BORN, birthday).iter().any(|flag| flag.blocks && flag.section == 'H'));
    plan.provision[1].kind = ProvisionKind::SocialCareH2;
    assert!(check(&plan, BORN, birthday).is_empty());
}

#[test]
fn every_flag_says_how_to_mend_it() {
    let mut plan = content();
    plan.provision[0].text = "Up to an hour, where possible".into();
    plan.provision[0].who = String::new();
    plan.provision[0].outcomes.clear();
    for flag in flags(&plan).into_iter().chain(flags(&Content::default())) {
        assert!(flag.advice.ends_with('.'), "{flag:?}");
        assert!(!flag.short.ends_with('.'), "a few words for inside a sentence: {flag:?}");
    }
}

#[test]
fn the_fingerprint_is_taken_over_text_that_does_not_change() {
    assert_eq!(content().canonical(), content().canonical());
    let mut other = content();
    other.needs[0].text.push(' ');
    assert_ne!(content().canonical(), other.canonical());
}
