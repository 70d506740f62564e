//! “It was not me”: whoever reads the old address stops the change.

use super::own::when;
use super::store;
use crate::web::{Frame, Page, PostedOpenly};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::recovery::State as Stands;

/// Most characters of a token in an address.
const TOKEN_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "access/address/stop.html")]
struct StopPage {
    token: String,
    /// The day on which it would take effect, while it can still be stopped.
    until: Option<String>,
    is_stopped: bool,
}

async fn page(app: &App, token: String) -> Result<Page, Error> {
    if token.len() > TOKEN_CHARS_MAX {
        return Err(Error::NotFound);
    }
    let wanted = token.clone();
    let kept = app.blocking(move |app| app.db.read("address.to_stop", |tx| store::find_by_token(tx, &wanted))).await?;
    let is_held = kept.change.state == Stands::Held;
    let view = StopPage {
        token,
        until: kept.change.takes_effect_at.filter(|_| is_held).map(when),
        is_stopped: kept.change.state == Stands::Stopped,
    };
    Frame::public("Stop the change of address").render(&view)
}

pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Page, Error> {
    page(&app, token).await
}

pub async fn stop(State(app): State<App>, Path(token): Path<String>, posted: PostedOpenly) -> Result<Page, Error> {
    drop(posted);
    let wanted = token.clone();
    app.blocking(move |app| {
        app.db.write("address.stop", |tx| {
            let kept = store::find_by_token(tx, &wanted)?;
            store::stop(tx, app, &kept, true)
        })
    })
    .await?;
    page(&app, token).await
}
