//! Who is signed in, and how they sign in.
//!
//! Passwords are kept as argon2id; a session is a random token of which only the hash is stored.
//! Guessing is slowed by counting failures per address typed, never by locking anyone out for good.
//!
//! | way | where | for whom |
//! |---|---|---|
//! | password | `pages` | staff |
//! | code by email, or by text to a confirmed number | `codes`, `code_pages` | families |
//! | an account elsewhere | [`oidc`] | whom the provider is for |
//! | passkey | `passkeys` | whoever added one on `account`'s page |
//!
//! Whoever loses their address gets another by `address`.
//!
//! Whoever asked for a page before they were signed in is led back to it by `then`.
//!
//! Every try is a line of the record that `events` keeps and administrators read.

mod account;
pub(crate) mod address;
pub(crate) mod browser;
mod code_pages;
pub(crate) mod codes;
mod events;
mod events_page;
pub mod oidc;
pub mod pages;
mod passkeys;
mod reasons;
mod sessions;
mod store;
pub(crate) mod then;

pub(crate) use sessions::How;
pub use sessions::find_session;
#[cfg(test)]
pub(crate) use sessions::{end_session, start_session};
pub use store::{NewUser, add_user, is_address_taken, let_go};
pub(crate) use store::{address_of, demo_people, failures_since, find_user, find_user_by_id, note_failure, signed_in};

pub(crate) use code_pages::{WRONG_CODE, email_of, enter_address, enter_page};
pub(crate) use pages::begin_session;

use crate::Error;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use casework::access::Actor;
use jiff::SignedDuration;

/// A session ends this long after it was last used, and in any case after a working day.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// Failures within [`GUESSING_WINDOW`] after which the next try has to wait.
pub const FAILURES_MAX: i64 = 10;
pub const GUESSING_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// The signed-in person with what the frame of every page shows.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    pub name: String,
    pub area: String,
}

/// The argon2id hash of a password, salted.
///
/// # Errors
/// [`Error::Broken`] when hashing fails, which means the parameters are wrong.
pub fn hash_password(password: &str) -> Result<String, Error> {
    let broken =
        |cause: argon2::password_hash::Error| Error::Broken { step: "hash a password", cause: cause.to_string() };
    let salt = crate::ports::random_bytes::<16>();
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(broken)?.to_string())
}

/// Whether this is the password behind the hash.
pub fn password_matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// The hash under which a session token is stored.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// The token that forms of a session carry: derived, so that it needs no storage.
pub fn csrf_token(token: &str) -> String {
    blake3::derive_key("tellonce 2026 form token", token.as_bytes())
        .iter()
        .take(16)
        .map(|b| format!("{b:02x}"))
        .collect()
}
