//! A child's plan, section I and reviews, by the functions behind their pages.

use super::caller::Caller;
use super::exchange::OfCase;
use super::kinds::{Day, GroundCode, OutcomeCode, text};
use super::problem::Problem;
use crate::plan::{placement as section_i, view};
use crate::review::review_page;
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use casework::placement::{ConsultationReply, Named};
use casework::plans::content::Content;
use casework::{CaseId, LineId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something known of a line of a plan: who, how often, by when, what it meets.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanFact {
    /// A stable word, such as `how_often`.
    pub name: String,
    pub says: String,
}

/// A need, an outcome, a provision or a report of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanLine {
    /// Its id; none in section K, whose entries have none.
    pub id: Option<Uuid>,
    /// As paper shows it, such as `B2`.
    pub number: Option<String>,
    pub text: String,
    pub facts: Vec<PlanFact>,
    /// The lines of signed advice that it was made from.
    pub made_from: Vec<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSection {
    /// `A` to `K`.
    pub section: String,
    pub label: &'static str,
    /// What sections A, I and J say.
    pub text: Option<String>,
    pub lines: Vec<PlanLine>,
}

/// The draft while there is one, else the plan in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    pub is_draft: bool,
    /// The version that this is.
    pub version: Uuid,
    /// BLAKE3 of its content, in hexadecimal.
    pub fingerprint: String,
    pub saved_on: Option<Day>,
    pub issued_on: Option<Day>,
    pub sections: Vec<PlanSection>,
}

/// The lines of advice that a line of a plan was made from.
fn made_from(content: &Content, key: &str) -> Vec<Uuid> {
    let care = content.health_needs.iter().chain(&content.social_care_needs).map(|line| (line.id, &line.from));
    let all = content.needs.iter().map(|line| (line.id, &line.from)).chain(care);
    let all = all.chain(content.outcomes.iter().map(|line| (line.id, &line.from)));
    let mut all = all.chain(content.provision.iter().map(|line| (line.id, &line.from)));
    let found = all.find(|(id, _)| id.to_string() == key).map(|(_, from)| from.clone());
    found.unwrap_or_default().into_iter().map(|LineId(id)| id).collect()
}

/// A child’s plan
///
/// The draft while there is one, else the plan in force: every section, every line with what it was made from.
#[utoipa::path(get, path = "/children/{case}/plan", operation_id = "read_plan", tag = "Children", params(OfCase),
    responses((status = 200, body = Plan),
        (status = 422, description = "There is no plan and no draft.", body = Problem, content_type = "application/problem+json")))]
pub async fn plan(State(app): State<App>, caller: Caller, Path(id): Path<CaseId>) -> Result<Json<Plan>, Problem> {
    let whole = caller.read(&app, move |tx, who| view::whole(tx, who, id)).await?;
    let (case, content) = (&whole.subject.case, &whole.saved.content);
    let section = |read: view::Read| PlanSection {
        section: read.letter,
        label: read.label,
        text: text(read.text),
        lines: read
            .lines
            .into_iter()
            .map(|line| PlanLine {
                id: line.key.parse().ok(),
                number: text(line.number),
                made_from: made_from(content, &line.key),
                facts: line
                    .facts
                    .into_iter()
                    .map(|(name, says)| PlanFact { name: name.to_lowercase().replace(' ', "_"), says })
                    .collect(),
                text: line.text,
            })
            .collect(),
    };
    Ok(Json(Plan {
        is_draft: whole.is_draft,
        version: whole.saved.version.0,
        fingerprint: whole.saved.fingerprint.clone(),
        saved_on: case.live_request().and_then(|r| r.working_draft()).map(|draft| Day(draft.saved_on)),
        issued_on: case.plan_in_force().map(|plan| Day(plan.issued_on)),
        sections: whole.sections.into_iter().map(section).collect(),
    }))
}

/// A setting of the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct School {
    /// The register number (URN).
    pub urn: u32,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Preference {
    pub school: School,
    pub on: Day,
    /// The ground of section 39(4), when it was refused.
    pub refused: Option<GroundCode>,
    pub reasons: Option<String>,
}

/// A setting that was consulted, and what it said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consultation {
    pub id: Uuid,
    pub school: School,
    pub sent_on: Day,
    /// Its answer is due by then.
    pub reply_by: Day,
    pub replied_on: Option<Day>,
    /// Whether it can meet the needs.
    pub can_meet_needs: Option<bool>,
    pub ground: Option<GroundCode>,
    pub reasons: Option<String>,
}

