//! Programs are told what happened, and can ask: one feed of everything that was recorded in an area.
//!
//! What is told is thin: which case, which kind of event, when. It names nobody and says nothing of what
//! was recorded; whoever is told reads the rest by the API, with rights of their own. A webhook is told
//! what its person or service may see when it is sent, never more.
//!
//! | question | where |
//! |---|---|
//! | in which order did things happen in an area? | [`feed`] |
//! | who is told what, and what came of it? | [`store`] |
//! | how is it signed, and where may it go? | [`line`] |
//! | what happens when nobody answers? | [`send`] |
//!
//! | address | page |
//! |---|---|
//! | `/webhooks` | the area's webhooks, and the form for another |
//! | `/webhooks/{webhook}` | what one was sent, its secrets, replay, pause |
//!
//! Programs read the same under `/api/v1/events` and `/api/v1/webhooks`: `crates/app/src/api/events.rs`.

pub mod feed;
pub mod line;
mod one_page;
mod pages;
mod send;
pub mod store;

pub(crate) use one_page::replay_from;
pub use send::{deliver_all_due, work};

use crate::App;
use crate::post::Words;
use axum::Router;
use axum::routing::{get, post};
use casework::post::Kind;
use uuid::Uuid;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/webhooks", get(pages::show).post(pages::add))
        .route("/webhooks/{webhook}", get(one_page::show))
        .route("/webhooks/{webhook}/secret", post(one_page::new_secret))
        .route("/webhooks/{webhook}/old-secret", post(one_page::end_old_secret))
        .route("/webhooks/{webhook}/pause", post(one_page::pause))
        .route("/webhooks/{webhook}/resume", post(one_page::resume))
        .route("/webhooks/{webhook}/end", post(one_page::end))
        .route("/webhooks/{webhook}/replay", post(one_page::replay))
        .route("/webhooks/{webhook}/replay/stop", post(one_page::stop_replay))
        .route("/webhooks/{webhook}/deliveries/{position}/replay", post(one_page::replay_one))
}

/// What whoever set up a webhook is told when it is paused.
pub(crate) fn paused_words(name: &str, why: &str, webhook: Uuid) -> Words {
    Words {
        kind: Kind::WebhookPaused,
        subject: "A webhook was paused".to_owned(),
        body: format!(
            "The webhook “{name}” was paused: {why}.\n\nNothing is lost. What happens meanwhile waits, and goes when the \
             webhook is used again.\n"
        ),
        path: Some(format!("/webhooks/{webhook}")),
        by: None,
    }
}
