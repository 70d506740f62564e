//! Changes of address in the database, and what each step of them does.

use super::CHANGE_ADDRESS;
use crate::access::events::{self, Event, Outcome};
use crate::access::{codes, is_address_taken, sessions};
use crate::api::tokens::store as tokens;
use crate::journal::{JobSpec, put_job};
use crate::ports::{london_time, random_bytes};
use crate::post::{self, To, Words, person};
use crate::queue::Job;
use crate::web::long_date;
use crate::{App, Error, FieldError};
use casework::post::{Channel, Kind, State as Known};
use casework::recovery::{self, Change, State, Step};
use casework::{AuthorityId, UserId};
use db::{Row, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// How long one that nobody went on with is offered.
const UNPROVED_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A change with what pages show of it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Uuid,
    pub authority: AuthorityId,
    pub user: UserId,
    pub name: String,
    pub old_email: String,
    pub new_email: String,
    pub change: Change,
    pub asked_at: Timestamp,
    pub asked_by_name: Option<String>,
    pub seen: Option<String>,
}

macro_rules! columns {
    () => {
        "SELECT a.change_id, a.authority_id, a.user_id, u.name, a.old_email, a.new_email, a.state, a.asked_at, a.asked_by, \
         a.seen, a.takes_effect_at, s.name AS asked_by_name FROM address_changes a \
         JOIN users u ON u.authority_id = a.authority_id AND u.user_id = a.user_id \
         LEFT JOIN users s ON s.authority_id = a.authority_id AND s.user_id = a.asked_by "
    };
}

const ADD: &str = "INSERT INTO address_changes (authority_id, change_id, user_id, old_email, new_email, state, asked_at, \
    asked_by, seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FIND: &str = concat!(columns!(), "WHERE a.authority_id = $1 AND a.change_id = $2");
const BY_STOP: &str = concat!(columns!(), "WHERE a.stop_hash = $1");
const OPEN_OF: &str = concat!(
    columns!(),
    "WHERE a.authority_id = $1 AND a.user_id = $2 AND a.state IN ('unproved', 'waits_for_second', 'held') \
     AND (a.state <> 'unproved' OR a.asked_at > $3) ORDER BY a.asked_at DESC, a.change_id DESC LIMIT 1"
);
const OPEN: &str = concat!(
    columns!(),
    "WHERE a.authority_id = $1 AND (a.asked_by IS NOT NULL OR a.state = 'held') \
     AND a.state IN ('unproved', 'waits_for_second', 'held') \
     AND (a.state <> 'unproved' OR a.asked_at > $2) ORDER BY a.asked_at, a.change_id LIMIT 200"
);
const DROP_UNPROVED: &str =
    "DELETE FROM address_changes WHERE authority_id = $1 AND user_id = $2 AND state = 'unproved'";
const MOVE: &str = "UPDATE address_changes SET state = $3, takes_effect_at = $4, stop_hash = $5 \
    WHERE authority_id = $1 AND change_id = $2";
const AGREED: &str = "UPDATE address_changes SET agreed_by = $3 WHERE authority_id = $1 AND change_id = $2";
const SETTLE: &str =
    "UPDATE address_changes SET state = $3, settled_at = $4 WHERE authority_id = $1 AND change_id = $2";
const DROP_PASSKEYS: &str = "DELETE FROM passkeys WHERE authority_id = $1 AND user_id = $2";
const DROP_LINKS: &str = "DELETE FROM sign_in_links WHERE authority_id = $1 AND user_id = $2";
const SET_EMAIL: &str = "UPDATE users SET email = $3 WHERE authority_id = $1 AND user_id = $2";

