//! Signing out at the provider too, and being signed out by it.

use super::attempts::with_query;
use super::provider::Provider;
use super::tokens::{self, Claims, Expected};
use crate::access::events::{self, Event, Outcome};
use crate::access::reasons::{Part, Reason, Stopped};
use crate::access::{sessions, token_hash};
use crate::{App, Error};
use jiff::{SignedDuration, Timestamp};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::Deserialize;
use serde_json::Value;

/// How long what was said once is remembered; what is older is not listened to.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_mins(15);
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

const FORGET: &str = "DELETE FROM sign_in_spent WHERE ends_at <= $1";
const SPEND: &str = "INSERT INTO sign_in_spent (spent_hash, ends_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// The key of one session, which only the browser's cookie gives. It seals one thing, so that the
/// nonce need not change.
fn key(session_token: &str) -> Option<LessSafeKey> {
    let bytes = blake3::derive_key("tellonce 2026 id token of a session", session_token.as_bytes());
    UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok().map(LessSafeKey::new)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// Closes an ID token away: the database alone cannot read it.
pub fn seal(session_token: &str, id_token: &str) -> Option<Vec<u8>> {
    let mut bytes = id_token.as_bytes().to_vec();
    key(session_token)?.seal_in_place_append_tag(nonce(), Aad::empty(), &mut bytes).ok()?;
    Some(bytes)
}

pub fn open(session_token: &str, sealed: &[u8]) -> Option<String> {
    let mut bytes = sealed.to_vec();
    let opened = key(session_token)?.open_in_place(nonce(), Aad::empty(), &mut bytes).ok()?;
    String::from_utf8(opened.to_vec()).ok()
}

/// The provider's page for signing out (RP-initiated logout), if it has one and answers.
pub fn address(app: &App, provider: &Provider, id_token: Option<String>) -> Option<String> {
    let metadata = provider.metadata(app.clock.now()).ok()?;
    let mut asked = vec![
        ("client_id", provider.entry.client_id.clone()),
        ("post_logout_redirect_uri", format!("{}/sign-in", app.settings.address())),
    ];
    asked.extend(id_token.map(|token| ("id_token_hint", token)));
    Some(with_query(metadata.end_session_endpoint.as_deref()?, &asked))
}

#[derive(Deserialize)]
struct LogoutToken {
    #[serde(flatten)]
    claims: Claims,
    jti: String,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
    #[serde(default)]
    events: Value,
}

/// Ends the sessions that a provider's logout token names (back-channel logout).
///
/// # Errors
/// When the database fails. A token that is not believed is noted and ends nothing.
pub fn ended_by(app: &App, provider: &Provider, token: &str) -> Result<Result<(), Stopped>, Error> {
    let now = app.clock.now();
    let checked = read(provider, token, now);
    app.db.write("access.ended_by_provider", |tx| -> Result<_, Error> {
        let named = match &checked {
            Ok(logout) => {
                tx.execute(FORGET, &[now.into()])?;
                let spent = token_hash(&format!("{}\0{}", provider.entry.issuer, logout.jti));
                if tx.execute(SPEND, &[spent.into(), (now + REMEMBERED_FOR).into()])? == 1 {
                    Ok(logout)
                } else {
                    Err(Part::LogoutToken.is(Reason::SaidBefore))
                }
            }
            Err(stopped) => Err(*stopped),
        };
        let way = provider.entry.id.as_str();
        let logout = match named {
            Ok(logout) => logout,
            Err(stopped) => {
                let area = super::admit::area_of(tx, provider)?;
                let event = Event { authority: Some(area), ..Event::default() }.because(stopped);
                events::note(tx, app, way, Outcome::Refused, event)?;
                return Ok(Err(stopped));
            }
        };
        let subject = logout.sub.as_deref().map(|sub| provider.subject_hash(sub));
        let session = logout.sid.as_deref().map(|sid| provider.session_hash(sid));
        for (authority, user) in sessions::end_at_provider(tx, subject, session)? {
            let event = Event { subject_hash: subject, ..Event::of(authority, user) };
            events::note(tx, app, way, Outcome::EndedByProvider, event)?;
        }
        Ok(Ok(()))
    })
}

fn read(provider: &Provider, token: &str, now: Timestamp) -> Result<LogoutToken, Stopped> {
    let wrong = |reason| Part::LogoutToken.is(reason);
    let logout: LogoutToken = tokens::verify(token, |id, algorithm| provider.key(id, algorithm, now)).map_err(wrong)?;
    let expected = Expected { issuer: &provider.entry.issuer, client: &provider.entry.client_id, now };
    logout.claims.check(expected).map_err(wrong)?;
    // Older than what is remembered: it could have been used before.
    if logout.claims.is_older_than(REMEMBERED_FOR - SignedDuration::from_mins(5), now) {
        return Err(wrong(Reason::Expired));
    }
    // An ID token, which has a nonce, must not pass for one of these.
    let is_logout = logout.events[LOGOUT_EVENT].is_object() && logout.nonce.is_none();
    if !is_logout || (logout.sub.is_none() && logout.sid.is_none()) {
        return Err(wrong(Reason::NotALogout));
    }
    Ok(logout)
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn what_is_sealed_is_opened_by_its_own_session_only() {
        let sealed = seal("a session", "a token").expect("it can be sealed");
        assert!(!sealed.windows(7).any(|part| part == b"a token"));
        assert_eq!(open("a session", &sealed).as_deref(), Some("a token"));
        assert_eq!(open("another session", &sealed), None);
        assert_eq!(open("a session", &sealed[1..]), None);
    }
}
