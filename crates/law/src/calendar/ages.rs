//! School years, national curriculum years and the age points that change who decides.
//!
//! A school year begins on 1 September. A child is in national curriculum year (NCY) n in the school year
//! that begins on 1 September of year Y if they are aged n + 4 on 31 August of Y; reception is year 0.

use jiff::civil::Date;

use super::day::{self, Day};
use super::working_days::tables;

/// The kind of place of learning that fixes the end of the academic year after a 25th birthday (SEND
/// Regulations 2014, regulation 46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstitutionType {
    /// A college in the further education sector, a sixth form college among them: the year ends on 31 July.
    FurtherEducation,
    /// An apprenticeship: the end of the training, or the day before the 26th birthday if earlier.
    Apprenticeship,
    /// Anywhere else: the end of the course, or the day before the 26th birthday if earlier.
    Other,
}

impl InstitutionType {
    /// The code used in case files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FurtherEducation => "further_education",
            Self::Apprenticeship => "apprenticeship",
            Self::Other => "other",
        }
    }

    /// Reads a code; `None` for a word that names none of the regulation's three cases.
    ///
    /// Areas have many words for "anywhere else" (a school sixth form, a special post-16 institution, a training
    /// provider), so a code is known by the word in it. A sixth form college is further education, a school's
    /// sixth form is not.
    pub fn from_code(code: &str) -> Option<Self> {
        const ELSEWHERE: [&str; 9] =
            ["other", "school", "special", "independent", "training", "internship", "academy", "sixth_form", "course"];
        if code.contains("apprentice") {
            Some(Self::Apprenticeship)
        } else if matches!(code, "fe" | "fe_college" | "college" | "sixth_form_college")
            || code.starts_with("further_education")
        {
            Some(Self::FurtherEducation)
        } else if ELSEWHERE.iter().any(|word| code.contains(word)) {
            Some(Self::Other)
        } else {
            None
        }
    }
}

/// The year in which the school year that holds `on` began (1 September).
pub fn school_year(on: Date) -> i16 {
    if on.month() >= 9 { on.year() } else { on.year() - 1 }
}

/// The year in whose September a child starts reception.
pub fn reception_year(date_of_birth: Date) -> i16 {
    school_year(date_of_birth) + 5
}

/// The national curriculum year of a child on a day, 0 for reception, negative before it. `years_out` is -1
/// for a child taught one year behind the year group of their age, and 1 for one taught a year ahead.
pub fn national_curriculum_year(date_of_birth: Date, on: Date, years_out: i8) -> i16 {
    school_year(on) - reception_year(date_of_birth) + i16::from(years_out)
}

/// 1 September on which a child starts a national curriculum year.
pub fn start_of_national_curriculum_year(date_of_birth: Date, year_group: i8, years_out: i8) -> Date {
    let year = reception_year(date_of_birth) + i16::from(year_group) - i16::from(years_out);
    tables().date(day::from_civil(i32::from(year), 9, 1))
}

/// The day on which a person reaches an age. Someone born on 29 February has the birthday on 1 March in
/// other years.
pub fn birthday(date_of_birth: Date, age: i16) -> Date {
    tables().date(birthday_day(tables().day(date_of_birth), i32::from(age)))
}

fn birthday_day(date_of_birth: Day, age: i32) -> Day {
    match tables().corresponding(date_of_birth, 12 * age) {
        (birthday, true) => birthday,
        (last_of_february, false) => last_of_february + 1,
    }
}

/// When compulsory school age begins: the first of 31 March, 31 August and 31 December on or after the fifth
/// birthday (Education Act 1996 section 8(2); Start of Compulsory School Age Order 1998).
pub fn compulsory_school_age_starts(date_of_birth: Date) -> Date {
    let fifth = birthday(date_of_birth, 5);
    let (month, last) = match fifth.month() {
        1..=3 => (3, 31),
        4..=8 => (8, 31),
        _ => (12, 31),
    };
    tables().date(day::from_civil(i32::from(fifth.year()), month, last))
}

/// When compulsory school age ends: the last Friday in June of the school year of the 16th birthday
/// (Education Act 1996 section 8; School Leaving Date Order 1997).
pub fn compulsory_school_age_ends(date_of_birth: Date) -> Date {
    let sixteenth = birthday(date_of_birth, 16);
    let last_of_june = day::from_civil(i32::from(school_year(sixteenth)) + 1, 6, 30);
    let days_since_friday = (day::weekday(last_of_june) - 4).rem_euclid(7);
    tables().date(last_of_june - days_since_friday)
}

/// The first day on which the rights of Part 3 are the young person's own: the day after compulsory school age
/// ends (Children and Families Act 2014 sections 80 and 83(2); SEND Regulations 2014 regulations 63 to 65).
pub fn rights_pass_on(date_of_birth: Date) -> Date {
    tables().date(tables().day(compulsory_school_age_ends(date_of_birth)) + 1)
}

/// The day on which everyone is told that the rights will pass: a term, counted as twelve weeks, before
/// compulsory school age ends. No law sets it (Code of Practice 8.13 to 8.15 asks for good time).
pub fn rights_prompt_on(date_of_birth: Date) -> Date {
    tables().date(tables().day(compulsory_school_age_ends(date_of_birth)) - 84)
}

/// The last day to which a plan may be kept on after the 25th birthday (Children and Families Act 2014
/// section 46; SEND Regulations 2014 regulation 46). `ends` is the end of the course or of the training where
/// it is known.
pub fn plan_may_continue_to(date_of_birth: Date, institution: InstitutionType, ends: Option<Date>) -> Date {
    match institution {
        InstitutionType::FurtherEducation => {
            let birthday = birthday(date_of_birth, 25);
            let year = if birthday.month() >= 8 { birthday.year() + 1 } else { birthday.year() };
            tables().date(day::from_civil(i32::from(year), 7, 31))
        }
        InstitutionType::Apprenticeship | InstitutionType::Other => {
            let cap = tables().date(tables().day(birthday(date_of_birth, 26)) - 1);
            ends.map_or(cap, |ends| ends.min(cap))
        }
    }
}
