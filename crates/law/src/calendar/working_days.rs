//! Which days are working days, and finding the Nth one by looking it up rather than by walking.
//!
//! A working day is any day but a Saturday, a Sunday or a bank holiday of England and Wales (Good Friday and
//! Christmas Day are among those). A tribunal day is a working day that is not in August and not between
//! 25 December and 1 January (Tribunal Procedure (First-tier Tribunal) (HESC) Rules 2008, rule 12).

use std::sync::LazyLock;

use jiff::civil::Date;

use super::bank_holidays::{
    BOXING, CHRISTMAS, EARLY_MAY, EASTER_MONDAY, FIRST, GOOD_FRIDAY, LAST, NEW_YEAR, PUBLISHED, SPRING, SUMMER,
};
use super::day::{self, Day};

/// The looked-up years. Outside them the same answers are found by walking, only more slowly.
const FIRST_YEAR: i32 = 1990;
const LAST_YEAR: i32 = 2110;
const TABLE_FIRST: Day = day::from_civil(FIRST_YEAR, 1, 1);
const TABLE_LAST: Day = day::from_civil(LAST_YEAR, 12, 31);

/// The days of one count (working days, or tribunal days) in order, with a rank for every date.
struct Count {
    /// For each date of the table: how many counted days there are up to and including it.
    rank: Vec<i32>,
    /// The counted days in order; `days[n - 1]` is the day of rank `n`.
    days: Vec<Day>,
}

impl Count {
    fn new(counts: impl Fn(Day) -> bool) -> Self {
        let mut rank = Vec::with_capacity((TABLE_LAST - TABLE_FIRST + 1) as usize);
        let mut days = Vec::new();
        for day in TABLE_FIRST..=TABLE_LAST {
            if counts(day) {
                days.push(day);
            }
            rank.push(days.len() as i32);
        }
        Self { rank, days }
    }

    /// The counted day `n` places after `day` (`n` > 0), or the `-n`th at or before it (`n` <= 0, where 0 is
    /// the last counted day at or before it). `None` outside the table.
    fn nth(&self, day: Day, n: i32) -> Option<Day> {
        let index = usize::try_from(day.checked_sub(TABLE_FIRST)?).ok()?;
        let rank = self.rank.get(index)?;
        self.days.get(usize::try_from(rank.checked_add(n)?.checked_sub(1)?).ok()?).copied()
    }
}

/// What is asked of every day, side by side.
#[derive(Clone, Copy)]
struct Cell {
    date: Date,
    /// The last working day on or before it.
    last_working: Day,
}

/// The lookup tables, made once.
pub(crate) struct WorkingDays {
    working: Count,
    tribunal: Count,
    cells: Vec<Cell>,
    /// The day number before the first of each month of the table.
    months: Vec<Day>,
    /// The first and the last day of the published list.
    published: (Day, Day),
}

static TABLES: LazyLock<WorkingDays> = LazyLock::new(|| {
    let working = Count::new(is_working);
    let cell = |day| Cell {
        date: day::to_date(day),
        last_working: working.nth(day, 0).unwrap_or_else(|| walk(day + 1, -1, is_working)),
    };
    let cells = (TABLE_FIRST..=TABLE_LAST).map(cell).collect();
    let month = |month| day::from_civil(FIRST_YEAR + month / 12, month % 12 + 1, 1) - 1;
    let months = (0..12 * (LAST_YEAR - FIRST_YEAR + 1)).map(month).collect();
    let published = (day::from_date(FIRST), day::from_date(LAST));
    WorkingDays { working, tribunal: Count::new(is_tribunal), cells, months, published }
});

/// The one set of tables. Fetch it once and pass it on where many dates are worked out.
pub(crate) fn tables() -> &'static WorkingDays {
    &TABLES
}

impl WorkingDays {
    #[inline]
    fn cell(&self, day: Day) -> Option<&Cell> {
        self.cells.get(usize::try_from(day.wrapping_sub(TABLE_FIRST)).ok()?)
    }

    /// The civil date of a day number, looked up.
    #[inline]
    pub(crate) fn date(&self, day: Day) -> Date {
        match self.cell(day) {
            Some(cell) => cell.date,
            None => day::to_date(day),
        }
    }

    /// Whether the published list speaks for every day from one to another.
    #[inline]
    pub(crate) fn is_published(&self, from: Day, to: Day) -> bool {
        from >= self.published.0 && to <= self.published.1
    }

    /// The day number of a civil date, looked up.
    #[inline]
    pub(crate) fn day(&self, date: Date) -> Day {
        let month = (i32::from(date.year()) - FIRST_YEAR) * 12 + i32::from(date.month()) - 1;
        match usize::try_from(month).ok().and_then(|index| self.months.get(index)) {
            Some(before) => before + i32::from(date.day()),
            None => day::from_date(date),
        }
    }

    /// As [`day::corresponding`], looked up.
    #[inline]
    pub(crate) fn corresponding(&self, day: Day, months: i32) -> (Day, bool) {
        let date = self.date(day);
        let month = (i32::from(date.year()) - FIRST_YEAR) * 12 + i32::from(date.month()) - 1 + months;
        let bounds = usize::try_from(month).ok().and_then(|index| self.months.get(index..index + 2));
        match bounds {
            Some([before, last]) => {
                let same = before + i32::from(date.day());
                (same.min(*last), same <= *last)
            }
            _ => day::corresponding(day, months),
        }
    }

