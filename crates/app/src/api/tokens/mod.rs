//! Tokens: who may make one, for how long, and how it ends.
//!
//! | address | page |
//! |---|---|
//! | `/account/tokens` | a person's own tokens: make one, see it once, end it |
//! | `/services` | services of the area, each with a role of its own: an administrator's page |
//! | `/services/{service}` | the tokens of one service |
//!
//! A token works as long as whoever it stands for: when they leave, it is dead at once.

mod form;
mod personal;
pub mod services;
pub mod store;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account/tokens", get(personal::show).post(personal::add))
        .route("/account/tokens/{token}/revoke", post(personal::revoke))
        .route("/services", get(services::show).post(services::add))
        .route("/services/{service}", get(services::show_one).post(services::add_token))
        .route("/services/{service}/tokens/{token}/revoke", post(services::revoke))
        .route("/services/{service}/retire", post(services::retire))
        .route("/services/{service}/restore", post(services::restore))
}
