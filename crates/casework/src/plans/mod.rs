//! From the decision to issue a plan to the final plan, and what the family says on the way.
//!
//! Children and Families Act 2014 sections 37 to 39; SEND Regulations 2014 regulations 10 to 14.
//! Content lives in immutable versions beside the journal ([`content::Content`]); events carry the
//! version's id and fingerprint, so that what was sent can be proved.

pub mod checks;
pub mod content;
pub mod sources;

use crate::advice::{self, report::Report};
use crate::notices::{Notice, NoticeKind};
use crate::placement::Named;
use crate::requests::{self, Progress, Request, in_order, set_progress};
use crate::{AdviceId, Case, Context, LineId, PlanId, Refusal, RepresentationId, TextId, UserId, VersionId};
use content::Content;
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};

/// BLAKE3 of a version's canonical JSON.
pub type Fingerprint = String;

/// One saved version of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub version: VersionId,
    pub fingerprint: Fingerprint,
    pub saved_on: Date,
    pub served_on: Option<Date>,
    /// Last day on which the family may comment (regulation 13(1)(a)).
    pub comments_until: Option<Date>,
}

/// How a comment was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepresentationAnswer {
    pub accepted: bool,
    pub reasons: TextId,
    pub on: Date,
}

/// A place in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    pub advice: AdviceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// A comment by the family on the draft, on one line or on the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representation {
    pub id: RepresentationId,
    pub line: Option<LineId>,
    pub text: TextId,
    pub on: Date,
    pub answer: Option<RepresentationAnswer>,
    /// Who of the family wrote it on screen; none for what an officer took down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// The report that they point to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points_to: Option<Pointer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_on: Option<Date>,
}

impl Representation {
    /// Whether it waits for its answer.
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && self.taken_back_on.is_none()
    }
}

/// A plan in force or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub id: PlanId,
    pub first_made_on: Date,
    pub issued_on: Date,
    /// None for a plan brought in without its text.
    pub version: Option<VersionId>,
    pub named: Option<Named>,
    pub ended: Option<Ended>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub on: Date,
    pub reason: crate::codes::CeaseReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    DecideToIssue {
        on: Date,
    },
    DecideNotToIssue {
        notice: Notice,
        reasons: TextId,
    },
    SaveDraft {
        version: VersionId,
        content: Box<Content>,
        fingerprint: Fingerprint,
    },
    /// Send the draft to the family: the 15 days begin.
    ServeDraft {
        version: VersionId,
        content: Box<Content>,
        notice: Notice,
    },
    RecordRepresentation {
        representation: RepresentationId,
        line: Option<LineId>,
        text: TextId,
        on: Date,
    },
    /// Somebody of the family comments on the draft themselves.
    Comment {
        representation: RepresentationId,
        by: UserId,
        line: Option<LineId>,
        text: TextId,
        points_to: Option<Pointer>,
    },
    /// They take back what has no answer yet.
    TakeBackComment {
        representation: RepresentationId,
        by: UserId,
    },
    AnswerRepresentation {
        representation: RepresentationId,
        accepted: bool,
        reasons: TextId,
        on: Date,
    },
    /// The integrated care board agrees the provision in section G (regulation 12(2)).
    RecordHealthAgreement {
        on: Date,
    },
    IssueFinal {
        plan: PlanId,
        version: VersionId,
        content: Box<Content>,
        fingerprint: Fingerprint,
        notice: Notice,
        /// What the advisers signed, as far as it is in lines.
        reports: Vec<(AdviceId, Report)>,
        /// The family agreed in writing that the plan may be issued before their 15 days are over.
        family_agreed_early: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    DecidedToIssue {
        on: Date,
    },
    DecidedNotToIssue {
        on: Date,
        reasons: TextId,
    },
    DraftSaved {
        version: VersionId,
        fingerprint: Fingerprint,
        on: Date,
    },
    DraftServed {
        version: VersionId,
        sent_on: Date,
        served_on: Date,
        comments_until: Date,
    },
    RepresentationRecorded {
        representation: RepresentationId,
        line: Option<LineId>,
        text: TextId,
        on: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points_to: Option<Pointer>,
    },
    RepresentationTakenBack {
        representation: RepresentationId,
        on: Date,
    },
    RepresentationAnswered {
        representation: RepresentationId,
        accepted: bool,
        reasons: TextId,
        on: Date,
    },
    HealthAgreed {
        on: Date,
    },
    FinalPlanIssued {
        plan: PlanId,
        version: VersionId,
        fingerprint: Fingerprint,
        named: Named,
        on: Date,
    },
}

