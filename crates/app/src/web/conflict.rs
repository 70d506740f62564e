//! Two people changed the same child's record: the second sees what the first did, and loses
//! nothing they typed.

use super::{Frame, Page, Session, Typed};
use crate::record::case_names;
use crate::record::history::{Told, tell};
use crate::record::store;
use crate::{App, Error, journal};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::Action;

#[derive(Template)]
#[template(path = "web/conflict.html")]
struct ConflictPage<'a> {
    name: String,
    /// Why what was typed cannot be saved any more.
    refusal: Option<String>,
    changes: Vec<Told>,
    fields: Vec<(&'a str, &'a str)>,
    shown: Vec<(String, &'a str)>,
    action: &'a str,
    csrf: &'a str,
    version: u64,
    /// Where the person goes who leaves it.
    way_back: String,
}

/// The page that shows what changed since `seen` and offers to carry on with what was typed.
/// `action` is the address that the form is posted to again.
///
/// # Errors
/// When the case cannot be read.
pub async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    seen: u64,
    typed: &Typed,
    action: &str,
) -> Result<Response, Error> {
    let page = changed(app, session, id, Some(seen), typed, action, None).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// The page for a form that has no place any more: the case has moved on, and the form's own page
/// cannot be shown. What was typed can still be read and copied.
///
/// # Errors
/// When the case cannot be read.
pub async fn moved_on(
    app: &App,
    session: &Session,
    id: CaseId,
    typed: &Typed,
    refusal: &casework::Refusal,
) -> Result<Response, Error> {
    let page = changed(app, session, id, typed.seen(), typed, "", Some(refusal.to_string())).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn changed(
    app: &App,
    session: &Session,
    id: CaseId,
    seen: Option<u64>,
    typed: &Typed,
    action: &str,
    refusal: Option<String>,
) -> Result<Page, Error> {
    let who = session.who(app);
    // Whom a family invited keeps what was typed, and learns nothing of what else happened.
    let is_invited = session.may(Action::SeeInvitation);
    let (name, version, changes, joined) = app
        .blocking(move |app| {
            app.db.read("web.conflict", |tx| -> Result<_, Error> {
                let loaded = journal::load(tx, who.authority, id)?;
                let seeing = if is_invited { Action::SeeInvitation } else { Action::SeeCase };
                match journal::authorise(&who, seeing, &loaded) {
                    // What was typed is shown all the same; the way to the other record is beside it.
                    Ok(()) | Err(Error::Joined { .. }) => {}
                    Err(error) => return Err(error),
                }
                let names = case_names(tx, &loaded.case)?;
                let seen = seen.unwrap_or(loaded.case.version);
                let lines = if is_invited { vec![] } else { store::history(tx, who.authority, id, seen, 100)? };
                let changes: Vec<Told> = lines.iter().rev().map(|line| tell(line, &names)).collect();
                let (_, details) = store::person(tx, who.authority, id)?;
                let joined = loaded.case.joined_into.map(|_| casework::Refusal::RecordJoined.to_string());
                Ok((details.display_name(), loaded.case.version, changes, joined))
            })
        })
        .await?;
    let refusal = refusal.or(joined);
    let own = |name: &str| name != "csrf" && name != "version";
    let fields: Vec<(&str, &str)> = typed
        .fields()
        .iter()
        .filter(|(name, _)| own(name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let shown = fields
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name.replace(['-', '_'], " "), *value))
        .collect();
    let title = if refusal.is_some() { "This cannot be done now" } else { "Someone else changed this record" };
    let page = ConflictPage {
        name,
        refusal,
        changes,
        shown,
        fields,
        action,
        csrf: &session.csrf,
        version,
        way_back: session.way_back(id),
    };
    Frame::for_session(session, title).render(&page)
}
