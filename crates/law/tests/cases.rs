//! Whole cases: what starts, what meets and what ends a date.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::calendar;
use law::{Date, Deadline, Event, EventName, Fact, Fault, Limb, RuleId, Status, deadline, deadlines};

fn on(date: &str) -> Date {
    date.parse().unwrap()
}

fn event(name: EventName, date: &str) -> Event {
    Event::new(name, on(date))
}

fn all(events: &[Event]) -> Vec<Deadline> {
    let mut out = Vec::new();
    deadlines(events, &mut out);
    out
}

fn of(events: &[Event], rule: RuleId) -> Vec<Deadline> {
    all(events).into_iter().filter(|deadline| deadline.rule == rule).collect()
}

fn one(events: &[Event], rule: RuleId) -> Deadline {
    let found = of(events, rule);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]
}

#[test]
fn a_request_sets_the_dates_of_the_assessment_going() {
    let events = [event(EventName::RequestReceived, "2026-11-23")];
    let found: Vec<_> = all(&events).iter().map(|deadline| (deadline.rule, deadline.due_on)).collect();
    assert_eq!(
        found,
        [
            (RuleId::ConsultParentAsap, on("2027-01-04")),
            (RuleId::AssessDecision6w, on("2027-01-04")),
            (RuleId::NotNecessaryDetermination6w, on("2027-01-04")),
            (RuleId::NoPlanNotice16w, on("2027-03-15")),
            (RuleId::DraftReady14w, on("2027-03-01")),
            (RuleId::FinalPlan20w, on("2027-04-12")),
        ]
    );
}

#[test]
fn a_decision_in_time_a_decision_late_and_no_decision_yet() {
    let request = event(EventName::RequestReceived, "2026-11-23");
    let decided = |date| one(&[request, event(EventName::DecisionToAssess, date)], RuleId::AssessDecision6w);
    assert_eq!(decided("2027-01-04").status(on("2027-02-01")), Status::Met { late_by: 0 });
    assert_eq!(decided("2027-01-07").status(on("2027-02-01")), Status::Met { late_by: 3 });
    let open = one(&[request], RuleId::AssessDecision6w);
    assert_eq!(open.status(on("2027-01-01")), Status::Due { in_days: 3 });
    assert_eq!(open.status(on("2027-01-04")), Status::Due { in_days: 0 });
    assert_eq!(open.status(on("2027-01-05")), Status::Overdue { by_days: 1 });
}

#[test]
fn the_safe_day_and_the_last_working_day_stand_beside_the_date() {
    let deadline = one(&[event(EventName::RequestReceived, "2026-01-05")], RuleId::FinalPlan20w);
    assert_eq!(deadline.due_on, on("2026-05-25"), "a bank holiday: the date stays");
    assert_eq!(deadline.safe_day, on("2026-05-24"));
    assert_eq!(deadline.do_by, on("2026-05-22"));
    let notice = one(&[event(EventName::ReviewMeeting, "2026-03-04")], RuleId::ArNoticeOfMeeting2w);
    assert_eq!(notice.send_by_target, Some(on("2026-02-17")));
}

#[test]
fn before_15_february_is_safe_on_the_14th_and_done_on_the_last_working_day_before_it() {
    let birth = event(EventName::DateOfBirth, "2015-09-01");
    let transfer = birth_fact(EventName::TransferToNcy, Fact::YearGroup(7));
    let limit = one(&[birth, transfer], RuleId::PhaseTransfer15Feb);
    assert_eq!((limit.due_on, limit.safe_day), (on("2027-02-15"), on("2027-02-14")));
    assert_eq!(limit.do_by, on("2027-02-12"), "the 14th is a Sunday");
}

fn birth_fact(name: EventName, fact: Fact) -> Event {
    event(name, "2026-01-01").with(fact)
}

#[test]
fn a_second_request_while_the_first_is_open_starts_nothing() {
    let events = [event(EventName::RequestReceived, "2026-03-02"), event(EventName::RequestReceived, "2026-04-01")];
    assert_eq!(one(&events, RuleId::FinalPlan20w).due_on, on("2026-07-20"));
}

