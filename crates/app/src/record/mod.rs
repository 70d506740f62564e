//! The child's record: finding a child, their page, their dates and why, what happened.
//!
//! | address | page |
//! |---|---|
//! | `/children` | search by half a name, another spelling, a birth date or a number |
//! | `/children/{case}` | where the case stands, what to do next, dates, people, documents, history |
//! | `/children/{case}/why/{rule}` | why a date is that date |
//! | `/children/{case}/what-if` | what would change if something happened; nothing is recorded |
//! | `/children/{case}/corrections` | what the family says is wrong, and the answer |
//! | `/children/{case}/facts` | every fact: who said it, how often it was asked for |
//! | `/children/{case}/facts/{field}` | every value it had, who said each, who has been shown it |
//! | `/children/{case}/details` | correct a name, a birth date, a number |
//! | `/children/{case}/documents/{document}` | a stored file, as it was sent |
//! | `/children/{case}/read` | everything that somebody may read, in the order of its days |
//! | `/dates` | the same working for anyone, from the day a request was received |

pub(crate) mod case_page;
pub(crate) use case_page::names as case_names;
pub(crate) mod corrections;
pub(crate) mod dates;
mod details;
pub(crate) mod fact_page;
pub(crate) mod facts;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod likely;
pub(crate) mod looks;
pub mod names;
mod reading;
pub(crate) mod search;
pub(crate) mod store;
mod timeline;
mod what_if;
pub(crate) mod why;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub(crate) use details::parse as parse_details;
pub use search::{Hit, list, search, search_callers};
pub(crate) use why::render as working;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(dates::front))
        .route("/dates", get(dates::show))
        .route("/children", get(search::show))
        .route("/children/{case}", get(case_page::show))
        .route("/children/{case}/why/{rule}", get(why::show))
        .route("/children/{case}/what-if", get(what_if::show))
        .route("/children/{case}/corrections", get(corrections::show))
        .route("/children/{case}/corrections/{correction}", post(corrections::save))
        .route("/children/{case}/facts", get(fact_page::show_all))
        .route("/children/{case}/facts/{field}", get(fact_page::show_one))
        .route("/children/{case}/details", get(details::show).post(details::save))
        .route("/children/{case}/read", get(reading::show))
        .route("/children/{case}/documents/{document}", get(case_page::document))
}