fn read(row: &Row) -> Result<Kept, Error> {
    let asked_by: Option<Uuid> = row.get("asked_by")?;
    Ok(Kept {
        id: row.get("change_id")?,
        authority: AuthorityId(row.get("authority_id")?),
        user: UserId(row.get("user_id")?),
        name: row.get("name")?,
        old_email: row.get("old_email")?,
        new_email: row.get("new_email")?,
        change: Change {
            state: row.get_as("state", "a state of a change", |code: &str| code.parse().ok())?,
            seen_by: asked_by.map(UserId),
            takes_effect_at: row.get("takes_effect_at")?,
        },
        asked_at: row.get("asked_at")?,
        asked_by_name: row.get("asked_by_name")?,
        seen: row.get("seen")?,
    })
}

/// The change of this id in this area.
pub fn find(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<Kept, Error> {
    tx.find(FIND, &[authority.0.into(), id.into()])?.as_ref().map(read).transpose()?.ok_or(Error::NotFound)
}

/// What this person's address is on its way to, if it is.
pub fn open_of(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, now: Timestamp) -> Result<Option<Kept>, Error> {
    let since = (now - UNPROVED_FOR).into();
    tx.find(OPEN_OF, &[authority.0.into(), user.0.into(), since])?.as_ref().map(read).transpose()
}

/// Changes that the staff began and that are not over.
pub fn open(tx: &mut dyn Tx, authority: AuthorityId, now: Timestamp) -> Result<Vec<Kept>, Error> {
    tx.query(OPEN, &[authority.0.into(), (now - UNPROVED_FOR).into()])?.iter().map(read).collect()
}

/// The held change that a message to an old address can stop.
pub fn find_by_token(tx: &mut dyn Tx, token: &str) -> Result<Kept, Error> {
    let hash = crate::access::token_hash(token);
    tx.find(BY_STOP, &[hash.into()])?.as_ref().map(read).transpose()?.ok_or(Error::NotFound)
}

fn code_key(id: Uuid) -> String {
    format!("new address {id}")
}

/// Begins a change and sends a code to the new address.
///
/// # Errors
/// [`Error::Fields`] when it cannot be that address, or another change is on its way.
pub fn begin(
    tx: &mut dyn Tx,
    app: &App,
    (authority, user): (AuthorityId, UserId),
    new_email: &str,
    seen: Option<(UserId, String)>,
) -> Result<Kept, Error> {
    let now = app.clock.now();
    let wrong = |said: &str| Error::Fields(vec![FieldError::new("email", said)]);
    let new_email = codes::plain(new_email);
    if !codes::is_address(&new_email) {
        return Err(wrong("Enter an email address like name@example.com"));
    }
    let person = person::load(tx, authority, user)?;
    if new_email == person.email {
        return Err(wrong("Enter another address: this is the one there is"));
    }
    if is_address_taken(tx, &new_email)? {
        return Err(wrong("Use another address: this one signs in to something else here"));
    }
    if let Some(known) = open_of(tx, authority, user, now)?
        && known.change.state != State::Unproved
    {
        return Err(wrong("A change is on its way already. Stop it first"));
    }
    tx.execute(DROP_UNPROVED, &[authority.0.into(), user.0.into()])?;
    let id = app.ids.next();
    let state: &'static str = State::Unproved.into();
    let (asked_by, words) = match seen {
        Some((by, words)) => (Some(by.0), Some(words)),
        None => (None, None),
    };
    tx.execute(
        ADD,
        &[
            authority.0.into(),
            id.into(),
            user.0.into(),
            (&person.email).into(),
            (&new_email).into(),
            state.into(),
            now.into(),
            asked_by.into(),
            words.into(),
        ],
    )?;
    let kept = find(tx, authority, id)?;
    send_code(tx, app, &kept)?;
    note(tx, app, &kept, Outcome::AddressAsked)?;
    Ok(kept)
}

/// Another code to the new address, unless it was sent too many.
pub fn send_code(tx: &mut dyn Tx, app: &App, kept: &Kept) -> Result<(), Error> {
    let now = app.clock.now();
    // The address has a bound of its own: it is somebody's inbox.
    if !codes::may_ask(tx, app, &kept.new_email, now)? {
        return Ok(());
    }
    let Some(code) = codes::make(tx, app, &code_key(kept.id), now)? else { return Ok(()) };
    let words = Words {
        kind: Kind::AddressCode,
        subject: "Your code to confirm this address".to_owned(),
        body: format!(
            "Your code is {code}.\n\nType it on the page that asked for it, or read it to the person who is with you. \
             It works for {} minutes.\n\nIf you did not ask for it, do nothing.\n",
            codes::WORKS_FOR.as_mins()
        ),
        path: None,
        by: None,
    };
    post::tell(tx, app, kept.authority, app.ids.next(), &To::Email(kept.new_email.clone()), &words)
}

/// Into the record of sign-ins, of the person whose address it is.
fn note(tx: &mut dyn Tx, app: &App, kept: &Kept, outcome: Outcome) -> Result<(), Error> {
    let way = if kept.change.seen_by.is_some() { "in_person" } else { "account" };
    let event = Event { address: Some(kept.new_email.clone()), ..Event::of(kept.authority, kept.user) };
    events::note(tx, app, way, outcome, event)?;
    Ok(())
}

/// Whether the code is right; then the change goes on.
pub fn prove(tx: &mut dyn Tx, app: &App, kept: &Kept, code: &str) -> Result<bool, Error> {
    let now = app.clock.now();
    if kept.change.state != State::Unproved || !codes::check(tx, &code_key(kept.id), code, now)? {
        return Ok(false);
    }
    let Ok(change) = recovery::after(&kept.change, Step::Prove, now) else { return Ok(false) };
    go_on(tx, app, kept, change)?;
    Ok(true)
}

/// The second of the staff agrees.
pub fn agree(tx: &mut dyn Tx, app: &App, kept: &Kept, by: UserId) -> Result<Result<(), recovery::Objection>, Error> {
    let now = app.clock.now();
    match recovery::after(&kept.change, Step::Agree { by }, now) {
        Err(objection) => Ok(Err(objection)),
        Ok(change) => {
            tx.execute(AGREED, &[kept.authority.0.into(), kept.id.into(), by.0.into()])?;
            go_on(tx, app, kept, change)?;
            Ok(Ok(()))
        }
    }
}

fn go_on(tx: &mut dyn Tx, app: &App, kept: &Kept, change: Change) -> Result<(), Error> {
    let state: &'static str = change.state.into();
    let token = crate::access::browser::hex(&random_bytes::<32>());
    let stop_hash = (change.state == State::Held).then(|| crate::access::token_hash(&token));
    tx.execute(
        MOVE,
        &[kept.authority.0.into(), kept.id.into(), state.into(), change.takes_effect_at.into(), stop_hash.into()],
    )?;
    if let (State::Held, Some(at)) = (change.state, change.takes_effect_at) {
        tell_of_hold(tx, app, kept, &token, at)?;
        let id = post::named(&[b"address", kept.id.as_bytes()]);
        let body = kept.id.to_string();
        put_job(tx, kept.authority, JobSpec { id, kind: CHANGE_ADDRESS, body, run_at: at })?;
    }
    Ok(())
}

/// Tells the old address, and the phone if there is one, how to stop it; and the new one, when it works.
fn tell_of_hold(tx: &mut dyn Tx, app: &App, kept: &Kept, token: &str, at: Timestamp) -> Result<(), Error> {
    let time = london_time(at);
    let when = format!("{} at {}", long_date(time.date()), time.strftime("%-I:%M%P"));
    let old = Words {
        kind: Kind::AddressWillChange,
        subject: "The address you sign in with will change".to_owned(),
        body: format!(
            "From {when} you sign in with another email address, because you asked for it or were seen in person.\n\n\
             If that was you, do nothing. If it was not, open the address below before then and stop it.\n"
        ),
        path: Some(format!("/sign-in/stop/{token}")),
        by: None,
    };
    post::tell(tx, app, kept.authority, app.ids.next(), &To::Email(kept.old_email.clone()), &old)?;
    let person = person::load(tx, kept.authority, kept.user)?;
    if let Some(number) = person.number.filter(|_| person.number_state == Known::Works) {
        post::tell(tx, app, kept.authority, app.ids.next(), &To::Number(kept.user, number), &old)?;
    }
    let new = Words {
        kind: Kind::AddressWillChange,
        subject: "You sign in with this address soon".to_owned(),
        body: format!("From {when} you sign in with this email address. Until then nothing changes.\n"),
        path: None,
        by: None,
    };
    post::tell(tx, app, kept.authority, app.ids.next(), &To::Email(kept.new_email.clone()), &new)
}

/// Stops it, once; false when it is over already. Whoever did it without the person is signed out, and
/// a number they may have confirmed counts no more.
pub fn stop(tx: &mut dyn Tx, app: &App, kept: &Kept, was_a_stranger: bool) -> Result<bool, Error> {
    let now = app.clock.now();
    let Ok(change) = recovery::after(&kept.change, Step::Stop, now) else { return Ok(false) };
    let state: &'static str = change.state.into();
    tx.execute(SETTLE, &[kept.authority.0.into(), kept.id.into(), state.into(), now.into()])?;
    if was_a_stranger {
        shut_out(tx, kept, now)?;
    }
    note(tx, app, kept, Outcome::AddressStopped)?;
    Ok(true)
}

/// Ends everything by which somebody else may be in: sessions, tokens, passkeys, accounts elsewhere,
/// and a number that they may have confirmed.
fn shut_out(tx: &mut dyn Tx, kept: &Kept, now: Timestamp) -> Result<(), Error> {
    let whose = [kept.authority.0.into(), kept.user.0.into()];
    sessions::end_all(tx, kept.authority, kept.user)?;
    tokens::revoke_all(tx, kept.authority, kept.user, now)?;
    tx.execute(DROP_PASSKEYS, &whose)?;
    tx.execute(DROP_LINKS, &whose)?;
    let mut person = person::load(tx, kept.authority, kept.user)?;
    if person.number_state == Known::Works {
        person.number_state = Known::Unconfirmed;
        person::save(tx, kept.authority, &person, now)?;
    }
    Ok(())
}

/// The day has come: the new address is the one to sign in with, and every session ends. Run twice, it
/// happens once.
///
/// # Errors
/// When the database fails.
pub(crate) fn take_effect(app: &App, job: &Job) -> Result<(), Error> {
    let Ok(id) = job.body.parse::<Uuid>() else { return Ok(()) };
    let now = app.clock.now();
    app.db.write("address.take_effect", |tx| -> Result<(), Error> {
        let kept = find(tx, job.authority, id)?;
        let Ok(change) = recovery::after(&kept.change, Step::TakeEffect, now) else { return Ok(()) };
        if is_address_taken(tx, &kept.new_email)? {
            // Somebody opened an account with it meanwhile.
            stop(tx, app, &kept, false)?;
            return Ok(());
        }
        let state: &'static str = change.state.into();
        tx.execute(SETTLE, &[kept.authority.0.into(), kept.id.into(), state.into(), now.into()])?;
        tx.execute(SET_EMAIL, &[kept.authority.0.into(), kept.user.0.into(), (&kept.new_email).into()])?;
        person::mark(tx, kept.authority, kept.user, Channel::Email, Known::Works, now)?;
        if kept.change.seen_by.is_some() {
            // Whoever had to be seen in person has lost the account, perhaps to somebody.
            shut_out(tx, &kept, now)?;
        } else {
            sessions::end_all(tx, kept.authority, kept.user)?;
            tokens::revoke_all(tx, kept.authority, kept.user, now)?;
        }
        note(tx, app, &kept, Outcome::AddressChanged)?;
        let words = Words {
            kind: Kind::AddressChanged,
            subject: "You sign in with this address now".to_owned(),
            body: "You sign in with this email address from now on. Everywhere you were signed in is signed out.\n"
                .to_owned(),
            path: Some("/sign-in/code".to_owned()),
            by: None,
        };
        post::tell(tx, app, kept.authority, app.ids.next(), &To::Email(kept.new_email.clone()), &words)
    })
}
