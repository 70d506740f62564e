//! Who opened which child's record: noted once a day for each person and child, so that a family
//! can be told.

use crate::web::MaybeSession;
use crate::{App, Error};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::Actor;
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

const NOTE: &str = "INSERT INTO looks (authority_id, case_id, seen_on, user_id, first_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT DO NOTHING";

type Noted = (Uuid, CaseId, Uuid);

/// What was noted today already, so that opening a page again writes nothing.
static TODAY: LazyLock<Mutex<(Option<Date>, HashSet<Noted>)>> = LazyLock::new(Mutex::default);

/// The child whose record an address is part of.
pub(crate) fn child_of(path: &str) -> Option<CaseId> {
    let id = path.strip_prefix("/children/")?.split('/').next()?;
    // The router decodes what it matches; so does this.
    percent_encoding::percent_decode_str(id).decode_utf8().ok()?.parse().ok()
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

/// Notes every page of a child's record that was shown, before it leaves: what could not be noted is
/// not shown.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let child = child_of(request.uri().path()).filter(|_| request.method() == Method::GET);
    let Some(case) = child else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    // The handler finds the session where it is put here.
    let session = match MaybeSession::from_request_parts(&mut parts, &app).await {
        Ok(MaybeSession(session)) => session,
        Err(error) => return error.into_response(),
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    match session {
        Some(session) if response.status().is_success() => {
            match app.blocking(move |app| note(app, &session.signed_in.actor, case)).await {
                Ok(()) => response,
                Err(error) => error.into_response(),
            }
        }
        _ => response,
    }
}
