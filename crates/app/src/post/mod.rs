//! What leaves the house: emails, texts and letters, queued in the transaction of the act that they
//! tell of.
//!
//! No message names a child. It says what changed, what to do and by when, and where to read it.
//! Whoever is told says how: [`person`] keeps it, `casework::post` decides by it.
//!
//! | question | where |
//! |---|---|
//! | how is somebody told something? | [`tell`] |
//! | what is a message, where does it stand? | [`outbox`] |
//! | what happens when it is sent, and when it does not arrive? | [`send`], [`receipts`] |
//! | what did somebody choose? | [`person`], and the page `reach` |
//! | what waits, and why? | [`waiting`] |
//!
//! | address | page |
//! |---|---|
//! | `/account/reach` and below | how we reach you: channel, number, quiet hours, digest |
//! | `/outbox` | what waits and why, for those who manage the area |
//! | `/letters` and below | letters to print and post, and those that came back |
//! | `/notify/receipts` | GOV.UK Notify says what arrived |
//! | `/demo/messages` | what a demo would have sent |

mod letter;
pub mod outbox;
pub(crate) mod person;
mod printing;
mod reach;
mod receipts;
mod send;
mod sink;
#[cfg(test)]
mod tests;
pub mod waiting;
mod waiting_page;

pub use send::{ATTEMPTS_MAX, digest, forget, send};

pub(crate) use receipts::ask_receipt;

use crate::journal::{JobSpec, put_job};
use crate::ports::{london_time, london_timestamp};
use crate::{App, Error};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use casework::post::{self as rules, Channel, Kind, Mobile};
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::civil::Date;
use outbox::{NewMessage, State};
use uuid::Uuid;

pub const SEND_MESSAGE: &str = "send_message";
pub const SEND_DIGEST: &str = "send_digest";
pub const ASK_RECEIPT: &str = "ask_receipt";

/// Most bytes of what a carrier says afterwards.
const RECEIPT_BYTES_MAX: usize = 64 * 1024;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/demo/messages", get(sink::show))
        .route("/account/reach", get(reach::show).post(reach::save))
        .route("/account/reach/code", get(reach::show_code).post(reach::enter_code))
        .route("/account/reach/code/again", post(reach::send_again))
        .route("/account/reach/try-again", post(reach::try_again))
        .route("/outbox", get(waiting_page::show))
        .route("/outbox/{message}/again", post(waiting_page::again))
        .route("/letters", get(printing::show))
        .route("/letters/{message}/print", get(printing::print))
        .route("/letters/{message}/posted", post(printing::posted))
        .route("/letters/{message}/returned", post(printing::returned))
        .route("/notify/receipts", post(receipts::take).layer(DefaultBodyLimit::max(RECEIPT_BYTES_MAX)))
}

/// What is said: what changed, what to do, where to read it.
#[derive(Debug, Clone)]
pub struct Words {
    pub kind: Kind,
    pub subject: String,
    pub body: String,
    /// The address of the page it is about, after the installation's own.
    pub path: Option<String>,
    /// The day by which somebody has to do something: a digest does not hold it back for long.
    pub by: Option<Date>,
}

/// Whom it is said to.
#[derive(Debug, Clone)]
pub enum To {
    /// Somebody with an account: the way they chose.
    Person(UserId),
    /// Somebody of whom nothing is known but this.
    Email(String),
    /// The phone in somebody's hand.
    Number(UserId, Mobile),
}

/// An id that follows from what a message is about, so that the same thing is said once.
pub fn named(parts: &[&[u8]]) -> Uuid {
    let mut print = blake3::Hasher::new();
    for part in parts {
        print.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&print.finalize().as_bytes()[..16]);
    Uuid::from_bytes(id)
}

/// Tells somebody by email that their account has another way in, so that whoever did not add it learns
/// of it. `what` is such as "a passkey".
///
/// # Errors
/// When the database fails.
pub(crate) fn way_in_added(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    user: UserId,
    what: &str,
) -> Result<(), Error> {
    let person = person::load(tx, authority, user)?;
    let words = Words {
        kind: Kind::WayInAdded,
        subject: "Another way to sign in was added to your account".to_owned(),
        body: format!(
            "From now on your account can be signed in to with {what}.\n\nIf you did not add it, sign in, take it away \
             and choose “Sign out everywhere”, or ring the council.\n"
        ),
        path: Some("/account/sign-in".to_owned()),
        by: None,
    };
    tell(tx, app, authority, app.ids.next(), &To::Email(person.email), &words)
}

/// Says something, in this transaction. Nothing happens when a message of this id is there already.
///
/// # Errors
/// When the database fails.
pub fn tell(tx: &mut dyn Tx, app: &App, authority: AuthorityId, id: Uuid, to: &To, words: &Words) -> Result<(), Error> {
    if outbox::find(tx, authority, id)?.is_some() {
        return Ok(());
    }
    let now = app.clock.now();
    let mut new = NewMessage {
        id,
        user: None,
        channel: Channel::Email,
        recipient: String::new(),
        words,
        state: State::Waiting,
        go_at: now,
    };
    match to {
        To::Email(address) => new.recipient.clone_from(address),
        To::Number(user, mobile) => {
            new.user = Some(*user);
            new.channel = Channel::Text;
            mobile.as_str().clone_into(&mut new.recipient);
        }
        To::Person(user) => {
            let person = person::load(tx, authority, *user)?;
            let Some(channel) = person.channel() else { return Ok(()) };
            let wall = london_time(now);
            new.user = Some(*user);
            new.channel = channel;
            new.recipient = person.recipient(channel);
            let goes = rules::goes_at(words.kind, channel, &person.wishes, wall, words.by);
            // What goes now keeps the very instant: on the wall an hour may come twice.
            new.go_at = if goes == wall { now } else { london_timestamp(goes) };
            if rules::waits_for_digest(words.kind, person.wishes.pace, wall, words.by) {
                new.state = State::Gathered;
            }
        }
    }
    outbox::add(tx, authority, &new, now)?;
    match (new.state, new.user) {
        (State::Gathered, Some(user)) => send::put_digest(tx, authority, user, new.go_at),
        _ => put_job(tx, authority, JobSpec { id, kind: SEND_MESSAGE, body: "{}".to_owned(), run_at: new.go_at }),
    }
}
