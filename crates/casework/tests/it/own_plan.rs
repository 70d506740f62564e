//! What a family says for the assessment and of the draft, asks for on paper, and reads beside each
//! sentence: where it is from.

use crate::given::*;
use casework::advice::AdviceKind;
use casework::placement;
use casework::plans::content::{Citation, Content, NeedLine, ProvisionLine};
use casework::plans::sources::{self, Origin, What};
use casework::plans::{self, Pointer};
use casework::recipients::holds;
use casework::rights::{self, Assessment, Decision, Finding, Member, Representative};
use casework::tasks::{self, TaskKind};
use casework::views::{self, Question};
use casework::{AdviceId, Command, LineId, Refusal, UserId, requests};
use strum::IntoEnumIterator;

const MOTHER: u128 = 950;
const FATHER: u128 = 951;
const CHILD: u128 = 952;

fn say(number: u128, points_to: Option<Pointer>) -> Command {
    Command::Plans(plans::Command::Comment {
        representation: id(number),
        by: id(MOTHER),
        line: Some(id(420)),
        text: id(52),
        points_to,
    })
}

fn take_back(number: u128, by: u128) -> Command {
    Command::Plans(plans::Command::TakeBackComment { representation: id(number), by: id(by) })
}

fn page_four() -> Option<Pointer> {
    Some(Pointer { advice: ask(AdviceKind::Psychological).id, page: Some(4) })
}

fn said() -> Vec<Step> {
    and(steps(Stop::Served), SAVED, say(600, page_four()))
}

fn give(questions: &[Question]) -> Command {
    let answers = questions.iter().map(|question| (*question, id(54))).collect();
    Command::Requests(requests::Command::GiveViews { answers })
}

fn choose(school: u32, by: Member) -> Command {
    Command::Placement(placement::Command::AskForSetting { urn: urn(school), by })
}

fn want(by: u128) -> Command {
    Command::Papers(casework::papers::Command::AskForCopy { document: id(62), by: id(by) })
}

