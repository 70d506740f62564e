//! Children's records, as their pages show them, by the functions behind those pages.

use super::caller::Caller;
use super::exchange::{Asked, OfCase, Page, Paging, Versioned, cursor, limit};
use super::kinds::{
    AdviceCode, Bytes, Day, DetailCode, Instant, NeedCode, RelationCode, SexCode, StageCode, TaskCode, text,
};
use super::problem::{Code, Problem};
use crate::journal::{self, Who, authorise};
use crate::record::case_page::{self, Everything};
use crate::record::store::Scope;
use crate::record::{Hit, corrections, facts, history, list, search, store};
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::access::Action;
use casework::tasks::{self, TaskKind};
use casework::{BodyId, CaseId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Most characters of what a child is searched by.
const WORDS_CHARS_MAX: usize = 200;

/// A child, as a list shows one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChildLine {
    /// The child’s case: what every other address about the child takes.
    pub case: Uuid,
    pub name: String,
    pub born_on: Day,
    pub stage: StageCode,
    pub setting: Option<String>,
    pub officer: Option<String>,
}

impl From<Hit> for ChildLine {
    fn from(hit: Hit) -> ChildLine {
        ChildLine {
            case: hit.case.0,
            name: hit.name,
            born_on: Day(hit.born_on),
            stage: StageCode(hit.stage),
            setting: text(hit.setting),
            officer: text(hit.officer),
        }
    }
}

/// Children on record
///
/// Those whom the caller may find, the first recorded first. Whoever walks through all pages meets
/// every child once, also while others are added.
#[utoipa::path(get, path = "/children", operation_id = "list_children", tag = "Children", params(Paging), responses((status = 200, body = Page<ChildLine>)))]
pub async fn all(
    State(app): State<App>,
    caller: Caller,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<ChildLine>>, Problem> {
    caller.session.require(Action::SearchCases)?;
    let limit = limit(paging.limit)?;
    let after = cursor(paging.cursor.as_deref(), Uuid::nil(), |text| text.parse().ok())?;
    let scope = Scope::of(&caller.actor(), Action::SearchCases);
    let hits =
        app.blocking(move |app| app.db.read("api.children", |tx| list(tx, scope, CaseId(after), limit + 1))).await?;
    Ok(Page::cut(hits, limit, |hit: &Hit| hit.case.to_string(), ChildLine::from))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Half a name, another spelling, names in any order, a birth date, or a UPN, ULN or NHS number.
    #[param(max_length = 200)]
    q: String,
}

/// Find a child
///
/// The 25 children most like the words, most alike first.
#[utoipa::path(get, path = "/children/search", operation_id = "find_children", tag = "Children", params(Words), responses((status = 200, body = [ChildLine])))]
pub async fn find(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<Words>,
) -> Result<Json<Vec<ChildLine>>, Problem> {
    caller.session.require(Action::SearchCases)?;
    if asked.q.chars().count() > WORDS_CHARS_MAX {
        let detail = format!("q must have at most {WORDS_CHARS_MAX} characters");
        return Err(Problem::saying(Code::QueryUnreadable, detail));
    }
    let words: String = asked.q.chars().filter(|c| *c != '\0').collect();
    let scope = Scope::of(&caller.actor(), Action::SearchCases);
    let hits = app.blocking(move |app| app.db.read("api.search", |tx| search(tx, scope, &words))).await?;
    Ok(Json(hits.into_iter().map(ChildLine::from).collect()))
}

/// A child’s record: where the case stands, what to do next, the people, the papers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Child {
    pub case: Uuid,
    /// What to send as `If-Match` with a change.
    pub version: u64,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub known_as: Option<String>,
    pub born_on: Day,
    pub sex: Option<SexCode>,
    pub upn: Option<String>,
    pub uln: Option<String>,
    pub nhs_number: Option<String>,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub home_language: Option<String>,
    pub stage: StageCode,
    /// The stage in words.
    pub stage_says: &'static str,
    pub setting: String,
    pub out_of_education_since: Option<Day>,
    pub officer: Option<Officer>,
    pub primary_need: Option<NeedCode>,
    pub secondary_need: Option<NeedCode>,
    /// What was asked for in the last request, in the words it was asked.
    pub account: Option<String>,
    /// What can be done today.
    pub tasks: Vec<Task>,
    pub people: Vec<Person>,
    pub documents: Vec<Document>,
}

/// The officer who works with a child.
#[derive(Debug, Serialize, ToSchema)]
pub struct Officer {
    pub name: String,
    pub email: String,
}

/// Something to be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    pub task: TaskCode,
    pub says: &'static str,
    pub due_on: Option<Day>,
    /// How many things of this kind.
    pub count: u32,
}

