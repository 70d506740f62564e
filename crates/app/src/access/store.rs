//! Users in the database.

use super::SignedIn;
use super::events::{self, Event, Outcome};
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
const FIND_BY_ID: &str = "SELECT u.authority_id, u.user_id, u.name, u.role, u.setting_urn, u.body_id, a.name AS area \
    FROM users u JOIN authorities a ON a.authority_id = u.authority_id \
    WHERE u.authority_id = $1 AND u.user_id = $2 AND u.active";
const LEAVE: &str = "UPDATE users SET active = $3 WHERE authority_id = $1 AND user_id = $2";
const EMAIL: &str = "SELECT email FROM users WHERE authority_id = $1 AND user_id = $2";
const ADDRESS: &str = "SELECT user_id FROM users WHERE email = $1";
const DEMO_PEOPLE: &str = "SELECT u.email, u.name, u.role, a.name AS area FROM users u \
    JOIN authorities a ON a.authority_id = u.authority_id WHERE u.active AND u.password_hash IS NOT NULL \
    ORDER BY a.code, u.user_id LIMIT 50";
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

/// The person with this id, if they may still sign in.
pub(crate) fn find_user_by_id(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
) -> Result<Option<SignedIn>, Error> {
    match tx.find(FIND_BY_ID, &[authority.0.into(), user.0.into()])? {
        Some(row) => Ok(Some(signed_in(&row)?)),
        None => Ok(None),
    }
}

/// The address that this person signs in with.
pub(crate) fn address_of(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<String, Error> {
    Ok(tx.query_one(EMAIL, &[authority.0.into(), user.0.into()])?.get(0)?)
}

/// Somebody leaves: they cannot sign in any more, and every session of theirs ends now.
///
/// # Errors
/// When the database fails.
pub fn let_go(tx: &mut dyn Tx, app: &App, authority: AuthorityId, user: UserId) -> Result<(), Error> {
    tx.execute(LEAVE, &[authority.0.into(), user.0.into(), false.into()])?;
    super::sessions::end_all(tx, authority, user)?;
    events::note(tx, app, "operator", Outcome::PersonLeft, Event::of(authority, user))?;
    Ok(())
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

pub(crate) fn note_failure(tx: &mut dyn Tx, email: &str, id: Uuid, now: Timestamp) -> Result<(), Error> {
    tx.execute(DROP_FAILURES, &[(now - super::GUESSING_WINDOW).into()])?;
    tx.execute(NOTE_FAILURE, &[email.trim().to_lowercase().into(), now.into(), id.into()])?;
    Ok(())
}

pub(crate) fn failures_since(tx: &mut dyn Tx, email: &str, since: Timestamp) -> Result<i64, Error> {
    Ok(tx.query_one(COUNT_FAILURES, &[email.trim().to_lowercase().into(), since.into()])?.get(0)?)
}
