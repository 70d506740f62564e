//! What a request of the tus protocol asks for: its headers, read and bounded. Pure.
//!
//! <https://tus.io/protocols/resumable-upload>, version 1.0.0, with the extensions creation,
//! checksum, expiration and termination.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub const VERSION: &str = "1.0.0";
pub const EXTENSIONS: &str = "creation,checksum,expiration,termination";
pub const CHECKSUMS: &str = "sha1,sha256";
/// The type of a part's body.
pub const PART_TYPE: &str = "application/offset+octet-stream";

/// Most bytes of `Upload-Metadata`.
const METADATA_BYTES_MAX: usize = 4096;

/// Why a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not this version of the protocol, or none.
    Version,
    /// No length, or none that is a number.
    Length,
    Metadata,
    Offset,
    /// The body is not a part of a file.
    PartType,
    /// A way of making checksums that is not known here, or a value that none can have.
    Checksum,
}

impl Fault {
    pub fn words(self) -> &'static str {
        match self {
            Fault::Version => "Tus-Resumable must be 1.0.0",
            Fault::Length => "Upload-Length must be a number of bytes",
            Fault::Metadata => "Upload-Metadata must name the file: filename, a space, the name in base64",
            Fault::Offset => "Upload-Offset must be a number of bytes",
            Fault::PartType => "Content-Type must be application/offset+octet-stream",
            Fault::Checksum => "Upload-Checksum must be sha1 or sha256, a space, the value in base64",
        }
    }

    /// The status that the protocol gives it.
    pub fn status(self) -> u16 {
        match self {
            Fault::Version => 412,
            Fault::PartType => 415,
            _ => 400,
        }
    }
}

/// A file that somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    pub bytes: u64,
    /// As the browser names it. Not yet a title: see [`crate::web::upload::title`].
    pub name: String,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub offset: u64,
    pub checksum: Option<Checksum>,
}

/// What the bytes of a part must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checksum {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

/// A checksum while the bytes pass by.
pub enum Summing {
    Sha1(Box<Sha1>, [u8; 20]),
    Sha256(Box<Sha256>, [u8; 32]),
}

impl Checksum {
    pub fn begin(self) -> Summing {
        match self {
            Checksum::Sha1(expected) => Summing::Sha1(Box::default(), expected),
            Checksum::Sha256(expected) => Summing::Sha256(Box::default(), expected),
        }
    }
}

impl Summing {
    pub fn add(&mut self, bytes: &[u8]) {
        match self {
            Summing::Sha1(sum, _) => sum.update(bytes),
            Summing::Sha256(sum, _) => sum.update(bytes),
        }
    }