impl From<tasks::Task> for Task {
    fn from(task: tasks::Task) -> Task {
        Task { task: TaskCode(task.kind), says: task.kind.label(), due_on: task.due_on.map(Day), count: task.count }
    }
}

/// Somebody around a child.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    pub relation: RelationCode,
    pub name: String,
    pub organisation: Option<String>,
    pub email: Option<String>,
    pub telephone: Option<String>,
    pub receives_notices: bool,
}

/// A stored file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub made_on: Day,
    pub size_bytes: i64,
    /// BLAKE3 of the bytes, in hexadecimal.
    pub fingerprint: String,
}

impl From<store::DocumentLine> for Document {
    fn from(line: store::DocumentLine) -> Document {
        Document {
            id: line.id,
            kind: line.kind,
            title: line.title,
            made_on: Day(line.made_on),
            size_bytes: line.size_bytes,
            fingerprint: line.fingerprint,
        }
    }
}

impl Child {
    fn of(all: Everything, today: Date, may_see_openings: bool) -> Child {
        let deadlines = all.case.deadlines();
        let Everything { case, details, contacts, documents, setting, officer, account, .. } = all;
        Child {
            case: case.id.0,
            version: case.version,
            name: details.display_name(),
            born_on: Day(details.born_on),
            sex: details.sex.map(SexCode),
            upn: details.upn.map(|number| number.to_string()),
            uln: details.uln.map(|number| number.to_string()),
            nhs_number: details.nhs_number.map(|number| number.to_string()),
            given_name: details.given_name,
            family_name: details.family_name,
            known_as: details.known_as,
            address: details.address,
            postcode: details.postcode,
            home_language: details.home_language,
            stage: StageCode(case.stage()),
            stage_says: case.stage().label(),
            setting,
            out_of_education_since: case.out_of_education_since.map(Day),
            officer: officer.map(|(name, email)| Officer { name, email }),
            primary_need: case.needs.map(|(primary, _)| NeedCode(primary)),
            secondary_need: case.needs.and_then(|(_, secondary)| secondary).map(NeedCode),
            account,
            tasks: case_page::tasks(&case, &deadlines, today)
                .into_iter()
                .filter(|task| task.kind != TaskKind::LookAtOpenings || may_see_openings)
                .map(Task::from)
                .collect(),
            people: contacts
                .into_iter()
                .map(|contact| Person {
                    relation: RelationCode(contact.relation),
                    name: contact.name,
                    organisation: contact.organisation,
                    email: contact.email,
                    telephone: contact.telephone,
                    receives_notices: contact.receives_notices,
                })
                .collect(),
            documents: documents.into_iter().map(Document::from).collect(),
        }
    }
}

/// A child’s record
///
/// That it was read is kept, and the family can see it.
#[utoipa::path(get, path = "/children/{case}", operation_id = "read_child", tag = "Children",
    params(OfCase), responses((status = 200, body = Child)))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Child>, Problem> {
    let who = caller.who(&app);
    let (today, may_see_openings) = (who.today, caller.session.may(Action::SeeOpenings));
    let all = app.blocking(move |app| app.db.read("api.child", |tx| case_page::read(tx, &who, case, 0))).await?;
    Ok(Versioned(all.case.version, Child::of(all, today, may_see_openings)))
}

/// A child’s documents
///
/// The newest first. Their bytes are read one by one.
#[utoipa::path(get, path = "/children/{case}/documents", operation_id = "list_documents", tag = "Children",
    params(OfCase), responses((status = 200, body = [Document])))]
