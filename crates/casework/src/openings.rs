//! A record that somebody opened in an emergency, without a relation to the child.
//!
//! Who has no relation to a child does not learn that there is a record. In an emergency that can cost
//! more than it protects, so a professional says what is happening and sees what is needed then, at once
//! and for a day. Managers look at every opening afterwards, and the family is told unless that may put
//! somebody at risk.

use crate::{Case, Context, OpeningId, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Days after the one on which it was opened.
pub const OPEN_DAYS: i32 = 1;
/// Working days in which a manager looks at it: our own promise, no law sets it.
pub const LOOKED_AT_WITHIN: i32 = 2;
/// Most openings of one child.
pub const OPENINGS_MAX: usize = 500;

/// What is happening.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Emergency {
    Danger,
    UrgentCare,
    Arrived,
    Other,
}

impl Emergency {
    pub fn label(self) -> &'static str {
        match self {
            Emergency::Danger => "Somebody may be in danger",
            Emergency::UrgentCare => "The child needs urgent care",
            Emergency::Arrived => "The child is with us, and nobody who knows them can be reached",
            Emergency::Other => "Something else that cannot wait",
        }
    }
}

/// What a manager found afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub was_right: bool,
    pub why: TextId,
    pub by: Option<UserId>,
    pub on: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub id: OpeningId,
    pub user: UserId,
    pub emergency: Emergency,
    /// What is happening, in their words.
    pub words: TextId,
    pub on: Date,
    /// The last day.
    pub until: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
    /// Why telling the family may put somebody at risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<TextId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_told_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
}

impl Opening {
    /// Whether the record can still be seen by it.
    pub fn is_open(&self, today: Date) -> bool {
        self.ended_on.is_none() && today <= self.until
    }

    /// The family may not learn of it yet.
    pub fn is_kept_back(&self) -> bool {
        self.family_told_on.is_none()
    }

    /// The day by which a manager looks at it.
    pub fn look_by(&self) -> Date {
        law::calendar::wds_after(self.on, LOOKED_AT_WITHIN)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Open {
        opening: OpeningId,
        user: UserId,
        emergency: Emergency,
        words: TextId,
        /// Why the family is not told now; nothing when it is.
        risk: Option<TextId>,
    },
    /// It is needed no longer, or its day is over.
    End { opening: OpeningId },
    /// A manager says whether it was right, and why.
    LookAt { opening: OpeningId, was_right: bool, why: TextId },
    /// The family is told of what was kept back.
    TellFamily { opening: OpeningId },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Opened {
        opening: OpeningId,
        user: UserId,
        emergency: Emergency,
        words: TextId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        risk: Option<TextId>,
        on: Date,
        until: Date,
    },
    Ended {
        opening: OpeningId,
        on: Date,
    },
    LookedAt {
        opening: OpeningId,
        was_right: bool,
        why: TextId,
        by: Option<UserId>,
        on: Date,
    },
    FamilyTold {
        opening: OpeningId,
        on: Date,
    },
}

fn known(case: &Case, opening: OpeningId) -> Result<&Opening, Refusal> {
    case.openings.iter().find(|known| known.id == opening).ok_or(Refusal::NotOnRecord { what: "opening" })
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    match command {
        Command::Open { opening, user, emergency, words, risk } => {
            // Opened twice is opened once: they see it already.
            if case.openings.iter().any(|other| other.user == user && other.is_open(ctx.today)) {
                return Ok(vec![]);
            }
            if case.openings.len() >= OPENINGS_MAX {
                return Err(Refusal::TooManyOpenings { most: OPENINGS_MAX });
            }
            let until = law::calendar::days(ctx.today, OPEN_DAYS);
            Ok(vec![Event::Opened { opening, user, emergency, words, risk, on: ctx.today, until }])
        }
        Command::End { opening } => match known(case, opening)?.ended_on {
            Some(_) => Ok(vec![]),
            None => Ok(vec![Event::Ended { opening, on: ctx.today }]),
        },
        Command::LookAt { opening, was_right, why } => match known(case, opening)?.look {
            Some(look) => Err(Refusal::LookedAtAlready { on: look.on }),
            None => Ok(vec![Event::LookedAt { opening, was_right, why, by: ctx.actor, on: ctx.today }]),
        },
        Command::TellFamily { opening } => match known(case, opening)?.family_told_on {
            Some(_) => Ok(vec![]),
            None => Ok(vec![Event::FamilyTold { opening, on: ctx.today }]),
        },
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Opened { opening, user, emergency, words, risk, on, until } => case.openings.push(Opening {
            id: *opening,
            user: *user,
            emergency: *emergency,
            words: *words,
            on: *on,
            until: *until,
            ended_on: None,
            risk: *risk,
            family_told_on: risk.is_none().then_some(*on),
            look: None,
        }),
        Event::Ended { opening, on } => change(case, *opening, |known| known.ended_on = Some(*on)),
        Event::LookedAt { opening, was_right, why, by, on } => {
            let look = Look { was_right: *was_right, why: *why, by: *by, on: *on };
            change(case, *opening, |known| known.look = Some(look));
        }
        Event::FamilyTold { opening, on } => change(case, *opening, |known| known.family_told_on = Some(*on)),
    }
}

fn change(case: &mut Case, opening: OpeningId, how: impl FnOnce(&mut Opening)) {
    if let Some(known) = case.openings.iter_mut().find(|known| known.id == opening) {
        how(known);
    }
}

/// Who sees the record by an opening. Which day it is is asked by whoever shows it: [`Opening::is_open`].
pub(crate) fn opened(case: &Case) -> Vec<UserId> {
    let mut users: Vec<UserId> =
        case.openings.iter().filter(|opening| opening.ended_on.is_none()).map(|opening| opening.user).collect();
    users.sort_unstable();
    users.dedup();
    users
}

/// Openings that no manager has looked at.
pub fn to_look_at(case: &Case) -> impl Iterator<Item = &Opening> {
    case.openings.iter().filter(|opening| opening.look.is_none())
}

/// Whether the family may not learn yet that this person looked at the record on this day.
pub fn is_kept_back(case: &Case, user: UserId, on: Date) -> bool {
    let hides = |opening: &Opening| {
        let last = opening.ended_on.unwrap_or(opening.until);
        opening.is_kept_back() && opening.user == user && (opening.on..=last).contains(&on)
    };
    case.openings.iter().any(hides)
}
