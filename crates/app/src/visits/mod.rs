//! Visits of advisers to a child, and what they note there.
//!
//! | address | page |
//! |---|---|
//! | `/children/{case}/advice/{advice}/visits` | the visits for one piece of advice, and booking one |
//! | `/children/{case}/advice/{advice}/recordings` | pictures, sound and film that its writers keep for themselves |
//! | `/children/{case}/visits/{visit}` | one visit: moving it, cancelling it, notes |
//!
//! The family and those who see the child's page are shown [`listed`]: day, place, who comes. Notes are
//! for those who write the advice, and for nobody else.

mod list;
pub(crate) mod listed;
mod notes;
mod one;
mod recordings;
pub(crate) mod words;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/children/{case}/advice/{advice}/visits", get(list::show).post(list::book))
        .route(
            "/children/{case}/advice/{advice}/recordings",
            get(recordings::show).merge(post(recordings::save).layer(axum::extract::DefaultBodyLimit::disable())),
        )
        .route("/children/{case}/advice/{advice}/recordings/{document}", get(recordings::file))
        .route("/children/{case}/advice/{advice}/recordings/{document}/remove", post(recordings::remove))
        .route("/children/{case}/visits/{visit}", get(one::show))
        .route("/children/{case}/visits/{visit}/move", post(one::change))
        .route("/children/{case}/visits/{visit}/cancel", post(one::cancel))
        .route("/children/{case}/visits/{visit}/notes", post(notes::save))
}
