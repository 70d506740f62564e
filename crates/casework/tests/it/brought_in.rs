//! The same file read twice changes nothing the second time.

use crate::decisions::history;
use crate::given::{BORN, Stop, TODAY, after, context, id, steps, urn};
use casework::brought_in::{History, PastOutcome, PastPlacement, PastPlan, PastRequest, PastReview};
use casework::codes::{CeaseReason, Need, OtherSetting};
use casework::people::Setting;
use casework::placement::Named;
use casework::requests::Source;
use casework::reviews::{ReviewOutcome, Transfer};
use casework::{Case, Command, Event, Stage, decide};
use jiff::civil::Date;
use proptest::prelude::*;

fn bring(case: &mut Case, history: &History) -> Vec<Event> {
    let events = decide(case, Command::BroughtIn(Box::new(history.clone())), &context(TODAY))
        .expect("history is taken as it stands");
    events.iter().for_each(|event| case.apply(event));
    events
}

#[test]
fn the_whole_history_read_twice_changes_nothing_the_second_time() {
    let mut case = Case::new(id(7), id(8));
    assert_eq!(bring(&mut case, &history()).len(), 15);
    assert_eq!(bring(&mut case, &history()), []);
    assert_eq!(case.stage(), Stage::PlanEnded);
}

fn date() -> impl Strategy<Value = Date> {
    // Few days, so that facts of one day meet.
    (0_i32..12).prop_map(|step| law::calendar::days(BORN, 365 * 5 + step * 100))
}

fn request() -> impl Strategy<Value = PastRequest> {
    let outcome = prop_oneof![
        Just(PastOutcome::Awaited),
        date().prop_map(|on| PastOutcome::NotAssessed { on }),
        date().prop_map(|on| PastOutcome::Withdrawn { on }),
        prop::option::of(date()).prop_map(|decided_on| PastOutcome::Assessing { decided_on }),
        prop::option::of(date()).prop_map(|decided_on| PastOutcome::Drafting { decided_on }),
        (prop::option::of(date()), date()).prop_map(|(decided_on, on)| PastOutcome::NoPlan { decided_on, on }),
        (prop::option::of(date()), date()).prop_map(|(decided_on, on)| PastOutcome::Issued { decided_on, on }),
    ];
    (date(), outcome, any::<bool>(), any::<bool>()).prop_map(|(received_on, outcome, exception, disputed)| {
        PastRequest { id: id(1), received_on, source: Source::Parent, outcome, exception, disputed }
    })
}

fn plan() -> impl Strategy<Value = PastPlan> {
    (date(), date(), prop::option::of(date())).prop_map(|(first_made_on, issued_on, ended)| PastPlan {
        id: id(1),
        first_made_on,
        issued_on,
        named: Some(Named::Otherwise),
        from_area: None,
        ended: ended.map(|on| (on, CeaseReason::NeedsMet)),
    })
}

fn placement() -> impl Strategy<Value = PastPlacement> {
    (0_u32..3, date(), prop::option::of(date())).prop_map(|(school, from, to)| PastPlacement {
        id: id(1),
        setting: match school {
            0 => Setting::Elsewhere(OtherSetting::Neet),
            other => Setting::Establishment(urn(100_000 + other)),
        },
        from,
        to,
    })
}

fn review() -> impl Strategy<Value = PastReview> {
    let outcome = prop::option::of(prop::sample::select(vec![ReviewOutcome::Maintain, ReviewOutcome::Cease]));
    (prop::option::of(date()), prop::option::of(date()), outcome)
        .prop_map(|(meeting_on, decided_on, outcome)| PastReview { id: id(1), meeting_on, decided_on, outcome })
}

/// Histories of the kind that a return holds: ids differ, and now and then a line is given twice.
pub fn histories() -> impl Strategy<Value = History> {
    (
        prop::collection::vec(request(), 0..4),
        prop::collection::vec(plan(), 0..3),
        prop::collection::vec(placement(), 0..4),
        prop::collection::vec(review(), 0..4),
        any::<bool>(),
    )
        .prop_map(|(requests, plans, placements, reviews, moving)| History {
            person: id(10),
            born_on: BORN,
            needs: Some((Need::Asd, None)),
            // No two facts of one file share an id.
            requests: (1000..).zip(requests).map(|(own, request)| PastRequest { id: id(own), ..request }).collect(),
            plans: (4000..).zip(plans).map(|(own, plan)| PastPlan { id: id(own), ..plan }).collect(),
            placements: (2000..).zip(placements).map(|(own, place)| PastPlacement { id: id(own), ..place }).collect(),
            reviews: (3000..).zip(reviews).map(|(own, review)| PastReview { id: id(own), ..review }).collect(),
            transfer: moving.then_some(Transfer { on: crate::given::day(2028, 9, 1), to_year: 7 }),
            transfer_plan_sent_on: moving.then_some(crate::given::day(2026, 2, 13)),
        })
}

proptest! {
    #[test]
    fn any_history_read_twice_changes_nothing_the_second_time(history in histories()) {
        let mut case = Case::new(id(7), id(8));
        bring(&mut case, &history);
        prop_assert_eq!(bring(&mut case, &history), vec![]);
        case.deadlines();
    }

    #[test]
    fn history_read_into_a_case_that_is_being_worked_on_changes_nothing_the_second_time(
        history in histories(),
        stop in prop::sample::select(vec![Stop::Open, Stop::Received, Stop::Asked, Stop::Served, Stop::InForce]),
    ) {
        let (mut case, _) = after(&steps(stop));
        bring(&mut case, &history);
        prop_assert_eq!(bring(&mut case, &history), vec![]);
        case.deadlines();
    }

    #[test]
    fn history_leaves_the_request_that_is_being_worked_on_as_it_was(history in histories()) {
        let (mut case, _) = after(&steps(Stop::Served));
        let before = case.live_request().cloned();
        bring(&mut case, &history);
        let kept = case.requests.iter().find(|request| Some(request.id) == before.as_ref().map(|r| r.id)).cloned();
        prop_assert_eq!(kept, before);
    }
}
