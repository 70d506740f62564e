//! What waits and why, for whoever runs the installation: a carrier that does not answer, since when,
//! how many messages wait for it, and those that need a hand.

use super::outbox::{Message, Outcome, columns, read};
use crate::Error;
use crate::ports::london_time;
use crate::web::short_date;
use casework::AuthorityId;
use casework::post::Channel;
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Most messages that one list shows.
pub const SHOWN_MAX: i64 = 200;

const LATEST: &str = "SELECT outcome, words, message_id FROM message_attempts \
    WHERE authority_id = $1 AND channel = $2 AND tried_at > $3 AND outcome <> 'begun' \
    ORDER BY tried_at DESC, attempt DESC, message_id DESC LIMIT 1";
const LAST_TAKEN: &str =
    "SELECT MAX(tried_at) FROM message_attempts WHERE authority_id = $1 AND channel = $2 AND outcome = 'taken'";
const AWAY_SINCE: &str = "SELECT tried_at, words FROM message_attempts \
    WHERE authority_id = $1 AND channel = $2 AND outcome = 'later' AND (tried_at > $3 OR $3 IS NULL) \
    ORDER BY tried_at, message_id, attempt LIMIT 1";
const COUNT: &str =
    "SELECT COUNT(*) FROM messages WHERE authority_id = $1 AND state = $2 AND channel = $3 AND go_at <= $4";
const OPEN: &str = concat!(
    columns!(),
    "WHERE authority_id = $1 AND state IN ('waiting', 'stopped') AND go_at <= $2 ORDER BY go_at, message_id LIMIT $3"
);

/// Why a channel's carrier is not asked just now: it did not answer another message a moment ago.
pub(super) fn is_away(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    channel: Channel,
    asking: Uuid,
    since: Timestamp,
) -> Result<Option<String>, Error> {
    let channel: &'static str = channel.into();
    let Some(row) = tx.find(LATEST, &[authority.0.into(), channel.into(), since.into()])? else { return Ok(None) };
    let (outcome, words, by): (String, String, Uuid) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok((outcome == <&str>::from(Outcome::Later) && by != asking).then_some(words))
}

/// How things stand with one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub channel: Channel,
    /// Messages whose time has come and that are not gone.
    pub waiting: i64,
    /// Messages that need a hand.
    pub stopped: i64,
    /// Letters to print.
    pub to_print: i64,
    /// When the carrier stopped answering, and what it said last.
    pub away: Option<(Timestamp, String)>,
}

impl Line {
    /// In words for whoever runs the installation.
    pub fn words(&self, today: Date) -> String {
        let (who, many) = match self.channel {
            Channel::Email => ("The mail server", "emails"),
            Channel::Text => ("The carrier of texts", "texts"),
            Channel::Letter => ("The carrier of letters", "letters"),
        };
        let count = |number: i64, what: &str| match number {
            1 => format!("1 of the {many} {what}s"),
            number => format!("{number} {many} {what}"),
        };
        let mut said = Vec::new();
        if let Some((since, _)) = &self.away {
            let time = london_time(*since);
            let day = if time.date() == today { String::new() } else { format!(" on {}", short_date(time.date())) };
            said.push(format!("{who} does not answer since {}{day}", time.strftime("%-I:%M%P")));
        }
        if self.waiting > 0 {
            said.push(count(self.waiting, "wait"));
        }
        if self.stopped > 0 {
            said.push(count(self.stopped, "need") + " a hand");
        }
        if self.to_print > 0 {
            said.push(count(self.to_print, "wait") + " to be printed");
        }
        if said.is_empty() { format!("No {many} wait.") } else { format!("{}.", said.join("; ")) }
    }
}

/// How things stand with every channel.
///
/// # Errors
/// When the database fails.
pub fn lines(tx: &mut dyn Tx, authority: AuthorityId, now: Timestamp) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for channel in Channel::iter() {
        let code: &'static str = channel.into();
        let mut count = |state: &str| -> Result<i64, Error> {
            Ok(tx.query_one(COUNT, &[authority.0.into(), state.into(), code.into(), now.into()])?.get(0)?)
        };
        let (waiting, stopped, to_print) = (count("waiting")?, count("stopped")?, count("to_print")?);
        let last: Option<Timestamp> = tx.query_one(LAST_TAKEN, &[authority.0.into(), code.into()])?.get(0)?;
        let away = match tx.find(AWAY_SINCE, &[authority.0.into(), code.into(), last.into()])? {
            // What failed and was then given up or went another way keeps nobody waiting.
            Some(row) if waiting > 0 => Some((row.get(0)?, row.get(1)?)),
            _ => None,
        };
        lines.push(Line { channel, waiting, stopped, to_print, away });
    }
    Ok(lines)
}

/// The messages that wait for their carrier or for a hand, the oldest first.
///
/// # Errors
/// When the database fails.
pub fn open(tx: &mut dyn Tx, authority: AuthorityId, now: Timestamp) -> Result<Vec<Message>, Error> {
    tx.query(OPEN, &[authority.0.into(), now.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
}
