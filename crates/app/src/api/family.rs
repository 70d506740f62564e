//! What a family sees of its own child, and how it says that something is wrong.

use super::caller::{Caller, Writer};
use super::children::{AdviceAsked, Correction};
use super::dates::Explained;
use super::exchange::{OfCase, Recorded, Sent, Versioned};
use super::kinds::{Bytes, Day, DetailCode, SexCode, text};
use super::problem::Problem;
use crate::App;
use crate::family::child::{self, Standing};
use crate::family::facts;
use crate::family::home::{self, Card};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A family’s own child: where things are, what is next, who has it, by when.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnChildLine {
    pub case: Uuid,
    pub name: String,
    /// False where the young person holds the rights and does not share the record with the caller.
    pub is_shared: bool,
    pub where_things_are: Option<&'static str>,
    pub who_has_it: Option<String>,
    /// What the law asks next, the soonest first.
    pub next: Vec<Next>,
}

/// Something that must be done for the child by a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Next {
    pub title: &'static str,
    pub due_on: Day,
    pub is_late: bool,
    pub why: Explained,
}

fn next(standing: Standing) -> Vec<Next> {
    let one = |next: child::Next| Next {
        title: next.title,
        due_on: Day(next.due_on),
        is_late: next.is_late,
        why: next.explanation.into(),
    };
    standing.next.into_iter().map(one).collect()
}

impl From<Card> for OwnChildLine {
    fn from(card: Card) -> OwnChildLine {
        OwnChildLine {
            case: card.case.0,
            name: card.name,
            is_shared: card.standing.is_some(),
            where_things_are: card.standing.as_ref().map(|standing| standing.sentence),
            who_has_it: card.standing.as_ref().map(|standing| standing.who.clone()),
            next: card.standing.map(next).unwrap_or_default(),
        }
    }
}

/// The caller’s own children
#[utoipa::path(get, path = "/family/children", operation_id = "list_own_children", tag = "Families", responses((status = 200, body = [OwnChildLine])))]
pub async fn all(State(app): State<App>, caller: Caller) -> Result<Json<Vec<OwnChildLine>>, Problem> {
    let cards = home::cards(&app, &caller.session).await?;
    Ok(Json(cards.into_iter().map(OwnChildLine::from).collect()))
}

/// What a family sees of its own child.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnChild {
    pub case: Uuid,
    pub version: u64,
    pub name: String,
    pub where_things_are: &'static str,
    pub who_has_it: String,
    pub next: Vec<Next>,
    /// The number of the request’s receipt.
    pub receipt: Option<String>,
    pub messages: usize,
    /// Who was asked for advice.
    pub asked: Vec<AdviceAsked>,
    /// What the family sent, and what was sent to it.
    pub papers: Vec<Paper>,
    /// Who may open the record.
    pub readers: Vec<Reader>,
    /// Who did, the latest first.
    pub looks: Vec<Look>,
    /// Who opened it in an emergency without working with the child, the latest first.
    pub emergencies: Vec<Look>,
}

/// What the family sent or was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paper {
    pub id: Uuid,
    pub title: String,
    pub made_on: Day,
}

/// Somebody who may open the record, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reader {
    pub name: String,
    pub job: &'static str,
    pub why: &'static str,
}

/// Somebody who opened the record on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Look {
    pub name: String,
    pub job: &'static str,
    pub on: Day,
}

/// An own child
#[utoipa::path(get, path = "/family/children/{case}", operation_id = "read_own_child", tag = "Families",
    params(OfCase), responses((status = 200, body = OwnChild)))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<OwnChild>, Problem> {
    let (who, actor) = (caller.who(&app), caller.session.signed_in.actor.clone());
    let own = app.blocking(move |app| app.db.read("api.own_child", |tx| child::read(tx, &who, &actor, case))).await?;
    // What the young person does not share is refused, as what is not shared is not described.
    let own = own.map_err(|_| crate::Error::NotAllowed)?;
    let show = |look: child::Look| Look { name: look.name, job: look.job, on: Day(look.day) };
    let view = OwnChild {
        case: own.case.0,
        version: own.version,
        name: own.name,
        where_things_are: own.standing.sentence,
        who_has_it: own.standing.who.clone(),
        next: next(own.standing),
        receipt: own.receipt,
        messages: own.messages,
        asked: own.asked.into_iter().map(AdviceAsked::of).collect(),
        papers: own
            .papers
            .into_iter()
            .map(|paper| Paper { id: paper.id, title: paper.title, made_on: Day(paper.made_on) })
            .collect(),
        readers: own
            .readers
            .into_iter()
            .map(|reader| Reader { name: reader.name, job: reader.job, why: reader.why })
            .collect(),
        looks: own.looks.into_iter().map(show).collect(),
        emergencies: own.emergencies.into_iter().map(show).collect(),
    };
    Ok(Versioned(own.version, view))
}

