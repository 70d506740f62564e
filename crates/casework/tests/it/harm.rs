//! The order of an officer's day: what can still be kept today, then harm, each with its reason.

use crate::given::day;
use casework::harm::{Facts, Limit, Rank, Reason, rank};
use jiff::civil::Date;
use law::RuleId;
use law::rulebook::Strength;
use proptest::prelude::*;

const TODAY: Date = day(2026, 11, 23);

fn calm() -> Facts {
    Facts {
        limits: vec![],
        out_of_education_since: None,
        plan_first_made_on: None,
        ever_reviewed: true,
        meeting_on: None,
    }
}

fn must(rule: RuleId, due_on: Date) -> Limit {
    Limit { rule, due_on, strength: Strength::Must }
}

fn reasons(rank: &Rank) -> Vec<Reason> {
    rank.because.iter().map(|because| because.reason).collect()
}

/// Twenty weeks end today.
fn maya() -> Facts {
    Facts { limits: vec![must(RuleId::FinalPlan20w, TODAY)], ..calm() }
}

/// A plan a year and two months old, no review ever, out of school since September.
fn noor() -> Facts {
    Facts {
        limits: vec![must(RuleId::AnnualReviewFirst12m, day(2026, 9, 20))],
        out_of_education_since: Some(day(2026, 9, 3)),
        plan_first_made_on: Some(day(2025, 9, 21)),
        ever_reviewed: false,
        meeting_on: None,
    }
}

/// Twelve weeks before the final plan for secondary school is due: the last safe day for a meeting.
fn ava() -> Facts {
    let limit = Limit { rule: RuleId::PhaseTransferMeeting12w, due_on: TODAY, strength: Strength::Derived };
    Facts { limits: vec![limit], ..calm() }
}

/// Review meeting today.
fn leo() -> Facts {
    Facts { meeting_on: Some(TODAY), ..calm() }
}

#[test]
fn the_day_begins_with_maya_then_noor_then_ava_then_leo() {
    let order = [maya(), noor(), ava(), leo(), calm()].map(|facts| rank(&facts, TODAY).points);
    assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "{order:?}");
}

#[test]
fn each_place_in_the_list_says_why() {
    assert_eq!(reasons(&rank(&maya(), TODAY)), [Reason::LimitEndsToday]);
    assert_eq!(reasons(&rank(&noor(), TODAY)), [Reason::OutOfEducation, Reason::NeverReviewed, Reason::LimitPassed]);
    assert_eq!(reasons(&rank(&ava(), TODAY)), [Reason::LastSafeDayForTransfer]);
    assert_eq!(reasons(&rank(&leo(), TODAY)), [Reason::MeetingToday]);
    assert_eq!(rank(&calm(), TODAY), Rank { points: 0, because: vec![] });
}

#[test]
fn a_limit_is_today_then_this_week_then_next_then_nothing() {
    let on = |due_on| reasons(&rank(&Facts { limits: vec![must(RuleId::FinalPlan20w, due_on)], ..calm() }, TODAY));
    assert_eq!(on(day(2026, 11, 22)), [Reason::LimitPassed]);
    assert_eq!(on(day(2026, 11, 23)), [Reason::LimitEndsToday]);
    assert_eq!(on(day(2026, 11, 24)), [Reason::LimitWithinAWeek]);
    assert_eq!(on(day(2026, 11, 30)), [Reason::LimitWithinAWeek]);
    assert_eq!(on(day(2026, 12, 1)), [Reason::LimitWithinAFortnight]);
    assert_eq!(on(day(2026, 12, 7)), [Reason::LimitWithinAFortnight]);
    assert_eq!(on(day(2026, 12, 8)), []);
}

