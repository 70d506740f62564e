//! Webhooks in the database, what they were sent, and what follows from an answer.

use super::line;
use crate::access::{SignedIn, signed_in};
use crate::{App, Error, FieldError};
use casework::feed::Topic;
use casework::{AuthorityId, UserId};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use strum::{Display, EnumString, IntoEnumIterator};
use uuid::Uuid;

/// Most webhooks of an area that have not ended.
pub const LIVING_MAX: i64 = 50;
/// How long the secret before still signs after a new one was made.
pub const OLD_SECRET_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Most places of the feed that are put on their way to one webhook at once.
const REPLAYED_AT_ONCE: i64 = 500;
/// How long what arrived is kept to be looked at.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

macro_rules! webhooks {
    ($rest:literal) => {
        concat!(
            "SELECT w.webhook_id, w.version, w.name, w.address, w.topics, w.user_id, w.secret, w.old_secret, \
             w.old_until, w.made_at, w.made_by, w.paused_at, w.paused_why, w.ended_at, w.failures, w.failing_since, w.replay_next, w.replay_last, \
             u.name AS owner, u.active FROM webhooks w \
             JOIN users u ON u.authority_id = w.authority_id AND u.user_id = w.user_id WHERE w.authority_id = $1 ",
            $rest
        )
    };
}
const ALL: &str = webhooks!("ORDER BY CASE WHEN w.ended_at IS NULL THEN 0 ELSE 1 END, w.name, w.webhook_id LIMIT 200");
const ONE: &str = webhooks!("AND w.webhook_id = $2");
const ADD: &str = "INSERT INTO webhooks (authority_id, webhook_id, version, name, address, topics, user_id, secret, \
    made_at, made_by, failures) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT DO NOTHING";
const LIVING: &str = "SELECT COUNT(*) FROM webhooks WHERE authority_id = $1 AND ended_at IS NULL";
const CHANGE: &str = "UPDATE webhooks SET version = version + 1, secret = $4, old_secret = $5, old_until = $6, \
    paused_at = $7, paused_why = $8, ended_at = $9, failures = $10, failing_since = $11, go_at = $12 \
    WHERE authority_id = $1 AND webhook_id = $2 AND version = $3";
const OWNER: &str = "SELECT u.user_id, u.authority_id, u.name, u.role, u.setting_urn, u.body_id, a.name AS area \
    FROM users u JOIN authorities a ON a.authority_id = u.authority_id \
    WHERE u.authority_id = $1 AND u.user_id = $2 AND u.active";
const DELIVERIES: &str = "SELECT d.position, d.state, d.attempts, d.go_at, d.tried_at, d.status, d.failure, \
    f.case_id, f.name, f.recorded_at FROM webhook_deliveries d \
    JOIN feed f ON f.authority_id = d.authority_id AND f.position = d.position \
    WHERE d.authority_id = $1 AND d.webhook_id = $2 AND d.position < $3 AND d.state <> 'left_out' \
    AND (d.state <> 'waiting' OR d.tried_at IS NOT NULL) AND (d.state = $5 OR $5 IS NULL) ORDER BY d.position DESC LIMIT $4";
const AGAIN: &str = "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, go_at = $4 \
    WHERE authority_id = $1 AND webhook_id = $2 AND position = $3 AND state IN ('delivered', 'failed')";
const SPAN: &str = "SELECT MIN(f.position), MAX(f.position) FROM feed f \
    JOIN webhooks w ON w.authority_id = f.authority_id AND w.webhook_id = $2 \
    WHERE f.authority_id = $1 AND f.recorded_at >= $3 AND w.topics LIKE '%,' || f.topic || ',%'";
const REPLAY: &str = "UPDATE webhooks SET replay_next = $3, replay_last = $4 \
    WHERE authority_id = $1 AND webhook_id = $2 AND replay_next IS NULL AND ended_at IS NULL";
const STOP_REPLAY: &str = "UPDATE webhooks SET replay_next = NULL, replay_last = NULL \
    WHERE authority_id = $1 AND webhook_id = $2";
const REPLAYING: &str = "SELECT w.authority_id, w.webhook_id, w.replay_next, w.replay_last FROM webhooks w \
    WHERE w.replay_next IS NOT NULL AND w.ended_at IS NULL AND w.paused_at IS NULL \
    AND (SELECT COUNT(*) FROM (SELECT 1 FROM webhook_deliveries d WHERE d.authority_id = w.authority_id \
    AND d.webhook_id = w.webhook_id AND d.state = 'waiting' LIMIT $1) AS waiting) < $1 ORDER BY w.authority_id, w.webhook_id";
