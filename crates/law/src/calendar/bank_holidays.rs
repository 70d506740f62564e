//! The published bank holidays of England and Wales, as data with a first and a last day.
//!
//! The facts are those of the government's own list (gov.uk/bank-holidays). Between [`FIRST`] and [`LAST`]
//! the list is complete, one-off proclamations included. To bring it up to date: add the new year's rows
//! and move [`LAST`]. Scottish and Northern Irish days are not here, because they are not working-day
//! exceptions in England.

use jiff::civil::{Date, date};

/// First day that the published list speaks for.
pub const FIRST: Date = date(2012, 1, 1);
/// Last day that the published list speaks for. A date after it rests on holidays worked out by rule.
pub const LAST: Date = date(2028, 12, 31);

pub(super) const NEW_YEAR: &str = "New Year’s Day";
pub(super) const GOOD_FRIDAY: &str = "Good Friday";
pub(super) const EASTER_MONDAY: &str = "Easter Monday";
pub(super) const EARLY_MAY: &str = "Early May bank holiday";
pub(super) const SPRING: &str = "Spring bank holiday";
pub(super) const SUMMER: &str = "Summer bank holiday";
pub(super) const CHRISTMAS: &str = "Christmas Day";
pub(super) const BOXING: &str = "Boxing Day";

