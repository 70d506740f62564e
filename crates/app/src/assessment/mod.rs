//! From a request to the decision whether to issue a plan.
//!
//! | address | page |
//! |---|---|
//! | `/requests/new` | a request typed in by the front door, with possible duplicates |
//! | `/requests/new/likely` | the possible duplicates so far, while a child is typed in |
//! | `/advice` | an adviser's queue: what is waited for, the first to be due first |
//! | `/children/{case}/request` | the receipt of the request, the evidence, what is missing and whether it matters |
//! | `/children/{case}/considering` | tell the family that an assessment is being considered |
//! | `/children/{case}/decide-to-assess` | the section 36(8) test, in order |
//! | `/children/{case}/exception` | record a lawful exception |
//! | `/children/{case}/advice` | ask all advisers in one act, see who has answered |
//! | `/children/{case}/advice/{advice}` | record one answer |
//! | `/children/{case}/decide-to-issue` | plan or no plan |

pub(crate) mod advice;
mod advice_file;
pub(crate) mod decide_to_assess;
mod decide_to_issue;
mod exception;
pub(crate) mod notice;
pub(crate) mod queue;
pub(crate) mod receipts;
pub(crate) mod receive;
mod request_page;

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/requests/new", get(receive::show).post(receive::save))
        .route("/advice", get(queue::show).post(queue::route))
        .route("/advice/back", post(queue::take_back))
        .route("/requests/new/likely", post(receive::typed_so_far))
        .route("/advice.csv", get(queue::download))
        .route("/children/{case}/request", get(request_page::show))
        .route("/children/{case}/considering", get(notice::show_considering).post(notice::save_considering))
        .route("/children/{case}/decide-to-assess", get(decide_to_assess::show).post(decide_to_assess::save))
        .route("/children/{case}/exception", get(exception::show).post(exception::save))
        .route("/children/{case}/advice", get(advice::show).post(advice::ask))
        .route("/children/{case}/advice/{advice}", get(advice::show_one).post(advice::record))
        .route(
            "/children/{case}/advice/{advice}/file",
            get(advice_file::show).post(advice_file::save).layer(DefaultBodyLimit::disable()),
        )
        .route("/children/{case}/advice/{advice}/file/kept", post(advice_file::save_kept))
        .route("/children/{case}/advice/{advice}/chase", post(advice::chase))
        .route("/children/{case}/decide-to-issue", get(decide_to_issue::show).post(decide_to_issue::save))
}