const MOVE_REPLAY: &str = "UPDATE webhooks SET replay_next = $4, replay_last = $5 \
    WHERE authority_id = $1 AND webhook_id = $2 AND replay_next = $3";
const SOME_AGAIN: &str = "INSERT INTO webhook_deliveries (authority_id, webhook_id, position, state, attempts, go_at) \
    SELECT f.authority_id, w.webhook_id, f.position, 'waiting', 0, $5 FROM feed f \
    JOIN webhooks w ON w.authority_id = f.authority_id AND w.webhook_id = $2 \
    WHERE f.authority_id = $1 AND f.position BETWEEN $3 AND $4 AND w.topics LIKE '%,' || f.topic || ',%' \
    ON CONFLICT (authority_id, webhook_id, position) DO UPDATE SET state = 'waiting', attempts = 0, \
    tried_at = NULL, go_at = $5";
const HURRY: &str = "UPDATE webhook_deliveries SET go_at = $3 \
    WHERE authority_id = $1 AND webhook_id = $2 AND state = 'waiting' AND go_at > $3";
const COUNTS: &str = "SELECT state, COUNT(*) AS count FROM webhook_deliveries \
    WHERE authority_id = $1 AND webhook_id = $2 AND state <> 'left_out' \
    AND (state <> 'waiting' OR tried_at IS NOT NULL) GROUP BY state";
const FORGET: &str = "DELETE FROM webhook_deliveries WHERE tried_at < $1 AND state <> 'waiting'";

/// Somebody who is told what happens, by an address.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub id: Uuid,
    pub version: u64,
    pub name: String,
    pub address: String,
    pub topics: Vec<Topic>,
    /// By whose rights it is told.
    pub user: UserId,
    pub owner: String,
    /// Whether that person or service still works here.
    pub owner_is_active: bool,
    pub secret: Vec<u8>,
    pub old: Option<(Vec<u8>, Timestamp)>,
    pub made_at: Timestamp,
    pub made_by: UserId,
    pub paused_at: Option<Timestamp>,
    /// Why it paused by itself.
    pub paused_why: Option<String>,
    pub ended_at: Option<Timestamp>,
    pub failures: u32,
    pub failing_since: Option<Timestamp>,
    /// What still goes once more.
    pub replay: Option<Replay>,
}

/// A part of the feed, by its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    pub next: u64,
    pub last: u64,
}

/// Whether a webhook is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Works,
    Paused,
    Ended,
}

impl Webhook {
    pub(super) fn read(row: &Row) -> Result<Webhook, Error> {
        let topics: String = row.get("topics")?;
        let (old, until): (Option<Vec<u8>>, Option<Timestamp>) = (row.get("old_secret")?, row.get("old_until")?);
        let replay = row.get::<Option<u64>>("replay_next")?.zip(row.get::<Option<u64>>("replay_last")?);
        Ok(Webhook {
            id: row.get("webhook_id")?,
            version: row.get("version")?,
            name: row.get("name")?,
            address: row.get("address")?,
            topics: topics.split(',').filter_map(|code| code.parse().ok()).collect(),
            user: UserId(row.get("user_id")?),
            owner: row.get("owner")?,
            owner_is_active: row.get("active")?,
            secret: row.get("secret")?,
            old: old.zip(until),
            made_at: row.get("made_at")?,
            made_by: UserId(row.get("made_by")?),
            paused_at: row.get("paused_at")?,
            paused_why: row.get("paused_why")?,
            ended_at: row.get("ended_at")?,
            failures: u32::try_from(row.get::<i64>("failures")?).unwrap_or(u32::MAX),
            failing_since: row.get("failing_since")?,
            replay: replay.map(|(next, last)| Replay { next, last }),
        })
    }

    /// The secrets that sign now.
    pub fn secrets(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let old = self.old.iter().filter(|(_, until)| now < *until).map(|(secret, _)| secret.clone());
        std::iter::once(self.secret.clone()).chain(old).collect()
    }

    pub fn is_living(&self) -> bool {
        self.ended_at.is_none()
    }

    pub fn standing(&self) -> Standing {
        match (self.ended_at, self.paused_at) {
            (Some(_), _) => Standing::Ended,
            (None, Some(_)) => Standing::Paused,
            (None, None) => Standing::Works,
        }
    }
}

/// A webhook to be added.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub topics: Vec<Topic>,
    pub user: UserId,
}

