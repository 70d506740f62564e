//! What a child's record says, and who said it, by the functions behind its pages.

use super::caller::Caller;
use super::exchange::OfCase;
use super::kinds::{Day, FactCode, text};
use super::problem::Problem;
use crate::record::fact_page;
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use casework::CaseId;
use serde::Serialize;
use utoipa::ToSchema;

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
pub async fn all(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<FactLine>>, Problem> {
    let page = caller.read(&app, move |tx, who| fact_page::read_all(tx, who, id)).await?;
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
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((id, fact)): Path<(CaseId, String)>,
) -> Result<Json<FactHistory>, Problem> {
    let field = fact.parse().map_err(|_| Error::NotFound)?;
    let page = caller.read(&app, move |tx, who| fact_page::read_one(tx, who, id, field)).await?;
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