pub async fn documents(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Json<Vec<Document>>, Problem> {
    let who = caller.who(&app);
    let all = app.blocking(move |app| app.db.read("api.documents", |tx| case_page::read(tx, &who, case, 0))).await?;
    Ok(Json(all.documents.into_iter().map(Document::from).collect()))
}

/// The bytes of a document
///
/// As it was received or sent.
#[utoipa::path(get, path = "/children/{case}/documents/{document}", operation_id = "read_document", tag = "Children",
    params(OfCase, ("document" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The file, in its own media type.", content_type = "*/*", body = Bytes)))]
pub async fn document(
    State(app): State<App>,
    caller: Caller,
    Path((case, document)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(case_page::file(&app, caller.who(&app), case, document, headers).await?)
}

/// The case, for somebody who may see the child's record.
pub(super) fn seen(tx: &mut dyn db::Tx, who: &Who, id: CaseId) -> Result<std::sync::Arc<casework::Case>, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    Ok(loaded.case)
}

/// One entry of a child’s history.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Its place in the record, from 1.
    pub sequence: u64,
    /// A stable name, such as `requests.received`.
    pub event: String,
    pub sentence: String,
    pub recorded_at: Instant,
    pub by: String,
}

/// What happened
///
/// Every entry of a child’s history in plain words, the latest first.
#[utoipa::path(get, path = "/children/{case}/history", operation_id = "read_history", tag = "Children",
    params(OfCase, Paging), responses((status = 200, body = Page<Entry>)))]
pub async fn history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<Entry>>, Problem> {
    let limit = limit(paging.limit)?;
    let before = cursor(paging.cursor.as_deref(), u64::MAX, |text| text.parse().ok())?;
    let who = caller.who(&app);
    let (lines, names) = app
        .blocking(move |app| {
            app.db.read("api.history", |tx| -> Result<_, Error> {
                let case = seen(tx, &who, id)?;
                let names = case_page::names(tx, &case)?;
                Ok((store::history_between(tx, who.authority, id, (0, before), limit + 1)?, names))
            })
        })
        .await?;
    let show = |line: store::HistoryLine| {
        let told = history::tell(&line, &names);
        Entry {
            sequence: line.sequence,
            event: line.name,
            sentence: told.sentence,
            recorded_at: Instant(line.recorded_at),
            by: told.by,
        }
    };
    Ok(Page::cut(lines, limit, |line| line.sequence.to_string(), show))
}

/// Somebody who was asked for advice, and whether it has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdviceAsked {
    pub id: Uuid,
    pub kind: AdviceCode,
    pub citation: &'static str,
    pub team: String,
    pub asked_on: Day,
    pub due_on: Day,
    pub is_waited_for: bool,
    /// How it stands, in words.
    pub says: String,
    /// The answer, where it has come as text.
    pub text: Option<String>,
    pub times_chased: usize,
}

/// Advice asked for
///
/// In the last request: who was asked, by when, and what they answered.
#[utoipa::path(get, path = "/children/{case}/advice", operation_id = "list_advice", tag = "Children",
    params(OfCase), responses((status = 200, body = [AdviceAsked])))]
pub async fn advice(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Versioned<Vec<AdviceAsked>>, Problem> {
    let who = caller.who(&app);
    let today = who.today;
    let (case, bodies, texts) = app
        .blocking(move |app| {
            app.db.read("api.advice", |tx| -> Result<_, Error> {
                let case = seen(tx, &who, id)?;
                Ok((case, store::bodies(tx, who.authority)?, store::texts(tx, who.authority, id)?))
            })
        })
        .await?;
    let bodies: HashMap<BodyId, String> = bodies.into_iter().map(|body| (body.id, body.name)).collect();
    let asked = case.requests.last().map(|request| request.advice.as_slice()).unwrap_or_default();
    let lines =
        asked.iter().map(|asked| AdviceAsked::of(crate::assessment::advice::line(asked, &bodies, &texts, today)));
    Ok(Versioned(case.version, lines.collect()))
}

impl AdviceAsked {
    pub fn of(line: crate::assessment::advice::AskedLine) -> AdviceAsked {
        AdviceAsked {
            id: line.id.0,
            kind: AdviceCode(line.code),
            citation: line.citation,
            team: line.body,
            asked_on: Day(line.asked_on),
            due_on: Day(line.due_on),
            is_waited_for: line.waiting,
            says: line.state,
            text: line.text,
            times_chased: line.chased,
        }
    }
}

/// Something the family asked to be put right.
#[derive(Debug, Serialize, ToSchema)]
pub struct Correction {
    pub id: Uuid,
    pub detail: DetailCode,
    pub label: &'static str,
    /// What the record said.
    pub before: String,
    /// What the family says is right.
    pub after: String,
    pub asked_on: Day,
    /// Ten working days from when it was asked.
    pub answer_by: Day,
    pub is_open: bool,
    /// What came of it, in words.
    pub outcome: Option<String>,
}

impl From<facts::Asked> for Correction {
    fn from(asked: facts::Asked) -> Correction {
        Correction {
            id: asked.id.0,
            detail: DetailCode(asked.field),
            label: asked.label,
            before: asked.before,
            after: asked.after,
            asked_on: Day(asked.asked),
            answer_by: Day(asked.due),
            is_open: asked.outcome.is_none(),
            outcome: asked.outcome,
        }
    }
}

/// What the family says is wrong
///
/// For those who answer it, the first asked first.
#[utoipa::path(get, path = "/children/{case}/corrections", operation_id = "list_corrections", tag = "Children",
    params(OfCase), responses((status = 200, body = [Correction])))]
pub async fn corrections(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Vec<Correction>>, Problem> {
    let who = caller.who(&app);
    let (subject, asked) =
        app.blocking(move |app| app.db.read("api.corrections", |tx| corrections::asked(tx, &who, case))).await?;
    Ok(Versioned(subject.case.version, asked.into_iter().map(Correction::from).collect()))
}
