//! Changing the address that somebody signs in with, when the old one is lost: proved to be theirs,
//! seen by two of the staff where nothing else speaks for them, and held for three days in which the
//! old address can stop it.

use crate::UserId;
use jiff::{SignedDuration, Timestamp};
use strum::{Display, EnumString, IntoStaticStr};

/// How long a change is held before it takes effect.
pub const HELD_FOR: SignedDuration = SignedDuration::from_hours(72);

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Nobody has shown yet that the new address is theirs.
    Unproved,
    /// One of the staff saw the person; a second one has to agree.
    WaitsForSecond,
    /// It takes effect after three days, unless it is stopped.
    Held,
    Done,
    Stopped,
}

/// A change as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub state: State,
    /// Whoever of the staff saw the person; none when they were signed in themself.
    pub seen_by: Option<UserId>,
    pub takes_effect_at: Option<Timestamp>,
}

/// What happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The code that was sent to the new address was typed in.
    Prove,
    Agree {
        by: UserId,
    },
    Stop,
    TakeEffect,
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It is not at that point, or is over.
    NotNow,
    /// Whoever saw the person cannot be the second one as well.
    SamePerson,
    /// Three days have not passed.
    TooEarly,
}

/// The change after a step.
///
/// # Errors
/// What is in the way.
pub fn after(change: &Change, step: Step, now: Timestamp) -> Result<Change, Objection> {
    let held = Change { state: State::Held, takes_effect_at: Some(now + HELD_FOR), ..*change };
    match (change.state, step) {
        (State::Unproved, Step::Prove) if change.seen_by.is_some() => {
            Ok(Change { state: State::WaitsForSecond, ..*change })
        }
        (State::Unproved, Step::Prove) => Ok(held),
        (State::WaitsForSecond, Step::Agree { by }) if change.seen_by == Some(by) => Err(Objection::SamePerson),
        (State::WaitsForSecond, Step::Agree { .. }) => Ok(held),
        (State::Unproved | State::WaitsForSecond | State::Held, Step::Stop) => {
            Ok(Change { state: State::Stopped, ..*change })
        }
        (State::Held, Step::TakeEffect) => match change.takes_effect_at {
            Some(at) if at <= now => Ok(Change { state: State::Done, ..*change }),
            _ => Err(Objection::TooEarly),
        },
        _ => Err(Objection::NotNow),
    }
}
