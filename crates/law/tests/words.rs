//! What people read: explanations and what-ifs.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::rulebook::rules;
use law::{Date, Event, EventName, Fact, RuleId, deadline, explain, what_if};

fn on(date: &str) -> Date {
    date.parse().unwrap()
}

fn event(name: EventName, date: &str) -> Event {
    Event::new(name, on(date))
}

#[test]
fn the_sum_is_shown_step_by_step() {
    let events = [event(EventName::RequestReceived, "2026-11-23")];
    let text = explain(&deadline(RuleId::AssessDecision6w, events[0], &events).unwrap(), &events);
    assert_eq!(
        text.sum,
        [
            "Day 0 is Monday 23 November 2026: the request was received.",
            "Add 6 weeks (42 days): Monday 4 January 2027."
        ]
    );
    assert_eq!(text.calendar, ["Weekends, bank holidays and school holidays all count. They do not move the date."]);
    assert_eq!(text.safe_day, "To be safe, act by Sunday 3 January 2027. Some people count one day less.");
    assert_eq!(text.strength, "This is the law. It must be done.");
    assert!(text.version.contains("version 3 of 3"));
}

#[test]
fn an_exception_that_may_apply_says_what_must_still_be_shown() {
    let events = [
        event(EventName::RequestReceived, "2026-06-29"),
        event(EventName::AdviceRequested, "2026-07-18"),
        event(EventName::SchoolClosedFrom, "2026-07-18"),
        event(EventName::SchoolReopens, "2026-09-02"),
    ];
    let text = explain(&deadline(RuleId::FinalPlan20w, events[0], &events).unwrap(), &events);
    let closure = &text.exceptions[0];
    assert!(closure.applies);
    assert!(closure.why.contains("advice was asked for on Saturday 18 July 2026"), "{}", closure.why);
    assert!(closure.why.contains("must also show that this made it impractical"));
    assert!(text.standing[0].contains("there is no new date"));
    assert!(text.exceptions[3].why.contains("Nothing of the kind is on record"));
}

#[test]
fn an_exception_that_does_not_apply_says_why() {
    let request = event(EventName::RequestReceived, "2026-02-02");
    let why = |more: &[Event], rule: RuleId, trigger: Event| {
        let events: Vec<Event> = [&[trigger], more].concat();
        let text = explain(&deadline(rule, trigger, &events).unwrap(), &events);
        text.exceptions.iter().map(|e| format!("{}: {}", e.title, e.why)).collect::<Vec<_>>().join("\n")
    };
    let away = [event(EventName::AbsentFrom, "2026-03-02"), event(EventName::AbsentTo, "2026-03-28")];
    assert!(why(&away, RuleId::FinalPlan20w, request).contains("is 27 days; it must be at least 28 days"));
    let shortage = [event(EventName::EpShortageFlag, "2026-03-10")];
    assert!(why(&shortage, RuleId::FinalPlan20w, request).contains("never an exception"));
    let missed = [event(EventName::MissedAppointment, "2026-03-10")];
    assert!(why(&missed, RuleId::FinalPlan20w, request).contains("makes no exception for that"));
    let asked = event(EventName::AdviceRequestReceivedByBody, "2026-07-13");
    let closed = [event(EventName::SchoolClosedFrom, "2026-07-18"), event(EventName::SchoolReopens, "2026-09-02")];
    assert!(
        why(&closed, RuleId::AdviceReply6w, asked).contains("the school being closed: This rule makes no exception")
    );
    assert!(why(&away[..1], RuleId::FinalPlan20w, request).contains("no end on record yet"));
}

#[test]
fn working_days_name_the_bank_holidays_left_out() {
    let told = event(EventName::AdviserToldNoMediation, "2026-04-02");
    let text = explain(&deadline(RuleId::MediationCertificateDeclined3wd, told, &[told]).unwrap(), &[told]);
    assert!(text.sum.contains(
        &"Bank holidays left out: Good Friday (Friday 3 April 2026), Easter Monday (Monday 6 April 2026).".to_owned()
    ));
}

#[test]
fn the_time_to_appeal_shows_both_counts_and_the_roll() {
    let events = [
        event(EventName::DecisionNoticeSent, "2026-05-15"),
        event(EventName::MediationCertificateIssued, "2026-07-10"),
    ];
    let text = explain(&deadline(RuleId::AppealToFtt, events[0], &events).unwrap(), &events);
    assert_eq!(text.sentence, "The tribunal must receive your appeal by 5pm on Tuesday 1 September 2026.");
    assert_eq!(text.sum.len(), 5, "{:?}", text.sum);
}