#[test]
fn an_invitation_to_a_meeting_that_was_held_cannot_be_sent_any_more() {
    let late = |rule| Facts { limits: vec![must(rule, day(2026, 11, 9))], ..calm() };
    assert_eq!(reasons(&rank(&late(RuleId::ArNoticeOfMeeting2w), TODAY)), []);
    assert_eq!(reasons(&rank(&late(RuleId::ArCirculateAdvice2w), TODAY)), []);
    assert_eq!(reasons(&rank(&late(RuleId::ArReport2w), TODAY)), [Reason::LimitPassed]);
}

#[test]
fn five_late_advisers_count_as_one_reason() {
    let late = must(RuleId::AdviceReply6w, day(2026, 11, 1));
    let one = rank(&Facts { limits: vec![late], ..calm() }, TODAY);
    let five = rank(&Facts { limits: vec![late; 5], ..calm() }, TODAY);
    assert_eq!(one, five);
    assert_eq!(reasons(&one), [Reason::AdviceLate]);
}

#[test]
fn a_plan_a_year_old_today_is_not_yet_unreviewed() {
    let facts = |made| Facts { plan_first_made_on: Some(made), ever_reviewed: false, ..calm() };
    assert_eq!(reasons(&rank(&facts(day(2025, 11, 24)), TODAY)), []);
    assert_eq!(reasons(&rank(&facts(day(2025, 11, 22)), TODAY)), [Reason::NeverReviewed]);
}

#[test]
fn ten_years_late_never_outweighs_a_child_out_of_school_who_was_never_reviewed() {
    let late = Facts { limits: vec![must(RuleId::FinalPlan20w, day(2016, 1, 1))], ..calm() };
    assert!(rank(&late, TODAY).points < rank(&Facts { limits: vec![], ..noor() }, TODAY).points);
}

fn facts() -> impl Strategy<Value = Facts> {
    let date = (-4000_i32..4000).prop_map(|days| law::calendar::days(TODAY, days));
    let rules = [
        RuleId::FinalPlan20w,
        RuleId::AdviceReply6w,
        RuleId::PhaseTransferMeeting12w,
        RuleId::AnnualReviewFirst12m,
        RuleId::AssessDecision6w,
    ];
    let limit = (prop::sample::select(rules.to_vec()), date.clone(), any::<bool>()).prop_map(|(rule, due_on, must)| {
        Limit { rule, due_on, strength: if must { Strength::Must } else { Strength::Should } }
    });
    (
        prop::collection::vec(limit, 0..8),
        prop::option::of(date.clone()),
        prop::option::of(date.clone()),
        any::<bool>(),
        prop::option::of(date),
    )
        .prop_map(|(limits, out_of_education_since, plan_first_made_on, ever_reviewed, meeting_on)| Facts {
            limits,
            out_of_education_since,
            plan_first_made_on,
            ever_reviewed,
            meeting_on,
        })
}

proptest! {
    #[test]
    fn points_are_nothing_exactly_when_there_is_no_reason_and_each_reason_is_said_once(facts in facts()) {
        let rank = rank(&facts, TODAY);
        prop_assert_eq!(rank.points == 0, rank.because.is_empty());
        let mut seen = reasons(&rank);
        seen.sort_by_key(|reason| reason.label());
        let all = seen.len();
        seen.dedup();
        prop_assert_eq!(all, seen.len());
        prop_assert!(rank.because.windows(2).all(|pair| pair[0].points >= pair[1].points));
    }

    #[test]
    fn being_out_of_school_never_lowers_a_place(facts in facts()) {
        let at_school = Facts { out_of_education_since: None, ..facts.clone() };
        let out = Facts { out_of_education_since: Some(day(2026, 9, 1)), ..facts };
        prop_assert!(rank(&out, TODAY).points > rank(&at_school, TODAY).points);
    }

    #[test]
    fn the_order_of_the_facts_does_not_matter(facts in facts()) {
        let mut turned = facts.clone();
        turned.limits.reverse();
        prop_assert_eq!(rank(&facts, TODAY).points, rank(&turned, TODAY).points);
    }
}
