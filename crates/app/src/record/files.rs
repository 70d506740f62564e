//! Types of file that a record holds: how each is known, named and shown.

use crate::Error;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use std::fs::File;
use std::io::Read;

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

const TEXT: &str = "text/plain; charset=utf-8";

const TYPES: [Type; 23] = [
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
    taken(TEXT, "txt", false),
];

/// The type of a file that somebody sends, by its first bytes and not by its name. `None` when files
/// of that type are not taken. Plain text has no mark of its own: it is text from the first byte on,
/// nothing that a machine would run or draw, and is called so.
pub fn sniff(name: &str, head: &[u8]) -> Option<&'static str> {
    let Some(found) = infer::get(head) else {
        return (has_ending(name, "txt") && is_plain_text(head)).then_some(TEXT);
    };
    let found = found.mime_type();
    TYPES.iter().find(|known| known.is_taken && known.media_type == found).map(|known| known.media_type)
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case(ending))
}

/// Whether these bytes are text in UTF-8 without control characters. The last character may be cut.
fn is_plain_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.trim().is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
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
    size: u64,
    read: impl FnOnce(u64, u64) -> Result<Vec<u8>, Error>,
) -> Result<Response, Error> {
    let range = asked_range(headers, size);
    // A part may be shorter than what was asked for: a player asks again.
    let range = range.map(|(first, last)| (first, last.min(first + PART_BYTES_MAX - 1)));
    let (first, last) = range.unwrap_or((0, size.saturating_sub(1)));
    let mut response = answer(title, media_type, read(first, last + 1 - first)?);
    response.headers_mut().insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        if let Ok(value) = format!("bytes {first}-{last}/{size}").parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

/// Whether a player asks for a part of a recording.
pub fn is_part_asked(headers: &HeaderMap, media_type: &str) -> bool {
    let is_played = matches!(shown_of_sent(media_type).1, Picture::Sound | Picture::Film);
    is_played && headers.contains_key(header::RANGE)
}

/// What a page can show of a file that people sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    Image,
    Sound,
    Film,
    None,
}

/// Whether a file that somebody sent opens in the browser, and as what. A PDF does not: what others made
/// is saved, and opened with a program of the reader's own.
pub fn shown_of_sent(media_type: &str) -> (bool, Picture) {
    let (extension, is_shown) = shown_as(media_type);
    if !is_shown || matches!(extension, "pdf" | "html") {
        return (false, Picture::None);
    }
    match media_type.split('/').next() {
        Some("image") => (true, Picture::Image),
        Some("audio") => (true, Picture::Sound),
        Some("video") => (true, Picture::Film),
        _ => (false, Picture::None),
    }
}

/// A stored file on its way out.
pub struct Given {
    pub title: String,
    pub media_type: String,
    /// Whether somebody sent it, so that nothing is known of what it may try.
    pub was_sent: bool,
    pub file: File,
}

/// Bytes of a file that are read at once.
const PIECE_BYTES: usize = 256 * 1024;

/// A stored file as an answer, a piece at a time however long it is.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub fn give(given: Given) -> Result<Response, Error> {
    let Given { title, media_type, was_sent, file } = given;
    let size = file.metadata().map_err(|cause| Error::File { step: "measure", name: title.clone(), cause })?.len();
    let is_played = matches!(shown_of_sent(&media_type).1, Picture::Sound | Picture::Film);
    let pieces = futures_util::stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE_BYTES];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, std::io::Error>((piece, file))
        });
        match read.await {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, file))) => Some((Ok(piece), Some(file))),
            // The line breaks off, so that nobody takes half a file for the whole.
            Ok(Err(cause)) => Some((Err(cause), None)),
            Err(join) => Some((Err(std::io::Error::other(join)), None)),
        }
    });
    // Who compresses it asks once more after the end, which a stream may not be without this.
    let mut response = with_head(&title, &media_type, was_sent, Body::from_stream(pieces.fuse()));
    if let Ok(length) = size.to_string().parse() {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    if is_played {
        response.headers_mut().insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
    }
    Ok(response)
}

