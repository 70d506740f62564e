//! Handing messages to their carriers, once each, and what follows when one does not arrive.

use super::outbox::{self, Message, NewMessage, Outcome, State};
use super::{ASK_RECEIPT, SEND_DIGEST, SEND_MESSAGE, Words, named, person, waiting};
use crate::access::codes;
use crate::journal::{JobSpec, put_job};
use crate::ports::{Envelope, Taken, Unsent, london_time, london_timestamp};
use crate::queue::Job;
use crate::{App, Error};
use casework::post::{self as rules, Channel, Kind, Wishes};
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often a message is tried before it waits for a person: about a week, at a quarter of an hour each.
pub const ATTEMPTS_MAX: i64 = 700;
/// After a carrier did not answer, the others that wait for it are spared the wait for this long.
const SPARED: SignedDuration = SignedDuration::from_secs(45);
/// Whether it arrived is asked for after this long when nobody has said so.
const RECEIPT_AFTER: SignedDuration = SignedDuration::from_mins(20);
/// Most characters of a text: three of the pieces that phones put together.
const TEXT_CHARS_MAX: usize = 459;

/// Words are kept this long at most: until then a letter may come back, and is said another way.
const WORDS_KEPT_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

const AREA: &str = "SELECT name FROM authorities WHERE authority_id = $1";

/// A message with what its words are made of.
pub(super) struct Composing<'a> {
    pub area: &'a str,
    /// Where browsers reach this installation.
    pub address: &'a str,
}

impl Composing<'_> {
    /// The words of a message as its channel carries them.
    pub fn words(&self, channel: Channel, message: &Message) -> String {
        let link = message.link.as_ref().map(|path| format!("{}{path}", self.address));
        let body = message.body.trim();
        match channel {
            Channel::Text => {
                let flat: Vec<&str> = body.split_whitespace().collect();
                let end = link.map(|link| format!(" {link}")).unwrap_or_default();
                let whole = format!("{} SEND: {}{end}", self.area, flat.join(" "));
                if whole.chars().count() <= TEXT_CHARS_MAX {
                    return whole;
                }
                let subject = message.subject.trim_end_matches('.');
                format!("{} SEND: {subject}. Sign in to read all of it.{end}", self.area)
            }
            Channel::Email => {
                let link = link.map(|link| format!("\n{link}\n")).unwrap_or_default();
                let choose = match message.user {
                    Some(_) if !message.kind.keeps_its_channel() => {
                        format!("\nHow you are told, and when, is yours to choose: {}/account/reach\n", self.address)
                    }
                    _ => String::new(),
                };
                format!("{body}\n{link}{choose}")
            }
            Channel::Letter => {
                let link = link.map(|_| format!("\nThe address to sign in is {}\n", self.address)).unwrap_or_default();
                format!("{body}\n{link}")
            }
        }
    }
}

pub(super) fn area_name(tx: &mut dyn Tx, authority: AuthorityId) -> Result<String, Error> {
    Ok(tx.query_one(AREA, &[authority.0.into()])?.get(0)?)
}

fn later(words: impl Into<String>) -> Error {
    Error::Broken { step: "send a message", cause: words.into() }
}

/// What is kept of the words once nobody needs them: nothing, but in a demo, whose page shows them.
pub(super) fn kept<'a>(app: &App, message: &'a Message) -> &'a str {
    if app.settings.demo { &message.body } else { "" }
}

/// A message that is to go now, with what it takes to send it.
struct Ready {
    message: Message,
    envelope: Option<Envelope>,
    words: String,
    /// Which time this is; none when its carrier was away a moment ago and is not asked again yet.
    attempt: i64,
    is_unsure: bool,
}

/// The message that a job is about: its own, or one whose own job came too early.
fn message_of(job: &Job) -> Uuid {
    job.body.parse().unwrap_or(job.id)
}

/// Sends one message.
///
/// # Errors
/// When its carrier does not take it now: the job is tried again later.
pub fn send(app: &App, job: &Job) -> Result<(), Error> {
    let Some(ready) = app.db.write("post.begin", |tx| begin(tx, app, job))? else { return Ok(()) };
    // No transaction is open while a carrier is spoken to.
    let outcome = hand_over(app, &ready);
    let result = app.db.write("post.sent", |tx| finish(tx, app, job, &ready, &outcome));
    result?.map_err(later)
}

