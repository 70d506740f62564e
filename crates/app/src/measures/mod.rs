//! Measures of how the area does for its children, each with the list behind it.
//!
//! | address | page |
//! |---|---|
//! | `/measures/told-once` | how often each fact was asked for, of whom, by which form |
//! | `/measures/told-once.csv` | the same to take away |
//! | `/measures/told-once/again` | children of whom something was asked more than once |

pub(crate) mod told_once;

use crate::App;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/measures/told-once", get(told_once::show))
        .route("/measures/told-once.csv", get(told_once::download))
        .route("/measures/told-once/again", get(told_once::again))
}