/// What a plan command makes true: its own events and the notice that goes with them.
pub(crate) enum Outcome {
    Plan(Event),
    Notice(requests::Event),
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Outcome>, Refusal> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    match command {
        Command::DecideToIssue { on } => {
            let decided_on = assessing(request)?;
            in_order(decided_on, on, ctx)?;
            enough_advice(case, request, decided_on)?;
            Ok(vec![Outcome::Plan(Event::DecidedToIssue { on })])
        }
        Command::DecideNotToIssue { notice, reasons } => {
            let decided_on = assessing(request)?;
            notice.check(NoticeKind::NoPlan, case.attends_setting(), ctx)?;
            in_order(decided_on, notice.sent_on, ctx)?;
            enough_advice(case, request, decided_on)?;
            let on = notice.sent_on;
            Ok(vec![
                Outcome::Plan(Event::DecidedNotToIssue { on, reasons }),
                Outcome::Notice(requests::Event::NoticeSent { notice }),
            ])
        }
        Command::SaveDraft { version, fingerprint, .. } => {
            drafting(request)?;
            if request.working_draft().is_some_and(|draft| draft.fingerprint == fingerprint) {
                return Ok(vec![]);
            }
            Ok(vec![Outcome::Plan(Event::DraftSaved { version, fingerprint, on: ctx.today })])
        }
        Command::ServeDraft { version, content, notice } => {
            let decided_on = drafting(request)?;
            request.draft(version).ok_or(Refusal::NoDraft)?;
            notice.check(NoticeKind::DraftPlan, case.attends_setting(), ctx)?;
            in_order(decided_on, notice.sent_on, ctx)?;
            complete(&content, case, notice.sent_on)?;
            let served_on = notice.served_on();
            let comments_until = law::calendar::days_beg(served_on, 15);
            Ok(vec![
                Outcome::Plan(Event::DraftServed { version, sent_on: notice.sent_on, served_on, comments_until }),
                Outcome::Notice(requests::Event::NoticeSent { notice }),
            ])
        }
        Command::RecordRepresentation { representation, line, text, on } => {
            drafting(request)?;
            let served = request.served_draft().ok_or(Refusal::NoDraft)?;
            in_order(served.saved_on, on, ctx)?;
            let (by, points_to) = (None, None);
            Ok(vec![Outcome::Plan(Event::RepresentationRecorded { representation, line, text, on, by, points_to })])
        }
        Command::Comment { representation, by, line, text, points_to } => {
            if request.representations.iter().any(|known| known.id == representation) {
                // Sent twice: it was said once.
                return Ok(vec![]);
            }
            drafting(request)?;
            request.served_draft().ok_or(Refusal::NoDraft)?;
            if points_to.is_some_and(|place| request.advice.iter().all(|asked| asked.id != place.advice)) {
                return Err(Refusal::NotOnRecord { what: "report" });
            }
            let (on, by) = (ctx.today, Some(by));
            Ok(vec![Outcome::Plan(Event::RepresentationRecorded { representation, line, text, on, by, points_to })])
        }
        Command::TakeBackComment { representation, by } => {
            let found = find(request, representation)?;
            if found.by != Some(by) {
                return Err(Refusal::NotOnRecord { what: "comment" });
            }
            match (found.answer, found.taken_back_on) {
                (Some(answer), _) => Err(Refusal::AlreadyAnswered { on: answer.on }),
                (None, Some(_)) => Ok(vec![]),
                (None, None) => {
                    Ok(vec![Outcome::Plan(Event::RepresentationTakenBack { representation, on: ctx.today })])
                }
            }
        }
        Command::AnswerRepresentation { representation, accepted, reasons, on } => {
            drafting(request)?;
            let found = find(request, representation)?;
            if let Some(answer) = found.answer {
                return Err(Refusal::AlreadyAnswered { on: answer.on });
            }
            if found.taken_back_on.is_some() {
                return Err(Refusal::NotOnRecord { what: "comment" });
            }
            in_order(found.on, on, ctx)?;
            Ok(vec![Outcome::Plan(Event::RepresentationAnswered { representation, accepted, reasons, on })])
        }
        Command::RecordHealthAgreement { on } => {
            let decided_on = drafting(request)?;
            in_order(decided_on, on, ctx)?;
            Ok(vec![Outcome::Plan(Event::HealthAgreed { on })])
        }
        Command::IssueFinal { plan, version, content, fingerprint, notice, reports, family_agreed_early } => {
            drafting(request)?;
            let issuing = Issuing {
                version,
                content: &content,
                fingerprint: &fingerprint,
                sent_on: notice.sent_on,
                reports: &reports,
                family_agreed_early,
            };
            if let Some(first) = in_the_way_of_issuing(case, request, &issuing).into_iter().next() {
                return Err(first);
            }
            let served = request.served_draft().ok_or(Refusal::NoDraft)?;
            let named = request.named.ok_or(Refusal::PlacementNotNamed)?;
            let attends = matches!(named, Named::Institution { .. });
            let mut expected = notice.clone();
            if !attends {
                // No institution is named, so there is none to notify.
                expected.recipients.insert(crate::notices::Recipient::NamedInstitution);
            }
            expected.check(NoticeKind::FinalPlan, case.attends_setting(), ctx)?;
            in_order(served.saved_on, notice.sent_on, ctx)?;
            let on = notice.sent_on;
            Ok(vec![
                Outcome::Plan(Event::FinalPlanIssued { plan, version, fingerprint, named, on }),
                Outcome::Notice(requests::Event::NoticeSent { notice }),
            ])
        }
    }
}

