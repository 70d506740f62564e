//! Is this number one that could have been given to a person or a school?
//!
//! | type | form | check |
//! |---|---|---|
//! | [`Upn`] | letter and 12 digits (the last may be a letter: a temporary number) | first letter, modulo 23 |
//! | [`NhsNumber`] | 10 digits | last digit, modulo 11 |
//! | [`Uln`] | 10 digits | last digit, modulo 11 |
//! | [`Urn`] | 6 digits | none |
//! | [`Ukprn`] | 8 digits | none |
//!
//! A value of one of these types is always well formed: there is no way to make one except by
//! parsing or by computing its check character. Spaces and hyphens people type to make a number
//! readable are dropped, and small letters become capitals. The module never asks whether a number
//! has in fact been issued, and to whom.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Why some text is not an identifier, in words that can stand on a page after the text itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("{kind} must have {needed} characters, this has {found}")]
    Length { kind: &'static str, needed: usize, found: usize },
    #[error("{kind} must have {wanted} as character {position}, not “{found}”")]
    Character { kind: &'static str, wanted: &'static str, position: usize, found: char },
    #[error(
        "the check letter of this UPN does not fit its digits: it starts with {found} and the digits call for {wanted}; one of the characters was probably mistyped"
    )]
    CheckLetter { found: char, wanted: char },
    #[error("the last digit of this {kind} does not fit the others: one of the digits was probably mistyped")]
    CheckDigit { kind: &'static str },
    #[error("no {kind} starts with these digits: they have no check digit that fits")]
    NoCheckDigit { kind: &'static str },
}

/// Drops what people add to make a number readable. Keeps the first `N` characters only, so that a
/// hostile text of any length costs no memory, and counts them all.
fn significant<const N: usize>(text: &str) -> ([char; N], usize) {
    let mut kept = ['\0'; N];
    let mut count = 0;
    for character in text.chars() {
        if character.is_whitespace() || character == '-' {
            continue;
        }
        if count < N {
            kept[count] = character.to_ascii_uppercase();
        }
        count += 1;
    }
    (kept, count)
}

fn digits<const N: usize>(kind: &'static str, text: &str) -> Result<[u8; N], IdentifierError> {
    let (characters, found) = significant::<N>(text);
    if found != N {
        return Err(IdentifierError::Length { kind, needed: N, found });
    }
    let mut digits = [0; N];
    for (index, character) in characters.into_iter().enumerate() {
        digits[index] = character.to_digit(10).ok_or(IdentifierError::Character {
            kind,
            wanted: "a digit",
            position: index + 1,
            found: character,
        })? as u8;
    }
    Ok(digits)
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// Weights 10 down to 2 over the first nine digits, modulo 11: the sum that the NHS number and the
/// ULN share.
fn weighted_remainder(nine: &[u8]) -> u8 {
    let sum: u32 = nine.iter().zip((2..=10u32).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    (sum % 11) as u8
}

/// Gives a type its text forms: `FromStr` is written by hand, the rest follows from `Display`.
macro_rules! as_text {
    ($name:ident, $expecting:literal) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdentifierError;
            fn try_from(text: &str) -> Result<Self, IdentifierError> {
                text.parse()
            }
        }
    };
}

/// Unique pupil number (common basic data set N00001): given once by a state school or authority
/// and kept for life. Letters I, O and S are never used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upn([u8; 13]);

const UPN_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// The letter that belongs in front of characters 2 to 13: each times its position, modulo 23. A
/// letter at the end (temporary number) counts as its place in the table.
fn upn_check_letter(twelve: &[u8]) -> u8 {
    let sum: u32 = twelve
        .iter()
        .zip(2u32..)
        .map(|(character, weight)| {
            let value = if character.is_ascii_digit() {
                u32::from(character - b'0')
            } else {
                UPN_LETTERS.iter().position(|letter| letter == character).map_or(0, |place| place as u32)
            };
            value * weight
        })
        .sum();
    UPN_LETTERS[(sum % 23) as usize]
}

impl Upn {
    /// Makes the number whose last twelve characters are given, with its check letter in front.
    ///
    /// ```
    /// # use casework::people::identifiers::Upn;
    /// assert_eq!(Upn::with_check_letter("801200001001").unwrap().as_str(), "H801200001001");
    /// ```
    pub fn with_check_letter(twelve: &str) -> Result<Upn, IdentifierError> {
        let (mut characters, found) = significant::<13>(twelve);
        if found != 12 {
            return Err(IdentifierError::Length { kind: "a UPN without its check letter", needed: 12, found });
        }
        characters.rotate_right(1);
        characters[0] = 'A';
        let mut bytes = Upn::checked_form(&characters)?;
        bytes[0] = upn_check_letter(&bytes[1..]);
        Ok(Upn(bytes))
    }

    fn checked_form(characters: &[char; 13]) -> Result<[u8; 13], IdentifierError> {
        let mut bytes = [0; 13];
        for (index, character) in characters.iter().copied().enumerate() {
            let letter = character.is_ascii() && UPN_LETTERS.contains(&(character as u8));
            let digit = character.is_ascii_digit();
            let (fits, wanted) = match index {
                0 => (letter, "a capital letter other than I, O or S"),
                12 => (letter || digit, "a digit (or, in a temporary number, a letter)"),
                _ => (digit, "a digit"),
            };
            if !fits {
                return Err(IdentifierError::Character {
                    kind: "a UPN",
                    wanted,
                    position: index + 1,
                    found: character,
                });
            }
            bytes[index] = character as u8;
        }
        Ok(bytes)
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a UPN is made of ASCII letters and digits")
    }

    /// Whether the number was given for the time being, until the permanent one is found.
    pub fn is_temporary(&self) -> bool {
        self.0[12].is_ascii_alphabetic()
    }

    /// The three digits of the authority that gave the number.
    pub fn issuing_authority(&self) -> &str {
        &self.as_str()[1..4]
    }
}

impl FromStr for Upn {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (characters, found) = significant::<13>(text);
        if found != 13 {
            return Err(IdentifierError::Length { kind: "a UPN", needed: 13, found });
        }
        let bytes = Upn::checked_form(&characters)?;
        let wanted = upn_check_letter(&bytes[1..]);
        if bytes[0] == wanted {
            Ok(Upn(bytes))
        } else {
            Err(IdentifierError::CheckLetter { found: characters[0], wanted: char::from(wanted) })
        }
    }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

as_text!(Upn, "a UPN");

/// NHS number. Shown by `Display` without spaces; [`NhsNumber::spaced`] is the form for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(u64);

impl NhsNumber {
    /// Makes the number whose first nine digits are given. One group of nine in eleven has no
    /// number at all.
    pub fn with_check_digit(nine: &str) -> Result<NhsNumber, IdentifierError> {
        let nine = digits::<9>("an NHS number without its check digit", nine)?;
        match (11 - weighted_remainder(&nine)) % 11 {
            10 => Err(IdentifierError::NoCheckDigit { kind: "NHS number" }),
            check => Ok(NhsNumber(number(&nine) * 10 + u64::from(check))),
        }
    }

    /// The form people read: 943 476 5919.
    pub fn spaced(&self) -> String {
        let text = self.to_string();
        format!("{} {} {}", &text[..3], &text[3..6], &text[6..])
    }

    /// Numbers that start with 999 are kept for testing and belong to nobody.
    pub fn is_for_testing(&self) -> bool {
        self.0 / 10_000_000 == 999
    }
}

impl FromStr for NhsNumber {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ten = digits::<10>("an NHS number", text)?;
        // A remainder of 1 would call for the check digit 10, so such numbers do not exist.
        if (11 - weighted_remainder(&ten[..9])) % 11 == ten[9] {
            Ok(NhsNumber(number(&ten)))
        } else {
            Err(IdentifierError::CheckDigit { kind: "NHS number" })
        }
    }
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

as_text!(NhsNumber, "an NHS number");

/// Unique learner number: given by the Learning Records Service from age 14.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uln(u64);

impl Uln {
    /// Makes the number whose first nine digits are given. A remainder of nought has no number.
    pub fn with_check_digit(nine: &str) -> Result<Uln, IdentifierError> {
        let nine = digits::<9>("a ULN without its check digit", nine)?;
        match weighted_remainder(&nine) {
            0 => Err(IdentifierError::NoCheckDigit { kind: "ULN" }),
            remainder => Ok(Uln(number(&nine) * 10 + u64::from(10 - remainder))),
        }
    }
}

impl FromStr for Uln {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ten = digits::<10>("a ULN", text)?;
        match weighted_remainder(&ten[..9]) {
            remainder @ 1..=10 if 10 - remainder == ten[9] => Ok(Uln(number(&ten))),
            _ => Err(IdentifierError::CheckDigit { kind: "ULN" }),
        }
    }
}

