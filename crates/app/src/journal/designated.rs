//! What the lists of designated officers hold of a case: advice with its answers, the versions to
//! look at, what social care said. Follows from the case's state alone, as everything in
//! [`super::listed`].

use crate::Error;
use casework::advice::{AdviceKind, AdviceRequest, Reply};
use casework::designated::{Part, draft_to_look_at, version_to_look_at};
use casework::plans::content::{Content, ProvisionKind};
use casework::{AuthorityId, Case, CaseId, VersionId};
use db::{Row, Value};
use jiff::civil::Date;
use std::borrow::Cow;
use uuid::Uuid;

pub(super) const ADD_ASKED: &str = "INSERT INTO advice_asked (authority_id, case_id, advice_id, body_id, kind, asked_on, due_on, \
    reply, replied_on, passed_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
pub(super) const DROP_ASKED: &str = "DELETE FROM advice_asked WHERE authority_id = $1 AND case_id = $2";
pub(super) const ADD_DESIGNATED: &str = "INSERT INTO designated_cases (authority_id, case_id, plan_version, draft_version, care, \
    adult_worker, transition_on, review_answer, health_looked, care_looked, questions) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub(super) const DROP_DESIGNATED: &str = "DELETE FROM designated_cases WHERE authority_id = $1 AND case_id = $2";
pub(super) const ADD_SECTION: &str =
    "INSERT INTO version_sections (authority_id, version_id, section, lines) VALUES ($1, $2, $3, $4)";

/// A row of `advice_asked`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskedRow {
    pub advice: Uuid,
    body: Uuid,
    kind: Cow<'static, str>,
    asked_on: Date,
    due_on: Date,
    reply: Option<Cow<'static, str>>,
    replied_on: Option<Date>,
    passed_from: Option<Uuid>,
}

fn reply_code(reply: &Reply) -> &'static str {
    match reply {
        Reply::Advice { .. } => "advice",
        Reply::Signed { .. } => "signed",
        Reply::NothingToAdd { .. } => "nothing_to_add",
        Reply::EarlierAdvice { .. } => "earlier_advice",
        Reply::DecidedWithout { .. } => "decided_without",
    }
}

impl AskedRow {
    /// All advice but the family's own, of every request.
    pub fn all(case: &Case) -> Vec<AskedRow> {
        let mut rows: Vec<AskedRow> =
            case.all_advice().filter(|asked| asked.kind != AdviceKind::Family).map(AskedRow::of).collect();
        rows.sort_by_key(|row| row.advice);
        rows
    }

    fn of(asked: &AdviceRequest) -> AskedRow {
        let may_be_taken_back = asked.reply.is_none() && asked.written.is_none();
        AskedRow {
            advice: asked.id.0,
            body: asked.body.0,
            kind: <&'static str>::from(asked.kind).into(),
            asked_on: asked.asked_on,
            due_on: law::calendar::weeks(asked.reached_on, 6),
            reply: asked.reply.as_ref().map(|reply| reply_code(reply).into()),
            replied_on: asked.reply.as_ref().map(Reply::on),
            passed_from: asked.passed_from.filter(|_| may_be_taken_back).map(|body| body.0),
        }
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.advice.into(),
            self.body.into(),
            (&*self.kind).into(),
            self.asked_on.into(),
            self.due_on.into(),
            self.reply.as_deref().into(),
            self.replied_on.into(),
            self.passed_from.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<AskedRow, Error> {
        Ok(AskedRow {
            advice: row.get("advice_id")?,
            body: row.get("body_id")?,
            kind: row.get::<String>("kind")?.into(),
            asked_on: row.get("asked_on")?,
            due_on: row.get("due_on")?,
            reply: row.get::<Option<String>>("reply")?.map(Into::into),
            replied_on: row.get("replied_on")?,
            passed_from: row.get("passed_from")?,
        })
    }
}

/// A row of `designated_cases`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DesignatedRow {
    plan_version: Option<Uuid>,
    draft_version: Option<Uuid>,
    care: Option<Cow<'static, str>>,
    adult_worker: bool,
    transition_on: Option<Date>,
    review_answer: Option<Cow<'static, str>>,
    health_looked: bool,
    care_looked: bool,
    questions: u32,
}

impl DesignatedRow {
    /// None for a case of which designated officers have nothing to say.
    pub fn of(case: &Case) -> Option<DesignatedRow> {
        let said = &case.designated;
        let looked = |part| version_to_look_at(case).is_some_and(|version| said.look(part, version).is_some());
        let open = case.reviews.iter().rev().find(|review| review.decision.is_none());
        let answer = open.and_then(|review| said.answer_to(review.id));
        let row = DesignatedRow {
            plan_version: case.plan_in_force().and_then(|plan| plan.version).map(|version| version.0),
            draft_version: draft_to_look_at(case).map(|version| version.0),
            care: said.care.map(|care| care.status.code().into()),
            adult_worker: said.adult_worker.is_some(),
            transition_on: said.transition_on,
            review_answer: answer.map(|answer| if answer.contributes { "sent" } else { "declined" }.into()),
            health_looked: looked(Part::Health),
            care_looked: looked(Part::SocialCare),
            questions: u32::try_from(said.questions_open()).unwrap_or(u32::MAX),
        };
        let is_nothing = row.plan_version.is_none() && row.draft_version.is_none() && said.is_unsaid();
        (!is_nothing).then_some(row)
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.plan_version.into(),
            self.draft_version.into(),
            self.care.as_deref().into(),
            self.adult_worker.into(),
            self.transition_on.into(),
            self.review_answer.as_deref().into(),
            self.health_looked.into(),
            self.care_looked.into(),
            self.questions.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<DesignatedRow, Error> {
        Ok(DesignatedRow {
            plan_version: row.get("plan_version")?,
            draft_version: row.get("draft_version")?,
            care: row.get::<Option<String>>("care")?.map(Into::into),
            adult_worker: row.get("adult_worker")?,
            transition_on: row.get("transition_on")?,
            review_answer: row.get::<Option<String>>("review_answer")?.map(Into::into),
            health_looked: row.get("health_looked")?,
            care_looked: row.get("care_looked")?,
            questions: row.get("questions")?,
        })
    }
}

/// Rows of `version_sections`: how many lines a version has in the sections of health and social care.
pub(super) fn sections(authority: AuthorityId, version: VersionId, content: &str) -> Vec<Vec<Value>> {
    let Ok(content) = serde_json::from_str::<Content>(content) else { return vec![] };
    let provision = |kind| content.provision_of(kind).count();
    let counts = [
        ("c", content.health_needs.len()),
        ("d", content.social_care_needs.len()),
        ("g", provision(ProvisionKind::Health)),
        ("h1", provision(ProvisionKind::SocialCareH1)),
        ("h2", provision(ProvisionKind::SocialCareH2)),
    ];
    let some = counts.into_iter().filter(|(_, lines)| *lines > 0);
    some.map(|(section, lines)| {
        let lines = i64::try_from(lines).unwrap_or(i64::MAX);
        vec![authority.0.into(), version.0.into(), section.into(), lines.into()]
    })
    .collect()
}