/// What someone wants to issue as the final plan, and when.
#[derive(Debug, Clone, Copy)]
pub struct Issuing<'a> {
    pub version: VersionId,
    pub content: &'a Content,
    pub fingerprint: &'a str,
    pub sent_on: Date,
    /// What the advisers signed: every version that counts.
    pub reports: &'a [(AdviceId, Report)],
    pub family_agreed_early: bool,
}

/// Everything that stands between this version and the final plan, first things first. Empty when
/// it may be issued, but for the notice, which is checked with the act itself.
pub fn in_the_way_of_issuing(case: &Case, request: &Request, issuing: &Issuing<'_>) -> Vec<Refusal> {
    let Some(served) = request.served_draft().filter(|_| request.draft(issuing.version).is_some()) else {
        return vec![Refusal::NoDraft];
    };
    let mut found = Vec::new();
    if request.representations_open() > 0 {
        found.push(Refusal::RepresentationsUnanswered { count: request.representations_open() });
    }
    if case.own_voice.objections_open() > 0 {
        found.push(Refusal::NotWantedUnanswered { count: case.own_voice.objections_open() });
    }
    if let Some(until) = served.comments_until
        && issuing.sent_on <= until
        && !issuing.family_agreed_early
    {
        found.push(Refusal::FamilyStillHasTime { until });
    }
    if case.designated.questions_open_of(request) > 0 {
        found.push(Refusal::QuestionsUnanswered { count: case.designated.questions_open_of(request) });
    }
    found.extend(advice::in_the_way(request, issuing.reports, issuing.content));
    match request.named {
        None => found.push(Refusal::PlacementNotNamed),
        Some(named) => {
            let unanswered =
                request.preference.is_some_and(|p| p.refused.is_none() && named != (Named::Institution { urn: p.urn }));
            if unanswered {
                found.push(Refusal::PreferenceUnanswered);
            }
        }
    }
    if let Err(incomplete) = complete(issuing.content, case, issuing.sent_on) {
        found.push(incomplete);
    }
    if issuing.content.has_health_provision() && request.health_agreed_on.is_none() {
        found.push(Refusal::HealthAgreementMissing);
    }
    let accepted_any = request.representations.iter().any(|r| r.answer.is_some_and(|a| a.accepted));
    if served.fingerprint != issuing.fingerprint && !accepted_any {
        found.push(Refusal::ChangedWithoutRepresentation);
    }
    found
}

fn find(request: &Request, id: RepresentationId) -> Result<&Representation, Refusal> {
    request.representations.iter().find(|known| known.id == id).ok_or(Refusal::NotOnRecord { what: "comment" })
}

