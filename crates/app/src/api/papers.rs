//! The papers of a child's record and their receipts, by the functions behind their pages.

use super::caller::Caller;
use super::exchange::OfCase;
use super::kinds::{Day, Instant, PaperCode, SideCode};
use super::problem::Problem;
use crate::App;
use crate::papers::{about, receipt, side};
use crate::record::store;
use axum::Json;
use axum::extract::{Path, State};
use casework::CaseId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
pub async fn all(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<SentPaper>>, Problem> {
    let (case, documents) = caller
        .read(&app, move |tx, who| {
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
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((id, document)): Path<(CaseId, Uuid)>,
) -> Result<Json<AboutPaper>, Problem> {
    let side = side(caller.actor().role);
    let found = caller.read(&app, move |tx, who| about::read(tx, who, id, document)).await?;
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
pub async fn of_receipt(
    State(app): State<App>,
    caller: Caller,
    Path((id, number)): Path<(CaseId, String)>,
) -> Result<Json<PaperReceipt>, Problem> {
    let asked = number.clone();
    let found = caller.read(&app, move |tx, who| receipt::read(tx, who, id, &asked)).await?;
    let papers = found.papers.iter().map(|(paper, document)| shown(paper, document.title.clone()));
    Ok(Json(PaperReceipt { number, recorded_at: found.at.map(Instant), papers: papers.collect() }))
}
