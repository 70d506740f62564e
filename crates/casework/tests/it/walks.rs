//! Hundreds of commands on one case, in any order that the law allows, with what must always hold
//! checked after every step.

use crate::brought_in::histories;
use crate::given::*;
use crate::walking::{Dice, Walk};
use casework::requests::Progress;
use casework::{Case, Command, Event, Stage, consequences, decide, plans, tasks};
use proptest::prelude::*;

/// A walk with the journal that it leaves.
struct Path {
    walk: Walk,
    journal: Vec<Event>,
    /// A return may say that a request runs beside a plan; what is done here never makes that.
    is_brought_in: bool,
}

impl Path {
    fn new(seed: u64) -> Path {
        Path { walk: Walk::new(seed, Case::new(id(7), id(8)), 10_000), journal: vec![], is_brought_in: false }
    }

    fn go(&mut self) {
        self.walk.wait();
        let command = self.walk.propose();
        self.step(command);
    }

    /// One step: a few days pass, somebody does something, all that must hold is checked.
    fn step(&mut self, command: Command) {
        let before = self.walk.case.clone();
        let context = context(self.walk.today);
        let Ok(events) = decide(&self.walk.case, command.clone(), &context) else {
            assert_eq!(before, self.walk.case, "a refusal changes nothing");
            return;
        };
        if matches!(command, Command::Plans(plans::Command::IssueFinal { .. })) {
            let request = before.live_request().expect("a plan is issued in a request");
            assert_eq!(request.representations_open(), 0, "no plan is issued over an open comment");
            assert!(request.named.is_some(), "no plan is issued without section I");
            assert_eq!(request.objections_open(), 0, "no plan is issued over an adviser's objection");
        }
        for event in &events {
            self.walk.case.apply(event);
        }
        self.journal.extend(events.iter().cloned());
        assert!(consequences::of(&events).len() <= events.len());
        self.holds(&before, &format!("{command:?}"));
    }

    fn holds(&self, before: &Case, command: &str) {
        let case = &self.walk.case;
        assert_eq!(case.version, self.journal.len() as u64, "one version an event");
        let live = case.requests.iter().filter(|request| request.is_live()).count();
        assert!(live <= 1, "{live} live requests after {command}");
        let stage = case.stage();
        match case.live_request() {
            Some(request) => {
                let expected = match request.progress {
                    Progress::Deciding => vec![Stage::Deciding],
                    Progress::Assessing { .. } => vec![Stage::Assessing],
                    _ => vec![Stage::Drafting, Stage::DraftWithFamily],
                };
                assert!(expected.contains(&stage), "{stage} in {:?}", request.progress);
                assert!(
                    self.is_brought_in || case.plan_in_force().is_none(),
                    "a request is live although a plan is in force"
                );
            }
            None => {
                assert_eq!(stage == Stage::PlanInForce, case.plan_in_force().is_some());
                assert!(!matches!(
                    stage,
                    Stage::Deciding | Stage::Assessing | Stage::Drafting | Stage::DraftWithFamily
                ));
            }
        }
        // What was decided and ended stays as it was.
        for (was, now) in before.requests.iter().zip(&case.requests) {
            if !was.is_live() {
                assert_eq!(was, now, "an ended request changed after {command}");
            }
        }
        let deadlines = case.deadlines();
        for task in tasks::open(case, &deadlines) {
            assert!(task.count > 0, "{:?}", task.kind);
        }
        let relations = case.relations();
        assert!(relations.asked.windows(2).all(|pair| pair[0] < pair[1]), "teams are in order, each once");
    }

    fn ends(&self) {
        let case = &self.walk.case;
        assert_eq!(&Case::fold(case.authority, case.id, &self.journal), case, "the journal says what the state is");
        let json = serde_json::to_string(case).expect("a case is plain values");
        let read: Case = serde_json::from_str(&json).expect("what was written can be read");
        assert_eq!(&read, case);
        for event in &self.journal {
            let json = serde_json::to_string(event).expect("an event is plain values");
            assert_eq!(serde_json::from_str::<Event>(&json).expect("what was written can be read"), *event);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_in_whatever_order_what_must_hold_holds(seed in any::<u64>(), steps in 100_usize..500) {
        let mut path = Path::new(seed);
        for _ in 0..steps {
            path.go();
        }
        path.ends();
    }

    #[test]
    fn history_may_be_brought_in_at_any_moment(seed in any::<u64>(), before in 0_usize..60, history in histories()) {
        let mut path = Path::new(seed);
        for _ in 0..before {
            path.go();
        }
        let events = decide(&path.walk.case, Command::BroughtIn(Box::new(history)), &context(TODAY))
            .expect("history is taken as it stands");
        for event in &events {
            path.walk.case.apply(event);
        }
        path.journal.extend(events);
        path.walk.case.deadlines();
        // Whoever goes on finds one request at most, and what they do belongs to it.
        path.is_brought_in = true;
        path.walk.today = path.walk.today.max(TODAY);
        for _ in 0..40 {
            path.go();
        }
        path.ends();
    }

    #[test]
    fn events_that_no_longer_fit_break_nothing(seed in any::<u64>(), skip in any::<u64>()) {
        let mut path = Path::new(seed);
        for _ in 0..80 {
            path.go();
        }
        let mut dice = Dice(skip);
        let torn: Vec<Event> = path.journal.iter().filter(|_| !dice.one_in(3)).cloned().collect();
        let case = Case::fold(path.walk.case.authority, path.walk.case.id, &torn);
        prop_assert_eq!(case.version, torn.len() as u64);
        case.deadlines();
        tasks::open(&case, &case.deadlines());
    }
}

#[test]
fn a_walk_gets_somewhere() {
    let mut reached = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let mut path = Path::new(seed);
        for _ in 0..200 {
            path.go();
            reached.insert(path.walk.case.stage());
        }
    }
    for stage in [
        Stage::Deciding,
        Stage::Assessing,
        Stage::Drafting,
        Stage::DraftWithFamily,
        Stage::NotAssessed,
        Stage::NoPlan,
        Stage::PlanInForce,
        Stage::Withdrawn,
    ] {
        assert!(reached.contains(&stage), "no walk reached `{stage}`");
    }
}
