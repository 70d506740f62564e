//! What families see and do: asking without an account, signing in, their own child's page.
//!
//! | address | page |
//! |---|---|
//! | `/worried`, `/ask` and below | asking without an account: see [`ask`] |
//! | `/ask/{code}/account` | an account to follow the request that was sent |
//! | `/family` | one card a child: where things are, what is next, who has it, by when |
//! | `/family/{case}` | all of that, who was asked, what was sent, who may read it, who did |
//! | `/family/{case}/facts` | what the record says of the child, who said it, and saying that it is wrong |
//! | `/family/{case}/documents/{document}` | what the family sent or was sent |

pub(crate) mod ask;
pub(crate) mod child;
mod claim;
pub(crate) mod facts;
pub(crate) mod home;
mod readers;
pub(crate) mod tell;

use crate::App;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(ask::routes())
        .route("/ask/{code}/account", get(claim::show).post(claim::send))
        .route("/ask/{code}/account/code", get(claim::show_code).post(claim::open))
        .route("/family", get(home::show))
        .route("/family/{case}", get(child::show))
        .route("/family/{case}/facts", get(facts::show))
        .route("/family/{case}/facts/{field}", get(facts::show_change).post(facts::ask))
        .route("/family/{case}/documents/{document}", get(child::document))
}
