//! What programs may do: each through the same words, checks and journal as the page for it.

use super::caller::Writer;
use super::exchange::{IfMatch, OfCase, Recorded, SeenVersion, Sent};
use super::kinds::{ChannelCode, Day, DeliveryCode, ParentCode, RecipientCode, SexCode, SourceCode};
use super::problem::{Code, Problem, Stopped};
use crate::assessment::receive::{self, Saved};
use crate::assessment::{advice, decide_to_assess};
use crate::journal::{self, Loaded, Who, authorise};
use crate::recipients::Outcome;
use crate::record::corrections;
use crate::team::officer;
use crate::web::Typed;
use crate::web::case_form::{self, Checked};
use crate::{App, Error};
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::{AdviceId, CaseId, CorrectionId};
use db::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether the caller may do this to this child, before anything else is said of the child.
async fn allowed(app: &App, who: &Who, id: CaseId, action: Action) -> Result<(), Error> {
    let who = who.clone();
    app.blocking(move |app| {
        app.db.read("api.allowed", |tx| -> Result<(), Error> {
            let loaded = journal::load(tx, who.authority, id)?;
            if !loaded.case.is_open() {
                return Err(Error::NotFound);
            }
            authorise(&who, action, &loaded)
        })
    })
    .await
}

/// The act of a page's form, on the version that was seen.
async fn act(
    app: &App,
    who: Who,
    id: CaseId,
    (action, seen): (Action, u64),
    mut typed: Typed,
    parse: impl Fn(&mut dyn Tx, &App, &Who, &Typed) -> Result<Checked, Error> + Send + Sync + 'static,
) -> Result<Recorded, Problem> {
    allowed(app, &who, id, action).await?;
    typed.set("version", seen.to_string());
    let Loaded { case, .. } = *unheld(case_form::record(app, who, id, typed, parse).await?)?;
    Ok(Recorded::of(id, case.version))
}

/// What was done, when nothing stopped it.
///
/// # Errors
/// `held` with what stopped it. It is let go, or not, on the child's page by somebody who reads it.
pub(super) fn unheld<T>(outcome: Outcome<T>) -> Result<T, Problem> {
    match outcome {
        Outcome::Done(done) => Ok(done),
        Outcome::Held(held) => Err(Problem::of(Code::Held).with(|said| {
            said.stops = held.stops.iter().map(Stopped::from).collect();
            said.version = Some(held.version);
        })),
    }
}

/// A request for an assessment, as it came in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// The case of a child on record. Without it the child’s details are needed.
    #[serde(default)]
    child: Option<Uuid>,
    /// That it is none of the children on record who are like this one.
    #[serde(default)]
    new_child: bool,
    #[serde(default)]
    #[schema(max_length = 100, example = "Robin")]
    given_name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100, example = "Elm")]
    family_name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    known_as: Option<String>,
    #[serde(default)]
    born_on: Option<Day>,
    #[serde(default)]
    sex: Option<SexCode>,
    #[serde(default)]
    #[schema(max_length = 13)]
    upn: Option<String>,
    #[serde(default)]
    #[schema(max_length = 10)]
    uln: Option<String>,
    #[serde(default)]
    #[schema(max_length = 12)]
    nhs_number: Option<String>,
    #[serde(default)]
    #[schema(max_length = 500)]
    address: Option<String>,
    #[serde(default)]
    #[schema(max_length = 10)]
    postcode: Option<String>,
    #[serde(default)]
    #[schema(max_length = 60)]
    home_language: Option<String>,
    /// The register number (URN) of the school or setting the child attends.
    #[serde(default)]
    #[schema(minimum = 100_000, maximum = 999_999)]
    school: Option<u32>,
    /// The day it reached anyone at the authority: the clock runs from then.
    received_on: Day,
    source: SourceCode,
    channel: ChannelCode,
    /// What was asked, in the words used.
    #[schema(min_length = 1, max_length = 20_000)]
    account: String,
    /// A parent or carer, who then receives letters.
    #[serde(default)]
    #[schema(max_length = 200)]
    contact_name: Option<String>,
    /// What that person is to the child.
    #[serde(default)]
    relation: Option<ParentCode>,
    #[serde(default)]
    #[schema(max_length = 200)]
    contact_email: Option<String>,
    #[serde(default)]
    #[schema(max_length = 40)]
    contact_telephone: Option<String>,
}

/// Receive a request for an assessment
///
/// Opens a record for a child who has none. Where children on record may be the one that was sent,
/// nothing is recorded and they are listed. The clock runs from the day of receipt.
#[utoipa::path(post, path = "/requests", operation_id = "receive_request", tag = "Requests",
    request_body(content = NewRequest, example = json!({
        "given_name": "Robin", "family_name": "Elm", "born_on": "2018-02-14", "received_on": "2026-11-20",
        "source": "parent", "channel": "email", "account": "He cannot follow in class.",
        "contact_name": "Alex Elm", "relation": "mother", "contact_email": "alex@example.com"
    })),
    responses((status = 201, description = "Recorded.", body = Recorded),
        (status = 404, description = "There is no such child on record.", body = Problem, content_type = "application/problem+json")))]
