//! Passkeys: adding one to an account, and signing in with one, with no address typed.
//!
//! | address | page |
//! |---|---|
//! | `/sign-in/passkey` | sign in with a passkey |
//! | `/account/sign-in/passkeys/new` | add one |
//! | `/account/sign-in/passkeys/{passkey}/remove` | remove one |
//!
//! What an authenticator answers is judged by `webauthn-rs`: challenge, origin, signature, that the
//! person was verified, that its counter goes up. What it was asked is kept here, once and briefly.

mod pages;
pub(super) mod store;

use crate::{App, Error};
use axum::Router;
use axum::routing::{get, post};
use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/passkey", get(pages::show_sign_in).post(pages::sign_in))
        .route("/account/sign-in/passkeys/new", get(pages::show_add).post(pages::add))
        .route("/account/sign-in/passkeys/{passkey}/remove", post(pages::remove))
}

/// The party that passkeys are made for: the host that browsers reach this installation by.
fn party(app: &App) -> Result<Webauthn, Error> {
    let broken = |cause: String| Error::Broken { step: "set up passkeys", cause };
    let origin = Url::parse(&app.settings.address()).map_err(|cause| broken(cause.to_string()))?;
    let host = origin.host_str().ok_or_else(|| broken("the address has no host".to_owned()))?;
    WebauthnBuilder::new(host, &origin)
        .and_then(|builder| builder.rp_name("Tellonce").build())
        .map_err(|cause| broken(cause.to_string()))
}
