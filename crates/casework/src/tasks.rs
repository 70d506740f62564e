//! What must be done next on a case. Nobody files tasks: they follow from the facts and go away
//! when the facts change.

use crate::Case;
use crate::access::Action;
use crate::advice::AdviceKind;
use crate::enquiries::routing::Desk;
use crate::enquiries::{self, Enquiry};
use crate::messages::Message;
use crate::notices::NoticeKind;
use crate::openings::{self, Opening};
use crate::papers::WantedCopy;
use crate::people::corrections::Correction;
use crate::placement::Named;
use crate::requests::{Progress, Request};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TaskKind {
    TellConsidering,
    DecideToAssess,
    AskForAdvice,
    ChaseAdvice,
    DecideToIssue,
    WriteDraft,
    SendDraft,
    AnswerRepresentations,
    AnswerPreference,
    ConsultSettings,
    NamePlacement,
    AgreeHealth,
    IssueFinalPlan,
    ArrangeReview,
    HoldReview,
    DecideReview,
    SendChanges,
    FinishAmendment,
    AssignOfficer,
    AnswerCorrections,
    AnswerMessages,
    AnswerObjections,
    AnswerNotWanted,
    TalkAboutRights,
    KeepPromises,
    PostCopies,
    AnswerQuestions,
    LookAtOpenings,
    AnswerContacts,
}

impl TaskKind {
    pub fn label(self) -> &'static str {
        match self {
            TaskKind::TellConsidering => "Tell the family you are considering an assessment",
            TaskKind::DecideToAssess => "Decide whether to assess",
            TaskKind::AskForAdvice => "Ask for advice",
            TaskKind::ChaseAdvice => "Chase advice that is late",
            TaskKind::DecideToIssue => "Decide whether to issue a plan",
            TaskKind::WriteDraft => "Write the draft plan",
            TaskKind::SendDraft => "Send the draft to the family",
            TaskKind::AnswerRepresentations => "Answer the family’s comments",
            TaskKind::AnswerPreference => "Answer the family’s choice of school",
            TaskKind::ConsultSettings => "Consult schools and colleges",
            TaskKind::NamePlacement => "Name the school or college",
            TaskKind::AgreeHealth => "Record the health commissioner’s agreement",
            TaskKind::IssueFinalPlan => "Issue the final plan",
            TaskKind::ArrangeReview => "Arrange the review meeting",
            TaskKind::HoldReview => "Hold the review meeting",
            TaskKind::DecideReview => "Decide after the review",
            TaskKind::SendChanges => "Send the family the proposed changes",
            TaskKind::FinishAmendment => "Send the amended plan",
            TaskKind::AssignOfficer => "Name an officer for this child",
            TaskKind::AnswerCorrections => "Answer what the family says is wrong",
            TaskKind::AnswerMessages => "Answer the family’s message",
            TaskKind::AnswerObjections => "Answer what an adviser objects to in the draft",
            TaskKind::AnswerNotWanted => "Answer what the young person does not want",
            TaskKind::TalkAboutRights => "Talk with the young person about making their own decisions",
            TaskKind::KeepPromises => "Do what was promised",
            TaskKind::PostCopies => "Post what the family asked for on paper",
            TaskKind::AnswerQuestions => "Answer what health or social care asks about the plan",
            TaskKind::AnswerContacts => "Answer what the front door passed on",
            TaskKind::LookAtOpenings => "Look at who opened the record in an emergency",
        }
    }

    /// The last part of the address of the page where it is done, under the child's own page.
    pub fn page(self) -> &'static str {
        match self {
            TaskKind::TellConsidering => "considering",
            TaskKind::DecideToAssess => "decide-to-assess",
            TaskKind::AskForAdvice | TaskKind::ChaseAdvice => "advice",
            TaskKind::DecideToIssue => "decide-to-issue",
            TaskKind::WriteDraft => "draft",
            TaskKind::SendDraft => "send-draft",
            TaskKind::AnswerRepresentations => "comments",
            TaskKind::AnswerPreference | TaskKind::ConsultSettings | TaskKind::NamePlacement => "placement",
            TaskKind::AgreeHealth | TaskKind::IssueFinalPlan => "issue",
            TaskKind::ArrangeReview | TaskKind::HoldReview | TaskKind::DecideReview => "review",
            TaskKind::SendChanges | TaskKind::FinishAmendment => "amendment",
            TaskKind::AssignOfficer => "officer",
            TaskKind::AnswerCorrections => "corrections",
            TaskKind::AnswerMessages => "messages",
            TaskKind::AnswerObjections => "draft/advice",
            TaskKind::AnswerNotWanted => "not-wanted",
            TaskKind::TalkAboutRights => "rights",
            TaskKind::KeepPromises | TaskKind::AnswerContacts => "contacts",
            TaskKind::PostCopies => "copy",
            TaskKind::AnswerQuestions => "questions",
            TaskKind::LookAtOpenings => "openings",
        }
    }

    /// What the access policy asks of whoever does it.
    pub fn action(self) -> Action {
        match self {
            TaskKind::TellConsidering => Action::SendNotice,
            TaskKind::DecideToAssess => Action::DecideToAssess,
            TaskKind::AskForAdvice | TaskKind::ChaseAdvice => Action::AskForAdvice,
            TaskKind::DecideToIssue => Action::DecideToIssue,
            TaskKind::WriteDraft => Action::WritePlan,
            TaskKind::SendDraft => Action::SendDraft,
            TaskKind::AnswerRepresentations => Action::AnswerRepresentation,
            TaskKind::AnswerPreference | TaskKind::NamePlacement => Action::NamePlacement,
            TaskKind::ConsultSettings => Action::ConsultSettings,
            TaskKind::AgreeHealth | TaskKind::IssueFinalPlan => Action::IssueFinalPlan,
            TaskKind::ArrangeReview
            | TaskKind::HoldReview
            | TaskKind::DecideReview
            | TaskKind::SendChanges
            | TaskKind::FinishAmendment => Action::RecordReview,
            TaskKind::AssignOfficer => Action::AssignOfficer,
            TaskKind::AnswerCorrections => Action::CorrectDetails,
            TaskKind::AnswerMessages => Action::WriteMessage,
            TaskKind::AnswerObjections | TaskKind::AnswerQuestions => Action::WritePlan,
            TaskKind::AnswerNotWanted => Action::AnswerRepresentation,
            TaskKind::TalkAboutRights => Action::RecordCapacity,
            TaskKind::KeepPromises | TaskKind::AnswerContacts => Action::NoteContact,
            TaskKind::PostCopies => Action::SendCopy,
            TaskKind::LookAtOpenings => Action::LookAtOpenings,
        }
    }
}

