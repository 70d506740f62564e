//! The one table of everything that is sent: a message, where it stands, and each time it was tried.

use super::Words;
use crate::Error;
use casework::post::{Channel, Kind};
use casework::{AuthorityId, UserId};
use db::{Row, Tx};
use jiff::Timestamp;
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Waits for the next digest.
    Gathered,
    /// Waits for its time or for its carrier.
    Waiting,
    /// A letter that somebody has to print and post.
    ToPrint,
    /// A carrier has it. Of emails and posted letters no more is heard unless they come back.
    Sent,
    /// The carrier says that it arrived.
    Delivered,
    /// It did not arrive, and will not.
    Failed,
    /// Somebody here has to do something before it can go.
    Stopped,
    /// It is in another message.
    Digested,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            State::Gathered => "Waits for your summary",
            State::Waiting => "Waits",
            State::ToPrint => "Waits to be printed and posted",
            State::Sent => "Sent",
            State::Delivered => "Arrived",
            State::Failed => "Did not arrive",
            State::Stopped => "Stopped",
            State::Digested => "Sent in a summary",
        }
    }
}

/// What came of handing a message over once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Under way; when it stays so, the program died and nobody knows.
    Begun,
    Taken,
    Later,
    WrongAddress,
    Stopped,
}

/// A message to be kept.
pub(super) struct NewMessage<'a> {
    pub id: Uuid,
    pub user: Option<UserId>,
    pub channel: Channel,
    pub recipient: String,
    pub words: &'a Words,
    pub state: State,
    pub go_at: Timestamp,
}

/// A message as it is kept.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Uuid,
    pub user: Option<UserId>,
    pub kind: Kind,
    pub channel: Channel,
    pub recipient: String,
    pub subject: String,
    /// Empty once nobody needs it any more.
    pub body: String,
    pub link: Option<String>,
    pub state: State,
    pub made_at: Timestamp,
    pub go_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// The carrier's own number for it.
    pub reference: Option<String>,
    pub failure: Option<String>,
}

const ADD: &str = "INSERT INTO messages (authority_id, message_id, user_id, kind, channel, recipient, subject, body, link, \
    state, made_at, go_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

macro_rules! columns {
    () => {
        "SELECT authority_id, message_id, user_id, kind, channel, recipient, subject, body, link, state, made_at, go_at, \
         sent_at, reference, failure FROM messages "
    };
}
pub(super) use columns;

const FIND: &str = concat!(columns!(), "WHERE authority_id = $1 AND message_id = $2");
const BY_ID: &str = concat!(columns!(), "WHERE message_id = $1");
const OF_PERSON: &str = concat!(
    columns!(),
    "WHERE authority_id = $1 AND user_id = $2 AND kind NOT IN ('sign_in_code', 'number_code', 'address_code') \
     ORDER BY made_at DESC, message_id DESC LIMIT $3"
);
const IN_STATE: &str = concat!(
    columns!(),
    "WHERE authority_id = $1 AND user_id = $2 AND state = $3 AND go_at <= $4 ORDER BY made_at, message_id LIMIT 200"
);
const SENT: &str = "UPDATE messages SET state = $3, sent_at = $4, reference = $5, body = $6, failure = NULL, channel = $7, \
    recipient = $8, link = CASE WHEN $6 = '' THEN NULL ELSE link END WHERE authority_id = $1 AND message_id = $2";
const SETTLE: &str = "UPDATE messages SET state = $3, settled_at = $4, failure = $5, body = $6, \
    link = CASE WHEN $6 = '' THEN NULL ELSE link END WHERE authority_id = $1 AND message_id = $2";
const MOVE: &str = "UPDATE messages SET state = $3, go_at = $4, channel = $5, recipient = $6 \
    WHERE authority_id = $1 AND message_id = $2";
const FAILURE: &str = "UPDATE messages SET failure = $3 WHERE authority_id = $1 AND message_id = $2";
const DIGESTED: &str =
    "UPDATE messages SET state = 'digested', part_of = $3, body = $4 WHERE authority_id = $1 AND message_id = $2";
const LAST_ATTEMPT: &str = "SELECT attempt, outcome FROM message_attempts WHERE authority_id = $1 AND message_id = $2 \
    ORDER BY attempt DESC LIMIT 1";
const BEGIN: &str = "INSERT INTO message_attempts (authority_id, message_id, attempt, tried_at, channel, outcome, words) \
    VALUES ($1, $2, $3, $4, $5, 'begun', '')";
const END: &str = "UPDATE message_attempts SET outcome = $4, words = $5 \
    WHERE authority_id = $1 AND message_id = $2 AND attempt = $3";

const FORGET: &str = "UPDATE messages SET body = '', link = NULL WHERE body <> '' AND made_at < $1 \
    AND state IN ('sent', 'delivered', 'failed', 'digested')";

/// Forgets the words of everything that was over before this.
pub(super) fn forget(tx: &mut dyn Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(tx.execute(FORGET, &[before.into()])?)
}