#[test]
fn a_request_after_a_withdrawn_one_has_a_clock_of_its_own() {
    let events = [
        event(EventName::RequestReceived, "2026-03-02"),
        event(EventName::RequestWithdrawn, "2026-03-20"),
        event(EventName::RequestReceived, "2026-04-01"),
        event(EventName::FinalPlanSent, "2026-08-10"),
    ];
    let found = of(&events, RuleId::FinalPlan20w);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].superseded_by.map(|event| event.name), Some(EventName::RequestWithdrawn));
    assert_eq!(found[0].met_on, None);
    assert_eq!((found[1].due_on, found[1].met_on), (on("2026-08-19"), Some(on("2026-08-10"))));
}

#[test]
fn a_refusal_ends_the_later_steps_unless_it_is_taken_back_before_an_appeal() {
    let refused = [event(EventName::RequestReceived, "2026-02-16"), event(EventName::InitialRefusal, "2026-03-25")];
    assert_eq!(one(&refused, RuleId::AssessDecision6w).met_on, Some(on("2026-03-25")));
    assert_eq!(one(&refused, RuleId::FinalPlan20w).status(on("2026-12-01")), Status::Superseded);
    let taken_back = [refused[0], refused[1], event(EventName::LaConcededBeforeAppeal, "2026-05-06")];
    let limit = one(&taken_back, RuleId::FinalPlan20w);
    assert_eq!((limit.superseded_by, limit.due_on), (None, on("2026-07-06")));
}

#[test]
fn a_tribunal_order_puts_its_own_dates_in_place_of_the_twenty_weeks() {
    let order = event(EventName::FttOrderMade, "2026-05-11").with(Fact::Order(law::OrderKind::Assess));
    let events = [event(EventName::RequestReceived, "2026-02-16"), order];
    assert_eq!(one(&events, RuleId::FinalPlan20w).superseded_by, Some(order));
    assert_eq!(one(&events, RuleId::FttOrderAssessFinal14w).due_on, on("2026-08-17"));
}

#[test]
fn each_request_for_advice_has_its_own_six_weeks() {
    let events = [
        event(EventName::AdviceRequestReceivedByBody, "2026-12-15").about(1),
        event(EventName::AdviceRequestReceivedByBody, "2026-12-17").about(2),
        event(EventName::AdviceReceived, "2027-01-20").about(2),
        event(EventName::MissedAppointment, "2027-01-05").about(1),
    ];
    let found = of(&events, RuleId::AdviceReply6w);
    assert_eq!((found[0].due_on, found[0].met_on), (on("2027-01-26"), None));
    assert_eq!((found[1].due_on, found[1].met_on), (on("2027-01-28"), Some(on("2027-01-20"))));
    assert_eq!(found[0].disapplied.map(|facts| facts.limb), Some(Limb::MissedAppointment));
    assert_eq!(found[1].disapplied, None, "the missed appointment was for other advice");
}

#[test]
fn moving_away_ends_the_old_clock_and_becoming_responsible_starts_a_new_one() {
    let events = [
        event(EventName::RequestReceived, "2026-03-02"),
        event(EventName::MovedArea, "2026-05-11"),
        event(EventName::BecameResponsible, "2026-05-11"),
    ];
    let found = of(&events, RuleId::FinalPlan20w);
    assert_eq!(found.len(), 2);
    assert!(found[0].superseded_by.is_some());
    assert_eq!((found[1].superseded_by, found[1].due_on), (None, on("2026-09-28")));
}

#[test]
fn a_new_draft_starts_the_fifteen_days_again() {
    let events = [event(EventName::DraftPlanServed, "2026-02-18"), event(EventName::DraftPlanServed, "2026-02-25")];
    let found = of(&events, RuleId::DraftEarliestFinalise);
    assert_eq!(found[0].superseded_by, Some(events[1]));
    assert_eq!(found[1].due_on, on("2026-03-12"));
}

