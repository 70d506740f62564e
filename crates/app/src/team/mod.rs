//! The people who do the work: an officer's day, who works with which child.
//!
//! | address | page |
//! |---|---|
//! | `/today` | today, in order of harm, with the reason |
//! | `/children/{case}/officer` | name the officer for a child |
//! | `/away` and below | who is away, and who covers |
//! | `/team`, `/team/replies` | answers to families as promised, what nobody owns |

mod away;
pub(crate) mod cover;
pub(crate) mod day;
pub mod leaving;
pub(crate) mod officer;
mod replies;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub use crate::record::store::Scope;
pub use cover::sweep as tell_of_cover;
pub use day::{DayLine, Whose, day};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/today", get(day::show))
        .route("/today.csv", get(day::download))
        .route("/away", get(away::show).post(away::save))
        .route("/away/{absence}/end", post(away::end))
        .route("/team", get(replies::show))
        .route("/team/replies", get(replies::list))
        .route("/team/replies.csv", get(replies::download))
        .route("/children/{case}/officer", get(officer::show).post(officer::save))
}