fn assessing(request: &Request) -> Result<Date, Refusal> {
    match request.progress {
        Progress::Assessing { decided_on } => Ok(decided_on),
        Progress::Drafting { decided_on } => Err(Refusal::AlreadyDecided { on: decided_on }),
        _ => Err(Refusal::NotDecidedYet),
    }
}

fn drafting(request: &Request) -> Result<Date, Refusal> {
    match request.progress {
        Progress::Drafting { decided_on } => Ok(decided_on),
        _ => Err(Refusal::NotDecidedYet),
    }
}

/// Regulation 6(1): every compulsory head asked, and every adviser answered or accounted for.
fn enough_advice(case: &Case, request: &Request, decided_on: Date) -> Result<(), Refusal> {
    let born_on = case.born_on.ok_or(Refusal::RecordNotOpen)?;
    let missing: Vec<&'static str> = crate::advice::AdviceKind::compulsory(born_on, decided_on)
        .into_iter()
        .filter(|kind| !request.advice.iter().any(|asked| asked.kind == *kind))
        .map(|kind| kind.label())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::AdviceNotAsked { missing });
    }
    match request.advice.iter().filter(|asked| asked.reply.is_none()).count() {
        0 => Ok(()),
        count => Err(Refusal::AdviceOutstanding { count }),
    }
}

fn complete(content: &Content, case: &Case, on: Date) -> Result<(), Refusal> {
    let born_on = case.born_on.ok_or(Refusal::RecordNotOpen)?;
    let problems: Vec<String> =
        checks::check(content, born_on, on).into_iter().filter(|flag| flag.blocks).map(|flag| flag.short).collect();
    if problems.is_empty() { Ok(()) } else { Err(Refusal::DraftIncomplete { problems }) }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::DecidedToIssue { on } => {
            case.note(EventName::DecisionToIssuePlan, *on, 0);
            set_progress(case, Progress::Drafting { decided_on: *on });
        }
        Event::DecidedNotToIssue { on, reasons } => {
            if let Some(request) = case.requests.last_mut() {
                request.no_plan_reasons = Some(*reasons);
            }
            set_progress(case, Progress::NoPlan { on: *on });
        }
        Event::FinalPlanIssued { plan, version, named, on, .. } => {
            case.note(EventName::PlanFirstMade, *on, 0);
            set_progress(case, Progress::PlanIssued { on: *on });
            case.plan = Some(Plan {
                id: *plan,
                first_made_on: *on,
                issued_on: *on,
                version: Some(*version),
                named: Some(*named),
                ended: None,
            });
        }
        Event::DraftServed { version, served_on, comments_until, .. } => {
            case.note(EventName::DraftPlanServed, *served_on, 0);
            if let Some(request) = case.requests.last_mut()
                && let Some(draft) = request.drafts.iter_mut().find(|draft| draft.version == *version)
            {
                draft.served_on = Some(*served_on);
                draft.comments_until = Some(*comments_until);
            }
        }
        Event::DraftSaved { version, fingerprint, on } => {
            if let Some(request) = case.requests.last_mut() {
                request.drafts.push(Draft {
                    version: *version,
                    fingerprint: fingerprint.clone(),
                    saved_on: *on,
                    served_on: None,
                    comments_until: None,
                });
            }
        }
        Event::RepresentationRecorded { representation, line, text, on, by, points_to } => {
            if let Some(request) = case.requests.last_mut() {
                request.representations.push(Representation {
                    id: *representation,
                    line: *line,
                    text: *text,
                    on: *on,
                    answer: None,
                    by: *by,
                    points_to: *points_to,
                    taken_back_on: None,
                });
            }
        }
        Event::RepresentationTakenBack { representation, on } => {
            if let Some(request) = case.requests.last_mut()
                && let Some(found) = request.representations.iter_mut().find(|known| known.id == *representation)
            {
                found.taken_back_on = Some(*on);
            }
        }
        Event::RepresentationAnswered { representation, accepted, reasons, on } => {
            if let Some(request) = case.requests.last_mut()
                && let Some(found) = request.representations.iter_mut().find(|r| r.id == *representation)
            {
                found.answer = Some(RepresentationAnswer { accepted: *accepted, reasons: *reasons, on: *on });
            }
        }
        Event::HealthAgreed { on } => {
            if let Some(request) = case.requests.last_mut() {
                request.health_agreed_on = Some(*on);
            }
        }
    }
}
