//! Tokens in the database: only their hashes.

use crate::access::{signed_in, token_hash};
use crate::api::caller::Caller;
use crate::ports::random_bytes;
use crate::web::Session;
use crate::{App, Error};
use casework::{AuthorityId, UserId};
use db::{Row, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// What tokens begin with, so that those who search for lost secrets know them.
pub const PERSONAL: &str = "tellonce_pat_";
pub const SERVICE: &str = "tellonce_svc_";
/// Most tokens that work for one person or service at a time.
pub const LIVING_MAX: i64 = 20;

const ADD: &str = "INSERT INTO api_tokens (token_hash, token_id, authority_id, user_id, name, may_write, made_at, made_by, ends_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FIND: &str = "SELECT t.token_id, t.name AS token_name, t.may_write, t.ends_at, t.revoked_at, t.used_at, \
    t.authority_id, t.user_id, u.name, u.role, u.setting_urn, u.body_id, a.name AS area FROM api_tokens t \
    JOIN users u ON u.authority_id = t.authority_id AND u.user_id = t.user_id \
    JOIN authorities a ON a.authority_id = t.authority_id WHERE t.token_hash = $1 AND u.active";
const KNOWN: &str = "SELECT token_id FROM api_tokens WHERE token_id = $1";
const USED: &str = "UPDATE api_tokens SET used_at = $2 WHERE token_hash = $1";
const OF_USER: &str = "SELECT token_id, name, may_write, made_at, ends_at, revoked_at, used_at FROM api_tokens \
    WHERE authority_id = $1 AND user_id = $2 ORDER BY token_id DESC LIMIT 200";
const REVOKE_ALL: &str =
    "UPDATE api_tokens SET revoked_at = $3 WHERE authority_id = $1 AND user_id = $2 AND revoked_at IS NULL";
const REVOKE: &str = "UPDATE api_tokens SET revoked_at = $4 \
    WHERE authority_id = $1 AND user_id = $2 AND token_id = $3 AND revoked_at IS NULL";
const LIVING: &str = "SELECT COUNT(*) FROM api_tokens \
    WHERE authority_id = $1 AND user_id = $2 AND revoked_at IS NULL AND ends_at > $3";

/// A token as lists show it: never its secret, which nobody has but who was shown it.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: Uuid,
    pub name: String,
    pub may_write: bool,
    pub made_at: Timestamp,
    pub ends_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

impl Token {
    fn read(row: &Row) -> Result<Token, Error> {
        Ok(Token {
            id: row.get("token_id")?,
            name: row.get("name")?,
            may_write: row.get("may_write")?,
            made_at: row.get("made_at")?,
            ends_at: row.get("ends_at")?,
            revoked_at: row.get("revoked_at")?,
            used_at: row.get("used_at")?,
        })
    }

    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.ends_at
    }
}

/// What a new token is for.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub may_write: bool,
    pub ends_at: Timestamp,
    /// Who made it; nobody when it was made at a terminal.
    pub made_by: Option<UserId>,
}

/// Makes a token with this id and returns the secret, which is nowhere else; nothing when there is a
/// token with this id already.
///
/// # Errors
/// When the database fails.
pub fn make(
    tx: &mut dyn Tx,
    app: &App,
    (authority, user): (AuthorityId, UserId),
    prefix: &str,
    id: Uuid,
    new: &NewToken,
) -> Result<Option<String>, Error> {
    if tx.find(KNOWN, &[id.into()])?.is_some() {
        return Ok(None);
    }
    let random: String = random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let secret = format!("{prefix}{random}");
    tx.execute(
        ADD,
        &[
            token_hash(&secret).into(),
            id.into(),
            authority.0.into(),
            user.0.into(),
            (&new.name).into(),
            new.may_write.into(),
            app.clock.now().into(),
            new.made_by.map(|user| user.0).into(),
            new.ends_at.into(),
        ],
    )?;
    Ok(Some(secret))
}

/// How many tokens of this person or service work now.
///
/// # Errors
/// When the database fails.
pub fn living(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, now: Timestamp) -> Result<i64, Error> {
    Ok(tx.query_one(LIVING, &[authority.0.into(), user.0.into(), now.into()])?.get(0)?)
}

/// The caller behind a token that works: not ended, not revoked, of somebody who still works here.
/// That it was used is written at most once a minute.
///
/// # Errors
/// When the database fails.
pub fn find(app: &App, secret: &str) -> Result<Option<Caller>, Error> {
    if !(secret.starts_with(PERSONAL) || secret.starts_with(SERVICE)) {
        return Ok(None);
    }
    let (now, hash) = (app.clock.now(), token_hash(secret));
    let found = app.db.read("api.find_token", |tx| -> Result<_, Error> {
        let Some(row) = tx.find(FIND, &[hash.into()])? else { return Ok(None) };
        let (revoked_at, used_at): (Option<Timestamp>, Option<Timestamp>) =
            (row.get("revoked_at")?, row.get("used_at")?);
        let caller = Caller {
            session: Session { signed_in: signed_in(&row)?, csrf: String::new() },
            token: row.get("token_id")?,
            token_name: row.get("token_name")?,
            may_write: row.get("may_write")?,
            ends_at: row.get("ends_at")?,
        };
        Ok((revoked_at.is_none() && now < caller.ends_at).then_some((caller, used_at)))
    })?;
    let Some((caller, used_at)) = found else { return Ok(None) };
    if used_at.is_none_or(|used| now.duration_since(used).as_secs() >= 60) {
        app.db.write("api.token_used", |tx| -> Result<_, Error> {
            tx.execute(USED, &[hash.into(), now.into()])?;
            Ok(())
        })?;
    }
    Ok(Some(caller))
}

/// The tokens of a person or service, newest first.
///
/// # Errors
/// When the database fails.
pub fn list(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<Vec<Token>, Error> {
    tx.query(OF_USER, &[authority.0.into(), user.0.into()])?.iter().map(Token::read).collect()
}

/// Ends every token of a person at once.
///
/// # Errors
/// When the database fails.
pub fn revoke_all(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, now: Timestamp) -> Result<(), Error> {
    tx.execute(REVOKE_ALL, &[authority.0.into(), user.0.into(), now.into()])?;
    Ok(())
}

/// Ends a token at once. False when there is no such token that could be revoked.
///
/// # Errors
/// When the database fails.
pub fn revoke(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, id: Uuid, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(REVOKE, &[authority.0.into(), user.0.into(), id.into(), now.into()])? == 1)
}
