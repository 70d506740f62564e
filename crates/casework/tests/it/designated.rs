//! What designated officers record, as rows; samples drawn by chance, agreement, and figures in which
//! no small number can be worked out.

use crate::given::*;
use casework::Command;
use casework::Refusal;
use casework::advice::{self, AdviceKind};
use casework::designated::figures::{self, Seen};
use casework::designated::sample::{Agreement, Grade, SIZE, draw};
use casework::designated::{self, CareLink, CareSource, CareStatus, Part};
use proptest::prelude::*;

const LATER: jiff::civil::Date = day(2026, 11, 24);

fn d(command: designated::Command) -> Command {
    Command::Designated(command)
}

fn care(status: CareStatus, as_at: jiff::civil::Date) -> CareLink {
    CareLink { status, reference: None, worker: None, last_visit_on: None, source: CareSource::CareSystem, as_at }
}

fn look(part: Part, questions: &[u128]) -> Command {
    let questions = questions.iter().map(|line| (id(600 + line), id(800 + line))).collect();
    d(designated::Command::Look { part, version: id(500), questions })
}

fn answer(line: u128) -> Command {
    d(designated::Command::AnswerQuestion { part: Part::Health, line: id(600 + line), answer: id(810) })
}

fn recommended() -> Command {
    d(designated::Command::Recommend {
        part: Part::Health,
        made_on: day(2026, 11, 2),
        received_on: day(2026, 11, 6),
        owner: id(820),
        says: id(821),
    })
}

fn replied(subject: u32) -> Command {
    d(designated::Command::ReplyToRecommendation { subject, follows: true, text: id(822), on: TODAY })
}

fn review(number: u128) -> Command {
    d(designated::Command::AnswerReview { review: id(number), contributes: false, text: id(823) })
}

fn take_back() -> Command {
    Command::Advice(advice::Command::TakeBack { advice: ask(AdviceKind::Medical).id })
}

fn passed_on() -> Vec<Step> {
    let route = advice::Command::Route { advice: ask(AdviceKind::Medical).id, body: fixed(398) };
    and(steps(Stop::Asked), TODAY, Command::Advice(route))
}

