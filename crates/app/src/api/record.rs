//! More of a child's record, by the functions behind its pages: the plan, section I, reviews, papers, facts,
//! contacts.

use super::caller::{Caller, Writer};
use super::exchange::{IfMatch, OfCase, Recorded, SeenVersion, Sent};
use super::kinds::{Day, FactCode, GroundCode, Instant, OutcomeCode, PaperCode, ReleaseCode, SideCode, text};
use super::problem::Problem;
use crate::front_door::contacts;
use crate::journal::{self, Who};
use crate::papers::{about, receipt, side};
use crate::plan::{placement as section_i, view};
use crate::recipients::held;
use crate::record::{fact_page, store};
use crate::review::review_page;
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::placement::{ConsultationReply, Named};
use casework::plans::content::Content;
use casework::{CaseId, HoldId, LineId};
use db::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Reads something of one child as the caller.
async fn read<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    of: impl Fn(&mut dyn Tx, &Who) -> Result<T, Error> + Send + Sync + 'static,
) -> Result<T, Problem> {
    let who = caller.who(app);
    Ok(app.blocking(move |app| app.db.read("api.record", |tx| of(tx, &who))).await?)
}

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
    let whole = read(&app, &caller, move |tx, who| view::whole(tx, who, id)).await?;
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
    let known = read(&app, &caller, move |tx, who| section_i::known(tx, who, id)).await?;
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
    let subject = read(&app, &caller, move |tx, who| review_page::with_plan(tx, who, id)).await?;
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

/// A paper that somebody sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentPaper {
    /// Its document.
    pub id: Uuid,
    pub title: String,
    pub kind: PaperCode,
    pub dated: Option<Day>,
    pub from: SideCode,
    pub received_on: Day,
    pub receipt: String,
    /// SHA-256 of its bytes, as its receipt has it.
    pub fingerprint: String,
}

fn shown(paper: &casework::papers::Paper, title: String) -> SentPaper {
    SentPaper {
        id: paper.document.0,
        title,
        kind: PaperCode(paper.kind),
        dated: paper.dated.map(Day),
        from: SideCode(paper.from),
        received_on: Day(paper.on),
        receipt: paper.receipt.to_string(),
        fingerprint: paper.fingerprint.to_string(),
    }
}

/// Papers that were added to a child’s record
///
/// By the family or by staff, the latest first. Their bytes are those of documents.
#[utoipa::path(get, path = "/children/{case}/papers", operation_id = "list_papers", tag = "Children", params(OfCase),
    responses((status = 200, body = [SentPaper])))]
pub async fn papers(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<SentPaper>>, Problem> {
    let (case, documents) = read(&app, &caller, move |tx, who| {
        let case = super::children::seen(tx, who, id)?;
        let documents = store::documents_for(tx, who, &case)?;
        Ok((case, documents))
    })
    .await?;
    let title = |id: Uuid| documents.iter().find(|line| line.id == id).map(|line| line.title.clone());
    let papers = case.on_file.papers.iter().rev();
    Ok(Json(papers.filter_map(|paper| Some(shown(paper, title(paper.document.0)?))).collect()))
}

/// What is known of a paper, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperFact {
    pub name: &'static str,
    pub says: String,
}

/// One paper: who sent it and when, its fingerprint, its redacted copies.
#[derive(Debug, Serialize, ToSchema)]
pub struct AboutPaper {
    pub id: Uuid,
    pub title: String,
    pub media_type: String,
    pub facts: Vec<PaperFact>,
    /// Documents that are copies of it with words taken out.
    pub redacted_copies: Vec<Uuid>,
    /// What it is a redacted copy of.
    pub redacted_from: Option<Uuid>,
}

/// What a paper is
///
/// Of files that people sent; what was made here is among the documents.
#[utoipa::path(get, path = "/children/{case}/documents/{document}/about", operation_id = "read_paper", tag = "Children",
    params(OfCase, ("document" = Uuid, Path, description = "The paper.")), responses((status = 200, body = AboutPaper)))]
pub async fn paper(
    State(app): State<App>,
    caller: Caller,
    Path((id, document)): Path<(CaseId, Uuid)>,
) -> Result<Json<AboutPaper>, Problem> {
    let side = side(caller.actor().role);
    let found = read(&app, &caller, move |tx, who| about::read(tx, who, id, document)).await?;
    let own = casework::DocumentId(document);
    Ok(Json(AboutPaper {
        id: document,
        title: found.document.title.clone(),
        media_type: found.document.media_type.clone(),
        facts: found.facts(side).into_iter().map(|fact| PaperFact { name: fact.name, says: fact.said }).collect(),
        redacted_copies: found
            .case
            .on_file
            .copies_of(own)
            .map(|copy| copy.document.0)
            .filter(|id| found.knows(*id))
            .collect(),
        redacted_from: found.case.on_file.copy(own).map(|copy| copy.of.0).filter(|id| found.knows(*id)),
    }))
}

