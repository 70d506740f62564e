//! Pictures, sound and film that an adviser keeps for their own advice: an assessment that was filmed, a
//! page that a child drew.
//!
//! They are for those who write that advice and for nobody else, and never a paper of the record. What of
//! them matters to a plan is written into the advice.

use crate::{AdviceId, Case, Context, DocumentId, Refusal, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most that are kept for one piece of advice.
pub const RECORDINGS_MAX: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub document: DocumentId,
    pub advice: AdviceId,
    pub by: Option<UserId>,
    pub on: Date,
    /// Taken out: nobody opens it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Keep { advice: AdviceId, document: DocumentId },
    Remove { document: DocumentId },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Kept { advice: AdviceId, document: DocumentId, by: Option<UserId>, on: Date },
    Removed { document: DocumentId, on: Date },
}

/// What is kept for this advice, the oldest first.
pub fn of(case: &Case, advice: AdviceId) -> impl Iterator<Item = &Recording> {
    case.recordings.iter().filter(move |recording| recording.advice == advice && recording.removed_on.is_none())
}

fn known(case: &Case, document: DocumentId) -> Option<&Recording> {
    case.recordings.iter().find(|known| known.document == document)
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Keep { document, .. } if known(case, document).is_some() => Ok(vec![]),
        Command::Keep { advice, document } => {
            let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
            if !request.advice.iter().any(|asked| asked.id == advice) {
                return Err(Refusal::NotOnRecord { what: "request for advice" });
            }
            if of(case, advice).count() >= RECORDINGS_MAX {
                return Err(Refusal::TooManyRecordings { most: RECORDINGS_MAX });
            }
            Ok(vec![Event::Kept { advice, document, by: ctx.actor, on: ctx.today }])
        }
        // Also when the request has ended: what is no longer needed can go.
        Command::Remove { document } => match known(case, document) {
            None => Err(Refusal::NotOnRecord { what: "recording" }),
            Some(recording) if recording.removed_on.is_some() => Ok(vec![]),
            Some(_) => Ok(vec![Event::Removed { document, on: ctx.today }]),
        },
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Kept { advice, document, by, on } => {
            let (document, advice) = (*document, *advice);
            case.recordings.push(Recording { document, advice, by: *by, on: *on, removed_on: None });
        }
        Event::Removed { document, on } => {
            if let Some(found) = case.recordings.iter_mut().find(|known| known.document == *document) {
                found.removed_on = Some(*on);
            }
        }
    }
}
