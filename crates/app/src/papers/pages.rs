//! A PDF page by page, as pictures, with its words beside for whoever cannot see them.

use super::{about, picture, place, root, side};
use crate::record::store;
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "papers/pages.html")]
struct PagesPage {
    title: String,
    /// The paper's own address.
    href: String,
    number: usize,
    pages: usize,
    width: u16,
    height: u16,
    words: String,
    /// Why it cannot be shown.
    problem: Option<String>,
}

/// The document and its bytes, for somebody who may open it.
async fn read(
    app: &App,
    session: &Session,
    id: CaseId,
    document: Uuid,
) -> Result<(store::DocumentLine, Vec<u8>), Error> {
    let who = session.who(app);
    app.blocking(move |app| {
        let found = app.db.read("papers.page", |tx| about::open(tx, &who, id, document))?;
        if found.media_type != picture::PDF {
            return Err(Error::NotFound);
        }
        let bytes = app.files.get(&found.fingerprint)?;
        Ok((found, bytes))
    })
    .await
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, document, number)): Path<(CaseId, Uuid, usize)>,
) -> Result<Page, Error> {
    let (found, bytes) = read(&app, &session, id, document).await?;
    let drawer = app.settings.drawer.as_deref();
    let (drawn, problem) = match picture::of_page(drawer, bytes, number).await {
        Ok(drawn) => (Some(drawn), None),
        Err(_) if number != 1 => return Err(Error::NotFound),
        Err(why) => (None, Some(why)),
    };
    let side = side(session.signed_in.actor.role);
    let href = format!("{}/documents/{document}", root(side, id));
    let view = PagesPage {
        title: found.title,
        href,
        number,
        pages: drawn.as_ref().map_or(1, |drawn| drawn.pages),
        width: drawn.as_ref().map_or(0, |drawn| drawn.width),
        height: drawn.as_ref().map_or(0, |drawn| drawn.height),
        words: drawn.map(|drawn| drawn.words).unwrap_or_default(),
        problem,
    };
    let back = format!("{}/about", view.href);
    Frame::for_session(&session, format!("Page {number}, {}", view.title))
        .here(place(side))
        .back(back, "About this paper")
        .render(&view)
}

/// The picture of one page.
pub async fn picture(
    State(app): State<App>,
    session: Session,
    Path((id, document, number)): Path<(CaseId, Uuid, usize)>,
) -> Result<Response, Error> {
    let (_, bytes) = read(&app, &session, id, document).await?;
    let drawn = picture::of_page(app.settings.drawer.as_deref(), bytes, number).await.map_err(|_| Error::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], drawn.png).into_response())
}
