//! Who has a family's case while the person who works with it is away.
//!
//! The case stays with its owner: cover is for days, and nothing of it is written into the case. What
//! was promised stays promised.

use crate::UserId;
use jiff::civil::Date;

/// The longest that one absence may be: whoever is away for longer has handed over.
const DAYS_MAX: i32 = 366;

/// Somebody is away, and somebody covers. Both days are days away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    pub who: UserId,
    pub from: Date,
    pub until: Date,
    pub cover: UserId,
}

impl Absence {
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && on <= self.until
    }

    fn overlaps(&self, other: &Absence) -> bool {
        self.from <= other.until && other.from <= self.until
    }
}

/// Why an absence cannot be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    EndsBeforeItBegins,
    IsOver,
    TooLong,
    CoversThemself,
    /// They are away already from this day to that.
    AwayAlready(Date, Date),
    /// The cover is away themselves from this day to that.
    CoverIsAway(Date, Date),
    /// They cover for somebody else from this day to that, whom nobody would have then.
    CoversThen(UserId, Date, Date),
}

/// Whether this absence can be noted beside those there are.
///
/// # Errors
/// The first thing that is in the way.
pub fn check(new: &Absence, known: &[Absence], today: Date) -> Result<(), Objection> {
    if new.until < new.from {
        return Err(Objection::EndsBeforeItBegins);
    }
    if new.until < today {
        return Err(Objection::IsOver);
    }
    if law::calendar::days(new.from, DAYS_MAX) <= new.until {
        return Err(Objection::TooLong);
    }
    if new.cover == new.who {
        return Err(Objection::CoversThemself);
    }
    for other in known.iter().filter(|other| other.overlaps(new)) {
        if other.who == new.who {
            return Err(Objection::AwayAlready(other.from, other.until));
        }
        if other.who == new.cover {
            return Err(Objection::CoverIsAway(other.from, other.until));
        }
        if other.cover == new.who {
            return Err(Objection::CoversThen(other.who, other.from, other.until));
        }
    }
    Ok(())
}

/// The absence of this person on a day.
pub fn absence_of(who: UserId, known: &[Absence], on: Date) -> Option<&Absence> {
    known.iter().find(|absence| absence.who == who && absence.holds(on))
}

/// Those for whom this person covers on a day.
pub fn covered_by(cover: UserId, known: &[Absence], on: Date) -> impl Iterator<Item = &Absence> {
    known.iter().filter(move |absence| absence.cover == cover && absence.holds(on))
}