fn subject_of_recommendation() -> u32 {
    after(&and(steps(Stop::InForce), TODAY, recommended())).0.designated.recommendations[0].subject
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    let open = || steps(Stop::Open);
    let arranged = || and(steps(Stop::InForce), TODAY, arrange());
    let transition = |on| d(designated::Command::RecordTransition { on });
    vec![
        happens(
            "the care system does not know a child",
            open(),
            d(designated::Command::LinkCare { care: care(CareStatus::NotKnown, TODAY) }),
            &["designated.care_linked"],
        ),
        happens(
            "a child is linked to its care record",
            open(),
            d(designated::Command::LinkCare {
                care: CareLink {
                    reference: Some(id(824)),
                    worker: Some(id(825)),
                    last_visit_on: Some(day(2026, 11, 9)),
                    ..care(CareStatus::Open, TODAY)
                },
            }),
            &["designated.care_linked"],
        ),
        happens(
            "an adult worker is named",
            open(),
            d(designated::Command::NameAdultWorker { worker: id(826) }),
            &["designated.adult_worker_named"],
        ),
        happens("a transition assessment was done", open(), transition(TODAY), &["designated.transition_assessed"]),
        happens("the same is said again", and(open(), TODAY, transition(TODAY)), transition(TODAY), &[]),
        happens("social care answers a review", arranged(), review(3), &["designated.review_answered"]),
        happens(
            "health confirms its lines of a draft",
            steps(Stop::Served),
            look(Part::Health, &[]),
            &["designated.lines_looked_at"],
        ),
        happens(
            "social care asks about a line of the plan in force",
            steps(Stop::InForce),
            look(Part::SocialCare, &[1]),
            &["designated.lines_looked_at"],
        ),
        happens(
            "both look at the same draft",
            and(steps(Stop::Served), TODAY, look(Part::Health, &[])),
            look(Part::SocialCare, &[]),
            &["designated.lines_looked_at"],
        ),
        happens(
            "a question is answered",
            and(steps(Stop::Served), TODAY, look(Part::Health, &[1, 2])),
            answer(2),
            &["designated.question_answered"],
        ),
        happens(
            "the plan is issued when the question is answered",
            and(and(steps(Stop::Named), TODAY, look(Part::Health, &[1])), TODAY, answer(1)),
            issue(),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens("the tribunal recommends", steps(Stop::InForce), recommended(), &["designated.recommended"]),
        happens(
            "a recommendation is answered",
            and(steps(Stop::InForce), TODAY, recommended()),
            replied(subject_of_recommendation()),
            &["designated.recommendation_answered"],
        ),
        happens("what was passed on is taken back", passed_on(), take_back(), &["advice.routed"]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let nothing = |what| Refusal::NotOnRecord { what };
    vec![
        refused("care of a child without a record", vec![], review(3), Refusal::RecordNotOpen),
        refused(
            "a care record without its number",
            steps(Stop::Open),
            d(designated::Command::LinkCare { care: care(CareStatus::Closed, TODAY) }),
            Refusal::CareNumberMissing,
        ),
        refused(
            "what the care system says tomorrow",
            steps(Stop::Open),
            d(designated::Command::LinkCare { care: care(CareStatus::NotKnown, LATER) }),
            Refusal::InTheFuture { date: LATER },
        ),
        refused("an answer to no review", steps(Stop::InForce), review(3), Refusal::NoReviewMeeting),
        refused("an answer to a review that is decided", steps(Stop::Amending), review(3), Refusal::NoReviewMeeting),
        refused(
            "a look at a version that nobody was shown",
            steps(Stop::Saved),
            look(Part::Health, &[]),
            nothing("version of this plan to look at now"),
        ),
        refused(
            "a second look at the same lines",
            and(steps(Stop::Served), TODAY, look(Part::Health, &[])),
            look(Part::Health, &[1]),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused("an answer to nothing", steps(Stop::Served), answer(1), nothing("question")),
        refused(
            "a second answer",
            and(and(steps(Stop::Served), TODAY, look(Part::Health, &[1])), TODAY, answer(1)),
            answer(1),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused(
            "a plan over a question",
            and(steps(Stop::Named), TODAY, look(Part::Health, &[1])),
            issue(),
            Refusal::QuestionsUnanswered { count: 1 },
        ),
        refused("an answer to no recommendation", steps(Stop::InForce), replied(1), nothing("recommendation")),
        refused(
            "a second answer to a recommendation",
            and(and(steps(Stop::InForce), TODAY, recommended()), TODAY, replied(subject_of_recommendation())),
            replied(subject_of_recommendation()),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused(
            "what nobody passed on is taken back",
            steps(Stop::Asked),
            take_back(),
            nothing("team that passed this on"),
        ),
        refused(
            "taken back when the team has begun",
            and(passed_on(), TODAY, write_report(AdviceKind::Medical, 700)),
            take_back(),
            Refusal::TeamHasBegun,
        ),
    ]
}

#[test]
fn a_recommendation_runs_five_weeks_until_it_is_answered() {
    let given = and(steps(Stop::InForce), TODAY, recommended());
    let due = |given: &[Step]| {
        let deadlines = after(given).0.deadlines();
        let found = deadlines.into_iter().find(|due| due.rule == law::RuleId::FttRecommendationReply5w);
        found.map(|due| (due.due_on, due.met_on))
    };
    assert_eq!(due(&given), Some((day(2026, 12, 7), None)));
    let answered = and(given, TODAY, replied(subject_of_recommendation()));
    assert_eq!(due(&answered), Some((day(2026, 12, 7), Some(TODAY))));
}

#[test]
fn the_same_seed_draws_the_same_sample_again() {
    assert_eq!(draw(7, 400, SIZE), draw(7, 400, SIZE));
    assert_ne!(draw(7, 400, SIZE), draw(8, 400, SIZE));
    for (total, count, drawn) in [(0, 10, 0), (1, 10, 1), (9, 10, 9), (10, 10, 10), (4000, 10, 10)] {
        let places = draw(23, total, count);
        assert_eq!(places.len(), drawn, "{count} of {total}");
        assert!(places.iter().all(|place| *place < total));
        let mut once = places.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), drawn, "each once");
    }
}

#[test]
fn every_entry_is_as_likely_as_another() {
    let mut drawn = [0_u32; 20];
    for seed in 0..4000 {
        for place in draw(seed, 20, 5) {
            drawn[place] += 1;
        }
    }
    // A thousand times each, give or take four standard deviations.
    assert!(drawn.iter().all(|times| (880..=1120).contains(times)), "{drawn:?}");
}

#[test]
fn agreement_is_what_two_markers_share_beyond_chance() {
    use Grade::{Good, NeedsWork, NotGoodEnough};
    let of = |pairs: &[(Grade, Grade, usize)]| {
        let pairs: Vec<(Grade, Grade)> =
            pairs.iter().flat_map(|(one, other, times)| vec![(*one, *other); *times]).collect();
        let found = Agreement::of(&pairs);
        (found.both, found.percent(), found.kappa.map(|kappa| (kappa * 1000.0).round() / 1000.0))
    };
    for (pairs, expected) in [
        (vec![], (0, None, None)),
        (vec![(Good, Good, 10)], (10, Some(100), None)),
        (vec![(Good, Good, 5), (NeedsWork, NeedsWork, 5)], (10, Some(100), Some(1.0))),
        // The example of every textbook: 20 and 15 alike, 5 and 10 not.
        (
            vec![(Good, Good, 20), (Good, NeedsWork, 5), (NeedsWork, Good, 10), (NeedsWork, NeedsWork, 15)],
            (50, Some(70), Some(0.4)),
        ),
        (vec![(Good, NotGoodEnough, 5), (NotGoodEnough, Good, 5)], (10, Some(0), Some(-1.0))),
    ] {
        assert_eq!(of(&pairs), expected);
    }
}

fn said(rows: &[Vec<u32>]) -> Vec<String> {
    let word = |seen: &Seen| match seen {
        Seen::Number(number) => number.to_string(),
        Seen::Hidden => "-".to_owned(),
    };
    figures::shown(rows).iter().map(|row| row.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_small_number_is_hidden_and_with_it_what_would_tell_it() {
    for (rows, expected) in [
        (vec![vec![20, 10], vec![30, 40]], vec!["20 10 30", "30 40 70", "50 50 100"]),
        (vec![vec![20, 0], vec![30, 0]], vec!["20 0 20", "30 0 30", "50 0 50"]),
        (vec![vec![20, 3], vec![30, 40]], vec!["- - 23", "- - 70", "50 43 93"]),
        (vec![vec![2, 1]], vec!["- - -", "- - -"]),
        (vec![], vec!["0"]),
    ] {
        assert_eq!(said(&rows), expected, "{rows:?}");
    }
}

/// Every number that a reader may think of in a hidden place, given all that is shown: no place may
/// be left with one alone.
fn could_be(rows: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let seen = figures::shown(rows);
    let (height, width) = (rows.len(), rows[0].len());
    let most = 10;
    let mut values: Vec<Vec<std::collections::BTreeSet<u32>>> = vec![vec![Default::default(); width + 1]; height + 1];
    let mut guess = vec![0_u32; height * width];
    loop {
        let inner: Vec<Vec<u32>> = guess.chunks(width).map(<[u32]>::to_vec).collect();
        let mut whole: Vec<Vec<u32>> =
            inner.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
        whole.push((0..=width).map(|column| whole.iter().map(|row| row[column]).sum()).collect());
        let fits = whole.iter().zip(&seen).all(|(row, seen)| {
            row.iter().zip(seen).all(|(number, seen)| match seen {
                Seen::Number(shown) => number == shown,
                Seen::Hidden => true,
            })
        });
        if fits {
            for (row, line) in whole.iter().enumerate() {
                for (column, number) in line.iter().enumerate() {
                    values[row][column].insert(*number);
                }
            }
        }
        let Some(at) = guess.iter().position(|number| *number < most) else { break };
        guess[..at].fill(0);
        guess[at] += 1;
    }
    let places = (0..=height).flat_map(|row| (0..=width).map(move |column| (row, column)));
    places
        .filter(|(row, column)| !matches!(seen[*row][*column], Seen::Number(_)) && values[*row][*column].len() < 2)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_hidden_number_can_be_worked_out(rows in prop::collection::vec(prop::collection::vec(0_u32..7, 2), 1..3)) {
        prop_assume!(rows.iter().flatten().sum::<u32>() <= 22);
        prop_assert_eq!(could_be(&rows), vec![]);
    }
}