#[test]
fn a_plan_made_final_before_day_16_is_too_early() {
    let events = [event(EventName::DraftPlanServed, "2026-02-18"), event(EventName::FinalPlanSent, "2026-03-04")];
    let earliest = one(&events, RuleId::DraftEarliestFinalise);
    assert_eq!(earliest.status(on("2026-04-01")), Status::TooEarly { by_days: 1 });
}

#[test]
fn reviews_follow_one_another_year_by_year() {
    let events = [
        event(EventName::PlanFirstMade, "2023-03-01"),
        event(EventName::LastReviewCompleted, "2024-02-20"),
        event(EventName::MaintainDecisionNotified, "2024-02-20"),
        event(EventName::LastReviewCompleted, "2025-03-05"),
    ];
    let first = one(&events, RuleId::AnnualReviewFirst12m);
    assert_eq!((first.due_on, first.met_on), (on("2024-02-29"), Some(on("2024-02-20"))));
    let next = of(&events, RuleId::AnnualReviewNext12m);
    assert_eq!(next.len(), 2, "a review and its decision on one day are one trigger");
    assert_eq!(next[0].status(on("2026-01-01")), Status::Met { late_by: 14 });
    assert_eq!(next[1].status(on("2026-01-01")), Status::Due { in_days: 62 });
}

#[test]
fn two_reviews_side_by_side_keep_their_own_events() {
    let events = [
        event(EventName::ReviewMeeting, "2025-11-18").about(1),
        event(EventName::AmendDecisionNotified, "2025-12-10").about(1),
        event(EventName::ReviewMeeting, "2026-11-18").about(2),
    ];
    let found = of(&events, RuleId::ArDecision4w);
    assert_eq!(found[0].met_on, Some(on("2025-12-10")));
    assert_eq!(found[1].met_on, None);
}

#[test]
fn an_amendment_with_and_one_without_a_review_have_different_rules() {
    let with_review = [
        event(EventName::ReviewMeeting, "2026-03-04").about(1),
        event(EventName::AmendmentNoticeSent, "2026-03-24").about(1),
    ];
    assert_eq!(one(&with_review, RuleId::ArFinalAmended8w).due_on, on("2026-05-19"));
    assert!(of(&with_review, RuleId::AmendWithoutReviewFinal8w).is_empty());
    let without = [event(EventName::AmendmentNoticeSent, "2026-10-05")];
    assert_eq!(one(&without, RuleId::AmendWithoutReviewFinal8w).due_on, on("2026-11-30"));
    assert!(of(&without, RuleId::ArFinalAmended8w).is_empty());
}

#[test]
fn keeping_the_plan_as_it_is_ends_the_dates_of_a_change() {
    let events = [
        event(EventName::ReviewMeeting, "2026-03-04").about(1),
        event(EventName::MaintainDecisionNotified, "2026-03-20").about(1),
    ];
    assert_eq!(one(&events, RuleId::ArDecision4w).met_on, Some(on("2026-03-20")));
    assert_eq!(one(&events, RuleId::ArOuterLimit12w).status(on("2026-12-01")), Status::Superseded);
}

#[test]
fn each_transfer_of_a_child_has_its_own_date() {
    let events = [
        event(EventName::DateOfBirth, "2015-09-01"),
        birth_fact(EventName::TransferToNcy, Fact::YearGroup(7)).about(1),
        birth_fact(EventName::TransferToNcy, Fact::YearGroup(12)).about(2),
        event(EventName::PhaseTransferPlanSent, "2027-02-10").about(1),
    ];
    let primary = one(&events, RuleId::PhaseTransfer15Feb);
    assert_eq!((primary.due_on, primary.met_on), (on("2027-02-15"), Some(on("2027-02-10"))));
    let secondary = one(&events, RuleId::PhaseTransfer31Mar);
    assert_eq!((secondary.due_on, secondary.met_on), (on("2032-03-31"), None));
}