/// Adds a webhook and returns its secret; nothing when this form made one already.
///
/// # Errors
/// When the database fails.
pub fn add(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    new: &NewWebhook,
    by: UserId,
) -> Result<Option<String>, Error> {
    let secret = line::new_secret();
    let topics: String = new.topics.iter().map(|topic| format!("{topic},")).collect();
    let row: [Value; 9] = [
        authority.0.into(),
        new.id.into(),
        (&new.name).into(),
        (&new.address).into(),
        format!(",{topics}").into(),
        new.user.0.into(),
        secret.into(),
        app.clock.now().into(),
        by.0.into(),
    ];
    Ok((tx.execute(ADD, &row)? == 1).then(|| line::shown(&secret)))
}

/// How many webhooks an area has that have not ended.
///
/// # Errors
/// When the database fails.
pub fn living(tx: &mut dyn Tx, authority: AuthorityId) -> Result<i64, Error> {
    Ok(tx.query_one(LIVING, &[authority.0.into()])?.get(0)?)
}

/// The webhooks of an area, those that ended last.
///
/// # Errors
/// When the database fails.
pub fn all(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<Webhook>, Error> {
    tx.query(ALL, &[authority.0.into()])?.iter().map(Webhook::read).collect()
}

/// One webhook.
///
/// # Errors
/// [`Error::NotFound`] when the area has none of this id.
pub fn find(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<Webhook, Error> {
    let row = tx.find(ONE, &[authority.0.into(), id.into()])?;
    Webhook::read(&row.ok_or(Error::NotFound)?)
}

/// Keeps what changed of a webhook. False when somebody else changed it meanwhile.
///
/// # Errors
/// When the database fails.
pub fn keep(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    webhook: &Webhook,
    go_at: Option<Timestamp>,
) -> Result<bool, Error> {
    let (old, until) = webhook.old.clone().unzip();
    let row: [Value; 12] = [
        authority.0.into(),
        webhook.id.into(),
        i64::try_from(webhook.version).unwrap_or(i64::MAX).into(),
        webhook.secret.clone().into(),
        old.into(),
        until.into(),
        webhook.paused_at.into(),
        webhook.paused_why.clone().into(),
        webhook.ended_at.into(),
        i64::from(webhook.failures).into(),
        webhook.failing_since.into(),
        go_at.into(),
    ];
    Ok(tx.execute(CHANGE, &row)? == 1)
}

/// By whose rights a webhook is told; nobody when they no longer work here.
///
/// # Errors
/// When the database fails.
pub(super) fn owner(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<Option<SignedIn>, Error> {
    tx.find(OWNER, &[authority.0.into(), user.0.into()])?.as_ref().map(signed_in).transpose()
}

/// What is written of a delivery that its owner may not see: it is in no list, and is never a [`State`].
pub(super) const LEFT_OUT: &str = "left_out";

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Waiting,
    Delivered,
    /// It was tried often enough.
    Failed,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            State::Waiting => "Waiting",
            State::Delivered => "Delivered",
            State::Failed => "Failed",
        }
    }
}

/// What a webhook was told, or will be.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub position: u64,
    pub state: State,
    pub attempts: u32,
    pub go_at: Timestamp,
    pub tried_at: Option<Timestamp>,
    /// What the receiver answered.
    pub status: Option<u16>,
    pub failure: Option<String>,
    pub case: Uuid,
    pub event: String,
    pub recorded_at: Timestamp,
}

/// Deliveries before a place, the latest first. What its owner may not see was never sent and is not here.
///
/// # Errors
/// When the database fails.
pub fn deliveries(
    tx: &mut dyn Tx,
    (authority, webhook): (AuthorityId, Uuid),
    before: u64,
    state: Option<State>,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let state = state.map(|state| state.to_string());
    let rows =
        tx.query(DELIVERIES, &[authority.0.into(), webhook.into(), before.into(), limit.into(), state.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Delivery {
                position: row.get("position")?,
                state: row.get_as("state", "a state", |text: &str| text.parse().ok())?,
                attempts: u32::try_from(row.get::<i64>("attempts")?).unwrap_or(u32::MAX),
                go_at: row.get("go_at")?,
                tried_at: row.get("tried_at")?,
                status: row.get::<Option<i64>>("status")?.and_then(|status| u16::try_from(status).ok()),
                failure: row.get("failure")?,
                case: row.get("case_id")?,
                event: row.get("name")?,
                recorded_at: row.get("recorded_at")?,
            })
        })
        .collect()
}

