//! Advice in lines: written, signed, used in a plan with reasons, looked at by the adviser, and
//! where two reports disagree.

use crate::given::*;
use casework::advice::contradictions::{About, Between, contradictions};
use casework::advice::report::{Condition, Report, Standing};
use casework::advice::uses::{How, add_to_plan, uses};
use casework::advice::{self, AdviceKind};
use casework::plans::content::{BroadArea, Content, NeedLine, OutcomeLine, ProvisionKind, ProvisionLine};
use casework::{AdviceId, Command, LineId, Refusal};

const MEDICAL: AdviceKind = AdviceKind::Medical;
const PSYCHOLOGICAL: AdviceKind = AdviceKind::Psychological;

fn line_of(kind: AdviceKind) -> LineId {
    LineId(ask(kind).id.0)
}

fn written() -> Vec<Step> {
    and(steps(Stop::Asked), ADVISED, write_report(MEDICAL, 700))
}

fn drop_with_reason() -> Command {
    let (advice, line) = (ask(MEDICAL).id, line_of(MEDICAL));
    advise(advice::Command::Explain { advice, line, how: How::Dropped, why: id(58) })
}

fn ask_for_check() -> Command {
    advise(advice::Command::AskForCheck { version: id(500) })
}

fn checked(objecting: bool) -> Command {
    let objections = if objecting { vec![(line_of(MEDICAL), id(59))] } else { vec![] };
    advise(advice::Command::Check { advice: ask(MEDICAL).id, objections })
}

fn answer_objection() -> Command {
    advise(advice::Command::AnswerObjection { advice: ask(MEDICAL).id, line: line_of(MEDICAL), answer: id(60) })
}

fn issue_with_reports(reports: Vec<(AdviceId, Report)>) -> Command {
    issue_with(Final { reports, ..Final::default() })
}

fn medical_report() -> Vec<(AdviceId, Report)> {
    vec![(ask(MEDICAL).id, report(ask(MEDICAL).id))]
}

/// The psychologist signs too, and says twice a week.
fn both_signed(until: Stop) -> Vec<Step> {
    let mut all = Vec::new();
    for (on, command) in signed_steps(until) {
        if command == advice_in(PSYCHOLOGICAL) {
            all.push((on, write_report(PSYCHOLOGICAL, 701)));
            all.push((on, sign_report(PSYCHOLOGICAL, 701)));
        } else {
            all.push((on, command));
        }
    }
    all
}

fn two_reports() -> Vec<(AdviceId, Report)> {
    let mut second = report(ask(PSYCHOLOGICAL).id);
    second.lines.provision[0].how_often = "twice a week".into();
    medical_report().into_iter().chain([(ask(PSYCHOLOGICAL).id, second)]).collect()
}

fn between() -> Between {
    Between {
        first: line_of(MEDICAL).min(line_of(PSYCHOLOGICAL)),
        second: line_of(MEDICAL).max(line_of(PSYCHOLOGICAL)),
        about: About::HowOften,
    }
}

fn settle(holds: Option<LineId>) -> Command {
    advise(advice::Command::Settle { between: between(), holds, why: id(61) })
}

fn explained_twice() -> Vec<Step> {
    let second = advise(advice::Command::Explain {
        advice: ask(PSYCHOLOGICAL).id,
        line: line_of(PSYCHOLOGICAL),
        how: How::Dropped,
        why: id(58),
    });
    and(and(both_signed(Stop::Named), TODAY, drop_with_reason()), TODAY, second)
}