#[test]
fn a_notice_given_before_the_meeting_meets_the_notice_rule() {
    let events = [
        event(EventName::ReviewInvitationSent, "2026-02-20").about(1),
        event(EventName::ReviewMeeting, "2026-03-04").about(1),
    ];
    let notice = one(&events, RuleId::ArNoticeOfMeeting2w);
    assert_eq!(notice.status(on("2026-03-01")), Status::Met { late_by: 2 });
}

#[test]
fn a_death_ends_every_duty() {
    let events = [
        event(EventName::RequestReceived, "2026-03-02"),
        event(EventName::ReviewMeeting, "2026-03-10").about(1),
        event(EventName::ChildDied, "2026-03-12"),
    ];
    let open =
        |deadline: &Deadline| matches!(deadline.status(on("2027-01-01")), Status::Overdue { .. } | Status::Due { .. });
    let after: Vec<_> = all(&events).into_iter().filter(|d| d.due_on > on("2026-03-12")).collect();
    assert!(after.len() > 5 && !after.iter().any(open));
}

#[test]
fn a_detained_child_has_the_rules_for_detained_people() {
    let events = [
        event(EventName::RequestReceivedOrBroughtToAttention, "2026-02-09"),
        event(EventName::DraftPlanServed, "2026-05-11"),
    ];
    assert_eq!(one(&events, RuleId::DetainedDraftRepresentations15d).due_on, on("2026-05-25"));
    assert!(of(&events, RuleId::DraftRepresentations15d).is_empty());
}

#[test]
fn an_age_point_is_passed_and_never_overdue() {
    let end = one(&[event(EventName::DateOfBirth, "2010-08-31")], RuleId::CompulsorySchoolAgeEnds);
    assert_eq!(end.status(on("2026-06-27")), Status::Passed { by_days: 1 });
}

#[test]
fn a_case_keeps_the_version_in_force_at_its_trigger() {
    let version = |date: &str| one(&[event(EventName::RequestReceived, date)], RuleId::FinalPlan20w).version;
    assert_eq!(version("2020-04-30"), 1);
    assert_eq!(version("2020-05-01"), 2);
    assert_eq!(version("2020-09-25"), 2);
    assert_eq!(version("2020-09-26"), 3);
    let rule = RuleId::FinalPlan20w.rule();
    assert!(rule.version_on(on("2020-07-01")).unwrap().is_relaxed);
    assert!(!rule.version_on(on("2026-07-01")).unwrap().is_relaxed);
    assert_eq!(rule.version_on(on("2014-08-31")), None);
    let order =
        |date: &str| deadline(RuleId::FttOrderAmend5w, event(EventName::FttOrderMade, date), &[]).unwrap().due_on;
    assert_eq!(order("2015-03-30"), on("2015-04-27"), "four weeks as first made");
    assert_eq!(order("2015-03-31"), on("2015-05-05"), "five weeks since the amendment");
}

#[test]
fn the_duty_to_give_the_help_was_reasonable_endeavours_for_three_months_of_2020() {
    let rule = RuleId::SecureProvision.rule();
    let note = |date: &str| rule.version_on(on(date)).unwrap().note;
    assert!(note("2020-04-30").is_empty());
    assert!(note("2020-07-31").contains("reasonable endeavours"));
    assert!(note("2020-08-01").contains("full duty"));
}

#[test]
fn a_limit_already_running_on_1_may_2020_could_be_relaxed_from_then() {
    let events = [event(EventName::RequestReceived, "2020-03-02"), event(EventName::CoronavirusReason, "2020-05-04")];
    let limit = one(&events, RuleId::FinalPlan20w);
    assert_eq!(limit.version, 1);
    assert_eq!(limit.disapplied.map(|facts| facts.limb), Some(Limb::Coronavirus));
    assert_eq!(limit.status(on("2020-08-01")), Status::Disapplied);
    assert_eq!(limit.due_on, on("2020-07-20"), "no new date is ever made");
}

#[test]
fn a_rule_is_not_asked_before_it_was_law() {
    let early = deadline(RuleId::AssessDecision6w, event(EventName::RequestReceived, "2014-08-31"), &[]);
    assert!(matches!(early, Err(Fault::NotInForce { .. })));
    assert!(all(&[event(EventName::RequestReceived, "2014-08-31")]).is_empty());
}

