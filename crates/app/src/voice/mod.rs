//! What families, children and young people say, and what they are answered.
//!
//! | address | page |
//! |---|---|
//! | `/family/{case}/messages` | the family's messages with the council, and when the answer comes |
//! | `/children/{case}/messages` | the same for those who answer |
//! | `/family/{case}/about-me` and below | the child's own words, pictures, sound and film: saying them |
//! | `/children/{case}/about-me` and below | the same for those who work with the child, as far as each part is for them |
//! | `/children/{case}/not-wanted` | outcomes that the young person does not want, and the answers |
//! | `/children/{case}/rights` | whose the rights are, the talk before they pass, capacity for one decision |

pub(crate) mod about_me;
pub(crate) mod messages;
pub(crate) mod not_wanted;
pub mod prompts;
pub mod reading_age;
mod rights;
pub(crate) mod symbols;

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/family/{case}/messages", get(messages::show_family).post(messages::write_family))
        .route("/children/{case}/messages", get(messages::show_staff).post(messages::write_staff))
        .route("/children/{case}/messages/close", post(messages::close))
        .route("/children/{case}/not-wanted", get(not_wanted::show))
        .route("/children/{case}/not-wanted/{objection}", get(not_wanted::show_one).post(not_wanted::answer))
        .route("/children/{case}/rights", get(rights::show))
        .route("/children/{case}/rights/talk", post(rights::record_talk))
        .route("/children/{case}/rights/capacity", get(rights::show_assess).post(rights::assess));
    for root in ["/family/{case}/about-me", "/children/{case}/about-me"] {
        let save = post(about_me::save).layer(DefaultBodyLimit::disable());
        router = router
            .route(root, get(about_me::show))
            .route(&format!("{root}/stars"), post(about_me::star))
            .route(&format!("{root}/play"), get(about_me::show_play))
            .route(&format!("{root}/files/{{document}}"), get(about_me::file))
            .route(&format!("{root}/{{part}}"), get(about_me::show_part).merge(save))
            .route(&format!("{root}/{{part}}/earlier"), get(about_me::earlier));
    }
    router
}