/// The receipt of papers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperReceipt {
    pub number: String,
    pub recorded_at: Option<Instant>,
    pub papers: Vec<SentPaper>,
}

/// The receipt of papers that were added
#[utoipa::path(get, path = "/children/{case}/papers/{receipt}", operation_id = "read_receipt", tag = "Children",
    params(OfCase, ("receipt" = String, Path, description = "Its number, such as 2026-00012.")), responses((status = 200, body = PaperReceipt)))]
pub async fn paper_receipt(
    State(app): State<App>,
    caller: Caller,
    Path((id, number)): Path<(CaseId, String)>,
) -> Result<Json<PaperReceipt>, Problem> {
    let asked = number.clone();
    let found = read(&app, &caller, move |tx, who| receipt::read(tx, who, id, &asked)).await?;
    let papers = found.papers.iter().map(|(paper, document)| shown(paper, document.title.clone()));
    Ok(Json(PaperReceipt { number, recorded_at: found.at.map(Instant), papers: papers.collect() }))
}

/// What the record says of a child, and who said it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactLine {
    pub fact: FactCode,
    pub value: Option<String>,
    /// Who said what is on record now, in a sentence.
    pub source: Option<String>,
    /// How often it was asked for, in words.
    pub asked: Option<String>,
}

/// Who said what
///
/// Each fact of a child: its value, who said it and when, how often it was asked for.
#[utoipa::path(get, path = "/children/{case}/facts", operation_id = "list_facts_of_child", tag = "Children", params(OfCase),
    responses((status = 200, body = [FactLine])))]
pub async fn facts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<FactLine>>, Problem> {
    let page = read(&app, &caller, move |tx, who| fact_page::read_all(tx, who, id)).await?;
    let show = |line: fact_page::Line| FactLine {
        fact: FactCode(line.field),
        value: text(line.value),
        source: text(line.source),
        asked: text(line.asked),
    };
    Ok(Json(page.lines.into_iter().map(show).collect()))
}

/// A value that a fact has or had.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactValue {
    /// None when it was taken off the record.
    pub value: Option<String>,
    /// Who said it, in a sentence.
    pub source: String,
}

impl From<fact_page::Value> for FactValue {
    fn from(value: fact_page::Value) -> FactValue {
        FactValue { value: text(value.value), source: value.said }
    }
}

/// A time when it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactQuestion {
    pub on: Day,
    pub form: &'static str,
    pub of: &'static str,
    /// It was shown, and said to be still right.
    pub is_confirmation: bool,
}

/// Somebody who has been shown it since.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactReader {
    pub name: String,
    pub job: &'static str,
    pub first_on: Day,
}

/// One fact: every value it had, how often it was asked for, who has been shown what it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactHistory {
    pub now: Option<FactValue>,
    /// The newest first.
    pub earlier: Vec<FactValue>,
    pub questions: Vec<FactQuestion>,
    pub shown_to: Vec<FactReader>,
    /// What was sent since that carries it, in words.
    pub sent_in: Vec<String>,
}

/// One fact with its history
#[utoipa::path(get, path = "/children/{case}/facts/{fact}", operation_id = "read_fact_of_child", tag = "Children",
    params(OfCase, ("fact" = inline(FactCode), Path, description = "Which fact.")), responses((status = 200, body = FactHistory)))]
pub async fn fact(
    State(app): State<App>,
    caller: Caller,
    Path((id, fact)): Path<(CaseId, String)>,
) -> Result<Json<FactHistory>, Problem> {
    let field = fact.parse().map_err(|_| Error::NotFound)?;
    let page = read(&app, &caller, move |tx, who| fact_page::read_one(tx, who, id, field)).await?;
    Ok(Json(FactHistory {
        now: page.now.map(FactValue::from),
        earlier: page.earlier.into_iter().map(FactValue::from).collect(),
        questions: page
            .questions
            .into_iter()
            .map(|asked| FactQuestion {
                on: Day(asked.on),
                form: asked.form,
                of: asked.of,
                is_confirmation: asked.is_confirmation,
            })
            .collect(),
        shown_to: page
            .shown
            .into_iter()
            .map(|seen| FactReader { name: seen.name, job: seen.job, first_on: Day(seen.first) })
            .collect(),
        sent_in: page.sent,
    }))
}

