//! Signing in with a code that is sent to one's own address: for families, who have no account at
//! work and may not want another password.

use crate::ports::random_bytes;
use crate::post::{self, To, Words, person};
use crate::{App, Error};
use casework::post::{Kind, Mobile, State};
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::{SignedDuration, Timestamp};

/// How long a code works, how often it may be typed wrongly, and how many may be asked for meanwhile.
pub const WORKS_FOR: SignedDuration = SignedDuration::from_mins(10);
const TRIES_MAX: i64 = 5;
const ASKED_MAX: i64 = 5;
/// The same within a day, so that nobody guesses for days.
const ASKED_A_DAY_MAX: i64 = 20;
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// Longest address that anything is sent to (RFC 5321).
pub const ADDRESS_BYTES_MAX: usize = 254;

const FORGET_ASKED: &str = "DELETE FROM sign_in_code_requests WHERE asked_at < $1";
const NOTE_ASKED: &str = "INSERT INTO sign_in_code_requests (request_id, email, asked_at) VALUES ($1, $2, $3)";
const COUNT_ASKED: &str = "SELECT COUNT(*) FROM sign_in_code_requests WHERE email = $1 AND asked_at >= $2";
const PUT: &str = "INSERT INTO sign_in_codes (email, code_hash, ends_at, tries) VALUES ($1, $2, $3, 0) \
    ON CONFLICT (email) DO UPDATE SET code_hash = excluded.code_hash, ends_at = excluded.ends_at, tries = 0";
const FIND: &str = "SELECT code_hash, ends_at, tries FROM sign_in_codes WHERE email = $1";
const WRONG: &str = "UPDATE sign_in_codes SET tries = tries + 1 WHERE email = $1";
const USED: &str = "DELETE FROM sign_in_codes WHERE email = $1";

/// The form in which addresses are compared.
pub fn plain(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether this, [`plain`], is one address that a message can be sent to.
pub(crate) fn is_address(email: &str) -> bool {
    let parts = email.split_once('@');
    email.len() <= ADDRESS_BYTES_MAX
        && email.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | ';' | '<' | '>' | '"'))
        && parts.is_some_and(|(name, place)| !name.is_empty() && place.contains('.') && !place.contains('@'))
}

fn hash(email: &str, code: &str) -> [u8; 32] {
    *blake3::Hasher::new().update(email.as_bytes()).update(b"\0").update(code.as_bytes()).finalize().as_bytes()
}

/// Six digits by chance.
fn digits() -> String {
    format!("{:06}", u64::from_be_bytes(random_bytes::<8>()) % 1_000_000)
}

/// Notes that a code is asked for under this name, unless too many were just now.
///
/// # Errors
/// When the database fails.
pub fn may_ask(tx: &mut dyn Tx, app: &App, key: &str, now: Timestamp) -> Result<bool, Error> {
    if key.len() > ADDRESS_BYTES_MAX {
        return Ok(false);
    }
    tx.execute(FORGET_ASKED, &[(now - A_DAY).into()])?;
    let mut asked_since = |since: Timestamp| -> Result<i64, Error> {
        Ok(tx.query_one(COUNT_ASKED, &[key.into(), since.into()])?.get(0)?)
    };
    if asked_since(now - super::GUESSING_WINDOW)? >= ASKED_MAX || asked_since(now - A_DAY)? >= ASKED_A_DAY_MAX {
        return Ok(false);
    }
    tx.execute(NOTE_ASKED, &[app.ids.next().into(), key.into(), now.into()])?;
    Ok(true)
}

/// A new code for this address or number, unless too many were asked for just now.
///
/// # Errors
/// When the database fails.
pub fn make(tx: &mut dyn Tx, app: &App, key: &str, now: Timestamp) -> Result<Option<String>, Error> {
    if !may_ask(tx, app, key, now)? {
        return Ok(None);
    }
    let code = digits();
    tx.execute(PUT, &[key.into(), hash(key, &code).into(), (now + WORKS_FOR).into()])?;
    Ok(Some(code))
}