/// How many deliveries stand where.
///
/// # Errors
/// When the database fails.
pub fn counts(tx: &mut dyn Tx, authority: AuthorityId, webhook: Uuid) -> Result<Vec<(State, u64)>, Error> {
    let rows = tx.query(COUNTS, &[authority.0.into(), webhook.into()])?;
    State::iter()
        .map(|state| {
            let found = rows.iter().find(|row| row.get::<&str>("state").is_ok_and(|code| code == state.to_string()));
            Ok((state, found.map_or(Ok(0), |row| row.get("count"))?))
        })
        .collect()
}

/// Sends one delivery once more. False when there is none that was sent or failed.
///
/// # Errors
/// When the database fails.
pub fn again(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    webhook: Uuid,
    position: u64,
    now: Timestamp,
) -> Result<bool, Error> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    Ok(tx.execute(AGAIN, &[authority.0.into(), webhook.into(), position.into(), now.into()])? == 1)
}

/// Sends everything once more that was recorded on a day or later, also what was recorded before the
/// webhook was made: from which place to which, or nothing when there is nothing. [`replay_some`] does it.
///
/// # Errors
/// [`Error::Fields`] while another one is under way.
pub fn all_again(tx: &mut dyn Tx, authority: AuthorityId, webhook: Uuid, from: Date) -> Result<Option<Replay>, Error> {
    let since = crate::ports::end_of(law::calendar::days(from, -1));
    let row = tx.query_one(SPAN, &[authority.0.into(), webhook.into(), since.into()])?;
    let (first, last): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
    let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
    if tx.execute(REPLAY, &[authority.0.into(), webhook.into(), first.into(), last.into()])? == 0 {
        let said = "Something is being sent once more already. Wait until it is done, or stop it first";
        return Err(Error::Fields(vec![FieldError::new("from-on", said)]));
    }
    Ok(Some(Replay { next: first.unsigned_abs(), last: last.unsigned_abs() }))
}

/// Sends no more of what was to go once more.
///
/// # Errors
/// When the database fails.
pub fn stop_replay(tx: &mut dyn Tx, authority: AuthorityId, webhook: Uuid) -> Result<(), Error> {
    tx.execute(STOP_REPLAY, &[authority.0.into(), webhook.into()])?;
    Ok(())
}

/// Puts the next part of every replay on its way, as soon as fewer wait than a part has. True when there was
/// one.
///
/// # Errors
/// When the database fails.
pub(super) fn replay_some(app: &App) -> Result<bool, Error> {
    let replaying = app.db.read("webhooks.replaying", |tx| -> Result<Vec<_>, Error> {
        let rows = tx.query(REPLAYING, &[REPLAYED_AT_ONCE.into()])?;
        rows.iter().map(|row| Ok((row.get::<Uuid>(0)?, row.get::<Uuid>(1)?, row.get(2)?, row.get(3)?))).collect()
    })?;
    for (authority, webhook, next, last) in &replaying {
        let (authority, webhook, next, last): (Uuid, Uuid, i64, i64) = (*authority, *webhook, *next, *last);
        let now = app.clock.now();
        app.db.write("webhooks.replay_some", |tx| -> Result<(), Error> {
            let until = last.min(next.saturating_add(REPLAYED_AT_ONCE - 1));
            let (then, end) = if until < last { (Some(until + 1), Some(last)) } else { (None, None) };
            let moved =
                tx.execute(MOVE_REPLAY, &[authority.into(), webhook.into(), next.into(), then.into(), end.into()])?;
            // Another process was quicker.
            if moved == 1 {
                tx.execute(SOME_AGAIN, &[authority.into(), webhook.into(), next.into(), until.into(), now.into()])?;
            }
            Ok(())
        })?;
    }
    Ok(!replaying.is_empty())
}

/// Whatever waits goes now, however long it would still have waited.
///
/// # Errors
/// When the database fails.
pub fn hurry(tx: &mut dyn Tx, authority: AuthorityId, webhook: Uuid, now: Timestamp) -> Result<(), Error> {
    tx.execute(HURRY, &[authority.0.into(), webhook.into(), now.into()])?;
    Ok(())
}

/// Lets go what arrived, or never did, a month ago.
///
/// # Errors
/// When the database fails.
pub(super) fn forget(app: &App) -> Result<(), Error> {
    let until = app.clock.now() - KEPT_FOR;
    app.db.write("webhooks.forget", |tx| -> Result<(), Error> {
        tx.execute(FORGET, &[until.into()])?;
        Ok(())
    })
}