    /// As [`super::counting::months_beg`], looked up.
    #[inline]
    pub(crate) fn months_beg(&self, day: Day, months: i32) -> Day {
        match self.corresponding(day, months) {
            (corresponding, true) => corresponding - 1,
            (last_of_month, false) => last_of_month,
        }
    }

    /// The `n`th working day after `day` (`n` >= 1), `day` itself excluded.
    pub(crate) fn after(&self, day: Day, n: i32) -> Day {
        self.working.nth(day, n).unwrap_or_else(|| walk(day, n, is_working))
    }

    /// The last working day on or before `day`.
    #[inline]
    pub(crate) fn on_or_before(&self, day: Day) -> Day {
        match self.cell(day) {
            Some(cell) => cell.last_working,
            None => walk(day + 1, -1, is_working),
        }
    }

    /// The first working day on or after `day`.
    pub(crate) fn on_or_after(&self, day: Day) -> Day {
        self.after(day - 1, 1)
    }

    /// The `n`th working day before `day`, `day` itself excluded.
    pub(crate) fn before(&self, day: Day, n: i32) -> Day {
        self.working.nth(day - 1, 1 - n).unwrap_or_else(|| walk(day, -n, is_working))
    }

    /// The `n`th tribunal day after `day`, `day` itself excluded.
    pub(crate) fn tribunal_after(&self, day: Day, n: i32) -> Day {
        self.tribunal.nth(day, n).unwrap_or_else(|| walk(day, n, is_tribunal))
    }
}

/// Steps one day at a time until `n` counted days (forwards, or backwards for a negative `n`) are passed.
fn walk(day: Day, n: i32, counts: impl Fn(Day) -> bool) -> Day {
    let step = if n < 0 { -1 } else { 1 };
    let (mut day, mut left) = (day, n.abs());
    while left > 0 {
        day += step;
        if counts(day) {
            left -= 1;
        }
    }
    day
}

pub(super) fn is_working(day: Day) -> bool {
    day::weekday(day) < 5 && holiday(day).is_none()
}

fn is_tribunal(day: Day) -> bool {
    is_working(day) && !is_tribunal_closed(day::to_date(day))
}

/// Whether a day is in August or from 25 December to 1 January (rule 12(3) of the HESC Rules).
pub(crate) fn is_tribunal_closed(on: Date) -> bool {
    on.month() == 8 || (on.month() == 12 && on.day() >= 25) || (on.month() == 1 && on.day() == 1)
}

/// Whether the published list speaks for the day.
pub(crate) fn is_published(day: Day) -> bool {
    day >= day::from_date(FIRST) && day <= day::from_date(LAST)
}

/// The bank holiday on a day, from the published list or, outside it, by rule.
pub(super) fn holiday(day: Day) -> Option<&'static str> {
    if !is_published(day) {
        return by_rule(day);
    }
    let date = day::to_date(day);
    let index = PUBLISHED.binary_search_by_key(&date, |(published, _)| *published).ok()?;
    PUBLISHED.get(index).map(|(_, name)| *name)
}

/// The standing pattern of bank holidays since 1978, with substitute days; no one-off proclamation is
/// foreseen, so an answer that rests on it is provisional.
pub(super) fn by_rule(day: Day) -> Option<&'static str> {
    let (year, month, day_of_month) = day::to_civil(day);
    let weekday = day::weekday(day);
    if weekday > 4 {
        return None;
    }
    let is_monday = weekday == 0;
    match month {
        1 if day_of_month == 1 || (is_monday && day_of_month <= 3) => Some(NEW_YEAR),
        5 if is_monday && day_of_month <= 7 => Some(EARLY_MAY),
        5 if is_monday && day_of_month >= 25 => Some(SPRING),
        8 if is_monday && day_of_month >= 25 => Some(SUMMER),
        12 => december(day_of_month, weekday),
        3 | 4 => match day - easter_sunday(year) {
            -2 => Some(GOOD_FRIDAY),
            1 => Some(EASTER_MONDAY),
            _ => None,
        },
        _ => None,
    }
}

/// Christmas Day and Boxing Day on a weekday, with their substitutes on 27 and 28 December.
fn december(day_of_month: i32, weekday: i32) -> Option<&'static str> {
    match (day_of_month, weekday) {
        (25, _) => Some(CHRISTMAS),
        (26, _) => Some(BOXING),
        // Christmas Day fell on the Saturday (Monday 27 here) or the Sunday (Tuesday 27 here).
        (27, 0 | 1) => Some(CHRISTMAS),
        // Boxing Day fell on the Saturday (Monday 28 here) or the Sunday (Tuesday 28 here).
        (28, 0 | 1) => Some(BOXING),
        _ => None,
    }
}

/// Easter Sunday of a year in the Gregorian calendar (the anonymous computus of 1876).
fn easter_sunday(year: i32) -> Day {
    let golden = year % 19;
    let (century, year_of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (year_of_century / 4) - epact - year_of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let months_and_days = epact + to_sunday - 7 * late + 114;
    day::from_civil(year, months_and_days / 31, months_and_days % 31 + 1)
}
