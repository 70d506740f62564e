//! The years of the return and their census days.

use jiff::civil::{Date, date};

/// One year's return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CensusYear {
    pub year: i16,
    /// Third Thursday of January.
    pub census_day: Date,
}

/// The person-level return became statutory in 2023. A year is added here once its guide is known.
pub const YEARS: [CensusYear; 5] = [
    CensusYear { year: 2023, census_day: date(2023, 1, 19) },
    CensusYear { year: 2024, census_day: date(2024, 1, 18) },
    CensusYear { year: 2025, census_day: date(2025, 1, 16) },
    CensusYear { year: 2026, census_day: date(2026, 1, 15) },
    CensusYear { year: 2027, census_day: date(2027, 1, 21) },
];

/// The census day of a year whose return is known.
pub fn census_day(year: i16) -> Option<Date> {
    YEARS.iter().find(|known| known.year == year).map(|known| known.census_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;

    #[test]
    fn every_census_day_is_the_third_thursday_of_its_january() {
        for known in YEARS {
            let day = known.census_day;
            assert_eq!((day.year(), day.month(), day.weekday()), (known.year, 1, Weekday::Thursday));
            assert!((15..=21).contains(&day.day()));
        }
    }
}
