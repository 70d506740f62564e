//! A report that the plan is made from, as its family reads it: what was signed here in lines, what
//! came as a text, or the file.

use super::{Reading, Source, read};
use crate::plan::edit;
use crate::record::{case_page, store};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::advice::Reply;
use casework::advice::report::Condition;
use casework::papers::Purpose;
use casework::plans::content::Section;
use casework::{AdviceId, Case, CaseId, DocumentId};
use jiff::civil::Date;
use strum::IntoEnumIterator;

struct Read {
    letter: String,
    label: &'static str,
    lines: Vec<edit::Shown>,
}

#[derive(Template)]
#[template(path = "family/plan/report.html")]
struct ReportPage {
    case: CaseId,
    advice: AdviceId,
    called: String,
    on: Date,
    signed_by: Option<String>,
    account: String,
    conditions: Vec<Condition>,
    sections: Vec<Read>,
    /// What came as a text, or what was said in place of a report.
    text: String,
    has_file: bool,
}

/// The file that came, or the copy of it that was made for the family to read.
fn document(case: &Case, source: &Source) -> Option<DocumentId> {
    let (Reply::Advice { document, .. } | Reply::EarlierAdvice { document, .. }) = source.reply else { return None };
    let document = document?;
    let copy = case.on_file.copies_of(document).find(|copy| copy.purpose == Purpose::Family);
    Some(copy.map_or(document, |copy| copy.document))
}

fn text(reading: &Reading, source: &Source) -> String {
    match source.reply {
        Reply::Advice { text: Some(text), .. } => reading.text(text),
        Reply::NothingToAdd { text, .. } => {
            format!("They know the child, and have nothing to add. Said by: {}", reading.text(text))
        }
        Reply::DecidedWithout { text, .. } => {
            format!("The council decided without this advice. Why: {}", reading.text(text))
        }
        Reply::EarlierAdvice { .. } => "The council recorded that an earlier report is enough, and that you, it and whoever wrote it agreed. If you did not, say so in a comment on the draft.".to_owned(),
        Reply::Advice { text: None, .. } | Reply::Signed { .. } => String::new(),
    }
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    let (who, actor) = (session.who(&app), session.signed_in.actor.clone());
    let reading = app.blocking(move |app| app.db.read("family.plan_report", |tx| read(tx, &who, &actor, id))).await?;
    let mut reading = reading.ok_or(Error::NotFound)?;
    let at = reading.sources.iter().position(|source| source.advice == advice).ok_or(Error::NotFound)?;
    let has_file = document(&reading.case, &reading.sources[at]).is_some();
    let text = text(&reading, &reading.sources[at]);
    let source = reading.sources.swap_remove(at);
    let signed_by = source.signed_by();
    let report = source.report.unwrap_or_default();
    let sections = Section::iter().filter_map(|section| {
        let lines = edit::lines(&report.lines, section);
        (!lines.is_empty()).then(|| Read { letter: section.letter(), label: section.label(), lines })
    });
    let view = ReportPage {
        case: id,
        advice,
        called: source.called,
        on: source.on,
        signed_by,
        sections: sections.collect(),
        account: report.account,
        conditions: report.conditions,
        text,
        has_file,
    };
    Frame::for_session(&session, view.called.clone())
        .here("/family")
        .back(format!("/family/{id}/plan"), "Back to the plan")
        .render(&view)
}

/// The bytes of a report that came as a file.
pub async fn file(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (who, actor) = (session.who(&app), session.signed_in.actor.clone());
    app.blocking(move |app| {
        let found = app.db.read("family.plan_report_file", |tx| -> Result<_, Error> {
            let reading = read(tx, &who, &actor, id)?.ok_or(Error::NotFound)?;
            let source = reading.source_of(advice).ok_or(Error::NotFound)?;
            let document = document(&reading.case, source).ok_or(Error::NotFound)?;
            let all = store::documents(tx, who.authority, id)?;
            all.into_iter().filter(|known| !known.is_joined).find(|known| known.id == document.0).ok_or(Error::NotFound)
        })?;
        case_page::give(app, &headers, found)
    })
    .await
}