/// One thing to do, and by when if a date binds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub kind: TaskKind,
    pub due_on: Option<Date>,
    /// How many things of this kind (comments to answer, advisers to chase).
    pub count: u32,
}

impl TaskKind {
    /// Whether it can be done on `today`: advice can be chased only when its six weeks are over.
    /// Every other task is there to be done from the moment it is known.
    pub fn can_begin(self, due_on: Option<Date>, today: Date) -> bool {
        self != TaskKind::ChaseAdvice || due_on.is_some_and(|on| on <= today)
    }
}

/// The tasks of a case, first things first. They follow from what happened alone, never from the
/// day on which they are asked for: which can be begun is for [`TaskKind::can_begin`].
pub fn open(case: &Case, deadlines: &[law::Deadline]) -> Vec<Task> {
    let mut tasks = Vec::new();
    if case.joined_into.is_some() {
        return tasks;
    }
    let mut add = |kind, due_on, count: usize| {
        tasks.push(Task { kind, due_on, count: u32::try_from(count).unwrap_or(u32::MAX) });
    };
    let due = |rule: law::RuleId| {
        deadlines
            .iter()
            .rev()
            .find(|d| d.rule == rule && d.met_on.is_none() && d.superseded_by.is_none())
            .map(|d| d.due_on)
    };
    if case.officer.is_none() && (case.live_request().is_some() || case.plan_in_force().is_some()) {
        add(TaskKind::AssignOfficer, None, 1);
    }
    let corrections = || case.corrections.iter().filter(|correction| correction.is_open());
    if let Some(due_on) = corrections().map(Correction::answer_by).min() {
        add(TaskKind::AnswerCorrections, Some(due_on), corrections().count());
    }
    let messages = || case.messages.iter().filter(|message| message.is_waiting());
    if let Some(due_on) = messages().filter_map(Message::answer_by).min() {
        add(TaskKind::AnswerMessages, Some(due_on), messages().count());
    }
    if let Some(due_on) = case.on_file.wanted_open().map(WantedCopy::post_by).min() {
        add(TaskKind::PostCopies, Some(due_on), case.on_file.wanted_open().count());
    }
    if case.own_voice.objections_open() > 0 {
        let due_on = due(law::RuleId::ArOuterLimit12w).or_else(|| due(law::RuleId::FinalPlan20w));
        add(TaskKind::AnswerNotWanted, due_on, case.own_voice.objections_open());
    }
    if case.designated.questions_open() > 0 {
        add(TaskKind::AnswerQuestions, due(law::RuleId::FinalPlan20w), case.designated.questions_open());
    }
    let passed = || enquiries::waiting_for(case, Desk::Officer);
    if let Some(first) = passed().filter_map(Enquiry::with_them_since).min() {
        // As soon as families are promised an answer to a message.
        add(TaskKind::AnswerContacts, Some(crate::messages::answer_by(first)), passed().count());
    }
    if let Some(due_on) = openings::to_look_at(case).map(Opening::look_by).min() {
        add(TaskKind::LookAtOpenings, Some(due_on), openings::to_look_at(case).count());
    }
    if case.rights.prompted_on.is_some() && case.rights.talked_on.is_none() {
        add(TaskKind::TalkAboutRights, crate::rights::pass_on(case), 1);
    }
    let promised = || enquiries::promised(case);
    if let Some(due_on) = promised().filter_map(|enquiry| enquiry.promise).map(|promise| promise.by).min() {
        add(TaskKind::KeepPromises, Some(due_on), promised().count());
    }
    if let Some(request) = case.live_request() {
        match request.progress {
            Progress::Deciding => {
                if request.notice(NoticeKind::ConsideringAssessment).is_none() {
                    add(TaskKind::TellConsidering, Some(request.received_on), 1);
                }
                add(TaskKind::DecideToAssess, due(law::RuleId::AssessDecision6w), 1);
            }
            Progress::Assessing { decided_on } => assessing(case, request, decided_on, &due, &mut add),
            Progress::Drafting { .. } => drafting(request, &due, &mut add),
            _ => {}
        }
    }
    if case.plan_in_force().is_some() && case.live_request().is_none() {
        let review_due = due(law::RuleId::AnnualReviewNext12m).or_else(|| due(law::RuleId::AnnualReviewFirst12m));
        if let Some(review) = case.reviews.iter().rev().find(|r| r.is_amending()) {
            match review.changes_sent_on {
                None => add(TaskKind::SendChanges, due(law::RuleId::ArAmendmentNotice4w), 1),
                Some(_) => add(TaskKind::FinishAmendment, due(law::RuleId::ArOuterLimit12w), 1),
            }
        }
        match case.reviews.iter().rev().find(|r| r.decision.is_none()) {
            Some(review) if review.held => add(TaskKind::DecideReview, due(law::RuleId::ArDecision4w), 1),
            Some(review) => add(TaskKind::HoldReview, review.meeting_on, 1),
            None => add(TaskKind::ArrangeReview, review_due, 1),
        }
    }
    tasks
}