fn happens(what: &'static str, given: Vec<Step>, when: Command, names: &'static [&'static str]) -> Row {
    row(what, given, when, Then::Happens(names))
}

fn refused(what: &'static str, given: Vec<Step>, when: Command, refusal: Refusal) -> Row {
    row(what, given, when, Then::Refused(refusal))
}

pub fn rows() -> Vec<Row> {
    let advice = ask(MEDICAL).id;
    let mut again = report(advice);
    again.account = "Corrected.".into();
    let sign_again =
        |why| advise(advice::Command::Sign { advice, version: id(702), report: Box::new(again.clone()), why });
    let rewritten = || and(signed_steps(Stop::Saved), TODAY, write_report(MEDICAL, 702));
    let dropped = || and(signed_steps(Stop::Named), TODAY, drop_with_reason());
    let shown = || and(signed_steps(Stop::Saved), TODAY, ask_for_check());
    vec![
        happens(
            "it goes to the team that knows the child",
            steps(Stop::Asked),
            advise(advice::Command::Route { advice, body: fixed(398) }),
            &["advice.routed", "advice.passed_on"],
        ),
        happens(
            "it is with that team already",
            steps(Stop::Asked),
            advise(advice::Command::Route { advice, body: ask(MEDICAL).body }),
            &[],
        ),
        happens("a report is written", steps(Stop::Asked), write_report(MEDICAL, 700), &["advice.written"]),
        happens(
            "the same report is saved again",
            written(),
            advise(advice::Command::Write { advice, version: id(701), fingerprint: "f700".into() }),
            &[],
        ),
        happens("a report is signed", written(), sign_report(MEDICAL, 700), &["advice.signed", "advice.replied"]),
        happens("signed twice with one press", signed_steps(Stop::Advised), sign_report(MEDICAL, 700), &[]),
        happens("a signed report is corrected", rewritten(), sign_again(Some(id(57))), &["advice.signed"]),
        happens(
            "a line is dropped with a reason",
            signed_steps(Stop::Saved),
            drop_with_reason(),
            &["advice.explained"],
        ),
        happens("the adviser is asked to look", signed_steps(Stop::Saved), ask_for_check(), &["advice.check_asked"]),
        happens("nobody is asked twice about one draft", shown(), ask_for_check(), &[]),
        happens("the adviser confirms", shown(), checked(false), &["advice.checked"]),
        happens("the adviser objects", shown(), checked(true), &["advice.checked"]),
        happens(
            "an objection is answered",
            and(shown(), TODAY, checked(true)),
            answer_objection(),
            &["advice.objection_answered"],
        ),
        happens("two reports are settled", both_signed(Stop::Saved), settle(None), &["advice.settled"]),
        happens(
            "a plan that leaves a line out is issued with the reason",
            dropped(),
            issue_with_reports(medical_report()),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "a plan is issued when all that reports disagree on is settled",
            and(explained_twice(), TODAY, settle(Some(line_of(MEDICAL)))),
            issue_with_reports(two_reports()),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
    ]
}

pub fn refusals() -> Vec<Row> {
    let advice = ask(MEDICAL).id;
    let nothing = |what| Refusal::NotOnRecord { what };
    let with = |report: Report| {
        advise(advice::Command::Sign { advice, version: id(700), report: Box::new(report), why: None })
    };
    let nameless = Report { signed_as: None, ..report(advice) };
    let rewritten = and(signed_steps(Stop::Saved), TODAY, write_report(MEDICAL, 702));
    let objected = || {
        let shown = and(signed_steps(Stop::Named), TODAY, ask_for_check());
        and(and(shown, TODAY, drop_with_reason()), TODAY, checked(true))
    };
    vec![
        refused(
            "passed on to a team that was asked for the same",
            and(
                steps(Stop::Asked),
                ADVISED,
                advise(advice::Command::AskAll {
                    asks: vec![advice::Ask { id: id(290), kind: MEDICAL, body: fixed(398) }],
                    asked_on: ASKED,
                    reached_on: ASKED,
                }),
            ),
            advise(advice::Command::Route { advice, body: fixed(398) }),
            Refusal::AdviceAlreadyAsked,
        ),
        refused(
            "passed on when it is answered",
            signed_steps(Stop::Advised),
            advise(advice::Command::Route { advice, body: fixed(398) }),
            Refusal::AdviceAlreadyIn { on: ADVISED },
        ),
        refused("written over an answer", steps(Stop::Advised), write_report(MEDICAL, 700), {
            Refusal::AdviceAlreadyIn { on: ADVISED }
        }),
        refused(
            "a version that is not the last",
            written(),
            sign_report(MEDICAL, 799),
            nothing("version of this advice"),
        ),
        refused("nothing to sign", written(), with(Report::default()), Refusal::NothingToSign),
        refused("signed by nobody", written(), with(nameless), Refusal::SignatoryMissing),
        refused("corrected without a reason", rewritten, sign_report(MEDICAL, 702), Refusal::ReasonsMissing),
        refused("a reason for unsigned advice", steps(Stop::Saved), drop_with_reason(), nothing("signed advice")),
        refused("a look at no draft", signed_steps(Stop::Drafting), ask_for_check(), Refusal::NoDraft),
        refused(
            "a look that was not asked for",
            signed_steps(Stop::Saved),
            checked(false),
            nothing("draft to look at"),
        ),
        refused("looked at twice", objected(), checked(false), Refusal::AlreadyAnswered { on: TODAY }),
        refused("no objection to answer", signed_steps(Stop::Saved), answer_objection(), nothing("objection")),
        refused("an answer given twice", and(objected(), TODAY, answer_objection()), answer_objection(), {
            Refusal::AlreadyAnswered { on: TODAY }
        }),
        refused("a line of neither report", both_signed(Stop::Saved), settle(Some(id(1))), nothing("line to choose")),
        refused(
            "a plan without its reports",
            signed_steps(Stop::Named),
            issue(),
            nothing("version of an adviser’s report"),
        ),
        refused(
            "a plan that leaves a line out",
            signed_steps(Stop::Named),
            issue_with_reports(medical_report()),
            Refusal::AdviceNotFollowedWithoutReason { count: 1 },
        ),
        refused("a plan over an objection", objected(), issue_with_reports(medical_report()), {
            Refusal::ObjectionsUnanswered { count: 1 }
        }),
        refused("a plan over two reports that disagree", explained_twice(), issue_with_reports(two_reports()), {
            Refusal::ContradictionsOpen { count: 1 }
        }),
    ]
}

#[test]
fn a_newer_objection_replaces_one_that_waits() {
    let mut given = and(signed_steps(Stop::Saved), TODAY, ask_for_check());
    given = and(given, TODAY, checked(true));
    given = and(given, TODAY, save(501, "second"));
    given = and(given, TODAY, advise(advice::Command::AskForCheck { version: id(501) }));
    given = and(given, TODAY, checked(true));
    given = and(given, TODAY, answer_objection());
    let case = after(&given).0;
    assert_eq!(case.live_request().map(|request| request.objections_open()), Some(0));
}

#[test]
fn a_report_signed_again_leaves_no_old_reason_standing() {
    let mut report = report(ask(MEDICAL).id);
    report.account = "Corrected.".into();
    let mut given = and(signed_steps(Stop::Saved), TODAY, drop_with_reason());
    given = and(given, TODAY, write_report(MEDICAL, 702));
    let sign = advice::Command::Sign {
        advice: ask(MEDICAL).id,
        version: id(702),
        report: Box::new(report),
        why: Some(id(57)),
    };
    let case = after(&and(given, TODAY, advise(sign))).0;
    let asked = case.live_request().and_then(|request| request.advice.iter().find(|asked| asked.kind == MEDICAL));
    assert_eq!(asked.map(|asked| asked.reasons.len()), Some(0));
}

#[test]
fn passing_it_on_leaves_the_six_weeks_as_they_are() {
    let before = after(&steps(Stop::Asked)).0;
    let routed = advise(advice::Command::Route { advice: ask(MEDICAL).id, body: fixed(398) });
    let now = after(&and(steps(Stop::Asked), ADVISED, routed)).0;
    assert_eq!(before.deadlines(), now.deadlines());
    assert!(now.relations().asked.contains(&fixed(398)) && !now.relations().asked.contains(&ask(MEDICAL).body));
}

/// One line of each kind, provision linked to need and outcome.
fn whole() -> Content {
    Content {
        needs: vec![NeedLine {
            id: id(400),
            area: BroadArea::Sensory,
            text: "Hands tire.".into(),
            citation: None,
            from: vec![],
        }],
        outcomes: vec![OutcomeLine {
            id: id(410),
            text: "Types a page.".into(),
            by: "July".into(),
            adulthood: None,
            from: vec![],
        }],
        provision: vec![ProvisionLine {
            needs: vec![id(400)],
            outcomes: vec![id(410)],
            ..provision(420, "Teaching of typing", "weekly", "30 minutes")
        }],
        ..Content::default()
    }
}

fn hows(report: &Content, plan: &Content) -> Vec<How> {
    uses(report, plan).into_iter().map(|used| used.how).collect()
}

#[test]
fn a_plan_made_from_advice_keeps_every_line_and_its_links() {
    let (report, mut plan) = (whole(), Content::default());
    let mut next = 500;
    let mut new_id = || {
        next += 1;
        id(next)
    };
    add_to_plan(&mut plan, &report, "Occupational therapy", &mut new_id);
    assert_eq!(hows(&report, &plan), [How::Kept; 3]);
    assert_eq!(plan.provision[0].needs, [plan.needs[0].id]);
    assert_eq!(plan.provision[0].outcomes, [plan.outcomes[0].id]);
    assert_eq!(plan.provision[0].from, [id(420)]);
    // Adding again adds nothing.
    let before = plan.clone();
    add_to_plan(&mut plan, &report, "Occupational therapy", &mut new_id);
    assert_eq!(plan, before);
}

#[test]
fn any_word_that_is_changed_is_a_change_and_a_space_is_not() {
    let report = whole();
    let made = || {
        let mut plan = Content::default();
        let mut next = 500;
        add_to_plan(&mut plan, &report, "OT", || {
            next += 1;
            id(next)
        });
        plan
    };
    let changed = |change: fn(&mut Content)| {
        let mut plan = made();
        change(&mut plan);
        hows(&report, &plan)
    };
    use How::{Changed, Dropped, Kept};
    assert_eq!(changed(|plan| plan.provision[0].how_often = "half-termly".into()), [Kept, Kept, Changed]);
    assert_eq!(changed(|plan| plan.provision[0].who.clear()), [Kept, Kept, Changed]);
    assert_eq!(changed(|plan| plan.provision[0].kind = ProvisionKind::Health), [Kept, Kept, Changed]);
    assert_eq!(changed(|plan| plan.needs[0].text = "Hands  tire. ".into()), [Kept, Kept, Kept]);
    assert_eq!(changed(|plan| plan.outcomes[0].by = "2028".into()), [Kept, Changed, Kept]);
    assert_eq!(changed(|plan| plan.needs.clear()), [Dropped, Kept, Kept]);
    assert_eq!(changed(|plan| plan.provision[0].from.clear()), [Kept, Kept, Dropped]);
    // One line made from two reports keeps the one it says.
    assert_eq!(changed(|plan| plan.provision[0].from.push(id(421))), [Kept, Kept, Kept]);
}

fn with_provision(number: u128, text: &str, often: &str, long: &str) -> Report {
    Report {
        lines: Content { provision: vec![provision(number, text, often, long)], ..Content::default() },
        ..Report::default()
    }
}

fn with_condition(number: u128, name: &str, standing: Standing, on: Option<jiff::civil::Date>) -> Report {
    Report { conditions: vec![Condition { id: id(number), name: name.into(), standing, on }], ..Report::default() }
}

fn found(one: &Report, other: &Report) -> Vec<About> {
    contradictions(&[(id(1), one), (id(2), other)]).into_iter().map(|found| found.between.about).collect()
}

/// Two provisions, each: what, how often, how long; and whether they cannot both be followed.
type Pair = ([&'static str; 3], [&'static str; 3], &'static [About]);

const PROVISIONS: [Pair; 23] = [
    // Planted: the same thing, another amount.
    (
        ["Direct therapy for hand strength and typing", "twice a week", "30 minutes"],
        ["Therapy for the hands", "once a week", ""],
        &[About::HowOften],
    ),
    (
        ["Speech and language therapy", "weekly", "45 minutes"],
        ["Speech and language therapy in a small group", "weekly", "30 minutes"],
        &[About::HowLong],
    ),
    (
        ["Speech and language therapy", "half-termly", "an hour"],
        ["Direct speech and language therapy", "once a fortnight", "30 minutes"],
        &[About::HowOften, About::HowLong],
    ),
    (["Physiotherapy", "daily", ""], ["Physiotherapy exercises", "three times a week", ""], &[About::HowOften]),
    (["Reading teaching", "every day", ""], ["Teaching of reading", "twice a week", ""], &[About::HowOften]),
    (["Movement breaks", "", "5 minutes"], ["Movement break in lessons", "", "10 minutes"], &[About::HowLong]),
    (["Social skills group", "weekly", ""], ["A social skills group", "once a term", ""], &[About::HowOften]),
    (["Teaching of touch typing", "weekly", ""], ["Typing teaching", "twice a week", ""], &[About::HowOften]),
    (["Mentoring", "daily", ""], ["Mentoring by a trusted adult", "weekly", ""], &[About::HowOften]),
    (["Hydrotherapy twice a week", "", ""], ["Hydrotherapy", "once a week", ""], &[About::HowOften]),
    (["Counselling", "weekly", "50 minutes"], ["Counselling", "fortnightly", "50 minutes"], &[About::HowOften]),
    // Innocent: other things, the same amount in other words, or no amount.
    (["Reading in a small group", "weekly", ""], ["Social skills in a small group", "daily", ""], &[]),
    (["Speech and language therapy", "weekly", ""], ["Occupational therapy", "termly", ""], &[]),
    (["Physiotherapy", "once a week", "30 minutes"], ["Physiotherapy", "weekly", "half an hour"], &[]),
    (["Typing lessons", "twice a week", ""], ["Maths lessons", "daily", ""], &[]),
    (["Physiotherapy", "as needed", ""], ["Physiotherapy", "weekly", ""], &[]),
    (["A quiet room", "daily", ""], ["A laptop", "weekly", ""], &[]),
    (["Support from an adult", "daily", ""], ["Support with spelling", "weekly", ""], &[]),
    (["Teaching of phonics", "daily", "20 minutes"], ["Phonics", "every day", "20 minutes"], &[]),
    (["Visual timetable", "", ""], ["Visual timetable at home", "", ""], &[]),
    (["Swimming", "weekly", ""], ["Hydrotherapy", "twice a week", ""], &[]),
    (["Counselling", "6 times a year", ""], ["Counselling", "once each half term", ""], &[]),
    (["Training for staff", "termly", ""], ["Review of equipment", "yearly", ""], &[]),
];

#[test]
fn planted_contradictions_are_found_and_innocent_pairs_raise_no_alarm() {
    for (one, other, expected) in PROVISIONS {
        let one_report = with_provision(900, one[0], one[1], one[2]);
        let other_report = with_provision(901, other[0], other[1], other[2]);
        assert_eq!(found(&one_report, &other_report), expected, "{one:?} and {other:?}");
        assert_eq!(found(&other_report, &one_report), expected, "the other way round: {one:?} and {other:?}");
    }
}

/// Words are compared, not meanings: the same thing in quite other words is left to the reader.
#[test]
fn the_same_thing_in_quite_other_words_is_not_found() {
    let one = with_provision(900, "Precision teaching of spelling", "daily", "");
    let other = with_provision(901, "Spelling taught precisely", "weekly", "");
    assert_eq!(found(&one, &other), []);
}

#[test]
fn diagnoses_are_compared_by_what_they_are_called_anywhere() {
    use Standing::{BeingAssessed, Diagnosed, NotFound};
    let (may, june) = (Some(day(2024, 5, 1)), Some(day(2024, 6, 1)));
    for (one, other, expected) in [
        (("Autism", Diagnosed, None), ("ASD", NotFound, None), &[About::Diagnosis][..]),
        (("Autism", Diagnosed, may), ("Autistic spectrum condition", Diagnosed, june), &[About::DiagnosisDate]),
        (("ADHD", NotFound, None), ("attention deficit hyperactivity disorder", Diagnosed, may), &[About::Diagnosis]),
        (("Autism", Diagnosed, may), ("Autism", Diagnosed, may), &[]),
        (("Autism", Diagnosed, may), ("Autism", Diagnosed, None), &[]),
        (("Autism", BeingAssessed, None), ("Autism", NotFound, None), &[]),
        (("Autism", Diagnosed, None), ("Dyslexia", NotFound, None), &[]),
        (("Asthma", Diagnosed, None), ("Asthma", NotFound, None), &[About::Diagnosis]),
    ] {
        let report = |number, (name, standing, on)| with_condition(number, name, standing, on);
        assert_eq!(found(&report(900, one), &report(901, other)), expected, "{one:?} and {other:?}");
    }
}
