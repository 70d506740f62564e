//! Types of file that a record holds: how each is known, named and shown.

use crate::Error;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// How a type of file is treated.
struct Type {
    media_type: &'static str,
    extension: &'static str,
    /// Whether a browser may show it. What it may not show is saved instead.
    is_shown: bool,
    /// Whether people may send it. The rest is made here.
    is_taken: bool,
}

const fn made(media_type: &'static str, extension: &'static str, is_shown: bool) -> Type {
    Type { media_type, extension, is_shown, is_taken: false }
}

const fn taken(media_type: &'static str, extension: &'static str, is_shown: bool) -> Type {
    Type { media_type, extension, is_shown, is_taken: true }
}

/// Most that one part of a file weighs when it is asked for in parts.
const PART_BYTES_MAX: u64 = 4 * 1024 * 1024;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const TYPES: [Type; 22] = [
    taken("application/pdf", "pdf", true),
    taken(WORD, "docx", false),
    made("text/html; charset=utf-8", "html", true),
    taken("application/vnd.oasis.opendocument.text", "odt", false),
    taken("image/jpeg", "jpg", true),
    taken("image/png", "png", true),
    taken("image/gif", "gif", true),
    taken("image/webp", "webp", true),
    taken("image/heif", "heic", false),
    taken("audio/mpeg", "mp3", true),
    taken("audio/m4a", "m4a", true),
    taken("audio/ogg", "ogg", true),
    taken("audio/opus", "opus", true),
    taken("audio/x-wav", "wav", true),
    taken("audio/amr", "amr", false),
    taken("audio/aac", "aac", true),
    taken("audio/x-flac", "flac", true),
    taken("video/mp4", "mp4", true),
    taken("video/webm", "webm", true),
    taken("video/quicktime", "mov", false),
    taken("video/3gpp", "3gp", false),
    taken("video/x-m4v", "m4v", false),
];

/// The type of a file that somebody sends, by its first bytes and not by its name. `None` when files
/// of that type are not taken.
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    let found = infer::get(head)?.mime_type();
    TYPES.iter().find(|known| known.is_taken && known.media_type == found).map(|known| known.media_type)
}

/// A type that was stored.
pub fn known(media_type: &str) -> Option<&'static str> {
    TYPES.iter().find(|known| known.media_type == media_type).map(|known| known.media_type)
}

/// The ending of a file's name, and whether a browser may show it.
fn shown_as(media_type: &str) -> (&'static str, bool) {
    TYPES
        .iter()
        .find(|known| known.media_type == media_type)
        .map_or(("bin", false), |known| (known.extension, known.is_shown))
}

/// The first and last byte that a player asks for, of a file of `size` bytes; the whole without a range
/// that can be given. Several ranges at once are answered with the whole, as the standard lets us.
fn asked_range(headers: &HeaderMap, size: u64) -> Option<(u64, u64)> {
    let asked = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (first, last) = asked.split_once('-')?;
    let end = size.checked_sub(1)?;
    let (first, last) = match (first, last) {
        ("", count) => (size.saturating_sub(count.parse().ok()?), end),
        (first, "") => (first.parse().ok()?, end),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.min(end)),
    };
    (first <= last).then_some((first, last))
}

/// A recording as an answer: the part of it that a player asks for, as players on phones need it.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub fn answer_part(
    headers: &HeaderMap,
    title: &str,
    media_type: &str,
    mut file: File,
    size: u64,
) -> Result<Response, Error> {
    let fail = |cause| Error::File { step: "read", name: title.to_owned(), cause };
    let range = asked_range(headers, size);
    // A part may be shorter than what was asked for: a player asks again.
    let range = range.map(|(first, last)| (first, last.min(first + PART_BYTES_MAX - 1)));
    let (first, last) = range.unwrap_or((0, size.saturating_sub(1)));
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(first)).map_err(fail)?;
    file.take(last + 1 - first).read_to_end(&mut bytes).map_err(fail)?;
    let mut response = answer(title, media_type, bytes);
    response.headers_mut().insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        if let Ok(value) = format!("bytes {first}-{last}/{size}").parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

/// A stored file as an answer: shown or saved under its title, able to do nothing where it is shown.
pub fn answer(title: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let (extension, is_shown) = shown_as(media_type);
    let safe: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let disposition = if is_shown { "inline" } else { "attachment" };
    let policy = match extension {
        // A PDF viewer needs its plug-in; a page of ours kept as a document needs nothing at all.
        "pdf" => "frame-ancestors 'none'",
        "html" => "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
        _ => "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'",
    };
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{safe}.{extension}\"")),
            (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
        ],
        bytes,
    )
        .into_response()
}

/// "photo", "recording", "document": what people call it.
pub fn word_for(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "picture",
        Some("audio") => "voice recording",
        Some("video") => "film",
        _ => "document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_what_is_in_them() {
        assert_eq!(sniff(b"\xff\xd8\xff\xe0 a photo"), Some("image/jpeg"));
        assert_eq!(sniff(b"%PDF-1.7 a letter"), Some("application/pdf"));
        assert_eq!(sniff(b"OggS\0 a voice"), Some("audio/ogg"));
        assert_eq!(sniff(b"RIFF\x24\x00\x00\x00WAVEfmt "), Some("audio/x-wav"));
        for refused in [&b"MZ a program"[..], b"<html><script>", b"#!/bin/sh", b"PK\x03\x04 some zip", b"", b"words"] {
            assert_eq!(sniff(refused), None);
        }
    }

    #[test]
    fn a_player_gets_the_part_it_asks_for() {
        for (asked, given) in [
            ("bytes=0-1", Some((0, 1))),
            ("bytes=90-", Some((90, 99))),
            ("bytes=90-400", Some((90, 99))),
            ("bytes=-10", Some((90, 99))),
            ("bytes=200-", None),
            ("bytes=5-4", None),
            ("bytes=0-1,5-6", None),
            ("lines=1-2", None),
            ("bytes=-", None),
        ] {
            let headers = HeaderMap::from_iter([(header::RANGE, asked.parse().expect("a header"))]);
            assert_eq!(asked_range(&headers, 100), given, "{asked}");
        }
        assert_eq!(asked_range(&HeaderMap::new(), 100), None);
    }

    #[test]
    fn no_type_is_listed_twice_and_a_page_is_never_taken() {
        let mut names: Vec<&str> = TYPES.iter().map(|known| known.media_type).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TYPES.len());
        assert!(TYPES.iter().all(|known| !(known.is_taken && known.extension == "html")));
        assert_eq!(shown_as("application/x-shellscript"), ("bin", false));
    }
}