/// Each published day with its name, in order of date.
#[rustfmt::skip]
pub(super) const PUBLISHED: &[(Date, &str)] = &[
    (date(2012, 1, 2), NEW_YEAR), (date(2012, 4, 6), GOOD_FRIDAY), (date(2012, 4, 9), EASTER_MONDAY), (date(2012, 5, 7), EARLY_MAY), (date(2012, 6, 4), SPRING), (date(2012, 6, 5), "Queen’s Diamond Jubilee"), (date(2012, 8, 27), SUMMER), (date(2012, 12, 25), CHRISTMAS), (date(2012, 12, 26), BOXING),
    (date(2013, 1, 1), NEW_YEAR), (date(2013, 3, 29), GOOD_FRIDAY), (date(2013, 4, 1), EASTER_MONDAY), (date(2013, 5, 6), EARLY_MAY), (date(2013, 5, 27), SPRING), (date(2013, 8, 26), SUMMER), (date(2013, 12, 25), CHRISTMAS), (date(2013, 12, 26), BOXING),
    (date(2014, 1, 1), NEW_YEAR), (date(2014, 4, 18), GOOD_FRIDAY), (date(2014, 4, 21), EASTER_MONDAY), (date(2014, 5, 5), EARLY_MAY), (date(2014, 5, 26), SPRING), (date(2014, 8, 25), SUMMER), (date(2014, 12, 25), CHRISTMAS), (date(2014, 12, 26), BOXING),
    (date(2015, 1, 1), NEW_YEAR), (date(2015, 4, 3), GOOD_FRIDAY), (date(2015, 4, 6), EASTER_MONDAY), (date(2015, 5, 4), EARLY_MAY), (date(2015, 5, 25), SPRING), (date(2015, 8, 31), SUMMER), (date(2015, 12, 25), CHRISTMAS), (date(2015, 12, 28), BOXING),
    (date(2016, 1, 1), NEW_YEAR), (date(2016, 3, 25), GOOD_FRIDAY), (date(2016, 3, 28), EASTER_MONDAY), (date(2016, 5, 2), EARLY_MAY), (date(2016, 5, 30), SPRING), (date(2016, 8, 29), SUMMER), (date(2016, 12, 26), BOXING), (date(2016, 12, 27), CHRISTMAS),
    (date(2017, 1, 2), NEW_YEAR), (date(2017, 4, 14), GOOD_FRIDAY), (date(2017, 4, 17), EASTER_MONDAY), (date(2017, 5, 1), EARLY_MAY), (date(2017, 5, 29), SPRING), (date(2017, 8, 28), SUMMER), (date(2017, 12, 25), CHRISTMAS), (date(2017, 12, 26), BOXING),
    (date(2018, 1, 1), NEW_YEAR), (date(2018, 3, 30), GOOD_FRIDAY), (date(2018, 4, 2), EASTER_MONDAY), (date(2018, 5, 7), EARLY_MAY), (date(2018, 5, 28), SPRING), (date(2018, 8, 27), SUMMER), (date(2018, 12, 25), CHRISTMAS), (date(2018, 12, 26), BOXING),
    (date(2019, 1, 1), NEW_YEAR), (date(2019, 4, 19), GOOD_FRIDAY), (date(2019, 4, 22), EASTER_MONDAY), (date(2019, 5, 6), EARLY_MAY), (date(2019, 5, 27), SPRING), (date(2019, 8, 26), SUMMER), (date(2019, 12, 25), CHRISTMAS), (date(2019, 12, 26), BOXING),
    (date(2020, 1, 1), NEW_YEAR), (date(2020, 4, 10), GOOD_FRIDAY), (date(2020, 4, 13), EASTER_MONDAY), (date(2020, 5, 8), "Early May bank holiday (VE day)"), (date(2020, 5, 25), SPRING), (date(2020, 8, 31), SUMMER), (date(2020, 12, 25), CHRISTMAS), (date(2020, 12, 28), BOXING),
    (date(2021, 1, 1), NEW_YEAR), (date(2021, 4, 2), GOOD_FRIDAY), (date(2021, 4, 5), EASTER_MONDAY), (date(2021, 5, 3), EARLY_MAY), (date(2021, 5, 31), SPRING), (date(2021, 8, 30), SUMMER), (date(2021, 12, 27), CHRISTMAS), (date(2021, 12, 28), BOXING),
    (date(2022, 1, 3), NEW_YEAR), (date(2022, 4, 15), GOOD_FRIDAY), (date(2022, 4, 18), EASTER_MONDAY), (date(2022, 5, 2), EARLY_MAY), (date(2022, 6, 2), SPRING), (date(2022, 6, 3), "Platinum Jubilee bank holiday"), (date(2022, 8, 29), SUMMER), (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"), (date(2022, 12, 26), BOXING), (date(2022, 12, 27), CHRISTMAS),
    (date(2023, 1, 2), NEW_YEAR), (date(2023, 4, 7), GOOD_FRIDAY), (date(2023, 4, 10), EASTER_MONDAY), (date(2023, 5, 1), EARLY_MAY), (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III"), (date(2023, 5, 29), SPRING), (date(2023, 8, 28), SUMMER), (date(2023, 12, 25), CHRISTMAS), (date(2023, 12, 26), BOXING),
    (date(2024, 1, 1), NEW_YEAR), (date(2024, 3, 29), GOOD_FRIDAY), (date(2024, 4, 1), EASTER_MONDAY), (date(2024, 5, 6), EARLY_MAY), (date(2024, 5, 27), SPRING), (date(2024, 8, 26), SUMMER), (date(2024, 12, 25), CHRISTMAS), (date(2024, 12, 26), BOXING),
    (date(2025, 1, 1), NEW_YEAR), (date(2025, 4, 18), GOOD_FRIDAY), (date(2025, 4, 21), EASTER_MONDAY), (date(2025, 5, 5), EARLY_MAY), (date(2025, 5, 26), SPRING), (date(2025, 8, 25), SUMMER), (date(2025, 12, 25), CHRISTMAS), (date(2025, 12, 26), BOXING),
    (date(2026, 1, 1), NEW_YEAR), (date(2026, 4, 3), GOOD_FRIDAY), (date(2026, 4, 6), EASTER_MONDAY), (date(2026, 5, 4), EARLY_MAY), (date(2026, 5, 25), SPRING), (date(2026, 8, 31), SUMMER), (date(2026, 12, 25), CHRISTMAS), (date(2026, 12, 28), BOXING),
    (date(2027, 1, 1), NEW_YEAR), (date(2027, 3, 26), GOOD_FRIDAY), (date(2027, 3, 29), EASTER_MONDAY), (date(2027, 5, 3), EARLY_MAY), (date(2027, 5, 31), SPRING), (date(2027, 8, 30), SUMMER), (date(2027, 12, 27), CHRISTMAS), (date(2027, 12, 28), BOXING),
    (date(2028, 1, 3), NEW_YEAR), (date(2028, 4, 14), GOOD_FRIDAY), (date(2028, 4, 17), EASTER_MONDAY), (date(2028, 5, 1), EARLY_MAY), (date(2028, 5, 29), SPRING), (date(2028, 8, 28), SUMMER), (date(2028, 12, 25), CHRISTMAS), (date(2028, 12, 26), BOXING),
];
