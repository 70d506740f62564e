//! The receipt: what was sent and when, proved by fingerprints; what happens next, by when and why.

use super::code::Code;
use super::pages::{NAME, link};
use super::store;
use crate::admin::areas::Profile;
use crate::journal;
use crate::ports::london_time;
use crate::record::{store as records, working};
use crate::web::upload::size;
use crate::web::{Frame, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use casework::Case;
use casework::receipts::{Fingerprint, Receipt};
use casework::requests::Source;
use casework::rights::{Shared, kept_from_parents};
use jiff::Timestamp;
use jiff::civil::Date;
use law::RuleId;
use std::sync::Arc;

/// The dates that a family waits for, in order.
const SHOWN: [RuleId; 2] = [RuleId::AssessDecision6w, RuleId::FinalPlan20w];

struct Sent {
    title: String,
    size: String,
    fingerprint: Fingerprint,
    /// Whether a virus check found it unsafe.
    is_unsafe: bool,
}

struct Next {
    title: &'static str,
    due_on: Date,
    working: govuk::Html,
}

#[derive(Template)]
#[template(path = "family/ask/receipt.html")]
struct ReceiptPage {
    code: String,
    link: String,
    number: String,
    received: String,
    time: String,
    words: Fingerprint,
    said: String,
    files: Vec<Sent>,
    next: Vec<Next>,
    area: String,
    profile: Profile,
    /// Whether the person who asked may have an account: not those who asked for somebody else's child.
    may_follow: bool,
}

struct Found {
    case: Arc<Case>,
    receipt: Receipt,
    sent_at: Timestamp,
    said: String,
    documents: Vec<records::DocumentLine>,
    area: String,
    profile: Profile,
}

/// What the form with this code became; nothing while it is not sent.
fn read(app: &App, code: &Code) -> Result<Option<Found>, Error> {
    let now = app.clock.now();
    app.db.read("ask.receipt", |tx| {
        let draft = store::find(tx, code, now)?;
        let Some((id, sent_at)) = draft.sent else { return Ok(None) };
        let case = journal::load(tx, draft.authority, id)?.case;
        let request = case.own_requests().next().ok_or(Error::NotFound)?;
        let receipt = request.receipt.clone().ok_or(Error::NotFound)?;
        let mut texts = records::texts(tx, draft.authority, id)?;
        let said = request.account.and_then(|text| texts.remove(&text)).unwrap_or_default();
        let documents = records::documents(tx, draft.authority, id)?;
        let (_, area, profile) = records::authority(tx, draft.authority)?;
        Ok(Some(Found { case, receipt, sent_at, said, documents, area, profile }))
    })
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Path(code): Path<Code>) -> Result<Response, Error> {
    let own = code.clone();
    let Some(found) = app.blocking(move |app| read(app, &own)).await? else {
        return Ok(see_other(&format!("/ask/{code}")));
    };
    let source = found.case.requests.first().map(|request| request.source);
    // The code is the parent's: where the young person keeps the plan from parents, it proves what was
    // sent and tells no more.
    // A record that was joined into another is read there, by those whom the front door names.
    let is_closed = found.case.joined_into.is_some()
        || source != Some(Source::YoungPerson) && kept_from_parents(&found.case).contains(&Shared::Plan);
    let mut next = Vec::new();
    let events = found.case.clock_events();
    for deadline in found.case.deadlines() {
        if !is_closed && SHOWN.contains(&deadline.rule) {
            let explanation = law::explain(&deadline, &events);
            let title = explanation.rule_title;
            next.push(Next { title, due_on: deadline.due_on, working: working(explanation, deadline.due_on)? });
        }
    }
    let files = found.receipt.files.iter().filter_map(|file| {
        let document = found.documents.iter().find(|document| document.id == file.document.0)?;
        Some(Sent {
            title: document.title.clone(),
            size: size(u64::try_from(document.size_bytes).unwrap_or(0)),
            fingerprint: file.fingerprint.clone(),
            is_unsafe: found.case.on_file.is_unsafe(file.document),
        })
    });
    let source = found.case.own_requests().next().map(|request| request.source);
    let at = london_time(found.sent_at);
    let view = ReceiptPage {
        link: link(&app, &headers, &code),
        code: code.to_string(),
        number: found.receipt.number.to_string(),
        received: long_date(at.date()),
        time: at.strftime("%-I:%M%P").to_string(),
        words: found.receipt.words.clone(),
        files: files.collect(),
        said: found.said,
        next,
        may_follow: found.case.joined_into.is_none() && matches!(source, Some(Source::Parent | Source::YoungPerson)),
        area: found.area,
        profile: found.profile,
    };
    Ok(Frame::public(format!("Receipt, {NAME}")).render(&view)?.into_response())
}

/// What was said, as the bytes that the receipt's fingerprint is of.
pub async fn words(State(app): State<App>, Path(code): Path<Code>) -> Result<Response, Error> {
    let found = app.blocking(move |app| read(app, &code)).await?.ok_or(Error::NotFound)?;
    let name = format!("attachment; filename=\"request-{}.txt\"", found.receipt.number);
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        found.said,
    )
        .into_response())
}
