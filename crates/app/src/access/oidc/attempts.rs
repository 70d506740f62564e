//! People on their way to a provider and back: ten minutes, once, in one browser.

use super::exchange::Secrets;
use super::identity;
use super::provider::Provider;
use super::settings::Kind;
use crate::Error;
use crate::access::browser::{BrowserSecret, hex};
use crate::access::reasons::Stopped;
use crate::access::token_hash;
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const LASTS: SignedDuration = SignedDuration::from_mins(10);

const FORGET: &str = "DELETE FROM sign_in_attempts WHERE ends_at <= $1";
const BEGIN: &str =
    "INSERT INTO sign_in_attempts (state_hash, browser_hash, provider, ends_at) VALUES ($1, $2, $3, $4)";
const TAKE: &str = "DELETE FROM sign_in_attempts \
    WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND ends_at > $4";

/// The nonce and the verifier of an attempt: made again from the browser's cookie, never stored.
pub fn secrets(browser: &BrowserSecret, state: &str) -> Secrets {
    Secrets {
        nonce: hex(&browser.derive("tellonce 2026 nonce of a sign-in", state)),
        verifier: hex(&browser.derive("tellonce 2026 code verifier of a sign-in", state)),
    }
}

/// Keeps that this browser set out under this state.
pub fn begin(
    tx: &mut dyn Tx,
    provider: &Provider,
    browser: &BrowserSecret,
    state: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(FORGET, &[now.into()])?;
    let id = (&provider.entry.id).into();
    tx.execute(BEGIN, &[token_hash(state).into(), browser.hash().into(), id, (now + LASTS).into()])?;
    Ok(())
}

/// Whether this browser set out under this state and has not come back yet. It cannot again.
pub fn take(
    tx: &mut dyn Tx,
    provider: &Provider,
    browser: &BrowserSecret,
    state: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let id = (&provider.entry.id).into();
    let taken = tx.execute(TAKE, &[token_hash(state).into(), browser.hash().into(), id, now.into()])?;
    Ok(taken == 1)
}

/// The provider's page for signing in, with all that is asked of it.
pub fn address(
    provider: &Provider,
    redirect: &str,
    state: &str,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<String, Stopped> {
    let entry = &provider.entry;
    let metadata = provider.metadata(now)?;
    let challenge = secrets.challenge();
    let mut asked = vec![
        ("response_type", "code".to_owned()),
        ("client_id", entry.client_id.clone()),
        ("redirect_uri", redirect.to_owned()),
        ("scope", entry.kind.scope().to_owned()),
        ("state", state.to_owned()),
        ("nonce", secrets.nonce.clone()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256".to_owned()),
    ];
    if let (Kind::OneLogin, Some(level)) = (entry.kind, &entry.level) {
        asked.push(("vtr", json!([level]).to_string()));
        asked.push(("ui_locales", "en".to_owned()));
        if identity::asked_of(level).is_some() {
            asked.push(("claims", json!({ "userinfo": { identity::CORE_IDENTITY: null } }).to_string()));
        }
    }
    Ok(with_query(&metadata.authorization_endpoint, &asked))
}

/// An address with more in its query.
pub fn with_query(address: &str, pairs: &[(&str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{query}")
}
