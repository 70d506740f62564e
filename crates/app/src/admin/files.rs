//! `/files`: whether files that people send are checked for viruses, and how those stand that were.

use crate::ports::london_time;
use crate::uploads::checks::{self, Counts};
use crate::web::{Frame, Page, Session, short_date};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use casework::access::Action;

pub fn routes() -> Router<App> {
    Router::new().route("/files", get(show))
}

#[derive(Template)]
#[template(path = "admin/files.html")]
struct FilesPage {
    /// Where the virus checker is.
    checker: Option<String>,
    counts: Counts,
    waiting_since: Option<String>,
}

async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::ManageArea)?;
    let counts = app.blocking(|app| app.db.read("files.counts", checks::counts)).await?;
    let waiting_since = counts.waiting_since.map(|at| {
        let at = london_time(at);
        format!("{}, {}", short_date(at.date()), at.strftime("%-I:%M%P"))
    });
    let view = FilesPage { checker: app.settings.clamav.as_ref().map(ToString::to_string), counts, waiting_since };
    Frame::for_session(&session, "Files").here("/files").render(&view)
}
