//! The front door: who gets in touch, about whom, what was promised; and whether two records are one
//! child's.
//!
//! | address | page |
//! |---|---|
//! | `/contacts` | find the child of whoever rings or writes; what waits for its child to be found |
//! | `/contacts/loose` | note what came before its child is known |
//! | `/contacts/loose/{contact}/{case}` | put it on the record of its child |
//! | `/children/{case}/contacts` | calls, emails and letters about one child; promises; joined and parted |
//! | `/children/{case}/contacts/{contact}/route` | where it goes: what is suggested and why, answered now, passed on |
//! | `/passed` | what was passed to oneself, to be answered |
//! | `/children/{case}/contacts/letter` | a letter that came by post, with its scan and a receipt |
//! | `/children/{case}/contacts/{contact}/receipt` | the receipt, to print |
//! | `/children/{case}/same` | other records that may be this child's |
//! | `/children/{case}/same/{other}` | two records side by side: join them, or tell the children apart |
//! | `/children/{case}/joined/{other}` | a record that was joined into this one; take them apart |

mod callers;
pub(crate) mod contacts;
mod letter;
mod passed;
pub(crate) mod route;
mod same;
mod taken_apart;

pub(crate) use taken_apart::came_over;

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/contacts", get(callers::show))
        .route("/contacts/loose", post(callers::note))
        .route("/contacts/loose/{contact}/{case}", post(callers::place))
        .route("/children/{case}/contacts", get(contacts::show).post(contacts::note))
        .route(
            "/children/{case}/contacts/letter",
            get(letter::show).post(letter::take_in).layer(DefaultBodyLimit::disable()),
        )
        .route("/children/{case}/contacts/{contact}/kept", post(contacts::keep))
        .route("/children/{case}/contacts/{contact}/join/{to}", post(contacts::join))
        .route("/children/{case}/contacts/{contact}/part", post(contacts::part))
        .route("/children/{case}/contacts/{contact}/route", get(route::show).post(route::route))
        .route("/children/{case}/contacts/{contact}/answer", post(route::answer))
        .route("/passed", get(passed::show))
        .route("/passed/{case}/{contact}", post(passed::answer))
        .route("/children/{case}/contacts/{contact}/receipt", get(letter::receipt))
        .route("/children/{case}/same", get(same::show))
        .route("/children/{case}/same/{other}", get(same::compare).post(same::join))
        .route("/children/{case}/different/{other}", post(same::tell_apart))
        .route("/children/{case}/different/{other}/back", post(same::take_back))
        .route("/children/{case}/joined/{other}", get(taken_apart::show).post(taken_apart::take_apart))
}