pub(super) fn add(tx: &mut dyn Tx, authority: AuthorityId, new: &NewMessage<'_>, now: Timestamp) -> Result<(), Error> {
    let (kind, channel, state): (&'static str, &'static str, &'static str) =
        (new.words.kind.into(), new.channel.into(), new.state.into());
    tx.execute(
        ADD,
        &[
            authority.0.into(),
            new.id.into(),
            new.user.map(|user| user.0).into(),
            kind.into(),
            channel.into(),
            (&new.recipient).into(),
            (&new.words.subject).into(),
            (&new.words.body).into(),
            new.words.path.clone().into(),
            state.into(),
            now.into(),
            new.go_at.into(),
        ],
    )?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Message, Error> {
    let (user, made_at, go_at): (Option<Uuid>, Timestamp, Option<Timestamp>) =
        (row.get("user_id")?, row.get("made_at")?, row.get("go_at")?);
    Ok(Message {
        id: row.get("message_id")?,
        user: user.map(UserId),
        kind: row.get_as("kind", "a kind of message", |code: &str| code.parse().ok())?,
        channel: row.get_as("channel", "a channel", |code: &str| code.parse().ok())?,
        recipient: row.get("recipient")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        link: row.get("link")?,
        state: row.get_as("state", "a state of a message", |code: &str| code.parse().ok())?,
        made_at,
        go_at: go_at.unwrap_or(made_at),
        sent_at: row.get("sent_at")?,
        reference: row.get("reference")?,
        failure: row.get("failure")?,
    })
}

/// The message of this id.
///
/// # Errors
/// When the database fails.
pub fn find(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<Option<Message>, Error> {
    tx.find(FIND, &[authority.0.into(), id.into()])?.as_ref().map(read).transpose()
}

/// The message of this id in whichever area, for a carrier that knows nothing of areas.
pub(super) fn find_anywhere(tx: &mut dyn Tx, id: Uuid) -> Result<Option<(AuthorityId, Message)>, Error> {
    let Some(row) = tx.find(BY_ID, &[id.into()])? else { return Ok(None) };
    Ok(Some((AuthorityId(row.get("authority_id")?), read(&row)?)))
}

/// What this person was told, latest first, without codes.
pub(super) fn of_person(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
    count: i64,
) -> Result<Vec<Message>, Error> {
    tx.query(OF_PERSON, &[authority.0.into(), user.0.into(), count.into()])?.iter().map(read).collect()
}

/// Those of this person in this state whose time has come by `until`, oldest first.
pub(super) fn in_state(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
    state: State,
    until: Timestamp,
) -> Result<Vec<Message>, Error> {
    let code: &'static str = state.into();
    tx.query(IN_STATE, &[authority.0.into(), user.0.into(), code.into(), until.into()])?.iter().map(read).collect()
}

/// A carrier has it. `body` is what is kept of its words.
pub(super) fn sent(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    message: &Message,
    (state, reference, body): (State, Option<String>, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let (state, channel): (&'static str, &'static str) = (state.into(), message.channel.into());
    tx.execute(
        SENT,
        &[
            authority.0.into(),
            message.id.into(),
            state.into(),
            now.into(),
            reference.into(),
            body.into(),
            channel.into(),
            (&message.recipient).into(),
        ],
    )?;
    Ok(())
}

/// Nothing more happens with it by itself.
pub(super) fn settle(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    (state, failure, body): (State, Option<&str>, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let state: &'static str = state.into();
    let parameters = [authority.0.into(), id.into(), state.into(), now.into(), failure.into(), body.into()];
    tx.execute(SETTLE, &parameters)?;
    Ok(())
}

/// It goes at another time, or another way.
pub(super) fn reschedule(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    message: &Message,
    state: State,
    go_at: Timestamp,
) -> Result<(), Error> {
    let (state, channel): (&'static str, &'static str) = (state.into(), message.channel.into());
    let recipient = (&message.recipient).into();
    tx.execute(MOVE, &[authority.0.into(), message.id.into(), state.into(), go_at.into(), channel.into(), recipient])?;
    Ok(())
}

pub(super) fn note_failure(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid, words: &str) -> Result<(), Error> {
    tx.execute(FAILURE, &[authority.0.into(), id.into(), words.into()])?;
    Ok(())
}

pub(super) fn digested(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    message: &Message,
    into: Uuid,
    body: &str,
) -> Result<(), Error> {
    tx.execute(DIGESTED, &[authority.0.into(), message.id.into(), into.into(), body.into()])?;
    Ok(())
}

/// Notes that it is being handed over. Says which time this is, and whether the carrier may have it from
/// the time before, of which the end was lost.
pub(super) fn begin(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    message: &Message,
    now: Timestamp,
) -> Result<(i64, bool), Error> {
    let channel: &'static str = message.channel.into();
    let (last, is_unsure) = match tx.find(LAST_ATTEMPT, &[authority.0.into(), message.id.into()])? {
        Some(row) => (
            row.get::<i64>(0)?,
            row.get_as(1, "an outcome", |code: &str| {
                code.parse().ok().map(|known| matches!(known, Outcome::Begun | Outcome::Later))
            })?,
        ),
        None => (0, false),
    };
    let attempt = last + 1;
    tx.execute(BEGIN, &[authority.0.into(), message.id.into(), attempt.into(), now.into(), channel.into()])?;
    Ok((attempt, is_unsure))
}

pub(super) fn end(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    (id, attempt): (Uuid, i64),
    outcome: Outcome,
    words: &str,
) -> Result<(), Error> {
    let outcome: &'static str = outcome.into();
    tx.execute(END, &[authority.0.into(), id.into(), attempt.into(), outcome.into(), words.into()])?;
    Ok(())
}
