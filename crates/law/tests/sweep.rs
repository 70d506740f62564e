//! Every rule, every trigger, every day from 1 January 2014 to 31 December 2040.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::calendar::{self, is_working_day};
use law::rulebook::{Count, Kind, rules};
use law::{Date, Deadline, Event, EventName, Fact, Fault, OrderKind, RuleId, deadline};

const FIRST: &str = "2014-01-01";
const LAST: &str = "2040-12-31";

fn every_day() -> impl Iterator<Item = Date> {
    let (first, last): (Date, Date) = (FIRST.parse().unwrap(), LAST.parse().unwrap());
    std::iter::successors(Some(first), |day| Some(calendar::days(*day, 1))).take_while(move |day| *day <= last)
}

/// The other events that some rules need, at a fixed distance from the trigger.
fn companions(rule: RuleId, on: Date) -> Vec<Event> {
    let at = |name, days| Event::new(name, calendar::days(on, days));
    match rule {
        RuleId::LaTransferPlan => vec![at(EventName::Move, -3)],
        RuleId::LaTransferReview => vec![at(EventName::PlanMadeOrLastReview, -200)],
        RuleId::PhaseTransfer15Feb | RuleId::PhaseTransferMeeting12w => {
            vec![at(EventName::TransferToNcy, 0).with(Fact::YearGroup(7))]
        }
        RuleId::PhaseTransfer31Mar => {
            vec![at(EventName::TransferToNcy, 0).with(Fact::YearGroup(12))]
        }
        RuleId::PlanMayContinueToAfter25 => {
            let fact = Fact::Institution(calendar::InstitutionType::FurtherEducation);
            vec![at(EventName::InstitutionTypeKnown, 0).with(fact)]
        }
        RuleId::DetainedReleasedMidwayFinal20w => vec![at(EventName::Released, 30)],
        _ => Vec::new(),
    }
}

fn ask(rule: RuleId, trigger: EventName, on: Date) -> Result<Deadline, Fault> {
    deadline(rule, Event::new(trigger, on), &companions(rule, on))
}

fn counts_back(count: Count) -> bool {
    matches!(count, Count::WeeksBefore(_) | Count::WorkingDaysBefore(_) | Count::MonthsBefore(_))
}

#[test]
fn every_rule_gives_a_sound_date_on_every_day() {
    let days: Vec<Date> = every_day().collect();
    assert_eq!(days.len(), 9862);
    for rule in rules() {
        for trigger in rule.triggers {
            let mut last: Option<Deadline> = None;
            for on in &days {
                let answer = match ask(rule.id, *trigger, *on) {
                    Ok(answer) => answer,
                    Err(Fault::NotInForce { since, .. }) => {
                        assert!(*on < since || *trigger == EventName::DateOfBirth, "{} on {on}", rule.id);
                        continue;
                    }
                    Err(Fault::DoesNotApply { .. }) if rule.id == RuleId::SencoNasencoCompletion => {
                        continue;
                    }
                    Err(fault) => panic!("{} on {on}: {fault}", rule.id),
                };
                let about = || format!("{} from {trigger} on {on}: {answer:?}", rule.id);
                let count = answer.version().count;
                if counts_back(count) {
                    assert!(answer.due_on < *on, "{}", about());
                } else {
                    assert!(answer.due_on >= *on, "{}", about());
                }
                assert!(answer.safe_day <= answer.due_on, "{}", about());
                assert!(is_working_day(answer.do_by), "{}", about());
                if rule.kind == Kind::Earliest {
                    assert!(answer.do_by >= answer.due_on, "{}", about());
                } else if count != Count::AtOnce {
                    assert!(answer.do_by <= answer.due_on, "{}", about());
                }
                assert!(answer.send_by_target.is_none_or(|target| target < answer.due_on), "{}", about());
                if let Some(last) = last.filter(|last| last.version == answer.version) {
                    assert!(answer.due_on >= last.due_on, "{}", about());
                    assert!(answer.safe_day >= last.safe_day, "{}", about());
                }
                last = Some(answer);
            }
            assert!(last.is_some(), "{} from {trigger} never gave a date", rule.id);
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    for rule in rules() {
        for on in every_day().step_by(97) {
            let (first, second) = (ask(rule.id, rule.triggers[0], on), ask(rule.id, rule.triggers[0], on));
            assert_eq!(first.ok(), second.ok(), "{} on {on}", rule.id);
        }
    }
}

#[test]
fn the_clocks_changing_does_not_move_a_date() {
    // Clocks go forward on 29 March 2026 and back on 25 October 2026.
    for change in ["2026-03-29", "2026-10-25"] {
        let change: Date = change.parse().unwrap();
        for before in 0..60 {
            let on = calendar::days(change, -before);
            for (rule, weeks) in [(RuleId::AssessDecision6w, 6), (RuleId::FinalPlan20w, 20)] {
                let answer = ask(rule, EventName::RequestReceived, on).unwrap();
                assert_eq!((answer.due_on - on).get_days(), 7 * weeks);
            }
        }
    }
}

#[test]
fn the_first_and_last_working_day_of_every_count_agree_with_walking() {
    for on in every_day() {
        let mut day = on;
        for n in 1..=30 {
            day = next(day, 1);
            if n == 3 || n == 15 || n == 30 {
                assert_eq!(calendar::wds_after(on, n), day, "{on} + {n}");
            }
        }
        let mut day = on;
        for n in 1..=10 {
            day = next(day, -1);
            if n == 5 || n == 10 {
                assert_eq!(calendar::wds_before(on, n), day, "{on} - {n}");
            }
        }
        assert_eq!(calendar::wds_beg(on, 1), if is_working_day(on) { on } else { next(on, 1) });
        assert_eq!(calendar::last_working_day(on), if is_working_day(on) { on } else { next(on, -1) });
    }
}

/// The next working day in a direction, by walking.
fn next(mut day: Date, step: i32) -> Date {
    loop {
        day = calendar::days(day, step);
        if is_working_day(day) {
            return day;
        }
    }
}

#[test]
fn an_order_of_each_kind_starts_only_its_own_limits() {
    let on: Date = "2026-04-20".parse().unwrap();
    let mut out = Vec::new();
    let started = |kind, out: &mut Vec<Deadline>| {
        law::deadlines(&[Event::new(EventName::FttOrderMade, on).with(Fact::Order(kind))], out);
        out.iter().map(|deadline| deadline.rule).collect::<Vec<_>>()
    };
    assert_eq!(
        started(OrderKind::MakePlan, &mut out),
        [RuleId::FttOrderMakePlanDraft5w, RuleId::FttOrderMakePlanFinal11w]
    );
    assert_eq!(started(OrderKind::NameInstitution, &mut out), [RuleId::FttOrderNameSchool2w]);
    law::deadlines(&[Event::new(EventName::FttOrderMade, on)], &mut out);
    assert_eq!(out.len(), 11, "an order whose kind is not recorded starts them all");
}
