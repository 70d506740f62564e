//! Every refusal that can be given, at least once, with the fact in the way.

use crate::decisions::{consult, prefer, reply};
use crate::given::*;
use crate::sources::{every_source_but_refusals, variants};
use casework::advice::{self, AdviceKind, Agreement};
use casework::messages::{self, Side};
use casework::notices::{NoticeItem, NoticeKind, Recipient};
use casework::people::corrections::Answer;
use casework::people::{self, Setting};
use casework::placement::{self, ConsultationReply, Named};
use casework::plans::{self, content::Content};
use casework::recipients::{Reason, StopKind};
use casework::requests::{self, Exception, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::{Command, Refusal};
use std::collections::BTreeSet;

const TOMORROW: jiff::civil::Date = day(2026, 11, 24);

fn refused(what: &'static str, given: Vec<Step>, when: Command, refusal: Refusal) -> Row {
    row(what, given, when, Then::Refused(refusal))
}

fn opened_as(born_on: jiff::civil::Date) -> Vec<Step> {
    vec![(RECEIVED, Command::People(people::Command::OpenRecord { person: id(10), born_on }))]
}

fn people_rows() -> Vec<Row> {
    use people::Command as P;
    let p = Command::People;
    let leave = |to| p(P::LeaveSetting { placement: id(20), to });
    let out = || and(steps(Stop::Open), TODAY, p(P::RecordOutOfEducation { since: day(2026, 9, 1) }));
    vec![
        refused("a contact for a child without a record", vec![], contact(), Refusal::RecordNotOpen),
        refused(
            "a record that is open",
            steps(Stop::Open),
            p(P::OpenRecord { person: id(10), born_on: BORN }),
            Refusal::RecordAlreadyOpen,
        ),
        refused(
            "born tomorrow",
            vec![],
            p(P::OpenRecord { person: id(10), born_on: TOMORROW }),
            Refusal::BornInTheFuture,
        ),
        refused(
            "a birth date corrected to tomorrow",
            steps(Stop::Open),
            p(P::CorrectDetails { fields: vec![people::DetailField::BirthDate], born_on: Some(TOMORROW) }),
            Refusal::BornInTheFuture,
        ),
        refused(
            "a contact who is not there",
            steps(Stop::Open),
            p(P::EndContact { person: id(12) }),
            Refusal::NotOnRecord { what: "person" },
        ),
        refused(
            "no message waits for an answer",
            and(and(steps(Stop::Open), RECEIVED, message(1, Side::Family)), RECEIVED, message(2, Side::Council)),
            Command::Messages(messages::Command::Close { on: RECEIVED }),
            Refusal::NotOnRecord { what: "message that waits for an answer" },
        ),
        refused(
            "a message that was answered before it was written",
            and(steps(Stop::Open), TODAY, message(1, Side::Family)),
            Command::Messages(messages::Command::Close { on: RECEIVED }),
            Refusal::OutOfOrder { earlier: TODAY, later: RECEIVED },
        ),
        refused(
            "a held send that is not there",
            steps(Stop::Open),
            released(60, Reason::Sibling),
            Refusal::NotOnRecord { what: "held send" },
        ),
        refused(
            "another reason that is not written down",
            and(steps(Stop::Open), RECEIVED, held(60, "as it was", StopKind::OtherName)),
            released(60, Reason::Other),
            Refusal::StopWithoutReason,
        ),
        refused(
            "another child's number let go by the one who sends",
            and(steps(Stop::Open), RECEIVED, held(60, "as it was", StopKind::OtherNumber)),
            released(60, Reason::OwnDetail),
            Refusal::OwnHold,
        ),
        refused(
            "a held send that was let go before",
            and(
                and(steps(Stop::Open), RECEIVED, held(60, "as it was", StopKind::OtherName)),
                RECEIVED,
                released(60, Reason::Sibling),
            ),
            released(60, Reason::Sibling),
            Refusal::AlreadyAnswered { on: RECEIVED },
        ),
        refused(
            "a detail that is being looked at",
            and(steps(Stop::Open), TODAY, correction(1)),
            correction(2),
            Refusal::CorrectionOpen { asked_on: TODAY, answer_by: day(2026, 12, 7) },
        ),
        refused(
            "a correction that nobody asked for",
            steps(Stop::Open),
            p(P::AnswerCorrection { correction: id(1), answer: Answer::Accepted }),
            Refusal::NotOnRecord { what: "correction" },
        ),
        refused(
            "a correction that is answered",
            and(
                and(steps(Stop::Open), TODAY, correction(1)),
                TODAY,
                p(P::AnswerCorrection { correction: id(1), answer: Answer::Accepted }),
            ),
            p(P::AnswerCorrection { correction: id(1), answer: Answer::Accepted }),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused(
            "somebody of the family who does not read along is let go",
            steps(Stop::Open),
            p(P::LetFamilyGo { user: id(950) }),
            Refusal::NotOnRecord { what: "person" },
        ),
        refused(
            "joins the school they are at",
            steps(Stop::Open),
            p(P::JoinSetting { placement: id(22), setting: Setting::Establishment(urn(SCHOOL)), from: TODAY }),
            Refusal::AlreadyAtSetting,
        ),
        refused(
            "leaves a school they were never at",
            steps(Stop::Open),
            p(P::LeaveSetting { placement: id(29), to: TODAY }),
            Refusal::NotOnRecord { what: "placement" },
        ),
        refused(
            "leaves before they came",
            steps(Stop::Open),
            leave(day(2021, 8, 31)),
            Refusal::OutOfOrder { earlier: day(2021, 9, 1), later: day(2021, 8, 31) },
        ),
        refused("leaves twice", and(steps(Stop::Open), TODAY, leave(TODAY)), leave(TODAY), Refusal::PlacementEnded),
        refused(
            "out of school from tomorrow",
            steps(Stop::Open),
            p(P::RecordOutOfEducation { since: TOMORROW }),
            Refusal::InTheFuture { date: TOMORROW },
        ),
        refused(
            "back at school without having been away",
            steps(Stop::Open),
            p(P::RecordBackInEducation { on: TODAY }),
            Refusal::NotOutOfEducation,
        ),
        refused(
            "back at school before being away",
            out(),
            p(P::RecordBackInEducation { on: day(2026, 8, 31) }),
            Refusal::OutOfOrder { earlier: day(2026, 9, 1), later: day(2026, 8, 31) },
        ),
    ]
}

fn request_rows() -> Vec<Row> {
    use requests::Command as R;
    let r = Command::Requests;
    let assess = |met| r(R::DecideToAssess { test: test_met(met), notice: notice(NoticeKind::WillAssess, DECIDED) });
    let refuse = |met, second_reader| {
        r(R::DecideNotToAssess {
            test: test_met(met),
            second_reader,
            notice: notice(NoticeKind::RefusalToAssess, DECIDED),
        })
    };
    let mut short = notice(NoticeKind::RefusalToAssess, DECIDED);
    short.carries.remove(&NoticeItem::RightOfAppeal);
    short.recipients.remove(&Recipient::HealthCommissioner);
    let absent = Exception::Absent { from: day(2026, 9, 1), to: day(2026, 7, 1) };
    vec![
        refused("a request for a child without a record", vec![], receive(), Refusal::RecordNotOpen),
        refused(
            "a request received tomorrow",
            steps(Stop::Open),
            receive_from(Source::Parent, TOMORROW),
            Refusal::InTheFuture { date: TOMORROW },
        ),
        refused(
            "a request received before the child was born",
            steps(Stop::Open),
            receive_from(Source::Parent, day(2017, 5, 13)),
            Refusal::OutOfOrder { earlier: BORN, later: day(2017, 5, 13) },
        ),
        refused(
            "a second request while one is open",
            steps(Stop::Told),
            receive_from(Source::School, TODAY),
            Refusal::AlreadyOpen { received_on: RECEIVED },
        ),
        refused("a request for a child with a plan", steps(Stop::InForce), receive(), Refusal::PlanInForce),
        refused(
            "a request on the twenty-fifth birthday",
            opened_as(day(2001, 11, 23)),
            receive_from(Source::Parent, TODAY),
            Refusal::PastTwentyFive,
        ),
        refused(
            "a nine-year-old asks in their own name",
            steps(Stop::Open),
            receive_from(Source::YoungPerson, RECEIVED),
            Refusal::NotOldEnoughToAsk,
        ),
        refused("a decision without a request", steps(Stop::Open), assess(true), Refusal::NoOpenRequest),
        refused(
            "withdrawn before it was received",
            steps(Stop::Received),
            r(R::Withdraw { on: day(2026, 5, 31) }),
            Refusal::OutOfOrder { earlier: RECEIVED, later: day(2026, 5, 31) },
        ),
        refused(
            "away until before they left",
            steps(Stop::Asked),
            r(R::RecordException { exception: absent, why: id(54) }),
            Refusal::OutOfOrder { earlier: day(2026, 9, 1), later: day(2026, 7, 1) },
        ),
        refused("assessed although the test is not met", steps(Stop::Told), assess(false), Refusal::TestNotMet),
        refused("decided twice", steps(Stop::Assessing), assess(true), Refusal::AlreadyDecided { on: DECIDED }),
        refused("assessed before the family was told", steps(Stop::Received), assess(true), Refusal::FamilyNotTold),
        refused(
            "not assessed although the test is met",
            steps(Stop::Told),
            refuse(true, Some(id(901))),
            Refusal::TestIsMet,
        ),
        refused(
            "not assessed before the family was told",
            steps(Stop::Received),
            refuse(false, Some(id(901))),
            Refusal::FamilyNotTold,
        ),
        refused(
            "not assessed without a second reader",
            steps(Stop::Told),
            refuse(false, None),
            Refusal::SecondReaderMissing,
        ),
        refused(
            "the second reader is the one who decides",
            steps(Stop::Told),
            refuse(false, Some(id(OFFICER))),
            Refusal::SecondReaderMissing,
        ),
        refused(
            "a notice without the right of appeal, not sent to health",
            steps(Stop::Told),
            r(R::DecideNotToAssess { test: test_met(false), second_reader: Some(id(901)), notice: short }),
            Refusal::NoticeIncomplete {
                kind: NoticeKind::RefusalToAssess,
                items: vec![NoticeItem::RightOfAppeal],
                recipients: vec![Recipient::HealthCommissioner],
            },
        ),
        refused(
            "the wrong letter",
            steps(Stop::Received),
            r(R::TellConsidering { notice: notice(NoticeKind::WillAssess, TOLD) }),
            Refusal::WrongNotice { expected: NoticeKind::ConsideringAssessment, found: NoticeKind::WillAssess },
        ),
    ]
}

fn advice_rows() -> Vec<Row> {
    use advice::Command as A;
    let a = Command::Advice;
    let advice = ask(AdviceKind::Medical).id;
    let agreement = |adviser, authority, family| rely(Agreement { adviser, authority, family });
    let twice = A::AskAll {
        asks: vec![ask(AdviceKind::Medical), ask(AdviceKind::Medical)],
        asked_on: ASKED,
        reached_on: ASKED,
    };
    vec![
        refused("asked before it was decided to assess", steps(Stop::Told), ask_all(), Refusal::NotDecidedYet),
        refused("asked without a request", steps(Stop::Open), ask_all(), Refusal::NoOpenRequest),
        refused("asked twice", steps(Stop::Asked), ask_all(), Refusal::AdviceAlreadyAsked),
        refused("asked twice in one act", steps(Stop::Assessing), a(twice), Refusal::AdviceAlreadyAsked),
        refused(
            "relied on what was asked for anew",
            steps(Stop::Asked),
            agreement(true, true, true),
            Refusal::AdviceAlreadyAsked,
        ),
        refused(
            "reached before it was asked",
            steps(Stop::Assessing),
            a(A::AskAll { asks: vec![ask(AdviceKind::Medical)], asked_on: ASKED, reached_on: DECIDED }),
            Refusal::OutOfOrder { earlier: ASKED, later: DECIDED },
        ),
        refused(
            "the adviser does not agree",
            steps(Stop::Assessing),
            agreement(false, true, true),
            Refusal::AgreementMissing { who: "the adviser" },
        ),
        refused(
            "the authority does not agree",
            steps(Stop::Assessing),
            agreement(true, false, true),
            Refusal::AgreementMissing { who: "the authority" },
        ),
        refused(
            "the family does not agree",
            steps(Stop::Assessing),
            agreement(true, true, false),
            Refusal::AgreementMissing { who: "the family" },
        ),
        refused(
            "advice that was not asked for",
            steps(Stop::Asked),
            a(A::Chase { advice: id(299), on: TODAY }),
            Refusal::NotOnRecord { what: "request for advice" },
        ),
        refused(
            "advice that came in twice",
            steps(Stop::Advised),
            advice_in(AdviceKind::Medical),
            Refusal::AdviceAlreadyIn { on: ADVISED },
        ),
        refused(
            "chased before it was asked",
            steps(Stop::Asked),
            a(A::Chase { advice, on: DECIDED }),
            Refusal::OutOfOrder { earlier: ASKED, later: DECIDED },
        ),
        refused(
            "nothing to add, by nobody",
            steps(Stop::Asked),
            a(A::NothingToAdd { advice, named_professional: None, on: Some(ADVISED) }),
            Refusal::NameAndDateMissing,
        ),
        refused(
            "nothing to add, on no day",
            steps(Stop::Asked),
            a(A::NothingToAdd { advice, named_professional: Some(id(55)), on: None }),
            Refusal::NameAndDateMissing,
        ),
        refused(
            "decided without it, tomorrow",
            steps(Stop::Asked),
            a(A::DecideWithout { advice, why: id(56), on: TOMORROW }),
            Refusal::InTheFuture { date: TOMORROW },
        ),
    ]
}

fn plan_rows() -> Vec<Row> {
    use plans::Command as P;
    let p = Command::Plans;
    let will_issue = || p(P::DecideToIssue { on: TODAY });
    let all_but_educational = AdviceKind::Educational.label();
    let four = Command::Advice(advice::Command::AskAll {
        asks: COMPULSORY.into_iter().filter(|kind| *kind != AdviceKind::Educational).map(ask).collect(),
        asked_on: ASKED,
        reached_on: ASKED,
    });
    let mut empty = Content { views: "  ".into(), ..content() };
    empty.needs.clear();
    empty.provision[0].needs.clear();
    let early = Final { notice: notice(NoticeKind::FinalPlan, COMMENTS_UNTIL), ..Final::default() };
    let to_nobody = Final {
        notice: without(notice(NoticeKind::FinalPlan, ISSUED), Recipient::NamedInstitution),
        ..Final::default()
    };
    let commented = || and(steps(Stop::Named), TODAY, comment(600));
    let answered = || and(commented(), TODAY, answer(600, false));
    let changed = || issue_with(Final { version: 501, fingerprint: "second", ..Final::default() });
    vec![
        refused("a plan without a request", steps(Stop::Open), will_issue(), Refusal::NoOpenRequest),
        refused("a plan before it was decided to assess", steps(Stop::Told), will_issue(), Refusal::NotDecidedYet),
        refused(
            "decided twice to issue",
            steps(Stop::Drafting),
            will_issue(),
            Refusal::AlreadyDecided { on: WILL_ISSUE },
        ),
        refused(
            "the school was never asked",
            and(steps(Stop::Assessing), ASKED, four),
            will_issue(),
            Refusal::AdviceNotAsked { missing: vec![all_but_educational] },
        ),
        refused("nobody has answered", steps(Stop::Asked), will_issue(), Refusal::AdviceOutstanding { count: 5 }),
        refused(
            "no plan, with advice still out",
            steps(Stop::Asked),
            p(P::DecideNotToIssue { notice: notice(NoticeKind::NoPlan, TODAY), reasons: id(57) }),
            Refusal::AdviceOutstanding { count: 5 },
        ),
        refused(
            "a draft before it was decided to issue",
            steps(Stop::Advised),
            save(500, "first"),
            Refusal::NotDecidedYet,
        ),
        refused("a draft that was never written is sent", steps(Stop::Drafting), serve(), Refusal::NoDraft),
        refused("a comment on a draft nobody has seen", steps(Stop::Saved), comment(600), Refusal::NoDraft),
        refused(
            "an empty draft is sent",
            steps(Stop::Saved),
            p(P::ServeDraft {
                version: id(500),
                content: Box::new(empty),
                notice: notice(NoticeKind::DraftPlan, SAVED),
            }),
            Refusal::DraftIncomplete {
                problems: vec![
                    "section A has no views of the child and family".into(),
                    "section B has no special educational need".into(),
                ],
            },
        ),
        refused(
            "a comment that is not there",
            steps(Stop::Served),
            answer(601, true),
            Refusal::NotOnRecord { what: "comment" },
        ),
        refused(
            "a comment answered twice",
            answered(),
            answer(600, true),
            Refusal::AlreadyAnswered { on: day(2026, 9, 25) },
        ),
        refused("issued without a draft", steps(Stop::Drafting), issue(), Refusal::NoDraft),
        refused("issued with an open comment", commented(), issue(), Refusal::RepresentationsUnanswered { count: 1 }),
        refused(
            "issued on the last day for comments",
            steps(Stop::Named),
            issue_with(early),
            Refusal::FamilyStillHasTime { until: COMMENTS_UNTIL },
        ),
        refused("issued with section I empty", steps(Stop::Served), issue(), Refusal::PlacementNotNamed),
        refused(
            "issued with the family's choice unanswered",
            and(steps(Stop::Named), TODAY, prefer(OTHER_SCHOOL)),
            issue(),
            Refusal::PreferenceUnanswered,
        ),
        refused(
            "issued with health provision nobody agreed",
            steps(Stop::Named),
            issue_with(Final { content: content_with_health(), ..Final::default() }),
            Refusal::HealthAgreementMissing,
        ),
        refused(
            "issued with a change the family has not seen",
            and(steps(Stop::Named), TODAY, save(501, "second")),
            changed(),
            Refusal::ChangedWithoutRepresentation,
        ),
        refused(
            "issued with a change after a comment that was not accepted",
            and(answered(), TODAY, save(501, "second")),
            changed(),
            Refusal::ChangedWithoutRepresentation,
        ),
        refused(
            "the school that is named is not told",
            steps(Stop::Named),
            issue_with(to_nobody),
            Refusal::NoticeIncomplete {
                kind: NoticeKind::FinalPlan,
                items: vec![],
                recipients: vec![Recipient::NamedInstitution],
            },
        ),
    ]
}

fn placement_rows() -> Vec<Row> {
    let yes = |on| ConsultationReply::CanMeetNeeds { on };
    let consulted = || and(steps(Stop::Served), SAVED, consult(700));
    vec![
        refused("a school named without a request", steps(Stop::Open), name(at(SCHOOL)), Refusal::NoOpenRequest),
        refused("a school named before a plan is decided", steps(Stop::Told), name(at(SCHOOL)), Refusal::NotDecidedYet),
        refused("a school consulted twice", consulted(), consult(701), Refusal::AlreadyConsulted),
        refused(
            "a school that was not consulted answers",
            consulted(),
            reply(799, yes(TODAY)),
            Refusal::NotOnRecord { what: "consultation" },
        ),
        refused(
            "a school answers twice",
            and(consulted(), TODAY, reply(700, yes(TODAY))),
            reply(700, yes(TODAY)),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused(
            "a school answers before it was asked",
            consulted(),
            reply(700, yes(DECIDED)),
            Refusal::OutOfOrder { earlier: SAVED, later: DECIDED },
        ),
        refused(
            "another school than the family asked for, without a ground",
            and(steps(Stop::Served), SAVED, prefer(OTHER_SCHOOL)),
            name(at(SCHOOL)),
            Refusal::PreferenceUnanswered,
        ),
        refused(
            "no school although the family asked for one",
            and(steps(Stop::Served), SAVED, prefer(OTHER_SCHOOL)),
            Command::Placement(placement::Command::Name { named: Named::Otherwise, refusing: None, on: SAVED }),
            Refusal::PreferenceUnanswered,
        ),
    ]
}

fn review_rows() -> Vec<Row> {
    use reviews::Command as R;
    let r = Command::Reviews;
    let decide = || r(R::Decide { review: id(3), outcome: ReviewOutcome::Maintain, on: TODAY });
    let amend = || r(R::Decide { review: id(3), outcome: ReviewOutcome::Amend, on: TODAY });
    let arranged = || and(steps(Stop::InForce), TODAY, arrange());
    let held = || and(steps(Stop::InForce), TODAY, meet(3, day(2026, 11, 2)));
    vec![
        refused("a review of no plan", steps(Stop::Named), arrange(), Refusal::NoPlan),
        refused(
            "a move planned without a plan",
            steps(Stop::Open),
            r(R::PlanTransfer { transfer: Transfer { on: TODAY, to_year: 7 } }),
            Refusal::NoPlan,
        ),
        refused(
            "a review arranged twice",
            arranged(),
            arrange(),
            Refusal::ReviewAlreadyArranged { on: day(2026, 11, 30) },
        ),
        refused("decided before the meeting", arranged(), decide(), Refusal::NoReviewMeeting),
        refused(
            "a report of no meeting",
            arranged(),
            r(R::SendReport { review: id(3), on: TODAY }),
            Refusal::NoReviewMeeting,
        ),
        refused(
            "reports for no meeting",
            steps(Stop::InForce),
            r(R::CirculateAdvice { review: id(3), on: TODAY }),
            Refusal::NoReviewMeeting,
        ),
        refused(
            "changes proposed when the plan is kept",
            and(held(), TODAY, decide()),
            r(R::SendChanges { review: id(3), on: TODAY }),
            Refusal::NoAmendment,
        ),
        refused(
            "amended before the family saw the changes",
            and(held(), TODAY, amend()),
            r(R::FinishAmendment { review: id(3), amended: true, on: TODAY }),
            Refusal::ChangesNotSent,
        ),
        refused(
            "amended while the family has time to comment",
            and(and(held(), TODAY, amend()), TODAY, r(R::SendChanges { review: id(3), on: TODAY })),
            r(R::FinishAmendment { review: id(3), amended: true, on: TODAY }),
            Refusal::FamilyStillHasTimeForChanges { until: day(2026, 12, 8) },
        ),
        refused("decided twice", and(held(), TODAY, decide()), decide(), Refusal::AlreadyDecided { on: TODAY }),
        refused(
            "met before the plan was made",
            steps(Stop::InForce),
            meet(3, SAVED),
            Refusal::OutOfOrder { earlier: ISSUED, later: SAVED },
        ),
        refused("met tomorrow", steps(Stop::InForce), meet(3, TOMORROW), Refusal::InTheFuture { date: TOMORROW }),
    ]
}

fn rows() -> Vec<Row> {
    [
        people_rows(),
        request_rows(),
        advice_rows(),
        crate::signed_advice::refusals(),
        plan_rows(),
        placement_rows(),
        review_rows(),
        crate::own_voice::refused_rows(),
        crate::own_plan::refused_rows(),
        crate::facts::refused_rows(),
        crate::joins::refused_rows(),
        crate::papers::refused_rows(),
        crate::independents::refused_rows(),
        crate::visits::refused_rows(),
        crate::openings::refused_rows(),
        crate::routing::refused_rows(),
        crate::recordings::refused_rows(),
        crate::designated::refused_rows(),
    ]
    .concat()
}

#[test]
fn every_refusal_names_the_fact_in_the_way() {
    for row in rows() {
        check(&row);
    }
}

#[test]
fn every_refusal_that_the_sources_can_give_has_a_row() {
    let given: BTreeSet<String> = rows()
        .iter()
        .filter_map(|row| match &row.then {
            Then::Refused(refusal) => Some(format!("{refusal:?}")),
            Then::Happens(_) => None,
        })
        .map(|said| said.chars().take_while(|c| c.is_alphanumeric()).collect())
        .collect();
    let sources = every_source_but_refusals();
    for variant in variants("refusal.rs", "Refusal") {
        let used = sources
            .split(&format!("Refusal::{variant}"))
            .skip(1)
            .any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
        assert_eq!(used, given.contains(&variant), "`{variant}`: given by the sources, left; has a row, right");
    }
}

#[test]
fn every_refusal_is_a_sentence_that_says_what_is_in_the_way() {
    for row in rows() {
        let Then::Refused(refusal) = row.then else { continue };
        let words = refusal.to_string();
        assert!(words.starts_with(|c: char| c.is_uppercase() || c == '“' || c.is_ascii_digit()), "{words}");
        assert!(words.ends_with(['.', ')']), "{words}");
        assert!(!refusal.code().contains(' '), "{}", refusal.code());
    }
}
