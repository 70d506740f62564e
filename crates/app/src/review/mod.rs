//! Reviews of a plan: arranging, holding, deciding; being out of school while one waits.
//!
//! | address | page |
//! |---|---|
//! | `/children/{case}/review` | the review that is due: arrange it, record the meeting, record the decision |
//! | `/children/{case}/amendment` | the proposed changes and the amended plan that follow from a decision to amend |
//! | `/children/{case}/education` | record that the child is out of school, or back |

mod amendment;
mod education;
pub(crate) mod review_page;

use crate::App;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/children/{case}/review", get(review_page::show).post(review_page::save))
        .route("/children/{case}/amendment", get(amendment::show).post(amendment::save))
        .route("/children/{case}/education", get(education::show).post(education::save))
}