/// A stored file as an answer: shown or saved under its title, able to do nothing where it is shown.
pub fn answer(title: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    with_head(title, media_type, false, Body::from(bytes))
}

fn with_head(title: &str, media_type: &str, was_sent: bool, body: Body) -> Response {
    let (extension, is_shown) =
        if was_sent { (shown_as(media_type).0, shown_of_sent(media_type).0) } else { shown_as(media_type) };
    // Under its own name, without its ending twice.
    let title = title.strip_suffix(extension).and_then(|title| title.strip_suffix('.')).unwrap_or(title);
    let safe: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let disposition = if is_shown { "inline" } else { "attachment" };
    let policy = match extension {
        // A PDF viewer needs its plug-in; a page of ours kept as a document needs nothing at all.
        "pdf" if !was_sent => "frame-ancestors 'none'",
        "html" => "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
        _ => "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'none'",
    };
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{safe}.{extension}\"")),
            (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
        ],
        body,
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
        assert_eq!(sniff("letter.exe", b"\xff\xd8\xff\xe0 a photo"), Some("image/jpeg"));
        assert_eq!(sniff("letter", b"%PDF-1.7 a letter"), Some("application/pdf"));
        assert_eq!(sniff("", b"OggS\0 a voice"), Some("audio/ogg"));
        assert_eq!(sniff("a", b"RIFF\x24\x00\x00\x00WAVEfmt "), Some("audio/x-wav"));
        assert_eq!(sniff("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Some("image/heif"));
        for refused in [&b"MZ a program"[..], b"<html><script>", b"#!/bin/sh", b"PK\x03\x04 some zip", b"", b"words"] {
            assert_eq!(sniff("report.pdf", refused), None);
        }
    }

    #[test]
    fn plain_text_is_text_and_says_so() {
        assert_eq!(sniff("notes.TXT", "He said: “no”.\r\n\tThen he left.\n".as_bytes()), Some(TEXT));
        assert_eq!(sniff("notes.txt", "cut within é".as_bytes().split_last().expect("bytes").1), Some(TEXT));
        for (name, bytes) in [
            ("notes.doc", &b"words"[..]),
            ("notes.txt", b"words\0more"),
            ("notes.txt", b"\x1b[2J"),
            ("notes.txt", b"\xff\xfew\0o\0r\0d\0"),
            ("notes.txt", b"  \n"),
            ("notes.txt", b"<!DOCTYPE html><script>"),
            ("notes.txt", b"#!/bin/sh\nrm"),
        ] {
            assert_eq!(sniff(name, bytes), None, "{name} {bytes:?}");
        }
    }

    #[test]
    fn what_people_send_opens_only_as_a_picture_or_a_recording() {
        for (media_type, shown) in [
            ("image/png", (true, Picture::Image)),
            ("video/webm", (true, Picture::Film)),
            ("audio/ogg", (true, Picture::Sound)),
            ("image/heif", (false, Picture::None)),
            ("application/pdf", (false, Picture::None)),
            ("text/html; charset=utf-8", (false, Picture::None)),
            (TEXT, (false, Picture::None)),
            (WORD, (false, Picture::None)),
        ] {
            assert_eq!(shown_of_sent(media_type), shown, "{media_type}");
            let head = with_head("a letter.pdf", media_type, true, Body::empty());
            let saved = head.headers()[header::CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment");
            assert_eq!(saved, !shown.0, "{media_type}");
            assert!(head.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").contains("sandbox"));
        }
        let made = answer("Final plan", "application/pdf", vec![]);
        assert_eq!(made.headers()[header::CONTENT_DISPOSITION], "inline; filename=\"Final-plan.pdf\"");
        let sent = with_head("a letter.pdf", "application/pdf", true, Body::empty());
        assert_eq!(sent.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"a-letter.pdf\"");
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
