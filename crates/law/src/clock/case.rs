//! The events of a case, indexed by name.
//!
//! Most questions about a case are "which events have this name?". Each name has the place of its first event, and
//! each event the place of the next of the same name, so that an answer costs as much as it has events. A
//! case of up to [`INLINE`] events takes no memory but the stack.

use jiff::civil::Date;

use crate::calendar::day::Day;
use crate::calendar::{self, WorkingDays};
use crate::events::{Event, EventName};

const INLINE: usize = 32;
/// A place that is none. Places are counted from 1.
const NONE: u32 = 0;

/// What is asked of an event again and again.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub day: Day,
    pub subject: u32,
    /// The place of the next event of the same name.
    next: u32,
}

/// The events of a case with their index.
pub(crate) struct Case<'a> {
    pub events: &'a [Event],
    /// The names that occur.
    pub names: u128,
    pub tables: &'static WorkingDays,
    /// The place of the first event of each name.
    first: [u32; 128],
    rows: [Row; INLINE],
    /// The rows of a case that has more.
    more_rows: Vec<Row>,
}

impl<'a> Case<'a> {
    pub fn new(events: &'a [Event]) -> Self {
        let mut case = Self {
            events,
            names: 0,
            tables: calendar::tables(),
            first: [NONE; 128],
            rows: [const { Row { day: 0, subject: 0, next: NONE } }; INLINE],
            more_rows: Vec::new(),
        };
        if events.len() > INLINE {
            case.more_rows = vec![case.rows[0]; events.len()];
        }
        // From the last to the first, so that each chain runs in the order of the events.
        for (index, event) in events.iter().enumerate().rev() {
            let name = event.name as usize;
            let next = case.first[name];
            let row = Row { day: case.tables.day(event.on), subject: event.subject, next };
            if events.len() > INLINE {
                case.more_rows[index] = row;
            } else {
                case.rows[index] = row;
            }
            // More events than a u32 counts do not fit in memory.
            case.first[name] = index as u32 + 1;
            case.names |= event.name.bit();
        }
        case
    }

    #[inline(always)]
    pub fn row(&self, index: usize) -> &Row {
        if self.more_rows.is_empty() { &self.rows[index] } else { &self.more_rows[index] }
    }

    #[inline(always)]
    pub fn has(&self, name: EventName) -> bool {
        self.first[name as usize] != NONE
    }

    /// The indexes of the events of that name, in the order of the slice.
    #[inline(always)]
    pub fn indexes(&self, name: EventName) -> Indexes<'_, 'a> {
        Indexes { case: self, place: self.first[name as usize] }
    }

    /// The events of that name, in the order of the slice.
    #[inline]
    pub fn all(&self, name: EventName) -> impl Iterator<Item = &'a Event> {
        let events = self.events;
        self.indexes(name).map(move |index| &events[index])
    }

    /// The first event of that name, in the order of the slice.
    pub fn find(&self, name: EventName) -> Option<&'a Event> {
        self.all(name).next()
    }

    /// The earliest event of that name on or after a day in a thread (or of the case itself).
    pub fn first_on_or_after(&self, name: EventName, on: Date, subject: u32) -> Option<&'a Event> {
        let wanted = |event: &&Event| event.on >= on && (event.subject == subject || event.subject == 0);
        self.all(name).filter(wanted).min_by_key(|event| event.on)
    }

    /// Whether no more than one event has a name of the set.
    #[inline(always)]
    pub fn is_only(&self, set: u128) -> bool {
        let names = set & self.names;
        if names & names.wrapping_sub(1) != 0 {
            return false;
        }
        let place = self.first[names.trailing_zeros() as usize & 127];
        place == NONE || self.row(place as usize - 1).next == NONE
    }

    /// Calls `found` with the index of each event whose name is in the set, name by name.
    #[inline(always)]
    pub fn each_of(&self, set: u128, mut found: impl FnMut(usize, u128)) {
        let mut names = set & self.names;
        while names != 0 {
            let name = names.trailing_zeros() as usize;
            let bit = names & names.wrapping_neg();
            names &= !bit;
            for index in (Indexes { case: self, place: self.first[name & 127] }) {
                found(index, bit);
            }
        }
    }
}

/// Goes along the events of one name.
pub(crate) struct Indexes<'c, 'a> {
    case: &'c Case<'a>,
    place: u32,
}

impl Iterator for Indexes<'_, '_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let index = (self.place as usize).checked_sub(1)?;
        self.place = self.case.row(index).next;
        Some(index)
    }
}
