//! Sessions in the database: begun, found, kept alive, ended.
//!
//! A session is a random token in the browser's cookie; the database has its hash.

use super::browser::Browser;
use super::store::signed_in;
use super::{IDLE, LONGEST, SignedIn, token_hash};
use crate::{App, Error};
use casework::{AuthorityId, UserId};
use db::{Row, Tx};
use jiff::Timestamp;
use uuid::Uuid;

const START: &str = "INSERT INTO sessions (token_hash, session_id, authority_id, user_id, started_at, seen_at, ends_at, \
    way, browser, subject_hash, provider_session_hash, sealed_token) \
    VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11)";
const FIND: &str = "SELECT s.authority_id, s.user_id, s.seen_at, s.ends_at, u.name, u.role, u.setting_urn, u.body_id, \
    a.name AS area FROM sessions s \
    JOIN users u ON u.authority_id = s.authority_id AND u.user_id = s.user_id \
    JOIN authorities a ON a.authority_id = s.authority_id WHERE s.token_hash = $1 AND u.active";
const SEEN: &str = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1";
const END: &str = "DELETE FROM sessions WHERE token_hash = $1";
const END_ONE: &str = "DELETE FROM sessions WHERE authority_id = $1 AND user_id = $2 AND session_id = $3";
const END_ALL: &str = "DELETE FROM sessions WHERE authority_id = $1 AND user_id = $2";
const END_AT_PROVIDER: &str = "DELETE FROM sessions \
    WHERE (subject_hash = $1 OR $1 IS NULL) AND (provider_session_hash = $2 OR $2 IS NULL)";
const OWNERS_AT_PROVIDER: &str = "SELECT DISTINCT authority_id, user_id FROM sessions \
    WHERE (subject_hash = $1 OR $1 IS NULL) AND (provider_session_hash = $2 OR $2 IS NULL)";
const LEAVING: &str = "SELECT authority_id, user_id, way, sealed_token FROM sessions WHERE token_hash = $1";
const OF_USER: &str = "SELECT session_id, token_hash, started_at, seen_at, way, browser FROM sessions \
    WHERE authority_id = $1 AND user_id = $2 AND ends_at > $3 AND seen_at > $4 ORDER BY seen_at DESC, session_id";
const DROP_ENDED: &str = "DELETE FROM sessions WHERE ends_at < $1";

/// How and where someone signs in.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// `password`, `code`, `passkey`, `demo`, or the name of a provider in its settings.
    pub way: String,
    pub browser: Browser,
    pub at_provider: Option<AtProvider>,
}

/// What is kept of a session at a provider, so that the two end together.
#[derive(Debug, Clone)]
pub struct AtProvider {
    pub subject_hash: [u8; 32],
    pub session_hash: Option<[u8; 32]>,
    /// The ID token, which is shown again when signing out there. It is stored sealed with the
    /// session's own token, which only the browser has.
    pub id_token: String,
}

/// Starts a session under `token`.
///
/// # Errors
/// When the database fails.
pub(crate) fn start_session(
    tx: &mut dyn Tx,
    token: &str,
    person: &SignedIn,
    how: &How,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(DROP_ENDED, &[now.into()])?;
    let hash = token_hash(token);
    let at = how.at_provider.as_ref();
    tx.execute(
        START,
        &[
            hash.into(),
            name_of(&hash).into(),
            person.actor.authority.0.into(),
            person.actor.user.0.into(),
            now.into(),
            (now + LONGEST).into(),
            (&how.way).into(),
            how.browser.words().into(),
            at.map(|at| at.subject_hash).into(),
            at.and_then(|at| at.session_hash).into(),
            at.and_then(|at| super::oidc::seal_token(token, &at.id_token)).into(),
        ],
    )?;
    Ok(())
}

/// What a session is called where its owner ends it: nothing that lets anyone in.
fn name_of(hash: &[u8; 32]) -> Uuid {
    let mut name = [0; 16];
    name.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(name)
}

pub(crate) fn end_session(tx: &mut dyn Tx, token: &str) -> Result<(), Error> {
    tx.execute(END, &[token_hash(token).into()])?;
    Ok(())
}