/// What has to be known before it goes; nothing when it does not go, or not this way.
fn begin(tx: &mut dyn Tx, app: &App, job: &Job) -> Result<Option<Ready>, Error> {
    let now = app.clock.now();
    let authority = job.authority;
    let mut message = outbox::find(tx, authority, message_of(job))?.ok_or(Error::NotFound)?;
    if message.state != State::Waiting {
        return Ok(None);
    }
    if message.kind.is_code() && now >= message.made_at + codes::WORKS_FOR {
        let why = "the code had ended before it could be sent";
        outbox::settle(tx, authority, message.id, (State::Failed, Some(why), ""), now)?;
        return Ok(None);
    }
    let mut envelope = None;
    if let Some(user) = message.user.filter(|_| !message.kind.keeps_its_channel()) {
        let person = person::load(tx, authority, user)?;
        match person.channel() {
            None => {
                let why = "there is no way to reach this person any more";
                outbox::settle(tx, authority, message.id, (State::Failed, Some(why), kept(app, &message)), now)?;
                return Ok(None);
            }
            // Something has changed since it was written: a number failed, or another way was chosen.
            Some(channel) if channel != message.channel => {
                message.channel = channel;
                message.recipient = person.recipient(channel);
                let go_at = not_in_quiet(&person.wishes, channel, now);
                if go_at > now {
                    outbox::reschedule(tx, authority, &message, State::Waiting, go_at)?;
                    put_again(tx, authority, &message, go_at)?;
                    return Ok(None);
                }
            }
            Some(channel) => message.recipient = person.recipient(channel),
        }
        envelope = Some(person.envelope());
    }
    if message.channel == Channel::Letter && !app.carrier.has_letters() {
        outbox::reschedule(tx, authority, &message, State::ToPrint, now)?;
        return Ok(None);
    }
    if let Some(why) = waiting::is_away(tx, authority, message.channel, message.id, now - SPARED)? {
        outbox::note_failure(tx, authority, message.id, &why)?;
        return Ok(Some(Ready { message, envelope: None, words: why, attempt: 0, is_unsure: false }));
    }
    let area = area_name(tx, authority)?;
    let address = app.settings.address();
    let words = Composing { area: &area, address: &address }.words(message.channel, &message);
    let (attempt, is_unsure) = outbox::begin(tx, authority, &message, now)?;
    Ok(Some(Ready { message, envelope, words, attempt, is_unsure }))
}

fn hand_over(app: &App, ready: &Ready) -> Result<Taken, Unsent> {
    let message = &ready.message;
    if ready.attempt == 0 {
        return Err(Unsent::Later(ready.words.clone()));
    }
    // The program died while it was being handed over, or its answer was lost: whoever has it knows its id.
    if ready.is_unsure
        && let Some(taken) = app.carrier.find(message.id)?
    {
        return Ok(taken);
    }
    match message.channel {
        Channel::Email => app.mail.send(message.id, &message.recipient, &message.subject, &ready.words),
        Channel::Text => app.carrier.text(message.id, &message.recipient, &ready.words),
        Channel::Letter => {
            let lines = || message.recipient.lines().map(str::to_owned).collect();
            let envelope = ready.envelope.clone().unwrap_or_else(|| Envelope { lines: lines() });
            app.carrier.letter(message.id, &envelope, &message.subject, &ready.words)
        }
    }
}