impl fmt::Display for Uln {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

as_text!(Uln, "a ULN");

macro_rules! register_number {
    ($(#[$doc:meta])* $name:ident, $length:literal, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The number as a number, for keys and sorting.
            pub fn number(self) -> u32 {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let digits = digits::<$length>($kind, text)?;
                if digits[0] == 0 {
                    return Err(IdentifierError::Character {
                        kind: $kind,
                        wanted: "a digit from 1 to 9",
                        position: 1,
                        found: '0',
                    });
                }
                Ok($name(number(&digits) as u32))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        as_text!($name, $kind);
    };
}

register_number! {
    /// Unique reference number of an establishment in the national register of schools.
    Urn, 6, "a URN"
}

register_number! {
    /// UK provider reference number, from the register of learning providers.
    Ukprn, 8, "a UKPRN"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_worked_example_of_a_upn_is_accepted() {
        let upn: Upn = "H801200001001".parse().unwrap();
        assert_eq!(upn.to_string(), "H801200001001");
        assert_eq!(upn.issuing_authority(), "801");
        assert!(!upn.is_temporary());
    }

    #[test]
    fn a_upn_typed_with_small_letters_and_spaces_is_the_same_upn() {
        assert_eq!(" h801 2000 01001 ".parse::<Upn>(), "H801200001001".parse::<Upn>());
    }

    #[test]
    fn a_temporary_upn_ends_in_a_letter_and_says_so() {
        let upn = Upn::with_check_letter("80120000100A").unwrap();
        assert!(upn.is_temporary());
        assert_eq!(upn.as_str().parse(), Ok(upn));
    }

    #[test]
    fn a_wrong_upn_is_explained() {
        for (text, words) in [
            ("", "a UPN must have 13 characters, this has 0"),
            ("H80120000100", "a UPN must have 13 characters, this has 12"),
            (
                "A801200001001",
                "the check letter of this UPN does not fit its digits: it starts with A and the digits call for H; one of the characters was probably mistyped",
            ),
            ("I801200001001", "a UPN must have a capital letter other than I, O or S as character 1, not “I”"),
            ("H80120000X001", "a UPN must have a digit as character 10, not “X”"),
            ("H80120000100S", "a UPN must have a digit (or, in a temporary number, a letter) as character 13, not “S”"),
            ("É801200001001", "a UPN must have a capital letter other than I, O or S as character 1, not “É”"),
        ] {
            assert_eq!(text.parse::<Upn>().unwrap_err().to_string(), words, "{text}");
        }
    }

    #[test]
    fn known_nhs_numbers_are_told_apart() {
        let number: NhsNumber = "943 476 5919".parse().unwrap();
        assert_eq!(number.to_string(), "9434765919");
        assert_eq!(number.spaced(), "943 476 5919");
        assert!("999 000 0018".parse::<NhsNumber>().unwrap().is_for_testing());
        for wrong in ["9434765918", "9434765929", "0434765919"] {
            assert_eq!(wrong.parse::<NhsNumber>(), Err(IdentifierError::CheckDigit { kind: "NHS number" }));
        }
    }

    #[test]
    fn known_ulns_are_told_apart() {
        assert_eq!("1000000043".parse::<Uln>().unwrap().to_string(), "1000000043");
        for wrong in ["1000000063", "0000000000", "9999999999"] {
            assert_eq!(wrong.parse::<Uln>(), Err(IdentifierError::CheckDigit { kind: "ULN" }));
        }
    }

    #[test]
    fn register_numbers_have_a_length_and_no_check() {
        assert_eq!("103766".parse::<Urn>().unwrap().number(), 103_766);
        assert_eq!("10012345".parse::<Ukprn>().unwrap().number(), 10_012_345);
        assert!("012345".parse::<Urn>().is_err());
        assert!("1037667".parse::<Urn>().is_err());
        assert!("1001234x".parse::<Ukprn>().is_err());
    }

    #[test]
    fn identifiers_are_written_as_strings_in_json() {
        let upn: Upn = "H801200001001".parse().unwrap();
        assert_eq!(serde_json::to_string(&upn).unwrap(), "\"H801200001001\"");
        let urn: Urn = serde_json::from_str("\"103766\"").unwrap();
        assert_eq!(serde_json::to_string(&urn).unwrap(), "\"103766\"");
        assert!(serde_json::from_str::<NhsNumber>("\"9434765918\"").is_err());
    }

    proptest! {
        #[test]
        fn every_twelve_digits_make_one_upn(twelve in "[0-9]{11}[0-9A-HJ-NP-RT-Z]") {
            let upn = Upn::with_check_letter(&twelve).unwrap();
            prop_assert_eq!(&upn.as_str()[1..], twelve.as_str());
            prop_assert_eq!(upn.as_str().parse::<Upn>(), Ok(upn));
            for letter in UPN_LETTERS.iter().map(|byte| char::from(*byte)) {
                let other = format!("{letter}{twelve}");
                prop_assert_eq!(other.parse::<Upn>().is_ok(), other == upn.as_str());
            }
        }

        /// The weights 2 to 13 are all coprime to 23, and no two digits differ by 23.
        #[test]
        fn one_mistyped_digit_in_a_upn_is_always_noticed(
            twelve in "[0-9]{12}", place in 1usize..13, other in 0u8..10
        ) {
            let upn = Upn::with_check_letter(&twelve).unwrap();
            let mut typed = upn.as_str().as_bytes().to_vec();
            let other = b'0' + other;
            prop_assume!(typed[place] != other);
            typed[place] = other;
            prop_assert!(std::str::from_utf8(&typed).unwrap().parse::<Upn>().is_err());
        }

        #[test]
        fn ten_last_digits_fit_at_most_one_nhs_number_and_one_uln(nine in "[0-9]{9}") {
            let nhs: Vec<_> = (0..10).filter_map(|d| format!("{nine}{d}").parse::<NhsNumber>().ok()).collect();
            prop_assert_eq!(nhs.first().copied(), NhsNumber::with_check_digit(&nine).ok());
            prop_assert!(nhs.len() <= 1);
            let uln: Vec<_> = (0..10).filter_map(|d| format!("{nine}{d}").parse::<Uln>().ok()).collect();
            prop_assert_eq!(uln.first().copied(), Uln::with_check_digit(&nine).ok());
            prop_assert!(uln.len() <= 1);
        }

        #[test]
        fn any_text_gives_an_identifier_or_a_reason(text in any::<String>()) {
            if let Ok(upn) = text.parse::<Upn>() {
                prop_assert_eq!(upn.to_string().parse::<Upn>(), Ok(upn));
            }
            if let Ok(nhs) = text.parse::<NhsNumber>() {
                prop_assert_eq!(nhs.to_string().parse::<NhsNumber>(), Ok(nhs));
            }
            let _ = (text.parse::<Uln>(), text.parse::<Urn>(), text.parse::<Ukprn>());
        }
    }
}