fn assessing(
    case: &Case,
    request: &Request,
    decided_on: Date,
    due: &impl Fn(law::RuleId) -> Option<Date>,
    add: &mut impl FnMut(TaskKind, Option<Date>, usize),
) {
    let missing = case
        .born_on
        .map(|born_on| AdviceKind::compulsory(born_on, decided_on))
        .unwrap_or_default()
        .into_iter()
        .filter(|kind| !request.advice.iter().any(|asked| asked.kind == *kind))
        .count();
    if missing > 0 {
        add(TaskKind::AskForAdvice, Some(decided_on), missing);
    }
    let unanswered = || request.advice.iter().filter(|asked| asked.reply.is_none());
    if let Some(first) = unanswered().map(|asked| asked.reached_on).min() {
        let late_from = law::calendar::days(law::calendar::weeks(first, 6), 1);
        add(TaskKind::ChaseAdvice, Some(late_from), unanswered().filter(|asked| asked.reached_on == first).count());
    }
    add(TaskKind::DecideToIssue, due(law::RuleId::NoPlanNotice16w), 1);
}

fn drafting(
    request: &Request,
    due: &impl Fn(law::RuleId) -> Option<Date>,
    add: &mut impl FnMut(TaskKind, Option<Date>, usize),
) {
    let final_due = due(law::RuleId::FinalPlan20w);
    if request.objections_open() > 0 {
        add(TaskKind::AnswerObjections, final_due, request.objections_open());
    }
    // Two periods of 15 days have to fit before week 20: the draft has to leave by week 14.
    let draft_due = due(law::RuleId::DraftReady14w);
    if request.served_draft().is_none() {
        let kind = if request.drafts.is_empty() { TaskKind::WriteDraft } else { TaskKind::SendDraft };
        add(kind, draft_due, 1);
        return;
    }
    if request.representations_open() > 0 {
        add(TaskKind::AnswerRepresentations, final_due, request.representations_open());
    }
    let preference_open = request
        .preference
        .is_some_and(|p| p.refused.is_none() && request.named != Some(Named::Institution { urn: p.urn }));
    if preference_open {
        add(TaskKind::AnswerPreference, final_due, 1);
    }
    if request.named.is_none() {
        if request.consultations.is_empty() {
            add(TaskKind::ConsultSettings, final_due, 1);
        }
        add(TaskKind::NamePlacement, final_due, 1);
    }
    add(TaskKind::IssueFinalPlan, final_due, 1);
}