#[test]
fn every_rule_can_be_explained_and_no_sentence_is_left_unfinished() {
    let trigger_on = on("2026-03-04");
    for rule in rules() {
        for name in rule.triggers {
            let trigger = match *name {
                EventName::DateOfBirth => event(*name, "2010-08-31"),
                EventName::NasencoCourseStarted => event(*name, "2024-03-04"),
                name => Event::new(name, trigger_on),
            };
            let year = if rule.id == RuleId::PhaseTransfer15Feb { 7 } else { 12 };
            let events = [
                trigger,
                Event::new(EventName::Move, trigger_on),
                Event::new(EventName::PlanMadeOrLastReview, on("2025-06-01")),
                Event::new(EventName::TransferToNcy, trigger_on).with(Fact::YearGroup(year)),
                Event::new(EventName::Released, trigger_on),
                Event::new(EventName::InstitutionTypeKnown, trigger_on)
                    .with(Fact::Institution(law::calendar::InstitutionType::Other)),
            ];
            let answer = deadline(rule.id, trigger, &events).unwrap();
            let text = explain(&answer, &events);
            let whole = text.to_string();
            assert!(!text.sum.is_empty(), "{}", rule.id);
            assert!(!whole.contains('{') && !whole.contains("  ") && !whole.contains(".."), "{whole}");
            for line in text.sum.iter().chain(&text.calendar).chain(&text.standing) {
                assert!(line.ends_with('.'), "{}: {line}", rule.id);
            }
            let longest = whole.split(['.', ':', '\n']).map(|s| s.split_whitespace().count()).max();
            assert!(longest.unwrap() <= 42, "{}: a sentence of {longest:?} words", rule.id);
        }
    }
}

/// The officer's question: what if the school's advice comes after the summer?
#[test]
fn school_advice_after_the_summer_moves_the_plans_and_not_the_limits() {
    let events = [
        event(EventName::RequestReceived, "2026-06-29"),
        event(EventName::DecisionToAssess, "2026-07-10"),
        event(EventName::AdviceRequested, "2026-07-13"),
        event(EventName::AdviceRequestReceivedByBody, "2026-07-13").about(1),
        event(EventName::SchoolClosedFrom, "2026-07-18"),
        event(EventName::SchoolReopens, "2026-09-02"),
    ];
    let supposed = [event(EventName::AdviceReceived, "2026-09-20").about(1)];
    let answer = what_if(&events, &supposed);
    assert_eq!(answer.changes.len(), 1);
    assert_eq!(
        answer.changes[0].words,
        "Send the advice that was asked for: the date stays Monday 24 August 2026; it would be done on Sunday 20 September 2026, 27 days late."
    );
    let (before, after) = (answer.before.unwrap(), answer.after.unwrap());
    assert_eq!((before.advice_complete_on, before.is_advice_awaited), (on("2026-08-24"), true));
    assert_eq!((before.draft_on, before.earliest_final_on), (on("2026-09-07"), on("2026-09-22")));
    assert_eq!((after.draft_on, after.earliest_final_on), (on("2026-10-04"), on("2026-10-19")));
    assert_eq!(after.soonest_possible_on, on("2026-10-05"));
    assert_eq!((after.final_due_on, after.days_in_hand()), (on("2026-11-16"), 28));
    assert_eq!(after.latest_draft_on, on("2026-11-01"));
    assert_eq!(answer.words.len(), 7, "{:#?}", answer.words);
    assert_eq!(answer.words[6], "The 20-week limit stays Monday 16 November 2026. That leaves 28 days in hand.");
}

#[test]
fn advice_that_comes_far_too_late_says_how_late_the_plan_would_be() {
    let events = [
        event(EventName::RequestReceived, "2026-06-29"),
        event(EventName::AdviceRequestReceivedByBody, "2026-07-13").about(1),
    ];
    let answer = what_if(&events, &[event(EventName::AdviceReceived, "2026-11-01").about(1)]);
    assert_eq!(answer.after.unwrap().days_in_hand(), -14);
    assert!(answer.words.last().unwrap().contains("14 days late"), "{:?}", answer.words);
}

#[test]
fn a_supposed_request_date_moves_every_date() {
    let events = [event(EventName::RequestReceived, "2026-06-29")];
    let answer = what_if(&events, &[event(EventName::RequestReceived, "2026-07-06")]);
    assert_eq!(answer.changes.len(), 6);
    assert!(answer.changes[0].words.ends_with("7 days later."), "{}", answer.changes[0].words);
}

#[test]
fn a_supposed_withdrawal_ends_the_dates_and_leaves_nothing_to_plan() {
    let events = [event(EventName::RequestReceived, "2026-06-29")];
    let answer = what_if(&events, &[event(EventName::RequestWithdrawn, "2026-07-06")]);
    assert!(answer.changes.iter().all(|change| change.words.contains("because the request was withdrawn")));
    assert_eq!(answer.after, None);
}

#[test]
fn supposing_nothing_new_changes_nothing() {
    let events = [event(EventName::RequestReceived, "2026-06-29")];
    assert_eq!(what_if(&events, &[]).words, ["No date would change."]);
}
