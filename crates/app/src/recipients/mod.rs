//! May this leave, and to whom? What leaves is looked at before [`crate::journal::act`]: names, birth
//! dates and numbers of other children, and people and addresses that are not on the record, hold it.
//!
//! | address | page |
//! |---|---|
//! | `/children/{case}/copy` | a copy of a paper, to be posted or handed over |
//! | `/children/{case}/held/{hold}` | one held send, and letting it go |
//! | `/held` | every held send of the area, for managers |
//!
//! To hold another kind of send: give [`crate::web::case_form::Asked::leaving`] what leaves by the
//! form. Pages that do not go through it call [`act`]. What stops is decided in
//! [`casework::recipients`]; who may be meant is looked up by [`lookup`]; files are read by [`text`].

mod copy;
mod gate;
pub mod held;
pub(crate) mod list;
pub mod lookup;
mod papers;
pub mod text;

pub use gate::{HeldSend, Outcome, act};
pub use papers::{Leaving, family, plan_parts, report_parts};

use crate::App;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/children/{case}/copy", get(copy::show).post(copy::save))
        .route("/children/{case}/held/{hold}", get(held::show).post(held::release))
        .route("/held", get(list::show))
        .route("/held.csv", get(list::download))
}
