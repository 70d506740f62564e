//! The words of a Word document: its text, headers, footers, notes and comments, what was struck out
//! but is still inside, and its title.

use super::{CHARS_MAX, Read};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Most entries that a document may have, and the longest that one may become.
const ENTRIES_MAX: usize = 5_000;
const ENTRY_BYTES_MAX: u64 = 40_000_000;

pub(super) fn read(bytes: &[u8]) -> Read {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Read::nothing("it is damaged") };
    if archive.len() > ENTRIES_MAX {
        return Read::nothing("it has too many parts");
    }
    let mut names: Vec<String> = archive.file_names().filter(|name| place(name).is_some()).map(str::to_owned).collect();
    names.sort_by_key(|name| (name != "word/document.xml", name.clone()));
    let (mut parts, mut unread, mut left) = (Vec::new(), None, ENTRY_BYTES_MAX);
    let mut has_pictures = false;
    for name in archive.file_names() {
        has_pictures |= name.starts_with("word/media/");
    }
    for name in names {
        let (Some(place), Ok(entry)) = (place(&name), archive.by_name(&name)) else { continue };
        let mut xml = Vec::new();
        // However long an entry says it is: what comes out is counted.
        match entry.take(left + 1).read_to_end(&mut xml) {
            Ok(length) if length as u64 > left => {
                unread = Some(super::TOO_LONG.to_owned());
                break;
            }
            Ok(length) => left -= length as u64,
            Err(_) => return Read::nothing("it is damaged"),
        }
        match words(&xml) {
            Some(words) if words.trim().is_empty() => {}
            Some(words) => {
                if words.len() > CHARS_MAX {
                    unread = Some(super::TOO_LONG.to_owned());
                }
                parts.push((place.to_owned(), words));
            }
            None => return Read::nothing("it is damaged"),
        }
    }
    if parts.is_empty() && unread.is_none() {
        unread = Some(if has_pictures { "it holds only pictures" } else { "it has no words" }.to_owned());
    }
    Read { parts, unread }
}

/// What people call a part, of those that hold words.
fn place(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("word/");
    match rest {
        Some("document.xml") => Some("the text"),
        Some("footnotes.xml" | "endnotes.xml") => Some("a note"),
        Some("comments.xml") => Some("a comment"),
        Some(rest) if rest.starts_with("header") && rest.ends_with(".xml") => Some("the header"),
        Some(rest) if rest.starts_with("footer") && rest.ends_with(".xml") => Some("the footer"),
        _ if name == "docProps/core.xml" => Some("the file’s own title"),
        _ => None,
    }
}

/// The words of one part; none when it is not XML.
fn words(xml: &[u8]) -> Option<String> {
    let xml = std::str::from_utf8(xml).ok()?;
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let (mut text, mut inside) = (String::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                // `delText` was struck out; whoever opens the file can bring it back.
                inside = matches!(start.local_name().as_ref(), "t" | "delText" | "title" | "subject" | "description");
            }
            Event::End(end) => {
                inside = false;
                if matches!(end.local_name().as_ref(), "p" | "tr" | "title" | "subject" | "description") {
                    text.push('\n');
                }
            }
            Event::Empty(empty) if matches!(empty.local_name().as_ref(), "tab" | "br" | "cr") => text.push(' '),
            Event::Text(words) if inside => text.push_str(&words),
            Event::GeneralRef(name) if inside => match name.as_ref() {
                "amp" => text.push('&'),
                "apos" => text.push('\''),
                "quot" => text.push('"'),
                _ => {
                    if let Ok(Some(letter)) = name.resolve_char_ref() {
                        text.push(letter);
                    }
                }
            },
            Event::Eof => return Some(text),
            _ => {}
        }
        if text.len() > CHARS_MAX {
            return Some(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{self as text, WORD};
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn file(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).expect("an entry begins");
            zip.write_all(bytes).expect("bytes are written");
        }
        zip.finish().expect("the file ends").into_inner()
    }

    #[test]
    fn words_are_read_from_every_part_and_what_was_struck_out_too() {
        let body = br#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Ella</w:t></w:r><w:r><w:t xml:space="preserve"> Marsh &amp; Tom</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>Kai Stone</w:delText></w:r></w:del><w:r><w:tab/><w:t>O&#39;Brien</w:t></w:r></w:p></w:body></w:document>"#;
        let header = br#"<w:hdr xmlns:w="w"><w:p><w:r><w:t>Plan of Kai Stone</w:t></w:r></w:p></w:hdr>"#;
        let title =
            br#"<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Kai Stone</dc:title></cp:coreProperties>"#;
        let bytes = file(&[("docProps/core.xml", title), ("word/header1.xml", header), ("word/document.xml", body)]);
        let read = text::of(bytes, WORD);
        assert_eq!(read.unread, None);
        assert_eq!(
            read.parts,
            [
                ("the text".to_owned(), "Ella Marsh & Tom\nKai Stone O'Brien\n".to_owned()),
                ("the file’s own title".to_owned(), "Kai Stone\n".to_owned()),
                ("the header".to_owned(), "Plan of Kai Stone\n".to_owned()),
            ]
        );
    }

    #[test]
    fn hostile_files_are_said_to_be_unread() {
        let many: Vec<(String, Vec<u8>)> = (0..6_000).map(|n| (format!("word/header{n}.xml"), vec![])).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        // A file of 60 KB that becomes 60 MB.
        let bomb = [b"<w:t>".as_slice(), &vec![b' '; 60_000_000]].concat();
        let good = file(&[("word/document.xml", b"<w:t>Ella Marsh</w:t>")]);
        for (what, bytes, why) in [
            ("no file", vec![], "it is damaged"),
            ("no archive", b"PK\x03\x04 nothing".to_vec(), "it is damaged"),
            ("no words", file(&[("word/document.xml", b"<w:t></w:t>")]), "it has no words"),
            (
                "pictures",
                file(&[("word/document.xml", b"<w:p/>"), ("word/media/1.png", b"x")]),
                "it holds only pictures",
            ),
            ("broken markup", file(&[("word/document.xml", b"<w:t>Ella</w:x>")]), "it is damaged"),
            ("too many parts", file(&many), "it has too many parts"),
            ("a bomb", file(&[("word/document.xml", &bomb)]), "it is so long that only its beginning was read"),
            ("half of one", good[..good.len() / 2].to_vec(), "it is damaged"),
        ] {
            assert_eq!(text::of(bytes, WORD).unread.as_deref(), Some(why), "{what}");
        }
    }
}
