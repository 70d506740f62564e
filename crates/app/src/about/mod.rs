//! Pages about the service itself, which anyone may read: accessibility, privacy, cookies.

use crate::web::{Frame, MaybeSession, Page};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/accessibility", get(accessibility))
        .route("/privacy", get(privacy))
        .route("/cookies", get(cookies))
}

#[derive(Template)]
#[template(path = "about/accessibility.html")]
struct Accessibility {}

#[derive(Template)]
#[template(path = "about/privacy.html")]
struct Privacy {}

#[derive(Template)]
#[template(path = "about/cookies.html")]
struct Cookies {}

fn page(session: &MaybeSession, title: &'static str, body: &impl Template) -> Result<Page, Error> {
    match &session.0 {
        Some(session) => Frame::for_session(session, title).render(body),
        None => Frame::public(title).render(body),
    }
}

async fn accessibility(session: MaybeSession) -> Result<Page, Error> {
    page(&session, "Accessibility", &Accessibility {})
}

async fn privacy(session: MaybeSession) -> Result<Page, Error> {
    page(&session, "Privacy", &Privacy {})
}

async fn cookies(session: MaybeSession) -> Result<Page, Error> {
    page(&session, "Cookies", &Cookies {})
}