/// The bytes of one of the family’s papers
#[utoipa::path(get, path = "/family/children/{case}/documents/{document}", operation_id = "read_own_paper", tag = "Families",
    params(OfCase, ("document" = Uuid, Path, description = "The paper.")),
    responses((status = 200, description = "The file, in its own media type.", content_type = "*/*", body = Bytes)))]
pub async fn paper(
    State(app): State<App>,
    caller: Caller,
    Path((case, document)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(child::file(&app, caller.who(&app), case, document, headers).await?)
}

/// What the record says of a family’s own child.
#[derive(Debug, Serialize, ToSchema)]
pub struct Known {
    pub version: u64,
    pub facts: Vec<Fact>,
    /// What the family asked to be put right, the latest first.
    pub corrections: Vec<Correction>,
}

/// One fact, with who said it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fact {
    pub detail: DetailCode,
    pub label: &'static str,
    pub value: Option<String>,
    /// Who said it, and when.
    pub source: Option<String>,
    /// Whether it can be said to be wrong now: not while that is being looked at.
    pub may_be_corrected: bool,
}

/// What we already know
///
/// Every fact of an own child with who said it, and what was asked to be put right.
#[utoipa::path(get, path = "/family/children/{case}/facts", operation_id = "list_facts", tag = "Families",
    params(OfCase), responses((status = 200, body = Known)))]
pub async fn known(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Known>, Problem> {
    let who = caller.who(&app);
    let known = app.blocking(move |app| app.db.read("api.facts", |tx| facts::known(tx, &who, case))).await?;
    let fact = |fact: facts::Fact| Fact {
        detail: DetailCode(fact.field),
        label: fact.label,
        value: text(fact.value),
        source: text(fact.source),
        may_be_corrected: fact.change.is_some(),
    };
    let view = Known {
        version: known.version,
        facts: known.facts.into_iter().map(fact).collect(),
        corrections: known.asked.into_iter().map(Correction::from).collect(),
    };
    Ok(Versioned(known.version, view))
}

/// What is right instead. Only the members of the detail are looked at.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionAsked {
    detail: DetailCode,
    /// With `name`.
    #[serde(default)]
    #[schema(max_length = 100)]
    given_name: Option<String>,
    /// With `name`.
    #[serde(default)]
    #[schema(max_length = 100)]
    family_name: Option<String>,
    /// With `known_as`.
    #[serde(default)]
    #[schema(max_length = 100)]
    known_as: Option<String>,
    /// With `birth_date`.
    #[serde(default)]
    born_on: Option<Day>,
    /// With `sex`.
    #[serde(default)]
    sex: Option<SexCode>,
    /// With `address`.
    #[serde(default)]
    #[schema(max_length = 500)]
    address: Option<String>,
    /// With `address`.
    #[serde(default)]
    #[schema(max_length = 10)]
    postcode: Option<String>,
    /// With `home_language`.
    #[serde(default)]
    #[schema(max_length = 60)]
    home_language: Option<String>,
    /// With `upn`.
    #[serde(default)]
    #[schema(max_length = 13)]
    upn: Option<String>,
    /// With `nhs_number`.
    #[serde(default)]
    #[schema(max_length = 12)]
    nhs_number: Option<String>,
}

/// Say that something is wrong
///
/// It is put right, or answered with a reason, within ten working days.
#[utoipa::path(post, path = "/family/children/{case}/corrections", operation_id = "ask_for_correction", tag = "Families", request_body = CorrectionAsked,
    params(OfCase),
    responses((status = 201, description = "Recorded.", body = Recorded)))]
pub async fn ask(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(case): Path<CaseId>,
    Sent { body, typed }: Sent<CorrectionAsked>,
) -> Result<Response, Problem> {
    let who = caller.who(&app);
    let field = body.detail.0;
    let (correction, after) = app
        .blocking(move |app| {
            app.db.write("api.ask_correction", |tx| facts::ask_for(tx, app, &who, (case, field), &typed))
        })
        .await?;
    Ok(Recorded::of(case, after.case.version).with(correction.0).created())
}