    /// Whether the bytes were those that were meant.
    pub fn matches(self) -> bool {
        match self {
            Summing::Sha1(sum, expected) => <[u8; 20]>::from(sum.finalize()) == expected,
            Summing::Sha256(sum, expected) => <[u8; 32]>::from(sum.finalize()) == expected,
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A number of bytes: digits only, so that no sign and no space slips by.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = text(headers, name)?;
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// That the request speaks this version.
///
/// # Errors
/// [`Fault::Version`].
pub fn version(headers: &HeaderMap) -> Result<(), Fault> {
    if text(headers, "tus-resumable") == Some(VERSION) { Ok(()) } else { Err(Fault::Version) }
}

/// Reads a request to create an upload.
///
/// # Errors
/// What is wrong with it.
pub fn creation(headers: &HeaderMap) -> Result<Creation, Fault> {
    version(headers)?;
    let bytes = number(headers, "upload-length").ok_or(Fault::Length)?;
    let metadata = text(headers, "upload-metadata").unwrap_or_default();
    if metadata.len() > METADATA_BYTES_MAX {
        return Err(Fault::Metadata);
    }
    let name = metadata.split(',').find_map(|pair| pair.trim().strip_prefix("filename ")).ok_or(Fault::Metadata)?;
    let name = BASE64.decode(name.trim()).map_err(|_| Fault::Metadata)?;
    Ok(Creation { bytes, name: String::from_utf8(name).map_err(|_| Fault::Metadata)? })
}

/// Reads a request that brings a part.
///
/// # Errors
/// What is wrong with it.
pub fn part(headers: &HeaderMap) -> Result<Part, Fault> {
    version(headers)?;
    if text(headers, "content-type") != Some(PART_TYPE) {
        return Err(Fault::PartType);
    }
    let offset = number(headers, "upload-offset").ok_or(Fault::Offset)?;
    let checksum = match headers.get("upload-checksum") {
        None => None,
        Some(value) => Some(value.to_str().ok().and_then(checksum).ok_or(Fault::Checksum)?),
    };
    Ok(Part { offset, checksum })
}

fn checksum(text: &str) -> Option<Checksum> {
    let (way, value) = text.split_once(' ')?;
    let value = BASE64.decode(value).ok()?;
    match way {
        "sha1" => Some(Checksum::Sha1(value.try_into().ok()?)),
        "sha256" => Some(Checksum::Sha256(value.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    fn headers(given: &[(&'static str, &str)]) -> HeaderMap {
        given
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header")))
            .collect()
    }

    #[test]
    fn a_file_is_announced_with_its_length_and_name() {
        let read = |length: &str, metadata: &str| {
            creation(&headers(&[("tus-resumable", "1.0.0"), ("upload-length", length), ("upload-metadata", metadata)]))
        };
        // "brief für Amélie.pdf"
        let name = "filename YnJpZWYgZsO8ciBBbcOpbGllLnBkZg==";
        assert_eq!(read("12", name), Ok(Creation { bytes: 12, name: "brief für Amélie.pdf".into() }));
        assert!(read("0", &format!("filetype aW1hZ2UvcG5n, {name},is_confidential")).is_ok());
        for (length, metadata, fault) in [
            ("-1", name, Fault::Length),
            ("+1", name, Fault::Length),
            ("1e9", name, Fault::Length),
            ("", name, Fault::Length),
            ("99999999999999999999", name, Fault::Length),
            ("12", "", Fault::Metadata),
            ("12", "filename", Fault::Metadata),
            ("12", "filename not base64!", Fault::Metadata),
            ("12", "filename //79", Fault::Metadata),
        ] {
            assert_eq!(read(length, metadata), Err(fault), "{length:?} {metadata:?}");
        }
        assert_eq!(read("12", &"filename YQ==,".repeat(1000)), Err(Fault::Metadata));
        assert_eq!(creation(&headers(&[("upload-length", "1")])), Err(Fault::Version));
        assert_eq!(version(&headers(&[("tus-resumable", "0.2.2")])), Err(Fault::Version));
    }

    #[test]
    fn a_part_says_where_it_begins_and_what_it_comes_to() {
        let read = |given: &[(&'static str, &str)]| {
            let mut all = vec![("tus-resumable", "1.0.0"), ("content-type", PART_TYPE), ("upload-offset", "7")];
            all.retain(|(name, _)| !given.iter().any(|(other, _)| other == name));
            all.extend(given);
            part(&headers(&all))
        };
        assert_eq!(read(&[]), Ok(Part { offset: 7, checksum: None }));
        assert_eq!(read(&[("content-type", "text/plain")]), Err(Fault::PartType));
        assert_eq!(read(&[("upload-offset", "seven")]), Err(Fault::Offset));
        for wrong in ["crc32 AAAA", "sha1", "sha1 AAAA", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="] {
            assert_eq!(read(&[("upload-checksum", wrong)]), Err(Fault::Checksum), "{wrong}");
        }
        // printf 'hello world' | openssl dgst -sha1 -binary | base64
        let part = read(&[("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")]).expect("it can be read");
        for (bytes, right) in [(b"hello world", true), (b"hello w0rld", false)] {
            let mut sum = part.checksum.clone().expect("there is one").begin();
            sum.add(&bytes[..5]);
            sum.add(&bytes[5..]);
            assert_eq!(sum.matches(), right);
        }
    }

    proptest! {
        #[test]
        fn no_header_whatsoever_breaks_the_reader(
            values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 6)
        ) {
            let names =
                ["tus-resumable", "upload-length", "upload-offset", "upload-metadata", "upload-checksum", "content-type"];
            let mut given = HeaderMap::new();
            for (name, value) in names.into_iter().zip(values) {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    given.insert(name, value);
                }
            }
            for known in [false, true] {
                if known {
                    given.insert("tus-resumable", HeaderValue::from_static(VERSION));
                    given.insert("content-type", HeaderValue::from_static(PART_TYPE));
                }
                if let Ok(found) = creation(&given) {
                    prop_assert!(found.name.len() <= METADATA_BYTES_MAX);
                }
                let _ = part(&given);
            }
        }

        #[test]
        fn what_is_announced_is_what_is_read(bytes in any::<u64>(), name in "\\PC{1,60}") {
            let metadata = format!("filename {}", BASE64.encode(&name));
            let given =
                headers(&[("tus-resumable", "1.0.0"), ("upload-length", &bytes.to_string()), ("upload-metadata", &metadata)]);
            prop_assert_eq!(creation(&given), Ok(Creation { bytes, name }));
        }
    }
}
