//! Sending what waits, and what follows from an answer.
//!
//! One worker at a time has a receiver, by lease. A receiver that fails is left alone for a while, so that
//! a thousand deliveries that wait for it are not a thousand requests to a machine that is down.

use super::feed::{self, Happened};
use super::line::{self, Line, Message, Reach};
use super::paused_words;
use super::store::{self, LEFT_OUT, Webhook};
use crate::post::{To, named, tell};
use crate::{App, Error, journal};
use casework::AuthorityId;
use casework::access::{Action, Resource, may};
use casework::feed::{breather, is_given_up, next_try};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

/// A worker that dies leaves a receiver to others after this long.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Most deliveries to one receiver before others have their turn, and how long it may be at it.
const TURN: usize = 20;
const TURN_FOR: SignedDuration = SignedDuration::from_secs(20);
/// Most receivers at once, and most of one area among them.
const AT_ONCE: usize = 8;
const OF_AN_AREA: i64 = 4;
/// How long the worker rests when there is nothing to do.
const REST: Duration = Duration::from_secs(1);

const DUE: &str = "SELECT authority_id, webhook_id FROM (SELECT w.authority_id, w.webhook_id, w.turned_at, \
    ROW_NUMBER() OVER (PARTITION BY w.authority_id ORDER BY w.turned_at, w.webhook_id) AS place FROM webhooks w \
    WHERE w.ended_at IS NULL AND w.paused_at IS NULL \
    AND (w.go_at IS NULL OR w.go_at <= $1) AND (w.leased_until IS NULL OR w.leased_until < $1) \
    AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.authority_id = w.authority_id \
    AND d.webhook_id = w.webhook_id AND d.state = 'waiting' AND d.go_at <= $1)) AS due \
    WHERE place + (SELECT COUNT(*) FROM webhooks l WHERE l.authority_id = due.authority_id \
    AND l.leased_until >= $1) <= $3 ORDER BY turned_at, webhook_id LIMIT $2";
const CLAIM: &str = "UPDATE webhooks SET leased_until = $3, turned_at = $4 WHERE authority_id = $1 AND webhook_id = $2 \
    AND ended_at IS NULL AND paused_at IS NULL AND (leased_until IS NULL OR leased_until < $4)";
const LEAVE: &str = "UPDATE webhooks SET leased_until = NULL WHERE authority_id = $1 AND webhook_id = $2";
const NEXT: &str = "SELECT position, attempts FROM webhook_deliveries WHERE authority_id = $1 AND webhook_id = $2 \
    AND state = 'waiting' AND go_at <= $3 ORDER BY go_at, position LIMIT 1";
const SAVE: &str = "UPDATE webhook_deliveries SET state = $4, attempts = $5, go_at = $6, tried_at = $7, status = $8, \
    failure = $9 WHERE authority_id = $1 AND webhook_id = $2 AND position = $3 AND state = 'waiting' AND attempts = $10";
const FAILING: &str = "UPDATE webhooks SET failures = $3, failing_since = $4, go_at = $5 \
    WHERE authority_id = $1 AND webhook_id = $2 AND version = $6";
const PAUSE: &str = "UPDATE webhooks SET version = version + 1, paused_at = $3, paused_why = $4 \
    WHERE authority_id = $1 AND webhook_id = $2 AND paused_at IS NULL";

/// What is next for a receiver.
enum Next {
    Nothing,
    /// Its owner may not see this: it is not sent, and nothing of it is shown.
    LeftOut,
    /// Nobody is there any more by whose rights it could be told.
    Orphan,
    Go {
        webhook: Box<Webhook>,
        happened: Happened,
        attempts: u32,
    },
}

/// The body of a delivery.
fn body(app: &App, happened: &Happened) -> String {
    json!({
        "type": happened.name,
        "timestamp": happened.at.to_string(),
        "data": {
            "case": happened.case.0,
            "sequence": happened.sequence,
            "position": happened.position,
            "read_at": format!("{}{}", app.settings.address(), happened.path()),
        },
    })
    .to_string()
}

/// The same for the same event and receiver, however often it is sent.
fn message_id(webhook: Uuid, position: u64) -> String {
    format!("msg_{}", named(&[b"webhook", webhook.as_bytes(), &position.to_be_bytes()]).simple())
}

