//! What families say, and what they are answered.
//!
//! | address | page |
//! |---|---|
//! | `/family/{case}/messages` | the family's messages with the council, and when the answer comes |
//! | `/children/{case}/messages` | the same for those who answer |

pub(crate) mod messages;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/family/{case}/messages", get(messages::show_family).post(messages::write_family))
        .route("/children/{case}/messages", get(messages::show_staff).post(messages::write_staff))
        .route("/children/{case}/messages/close", post(messages::close))
}