fn finish(
    tx: &mut dyn Tx,
    app: &App,
    job: &Job,
    ready: &Ready,
    outcome: &Result<Taken, Unsent>,
) -> Result<Result<(), String>, Error> {
    let (authority, message, now) = (job.authority, &ready.message, app.clock.now());
    if ready.attempt > 0 {
        let (noted, words) = match outcome {
            Ok(_) => (Outcome::Taken, ""),
            Err(Unsent::Later(words)) => (Outcome::Later, words.as_str()),
            Err(Unsent::Address(words)) => (Outcome::WrongAddress, words.as_str()),
            Err(Unsent::Stopped(words)) => (Outcome::Stopped, words.as_str()),
        };
        outbox::end(tx, authority, (message.id, ready.attempt), noted, words)?;
    }
    match outcome {
        Ok(taken) => {
            // Where a receipt may come, the words are needed once more if it says that nothing arrived.
            let body = if taken.reference.is_some() { &message.body } else { kept(app, message) };
            outbox::sent(tx, authority, message, (State::Sent, taken.reference.clone(), body), now)?;
            if taken.reference.is_some() {
                let id = named(&[b"receipt", message.id.as_bytes()]);
                let body = message.id.to_string();
                put_job(tx, authority, JobSpec { id, kind: ASK_RECEIPT, body, run_at: now + RECEIPT_AFTER })?;
            }
            Ok(Ok(()))
        }
        Err(Unsent::Address(words)) => {
            did_not_arrive(tx, app, authority, message, words)?;
            Ok(Ok(()))
        }
        Err(Unsent::Stopped(words)) => {
            outbox::settle(tx, authority, message.id, (State::Stopped, Some(words), &message.body), now)?;
            Ok(Ok(()))
        }
        Err(Unsent::Later(words)) if job.attempts >= ATTEMPTS_MAX => {
            outbox::settle(tx, authority, message.id, (State::Stopped, Some(words), &message.body), now)?;
            Ok(Ok(()))
        }
        Err(Unsent::Later(words)) => {
            outbox::note_failure(tx, authority, message.id, words)?;
            Ok(Err(words.clone()))
        }
    }
}

/// What was sent there did not arrive: it is noted of the person, and what it said goes another way if
/// there is one.
pub(super) fn did_not_arrive(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    message: &Message,
    why: &str,
) -> Result<(), Error> {
    let now = app.clock.now();
    outbox::settle(tx, authority, message.id, (State::Failed, Some(why), kept(app, message)), now)?;
    let Some(user) = message.user else { return Ok(()) };
    // Between the sending and its failure another number may have been given.
    let person = person::load(tx, authority, user)?;
    if person.recipient(message.channel) == message.recipient {
        person::mark(tx, authority, user, message.channel, rules::State::Failed, now)?;
    }
    if message.kind.keeps_its_channel() || message.body.is_empty() {
        return Ok(());
    }
    let person = person::load(tx, authority, user)?;
    let can = person.reachable();
    match person.channel() {
        Some(channel) if channel != message.channel && can.of(channel) == rules::State::Works => {
            let go_at = not_in_quiet(&person.wishes, channel, now);
            let words = Words {
                kind: message.kind,
                subject: message.subject.clone(),
                body: message.body.clone(),
                path: message.link.clone(),
                by: None,
            };
            let id = named(&[b"another way", message.id.as_bytes()]);
            let recipient = person.recipient(channel);
            let new =
                NewMessage { id, user: Some(user), channel, recipient, words: &words, state: State::Waiting, go_at };
            if outbox::find(tx, authority, id)?.is_none() {
                outbox::add(tx, authority, &new, now)?;
            }
            put_job(tx, authority, JobSpec { id, kind: SEND_MESSAGE, body: "{}".to_owned(), run_at: go_at })
        }
        _ => Ok(()),
    }
}

/// Forgets the words of what is long over. A demo shows them. Returns how many.
///
/// # Errors
/// When the database fails.
pub fn forget(app: &App) -> Result<u64, Error> {
    if app.settings.demo {
        return Ok(0);
    }
    let before = app.clock.now() - WORDS_KEPT_FOR;
    app.db.write("post.forget", |tx| outbox::forget(tx, before))
}

/// Now, or the end of the quiet hours.
fn not_in_quiet(wishes: &Wishes, channel: Channel, now: Timestamp) -> Timestamp {
    let at_once = Wishes { pace: rules::Pace::AtOnce, ..*wishes };
    let wall = london_time(now);
    let goes = rules::goes_at(Kind::MessageWritten, channel, &at_once, wall, None);
    if goes == wall { now } else { london_timestamp(goes) }
}

