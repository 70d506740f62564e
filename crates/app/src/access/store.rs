//! Users and sessions in the database.

use super::{IDLE, LONGEST, SignedIn, token_hash};
use crate::{App, Error};
use casework::access::{Actor, Role};
use casework::people::identifiers::Urn;
use casework::{AuthorityId, BodyId, UserId};
use db::{Row, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// Someone who may sign in.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub setting: Option<Urn>,
    pub body: Option<BodyId>,
    pub password_hash: Option<String>,
}

const ADD_USER: &str = "INSERT INTO users (authority_id, user_id, name, email, role, setting_urn, body_id, password_hash, active) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FIND_USER: &str = "SELECT u.authority_id, u.user_id, u.name, u.role, u.setting_urn, u.body_id, u.password_hash, \
    a.name AS area FROM users u JOIN authorities a ON a.authority_id = u.authority_id WHERE u.email = $1 AND u.active";
const ADDRESS: &str = "SELECT user_id FROM users WHERE email = $1";
const DEMO_PEOPLE: &str = "SELECT u.email, u.name, u.role, a.name AS area FROM users u \
    JOIN authorities a ON a.authority_id = u.authority_id WHERE u.active AND u.password_hash IS NOT NULL \
    ORDER BY a.code, u.user_id LIMIT 50";
const START: &str = "INSERT INTO sessions (token_hash, authority_id, user_id, started_at, seen_at, ends_at) \
    VALUES ($1, $2, $3, $4, $4, $5)";
const FIND: &str = "SELECT s.authority_id, s.user_id, s.seen_at, s.ends_at, u.name, u.role, u.setting_urn, u.body_id, \
    a.name AS area FROM sessions s \
    JOIN users u ON u.authority_id = s.authority_id AND u.user_id = s.user_id \
    JOIN authorities a ON a.authority_id = s.authority_id WHERE s.token_hash = $1 AND u.active";
const SEEN: &str = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1";
const END: &str = "DELETE FROM sessions WHERE token_hash = $1";
const DROP_ENDED: &str = "DELETE FROM sessions WHERE ends_at < $1";
const NOTE_FAILURE: &str = "INSERT INTO sign_in_failures (email, failed_at, failure_id) VALUES ($1, $2, $3)";
const DROP_FAILURES: &str = "DELETE FROM sign_in_failures WHERE failed_at < $1";
const COUNT_FAILURES: &str = "SELECT COUNT(*) FROM sign_in_failures WHERE email = $1 AND failed_at >= $2";

/// Adds someone who may sign in.
///
/// # Errors
/// When the database fails or the address is taken.
pub fn add_user(tx: &mut dyn Tx, authority: AuthorityId, user: &NewUser) -> Result<(), Error> {
    let role: &'static str = user.role.into();
    tx.execute(
        ADD_USER,
        &[
            authority.0.into(),
            user.id.0.into(),
            (&user.name).into(),
            user.email.to_lowercase().into(),
            role.into(),
            user.setting.map(|urn| i64::from(urn.number())).into(),
            user.body.map(|body| body.0).into(),
            user.password_hash.clone().into(),
            true.into(),
        ],
    )?;
    Ok(())
}

/// Whether somebody signs in with this address already, in whichever area.
///
/// # Errors
/// When the database fails.
pub fn is_address_taken(tx: &mut dyn Tx, email: &str) -> Result<bool, Error> {
    Ok(tx.find(ADDRESS, &[email.trim().to_lowercase().into()])?.is_some())
}

pub(crate) fn signed_in(row: &Row) -> Result<SignedIn, Error> {
    let role: Role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
    let setting: Option<i64> = row.get("setting_urn")?;
    let body: Option<Uuid> = row.get("body_id")?;
    Ok(SignedIn {
        actor: Actor {
            user: UserId(row.get("user_id")?),
            authority: AuthorityId(row.get("authority_id")?),
            role,
            setting: setting.and_then(|urn| urn.to_string().parse::<Urn>().ok()),
            body: body.map(BodyId),
        },
        name: row.get("name")?,
        area: row.get("area")?,
    })
}

/// The person with this address and their password hash.
pub(crate) fn find_user(tx: &mut dyn Tx, email: &str) -> Result<Option<(SignedIn, Option<String>)>, Error> {
    let Some(row) = tx.find(FIND_USER, &[email.trim().to_lowercase().into()])? else {
        return Ok(None);
    };
    Ok(Some((signed_in(&row)?, row.get("password_hash")?)))
}

/// Name, address, role and area of each person a demo offers.
pub(crate) fn demo_people(tx: &mut dyn Tx) -> Result<Vec<(String, String, Role, String)>, Error> {
    let mut people = Vec::new();
    for row in tx.query(DEMO_PEOPLE, &[])? {
        let role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
        people.push((row.get("name")?, row.get("email")?, role, row.get("area")?));
    }
    Ok(people)
}

pub(crate) fn start_session(tx: &mut dyn Tx, token: &str, person: &SignedIn, now: Timestamp) -> Result<(), Error> {
    tx.execute(DROP_ENDED, &[now.into()])?;
    tx.execute(
        START,
        &[
            token_hash(token).into(),
            person.actor.authority.0.into(),
            person.actor.user.0.into(),
            now.into(),
            (now + LONGEST).into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn end_session(tx: &mut dyn Tx, token: &str) -> Result<(), Error> {
    tx.execute(END, &[token_hash(token).into()])?;
    Ok(())
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

pub(crate) fn note_failure(tx: &mut dyn Tx, email: &str, id: Uuid, now: Timestamp) -> Result<(), Error> {
    tx.execute(DROP_FAILURES, &[(now - super::GUESSING_WINDOW).into()])?;
    tx.execute(NOTE_FAILURE, &[email.trim().to_lowercase().into(), now.into(), id.into()])?;
    Ok(())
}

pub(crate) fn failures_since(tx: &mut dyn Tx, email: &str, since: Timestamp) -> Result<i64, Error> {
    Ok(tx.query_one(COUNT_FAILURES, &[email.trim().to_lowercase().into(), since.into()])?.get(0)?)
}