/// What section I says.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionI {
    pub school: Option<School>,
    /// In words.
    pub says: String,
}

/// Where a child will be educated: what the family asks for, who was consulted, what is named.
#[derive(Debug, Serialize, ToSchema)]
pub struct Placement {
    pub preference: Option<Preference>,
    pub consultations: Vec<Consultation>,
    pub named: Option<SectionI>,
}

/// Where a child will be educated
///
/// Of the last request: what the family asks for, who was consulted and what they say, what section I names.
#[utoipa::path(get, path = "/children/{case}/placement", operation_id = "read_placement", tag = "Children", params(OfCase),
    responses((status = 200, body = Placement),
        (status = 422, description = "Nobody has asked for an assessment yet.", body = Problem, content_type = "application/problem+json")))]
pub async fn placement(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Placement>, Problem> {
    let known = caller.read(&app, move |tx, who| section_i::known(tx, who, id)).await?;
    let request = known.subject.case.requests.last().ok_or(Error::Refused(casework::Refusal::NoOpenRequest))?;
    let school = |urn: casework::people::identifiers::Urn| School { urn: urn.number(), name: known.name(urn) };
    let mut consultations = Vec::new();
    for asked in &request.consultations {
        let (can, ground, reasons) = match asked.reply {
            None => (None, None, None),
            Some(ConsultationReply::CanMeetNeeds { .. }) => (Some(true), None, None),
            Some(ConsultationReply::Cannot { ground, reasons, .. }) => {
                (Some(false), Some(GroundCode(ground)), text(known.text(reasons)))
            }
        };
        consultations.push(Consultation {
            id: asked.id.0,
            school: school(asked.urn),
            sent_on: Day(asked.sent_on),
            reply_by: Day(known.reply_by(asked)?),
            replied_on: asked.reply.map(|reply| Day(reply.on())),
            can_meet_needs: can,
            ground,
            reasons,
        });
    }
    let named = request.named.map(|named| SectionI {
        school: match named {
            Named::Institution { urn } => Some(school(urn)),
            Named::TypeOnly { .. } | Named::Otherwise => None,
        },
        says: known.words(named),
    });
    let preference = request.preference.map(|asked| Preference {
        school: school(asked.urn),
        on: Day(asked.on),
        refused: asked.refused.map(|(ground, _)| GroundCode(ground)),
        reasons: asked.refused.and_then(|(_, reasons)| text(known.text(reasons))),
    });
    Ok(Json(Placement { preference, consultations, named }))
}

/// A review of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    pub id: Uuid,
    pub meeting_on: Option<Day>,
    pub is_held: bool,
    pub outcome: Option<OutcomeCode>,
    pub decided_on: Option<Day>,
    pub changes_sent_on: Option<Day>,
    /// When the amended plan was sent, or the family told that it stays as it was.
    pub amendment_over_on: Option<Day>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Reviews {
    /// The day by which the next is due.
    pub due_on: Option<Day>,
    /// The latest first.
    pub reviews: Vec<Review>,
}

/// Reviews of a child’s plan
#[utoipa::path(get, path = "/children/{case}/reviews", operation_id = "list_reviews", tag = "Children", params(OfCase),
    responses((status = 200, body = Reviews),
        (status = 422, description = "There is no plan.", body = Problem, content_type = "application/problem+json")))]
pub async fn reviews(State(app): State<App>, caller: Caller, Path(id): Path<CaseId>) -> Result<Json<Reviews>, Problem> {
    let subject = caller.read(&app, move |tx, who| review_page::with_plan(tx, who, id)).await?;
    let show = |review: &casework::reviews::Review| Review {
        id: review.id.0,
        meeting_on: review.meeting_on.map(Day),
        is_held: review.held,
        outcome: review.decision.map(|(outcome, _)| OutcomeCode(outcome)),
        decided_on: review.decision.map(|(_, on)| Day(on)),
        changes_sent_on: review.changes_sent_on.map(Day),
        amendment_over_on: review.amendment_over_on.map(Day),
    };
    Ok(Json(Reviews {
        due_on: review_page::due_on(&subject.case).map(Day),
        reviews: subject.case.reviews.iter().rev().map(show).collect(),
    }))
}
