//! When may a limit be taken away?
//!
//! The regulations list a few circumstances in which the authority "need not comply" with a limit if they make
//! it impractical. Each is a [`Limb`]. A limb takes the limit away; it never makes a new date, so the nominal
//! date always stands beside it. What is tested here is the fact. That the fact made it *impractical* is for
//! the officer to show and to record.
//!
//! Shortage of staff or of educational psychologists, waiting lists, panel dates and the search for a place
//! are in no list: there is no limb for them.

use jiff::civil::Date;

use crate::calendar::day::Day;
use crate::calendar::tables;
use crate::clock::Case;
use crate::events::{Event, EventName};
use crate::rulebook::{RELAXATION_FROM, RELAXATION_TO, Rule};

/// One exception of the regulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limb {
    /// The school is closed for at least 28 days, and its advice was asked for in the window.
    SchoolClosure,
    /// The same for an early years provider.
    EarlyYearsClosure,
    /// Exceptional personal circumstances of the child, the parent or the young person in the time period.
    ExceptionalCircumstances,
    /// Child, parent or young person away from the area for at least 28 days on end in the time period.
    AbsenceFourWeeks,
    /// The same for 14 days (tribunal orders).
    AbsenceTwoWeeks,
    /// Only the parent’s absence of 28 days (detained children).
    ParentAbsenceFourWeeks,
    /// An appointment for this advice was missed in the time period.
    MissedAppointment,
    /// The 2020 relaxation: a reason to do with the incidence or transmission of coronavirus.
    Coronavirus,
}

/// Every limb, in the order in which they are considered.
pub(crate) const ALL_LIMBS: [Limb; 8] = [
    Limb::SchoolClosure,
    Limb::EarlyYearsClosure,
    Limb::ExceptionalCircumstances,
    Limb::AbsenceFourWeeks,
    Limb::AbsenceTwoWeeks,
    Limb::ParentAbsenceFourWeeks,
    Limb::MissedAppointment,
    Limb::Coronavirus,
];

impl Limb {
    /// The limb as a short noun phrase.
    pub fn words(self) -> &'static str {
        match self {
            Self::SchoolClosure => "the school being closed",
            Self::EarlyYearsClosure => "the early years provider being closed",
            Self::ExceptionalCircumstances => "exceptional personal circumstances",
            Self::AbsenceFourWeeks => "being away from the area for four weeks or more",
            Self::AbsenceTwoWeeks => "being away from the area for two weeks or more",
            Self::ParentAbsenceFourWeeks => "the parent being away from the area for four weeks or more",
            Self::MissedAppointment => "a missed appointment",
            Self::Coronavirus => "coronavirus",
        }
    }

    /// The events that begin the facts of this limb.
    pub(crate) const fn first_events(self) -> &'static [EventName] {
        match self {
            Self::SchoolClosure => &[EventName::SchoolClosedFrom],
            Self::EarlyYearsClosure => &[EventName::EarlyYearsClosedFrom],
            Self::ExceptionalCircumstances => &[EventName::ExceptionalCircumstancesFrom],
            Self::AbsenceFourWeeks | Self::AbsenceTwoWeeks => &[EventName::AbsentFrom, EventName::ParentAbsentFrom],
            Self::ParentAbsenceFourWeeks => &[EventName::ParentAbsentFrom],
            Self::MissedAppointment => &[EventName::MissedAppointment],
            Self::Coronavirus => &[EventName::CoronavirusReason],
        }
    }

    /// The event that ends the facts begun by `first`, where there is one.
    pub(crate) const fn last_event(first: EventName) -> Option<EventName> {
        match first {
            EventName::SchoolClosedFrom => Some(EventName::SchoolReopens),
            EventName::EarlyYearsClosedFrom => Some(EventName::EarlyYearsReopens),
            EventName::AbsentFrom => Some(EventName::AbsentTo),
            EventName::ParentAbsentFrom => Some(EventName::ParentAbsentTo),
            EventName::ExceptionalCircumstancesFrom => Some(EventName::ExceptionalCircumstancesTo),
            _ => None,
        }
    }

    /// The least number of days, counted inclusively for an absence and from closing to opening for a closure.
    pub(crate) const fn least_days(self) -> Option<i32> {
        match self {
            Self::SchoolClosure | Self::EarlyYearsClosure | Self::AbsenceFourWeeks | Self::ParentAbsenceFourWeeks => {
                Some(28)
            }
            Self::AbsenceTwoWeeks => Some(14),
            _ => None,
        }
    }
}

/// The facts that could take a limit away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Disapplication {
    /// Which exception.
    pub limb: Limb,
    /// When the circumstance began.
    pub since: Date,
    /// When it ended, where it has an end.
    pub until: Option<Date>,
    /// For a closure: when advice was asked for.
    pub asked_on: Option<Date>,
}

impl Disapplication {
    /// The paragraph relied on, for this rule.
    pub fn citation(&self, rule: &Rule) -> &'static str {
        rule.limbs
            .iter()
            .find(|(limb, _)| *limb == self.limb)
            .map_or("SEND (Coronavirus) (Amendment) Regulations 2020 (SI 2020/471)", |(_, citation)| citation)
    }
}

