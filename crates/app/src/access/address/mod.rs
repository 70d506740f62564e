//! Somebody lost the address that they sign in with, or has another: how they get a new one, and how
//! nobody else does it for them.
//!
//! | address | page |
//! |---|---|
//! | `/account/address` and below | a family changes its own, signed in with a code by text or a passkey |
//! | `/children/{case}/family/{user}/address` | the staff saw the person: a new address for them |
//! | `/restores` and below | changes that wait for a code, a second person or their day |
//! | `/sign-in/stop/{token}` | “it was not me”, from the message to the old address |
//!
//! Every change is proved by a code to the new address, told to the old one (and by text), held for
//! three days, and written into the record of sign-ins. When it takes effect every session ends.

mod own;
mod staff;
mod stop;
mod store;

pub(crate) use store::take_effect;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub const CHANGE_ADDRESS: &str = "change_address";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account/address", get(own::show).post(own::save))
        .route("/account/address/code", get(own::show_code).post(own::enter_code))
        .route("/account/address/cancel", post(own::cancel))
        .route("/children/{case}/family/{user}/address", get(staff::show).post(staff::save))
        .route("/restores", get(staff::list))
        .route("/restores/{change}/code", get(staff::show_code).post(staff::enter_code))
        .route("/restores/{change}/agree", post(staff::agree))
        .route("/restores/{change}/stop", post(staff::stop))
        .route("/sign-in/stop/{token}", get(stop::show).post(stop::stop))
}
