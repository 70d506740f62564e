//! A PDF page by page, as pictures, with its words beside for whoever cannot see them.

use super::{about, picture, place, root, side};
use crate::record::store;
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
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

const BUSY: &str = "many papers are being read just now. Try again in a minute";

/// Why a page is not shown.
enum Unshown {
    Busy,
    Broken(String),
}

/// The document, for somebody who may open it, and one page of it. The file is read when it is their turn.
async fn drawn(
    app: &App,
    session: &Session,
    (id, document, number): (CaseId, Uuid, usize),
) -> Result<(store::DocumentLine, Result<picture::Drawn, Unshown>), Error> {
    let who = session.who(app);
    let found = app.blocking(move |app| app.db.read("papers.page", |tx| about::open(tx, &who, id, document))).await?;
    if found.media_type != picture::PDF {
        return Err(Error::NotFound);
    }
    let Some(turn) = picture::turn(session.signed_in.actor.user).await else { return Ok((found, Err(Unshown::Busy))) };
    let fingerprint = found.fingerprint.clone();
    let bytes = app.blocking(move |app| app.files.get(&fingerprint)).await?;
    let drawn = picture::of_page(app.settings.drawer.as_deref(), turn, bytes, number).await;
    Ok((found, drawn.map_err(Unshown::Broken)))
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, document, number)): Path<(CaseId, Uuid, usize)>,
) -> Result<Page, Error> {
    let (found, drawn) = drawn(&app, &session, (id, document, number)).await?;
    let (drawn, problem) = match drawn {
        Ok(drawn) => (Some(drawn), None),
        Err(Unshown::Busy) => (None, Some(BUSY.to_owned())),
        Err(Unshown::Broken(_)) if number != 1 => return Err(Error::NotFound),
        Err(Unshown::Broken(why)) => (None, Some(why)),
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
    let (_, drawn) = drawn(&app, &session, (id, document, number)).await?;
    match drawn {
        Ok(drawn) => Ok(([(header::CONTENT_TYPE, "image/png")], drawn.png).into_response()),
        Err(Unshown::Busy) => {
            Ok((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")], BUSY).into_response())
        }
        Err(Unshown::Broken(_)) => Err(Error::NotFound),
    }
}
