//! The record of sign-ins: who came in, who did not, and why. Never a password, a code or a token.

use super::reasons::{Part, Reason, Stopped};
use crate::{App, Error};
use casework::{AuthorityId, UserId};
use db::{Row, Tx};
use jiff::{SignedDuration, Timestamp};
use strum::{Display, EnumIter, EnumString};

/// How long it is kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Most lines an hour of people who are not known: a flood of nonsense fills the log, not the database.
const UNKNOWN_MAX: i64 = 500;
const UNKNOWN_WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Most characters of an address that are kept.
const ADDRESS_CHARS_MAX: usize = 254;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    SignedIn,
    Refused,
    NoAccount,
    AccountMade,
    Linked,
    SignedOut,
    EndedElsewhere,
    EndedByProvider,
    EndedEverywhere,
    PasskeyAdded,
    PasskeyRemoved,
    PersonLeft,
    AddressAsked,
    AddressStopped,
    AddressChanged,
}

impl Outcome {
    pub fn label(self) -> &'static str {
        match self {
            Outcome::SignedIn => "Signed in",
            Outcome::Refused => "Refused",
            Outcome::NoAccount => "No account here",
            Outcome::AccountMade => "Account made",
            Outcome::Linked => "Account linked",
            Outcome::SignedOut => "Signed out",
            Outcome::EndedElsewhere => "One place signed out",
            Outcome::EndedByProvider => "Signed out by the provider",
            Outcome::EndedEverywhere => "Signed out everywhere",
            Outcome::PasskeyAdded => "Passkey added",
            Outcome::PasskeyRemoved => "Passkey removed",
            Outcome::PersonLeft => "Left: may not sign in any more",
            Outcome::AddressAsked => "Another address asked for",
            Outcome::AddressStopped => "Change of address stopped",
            Outcome::AddressChanged => "Address changed, signed out everywhere",
        }
    }
}

/// One line of the record. What is not known is left out.
#[derive(Debug, Clone, Default)]
pub struct Event {
    pub authority: Option<AuthorityId>,
    pub user: Option<UserId>,
    /// The address that was typed, or that a provider gave.
    pub address: Option<String>,
    pub subject_hash: Option<[u8; 32]>,
    pub reason: Option<Stopped>,
}

impl Event {
    pub fn of(authority: AuthorityId, user: UserId) -> Event {
        Event { authority: Some(authority), user: Some(user), ..Event::default() }
    }

    #[must_use]
    pub fn because(mut self, stopped: Stopped) -> Event {
        self.reason = Some(stopped);
        self
    }
}

const ADD: &str = "INSERT INTO sign_in_events (event_id, authority_id, happened_at, way, outcome, reason, reference, \
    user_id, address, subject_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const FORGET: &str = "DELETE FROM sign_in_events WHERE happened_at < $1";
const COUNT_UNKNOWN: &str = "SELECT COUNT(*) FROM sign_in_events \
    WHERE (authority_id = $1 OR $1 IS NULL) AND user_id IS NULL AND happened_at > $2";
const COUNT_REFUSED: &str = "SELECT COUNT(*) FROM sign_in_events \
    WHERE user_id = $1 AND happened_at > $2 AND outcome IN ('refused', 'no_account')";
/// Most tries on one known address that are kept in that time; the log has the rest.
const REFUSED_MAX: i64 = 100;
const ONLY_AREA: &str = "SELECT authority_id FROM authorities LIMIT 2";
const FIND: &str = "SELECT e.happened_at, e.way, e.outcome, e.reason, e.reference, e.address, u.name FROM sign_in_events e \
    LEFT JOIN users u ON u.authority_id = e.authority_id AND u.user_id = e.user_id \
    WHERE e.authority_id = $1 AND (e.outcome = $2 OR $2 IS NULL) \
    AND (LOWER(COALESCE(e.address, '')) LIKE $3 OR LOWER(COALESCE(u.name, '')) LIKE $3 OR e.reference LIKE $3) \
    ORDER BY e.happened_at DESC, e.event_id DESC LIMIT $4 OFFSET $5";
const COUNT: &str = "SELECT COUNT(*) FROM sign_in_events e \
    LEFT JOIN users u ON u.authority_id = e.authority_id AND u.user_id = e.user_id \
    WHERE e.authority_id = $1 AND (e.outcome = $2 OR $2 IS NULL) \
    AND (LOWER(COALESCE(e.address, '')) LIKE $3 OR LOWER(COALESCE(u.name, '')) LIKE $3 OR e.reference LIKE $3)";

