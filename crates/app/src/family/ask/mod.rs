//! Asking for an assessment without an account: begun on any device, saved with a code, sent with a
//! receipt. What is sent is a request like any other, and starts the same clock.
//!
//! | address | page |
//! |---|---|
//! | `/worried` | three ways to get help, who to ring, who helps for free |
//! | `/ask` | what it is, and the way back to a request that was saved |
//! | `/ask/you` | the first questions: nothing is kept before they are answered |
//! | `/ask/{code}` | where the request stands: the next question, or its receipt |
//! | `/ask/{code}/{step}` | one page of questions |
//! | `/ask/{code}/files` | pictures, voice notes, letters |
//! | `/ask/{code}/uploads` and below | the same in parts: see [`crate::uploads`] |
//! | `/ask/{code}/saved` | the link and the code to come back with |
//! | `/ask/{code}/check` | everything once more, and sending it |
//! | `/ask/{code}/receipt` | number, time, fingerprints, what happens next and why then |
//!
//! The code in the address is the key: there is no cookie and no account.

mod code;
mod files;
mod journey;
mod pages;
mod receipt;
mod send;
mod store;
mod worried;

pub(crate) use code::Code;
pub(crate) use files::{FILES_MAX, FORM_FILES_BYTES_MAX, files_of, keep};
pub(crate) use store::waiting_bytes;
pub(super) use store::{Draft, find as find_draft};

/// The question whose answer social care reads first.
pub(crate) const HELP_AT_HOME: &str = "What would help at home?";

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, head, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/worried", get(worried::show))
        .route("/ask", get(pages::begin))
        .route("/ask/return", post(pages::come_back))
        .route("/ask/you", get(pages::show_first).post(pages::save_first))
        .route("/ask/{code}", get(pages::go_on))
        .route("/ask/{code}/saved", get(pages::saved))
        .route("/ask/{code}/files", get(files::show).post(files::save).layer(DefaultBodyLimit::disable()))
        .route("/ask/{code}/files/{file}/remove", post(files::remove))
        .route("/ask/{code}/uploads", post(files::begin_upload).options(files::spoken))
        .route(
            "/ask/{code}/uploads/{upload}",
            head(files::upload_head).patch(files::upload_part).delete(files::stop_upload),
        )
        .route("/ask/{code}/check", get(send::show).post(send::send))
        .route("/ask/{code}/receipt", get(receipt::show))
        .route("/ask/{code}/receipt/words.txt", get(receipt::words))
        .route("/ask/{code}/{step}", get(pages::show).post(pages::save))
}
