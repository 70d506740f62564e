//! A notice that lacks anything required, or misses anyone, blocks the act it goes with.

use crate::given::*;
use casework::notices::{Delivery, Notice, NoticeKind};
use casework::plans;
use casework::requests;
use casework::{Case, Command, Refusal, decide};

/// Where each kind is sent from, and the act it goes with.
fn act_with(notice: Notice) -> (Case, Command) {
    let until = |stop| after(&steps(stop)).0;
    match notice.kind {
        NoticeKind::ConsideringAssessment => {
            (until(Stop::Received), Command::Requests(requests::Command::TellConsidering { notice }))
        }
        NoticeKind::WillAssess => {
            (until(Stop::Told), Command::Requests(requests::Command::DecideToAssess { test: test_met(true), notice }))
        }
        NoticeKind::RefusalToAssess => (
            until(Stop::Told),
            Command::Requests(requests::Command::DecideNotToAssess {
                test: test_met(false),
                second_reader: Some(id(901)),
                notice,
            }),
        ),
        NoticeKind::NoPlan => {
            (until(Stop::Advised), Command::Plans(plans::Command::DecideNotToIssue { notice, reasons: id(57) }))
        }
        NoticeKind::DraftPlan => (
            until(Stop::Saved),
            Command::Plans(plans::Command::ServeDraft { version: id(500), content: Box::new(content()), notice }),
        ),
        NoticeKind::FinalPlan => (until(Stop::Named), issue_with(Final { notice, ..Final::default() })),
    }
}

fn outcome(notice: Notice) -> Result<(), Refusal> {
    let (case, command) = act_with(notice);
    decide(&case, command, &context(TODAY)).map(|events| assert!(!events.is_empty()))
}

#[test]
fn a_complete_notice_of_every_kind_may_go() {
    for kind in NoticeKind::all() {
        assert_eq!(outcome(notice(kind, TODAY)), Ok(()), "{kind}");
    }
}

#[test]
fn every_item_that_a_notice_lacks_blocks_its_act() {
    for kind in NoticeKind::all() {
        for item in kind.required() {
            let mut short = notice(kind, TODAY);
            short.carries.remove(&item);
            let refusal = Refusal::NoticeIncomplete { kind, items: vec![item], recipients: vec![] };
            assert!(refusal.to_string().contains(item.label()), "{refusal}");
            assert_eq!(outcome(short), Err(refusal), "{kind} without {item}");
        }
    }
}

#[test]
fn everyone_whom_a_notice_misses_blocks_its_act() {
    for kind in NoticeKind::all() {
        for who in kind.recipients(true) {
            let missed = without(notice(kind, TODAY), who);
            let refusal = Refusal::NoticeIncomplete { kind, items: vec![], recipients: vec![who] };
            assert!(refusal.to_string().contains(who.label()), "{refusal}");
            assert_eq!(outcome(missed), Err(refusal), "{kind} not to {who}");
        }
    }
}

#[test]
fn a_notice_of_another_kind_or_of_tomorrow_does_not_go() {
    for expected in NoticeKind::all() {
        for found in NoticeKind::all().filter(|found| *found != expected) {
            let (case, _) = act_with(notice(expected, TODAY));
            let (_, command) = act_with(notice(expected, TODAY));
            let swapped = swap(command, notice(found, TODAY));
            assert_eq!(
                decide(&case, swapped, &context(TODAY)),
                Err(Refusal::WrongNotice { expected, found }),
                "{expected} by {found}"
            );
        }
        let tomorrow = day(2026, 11, 24);
        assert_eq!(outcome(notice(expected, tomorrow)), Err(Refusal::InTheFuture { date: tomorrow }), "{expected}");
    }
}

fn swap(command: Command, notice: Notice) -> Command {
    match command {
        Command::Requests(requests::Command::TellConsidering { .. }) => {
            Command::Requests(requests::Command::TellConsidering { notice })
        }
        Command::Requests(requests::Command::DecideToAssess { test, .. }) => {
            Command::Requests(requests::Command::DecideToAssess { test, notice })
        }
        Command::Requests(requests::Command::DecideNotToAssess { test, second_reader, .. }) => {
            Command::Requests(requests::Command::DecideNotToAssess { test, second_reader, notice })
        }
        Command::Plans(plans::Command::DecideNotToIssue { reasons, .. }) => {
            Command::Plans(plans::Command::DecideNotToIssue { notice, reasons })
        }
        Command::Plans(plans::Command::ServeDraft { version, content, .. }) => {
            Command::Plans(plans::Command::ServeDraft { version, content, notice })
        }
        Command::Plans(plans::Command::IssueFinal { .. }) => issue_with(Final { notice, ..Final::default() }),
        other => other,
    }
}

#[test]
fn a_child_at_no_school_has_no_school_to_tell() {
    for kind in NoticeKind::all() {
        let fewer = kind.recipients(false);
        assert!(fewer.iter().all(|who| who.label() != casework::notices::Recipient::CurrentSetting.label()), "{kind}");
        assert!(fewer.is_subset(&kind.recipients(true)), "{kind}");
    }
}

#[test]
fn a_letter_by_post_is_served_on_the_second_working_day() {
    let friday = day(2026, 12, 18);
    assert_eq!(Delivery::Email.served_on(friday), friday);
    assert_eq!(Delivery::ByHand.served_on(friday), friday);
    assert_eq!(Delivery::Post.served_on(friday), day(2026, 12, 22));
    // Christmas Day is a Friday in 2026, and Boxing Day's holiday is kept on the Monday.
    assert_eq!(Delivery::Post.served_on(day(2026, 12, 24)), day(2026, 12, 30));
}
