//! Which day is it, and how many lie between? Working days, bank holidays, counting, school years, ages.
//!
//! Bank holidays of England and Wales are data with an end date ([`BANK_HOLIDAYS_LAST`]). Outside the list
//! the standing pattern is worked out by rule and [`is_provisional`] says so, because a one-off holiday may
//! yet be proclaimed; every answer that rests on such a day carries the caveat.

mod ages;
mod bank_holidays;
mod counting;
pub(crate) mod day;
mod working_days;

use jiff::civil::Date;

pub use ages::{
    InstitutionType, birthday, compulsory_school_age_ends, compulsory_school_age_starts, national_curriculum_year,
    plan_may_continue_to, reception_year, rights_pass_on, rights_prompt_on, school_year,
    start_of_national_curriculum_year,
};
pub use bank_holidays::{FIRST as BANK_HOLIDAYS_FIRST, LAST as BANK_HOLIDAYS_LAST};
pub(crate) use counting::tribunal_roll_day;
pub use counting::{
    before_fixed, days, days_beg, last_working_day, months, months_beg, next_working_day, tribunal_days_after,
    tribunal_roll, wds_after, wds_before, wds_beg, weeks, weeks_before,
};
pub(crate) use working_days::{WorkingDays, tables};

/// The name of the bank holiday of England and Wales on a day, if there is one.
pub fn bank_holiday(on: Date) -> Option<&'static str> {
    working_days::holiday(day::from_date(on))
}

/// Whether a day is neither a Saturday, a Sunday nor a bank holiday of England and Wales.
pub fn is_working_day(on: Date) -> bool {
    working_days::is_working(day::from_date(on))
}

/// Whether the holidays of that day were worked out by rule because the published list does not reach it.
pub fn is_provisional(on: Date) -> bool {
    !working_days::is_published(day::from_date(on))
}

/// The published bank holidays, in order of date, with their names.
pub fn published_bank_holidays() -> &'static [(Date, &'static str)] {
    bank_holidays::PUBLISHED
}
