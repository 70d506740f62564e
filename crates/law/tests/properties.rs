//! What holds for any case at all.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::{Date, Event, EventName, Fact, OrderKind, Status, deadlines, explain, what_if};
use proptest::prelude::*;

fn any_day() -> impl Strategy<Value = Date> {
    (0..9862_i32).prop_map(|days| law::calendar::days("2014-01-01".parse().unwrap(), days))
}

fn any_event() -> impl Strategy<Value = Event> {
    let name = (0..EventName::ALL.len()).prop_map(|index| EventName::ALL[index]);
    let order = prop_oneof![
        Just(Fact::None),
        Just(Fact::Order(OrderKind::Assess)),
        Just(Fact::Order(OrderKind::AmendContents)),
    ];
    (name, any_day(), 0..4_u32, order, -1..14_i8).prop_map(|(name, on, subject, order, number)| {
        let fact = match name {
            EventName::TransferToNcy => Fact::YearGroup(number.max(0)),
            EventName::EducatedOutOfCohort => Fact::YearsOut(number.clamp(-1, 1)),
            EventName::FttOrderMade | EventName::MediationAgreement | EventName::LaNotifiedFttNotOpposing => order,
            _ => Fact::None,
        };
        Event::new(name, on).about(subject).with(fact)
    })
}

fn any_exception() -> impl Strategy<Value = EventName> {
    prop_oneof![
        Just(EventName::SchoolClosedFrom),
        Just(EventName::SchoolReopens),
        Just(EventName::AbsentFrom),
        Just(EventName::AbsentTo),
        Just(EventName::ExceptionalCircumstancesFrom),
        Just(EventName::MissedAppointment),
        Just(EventName::CoronavirusReason),
    ]
}

fn any_case() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(any_event(), 0..24)
}

proptest! {
    // A case that fails is printed in full; nothing is written beside the sources.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_date_of_any_case_is_sound(events in any_case(), today in any_day()) {
        let mut out = Vec::new();
        deadlines(&events, &mut out);
        for deadline in &out {
            prop_assert!(deadline.safe_day <= deadline.due_on);
            prop_assert!(law::calendar::is_working_day(deadline.do_by));
            prop_assert!(deadline.rule().triggers.contains(&deadline.trigger.name));
            prop_assert!(!(deadline.met_on.is_some() && deadline.superseded_by.is_some()));
            if let Some(ended) = deadline.superseded_by {
                prop_assert!(events.contains(&ended));
                prop_assert_eq!(deadline.status(today), Status::Superseded);
            }
            if let Some(met_on) = deadline.met_on {
                prop_assert!(events.iter().any(|e| e.on == met_on && deadline.rule().met_by.contains(&e.name)));
            }
            prop_assert!(explain(deadline, &events).to_string().len() > 200);
        }
    }

    #[test]
    fn the_vector_is_used_again_and_the_answer_is_the_same(events in any_case(), others in any_case()) {
        let (mut fresh, mut used) = (Vec::new(), Vec::new());
        deadlines(&events, &mut fresh);
        deadlines(&others, &mut used);
        deadlines(&events, &mut used);
        prop_assert_eq!(fresh, used);
    }

    #[test]
    fn an_exception_never_moves_a_date(events in any_case(), name in any_exception(), on in any_day(), subject in 0..4_u32) {
        let exception = Event::new(name, on).about(subject);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        deadlines(&events, &mut before);
        deadlines(&[events, vec![exception]].concat(), &mut after);
        let dates = |list: &[law::Deadline]| list.iter().map(|d| (d.rule, d.trigger, d.due_on)).collect::<Vec<_>>();
        prop_assert_eq!(dates(&before), dates(&after));
    }

    #[test]
    fn a_what_if_reads_and_never_loses_a_date(events in any_case(), supposed in any_event()) {
        let answer = what_if(&events, &[supposed]);
        prop_assert!(!answer.words.is_empty());
        for change in &answer.changes {
            prop_assert!(change.before != change.after);
            prop_assert!(change.words.ends_with('.'));
        }
        prop_assert_eq!(what_if(&events, &[]).changes.len(), 0);
    }
}