/// Another job for a message whose own is done or comes too early.
pub(super) fn put_again(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    message: &Message,
    at: Timestamp,
) -> Result<(), Error> {
    let id = named(&[b"again", message.id.as_bytes(), &at.as_microsecond().to_le_bytes()]);
    put_job(tx, authority, JobSpec { id, kind: SEND_MESSAGE, body: message.id.to_string(), run_at: at })
}

/// What a job for a digest carries.
#[derive(Serialize, Deserialize)]
struct DigestBody {
    user: UserId,
}

/// A digest of this person at this time: however many ask for it, it is one.
pub(super) fn put_digest(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, at: Timestamp) -> Result<(), Error> {
    let id = named(&[b"digest", user.0.as_bytes(), &at.as_microsecond().to_le_bytes()]);
    let body = serde_json::to_string(&DigestBody { user })
        .map_err(|cause| Error::Broken { step: "write a job", cause: cause.to_string() })?;
    put_job(tx, authority, JobSpec { id, kind: SEND_DIGEST, body, run_at: at })
}

/// Puts what was gathered for a person into one message. Run twice, it finds nothing more to gather.
///
/// # Errors
/// When the database fails.
pub fn digest(app: &App, job: &Job) -> Result<(), Error> {
    let body: DigestBody = serde_json::from_str(&job.body)
        .map_err(|cause| Error::Broken { step: "read a job", cause: cause.to_string() })?;
    let now = app.clock.now();
    app.db.write("post.digest", |tx| -> Result<(), Error> {
        let gathered = outbox::in_state(tx, job.authority, body.user, State::Gathered, now)?;
        put_together(tx, app, job, body.user, &gathered)
    })
}

fn put_together(tx: &mut dyn Tx, app: &App, job: &Job, user: UserId, gathered: &[Message]) -> Result<(), Error> {
    let (authority, now) = (job.authority, app.clock.now());
    let Some(first) = gathered.first() else { return Ok(()) };
    if gathered.len() == 1 {
        outbox::reschedule(tx, authority, first, State::Waiting, now)?;
        return put_again(tx, authority, first, now);
    }
    let person = person::load(tx, authority, user)?;
    let Some(channel) = person.channel() else { return Ok(()) };
    let parts: Vec<String> =
        gathered.iter().map(|message| format!("{}\n\n{}", message.subject, message.body.trim())).collect();
    let words = Words {
        kind: Kind::Digest,
        subject: format!("{} things for you", gathered.len()),
        body: parts.join("\n\n———\n\n"),
        path: Some("/".to_owned()),
        by: None,
    };
    let id: Uuid = named(&[b"in one", job.id.as_bytes()]);
    let recipient = person.recipient(channel);
    let new = NewMessage { id, user: Some(user), channel, recipient, words: &words, state: State::Waiting, go_at: now };
    if outbox::find(tx, authority, id)?.is_some() {
        return Ok(());
    }
    outbox::add(tx, authority, &new, now)?;
    for message in gathered {
        outbox::digested(tx, authority, message, id, kept(app, message))?;
    }
    put_job(tx, authority, JobSpec { id, kind: SEND_MESSAGE, body: "{}".to_owned(), run_at: now })
}

/// What was gathered goes by what the person has chosen now.
pub(super) fn gather_anew(tx: &mut dyn Tx, app: &App, authority: AuthorityId, user: UserId) -> Result<(), Error> {
    let now = app.clock.now();
    let person = person::load(tx, authority, user)?;
    let Some(channel) = person.channel() else { return Ok(()) };
    for mut message in outbox::in_state(tx, authority, user, State::Gathered, Timestamp::MAX)? {
        message.channel = channel;
        message.recipient = person.recipient(channel);
        let wall = london_time(now);
        let goes = rules::goes_at(message.kind, channel, &person.wishes, wall, None);
        let at = if goes == wall { now } else { london_timestamp(goes) };
        if person.wishes.pace == rules::Pace::AtOnce {
            outbox::reschedule(tx, authority, &message, State::Waiting, at)?;
            put_again(tx, authority, &message, at)?;
        } else {
            outbox::reschedule(tx, authority, &message, State::Gathered, at)?;
            put_digest(tx, authority, user, at)?;
        }
    }
    Ok(())
}