pub async fn receive(
    State(app): State<App>,
    Writer(caller): Writer,
    Sent { body, typed }: Sent<NewRequest>,
) -> Result<Response, Problem> {
    caller.session.require(Action::ReceiveRequest)?;
    let child = body.child.map(CaseId);
    if let Some(id) = child {
        allowed(&app, &caller.who(&app), id, Action::ReceiveRequest).await?;
    }
    let session = caller.session.clone();
    match app.blocking(move |app| receive::receive(app, &session, &typed, child)).await? {
        Saved::Recorded(id, version) => Ok(Recorded::of(id, version).created()),
        Saved::Likely(likely) => {
            let likely = likely.into_iter().map(|likely| likely.hit.case.0).collect();
            Err(Problem::of(Code::ChildLikelyKnown).with(|said| said.likely = likely))
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerNamed {
    /// One of those whom `/officers` lists.
    officer: Uuid,
}

/// Name the officer who works with a child
#[utoipa::path(put, path = "/children/{case}/officer", operation_id = "name_officer", tag = "Children", request_body = OfficerNamed,
    params(OfCase, SeenVersion),
    responses((status = 200, description = "Recorded.", body = Recorded)))]
pub async fn name_officer(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<CaseId>,
    IfMatch(seen): IfMatch,
    Sent { mut typed, .. }: Sent<OfficerNamed>,
) -> Result<Recorded, Problem> {
    let who = caller.who(&app);
    allowed(&app, &who, id, Action::AssignOfficer).await?;
    typed.set("version", seen.to_string());
    let Loaded { case, .. } =
        app.blocking(move |app| app.db.write("api.name_officer", |tx| officer::assign(tx, &who, id, &typed))).await?;
    Ok(Recorded::of(id, case.version))
}

/// The section 36(8) test, in order, and the letter that tells of the decision. Both parts met: the
/// authority assesses. Otherwise it does not, and somebody else has read the reasons.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether the child has or may have special educational needs.
    may_have_needs: bool,
    #[schema(min_length = 1, max_length = 10_000)]
    needs_reasons: String,
    /// Whether it may be necessary for provision to be made under a plan.
    may_need_plan: bool,
    #[schema(min_length = 1, max_length = 10_000)]
    plan_reasons: String,
    /// Who else has read the reasons: needed for a decision not to assess.
    #[serde(default)]
    second_reader: Option<Uuid>,
    /// The day the letter is sent.
    sent_on: Day,
    delivery: DeliveryCode,
    /// Who receives the letter.
    #[schema(max_items = 10)]
    recipients: Vec<RecipientCode>,
}

/// Decide whether to assess
///
/// The letter is made by itself and reaches the family.
#[utoipa::path(post, path = "/children/{case}/decision-to-assess", operation_id = "decide_to_assess", tag = "Requests", request_body = Decision,
    params(OfCase, SeenVersion),
    responses((status = 200, description = "Recorded.", body = Recorded)))]
pub async fn decide(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<CaseId>,
    IfMatch(seen): IfMatch,
    Sent { typed, .. }: Sent<Decision>,
) -> Result<Recorded, Problem> {
    let parse =
        move |tx: &mut dyn Tx, app: &App, who: &Who, typed: &Typed| decide_to_assess::decided(tx, app, who, id, typed);
    act(&app, caller.who(&app), id, (Action::DecideToAssess, seen), typed, parse).await
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerToAdvice {
    /// The advice itself, as text.
    Advice,
    /// The child is known, and there is nothing to add: the text names the professional who said so.
    Nothing,
    /// The decision is made without this advice, for the reasons in the text: the council’s to say.
    Without,
}

/// What somebody answered who was asked for advice.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdviceAnswer {
    answer: AnswerToAdvice,
    /// The day of the answer.
    on: Day,
    #[schema(min_length = 1, max_length = 50_000)]
    text: String,
    /// That words nobody can be held to are meant as they stand.
    #[serde(default)]
    sure: bool,
}

/// Record what an adviser answered
///
/// An adviser answers for their own team; the council’s own staff record what anyone answered.
#[utoipa::path(post, path = "/children/{case}/advice/{advice}/answer", operation_id = "answer_advice", tag = "Requests", request_body = AdviceAnswer,
    params(OfCase, ("advice" = Uuid, Path, description = "Which advice that was asked for."), SeenVersion),
    responses((status = 200, description = "Recorded.", body = Recorded)))]
pub async fn answer_advice(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    IfMatch(seen): IfMatch,
    Sent { typed, .. }: Sent<AdviceAnswer>,
) -> Result<Recorded, Problem> {
    let parse =
        move |tx: &mut dyn Tx, app: &App, who: &Who, typed: &Typed| advice::answered(tx, app, who, (id, advice), typed);
    act(&app, caller.who(&app), id, (Action::RecordAdvice, seen), typed, parse).await
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerToCorrection {
    /// The record is put right.
    Accept,
    /// It stays as it is, for a reason that the family reads.
    Keep,
}

/// What comes of something the family asked to be put right.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionAnswer {
    answer: AnswerToCorrection,
    /// Needed where the record stays as it is.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

/// Answer what the family says is wrong
///
/// The family is told by email that there is an answer, not what it is.
#[utoipa::path(post, path = "/children/{case}/corrections/{correction}/answer", operation_id = "answer_correction", tag = "Children", request_body = CorrectionAnswer,
    params(OfCase, ("correction" = Uuid, Path, description = "What was asked to be put right."), SeenVersion),
    responses((status = 200, description = "Recorded.", body = Recorded)))]
pub async fn answer_correction(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, correction)): Path<(CaseId, CorrectionId)>,
    IfMatch(seen): IfMatch,
    Sent { mut typed, .. }: Sent<CorrectionAnswer>,
) -> Result<Recorded, Problem> {
    let who = caller.who(&app);
    allowed(&app, &who, id, Action::CorrectDetails).await?;
    typed.set("version", seen.to_string());
    let answered = app
        .blocking(move |app| {
            app.db.write("api.answer_correction", |tx| {
                journal::unchanged(tx, who.authority, id, seen)?;
                corrections::answer(tx, app, &who, (id, correction), &typed)
            })
        })
        .await?;
    let Loaded { case, .. } = *unheld(answered)?;
    Ok(Recorded::of(id, case.version))
}
