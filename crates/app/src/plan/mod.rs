//! From the decision to issue to the final plan.
//!
//! | address | page |
//! |---|---|
//! | `/children/{case}/draft` | the plan at a glance: sections, checks, the golden thread |
//! | `/children/{case}/draft/{section}` | one section: its lines, and adding to it |
//! | `/children/{case}/draft/{section}/{line}` | change one line |
//! | `/children/{case}/draft/view` | the whole plan, A to K |
//! | `/children/{case}/send-draft` | send the draft to the family |
//! | `/children/{case}/comments` | what the family said, and the answers |
//! | `/children/{case}/placement` | what the family asks for, consultations, section I |
//! | `/children/{case}/issue` | everything in the way of the final plan, and issuing it |
//! | `/children/{case}/issued` | on time or not, and what was made |
//!
//! Every save of the plan is a new version, never changed afterwards. [`jobs`] makes the documents.

pub(crate) mod comments;
pub(crate) mod draft;
pub(crate) mod edit;
mod issue;
pub mod jobs;
pub(crate) mod letters;
pub(crate) mod placement;
pub(crate) mod section;
mod send;
pub(crate) mod store;
pub(crate) use store::version;
#[cfg(test)]
mod tests;
pub(crate) mod view;

pub(crate) use letters::received;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/children/{case}/draft", get(draft::show))
        .route("/children/{case}/draft/start", post(draft::start))
        .route("/children/{case}/draft/own-words", post(draft::use_own_words))
        .route("/children/{case}/draft/view", get(view::show))
        .route("/children/{case}/draft/{section}", get(draft::show_section).post(draft::add))
        .route("/children/{case}/draft/{section}/{line}", get(draft::show_line).post(draft::save_line))
        .route("/children/{case}/draft/{section}/{line}/remove", post(draft::remove_line))
        .route("/children/{case}/send-draft", get(send::show).post(send::save))
        .route("/children/{case}/comments", get(comments::show).post(comments::record))
        .route("/children/{case}/comments/{comment}", get(comments::show_one).post(comments::answer))
        .route("/children/{case}/placement", get(placement::show))
        .route(
            "/children/{case}/placement/preference",
            get(placement::show_preference).post(placement::save_preference),
        )
        .route("/children/{case}/placement/consult", get(placement::show_consult).post(placement::save_consult))
        .route(
            "/children/{case}/placement/consultations/{consultation}",
            get(placement::show_reply).post(placement::save_reply),
        )
        .route("/children/{case}/placement/name", get(placement::show_name).post(placement::save_name))
        .route("/children/{case}/issue", get(issue::show).post(issue::save))
        .route("/children/{case}/issue/health", post(issue::agree_health))
        .route("/children/{case}/issued", get(issue::issued))
}
