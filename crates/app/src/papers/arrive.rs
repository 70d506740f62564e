//! The files of a page that adds papers, in parts.

use super::{actor, desk, root, side};
use crate::uploads::{self, Place};
use crate::web::{Session, same_origin};
use crate::{App, Error};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::CaseId;
use casework::access::Action;
use uuid::Uuid;

/// Most files that wait on one page, and most bytes of them.
pub(super) const FILES_MAX: usize = 20;
const FILES_BYTES_MAX: u64 = 2_000_000_000;

/// Where one person's files arrive for one page of one child. `page` is its address below the child's.
///
/// # Errors
/// [`Error::NotAllowed`] for the system, which sends none.
pub(super) fn place_of(who: &crate::journal::Who, id: CaseId, page: &str) -> Result<Place, Error> {
    let actor = actor(who)?;
    let address = format!("{}/{page}/uploads", root(side(actor.role), id));
    Ok(Place::of_person(actor.authority, id, actor.user, page, address, (FILES_MAX, FILES_BYTES_MAX)))
}

/// The same for somebody who may send files there, from one of our own pages.
pub(super) async fn place_for(
    app: &App,
    session: &Session,
    id: CaseId,
    (page, action): (&str, Action),
    headers: &HeaderMap,
) -> Result<Place, Error> {
    if !same_origin(headers) {
        return Err(Error::Forged);
    }
    let who = session.who(app);
    let place = place_of(&who, id, page)?;
    app.blocking(move |app| app.db.read("papers.may_send", |tx| desk(tx, &who, id, action).map(|_| ()))).await?;
    Ok(place)
}

const PAPERS: (&str, Action) = ("papers", Action::AddPapers);

pub async fn spoken() -> Response {
    uploads::options()
}

pub async fn begin(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = place_for(&app, &session, id, PAPERS, &headers).await?;
    uploads::create(&app, place, &headers).await
}

pub async fn stand(
    State(app): State<App>,
    session: Session,
    Path((id, upload)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = place_for(&app, &session, id, PAPERS, &headers).await?;
    uploads::head(&app, place, upload, &headers).await
}

pub async fn part(
    State(app): State<App>,
    session: Session,
    Path((id, upload)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let place = place_for(&app, &session, id, PAPERS, &headers).await?;
    uploads::patch(&app, place, upload, &headers, body).await
}

pub async fn stop(
    State(app): State<App>,
    session: Session,
    Path((id, upload)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = place_for(&app, &session, id, PAPERS, &headers).await?;
    uploads::stop(&app, place, upload, &headers).await
}