/// Notes what happened and returns the number by which it can be found again. Of an installation
/// with several areas, what cannot be told to be of one of them is shown to nobody.
///
/// # Errors
/// When the database fails.
pub fn note(tx: &mut dyn Tx, app: &App, way: &str, outcome: Outcome, event: Event) -> Result<String, Error> {
    let now = app.clock.now();
    let authority = match event.authority {
        Some(authority) => Some(authority),
        None => only_area(tx)?,
    };
    let reference = super::browser::hex(&crate::ports::random_bytes::<5>());
    if let (Some(user), Outcome::Refused | Outcome::NoAccount) = (event.user, outcome) {
        let known: i64 = tx.query_one(COUNT_REFUSED, &[user.0.into(), (now - UNKNOWN_WINDOW).into()])?.get(0)?;
        if known >= REFUSED_MAX {
            let why = event.reason.map(Stopped::code).unwrap_or_default();
            tracing::warn!(reference, way, why, "a try on a known address beyond those that the record keeps");
            return Ok(reference);
        }
    }
    if event.user.is_none() {
        let asked = [authority.map(|authority| authority.0).into(), (now - UNKNOWN_WINDOW).into()];
        let known: i64 = tx.query_one(COUNT_UNKNOWN, &asked)?.get(0)?;
        if known >= UNKNOWN_MAX {
            let why = event.reason.map(Stopped::code).unwrap_or_default();
            tracing::warn!(reference, way, why, "a sign-in beyond those that the record keeps");
            return Ok(reference);
        }
    }
    // Somebody in a hurry types a password where the address goes.
    let address = event.address.filter(|address| address.contains('@'));
    tx.execute(FORGET, &[(now - KEPT_FOR).into()])?;
    tx.execute(
        ADD,
        &[
            app.ids.next().into(),
            authority.map(|authority| authority.0).into(),
            now.into(),
            way.into(),
            outcome.to_string().into(),
            event.reason.map(Stopped::code).into(),
            (&reference).into(),
            event.user.map(|user| user.0).into(),
            address.map(|address| address.trim().chars().take(ADDRESS_CHARS_MAX).collect::<String>()).into(),
            event.subject_hash.into(),
        ],
    )?;
    Ok(reference)
}

/// The area of an installation that has one.
pub(super) fn only_area(tx: &mut dyn Tx) -> Result<Option<AuthorityId>, Error> {
    let areas = tx.query(ONLY_AREA, &[])?;
    match areas.as_slice() {
        [only] => Ok(Some(AuthorityId(only.get(0)?))),
        _ => Ok(None),
    }
}

/// What an administrator asks for.
pub(super) struct Asked {
    pub outcome: Option<Outcome>,
    pub words: String,
    pub first: u64,
    pub count: u64,
}

/// A line as an administrator reads it.
pub(super) struct Line {
    pub at: Timestamp,
    pub way: String,
    pub outcome: Outcome,
    pub reason: Option<Stopped>,
    pub reference: String,
    pub address: String,
    pub name: String,
}

fn line(row: &Row) -> Result<Line, Error> {
    let (reason, address, name): (Option<String>, Option<String>, Option<String>) =
        (row.get("reason")?, row.get("address")?, row.get("name")?);
    Ok(Line {
        at: row.get("happened_at")?,
        way: row.get("way")?,
        outcome: row.get_as("outcome", "an outcome", |text: &str| text.parse().ok())?,
        reason: reason.map(|code| Stopped::read(&code).unwrap_or(Part::Access.is(Reason::Unreadable))),
        reference: row.get("reference")?,
        address: address.unwrap_or_default(),
        name: name.unwrap_or_default(),
    })
}

/// Lines of this area, the latest first, and how many there are in all.
pub(super) fn find(tx: &mut dyn Tx, authority: AuthorityId, asked: &Asked) -> Result<(Vec<Line>, u64), Error> {
    let outcome = asked.outcome.map(|outcome| outcome.to_string());
    let words: String = asked.words.to_lowercase().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    let mut parameters: Vec<db::Value> = vec![authority.0.into(), outcome.into(), format!("%{words}%").into()];
    let total: i64 = tx.query_one(COUNT, &parameters)?.get(0)?;
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    parameters.extend([number(asked.count).into(), number(asked.first).into()]);
    let lines = tx.query(FIND, &parameters)?.iter().map(line).collect::<Result<_, Error>>()?;
    Ok((lines, u64::try_from(total).unwrap_or_default()))
}
