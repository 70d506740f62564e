//! Every command, at least once, allowed: what happens then.

use crate::given::*;
use crate::sources::variants;
use casework::advice::{self, AdviceKind, Agreement};
use casework::codes::{CeaseReason, Need, OtherSetting};
use casework::messages::{self, Side};
use casework::notices::NoticeKind;
use casework::people::corrections::Answer;
use casework::people::{self, DetailField, Relation, Setting};
use casework::placement::{self, ConsultationReply, Ground, InstitutionType, Named};
use casework::plans;
use casework::requests::{self, AssessmentTest, Exception, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::{Command, brought_in};
use std::collections::BTreeSet;

fn all_agree() -> Agreement {
    Agreement { adviser: true, authority: true, family: true }
}

fn happens(what: &'static str, given: Vec<Step>, when: Command, names: &'static [&'static str]) -> Row {
    row(what, given, when, Then::Happens(names))
}

fn people_rows() -> Vec<Row> {
    use people::Command as P;
    let open = || steps(Stop::Open);
    let p = Command::People;
    vec![
        happens(
            "a record is opened",
            vec![],
            p(P::OpenRecord { person: id(10), born_on: BORN }),
            &["people.record_opened"],
        ),
        happens(
            "a birth date is corrected",
            open(),
            p(P::CorrectDetails { fields: vec![DetailField::BirthDate], born_on: Some(day(2017, 5, 15)) }),
            &["people.details_corrected"],
        ),
        happens("nothing was corrected", open(), p(P::CorrectDetails { fields: vec![], born_on: None }), &[]),
        happens("a mother is added", open(), contact(), &["people.contact_added"]),
        happens("a mother is already there", and(open(), RECEIVED, contact()), contact(), &[]),
        happens(
            "a contact is ended",
            and(open(), RECEIVED, contact()),
            p(P::EndContact { person: id(11) }),
            &["people.contact_ended"],
        ),
        happens("a parent reads along", open(), p(P::LetFamilyIn { user: id(950) }), &["people.family_let_in"]),
        happens(
            "a parent who reads along is let in again",
            and(open(), RECEIVED, p(P::LetFamilyIn { user: id(950) })),
            p(P::LetFamilyIn { user: id(950) }),
            &[],
        ),
        happens(
            "a parent no longer reads along",
            and(open(), RECEIVED, p(P::LetFamilyIn { user: id(950) })),
            p(P::LetFamilyGo { user: id(950) }),
            &["people.family_let_go"],
        ),
        happens("a parent says that a detail is wrong", open(), correction(1), &["people.correction_asked"]),
        happens(
            "what the family says is put right",
            and(open(), RECEIVED, correction(1)),
            p(P::AnswerCorrection { correction: id(1), answer: Answer::Accepted }),
            &["people.correction_answered"],
        ),
        happens(
            "what the family says is answered with a reason",
            and(open(), RECEIVED, correction(1)),
            p(P::AnswerCorrection { correction: id(1), answer: Answer::Kept { reasons: id(53) } }),
            &["people.correction_answered"],
        ),
        happens(
            "another detail is wrong too, and the first again after its answer",
            and(
                and(open(), RECEIVED, correction(1)),
                RECEIVED,
                p(P::AnswerCorrection { correction: id(1), answer: Answer::Accepted }),
            ),
            correction(2),
            &["people.correction_asked"],
        ),
        happens("an officer is named", open(), p(P::AssignOfficer { officer: id(901) }), &["people.officer_assigned"]),
        happens(
            "the same officer is named again",
            and(open(), RECEIVED, p(P::AssignOfficer { officer: id(901) })),
            p(P::AssignOfficer { officer: id(901) }),
            &[],
        ),
        happens(
            "a child joins another school",
            open(),
            p(P::JoinSetting { placement: id(21), setting: Setting::Establishment(urn(OTHER_SCHOOL)), from: TODAY }),
            &["people.setting_joined"],
        ),
        happens(
            "a child is taught at home",
            open(),
            p(P::JoinSetting { placement: id(22), setting: Setting::Elsewhere(OtherSetting::Ehe), from: TODAY }),
            &["people.setting_joined"],
        ),
        happens(
            "a child leaves a school",
            open(),
            p(P::LeaveSetting { placement: id(20), to: TODAY }),
            &["people.setting_left"],
        ),
        happens(
            "a child is out of school",
            open(),
            p(P::RecordOutOfEducation { since: day(2026, 9, 1) }),
            &["people.out_of_education"],
        ),
        happens(
            "a child is back at school",
            and(open(), TODAY, p(P::RecordOutOfEducation { since: day(2026, 9, 1) })),
            p(P::RecordBackInEducation { on: TODAY }),
            &["people.back_in_education"],
        ),
        happens("needs are recorded", open(), needs(Need::Slcn), &["people.needs_recorded"]),
        happens("the same needs again", and(open(), RECEIVED, needs(Need::Slcn)), needs(Need::Slcn), &[]),
    ]
}

fn message_rows() -> Vec<Row> {
    use messages::Command as M;
    let open = || steps(Stop::Open);
    let asked = || and(open(), RECEIVED, message(1, Side::Family));
    let m = Command::Messages;
    vec![
        happens("a parent writes", open(), message(1, Side::Family), &["messages.written"]),
        happens("a message is sent twice", asked(), message(1, Side::Family), &[]),
        happens("the council answers", asked(), message(2, Side::Council), &["messages.written"]),
        happens("a message needs no answer in writing", asked(), m(M::Close { on: RECEIVED }), &["messages.closed"]),
    ]
}

fn recipient_rows() -> Vec<Row> {
    use casework::recipients::holds::Command as H;
    use casework::recipients::{Reason, Sending, StopKind};
    let open = || steps(Stop::Open);
    let stopped = || and(open(), RECEIVED, held(60, "as it was", StopKind::OtherName));
    let h = Command::Recipients;
    vec![
        happens("a send is held", open(), held(60, "as it was", StopKind::OtherName), &["recipients.send_held"]),
        happens("the same send is tried again", stopped(), held(61, "as it was", StopKind::OtherName), &[]),
        happens(
            "another send is held too",
            stopped(),
            held(61, "changed", StopKind::OtherNumber),
            &["recipients.send_held"],
        ),
        happens("a held send is let go", stopped(), released(60, Reason::Sibling), &["recipients.hold_released"]),
        happens(
            "it is put right",
            stopped(),
            h(H::PutRight { sending: Sending::Message }),
            &["recipients.hold_put_right"],
        ),
        happens("nothing was held of this kind", stopped(), h(H::PutRight { sending: Sending::Draft }), &[]),
        happens(
            "a copy is sent",
            open(),
            h(H::SendCopy { document: Some(id(62)), to: id(58), asked_by: None }),
            &["recipients.copy_sent"],
        ),
    ]
}

fn request_rows() -> Vec<Row> {
    use requests::Command as R;
    let r = Command::Requests;
    let exception = |exception| r(R::RecordException { exception, why: id(54) });
    let (from, to) = (day(2026, 7, 20), day(2026, 9, 1));
    let closed = Exception::SchoolClosed { from, reopens: to };
    let mut rows = vec![
        happens(
            "the family is told that an assessment is considered",
            steps(Stop::Received),
            r(R::TellConsidering { notice: notice(NoticeKind::ConsideringAssessment, TOLD) }),
            &["requests.notice_sent"],
        ),
        happens(
            "it is decided to assess",
            steps(Stop::Told),
            r(R::DecideToAssess { test: test_met(true), notice: notice(NoticeKind::WillAssess, DECIDED) }),
            &["requests.decided_to_assess", "requests.notice_sent"],
        ),
        happens(
            "it is decided not to assess",
            steps(Stop::Told),
            r(R::DecideNotToAssess {
                test: test_met(false),
                second_reader: Some(id(901)),
                notice: notice(NoticeKind::RefusalToAssess, DECIDED),
            }),
            &["requests.decided_not_to_assess", "requests.notice_sent"],
        ),
        happens(
            "neither part of the test is met",
            steps(Stop::Told),
            r(R::DecideNotToAssess {
                test: AssessmentTest { may_have_needs: finding(false), may_need_plan: finding(false) },
                second_reader: Some(id(901)),
                notice: notice(NoticeKind::RefusalToAssess, DECIDED),
            }),
            &["requests.decided_not_to_assess", "requests.notice_sent"],
        ),
        happens("the family withdraws", steps(Stop::Asked), r(R::Withdraw { on: TODAY }), &["requests.withdrawn"]),
        happens(
            "the school was closed for six weeks",
            steps(Stop::Asked),
            exception(closed),
            &["requests.exception_recorded"],
        ),
        happens(
            "the same closure is told twice",
            and(steps(Stop::Asked), TODAY, exception(closed)),
            exception(closed),
            &[],
        ),
        happens(
            "the nursery was closed for six weeks",
            steps(Stop::Asked),
            exception(Exception::EarlyYearsClosed { from, reopens: to }),
            &["requests.exception_recorded"],
        ),
        happens(
            "the family had exceptional circumstances",
            steps(Stop::Asked),
            exception(Exception::PersonalCircumstances { from }),
            &["requests.exception_recorded"],
        ),
        happens(
            "the family was away for six weeks",
            steps(Stop::Asked),
            exception(Exception::Absent { from, to }),
            &["requests.exception_recorded"],
        ),
        happens(
            "a second request follows one that was withdrawn",
            and(steps(Stop::Received), TODAY, r(R::Withdraw { on: TODAY })),
            receive_from(Source::School, TODAY),
            &["requests.received"],
        ),
    ];
    for source in [Source::Parent, Source::School, Source::Health, Source::SocialCare, Source::Other] {
        rows.push(happens(
            "a request is received",
            steps(Stop::Open),
            receive_from(source, RECEIVED),
            &["requests.received"],
        ));
    }
    let young =
        vec![(RECEIVED, Command::People(people::Command::OpenRecord { person: id(10), born_on: day(2008, 5, 14) }))];
    rows.push(happens(
        "a young person of eighteen asks",
        young,
        receive_from(Source::YoungPerson, TODAY),
        &["requests.received"],
    ));
    rows
}

fn advice_rows() -> Vec<Row> {
    use advice::Command as A;
    let a = Command::Advice;
    let advice = ask(AdviceKind::Medical).id;
    vec![
        happens("everyone is asked", steps(Stop::Assessing), ask_all(), &["advice.asked"; 5]),
        happens(
            "one more adviser is asked while the draft is written",
            steps(Stop::Drafting),
            a(A::AskAll { asks: vec![ask(AdviceKind::FamilyRequested)], asked_on: TODAY, reached_on: TODAY }),
            &["advice.asked"],
        ),
        happens(
            "all three agree that earlier advice is enough",
            steps(Stop::Assessing),
            rely(all_agree()),
            &["advice.asked", "advice.replied"],
        ),
        happens("an adviser is chased", steps(Stop::Asked), a(A::Chase { advice, on: ADVISED }), &["advice.chased"]),
        happens("advice comes in", steps(Stop::Asked), advice_in(AdviceKind::Medical), &["advice.replied"]),
        happens(
            "known, nothing to add",
            steps(Stop::Asked),
            a(A::NothingToAdd { advice, named_professional: Some(id(55)), on: Some(ADVISED) }),
            &["advice.replied"],
        ),
        happens(
            "known, nothing to add, said before this request",
            steps(Stop::Asked),
            a(A::NothingToAdd { advice, named_professional: Some(id(55)), on: Some(day(2025, 3, 3)) }),
            &["advice.replied"],
        ),
        happens(
            "it is decided without this advice",
            steps(Stop::Asked),
            a(A::DecideWithout { advice, why: id(56), on: ADVISED }),
            &["advice.replied"],
        ),
    ]
}

fn plan_rows() -> Vec<Row> {
    use plans::Command as P;
    let p = Command::Plans;
    let commented = || and(steps(Stop::Named), TODAY, comment(600));
    let agreed = || and(commented(), TODAY, answer(600, true));
    let with_health = Final { content: content_with_health(), ..Final::default() };
    let early = Final { early: true, notice: notice(NoticeKind::FinalPlan, COMMENTS_UNTIL), ..Final::default() };
    let mut nobody_named = notice(NoticeKind::FinalPlan, ISSUED);
    nobody_named.recipients = NoticeKind::FinalPlan.recipients(true);
    nobody_named = without(nobody_named, casework::notices::Recipient::NamedInstitution);
    vec![
        happens(
            "a plan will be issued",
            steps(Stop::Advised),
            p(P::DecideToIssue { on: TODAY }),
            &["plans.decided_to_issue"],
        ),
        happens(
            "no plan will be issued",
            steps(Stop::Advised),
            p(P::DecideNotToIssue { notice: notice(NoticeKind::NoPlan, TODAY), reasons: id(57) }),
            &["plans.decided_not_to_issue", "requests.notice_sent"],
        ),
        happens("a draft is saved", steps(Stop::Drafting), save(500, "first"), &["plans.draft_saved"]),
        happens("the same draft is saved again", steps(Stop::Saved), save(501, "first"), &[]),
        happens("the draft is sent", steps(Stop::Saved), serve(), &["plans.draft_served", "requests.notice_sent"]),
        happens("the family comments", steps(Stop::Served), comment(600), &["plans.representation_recorded"]),
        happens("a comment is accepted", commented(), answer(600, true), &["plans.representation_answered"]),
        happens("a comment is not accepted", commented(), answer(600, false), &["plans.representation_answered"]),
        happens(
            "health agrees",
            steps(Stop::Drafting),
            p(P::RecordHealthAgreement { on: TODAY }),
            &["plans.health_agreed"],
        ),
        happens(
            "the plan is issued",
            steps(Stop::Named),
            issue(),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "the plan is issued early because the family agreed",
            steps(Stop::Named),
            issue_with(early),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "the plan is issued with the change the family asked for",
            and(agreed(), TODAY, save(501, "second")),
            issue_with(Final { version: 501, fingerprint: "second", ..Final::default() }),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "the plan is issued with health provision that was agreed",
            and(steps(Stop::Named), TODAY, p(P::RecordHealthAgreement { on: TODAY })),
            issue_with(with_health),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens(
            "a plan that names no institution has none to notify",
            and(steps(Stop::Served), SAVED, name(Named::Otherwise)),
            issue_with(Final { notice: nobody_named, ..Final::default() }),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
    ]
}

pub fn prefer(number: u32) -> Command {
    Command::Placement(placement::Command::RecordPreference { urn: urn(number), on: SAVED })
}

pub fn consult(number: u128) -> Command {
    Command::Placement(placement::Command::Consult { consultation: id(number), urn: urn(OTHER_SCHOOL), sent_on: SAVED })
}

pub fn reply(number: u128, reply: ConsultationReply) -> Command {
    Command::Placement(placement::Command::RecordReply { consultation: id(number), reply })
}

fn placement_rows() -> Vec<Row> {
    let on = day(2026, 9, 21);
    let no = ConsultationReply::Cannot { ground: Ground::Unsuitable, reasons: id(58), on };
    let refusing =
        placement::Command::Name { named: at(SCHOOL), refusing: Some((Ground::UseOfResources, id(59))), on: SAVED };
    vec![
        happens(
            "the family asks for a school",
            steps(Stop::Served),
            prefer(OTHER_SCHOOL),
            &["placement.preference_recorded"],
        ),
        happens("a school is consulted", steps(Stop::Served), consult(700), &["placement.consulted"]),
        happens(
            "a school says yes",
            and(steps(Stop::Served), SAVED, consult(700)),
            reply(700, ConsultationReply::CanMeetNeeds { on }),
            &["placement.replied"],
        ),
        happens(
            "a school says no, on a ground",
            and(steps(Stop::Served), SAVED, consult(700)),
            reply(700, no),
            &["placement.replied"],
        ),
        happens("a school is named", steps(Stop::Served), name(at(SCHOOL)), &["placement.named"]),
        happens("the same school is named again", steps(Stop::Named), name(at(SCHOOL)), &[]),
        happens(
            "only a type is named",
            steps(Stop::Served),
            name(Named::TypeOnly { kind: InstitutionType::Special }),
            &["placement.named"],
        ),
        happens(
            "education otherwise than at school is named",
            steps(Stop::Served),
            name(Named::Otherwise),
            &["placement.named"],
        ),
        happens(
            "the school the family asked for is named",
            and(steps(Stop::Served), SAVED, prefer(OTHER_SCHOOL)),
            name(at(OTHER_SCHOOL)),
            &["placement.named"],
        ),
        happens(
            "another school than the family asked for is named, on a ground",
            and(steps(Stop::Served), SAVED, prefer(OTHER_SCHOOL)),
            Command::Placement(refusing),
            &["placement.preference_refused", "placement.named"],
        ),
    ]
}

fn review_rows() -> Vec<Row> {
    use reviews::Command as R;
    let r = Command::Reviews;
    let held = || and(steps(Stop::InForce), TODAY, meet(3, day(2026, 11, 2)));
    let decided = |outcome| r(R::Decide { review: id(3), outcome, on: TODAY });
    let amending = |on| {
        let decided = r(R::Decide { review: id(3), outcome: ReviewOutcome::Amend, on });
        and(and(held(), TODAY, decided), TODAY, r(R::SendChanges { review: id(3), on }))
    };
    vec![
        happens("a review is arranged", steps(Stop::InForce), arrange(), &["reviews.arranged"]),
        happens(
            "reports go round before the meeting",
            and(steps(Stop::InForce), TODAY, arrange()),
            r(R::CirculateAdvice { review: id(3), on: TODAY }),
            &["reviews.advice_circulated"],
        ),
        happens("a meeting is held", steps(Stop::InForce), meet(3, TODAY), &["reviews.meeting_held"]),
        happens(
            "the report of the meeting is sent",
            held(),
            r(R::SendReport { review: id(3), on: TODAY }),
            &["reviews.report_sent"],
        ),
        happens("the plan is kept", held(), decided(ReviewOutcome::Maintain), &["reviews.decided"]),
        happens("the plan will be amended", held(), decided(ReviewOutcome::Amend), &["reviews.decided"]),
        happens(
            "the proposed changes are sent",
            and(held(), TODAY, decided(ReviewOutcome::Amend)),
            r(R::SendChanges { review: id(3), on: TODAY }),
            &["reviews.changes_sent"],
        ),
        happens(
            "the amended plan is sent after the family's 15 days",
            amending(day(2026, 11, 5)),
            r(R::FinishAmendment { review: id(3), amended: true, on: day(2026, 11, 21) }),
            &["reviews.amendment_finished"],
        ),
        happens(
            "the plan stays as it was after all",
            amending(TODAY),
            r(R::FinishAmendment { review: id(3), amended: false, on: TODAY }),
            &["reviews.amendment_finished"],
        ),
        happens("the plan will end", held(), decided(ReviewOutcome::Cease), &["reviews.decided"]),
        happens(
            "a move to secondary school is planned",
            steps(Stop::InForce),
            r(R::PlanTransfer { transfer: Transfer { on: day(2028, 9, 1), to_year: 7 } }),
            &["reviews.transfer_planned"],
        ),
    ]
}

/// A history with something of everything.
pub fn history() -> brought_in::History {
    brought_in::History {
        person: id(10),
        born_on: BORN,
        needs: Some((Need::Asd, Some(Need::Slcn))),
        requests: vec![brought_in::PastRequest {
            id: id(1),
            received_on: day(2023, 1, 9),
            source: Source::School,
            outcome: brought_in::PastOutcome::Issued { decided_on: Some(day(2023, 2, 13)), on: day(2023, 5, 22) },
            exception: true,
            disputed: true,
        }],
        plans: vec![brought_in::PastPlan {
            id: id(2),
            first_made_on: day(2023, 5, 22),
            issued_on: day(2025, 7, 1),
            named: Some(at(SCHOOL)),
            from_area: Some("333".into()),
            ended: Some((day(2026, 7, 20), CeaseReason::MovedArea)),
        }],
        placements: vec![
            brought_in::PastPlacement {
                id: id(20),
                setting: Setting::Establishment(urn(SCHOOL)),
                from: day(2021, 9, 1),
                to: Some(day(2026, 7, 20)),
            },
            brought_in::PastPlacement {
                id: id(21),
                setting: Setting::Elsewhere(OtherSetting::Neet),
                from: day(2026, 9, 1),
                to: None,
            },
        ],
        reviews: vec![
            brought_in::PastReview {
                id: id(3),
                meeting_on: Some(day(2025, 5, 1)),
                decided_on: Some(day(2025, 5, 20)),
                outcome: Some(ReviewOutcome::Maintain),
            },
            brought_in::PastReview {
                id: id(4),
                meeting_on: Some(day(2026, 11, 2)),
                decided_on: Some(day(2026, 11, 20)),
                outcome: Some(ReviewOutcome::Amend),
            },
        ],
        transfer: Some(Transfer { on: day(2028, 9, 1), to_year: 7 }),
        transfer_plan_sent_on: Some(day(2026, 2, 13)),
    }
}

fn brought_in_rows() -> Vec<Row> {
    let mut undisputed = history();
    undisputed.requests[0].disputed = false;
    vec![
        happens(
            "ten years of history are brought in",
            vec![],
            Command::BroughtIn(Box::new(history())),
            &[
                "people.record_opened",
                "people.needs_recorded",
                "requests.received",
                "brought_in.request_ended",
                "brought_in.plan_held",
                "brought_in.plan_ended",
                "people.setting_joined",
                "people.setting_left",
                "people.setting_joined",
                "people.out_of_education",
                "brought_in.review_completed",
                "reviews.meeting_held",
                "reviews.decided",
                "reviews.transfer_planned",
                "brought_in.transfer_plan_sent",
            ],
        ),
        happens(
            "a request that is on record was disputed since",
            vec![(TODAY, Command::BroughtIn(Box::new(undisputed)))],
            Command::BroughtIn(Box::new(history())),
            &["brought_in.request_disputed"],
        ),
    ]
}

pub fn rows() -> Vec<Row> {
    [
        people_rows(),
        request_rows(),
        advice_rows(),
        crate::signed_advice::rows(),
        plan_rows(),
        placement_rows(),
        review_rows(),
        message_rows(),
        crate::facts::allowed_rows(),
        crate::own_voice::rows(),
        crate::own_plan::rows(),
        recipient_rows(),
        crate::papers::rows(),
        crate::independents::rows(),
        crate::visits::rows(),
        crate::openings::rows(),
        crate::routing::rows(),
        crate::recordings::rows(),
        brought_in_rows(),
        crate::joins::allowed_rows(),
        crate::designated::rows(),
    ]
    .concat()
}

#[test]
fn every_allowed_command_makes_true_what_its_row_says() {
    for row in rows() {
        check(&row);
    }
}

/// `Requests(Receive { … })` gives `Requests.Receive`.
fn command_name(command: &Command) -> String {
    let said = format!("{command:?}");
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let room = words.next().unwrap_or_default();
    if room == "BroughtIn" { room.to_owned() } else { format!("{room}.{}", words.next().unwrap_or_default()) }
}

#[test]
fn every_command_has_a_row_in_which_it_is_allowed() {
    let done: BTreeSet<String> = rows().iter().map(|row| command_name(&row.when)).collect();
    for (room, path) in [
        ("People", "people/mod.rs"),
        ("Requests", "requests.rs"),
        ("Advice", "advice/mod.rs"),
        ("Plans", "plans/mod.rs"),
        ("Placement", "placement.rs"),
        ("Reviews", "reviews.rs"),
        ("Messages", "messages.rs"),
        ("OwnVoice", "own_voice.rs"),
        ("Papers", "papers.rs"),
        ("Rights", "rights.rs"),
        ("Recipients", "recipients/holds.rs"),
        ("Enquiries", "enquiries/mod.rs"),
        ("Joins", "joins.rs"),
        ("Independents", "independents.rs"),
        ("Visits", "visits.rs"),
        ("Designated", "designated/mod.rs"),
    ] {
        for variant in variants(path, "Command") {
            let name = format!("{room}.{variant}");
            assert!(done.contains(&name), "no row allows `{name}`: {done:?}");
        }
    }
}

#[test]
fn relations_and_labels_are_said_in_plain_words() {
    use strum::IntoEnumIterator;
    for relation in Relation::iter() {
        assert!(!relation.label().is_empty());
    }
}