/// Whose session this is, how it was begun, and the sealed ID token of its provider.
pub(super) struct Leaving {
    pub authority: AuthorityId,
    pub user: UserId,
    pub way: String,
    pub sealed_token: Option<Vec<u8>>,
}

pub(super) fn leaving(tx: &mut dyn Tx, token: &str) -> Result<Option<Leaving>, Error> {
    let Some(row) = tx.find(LEAVING, &[token_hash(token).into()])? else { return Ok(None) };
    Ok(Some(Leaving {
        authority: AuthorityId(row.get("authority_id")?),
        user: UserId(row.get("user_id")?),
        way: row.get("way")?,
        sealed_token: row.get("sealed_token")?,
    }))
}

/// Ends one session of this person; false when they have none of that name.
pub(super) fn end_one(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, session: Uuid) -> Result<bool, Error> {
    Ok(tx.execute(END_ONE, &[authority.0.into(), user.0.into(), session.into()])? == 1)
}

/// Ends every session of this person.
pub(super) fn end_all(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<u64, Error> {
    Ok(tx.execute(END_ALL, &[authority.0.into(), user.0.into()])?)
}

/// Ends what was begun with this account, or in this session, of a provider. Says whose they were.
pub(super) fn end_at_provider(
    tx: &mut dyn Tx,
    subject_hash: Option<[u8; 32]>,
    session_hash: Option<[u8; 32]>,
) -> Result<Vec<(AuthorityId, UserId)>, Error> {
    if subject_hash.is_none() && session_hash.is_none() {
        return Ok(vec![]);
    }
    let named = [subject_hash.into(), session_hash.into()];
    let mut owners = Vec::new();
    for row in tx.query(OWNERS_AT_PROVIDER, &named)? {
        owners.push((AuthorityId(row.get(0)?), UserId(row.get(1)?)));
    }
    tx.execute(END_AT_PROVIDER, &named)?;
    Ok(owners)
}

/// One of the places where somebody is signed in.
pub(super) struct Place {
    pub id: Uuid,
    pub is_this: bool,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
    pub way: String,
    pub browser: String,
}

fn place(row: &Row, own: &[u8; 32]) -> Result<Place, Error> {
    let hash: [u8; 32] = row.get("token_hash")?;
    Ok(Place {
        id: row.get("session_id")?,
        is_this: hash == *own,
        started_at: row.get("started_at")?,
        seen_at: row.get("seen_at")?,
        way: row.get("way")?,
        browser: row.get("browser")?,
    })
}

/// Where this person is signed in now, last used first.
pub(super) fn places(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
    own_token: &str,
    now: Timestamp,
) -> Result<Vec<Place>, Error> {
    let own = token_hash(own_token);
    let parameters = [authority.0.into(), user.0.into(), now.into(), (now - IDLE).into()];
    tx.query(OF_USER, &parameters)?.iter().map(|row| place(row, &own)).collect()
}

/// The person whose session this is, if it is alive. Using a session keeps it alive; that is
/// written at most once a minute.
///
/// # Errors
/// When the database fails.
pub fn find_session(app: &App, token: &str) -> Result<Option<SignedIn>, Error> {
    let now = app.clock.now();
    let hash = token_hash(token);
    let found = app.db.read("access.find_session", |tx| -> Result<_, Error> {
        let Some(row) = tx.find(FIND, &[hash.into()])? else {
            return Ok(None);
        };
        let (seen_at, ends_at): (Timestamp, Timestamp) = (row.get("seen_at")?, row.get("ends_at")?);
        Ok(Some((signed_in(&row)?, seen_at, ends_at)))
    })?;
    let Some((person, seen_at, ends_at)) = found else {
        return Ok(None);
    };
    if now >= ends_at || now >= seen_at + IDLE {
        return Ok(None);
    }
    if now.duration_since(seen_at).as_secs() >= 60 {
        app.db.write("access.session_seen", |tx| -> Result<_, Error> {
            tx.execute(SEEN, &[hash.into(), now.into()])?;
            Ok(())
        })?;
    }
    Ok(Some(person))
}
