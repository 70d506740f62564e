//! The people who do the work: an officer's day, who works with which child.
//!
//! | address | page |
//! |---|---|
//! | `/today` | today, in order of harm, with the reason |
//! | `/children/{case}/officer` | name the officer for a child |

pub(crate) mod day;
pub(crate) mod officer;

use crate::App;
use axum::Router;
use axum::routing::get;

pub use crate::record::store::Scope;
pub use day::{DayLine, Whose, day};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/today", get(day::show))
        .route("/today.csv", get(day::download))
        .route("/children/{case}/officer", get(officer::show).post(officer::save))
}
