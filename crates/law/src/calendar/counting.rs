//! The eleven ways in which these laws count (C1 to C11 of decision record 0002).
//!
//! | wording | function |
//! |---|---|
//! | C1 "within N weeks of X" | [`weeks`] |
//! | C2 "within N days of X" | [`days`] |
//! | C3 "N days beginning with X" | [`days_beg`] |
//! | C4 "within N months after X" | [`months`] |
//! | C5 "N months beginning with X" | [`months_beg`] |
//! | C6 "within N working days of X" | [`wds_after`] |
//! | C7 "N working days beginning with X" | [`wds_beg`] |
//! | C8 "at least N weeks before X" | [`weeks_before`] |
//! | C9 "at least N working days before X" | [`wds_before`] |
//! | C10 "at least N months before X" | [`months`] with a negative number |
//! | C11 "before 15 February / 31 March" | [`before_fixed`] |
//!
//! Weeks and days are calendar weeks and days: school holidays, weekends and bank holidays count. No date
//! rolls forward because it falls on a holiday, save under the tribunal's own rules ([`tribunal_roll`]) and
//! for a subject access request ([`next_working_day`]).

use jiff::civil::Date;

use super::day::{self, Day};
use super::working_days::{self, tables};

/// C1: X is day 0, so the last day has the same weekday as X.
///
/// ```
/// use law::{Date, calendar};
/// let received: Date = "2026-11-23".parse()?;
/// assert_eq!(calendar::weeks(received, 6), "2027-01-04".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn weeks(x: Date, n: i32) -> Date {
    days(x, 7 * n)
}

/// C2: X is day 0; calendar days.
pub fn days(x: Date, n: i32) -> Date {
    day::to_date(day::from_date(x) + n)
}

/// C3: X is day 1; calendar days.
pub fn days_beg(x: Date, n: i32) -> Date {
    days(x, n - 1)
}

/// C4 and C10: the same day number N months on (or back), or the last day of a month that has no such day.
pub fn months(x: Date, n: i32) -> Date {
    day::to_date(day::corresponding(day::from_date(x), n).0)
}

/// C5: the day before the corresponding date, or the last day of a month that has no corresponding date.
pub fn months_beg(x: Date, n: i32) -> Date {
    day::to_date(tables().months_beg(day::from_date(x), n))
}

/// C6: the Nth working day after X.
pub fn wds_after(x: Date, n: i32) -> Date {
    day::to_date(tables().after(day::from_date(x), n))
}

/// C7: X is working day 1 if it is a working day, else the next working day is.
pub fn wds_beg(x: Date, n: i32) -> Date {
    day::to_date(tables().after(day::from_date(x) - 1, n))
}

/// C8: N weeks before X. The careful sender sends a day earlier ("clear" weeks).
pub fn weeks_before(x: Date, n: i32) -> Date {
    days(x, -7 * n)
}

/// C9: the Nth working day before X.
pub fn wds_before(x: Date, n: i32) -> Date {
    day::to_date(tables().before(day::from_date(x), n))
}

/// C11: the label date of a "before" limit in a calendar year, with the last day that is strictly before it.
/// `None` if the year has no such day.
pub fn before_fixed(year: i16, month: i8, day_of_month: i8) -> Option<(Date, Date)> {
    let label = Date::new(year, month, day_of_month).ok()?;
    Some((label, days(label, -1)))
}

/// The tribunal's rule 12: a time that ends in August or from 25 December to 1 January ends on the first
/// working day after it; one that ends on any other day that is not a working day ends on the next.
pub fn tribunal_roll(x: Date) -> Date {
    day::to_date(tribunal_roll_day(day::from_date(x)))
}

/// The Nth working day after X, leaving out August and 25 December to 1 January (rule 12(3)(b)).
pub fn tribunal_days_after(x: Date, n: i32) -> Date {
    day::to_date(tables().tribunal_after(day::from_date(x), n))
}

/// X if it is a working day, else the next one.
pub fn next_working_day(x: Date) -> Date {
    day::to_date(tables().on_or_after(day::from_date(x)))
}

/// X if it is a working day, else the last one before it.
pub fn last_working_day(x: Date) -> Date {
    day::to_date(tables().on_or_before(day::from_date(x)))
}

pub(crate) fn tribunal_roll_day(x: Day) -> Day {
    let tables = tables();
    let date = tables.date(x);
    if !working_days::is_tribunal_closed(date) {
        return tables.on_or_after(x);
    }
    let (year, month) = (i32::from(date.year()), date.month());
    let first_after = match month {
        8 => day::from_civil(year, 9, 1),
        1 => day::from_civil(year, 1, 2),
        _ => day::from_civil(year + 1, 1, 2),
    };
    tables.on_or_after(first_after)
}
