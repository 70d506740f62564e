//! What leaves the house: emails, queued in the transaction of the act that they tell of.
//!
//! No message names a child. It says what changed, what to do and by when, and where to read it.

use crate::journal::{JobSpec, put_job};
use crate::ports::london_time;
use crate::queue::Job;
use crate::web::{Frame, Page, long_date};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use casework::AuthorityId;
use db::Tx;
use jiff::Timestamp;
use uuid::Uuid;

pub const SEND_MESSAGE: &str = "send_message";

/// An email.
#[derive(Debug, Clone)]
pub struct Email {
    pub to: String,
    pub subject: String,
    pub body: String,
}

const ADD: &str = "INSERT INTO messages (authority_id, message_id, recipient, subject, body, made_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "SELECT recipient, subject, body, sent_at FROM messages WHERE authority_id = $1 AND message_id = $2";
const SENT: &str = "UPDATE messages SET sent_at = $3, body = $4 WHERE authority_id = $1 AND message_id = $2";
const LATEST: &str =
    "SELECT recipient, subject, body, made_at FROM messages ORDER BY made_at DESC, message_id DESC LIMIT 50";

/// Queues an email in this transaction.
///
/// # Errors
/// When the database fails.
pub fn queue(tx: &mut dyn Tx, app: &App, authority: AuthorityId, email: &Email) -> Result<(), Error> {
    queue_once(tx, app, authority, app.ids.next(), email)
}

/// The same for a message with an id of its own: nothing happens when it is there already.
///
/// # Errors
/// When the database fails.
pub fn queue_once(tx: &mut dyn Tx, app: &App, authority: AuthorityId, id: Uuid, email: &Email) -> Result<(), Error> {
    if tx.find(FIND, &[authority.0.into(), id.into()])?.is_some() {
        return Ok(());
    }
    let now = app.clock.now();
    tx.execute(
        ADD,
        &[authority.0.into(), id.into(), (&email.to).into(), (&email.subject).into(), (&email.body).into(), now.into()],
    )?;
    put_job(tx, authority, JobSpec { id, kind: SEND_MESSAGE, body: "{}".to_owned(), run_at: now })
}

/// Sends one message. Its words are forgotten once it is sent; a demo keeps them to be shown.
///
/// # Errors
/// When the mail server does not take it: the job is tried again later.
pub fn send(app: &App, job: &Job) -> Result<(), Error> {
    let key = [job.authority.0.into(), job.id.into()];
    let found = app.db.read("post.find", |tx| -> Result<_, Error> {
        let row = tx.find(FIND, &key)?.ok_or(Error::NotFound)?;
        let sent_at: Option<Timestamp> = row.get("sent_at")?;
        let email = Email { to: row.get("recipient")?, subject: row.get("subject")?, body: row.get("body")? };
        Ok(sent_at.is_none().then_some(email))
    })?;
    let Some(email) = found else { return Ok(()) };
    app.mail
        .send(&email.to, &email.subject, &email.body)
        .map_err(|cause| Error::Broken { step: "send a message", cause })?;
    let kept = if app.settings.demo { email.body } else { String::new() };
    let now = app.clock.now();
    app.db.write("post.sent", |tx| -> Result<(), Error> {
        tx.execute(SENT, &[key[0].clone(), key[1].clone(), now.into(), (&kept).into()])?;
        Ok(())
    })
}

/// The demo's page of what would have been sent.
pub fn routes() -> Router<App> {
    Router::new().route("/demo/messages", get(show))
}

struct Shown {
    to: String,
    subject: String,
    body: String,
    at: String,
}

#[derive(Template)]
#[template(path = "post.html")]
struct MessagesPage {
    messages: Vec<Shown>,
}

async fn show(State(app): State<App>) -> Result<Page, Error> {
    if !app.settings.demo {
        return Err(Error::NotFound);
    }
    let messages = app
        .blocking(|app| {
            app.db.read("post.latest", |tx| -> Result<_, Error> {
                let mut messages = Vec::new();
                for row in tx.query(LATEST, &[])? {
                    let at = london_time(row.get("made_at")?);
                    messages.push(Shown {
                        to: row.get("recipient")?,
                        subject: row.get("subject")?,
                        body: row.get("body")?,
                        at: format!("{} at {}", long_date(at.date()), at.strftime("%-I:%M%P")),
                    });
                }
                Ok(messages)
            })
        })
        .await?;
    Frame::public("Messages of the demo").render(&MessagesPage { messages })
}