fn next(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid, now: Timestamp) -> Result<Next, Error> {
    let webhook = store::find(tx, authority, id)?;
    if !webhook.is_living() || webhook.paused_at.is_some() {
        return Ok(Next::Nothing);
    }
    let Some(row) = tx.find(NEXT, &[authority.0.into(), id.into(), now.into()])? else { return Ok(Next::Nothing) };
    let (position, attempts): (u64, i64) = (row.get("position")?, row.get("attempts")?);
    let Some(owner) = store::owner(tx, authority, webhook.user)? else { return Ok(Next::Orphan) };
    let happened = feed::find(tx, authority, position)?;
    let seen = match &happened {
        Some(happened) => {
            let relations = journal::load(tx, authority, happened.case)?.case.relations();
            may(&owner.actor, Action::SeeCase, &Resource::Case(&relations)).is_allowed()
        }
        None => false,
    };
    match happened {
        Some(happened) if seen => {
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
            Ok(Next::Go { webhook: Box::new(webhook), happened, attempts })
        }
        _ => {
            let nothing = db::Value::Null;
            let (key, at) = (authority.0, i64::try_from(position).unwrap_or(i64::MAX));
            tx.execute(
                SAVE,
                &[
                    key.into(),
                    id.into(),
                    at.into(),
                    LEFT_OUT.into(),
                    attempts.into(),
                    now.into(),
                    now.into(),
                    nothing.clone(),
                    nothing,
                    attempts.into(),
                ],
            )?;
            Ok(Next::LeftOut)
        }
    }
}

/// Pauses a webhook, and tells whoever set it up.
fn pause(tx: &mut dyn Tx, app: &App, authority: AuthorityId, webhook: &Webhook, why: &str) -> Result<(), Error> {
    let now = app.clock.now();
    if tx.execute(PAUSE, &[authority.0.into(), webhook.id.into(), now.into(), why.into()])? == 1 {
        let words = paused_words(&webhook.name, why, webhook.id);
        tell(tx, app, authority, app.ids.next(), &To::Person(webhook.made_by), &words)?;
    }
    Ok(())
}

/// Keeps what came of one try, unless it was asked for once more meanwhile. True when the receiver goes on
/// being told.
fn keep(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    (id, position, tried): (Uuid, u64, u32),
    answer: &Result<u16, String>,
) -> Result<bool, Error> {
    let now = app.clock.now();
    // As it is now: a person may have changed it while its receiver thought.
    let webhook = store::find(tx, authority, id)?;
    let attempts = tried.saturating_add(1);
    let is_done = matches!(answer, Ok(200..=299));
    let failure = match answer {
        Ok(200..=299) => None,
        Ok(status @ 300..=399) => Some(format!("it answered {status}, and redirects are not followed")),
        Ok(410) => Some("it answered 410: it wants nothing more".to_owned()),
        Ok(status) => Some(format!("it answered {status}")),
        Err(why) => Some(why.clone()),
    };
    let (state, go_at) = match (is_done, next_try(attempts)) {
        (true, _) => ("delivered", now),
        (false, Some(pause)) => ("waiting", now + pause),
        (false, None) => ("failed", now),
    };
    let status = answer.as_ref().ok().map(|status| i64::from(*status));
    let saved = tx.execute(
        SAVE,
        &[
            authority.0.into(),
            id.into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
            state.into(),
            i64::from(attempts).into(),
            go_at.into(),
            now.into(),
            status.into(),
            failure.clone().into(),
            i64::from(tried).into(),
        ],
    )?;
    if saved == 0 {
        return Ok(failure.is_none());
    }
    let (failures, since, go_at) = match &failure {
        None => (0, None, None),
        Some(_) => {
            let failures = webhook.failures.saturating_add(1);
            (failures, Some(webhook.failing_since.unwrap_or(now)), Some(now + breather(failures)))
        }
    };
    if failures > 0 || webhook.failures > 0 {
        let version = i64::try_from(webhook.version).unwrap_or(i64::MAX);
        let row =
            [authority.0.into(), id.into(), i64::from(failures).into(), since.into(), go_at.into(), version.into()];
        tx.execute(FAILING, &row)?;
    }
    if let Some(why) = &failure
        && (*answer == Ok(410) || is_given_up(failures, now.duration_since(since.unwrap_or(now))))
    {
        pause(tx, app, authority, &webhook, why)?;
    }
    Ok(failure.is_none())
}

/// One receiver's turn: what waits for it, until something fails. Returns how many were tried.
fn turn(app: &App, authority: AuthorityId, id: Uuid) -> Result<u64, Error> {
    let now = app.clock.now();
    let claimed = app.db.write("webhooks.claim", |tx| -> Result<bool, Error> {
        Ok(tx.execute(CLAIM, &[authority.0.into(), id.into(), (now + LEASE).into(), now.into()])? == 1)
    })?;
    if !claimed {
        return Ok(0);
    }
    let line = Line::new(Reach::of(&app.settings));
    let done = tell_some(app, authority, id, &line);
    app.db.write("webhooks.leave", |tx| -> Result<(), Error> {
        tx.execute(LEAVE, &[authority.0.into(), id.into()])?;
        Ok(())
    })?;
    done
}

