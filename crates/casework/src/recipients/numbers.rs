//! NHS numbers, UPNs and ULNs in a text, and postcodes.

use super::mentions::Number;
use crate::people::identifiers::{NhsNumber, Uln, Upn};
use std::collections::BTreeSet;

/// Most numbers that are read from one text.
const NUMBERS_MAX: usize = 500;

/// The runs of letters and digits that begin here, single spaces or hyphens dividing them as people
/// write numbers: each as far as one of its groups goes.
fn runs(text: &str) -> Vec<(String, usize)> {
    let (mut value, mut found, mut gap) = (String::new(), Vec::new(), false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let letter_fits = value.is_empty() || (value.len() == 12 && !gap);
        if c.is_ascii_digit() || (c.is_ascii_alphabetic() && letter_fits) {
            value.push(c.to_ascii_uppercase());
            gap = false;
            if !chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()) {
                found.push((value.clone(), at + 1));
            }
        } else if matches!(c, ' ' | '-' | '\u{a0}') && !gap && !value.is_empty() {
            gap = true;
        } else {
            break;
        }
        if value.len() >= 13 {
            break;
        }
    }
    found
}

fn fits(value: &str) -> bool {
    match value.len() {
        13 => value.parse::<Upn>().is_ok(),
        10 => value.parse::<NhsNumber>().is_ok() || value.parse::<Uln>().is_ok(),
        _ => false,
    }
}

/// Every number that its check character allows.
pub(super) fn all(text: &str) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut previous: Option<char> = None;
    let mut free_from = 0;
    for (at, c) in text.char_indices() {
        let begins = c.is_ascii_alphanumeric() && !previous.is_some_and(char::is_alphanumeric);
        previous = Some(c);
        if !begins || at < free_from || found.len() >= NUMBERS_MAX {
            continue;
        }
        if let Some((value, length)) = runs(&text[at..]).into_iter().rev().find(|(value, _)| fits(value)) {
            found.push(Number { value, words: text[at..at + length].to_owned(), at });
            free_from = at + length;
        }
    }
    found
}

/// Postcodes without their space.
pub(super) fn postcodes(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let outward = |word: &str| {
        (2..=4).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.contains(|c: char| c.is_ascii_digit())
    };
    let inward = |word: &str| {
        let bytes = word.as_bytes();
        bytes.len() == 3 && bytes[0].is_ascii_digit() && bytes[1..].iter().all(u8::is_ascii_uppercase)
    };
    words.windows(2).filter(|pair| outward(pair[0]) && inward(pair[1])).map(|pair| pair.concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, postcodes};

    #[test]
    fn numbers_are_found_with_and_without_spaces() {
        for (text, value) in [
            ("NHS number 943 476 5919.", "9434765919"),
            ("NHS: 943-476-5919", "9434765919"),
            ("(9434765919)", "9434765919"),
            ("UPN h801200001001, seen", "H801200001001"),
            ("UPN: H801 2000 01001", "H801200001001"),
            ("NHS 943 476 5919 12 May", "9434765919"),
            ("Room 2 943 476 5919", "9434765919"),
        ] {
            let found = all(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].value, value, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in ["Ring 01632 960 155.", "07700 900123", "943 476 5917", "1234567890123456", "A 1", "£10,000"] {
            assert_eq!(all(text), vec![], "{text}");
        }
    }

    #[test]
    fn a_postcode_is_known_by_its_form() {
        let found: Vec<String> = postcodes("12 Mill Lane, AB1 2CD, page A4 and 3rd form").into_iter().collect();
        assert_eq!(found, ["AB12CD"]);
    }
}
