//! Who named a child who was not found, how many records somebody opened today, and who is told.

use crate::{App, Error};
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Most times in an hour that somebody names a child who is not found, and records that they open in a day.
const TRIES_MAX: i64 = 5;
const TRIES_WITHIN: SignedDuration = SignedDuration::from_hours(1);
pub(super) const OPENED_A_DAY_MAX: i64 = 10;
/// How long tries are kept to be looked at.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

const FORGET: &str = "DELETE FROM opening_tries WHERE tried_at < $1";
const NOTE: &str = "INSERT INTO opening_tries (authority_id, user_id, tried_at, try_id) VALUES ($1, $2, $3, $4)";
const TRIED: &str = "SELECT COUNT(*) FROM opening_tries WHERE authority_id = $1 AND user_id = $2 AND tried_at > $3";
const OPENED: &str = "SELECT COUNT(*) FROM record_openings WHERE authority_id = $1 AND user_id = $2 AND opened_on = $3";
const OVERSEERS: &str = "SELECT user_id FROM users WHERE authority_id = $1 AND active AND NOT is_service \
    AND role IN ('manager', 'auditor') ORDER BY user_id LIMIT 200";
const TRIERS: &str = "SELECT u.name, COUNT(*) AS tries, MAX(t.tried_at) AS last_at FROM opening_tries t \
    JOIN users u ON u.authority_id = t.authority_id AND u.user_id = t.user_id WHERE t.authority_id = $1 AND t.tried_at > $2 \
    GROUP BY u.user_id, u.name ORDER BY MAX(t.tried_at) DESC, u.name LIMIT 100";

/// Notes that somebody named a child who was not found, or not told from another.
///
/// # Errors
/// When the database fails.
pub(super) fn note_try(tx: &mut dyn Tx, app: &App, authority: AuthorityId, user: UserId) -> Result<(), Error> {
    let now = app.clock.now();
    tx.execute(NOTE, &[authority.0.into(), user.0.into(), now.into(), app.ids.next().into()])?;
    Ok(())
}

/// Lets go who tried a quarter of a year ago, and says how many tries they were.
///
/// # Errors
/// When the database fails.
pub(crate) fn forget(app: &App) -> Result<u64, Error> {
    let until = app.clock.now() - KEPT_FOR;
    app.db.write("emergency.forget", |tx| Ok(tx.execute(FORGET, &[until.into()])?))
}

/// Whether somebody named too many children who were not found.
///
/// # Errors
/// When the database fails.
pub(super) fn tries_too_often(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Error> {
    let since = now - TRIES_WITHIN;
    let tried: i64 = tx.query_one(TRIED, &[authority.0.into(), user.0.into(), since.into()])?.get(0)?;
    Ok(tried >= TRIES_MAX)
}

/// Whether somebody opened as many records on this day as one can.
///
/// # Errors
/// When the database fails.
pub(super) fn opens_too_many(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, on: Date) -> Result<bool, Error> {
    let opened: i64 = tx.query_one(OPENED, &[authority.0.into(), user.0.into(), on.into()])?.get(0)?;
    Ok(opened >= OPENED_A_DAY_MAX)
}

/// Those who look at every opening: managers and auditors.
///
/// # Errors
/// When the database fails.
pub(super) fn overseers(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<UserId>, Error> {
    tx.query(OVERSEERS, &[authority.0.into()])?.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

/// Somebody who named children who were not found.
pub(super) struct Trier {
    pub name: String,
    pub tries: u64,
    pub last_at: Timestamp,
}

/// All of them, the latest first.
///
/// # Errors
/// When the database fails.
pub(super) fn triers(tx: &mut dyn Tx, authority: AuthorityId, now: Timestamp) -> Result<Vec<Trier>, Error> {
    let rows = tx.query(TRIERS, &[authority.0.into(), (now - KEPT_FOR).into()])?;
    rows.iter()
        .map(|row| Ok(Trier { name: row.get("name")?, tries: row.get("tries")?, last_at: row.get("last_at")? }))
        .collect()
}
