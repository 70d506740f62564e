//! Civil dates as plain day numbers, so that counting is integer addition.
//!
//! Inside the crate a day is the number of days since 1 January 1970 in the Gregorian calendar. Civil
//! dates stand at the edge. Nothing here knows about holidays.

use jiff::civil::Date;

/// Days since 1 January 1970.
pub(crate) type Day = i32;

/// The day number of a civil date.
pub(crate) fn from_date(date: Date) -> Day {
    from_civil(i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

/// The day number of a year, month (1 to 12) and day.
///
/// The year is taken to begin in March, so that the leap day is the last day of it.
pub(crate) const fn from_civil(year: i32, month: i32, day: i32) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day number.
pub(crate) const fn to_civil(day: Day) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i32;
    (year, month, day)
}

/// The civil date of a day number. Beyond the calendar's own ends (years -9999 and 9999) it stays at the end.
pub(crate) fn to_date(day: Day) -> Date {
    let (year, month, day_of_month) = to_civil(day);
    let narrow =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day_of_month).ok()?).ok();
    narrow().unwrap_or(if day < 0 { Date::MIN } else { Date::MAX })
}

/// Monday is 0 and Sunday is 6.
pub(crate) const fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// How many days the month has.
pub(crate) const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day with the same number `months` later (or earlier), and the last day of that month where it has
/// no such number. The second value says whether the number existed.
pub(crate) const fn corresponding(day: Day, months: i32) -> (Day, bool) {
    let (year, month, day_of_month) = to_civil(day);
    let count = year * 12 + month - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    let last = days_in_month(year, month);
    if day_of_month > last {
        (from_civil(year, month, last), false)
    } else {
        (from_civil(year, month, day_of_month), true)
    }
}
