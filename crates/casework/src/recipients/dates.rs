//! Days as people write them: 14 May 2017, 14th of May 2017, May 14, 2017, 14/05/2017, 14.5.17,
//! 2017-05-14.

use super::mentions::{Day, before};
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Most days that are read from one text.
const DAYS_MAX: usize = 2_000;

#[derive(Debug, Clone, Copy)]
enum Piece {
    Number(u16, usize),
    Month(i8),
    /// "st", "of", a comma: it belongs to a day and says nothing.
    Filler,
}

fn month(word: &str) -> Option<i8> {
    if word.len() < 3 || (word.len() > 4 && !MONTHS.contains(&word)) {
        return None;
    }
    let index = MONTHS.iter().position(|month| month.starts_with(word) || (word == "sept" && *month == "september"));
    index.and_then(|index| i8::try_from(index + 1).ok())
}

/// The pieces from here on, with the place where each ends; a day has at most six.
fn pieces(text: &str) -> Vec<(Piece, usize)> {
    let mut found = Vec::new();
    let mut rest = text;
    while found.len() < 8 {
        let at = text.len() - rest.len();
        let Some(c) = rest.chars().next() else { break };
        let length = if c.is_ascii_digit() {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        } else if c.is_alphabetic() {
            rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum()
        } else if matches!(c, ' ' | '/' | '.' | '-' | ',' | '\n' | '–' | '\u{a0}') {
            rest = &rest[c.len_utf8()..];
            continue;
        } else {
            break;
        };
        let word = &rest[..length];
        let piece = if c.is_ascii_digit() {
            let Ok(number) = word.parse() else { break };
            Piece::Number(number, length)
        } else {
            let word = word.to_lowercase();
            match (month(&word), word.as_str()) {
                (Some(month), _) => Piece::Month(month),
                (None, "st" | "nd" | "rd" | "th" | "of" | "the") => Piece::Filler,
                _ => break,
            }
        };
        found.push((piece, at + length));
        rest = &rest[length..];
    }
    found
}

/// Two digits are of this century as long as the person may be alive and young: 17 is 2017.
fn year(number: u16, digits: usize) -> Option<i16> {
    match (digits, number) {
        (4, 1900..=2200) => i16::try_from(number).ok(),
        (2, 0..=49) => i16::try_from(2000 + number).ok(),
        (2, _) => i16::try_from(1900 + number).ok(),
        _ => None,
    }
}

/// The day that begins exactly here, and where it ends.
fn day_at(text: &str) -> Option<(Date, usize)> {
    let all = pieces(text);
    let said: Vec<(Piece, usize)> =
        all.into_iter().filter(|(piece, _)| !matches!(piece, Piece::Filler)).take(3).collect();
    let [(one, _), (two, _), (three, end)] = said[..] else { return None };
    let small = |number: u16| i8::try_from(number).ok();
    let date = match (one, two, three) {
        (Piece::Number(y, 4), Piece::Number(m, 1 | 2), Piece::Number(d, 1 | 2)) => {
            Date::new(year(y, 4)?, small(m)?, small(d)?)
        }
        (Piece::Number(d, 1 | 2), Piece::Number(m, 1 | 2), Piece::Number(y, digits @ (2 | 4))) => {
            Date::new(year(y, digits)?, small(m)?, small(d)?)
        }
        (Piece::Number(d, 1 | 2), Piece::Month(m), Piece::Number(y, digits @ (2 | 4)))
        | (Piece::Month(m), Piece::Number(d, 1 | 2), Piece::Number(y, digits @ (2 | 4))) => {
            Date::new(year(y, digits)?, m, small(d)?)
        }
        _ => return None,
    };
    Some((date.ok()?, end))
}

pub(super) fn all(text: &str) -> Vec<Day> {
    let mut days = Vec::new();
    let mut free_from = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let begins = c.is_alphanumeric() && !previous.is_some_and(|p| p.is_alphanumeric());
        previous = Some(c);
        if !begins || at < free_from || days.len() >= DAYS_MAX {
            continue;
        }
        if !c.is_ascii_digit() && month_begins(&text[at..]).is_none() {
            continue;
        }
        if let Some((date, length)) = day_at(&text[at..]) {
            let head = before(text, at);
            let is_birth = ["born", "dob", "d.o.b", "birth"].iter().any(|label| head.contains(label));
            let words = text[at..at + length].split_whitespace().collect::<Vec<_>>().join(" ");
            days.push(Day { date, words, at, is_birth });
            free_from = at + length;
        }
    }
    days
}

fn month_begins(text: &str) -> Option<i8> {
    let length = text.chars().take(10).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    month(&text[..length].to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn a_day_is_read_however_it_is_written() {
        for text in [
            "14 May 2017",
            "14th May 2017",
            "14th of May 2017",
            "14 MAY 17",
            "May 14, 2017",
            "May 14th 2017",
            "14/05/2017",
            "14/5/17",
            "14.5.17",
            "14-05-2017",
            "2017-05-14",
            "14\nMay 2017",
            "the 14th of May, 2017",
        ] {
            let sentence = format!("Seen at school. DOB: {text}. Room 12.");
            let days = all(&sentence);
            assert_eq!(days.len(), 1, "{text}: {days:?}");
            assert_eq!(days[0].date, jiff::civil::date(2017, 5, 14), "{text}");
            assert!(days[0].is_birth, "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["31/02/2017", "2 of 3", "Maya 2017", "1.5 hours", "12 weeks", "99/99/9999", "May 2017", "1/2"] {
            assert_eq!(all(text), vec![], "{text}");
        }
    }

    #[test]
    fn a_day_that_is_no_birth_is_not_called_one() {
        let days = all("The visit was on 3 March 2026, after the meeting of 12 February 2026 had been moved.");
        assert_eq!(days.iter().map(|day| day.is_birth).collect::<Vec<_>>(), [false, false]);
    }
}
