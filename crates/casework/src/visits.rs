//! Visits of advisers to a child, and what they note there.
//!
//! A visit belongs to one request for advice. The family and the school see its day, its place and who
//! comes; what is noted there is its team's alone until they write it into their advice.

use crate::advice::AdviceRequest;
use crate::{AdviceId, Case, Context, Refusal, TextId, UserId, VisitId};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Most visits for one piece of advice.
pub const VISITS_MAX: usize = 30;

/// When, where, and who comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arranged {
    pub on: Date,
    pub at: Time,
    pub place: TextId,
    pub who: TextId,
}

/// Notes as they were last saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Counted from one.
    pub version: u32,
    pub text: TextId,
    pub by: Option<UserId>,
    pub on: Date,
}

/// A visit that does not take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Nothing when the family took back what it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<TextId>,
    pub on: Date,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    pub advice: AdviceId,
    pub arranged: Arranged,
    pub by: Option<UserId>,
    /// Where it stood before, with the reason why it was moved, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<(Date, TextId)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancelled>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
}

impl Visit {
    /// The version that notes are compared with; none was saved yet at 0.
    pub fn notes_version(&self) -> u32 {
        self.notes.map_or(0, |notes| notes.version)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Book {
        visit: VisitId,
        advice: AdviceId,
        arranged: Arranged,
    },
    Move {
        visit: VisitId,
        arranged: Arranged,
        why: TextId,
    },
    Cancel {
        visit: VisitId,
        why: TextId,
    },
    /// Save notes; `seen` is the version that they were written on.
    Note {
        visit: VisitId,
        seen: u32,
        text: TextId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Booked {
        visit: VisitId,
        advice: AdviceId,
        arranged: Arranged,
        by: Option<UserId>,
    },
    Moved {
        visit: VisitId,
        arranged: Arranged,
        why: TextId,
        on: Date,
    },
    Cancelled {
        visit: VisitId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<TextId>,
        on: Date,
    },
    Noted {
        visit: VisitId,
        version: u32,
        text: TextId,
        by: Option<UserId>,
        on: Date,
    },
}

/// The request for advice that visits can be made for: one of the live request.
fn asked(case: &Case, advice: AdviceId) -> Result<&AdviceRequest, Refusal> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    request.advice.iter().find(|asked| asked.id == advice).ok_or(Refusal::NotOnRecord { what: "request for advice" })
}

fn known(case: &Case, visit: VisitId) -> Result<&Visit, Refusal> {
    case.visits.iter().find(|known| known.id == visit).ok_or(Refusal::NotOnRecord { what: "visit" })
}

/// A visit that was not cancelled.
fn open(case: &Case, visit: VisitId) -> Result<&Visit, Refusal> {
    let visit = known(case, visit)?;
    match visit.cancelled {
        Some(cancelled) => Err(Refusal::VisitCancelled { on: cancelled.on }),
        None => Ok(visit),
    }
}

/// Visits for this advice that are still to come, from today on.
pub fn to_come(case: &Case, advice: AdviceId, today: Date) -> impl Iterator<Item = &Visit> {
    let is_to_come = move |visit: &&Visit| visit.cancelled.is_none() && visit.arranged.on >= today;
    case.visits.iter().filter(move |visit| visit.advice == advice).filter(is_to_come)
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let not_past = |on: Date| if on < ctx.today { Err(Refusal::VisitInThePast { date: on }) } else { Ok(()) };
    match command {
        Command::Book { visit, .. } if known(case, visit).is_ok() => Ok(vec![]),
        Command::Book { visit, advice, arranged } => {
            asked(case, advice)?;
            not_past(arranged.on)?;
            if case.visits.iter().filter(|other| other.advice == advice).count() >= VISITS_MAX {
                return Err(Refusal::TooManyVisits { most: VISITS_MAX });
            }
            Ok(vec![Event::Booked { visit, advice, arranged, by: ctx.actor }])
        }
        Command::Move { visit, arranged, why } => {
            let open = open(case, visit)?;
            asked(case, open.advice)?;
            not_past(arranged.on)?;
            Ok(vec![Event::Moved { visit, arranged, why, on: ctx.today }])
        }
        // Also when the request has ended: whoever expects a visit is told that nobody comes.
        Command::Cancel { visit, why } => {
            open(case, visit)?;
            Ok(vec![Event::Cancelled { visit, why: Some(why), on: ctx.today }])
        }
        Command::Note { visit, seen, text } => {
            let visit = known(case, visit)?;
            asked(case, visit.advice)?;
            if seen != visit.notes_version() {
                return Err(Refusal::NotesChanged);
            }
            let version = seen + 1;
            Ok(vec![Event::Noted { visit: visit.id, version, text, by: ctx.actor, on: ctx.today }])
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Booked { visit, advice, arranged, by } => case.visits.push(Visit {
            id: *visit,
            advice: *advice,
            arranged: arranged.clone(),
            by: *by,
            moved: vec![],
            cancelled: None,
            notes: None,
        }),
        Event::Moved { visit, arranged, why, .. } => {
            if let Some(visit) = find_mut(case, *visit) {
                visit.moved.push((visit.arranged.on, *why));
                visit.arranged = arranged.clone();
            }
        }
        Event::Cancelled { visit, why, on } => {
            if let Some(visit) = find_mut(case, *visit) {
                visit.cancelled = Some(Cancelled { why: *why, on: *on });
            }
        }
        Event::Noted { visit, version, text, by, on } => {
            if let Some(visit) = find_mut(case, *visit) {
                visit.notes = Some(Notes { version: *version, text: *text, by: *by, on: *on });
            }
        }
    }
}

fn find_mut(case: &mut Case, visit: VisitId) -> Option<&mut Visit> {
    case.visits.iter_mut().find(|known| known.id == visit)
}