/// A call, an email, a letter or a visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    pub id: Uuid,
    /// How and when, in words.
    pub how: String,
    pub sender: Option<String>,
    pub note: String,
    pub noted_by: Option<String>,
    pub promised: Option<String>,
    /// Where the promise stands, in words.
    pub promise_state: Option<String>,
    pub is_promise_open: bool,
    pub is_promise_late: bool,
    pub receipt: Option<String>,
    /// The contact it was joined to: both are about one thing.
    pub joined_to: Option<Uuid>,
}

fn contact(line: contacts::Line, joined_to: Option<Uuid>) -> Contact {
    let promise = line.promise.as_ref();
    Contact {
        id: line.id.0,
        how: line.how,
        sender: text(line.sender),
        note: line.note,
        noted_by: text(line.noted_by),
        is_promise_open: promise.is_some_and(|promise| promise.is_open),
        is_promise_late: promise.is_some_and(|promise| promise.is_late),
        promise_state: promise.map(|promise| promise.state.clone()),
        promised: line.promise.map(|promise| promise.what),
        receipt: line.receipt,
        joined_to,
    }
}

/// Contacts about a child
///
/// Calls, emails, letters and visits that were noted, the latest first, those about one thing together.
#[utoipa::path(get, path = "/children/{case}/contacts", operation_id = "list_contacts", tag = "Children", params(OfCase),
    responses((status = 200, body = [Contact])))]
pub async fn of_child(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<Contact>>, Problem> {
    let groups = read(&app, &caller, move |tx, who| {
        let case = contacts::case_for(tx, who, id)?;
        contacts::groups(tx, &case, who.today)
    })
    .await?;
    let mut all = Vec::new();
    for group in groups {
        let first = group.first.id.0;
        all.push(contact(group.first, None));
        all.extend(group.others.into_iter().map(|other| contact(other, Some(first))));
    }
    Ok(Json(all))
}

/// A contact to be noted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// How they got in touch.
    channel: ContactChannel,
    came_on: Day,
    /// Who got in touch.
    #[schema(min_length = 1, max_length = 200)]
    sender: String,
    /// In one line, what it was about.
    #[schema(min_length = 1, max_length = 300)]
    note: String,
    /// What was promised. Both or neither of these two.
    #[serde(default)]
    #[schema(max_length = 300)]
    promise: Option<String>,
    #[serde(default)]
    promised_on: Option<Day>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    Telephone,
    Email,
    Letter,
    InPerson,
}

/// Note a contact
///
/// A call, an email, a letter or a visit about a child, with what was promised and by when.
#[utoipa::path(post, path = "/children/{case}/contacts", operation_id = "note_contact", tag = "Children", params(OfCase),
    request_body = NewContact, responses((status = 201, description = "Noted.", body = Recorded)))]
pub async fn note(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<CaseId>,
    Sent { typed, .. }: Sent<NewContact>,
) -> Result<Response, Problem> {
    let who = caller.who(&app);
    let (contact, version) = app
        .blocking(move |app| {
            app.db.read("api.may_note", |tx| contacts::case_for(tx, &who, id).map(|_| ()))?;
            let contact = contacts::take_note(app, &who, id, &typed)?;
            let after = app.db.read("api.noted", |tx| contacts::case_for(tx, &who, id))?;
            Ok((contact, after.version))
        })
        .await?;
    Ok(Recorded::of(id, version).with(contact.0).created())
}

/// Why a stop is right as it stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseReason {
    reason: ReleaseCode,
    /// Needed where the reason is another one.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: Option<String>,
}

/// A reason for each stop, in their order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    #[schema(min_items = 1, max_items = 20)]
    reasons: Vec<ReleaseReason>,
}

/// Let a held send go
///
/// Whoever tried may then send the very same. What needs a second person is let go by somebody else.
#[utoipa::path(post, path = "/children/{case}/holds/{hold}/release", operation_id = "release_held_send", tag = "Children", request_body = Release,
    params(OfCase, ("hold" = Uuid, Path, description = "Which send that was held."), SeenVersion),
    responses((status = 200, description = "It may be sent now.", body = Recorded)))]
pub async fn release(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, hold)): Path<(CaseId, HoldId)>,
    IfMatch(seen): IfMatch,
    Sent { body, .. }: Sent<Release>,
) -> Result<Recorded, Problem> {
    let who = caller.who(&app);
    let reasons: Vec<_> = body.reasons.into_iter().map(|why| (why.reason.0, why.words)).collect();
    let after = app
        .blocking(move |app| {
            app.db.write("api.release", |tx| {
                super::children::seen(tx, &who, id)?;
                journal::unchanged(tx, who.authority, id, seen)?;
                held::let_go(tx, app, &who, (id, hold), &held::typed_reasons(&reasons))
            })
        })
        .await?;
    Ok(Recorded::of(id, after.case.version))
}
