//! How are dates written in other systems' files, and how do people say them?

use jiff::civil::Date;

/// A date, and whether it is written as the returns write it: `2025-03-28`. Also read: a date with a time after
/// it, day/month/year, and the 2022-Sep-28 of the Department's own exports.
pub(crate) fn read_date(text: &str) -> Option<(Date, bool)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let day_part = text.split(['T', ' ']).next()?;
    let with_time = day_part.len() < text.len();
    let mut parts = day_part.split(['-', '/', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || first.len() > 4 || second.len() > 9 || third.len() > 4 {
        return None;
    }
    let month = match second.parse::<i8>() {
        Ok(month) => month,
        Err(_) => {
            let start = second.get(..3)?.to_ascii_lowercase();
            MONTHS.iter().position(|name| *name == start)? as i8 + 1
        }
    };
    let (year, day, year_first) = if first.len() == 4 { (first, third, true) } else { (third, first, false) };
    if year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let as_the_return = year_first
        && (!with_time || text[day_part.len()..].starts_with('T'))
        && day_part.len() == 10
        && day_part.as_bytes()[4] == b'-'
        && second.len() == 2;
    Some((date, as_the_return))
}

/// “3 March 2025”.
pub(crate) fn in_words(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[(date.month() as usize).saturating_sub(1).min(11)];
    format!("{} {month} {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_that_has_been_met() {
        let expected = Date::new(2025, 9, 3).unwrap();
        for (text, as_the_return) in [
            ("2025-09-03", true),
            ("2025-09-03T00:00:00", true),
            ("2025-09-03 00:00:00", false),
            ("2025-Sep-03 00:00:00", false),
            ("03/09/2025", false),
            ("3/9/2025", false),
            ("03-Sep-2025", false),
        ] {
            assert_eq!(read_date(text), Some((expected, as_the_return)), "{text}");
        }
        for text in ["", "2025", "2025-13-01", "2025-02-30", "03/09/25", "2025-09-03-01", "soon", "a-b-c", "2025-é-03"]
        {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(in_words(expected), "3 September 2025");
    }
}
