//! The code of a form that was begun: whoever has it may go on.

use crate::ports::random_bytes;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::str::FromStr;

/// Digits and letters that nobody mistakes for each other.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 12;

/// Twelve letters, 60 bits by chance: "KX7M-2PQ9-TR4D". The database has its hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    pub fn new() -> Code {
        Code(random_bytes::<LENGTH>().map(|byte| LETTERS[usize::from(byte % 32)]))
    }

    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

/// A code is a secret: it is not written into logs.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

/// The text cannot be a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotACode;

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code is twelve letters and digits")
    }
}

impl std::error::Error for NotACode {}

/// As people type it: with or without dashes and spaces, in small letters or large.
impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters: Vec<u8> =
            text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')).map(|byte| byte.to_ascii_uppercase()).collect();
        match <[u8; LENGTH]>::try_from(letters) {
            Ok(letters) if letters.iter().all(|letter| LETTERS.contains(letter)) => Ok(Code(letters)),
            _ => Err(NotACode),
        }
    }
}

/// As a part of an address.
impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::new();
        let shown = code.to_string();
        assert_eq!(shown.len(), 14);
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), shown.replace('-', "")] {
            assert_eq!(typed.parse(), Ok(code.clone()));
        }
        assert_ne!(Code::new(), code);
        for wrong in ["", "KX7M-2PQ9-TR4", "KX7M-2PQ9-TR4O", "KX7M-2PQ9-TR4D-2", "../../etc/passwd"] {
            assert_eq!(wrong.parse::<Code>(), Err(NotACode), "{wrong}");
        }
        assert_eq!(format!("{code:?}"), "Code");
    }
}
