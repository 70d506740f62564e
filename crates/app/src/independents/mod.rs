//! Professionals whom a family asks for advice itself, and finished reports that it hands in
//! (regulation 6(1)(h)). What they write goes the way of all advice: see [`crate::advice`].
//!
//! | address | page |
//! |---|---|
//! | `/family/{case}/independent` | the family: whom it invited, inviting somebody, reports it handed in |
//! | `/family/{case}/independent/{advice}` | one invitation: what it shows them, taking it back |
//! | `/family/{case}/independent/report` | hand in a finished report |
//! | `/invited/{link}` and below | the professional: from the link to signing in, with a code |
//! | `/invited` | what a professional was invited to |
//! | `/children/{case}/advice/{advice}/invited` | one of them: the question, what the family shows |
//! | `/children/{case}/reports/{document}/take-up` | the officer begins to enter the lines of a report |
//!
//! The officer sees all of it on the page of advice: see [`listed`].

mod arrive;
mod desk;
mod family;
mod hand_in;
pub(crate) mod listed;
mod one;
mod store;
pub(crate) mod words;

use crate::App;
use axum::Router;
use axum::routing::{get, post};
use casework::access::{Actor, Role};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/family/{case}/independent", get(family::show).post(family::invite))
        .route("/family/{case}/independent/report", get(hand_in::show).post(hand_in::save))
        .route("/family/{case}/independent/{advice}", get(one::show).post(one::share))
        .route("/family/{case}/independent/{advice}/withdraw", post(one::withdraw))
        .route("/invited", get(desk::home))
        .route("/invited/{link}", get(arrive::show).post(arrive::send))
        .route("/invited/{link}/code", get(arrive::show_code).post(arrive::open))
        .route("/children/{case}/advice/{advice}/invited", get(desk::show))
        .route("/children/{case}/advice/{advice}/shared/{document}", get(desk::document))
        .route("/children/{case}/reports/{document}/take-up", post(listed::take_up))
}

/// Whether this person asks as a parent, not as the young person.
fn as_parent(actor: &Actor) -> bool {
    actor.role != Role::YoungPerson
}
