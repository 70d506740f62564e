//! What the officer sees of it among the advice, and beginning to enter a report's lines.

use super::family::{self, Invited};
use super::store;
use crate::journal::{self, Papers};
use crate::record::store as records;
use crate::web::case_form::{Asked, submit_then};
use crate::web::{Posted, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::independents;
use casework::{AdviceId, BodyId, Case, CaseId, Command, DocumentId, TextId};
use db::Tx;
use jiff::civil::Date;
use uuid::Uuid;

struct Report {
    said: family::Report,
    by: String,
    on: Date,
    /// Its lines are being entered, or were.
    advice: Option<AdviceId>,
}

#[derive(Template)]
#[template(path = "independents/listed.html")]
struct Listed<'a> {
    case: CaseId,
    version: u64,
    csrf: &'a str,
    invited: Vec<Invited>,
    reports: Vec<Report>,
    may_enter: bool,
}

/// What was read of a case for [`html`].
pub(crate) struct Found {
    invited: Vec<Invited>,
    reports: Vec<Report>,
    may_enter: bool,
}

/// Whom the family invited and what it handed in; nothing when there is nothing.
///
/// # Errors
/// When the database fails.
pub(crate) fn read(tx: &mut dyn Tx, case: &Case, today: Date) -> Result<Found, Error> {
    if case.independents.is_empty() {
        return Ok(Found { invited: vec![], reports: vec![], may_enter: false });
    }
    let invited = family::invited(tx, case, today)?;
    let (_, users) = family::names(tx, case)?;
    let reports = family::reports(tx, case)?.into_iter().filter_map(|said| {
        let report = case.independents.report(DocumentId(said.document))?;
        let advice = report.taken_up.map(|(advice, _)| advice);
        let by = report.by.and_then(|by| users.get(&by).cloned()).unwrap_or_else(|| "the family".to_owned());
        Some(Report { on: report.on, advice, by, said })
    });
    Ok(Found { invited, reports: reports.collect(), may_enter: independents::can_be_asked(case) })
}

/// The same as a part of the page of advice.
///
/// # Errors
/// When the template fails.
pub(crate) fn html(found: Found, case: &Case, csrf: &str, may_ask: bool) -> Result<govuk::Html, Error> {
    if found.invited.is_empty() && found.reports.is_empty() {
        return Ok(govuk::Html::default());
    }
    let view = Listed {
        case: case.id,
        version: case.version,
        csrf,
        invited: found.invited,
        reports: found.reports,
        may_enter: found.may_enter && may_ask,
    };
    govuk::Html::render(&view)
        .map_err(|cause| Error::Broken { step: "render what a family asked for", cause: cause.to_string() })
}

/// Begins to enter the lines of a report that the family handed in.
pub async fn take_up(
    State(app): State<App>,
    session: Session,
    Path((id, document)): Path<(CaseId, Uuid)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |_, problem| crate::assessment::advice::page(app, session, id, None, problem)
    };
    let address = format!("/children/{id}/reports/{document}/take-up");
    let advice = AdviceId(app.ids.next());
    let then = move || see_other(&format!("/children/{id}/advice/{advice}/write"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, _| {
            let case = journal::load(tx, who.authority, id)?.case;
            let report = case.independents.report(DocumentId(document)).ok_or(Error::NotFound)?;
            let texts = records::texts(tx, who.authority, id)?;
            let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
            let body = BodyId(app.ids.next());
            let called = store::called(&text(report.author), &text(report.profession));
            store::add_body(tx, who.authority, body, &called, None)?;
            let command = independents::Command::TakeUp { document: DocumentId(document), advice, body };
            Ok(Asked {
                action: Action::AskForAdvice,
                commands: vec![Command::Independents(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}