/// Sends a code to this address, unless it was sent too many just now.
///
/// # Errors
/// When the database fails.
pub fn send(tx: &mut dyn Tx, app: &App, authority: AuthorityId, email: &str, now: Timestamp) -> Result<(), Error> {
    let email = plain(email);
    let Some(code) = make(tx, app, &email, now)? else { return Ok(()) };
    let body = format!(
        "Your code is {code}.\n\nType it on the page that asked for it. It works for {} minutes.\n\n\
         If you did not ask for a code, do nothing: without it nobody can sign in with your address.\n",
        WORKS_FOR.as_mins()
    );
    let subject = "Your code to sign in".to_owned();
    let words = Words { kind: Kind::SignInCode, subject, body, path: None, by: None };
    post::tell(tx, app, authority, app.ids.next(), &To::Email(email), &words)
}

/// What a code that was sent by text for this address is kept under: it is not one that was sent there.
pub fn text_key(email: &str) -> String {
    format!("text {}", plain(email))
}

/// Sends a code to sign in to the confirmed number of this person, unless it was sent too many just now.
///
/// # Errors
/// When the database fails.
pub fn send_by_text(
    tx: &mut dyn Tx,
    app: &App,
    (authority, user): (AuthorityId, UserId),
    email: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let person = person::load(tx, authority, user)?;
    let Some(number) = person.number.filter(|_| person.number_state == State::Works) else { return Ok(()) };
    let Some(code) = make(tx, app, &text_key(email), now)? else { return Ok(()) };
    let body = format!(
        "Your code to sign in is {code}. It works for {} minutes. If you did not ask for it, do nothing.",
        WORKS_FOR.as_mins()
    );
    let subject = "Your code to sign in".to_owned();
    let words = Words { kind: Kind::SignInCode, subject, body, path: None, by: None };
    post::tell(tx, app, authority, app.ids.next(), &To::Number(user, number), &words)
}

/// Sends a code to a mobile number that somebody says is theirs. Whoever asks for many, of whatever
/// numbers, gets no more of them either.
///
/// # Errors
/// When the database fails.
pub fn send_to_number(
    tx: &mut dyn Tx,
    app: &App,
    (authority, user): (AuthorityId, UserId),
    number: &Mobile,
    now: Timestamp,
) -> Result<(), Error> {
    let whose = format!("numbers of {}", user.0);
    if !may_ask(tx, app, &whose, now)? {
        return Ok(());
    }
    let Some(code) = make(tx, app, number.as_str(), now)? else { return Ok(()) };
    let body = format!(
        "Your code is {code}. Type it on the page that asked for it. It works for {} minutes.",
        WORKS_FOR.as_mins()
    );
    let subject = "Your code to confirm this number".to_owned();
    let words = Words { kind: Kind::NumberCode, subject, body, path: None, by: None };
    post::tell(tx, app, authority, app.ids.next(), &To::Number(user, number.clone()), &words)
}

/// Whether this is the code that was sent to this address. A right one is used up; after a few wrong
/// ones a new one is needed.
///
/// # Errors
/// When the database fails.
pub fn check(tx: &mut dyn Tx, email: &str, typed: &str, now: Timestamp) -> Result<bool, Error> {
    let email = plain(email);
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    if email.len() > ADDRESS_BYTES_MAX {
        return Ok(false);
    }
    let Some(row) = tx.find(FIND, &[(&email).into()])? else { return Ok(false) };
    let (known, ends_at, tries): ([u8; 32], Timestamp, i64) =
        (row.get("code_hash")?, row.get("ends_at")?, row.get("tries")?);
    if now >= ends_at || tries >= TRIES_MAX {
        return Ok(false);
    }
    // Compared as hashes, so that how long it takes tells nothing of the digits.
    if blake3::Hash::from_bytes(known) != blake3::Hash::from_bytes(hash(&email, &typed)) {
        tx.execute(WRONG, &[(&email).into()])?;
        return Ok(false);
    }
    tx.execute(USED, &[(&email).into()])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plain_address_is_an_address() {
        for email in ["jane.roe@speech.example", "o'neil@a.b.example"] {
            assert!(is_address(email), "{email}");
        }
        let long = format!("{}@example.com", "a".repeat(300));
        for email in ["", "jane", "jane@", "@a.b", "jane@place", "a@b.c,d@e.f", "a@b.c\nBcc: d@e.f", "<a@b.c>", &long] {
            assert!(!is_address(email), "{email}");
        }
    }
}
