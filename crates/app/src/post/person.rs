//! How somebody is reached: what they chose, and what is known of their address, number and place for
//! letters.

use crate::Error;
use crate::family::members;
use crate::ports::Envelope;
use casework::post::{Channel, Mobile, Pace, Quiet, Reachable, State, Wishes, channel};
use casework::{AuthorityId, Case, UserId};
use db::{Tx, Value};
use jiff::Timestamp;

/// Most lines of an envelope, the name counted.
pub const ENVELOPE_LINES_MAX: usize = 7;

/// A person who is told things.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub email_state: State,
    pub wishes: Wishes,
    pub number: Option<Mobile>,
    pub number_state: State,
    /// Where letters go, one line each, without the name.
    pub address: Option<String>,
    pub address_state: State,
    /// Another language or an interpreter, in their own words.
    pub other_language: Option<String>,
    /// Nothing was chosen yet.
    pub is_new: bool,
}

const FIND: &str = "SELECT u.name, u.email, r.channel, r.pace, r.quiet_from, r.quiet_until, r.quiet_emails, r.number, \
    r.number_state, r.address, r.address_state, r.email_state, r.other_language FROM users u \
    LEFT JOIN reach r ON r.authority_id = u.authority_id AND r.user_id = u.user_id \
    WHERE u.authority_id = $1 AND u.user_id = $2";
const PUT: &str = "INSERT INTO reach (authority_id, user_id, channel, pace, quiet_from, quiet_until, quiet_emails, number, \
    number_state, address, address_state, email_state, other_language, saved_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
    ON CONFLICT (authority_id, user_id) DO UPDATE SET channel = excluded.channel, pace = excluded.pace, \
    quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, quiet_emails = excluded.quiet_emails, \
    number = excluded.number, number_state = excluded.number_state, address = excluded.address, \
    address_state = excluded.address_state, email_state = excluded.email_state, \
    other_language = excluded.other_language, saved_at = excluded.saved_at";

/// What is known of this person; what they did not choose is as it comes.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub fn load(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<Person, Error> {
    let row = tx.find(FIND, &[authority.0.into(), user.0.into()])?.ok_or(Error::NotFound)?;
    let mut person = Person {
        user,
        name: row.get("name")?,
        email: row.get("email")?,
        email_state: State::Works,
        wishes: Wishes::default(),
        number: None,
        number_state: State::Missing,
        address: None,
        address_state: State::Missing,
        other_language: None,
        is_new: true,
    };
    if row.get::<Option<String>>("channel")?.is_none() {
        return Ok(person);
    }
    let hour = |name: &str| -> Result<i8, Error> {
        let hour: i64 = row.get(name)?;
        Ok(i8::try_from(hour).unwrap_or_default().clamp(0, 23))
    };
    let state = |name: &'static str| row.get_as(name, "a state", |code: &str| code.parse::<State>().ok());
    let number: Option<String> = row.get("number")?;
    person.wishes = Wishes {
        channel: row.get_as("channel", "a channel", |code: &str| code.parse::<Channel>().ok())?,
        pace: row.get_as("pace", "a pace", |code: &str| code.parse::<Pace>().ok())?,
        quiet: Quiet { from: hour("quiet_from")?, until: hour("quiet_until")?, emails: row.get("quiet_emails")? },
    };
    person.number = number.and_then(|number| number.parse().ok());
    person.number_state = state("number_state")?;
    person.address = row.get("address")?;
    person.address_state = state("address_state")?;
    person.email_state = state("email_state")?;
    person.other_language = row.get("other_language")?;
    person.is_new = false;
    Ok(person)
}

/// Keeps all of it.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut dyn Tx, authority: AuthorityId, person: &Person, now: Timestamp) -> Result<(), Error> {
    let text = |code: &'static str| Value::from(code);
    tx.execute(
        PUT,
        &[
            authority.0.into(),
            person.user.0.into(),
            text(person.wishes.channel.into()),
            text(person.wishes.pace.into()),
            i64::from(person.wishes.quiet.from).into(),
            i64::from(person.wishes.quiet.until).into(),
            person.wishes.quiet.emails.into(),
            person.number.as_ref().map(|number| number.as_str().to_owned()).into(),
            text(person.number_state.into()),
            person.address.clone().into(),
            text(person.address_state.into()),
            text(person.email_state.into()),
            person.other_language.clone().into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Notes that what was sent this way did not arrive, or that it may be tried again.
///
/// # Errors
/// When the database fails.
pub fn mark(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    user: UserId,
    channel: Channel,
    state: State,
    now: Timestamp,
) -> Result<(), Error> {
    let mut person = load(tx, authority, user)?;
    let known = match channel {
        Channel::Email => &mut person.email_state,
        Channel::Text => &mut person.number_state,
        Channel::Letter => &mut person.address_state,
    };
    // What is not there or not confirmed stays so.
    if matches!(known, State::Works | State::Failed) && *known != state {
        *known = state;
        save(tx, authority, &person, now)?;
    }
    Ok(())
}

/// How somebody of a family is reached, for those who work with it.
pub(crate) struct Reached {
    pub user: UserId,
    pub name: String,
    pub how: &'static str,
    /// What does not arrive.
    pub failing: Vec<&'static str>,
    pub other_language: Option<String>,
}

/// Everyone of the family who has an account, and how they are reached.
///
/// # Errors
/// When the database fails.
pub(crate) fn of_family(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Reached>, Error> {
    let mut reached = Vec::new();
    for member in members(tx, case)? {
        let person = load(tx, case.authority, member.user)?;
        let failing = person.failing().into_iter().map(|channel| match channel {
            Channel::Email => "Emails do not arrive",
            Channel::Text => "Texts do not arrive",
            Channel::Letter => "A letter came back",
        });
        reached.push(Reached {
            user: member.user,
            how: person.channel().map_or("Cannot be reached", Channel::label),
            failing: failing.collect(),
            name: member.name,
            other_language: person.other_language,
        });
    }
    Ok(reached)
}

impl Person {
    pub fn reachable(&self) -> Reachable {
        Reachable { email: self.email_state, text: self.number_state, letter: self.address_state }
    }

    /// The channel on which they are told now.
    pub fn channel(&self) -> Option<Channel> {
        channel(self.wishes.channel, self.reachable())
    }

    /// Where a message on this channel goes.
    pub fn recipient(&self, channel: Channel) -> String {
        match channel {
            Channel::Email => self.email.clone(),
            Channel::Text => self.number.as_ref().map(|number| number.as_str().to_owned()).unwrap_or_default(),
            Channel::Letter => self.envelope().lines.join("\n"),
        }
    }

    pub fn envelope(&self) -> Envelope {
        let lines = self.address.as_deref().unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = std::iter::once(self.name.as_str()).chain(lines).take(ENVELOPE_LINES_MAX);
        Envelope { lines: lines.map(str::to_owned).collect() }
    }

    /// What does not arrive, in words for the person: "text" or "email".
    pub fn failing(&self) -> Vec<Channel> {
        let can = self.reachable();
        [Channel::Email, Channel::Text, Channel::Letter]
            .into_iter()
            .filter(|channel| can.of(*channel) == State::Failed)
            .collect()
    }
}
