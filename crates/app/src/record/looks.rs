//! Who opened which child's record: noted once a day for each person and child, so that a family
//! can be told. Lists that name several children say so themselves: [`named`].

use crate::web::MaybeSession;
use crate::{App, Error};
use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use casework::access::{Actor, Role};
use casework::{Case, CaseId, UserId, openings};
use db::{Tx, Value};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashSet};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

const NOTE: &str = "INSERT INTO looks (authority_id, case_id, seen_on, user_id, first_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT DO NOTHING";

type Noted = (Uuid, CaseId, Uuid);

/// What was noted today already, so that opening a page again writes nothing.
static TODAY: LazyLock<Mutex<(Option<Date>, HashSet<Noted>)>> = LazyLock::new(Mutex::default);

/// The children whose records an address shows: most often one; two where they are compared.
pub(crate) fn children_of(path: &str) -> Vec<CaseId> {
    let Some(rest) = path.strip_prefix("/children/").or_else(|| path.strip_prefix("/emergency/")) else {
        return vec![];
    };
    let parts: Vec<&str> = rest.split('/').collect();
    // The router decodes what it matches; so does this.
    let id = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().ok()?.parse().ok();
    let second = match parts.as_slice() {
        [_, between, other, ..] if between_records(between) => id(other),
        _ => None,
    };
    parts.first().and_then(|first| id(first)).into_iter().chain(second).collect()
}

/// Whether what stands between two ids means that both records are shown.
fn between_records(part: &str) -> bool {
    let part = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
    matches!(part.as_ref(), "same" | "joined")
}

/// The notes of this day; those of the day before are let go.
fn noted(today: Date) -> MutexGuard<'static, (Option<Date>, HashSet<Noted>)> {
    let mut noted = TODAY.lock().unwrap_or_else(PoisonError::into_inner);
    if noted.0 != Some(today) {
        *noted = (Some(today), HashSet::new());
    }
    noted
}

/// Notes that this person opened this child's record.
///
/// # Errors
/// When the database fails.
pub(crate) fn note(app: &App, actor: &Actor, case: CaseId) -> Result<(), Error> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let look = (actor.authority.0, case, actor.user.0);
    if noted(today).1.contains(&look) {
        return Ok(());
    }
    app.db.write("record.note_look", |tx| -> Result<(), Error> {
        let (authority, case) = (actor.authority.0.into(), case.0.into());
        tx.execute(NOTE, &[authority, case, today.into(), actor.user.0.into(), now.into()])?;
        Ok(())
    })?;
    noted(today).1.insert(look);
    Ok(())
}

/// The children whom a list names, and who asked for it: said by the list itself, since its address does
/// not. Goes with the answer as `Extension`.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    actor: Actor,
    cases: Vec<CaseId>,
}

/// Says that an answer names these children to this person.
pub(crate) fn named(actor: &Actor, cases: impl IntoIterator<Item = CaseId>) -> Extension<Named> {
    let cases: BTreeSet<CaseId> = cases.into_iter().collect();
    Extension(Named { actor: actor.clone(), cases: cases.into_iter().collect() })
}

/// Notes that a list named these children to this person, all in one transaction.
///
/// # Errors
/// When the database fails.
fn note_named(app: &App, named: &Named) -> Result<(), Error> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let look = |case: CaseId| (named.actor.authority.0, case, named.actor.user.0);
    let new: Vec<CaseId> = {
        let known = noted(today);
        named.cases.iter().copied().filter(|case| !known.1.contains(&look(*case))).collect()
    };
    if new.is_empty() {
        return Ok(());
    }
    let (authority, user) = (named.actor.authority.0, named.actor.user.0);
    let rows: Vec<Vec<Value>> =
        new.iter().map(|case| vec![authority.into(), case.0.into(), today.into(), user.into(), now.into()]).collect();
    app.db.write("record.note_named", |tx| -> Result<(), Error> {
        tx.execute_many(NOTE, &rows)?;
        Ok(())
    })?;
    noted(today).1.extend(new.into_iter().map(look));
    Ok(())
}

/// Notes the children whom an answer names, before it leaves; for pages and for programs.
///
/// # Errors
/// When the database fails: what could not be noted is not shown.
pub(crate) async fn keep_named(app: &App, response: Response) -> Result<Response, Error> {
    let Some(named) = response.extensions().get::<Named>().cloned() else { return Ok(response) };
    if response.status().is_success() {
        app.blocking(move |app| note_named(app, &named)).await?;
    }
    Ok(response)
}

/// Notes every page of a child's record that was shown, and every list that names children, before it
/// leaves: what could not be noted is not shown.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET;
    let cases = if is_read { children_of(request.uri().path()) } else { vec![] };
    if cases.is_empty() {
        let response = next.run(request).await;
        return keep_named(&app, response).await.unwrap_or_else(IntoResponse::into_response);
    }
    let (mut parts, body) = request.into_parts();
    // The handler finds the session where it is put here.
    let session = match MaybeSession::from_request_parts(&mut parts, &app).await {
        Ok(MaybeSession(session)) => session,
        Err(error) => return error.into_response(),
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    match session {
        Some(session) if response.status().is_success() => {
            let noted =
                move |app: &App| cases.into_iter().try_for_each(|case| note(app, &session.signed_in.actor, case));
            match app.blocking(noted).await {
                Ok(()) => response,
                Err(error) => error.into_response(),
            }
        }
        _ => response,
    }
}

/// Somebody who has been shown a record.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub name: String,
    pub job: &'static str,
    /// The first day.
    pub first: Date,
}

const SEEN_SINCE: &str = "SELECT u.user_id, u.name, u.role, MIN(l.seen_on) AS first FROM looks l \
    JOIN users u ON u.authority_id = l.authority_id AND u.user_id = l.user_id \
    WHERE l.authority_id = $1 AND l.case_id = $2 AND l.seen_on >= $3 \
    GROUP BY u.user_id, u.name, u.role ORDER BY MIN(l.seen_on), u.name, u.user_id LIMIT 200";

/// Who opened a record on that day or later, with the first day; for the family without those of whom it
/// may not learn yet.
///
/// # Errors
/// When the database fails.
pub(crate) fn seen_since(tx: &mut dyn Tx, case: &Case, since: Date, to_family: bool) -> Result<Vec<Seen>, Error> {
    let mut seen = Vec::new();
    for row in tx.query(SEEN_SINCE, &[case.authority.0.into(), case.id.0.into(), since.into()])? {
        let role: Role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
        let (user, first) = (UserId(row.get("user_id")?), row.get("first")?);
        if !(to_family && openings::is_kept_back(case, user, first)) {
            seen.push(Seen { name: row.get("name")?, job: role.label(), first });
        }
    }
    Ok(seen)
}
