//! Receipts: proof of what was sent, and when.
//!
//! The receipt is part of the event that records the request, so the journal's chain covers it: a
//! file that has the fingerprint on the receipt is the file that was sent on that day.

use crate::DocumentId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The number on a receipt: counted from 1 in each area and year. "2026-00123".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReceiptNumber {
    pub year: i16,
    pub number: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:05}", self.year, self.number)
    }
}

/// A SHA-256 in 64 lower-case hexadecimal digits: what any computer can work out of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFingerprint;

impl fmt::Display for NotAFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fingerprint is 64 digits 0-9 or a-f")
    }
}

impl std::error::Error for NotAFingerprint {}

impl Fingerprint {
    /// Of the 32 bytes that SHA-256 gives.
    pub fn of(hash: [u8; 32]) -> Fingerprint {
        Fingerprint(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Fingerprint::try_from(text.to_owned())
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_one = text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if is_one { Ok(Fingerprint(text)) } else { Err(NotAFingerprint) }
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.0
    }
}

/// A file that came with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    pub document: DocumentId,
    pub fingerprint: Fingerprint,
}

/// What someone who asks is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub number: ReceiptNumber,
    /// Of what was said, as text in UTF-8.
    pub words: Fingerprint,
    pub files: Vec<SentFile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_people_write_it() {
        assert_eq!(ReceiptNumber { year: 2026, number: 7 }.to_string(), "2026-00007");
        assert_eq!(ReceiptNumber { year: 2026, number: 123_456 }.to_string(), "2026-123456");
    }

    #[test]
    fn only_sixty_four_digits_are_a_fingerprint() {
        let good = Fingerprint::of([0xab; 32]);
        assert_eq!(good.as_str().len(), 64);
        assert_eq!(good.as_str().parse(), Ok(good.clone()));
        assert_eq!(serde_json::from_str::<Fingerprint>(&format!("\"{good}\"")).ok(), Some(good));
        for bad in ["", "ab", &"g".repeat(64), &"A".repeat(64), &"0".repeat(65)] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(NotAFingerprint), "{bad}");
        }
    }
}
