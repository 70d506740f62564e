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

/// What became of one promise, as lists keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub on: Date,
    pub answer_by: Date,
    pub answered_on: Option<Date>,
}

impl Promise {
    /// Of a family's message.
    pub fn of(message: &Message) -> Option<Promise> {
        Some(Promise { on: message.on, answer_by: message.answer_by()?, answered_on: message.answered_on })
    }

    pub fn was_kept(&self) -> Option<bool> {
        Some(self.answered_on? <= self.answer_by)
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.answered_on.is_none() && self.answer_by < today
    }

    /// Working days from the message to its answer, the day of the message not counted.
    pub fn days_taken(&self) -> Option<u32> {
        let answered_on = self.answered_on?;
        let mut day = self.on;
        let mut taken = 0;
        while day < answered_on {
            day = law::calendar::days(day, 1);
            taken += u32::from(law::calendar::is_working_day(day));
        }
        Some(taken)
    }
}

/// How promises were kept: what is published of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub answered: usize,
    /// Of those answered: within the promise.
    pub kept: usize,
    /// The middle of the working days taken, in halves: of an even number of answers it may lie between two.
    pub median_halves: Option<u32>,
    pub waiting: usize,
    /// Of those that wait: past the promise.
    pub late: usize,
}

impl Figures {
    pub fn of(promises: &[Promise], today: Date) -> Figures {
        let mut taken: Vec<u32> = promises.iter().filter_map(Promise::days_taken).collect();
        taken.sort_unstable();
        let middle = taken.len() / 2;
        let median_halves = match (taken.len() % 2, taken.get(middle)) {
            (1, Some(day)) => Some(day * 2),
            (0, Some(day)) => taken.get(middle.saturating_sub(1)).map(|before| before + day),
            _ => None,
        };
        let count = |holds: &dyn Fn(&Promise) -> bool| promises.iter().filter(|promise| holds(promise)).count();
        Figures {
            answered: taken.len(),
            kept: count(&|promise| promise.was_kept() == Some(true)),
            median_halves,
            waiting: count(&|promise| promise.answered_on.is_none()),
            late: count(&|promise| promise.is_late(today)),
        }
    }

    /// The share that was kept, in whole per cent.
    pub fn kept_per_cent(&self) -> Option<usize> {
        (self.answered > 0).then(|| (self.kept * 100 + self.answered / 2) / self.answered)
    }
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