fn send(asked_by: Option<u128>) -> Command {
    let asked_by: Option<UserId> = asked_by.map(id);
    Command::Recipients(holds::Command::SendCopy { document: Some(id(62)), to: id(58), asked_by })
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names| row(what, given, when, Then::Happens(names));
    vec![
        happens("a mother comments on a line", steps(Stop::Served), say(600, None), &["plans.representation_recorded"]),
        happens(
            "a mother comments and points to a page",
            steps(Stop::Served),
            say(600, page_four()),
            &["plans.representation_recorded"],
        ),
        happens("a comment is sent twice", said(), say(600, page_four()), &[]),
        happens("a comment is taken back", said(), take_back(600, MOTHER), &["plans.representation_taken_back"]),
        happens(
            "a comment is taken back twice",
            and(said(), SAVED, take_back(600, MOTHER)),
            take_back(600, MOTHER),
            &[],
        ),
        happens(
            "a plan is issued when the comment was taken back",
            and(and(steps(Stop::Named), TODAY, say(600, None)), TODAY, take_back(600, MOTHER)),
            issue(),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "a mother answers two questions",
            steps(Stop::Received),
            give(&[Question::Hopes, Question::Strengths]),
            &["requests.view_given", "requests.view_given"],
        ),
        happens(
            "a mother asks for a school",
            steps(Stop::Served),
            choose(OTHER_SCHOOL, Member::Parent(id(MOTHER))),
            &["placement.preference_recorded"],
        ),
        happens(
            "she asks for the same school again",
            and(steps(Stop::Served), TODAY, choose(OTHER_SCHOOL, Member::Parent(id(MOTHER)))),
            choose(OTHER_SCHOOL, Member::Parent(id(MOTHER))),
            &[],
        ),
        happens("a mother wants a letter on paper", steps(Stop::Open), want(MOTHER), &["papers.copy_asked"]),
        happens("she asks twice", and(steps(Stop::Open), RECEIVED, want(MOTHER)), want(MOTHER), &[]),
        happens(
            "both parents want it",
            and(steps(Stop::Open), RECEIVED, want(MOTHER)),
            want(FATHER),
            &["papers.copy_asked"],
        ),
        happens(
            "it is in the post",
            and(steps(Stop::Open), RECEIVED, want(MOTHER)),
            send(Some(MOTHER)),
            &["recipients.copy_sent"],
        ),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let elsewhere = Some(Pointer { advice: id(999), page: None });
    vec![
        refused("a comment before there is a draft", steps(Stop::Saved), say(600, None), Refusal::NoDraft),
        refused(
            "a comment that points to a report of nobody",
            steps(Stop::Served),
            say(600, elsewhere),
            Refusal::NotOnRecord { what: "report" },
        ),
        refused(
            "a comment that another wrote is taken back",
            said(),
            take_back(600, FATHER),
            Refusal::NotOnRecord { what: "comment" },
        ),
        refused(
            "a comment that an officer took down is taken back",
            and(steps(Stop::Served), TODAY, comment(600)),
            take_back(600, MOTHER),
            Refusal::NotOnRecord { what: "comment" },
        ),
        refused(
            "a comment that was answered is taken back",
            and(said(), TODAY, answer(600, true)),
            take_back(600, MOTHER),
            Refusal::AlreadyAnswered { on: day(2026, 9, 25) },
        ),
        refused(
            "a comment that was taken back is answered",
            and(said(), SAVED, take_back(600, MOTHER)),
            answer(600, true),
            Refusal::NotOnRecord { what: "comment" },
        ),
        refused(
            "a plan is issued over what a mother said",
            and(steps(Stop::Named), TODAY, say(600, None)),
            issue(),
            Refusal::RepresentationsUnanswered { count: 1 },
        ),
        refused(
            "a school is asked for before there is a draft",
            steps(Stop::Saved),
            choose(OTHER_SCHOOL, Member::Parent(id(MOTHER))),
            Refusal::NoDraft,
        ),
        refused(
            "a child whose parents have the rights asks for a school",
            steps(Stop::Served),
            choose(OTHER_SCHOOL, Member::YoungPerson(id(CHILD))),
            Refusal::NotTheirsToChoose,
        ),
        refused(
            "a school that was refused is asked for again",
            and(
                and(steps(Stop::Served), TODAY, choose(OTHER_SCHOOL, Member::Parent(id(MOTHER)))),
                TODAY,
                Command::Placement(placement::Command::Name {
                    named: at(SCHOOL),
                    refusing: Some((placement::Ground::UseOfResources, id(59))),
                    on: TODAY,
                }),
            ),
            choose(OTHER_SCHOOL, Member::Parent(id(MOTHER))),
            Refusal::SchoolRefusedBefore,
        ),
        refused("views without a request", steps(Stop::Open), give(&[Question::Hopes]), Refusal::NoOpenRequest),
    ]
}

#[test]
fn only_what_nobody_answered_is_asked_and_nothing_twice() {
    use casework::people::facts::{Asking, Form, Teller};
    let all: Vec<Question> = Question::iter().collect();
    let open = |steps: &[Step]| {
        let (case, _) = after(steps);
        views::open(&case, case.live_request().expect("there is one"))
    };
    let received = || steps(Stop::Received);
    let but = |not: &[Question]| all.iter().copied().filter(|question| !not.contains(question)).collect::<Vec<_>>();
    // What the family asked for in its own words says what the worry is; what others asked does not.
    let (case, _) = after(&received());
    let request = case.live_request().expect("there is one");
    assert_eq!(request.source, requests::Source::Parent);
    assert_eq!((open(&received()).new, open(&received()).left_out), (but(&[Question::Worries]), vec![]));
    let by_school = requests::Request { source: requests::Source::School, ..request.clone() };
    assert_eq!(views::open(&case, &by_school).new, all);
    let answered = and(received(), RECEIVED, give(&[Question::Hopes, Question::Help]));
    assert_eq!(open(&answered).new, but(&[Question::Worries, Question::Hopes, Question::Help]));
    let asking = |of, on| {
        let asked = all.iter().map(|question| question.fact()).collect();
        let asking = Asking { form: Form::Views, of, on, asked, confirmed: vec![] };
        Command::People(casework::people::Command::RecordAsking { asking })
    };
    // Asked and left out: offered, and not asked again. What others were asked, or long ago, is asked.
    let left_out = open(&and(answered.clone(), RECEIVED, asking(Teller::Family, RECEIVED)));
    assert_eq!((left_out.new.len(), left_out.left_out.len()), (0, all.len() - 3));
    assert_eq!(open(&and(answered.clone(), RECEIVED, asking(Teller::School, RECEIVED))).new.len(), all.len() - 3);
    let before = law::calendar::days(RECEIVED, -1);
    assert_eq!(open(&and(answered, RECEIVED, asking(Teller::Family, before))).new.len(), all.len() - 3);
    let nothing = open(&and(received(), RECEIVED, give(&all)));
    assert_eq!(nothing, views::Open::default());
    let facts: std::collections::BTreeSet<_> = all.iter().map(|question| question.fact()).collect();
    assert_eq!(facts.len(), all.len(), "each is counted as a fact of its own");
}

#[test]
fn what_is_wanted_on_paper_is_a_task_until_it_is_in_the_post() {
    let posting = |steps: &[Step]| {
        let (case, _) = after(steps);
        tasks::open(&case, &[])
            .into_iter()
            .find(|task| task.kind == TaskKind::PostCopies)
            .map(|task| (task.due_on, task.count))
    };
    let both = and(and(steps(Stop::Open), TODAY, want(MOTHER)), TODAY, want(FATHER));
    assert_eq!(posting(&steps(Stop::Open)), None);
    // Five working days after Monday 23 November.
    assert_eq!(posting(&both), Some((Some(day(2026, 11, 30)), 2)));
    assert_eq!(
        posting(&and(both.clone(), TODAY, send(None))),
        Some((Some(day(2026, 11, 30)), 2)),
        "another copy of it"
    );
    assert_eq!(posting(&and(both.clone(), TODAY, send(Some(FATHER)))), Some((Some(day(2026, 11, 30)), 1)));
    assert_eq!(posting(&and(and(both, TODAY, send(Some(FATHER))), TODAY, send(Some(MOTHER)))), None);
}

#[test]
fn texts_are_cut_where_sentences_end() {
    for (text, expected) in [
        ("", vec![]),
        ("One.", vec!["One."]),
        ("One. Two! Three? Four", vec!["One.", "Two!", "Three?", "Four"]),
        ("At 2.5 times the rate, e.g. twice a week.", vec!["At 2.5 times the rate, e.g. twice a week."]),
        ("First line\nsecond line. Third.", vec!["First line", "second line.", "Third."]),
        ("  Spaces  .  Around ", vec!["Spaces  .", "Around"]),
        ("Ends in dots... And goes on.", vec!["Ends in dots...", "And goes on."]),
        ("Été. École à 9 h. 20 minutes.", vec!["Été.", "École à 9 h.", "20 minutes."]),
    ] {
        assert_eq!(sources::sentences(text), expected, "{text:?}");
    }
}

#[test]
fn each_sentence_says_where_it_is_from() {
    let therapist: AdviceId = id(206);
    let source = report(therapist);
    let line = LineId(therapist.0);
    let made = |text: &str, how_often: &str| ProvisionLine {
        text: text.into(),
        how_often: how_often.into(),
        ..ProvisionLine { from: vec![line], ..provision(420, "", "", "30 minutes") }
    };
    let cited = |citation| {
        let need = NeedLine { citation, ..content().needs[0].clone() };
        Content { needs: vec![need], ..Content::default() }
    };
    let named = Some(Citation { report: "Educational advice, Hollin Bank".into(), page: Some(3) });
    let of = |provision: ProvisionLine| Content { provision: vec![provision], ..Content::default() };
    let (said, changed) = (Origin::Said { advice: therapist, line }, Origin::Changed { advice: therapist, line });
    type Expected = Vec<(What, Origin)>;
    let rows: Vec<(&str, Content, LineId, Expected)> = vec![
        (
            "word for word, whatever the case and the full stop",
            of(made("therapy for  the hands.", "Once a week")),
            id(420),
            vec![(What::Sentence, said), (What::Who, said), (What::HowOften, said), (What::HowLong, said)],
        ),
        (
            "an amount and a sentence are the plan's own",
            of(made("Therapy for the hands. In a group of six.", "once a month")),
            id(420),
            vec![
                (What::Sentence, said),
                (What::Sentence, changed),
                (What::Who, said),
                (What::HowOften, changed),
                (What::HowLong, said),
            ],
        ),
        (
            "typed anew, and a report says so, and other amounts",
            of(ProvisionLine { from: vec![], ..made("Therapy for the hands", "once a month") }),
            id(420),
            vec![(What::Sentence, said), (What::Who, said), (What::HowOften, changed), (What::HowLong, said)],
        ),
        ("an officer named the page", cited(named), id(400), vec![(What::Sentence, Origin::Cited)]),
        ("nobody named anything", cited(None), id(400), vec![(What::Sentence, Origin::Unnamed)]),
    ];
    for (what, plan, line, expected) in rows {
        let found = sources::of(&plan, &[(therapist, source.clone())]);
        let parts: Vec<(What, Origin)> = found[&line].parts.iter().map(|part| (part.what, part.origin)).collect();
        assert_eq!(parts, expected, "{what}");
    }
    // What a report says and the plan leaves out is said beside it: a sentence, an amount.
    let mut longer = source.clone();
    longer.lines.provision[0].text = "Therapy for the hands. In a quiet room.".into();
    let short = ProvisionLine { how_often: String::new(), ..made("Therapy for the hands", "") };
    let found = sources::of(&of(short), &[(therapist, longer)]);
    let left_out: Vec<(What, &str)> =
        found[&id(420)].left_out.iter().map(|out| (out.what, out.text.as_str())).collect();
    assert_eq!(left_out, [(What::Sentence, "In a quiet room."), (What::HowOften, "once a week")]);
    // A plan of which no report is in lines: every sentence is marked, none is lost.
    let plan = content();
    let found = sources::of(&plan, &[]);
    assert_eq!(found.len(), 3, "a need, an outcome, a provision");
    assert!(
        found.values().flat_map(|line| &line.parts).all(|part| part.origin == Origin::Unnamed && !part.text.is_empty())
    );
}

#[test]
fn a_school_is_asked_for_by_whoever_has_the_right() {
    let (mother, father) = (Member::Parent(id(MOTHER)), Member::Parent(id(FATHER)));
    let (mut case, _) = after(&steps(Stop::Served));
    let passes_on = rights::pass_on(&case).expect("born on a day");
    let before = law::calendar::days(passes_on, -1);
    let may = |case: &casework::Case, today| {
        [mother, father, Member::YoungPerson(id(CHILD))].map(|by| rights::decides(case, Decision::Place, by, today))
    };
    assert_eq!(may(&case, before), [true, true, false], "the parents'");
    assert_eq!(may(&case, passes_on), [false, false, true], "the young person's");
    let assessed = |representative: Option<u128>| Assessment {
        id: id(90),
        decision: Decision::Place,
        finding: Finding::NotAble,
        on: passes_on,
        assessor: id(57),
        reasons: id(58),
        representative: representative.map(|user| Representative { name: id(59), user: Some(id(user)) }),
    };
    case.rights.assessments = vec![assessed(None)];
    assert_eq!(may(&case, passes_on), [true, true, false], "the parents act");
    case.rights.assessments = vec![assessed(Some(FATHER))];
    assert_eq!(may(&case, passes_on), [false, true, false], "one of them represents");
    case.born_on = None;
    assert_eq!(may(&case, passes_on), [false; 3], "nobody knows whose the rights are");
}
