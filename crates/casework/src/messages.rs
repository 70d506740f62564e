//! What the family and the council write to each other, with a promise of when the answer comes.
//!
//! No law sets a time. The promise is five working days, is said beside the message, and is
//! measured: an answer that comes later is late.

use crate::{Case, Context, MessageId, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Working days from the family's message to the answer.
const ANSWERED_WITHIN: i32 = 5;

/// Which side wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Family,
    Council,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub from: Side,
    pub by: Option<UserId>,
    pub on: Date,
    pub text: TextId,
    /// Of a family's message: the day on which the council answered.
    pub answered_on: Option<Date>,
}

impl Message {
    /// The promise, of a family's message.
    pub fn answer_by(&self) -> Option<Date> {
        (self.from == Side::Family).then(|| answer_by(self.on))
    }

    pub fn is_waiting(&self) -> bool {
        self.from == Side::Family && self.answered_on.is_none()
    }

    /// Whether the promise was kept; nothing while it may still be.
    pub fn was_kept(&self) -> Option<bool> {
        Some(self.answered_on? <= self.answer_by()?)
    }
}

/// The promise of a message that is written on this day.
pub fn answer_by(written_on: Date) -> Date {
    law::calendar::wds_after(written_on, ANSWERED_WITHIN)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The council's message answers everything that waits.
    Write { message: MessageId, from: Side, text: TextId },
    /// Nothing needs to be said: answered by telephone, or thanks.
    Close { on: Date },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Written { message: MessageId, from: Side, by: Option<UserId>, text: TextId, on: Date },
    Closed { on: Date },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    match command {
        // Sent twice, it is one message.
        Command::Write { message, .. } if case.messages.iter().any(|known| known.id == message) => Ok(vec![]),
        Command::Write { message, from, text } => {
            Ok(vec![Event::Written { message, from, by: ctx.actor, text, on: ctx.today }])
        }
        Command::Close { on } => {
            crate::people::not_after_today(on, ctx)?;
            let first = case.messages.iter().filter(|message| message.is_waiting()).map(|message| message.on).min();
            match first {
                None => Err(Refusal::NotOnRecord { what: "message that waits for an answer" }),
                Some(first) if on < first => Err(Refusal::OutOfOrder { earlier: first, later: on }),
                Some(_) => Ok(vec![Event::Closed { on }]),
            }
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match *event {
        Event::Written { message, from, by, text, on } => {
            if from == Side::Council {
                answer(case, on);
            }
            case.messages.push(Message { id: message, from, by, on, text, answered_on: None });
        }
        Event::Closed { on } => answer(case, on),
    }
}

fn answer(case: &mut Case, on: Date) {
    for message in case.messages.iter_mut().filter(|message| message.is_waiting()) {
        message.answered_on = Some(on);
    }
}
