//! What is brought in from elsewhere: SEN2 returns and registers of schools.
//!
//! A file is read twice. The first time it is checked from end to end and nothing is written:
//! people see what it would bring and what is wrong with it. The second time it is written in
//! batches; each batch commits together with the place the import has come to, so that an import
//! that was broken off goes on where it was, and one that is run again finds nothing new.
//!
//! | question | where |
//! |---|---|
//! | what does the file say about a person? | `people` |
//! | is that person on record already? | `matching` |
//! | what is written, and what is kept as it is here? | `sen2`, `schools` |
//! | how far is it, and what was found? | `summary`, `store` |
//! | who starts it? | [`jobs`] for the page, `tellonce import` at a terminal, both through [`run`] |

pub mod jobs;
mod matching;
mod pages;
mod people;
pub mod run;
pub mod schools;
pub mod sen2;
pub mod store;
pub mod summary;
mod terminal;
#[cfg(test)]
mod tests;

pub use terminal::{Begun, begin};

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/imports", get(pages::list).post(pages::receive).layer(DefaultBodyLimit::disable()))
        .route("/imports/{import}", get(pages::show).post(pages::answer))
        .route("/imports/{import}/findings.csv", get(pages::findings_csv))
}
