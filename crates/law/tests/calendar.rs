//! Working days, bank holidays, counting and ages.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::Date;
use law::calendar::{self, InstitutionType, bank_holiday, is_working_day};

fn on(date: &str) -> Date {
    date.parse().unwrap()
}

#[test]
fn substitute_days_and_one_off_holidays_are_not_working_days() {
    for date in ["2026-12-28", "2021-12-27", "2021-12-28", "2022-06-03", "2022-09-19", "2023-05-08", "2020-05-08"] {
        assert!(!is_working_day(on(date)), "{date}");
    }
    // In 2020 the early May holiday was moved to Friday 8 May.
    assert!(is_working_day(on("2020-05-04")));
    assert_eq!(bank_holiday(on("2026-04-03")), Some("Good Friday"));
}

#[test]
fn the_rule_for_other_years_agrees_with_every_published_year_without_a_one_off() {
    // The standing pattern is what 2029 onwards rests on, so it is held against the years that are known.
    let mut out_of_pattern = Vec::new();
    for year in 2012..=2028 {
        let shifted = (2029..2100).find(|other| same_pattern(year, *other));
        let Some(other) = shifted else { continue };
        for month in 1..=12_i8 {
            for day in 1..=31_i8 {
                let (Ok(known), Ok(by_rule)) = (Date::new(year, month, day), Date::new(other, month, day)) else {
                    continue;
                };
                if bank_holiday(known).is_some() != bank_holiday(by_rule).is_some() {
                    out_of_pattern.push(known.to_string());
                }
            }
        }
    }
    let proclaimed = [
        "2012-05-28",
        "2012-06-04",
        "2012-06-05",
        "2020-05-04",
        "2020-05-08",
        "2022-05-30",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-05-08",
    ];
    assert!(out_of_pattern.iter().all(|date| proclaimed.contains(&date.as_str())), "{out_of_pattern:?}");
}

/// Whether two years have the same weekdays and the same Easter.
fn same_pattern(year: i16, other: i16) -> bool {
    let first = |year| Date::new(year, 1, 1).unwrap();
    let last = |year| Date::new(year, 12, 31).unwrap();
    let easter = |year: i16| {
        (1..=30_i8).chain(1..=30).zip(std::iter::repeat_n(3_i8, 30).chain(std::iter::repeat_n(4, 30))).find_map(
            |(day, month)| {
                let date = Date::new(year, month, day).ok()?;
                (bank_holiday(date) == Some("Good Friday")).then_some((month, day))
            },
        )
    };
    first(year).weekday() == first(other).weekday()
        && last(year).weekday() == last(other).weekday()
        && easter(year) == easter(other)
}

/// The government's own file, where the checkout has it beside it.
#[test]
fn the_published_days_are_those_of_the_government_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/calendar/gov_uk_bank_holidays.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: the government list is not here");
        return;
    };
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    let theirs: Vec<(Date, String)> = list["england-and-wales"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (on(event["date"].as_str().unwrap()), event["title"].as_str().unwrap().to_owned()))
        .collect();
    let ours: Vec<(Date, String)> =
        calendar::published_bank_holidays().iter().map(|(date, name)| (*date, (*name).to_owned())).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn months_end_as_the_corresponding_date_rule_says() {
    assert_eq!(calendar::months(on("2026-12-31"), 2), on("2027-02-28"));
    assert_eq!(calendar::months(on("2027-12-31"), 2), on("2028-02-29"));
    assert_eq!(calendar::months(on("2026-05-31"), -5), on("2025-12-31"));
    assert_eq!(calendar::months_beg(on("2023-03-01"), 12), on("2024-02-29"));
    assert_eq!(calendar::months_beg(on("2024-02-29"), 12), on("2025-02-28"));
}

#[test]
fn the_tribunal_gives_until_september_and_until_january() {
    assert_eq!(calendar::tribunal_roll(on("2024-08-30")), on("2024-09-02"));
    assert_eq!(calendar::tribunal_roll(on("2027-01-01")), on("2027-01-04"));
    assert_eq!(calendar::tribunal_roll(on("2026-12-25")), on("2027-01-04"));
    assert_eq!(calendar::tribunal_roll(on("2026-12-24")), on("2026-12-24"));
    assert_eq!(calendar::before_fixed(2027, 2, 15), Some((on("2027-02-15"), on("2027-02-14"))));
    assert_eq!(calendar::before_fixed(2027, 2, 30), None);
}

#[test]
fn a_child_of_31_august_is_the_youngest_of_the_year_and_one_of_1_september_the_oldest_of_the_next() {
    assert_eq!(calendar::national_curriculum_year(on("2015-08-31"), on("2026-09-01"), 0), 7);
    assert_eq!(calendar::national_curriculum_year(on("2015-09-01"), on("2026-09-01"), 0), 6);
    assert_eq!(calendar::national_curriculum_year(on("2015-06-01"), on("2026-09-01"), -1), 6);
    assert_eq!(calendar::reception_year(on("2015-08-31")), 2019);
    assert_eq!(calendar::school_year(on("2026-08-31")), 2025);
}

#[test]
fn someone_born_on_29_february_has_the_birthday_on_1_march_in_other_years() {
    assert_eq!(calendar::birthday(on("2008-02-29"), 16), on("2024-02-29"));
    assert_eq!(calendar::birthday(on("2008-02-29"), 25), on("2033-03-01"));
    assert_eq!(
        calendar::plan_may_continue_to(on("2000-02-29"), InstitutionType::Other, None),
        on("2026-02-28"),
        "the day before the 26th birthday"
    );
}

#[test]
fn working_days_far_outside_the_tables_are_still_right() {
    assert_eq!(calendar::wds_after(on("1950-01-06"), 1), on("1950-01-09"));
    assert_eq!(calendar::last_working_day(on("2150-01-03")), on("2150-01-02"));
    assert_eq!(calendar::wds_before(on("2150-01-05"), 1), on("2150-01-02"));
}