/// The time in which a limit runs, and the thread it runs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub first: Day,
    pub last: Day,
    pub subject: u32,
}

/// Why a circumstance on record does not satisfy a limb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortfall {
    /// It has no end on record yet.
    StillOpen { since: Date },
    /// It lasted too few days.
    TooShort { days: i32, since: Date, until: Date },
    /// It is long enough, but too little of it falls in the time that the limit runs.
    OutsideTheTime { since: Date, until: Option<Date> },
    /// The closure is long enough, but no advice was asked for.
    NotAsked,
    /// The closure is long enough, but advice was asked for outside the window.
    AskedOutside { asked_on: Date, from: Date, to: Date },
}

/// What one circumstance on record amounts to under a limb.
pub(crate) type Finding = Result<Disapplication, Shortfall>;

/// Looks at every circumstance on record for a limb, calling `found` for each until it says stop.
pub(crate) fn consider(limb: Limb, case: &Case<'_>, window: Window, mut found: impl FnMut(Finding) -> bool) {
    for name in limb.first_events() {
        for first in case.all(*name) {
            if found(weigh(limb, *first, case, window)) {
                return;
            }
        }
    }
}

/// The first limb of the rule that its facts satisfy.
pub(crate) fn first_that_applies(
    rule: &Rule,
    is_relaxable: bool,
    case: &Case<'_>,
    window: Window,
) -> Option<Disapplication> {
    let mut answer = None;
    let coronavirus = is_relaxable.then_some(Limb::Coronavirus);
    for limb in rule.limbs.iter().map(|(limb, _)| *limb).chain(coronavirus) {
        consider(limb, case, window, |finding| {
            answer = finding.ok();
            answer.is_some()
        });
        if answer.is_some() {
            break;
        }
    }
    answer
}

fn weigh(limb: Limb, first: Event, case: &Case<'_>, window: Window) -> Finding {
    let since = day_of(first.on);
    let last = Limb::last_event(first.name).and_then(|name| {
        let ends = |event: &&Event| event.subject == first.subject && event.on >= first.on;
        case.all(name).filter(ends).min_by_key(|event| event.on)
    });
    let found = |until: Option<Date>, asked_on| Ok(Disapplication { limb, since: first.on, until, asked_on });
    match limb {
        Limb::SchoolClosure | Limb::EarlyYearsClosure => {
            let Some(reopens) = last else {
                return Err(Shortfall::StillOpen { since: first.on });
            };
            closure(limb, first, *reopens, case, window)
        }
        Limb::AbsenceFourWeeks | Limb::AbsenceTwoWeeks | Limb::ParentAbsenceFourWeeks => {
            let Some(back) = last else {
                return Err(Shortfall::StillOpen { since: first.on });
            };
            let until = day_of(back.on);
            let least = limb.least_days().unwrap_or(28);
            let days = until - since + 1;
            if days < least {
                return Err(Shortfall::TooShort { days, since: first.on, until: back.on });
            }
            if until.min(window.last) - since.max(window.first) + 1 < least {
                return Err(Shortfall::OutsideTheTime { since: first.on, until: Some(back.on) });
            }
            found(Some(back.on), None)
        }
        Limb::ExceptionalCircumstances => {
            let until = last.map(|event| event.on);
            if since > window.last || until.is_some_and(|until| day_of(until) < window.first) {
                return Err(Shortfall::OutsideTheTime { since: first.on, until });
            }
            found(until, None)
        }
        Limb::MissedAppointment => {
            let is_same_thread = first.subject == window.subject || first.subject == 0;
            if !is_same_thread || since < window.first || since > window.last {
                return Err(Shortfall::OutsideTheTime { since: first.on, until: None });
            }
            found(None, None)
        }
        Limb::Coronavirus => {
            let is_in_force = first.on >= RELAXATION_FROM && first.on <= RELAXATION_TO;
            if !is_in_force || since < window.first || since > window.last {
                return Err(Shortfall::OutsideTheTime { since: first.on, until: None });
            }
            found(None, None)
        }
    }
}

/// The closure window: closed for at least 28 days, and advice asked for from a week before the closing to a
/// week before the opening, both ends included, while the limit was running.
fn closure(limb: Limb, closed: Event, reopens: Event, case: &Case<'_>, window: Window) -> Finding {
    let (from, to) = (day_of(closed.on), day_of(reopens.on));
    if to - from < 28 {
        return Err(Shortfall::TooShort { days: to - from, since: closed.on, until: reopens.on });
    }
    let mut asked = None;
    for event in case.all(EventName::AdviceRequested) {
        let day = day_of(event.on);
        if day < window.first || day > window.last {
            continue;
        }
        if day >= from - 7 && day <= to - 7 {
            return Ok(Disapplication { limb, since: closed.on, until: Some(reopens.on), asked_on: Some(event.on) });
        }
        asked = Some(event.on);
    }
    match asked {
        None => Err(Shortfall::NotAsked),
        Some(asked_on) => Err(Shortfall::AskedOutside {
            asked_on,
            from: crate::calendar::days(closed.on, -7),
            to: crate::calendar::days(reopens.on, -7),
        }),
    }
}

fn day_of(date: Date) -> Day {
    tables().day(date)
}