#[test]
fn an_answer_beyond_the_published_bank_holidays_says_so() {
    let certificate = |date: &str| {
        let told = event(EventName::AdviserToldNoMediation, date);
        deadline(RuleId::MediationCertificateDeclined3wd, told, &[]).unwrap()
    };
    assert!(!certificate("2028-12-20").is_provisional);
    assert!(certificate("2028-12-29").is_provisional);
    assert!(calendar::is_provisional(on("2029-01-01")));
}

#[test]
fn a_missing_fact_gives_the_careful_reading_in_a_case_and_a_fault_in_a_direct_question() {
    let aware = event(EventName::OldLaBecameAware, "2026-06-10");
    let careful = one(&[aware], RuleId::LaTransferPlan);
    assert!(careful.is_assumed);
    assert_eq!(careful.due_on, on("2026-06-30"));
    let direct = deadline(RuleId::LaTransferPlan, aware, &[aware]);
    assert!(matches!(direct, Err(Fault::MissingEvent { event: EventName::Move, .. })));
}

#[test]
fn events_may_stand_in_any_order() {
    let mut events = vec![
        event(EventName::RequestReceived, "2026-03-02"),
        event(EventName::DecisionToAssess, "2026-04-01"),
        event(EventName::AdviceRequestReceivedByBody, "2026-04-02").about(1),
        event(EventName::AdviceReceived, "2026-05-20").about(1),
        event(EventName::DraftPlanServed, "2026-06-08"),
        event(EventName::FinalPlanSent, "2026-07-10"),
    ];
    let key = |events: &[Event]| {
        let mut found = all(events);
        found.sort_by_key(|deadline| (deadline.rule, deadline.trigger.on));
        found
    };
    let forwards = key(&events);
    events.reverse();
    assert_eq!(forwards, key(&events));
}

#[test]
fn advice_that_never_came_is_no_longer_awaited_once_the_plan_is_made() {
    let events = [
        event(EventName::RequestReceived, "2026-03-02"),
        event(EventName::AdviceRequestReceivedByBody, "2026-04-02").about(1),
        event(EventName::FinalPlanSent, "2026-07-10"),
    ];
    assert_eq!(one(&events, RuleId::AdviceReply6w).status(on("2026-12-01")), Status::Superseded);
}

#[test]
fn a_case_of_many_years_with_hundreds_of_events_is_worked_out_the_same_way() {
    let mut events = vec![event(EventName::PlanFirstMade, "2015-03-01")];
    for year in 0..60 {
        let held = calendar::days(on("2016-01-10"), 60 * year);
        events.push(Event::new(EventName::ReviewMeeting, held).about(1 + year as u32));
        events.push(Event::new(EventName::MaintainDecisionNotified, calendar::days(held, 20)).about(1 + year as u32));
    }
    let decisions = of(&events, RuleId::ArDecision4w);
    assert_eq!(decisions.len(), 60);
    assert!(decisions.iter().all(|deadline| deadline.status(on("2030-01-01")) == Status::Met { late_by: 0 }));
}

#[test]
fn the_decision_of_last_year_does_not_end_the_notice_of_this_years_meeting() {
    let last_year = [
        event(EventName::ReviewMeeting, "2025-11-18").about(1),
        event(EventName::MaintainDecisionNotified, "2025-12-10").about(1),
        event(EventName::LastReviewCompleted, "2025-12-10"),
        event(EventName::ReviewMeeting, "2026-11-18").about(2),
    ];
    let notices = of(&last_year, RuleId::ArNoticeOfMeeting2w);
    assert_eq!(notices[0].status(on("2026-10-01")), Status::Superseded, "decided without a notice on record");
    assert_eq!(notices[1].status(on("2026-10-01")), Status::Due { in_days: 34 });
    let ended = [last_year[3], event(EventName::PlanCeased, "2026-09-01")];
    assert_eq!(one(&ended, RuleId::ArNoticeOfMeeting2w).status(on("2026-10-01")), Status::Superseded);
}
