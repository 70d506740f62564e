//! Whether what was sent arrived: said by the carrier afterwards, or asked of it.

use super::outbox::{self, Message, State};
use super::send::{did_not_arrive, kept, put_again};
use super::{ASK_RECEIPT, named};
use crate::journal::{JobSpec, put_job};
use crate::ports::Receipt;
use crate::queue::Job;
use crate::{App, Error};
use axum::body::Bytes;
use axum::extract::State as Served;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::AuthorityId;
use casework::post::Channel;
use db::Tx;
use jiff::SignedDuration;
use serde::Deserialize;
use uuid::Uuid;

/// How long it is asked for.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(4 * 24);
const ASKED_EVERY: SignedDuration = SignedDuration::from_hours(6);
/// What was not possible this time is tried again after this long, this often.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
const AGAIN_MAX: i64 = 3;

const ATTEMPTS: &str = "SELECT COUNT(*) FROM message_attempts WHERE authority_id = $1 AND message_id = $2";

/// What GOV.UK Notify posts: a receipt, or that a letter came back.
#[derive(Debug, Deserialize)]
struct Said {
    /// Our own id of the message.
    reference: Option<String>,
    /// Notify's number for it.
    id: Option<String>,
    status: Option<String>,
    /// Of a letter that came back: Notify's number for it.
    notification_id: Option<String>,
}

/// Takes what the carrier posts. What is not known here is taken and does nothing: it may be about a
/// message that was sent from elsewhere with the same account.
pub async fn take(Served(app): Served<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Error> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    if !app.carrier.is_receipt_token(token) {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    let Ok(said) = serde_json::from_slice::<Said>(&body) else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    app.blocking(move |app| app.db.write("post.receipt", |tx| heard(tx, app, &said))).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn heard(tx: &mut dyn Tx, app: &App, said: &Said) -> Result<(), Error> {
    let Some(id) = said.reference.as_deref().and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(()) };
    let Some((authority, message)) = outbox::find_anywhere(tx, id)? else { return Ok(()) };
    let number = said.id.as_ref().or(said.notification_id.as_ref());
    // A number of somebody else's is not about this message. Without one of our own it was faster than our answer.
    if let (Some(known), Some(number)) = (&message.reference, number)
        && known != number
    {
        return Ok(());
    }
    let receipt = match (&said.status, &said.notification_id) {
        (Some(status), _) => Receipt::read(status),
        (None, Some(_)) => Receipt::NeverThere,
        (None, None) => return Ok(()),
    };
    apply(tx, app, authority, &message, receipt)
}

/// What a receipt means for the message. The same receipt twice means no more than once.
pub(super) fn apply(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    message: &Message,
    receipt: Receipt,
) -> Result<(), Error> {
    let now = app.clock.now();
    // A letter is printed and then may still come back; anything else that arrived has arrived.
    let is_open = message.state == State::Sent;
    match receipt {
        _ if !is_open => Ok(()),
        Receipt::Travels => Ok(()),
        Receipt::Arrived if message.channel == Channel::Letter => Ok(()),
        Receipt::Arrived => {
            outbox::settle(tx, authority, message.id, (State::Delivered, None, kept(app, message)), now)
        }
        Receipt::NeverThere => {
            let why = match message.channel {
                Channel::Email => "there is no such mailbox",
                Channel::Text => "there is no such number",
                Channel::Letter => "the letter came back",
            };
            did_not_arrive(tx, app, authority, message, why)
        }
        Receipt::NotThisTime => {
            let tried: i64 = tx.query_one(ATTEMPTS, &[authority.0.into(), message.id.into()])?.get(0)?;
            if tried >= AGAIN_MAX {
                return did_not_arrive(tx, app, authority, message, "it could not be delivered, three times");
            }
            outbox::reschedule(tx, authority, message, State::Waiting, now + AGAIN_AFTER)?;
            put_again(tx, authority, message, now + AGAIN_AFTER)
        }
        Receipt::CarrierFailed => {
            let why = "the carrier could not send it: look at it there";
            outbox::settle(tx, authority, message.id, (State::Stopped, Some(why), &message.body), now)
        }
    }
}

/// Asks the carrier about a message of which nothing was heard.
///
/// # Errors
/// When the carrier does not answer: it is asked again later.
pub(crate) fn ask_receipt(app: &App, job: &Job) -> Result<(), Error> {
    let Ok(id) = job.body.parse::<Uuid>() else { return Ok(()) };
    let find = |tx: &mut dyn Tx| outbox::find(tx, job.authority, id);
    let Some(message) = app.db.read("post.receipt_of", find)? else { return Ok(()) };
    let (Some(reference), State::Sent) = (&message.reference, message.state) else { return Ok(()) };
    let receipt = app
        .carrier
        .receipt(reference)
        .map_err(|unsent| Error::Broken { step: "ask for a receipt", cause: unsent.words().to_owned() })?;
    let now = app.clock.now();
    app.db.write("post.receipt_asked", |tx| -> Result<(), Error> {
        let Some(message) = outbox::find(tx, job.authority, id)? else { return Ok(()) };
        apply(tx, app, job.authority, &message, receipt)?;
        let sent_at = message.sent_at.unwrap_or(message.made_at);
        let again_at = now + ASKED_EVERY;
        if receipt == Receipt::Travels && now < sent_at + ASKED_FOR {
            let id = named(&[b"receipt", message.id.as_bytes(), &again_at.as_microsecond().to_le_bytes()]);
            put_job(tx, job.authority, JobSpec { id, kind: ASK_RECEIPT, body: job.body.clone(), run_at: again_at })?;
        }
        Ok(())
    })
}