fn tell_some(app: &App, authority: AuthorityId, id: Uuid, line: &Line) -> Result<u64, Error> {
    let (mut count, begun) = (0, app.clock.now());
    for _ in 0..TURN {
        let now = app.clock.now();
        if now.duration_since(begun) > TURN_FOR {
            break;
        }
        match app.db.write("webhooks.next", |tx| next(tx, authority, id, now))? {
            Next::Nothing => break,
            Next::LeftOut => count += 1,
            Next::Orphan => {
                app.db.write("webhooks.orphan", |tx| -> Result<(), Error> {
                    let webhook = store::find(tx, authority, id)?;
                    pause(tx, app, authority, &webhook, "whoever it acts for no longer works here")
                })?;
                break;
            }
            Next::Go { webhook, happened, attempts } => {
                count += 1;
                let (message, text) = (message_id(id, happened.position), body(app, &happened));
                let signatures = line::signatures(&message, now, &text, &webhook.secrets(now));
                // No transaction is open while a receiver thinks.
                let answer = line
                    .send(&webhook.address, &Message { id: &message, at: now, body: &text, signatures: &signatures });
                let tried = (id, happened.position, attempts);
                if !app.db.write("webhooks.keep", |tx| keep(tx, app, authority, tried, &answer))? {
                    break;
                }
            }
        }
    }
    Ok(count)
}

fn due(app: &App, most: usize) -> Result<Vec<(AuthorityId, Uuid)>, Error> {
    let (now, most) = (app.clock.now(), i64::try_from(most).unwrap_or(i64::MAX));
    app.db.read("webhooks.due", |tx| -> Result<_, Error> {
        let rows = tx.query(DUE, &[now.into(), most.into(), OF_AN_AREA.into()])?;
        rows.iter().map(|row| Ok((AuthorityId(row.get(0)?), row.get(1)?))).collect()
    })
}

/// Gives places to what is new, and says who can be told now, whoever waited longest first. True when
/// there is more to come by itself.
fn gather(app: &App, most: usize) -> Result<(Vec<(AuthorityId, Uuid)>, bool), Error> {
    feed::number(app)?;
    let is_replaying = store::replay_some(app)?;
    Ok((due(app, most)?, is_replaying))
}

/// Gives places to what is new and sends everything that is due, one receiver after the other. Tests call
/// this; the server's worker does the same for several at once.
///
/// # Errors
/// When the database fails.
pub fn deliver_all_due(app: &App) -> Result<u64, Error> {
    let mut count = 0;
    loop {
        let before = count;
        let (due, is_replaying) = gather(app, AT_ONCE)?;
        for (authority, id) in due {
            count += turn(app, authority, id)?;
        }
        if count == before && !is_replaying {
            return Ok(count);
        }
    }
}

/// Tells receivers until the process ends. Several processes may do it at once. Whoever is slow holds up
/// nobody but those who are told at the same time.
pub async fn work(app: App) {
    let (mut round, mut turns) = (None, JoinSet::new());
    loop {
        let today = app.clock.today();
        if round != Some(today) {
            round = Some(today);
            if let Err(error) = app.blocking(store::forget).await {
                tracing::error!(%error, "old deliveries could not be let go");
            }
        }
        let room = AT_ONCE - turns.len();
        match app.blocking(move |app| gather(app, room)).await {
            Ok((due, _)) => {
                for (authority, id) in due {
                    let app = app.clone();
                    turns.spawn(async move { app.blocking(move |app| turn(app, authority, id)).await });
                }
            }
            Err(error) => {
                tracing::error!(%error, "the feed could not be read");
                tokio::time::sleep(REST * 5).await;
            }
        }
        let told = match tokio::time::timeout(REST, turns.join_next()).await {
            Ok(Some(Ok(Ok(told)))) => told,
            Ok(Some(Ok(Err(error)))) => {
                tracing::error!(%error, "a webhook could not be told");
                0
            }
            Ok(Some(Err(join))) => {
                tracing::error!(%join, "a webhook could not be told");
                0
            }
            Ok(None) => 0,
            // Somebody takes their time: others may have something to hear.
            Err(_) => continue,
        };
        if told == 0 {
            tokio::time::sleep(REST).await;
        }
    }
}
