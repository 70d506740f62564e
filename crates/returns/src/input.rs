//! Which characters are in this file, and how far have we read?
//!
//! [`Decoded`] turns the bytes of an uploaded file into UTF-8, counts bytes and lines, and stops at
//! three limits: the whole file, and one *piece* of it (a tag, a text, a row) between two calls of
//! [`Decoded::start_piece`], so that no reader built on it can be made to hold more than that.
//! UTF-8 (with or without a byte order mark), UTF-16 and Windows-1252 are read; anything else is
//! refused by name.

use std::io::{self, BufRead, Chain, Cursor, Read};

/// Why the characters of a file cannot be read. Line numbers start at 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    #[error("the file is longer than {limit_bytes} bytes, the most that is read")]
    FileTooLong { limit_bytes: u64 },
    #[error("one piece of the file, on line {line}, is longer than {limit_bytes} bytes, the most that is read at once")]
    PieceTooLong { line: u64, limit_bytes: usize },
    #[error(
        "line {line} holds characters that are not {encoding}, which is what the file says it is written in; save it again as UTF-8"
    )]
    WrongEncoding { line: u64, encoding: &'static str },
    #[error("the file says it is written in “{name}”, which is not read here; save it again as UTF-8")]
    UnknownEncoding { name: String },
    #[error("the file says it is written in UTF-16 but it is not; save it again as UTF-8")]
    NotUtf16,
    #[error("line {line} holds a control character (number {code}), which XML does not allow")]
    ControlCharacter { line: u64, code: u8 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 {
        big_endian: bool,
    },
    Windows1252,
    /// Passed on unchanged: the reader of rows decodes row by row.
    Bytes,
}

/// What the file is expected to hold, which decides how its encoding is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The declaration names the encoding; control characters are refused.
    Xml,
    /// Only a byte order mark tells; without one the bytes are passed on.
    Rows,
}

pub(crate) struct Decoded<R> {
    source: Chain<Cursor<Vec<u8>>, R>,
    kind: Kind,
    encoding: Encoding,
    decoded: Vec<u8>,
    at: usize,
    /// The start of a character whose end has not been read.
    unfinished: Vec<u8>,
    /// A carriage return at the end of the last chunk, which may be half of a line end.
    held_return: bool,
    bytes_read: u64,
    file_limit: u64,
    piece_limit: usize,
    piece_left: usize,
    line: u64,
}

const CHUNK: usize = 16 * 1024;
const HEAD: usize = 1024;

/// Windows-1252 from 0x80 to 0x9F; the five bytes it leaves undefined become the replacement sign.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}', '\u{fffd}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

pub(crate) fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl<R: BufRead> Decoded<R> {
    /// Reads as much as is needed to know the encoding.
    pub(crate) fn new(mut source: R, kind: Kind, file_limit: u64, piece_limit: usize) -> io::Result<Decoded<R>> {
        let mut head = Vec::new();
        while head.len() < HEAD && !head.windows(2).any(|pair| pair == b"?>") {
            let room = HEAD - head.len();
            let part = match source.fill_buf() {
                Ok(part) => part,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if part.is_empty() {
                break;
            }
            let taken = part.len().min(room);
            head.extend_from_slice(&part[..taken]);
            source.consume(taken);
        }
        let (encoding, mark) = find_encoding(&head, kind).map_err(io::Error::other)?;
        head.drain(..mark);
        Ok(Decoded {
            source: Cursor::new(head).chain(source),
            kind,
            encoding,
            decoded: Vec::with_capacity(2 * CHUNK),
            at: 0,
            unfinished: Vec::with_capacity(4),
            held_return: false,
            bytes_read: mark as u64,
            file_limit,
            piece_limit,
            piece_left: piece_limit,
            line: 1,
        })
    }

    /// Bytes of the file taken in so far; a few thousand more than have been looked at.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The line the next character is on.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn start_piece(&mut self) {
        self.piece_left = self.piece_limit;
    }

    fn refill(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.at = 0;
        // A chunk may hold no more than the start of one character.
        while self.decoded.is_empty() {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                if std::mem::take(&mut self.held_return) {
                    self.decoded.push(b'\r');
                    return Ok(());
                }
                if self.unfinished.is_empty() {
                    return Ok(());
                }
                return Err(self.wrong_encoding(0));
            }
            let taken = chunk.len().min(CHUNK);
            self.bytes_read += taken as u64;
            if self.bytes_read > self.file_limit {
                return Err(io::Error::other(InputError::FileTooLong { limit_bytes: self.file_limit }));
            }
            match self.encoding {
                Encoding::Bytes => self.decoded.extend_from_slice(&chunk[..taken]),
                Encoding::Utf8 => {
                    self.decoded.append(&mut self.unfinished);
                    self.decoded.extend_from_slice(&chunk[..taken]);
                }
                Encoding::Windows1252 => {
                    let mut utf8 = [0; 4];
                    for byte in &chunk[..taken] {
                        let character = windows_1252(*byte);
                        self.decoded.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
                    }
                }
                Encoding::Utf16 { .. } => self.unfinished.extend_from_slice(&chunk[..taken]),
            }
            self.source.consume(taken);
            match self.encoding {
                Encoding::Utf8 => self.keep_whole_characters()?,
                Encoding::Utf16 { big_endian } => self.decode_utf16(big_endian)?,
                Encoding::Windows1252 | Encoding::Bytes => {}
            }
            if self.kind == Kind::Rows {
                self.join_line_ends();
            }
        }
        if self.kind == Kind::Xml {
            let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
            if let Some(index) = self.decoded.iter().position(control) {
                return Err(io::Error::other(InputError::ControlCharacter {
                    line: self.line + newlines(&self.decoded[..index]),
                    code: self.decoded[index],
                }));
            }
        }
        Ok(())
    }

    fn keep_whole_characters(&mut self) -> io::Result<()> {
        if let Err(error) = std::str::from_utf8(&self.decoded) {
            let whole = error.valid_up_to();
            if error.error_len().is_some() {
                return Err(self.wrong_encoding(whole));
            }
            self.unfinished.extend_from_slice(&self.decoded[whole..]);
            self.decoded.truncate(whole);
        }
        Ok(())
    }

    /// Makes every line end a line feed: the reader of rows would otherwise count the second half of
    /// a line end as belonging to the next row, and name the wrong line.
    fn join_line_ends(&mut self) {
        if std::mem::take(&mut self.held_return) && self.decoded.first() != Some(&b'\n') {
            self.decoded.insert(0, b'\r');
        }
        if self.decoded.last() == Some(&b'\r') {
            self.decoded.pop();
            self.held_return = true;
        }
        let mut index = 0;
        let mut after = 0;
        while index < self.decoded.len() {
            let half = self.decoded[index] == b'\r' && self.decoded.get(index + 1) == Some(&b'\n');
            if !half {
                self.decoded[after] = self.decoded[index];
                after += 1;
            }
            index += 1;
        }
        self.decoded.truncate(after);
    }

    fn decode_utf16(&mut self, big_endian: bool) -> io::Result<()> {
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let mut used = 0;
        let mut utf8 = [0; 4];
        while let Some(first) = self.unfinished.get(used..used + 2).map(unit) {
            let length = if (0xD800..0xDC00).contains(&first) { 4 } else { 2 };
            let Some(bytes) = self.unfinished.get(used..used + length) else {
                break;
            };
            match char::decode_utf16(bytes.chunks_exact(2).map(unit)).next() {
                Some(Ok(character)) => self.decoded.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes()),
                _ => return Err(self.wrong_encoding(self.decoded.len())),
            }
            used += length;
        }
        self.unfinished.drain(..used);
        Ok(())
    }

    fn wrong_encoding(&self, good: usize) -> io::Error {
        io::Error::other(InputError::WrongEncoding {
            line: self.line + newlines(&self.decoded[..good.min(self.decoded.len())]),
            encoding: match self.encoding {
                Encoding::Utf16 { .. } => "UTF-16",
                Encoding::Windows1252 => "Windows-1252",
                Encoding::Utf8 | Encoding::Bytes => "UTF-8",
            },
        })
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// The encoding and the length of its byte order mark.
fn find_encoding(head: &[u8], kind: Kind) -> Result<(Encoding, usize), InputError> {
    let named = |name: &str| InputError::UnknownEncoding { name: name.to_owned() };
    match head {
        [0xEF, 0xBB, 0xBF, ..] if kind == Kind::Rows => return Ok((Encoding::Bytes, 3)),
        [0xEF, 0xBB, 0xBF, ..] => return Ok((Encoding::Utf8, 3)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(named("UTF-32")),
        [0xFF, 0xFE, ..] => return Ok((Encoding::Utf16 { big_endian: false }, 2)),
        [0xFE, 0xFF, ..] => return Ok((Encoding::Utf16 { big_endian: true }, 2)),
        [b'<', 0, ..] if kind == Kind::Xml => {
            return Ok((Encoding::Utf16 { big_endian: false }, 0));
        }
        [0, b'<', ..] if kind == Kind::Xml => return Ok((Encoding::Utf16 { big_endian: true }, 0)),
        _ => {}
    }
    if kind == Kind::Rows {
        return Ok((Encoding::Bytes, 0));
    }
    let Some(name) = declared_encoding(head) else {
        return Ok((Encoding::Utf8, 0));
    };
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok((Encoding::Utf8, 0)),
        "windows-1252" | "cp1252" | "cp-1252" | "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" => {
            Ok((Encoding::Windows1252, 0))
        }
        "utf-16" | "utf-16le" | "utf-16be" => Err(InputError::NotUtf16),
        _ => Err(named(&name)),
    }
}

/// What `<?xml … encoding="…"?>` says.
fn declared_encoding(head: &[u8]) -> Option<String> {
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = String::from_utf8_lossy(&head[..end]);
    let declaration = declaration.trim_start().strip_prefix("<?xml")?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?;
    let after = after.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = after[1..].split(quote).next()?;
    Some(name.trim().chars().take(40).collect())
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(into.len());
        into[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.decoded.len() {
            self.refill()?;
        }
        let available = self.decoded.len() - self.at;
        if available > 0 && self.piece_left == 0 {
            return Err(io::Error::other(InputError::PieceTooLong { line: self.line, limit_bytes: self.piece_limit }));
        }
        let shown = available.min(self.piece_left);
        Ok(&self.decoded[self.at..self.at + shown])
    }

    fn consume(&mut self, amount: usize) {
        let end = (self.at + amount).min(self.decoded.len());
        self.line += newlines(&self.decoded[self.at..end]);
        self.piece_left = self.piece_left.saturating_sub(amount);
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn decode(bytes: &[u8], kind: Kind) -> Result<String, InputError> {
        // A tiny buffer cuts characters in half.
        let source = BufReader::with_capacity(3, bytes);
        let inner = |error: io::Error| {
            let error = error.into_inner().expect("an input error is inside");
            *error.downcast::<InputError>().expect("of its own type")
        };
        let mut text = Vec::new();
        let mut decoded = Decoded::new(source, kind, 10_000, 5_000).map_err(inner)?;
        decoded.read_to_end(&mut text).map_err(inner)?;
        Ok(String::from_utf8(text).expect("decoded text is UTF-8"))
    }

    #[test]
    fn a_name_with_an_accent_survives_every_encoding_that_is_read() {
        let text = "<?xml version=\"1.0\"?>\n<a>Zoë Ångström 𝄞</a>";
        let utf16 = |big: bool| {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
        };
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes().to_vec(), marked, utf16(true), utf16(false)] {
            assert_eq!(decode(&bytes, Kind::Xml).unwrap(), text);
        }
        assert_eq!(decode(&utf16(false)[2..], Kind::Xml).unwrap(), text);
        let western = b"<?xml version='1.0' encoding='Windows-1252'?><a>Zo\xEB \x93x\x94</a>";
        assert!(decode(western, Kind::Xml).unwrap().ends_with("<a>Zoë “x”</a>"));
    }

    #[test]
    fn a_file_in_another_encoding_than_it_says_is_refused_with_the_line() {
        assert_eq!(
            decode(b"<a>\n<b>Zo\xEB</b></a>", Kind::Xml),
            Err(InputError::WrongEncoding { line: 2, encoding: "UTF-8" })
        );
        assert_eq!(decode(b"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>", Kind::Xml), Err(InputError::NotUtf16));
        assert_eq!(
            decode(b"<?xml version=\"1.0\" encoding=\"EBCDIC-UK\"?><a/>", Kind::Xml),
            Err(InputError::UnknownEncoding { name: "EBCDIC-UK".into() })
        );
        assert!(decode(b"\xFF\xFE<\0a\0>", Kind::Xml).is_err(), "half a character");
        assert!(decode(b"\xFF\xFE\x00\xDC<\0", Kind::Xml).is_err(), "second half of a pair");
        assert!(decode(b"<a>\0</a>", Kind::Xml).is_err());
    }

    #[test]
    fn line_ends_of_rows_become_one_character() {
        for file in ["a\r\nb\rc\r", "ab\r\n\r\nc", "\r\n", "\r", "\r\r\n"] {
            let expected = file.replace("\r\n", "\n");
            assert_eq!(decode(file.as_bytes(), Kind::Rows).unwrap(), expected, "{file:?}");
        }
    }

    #[test]
    fn the_file_and_each_piece_of_it_have_a_limit() {
        let long = vec![b'x'; 20_000];
        assert_eq!(decode(&long, Kind::Rows), Err(InputError::PieceTooLong { line: 1, limit_bytes: 5_000 }));
        let mut decoded = Decoded::new(&long[..], Kind::Rows, 10_000, 5_000).unwrap();
        let mut part = [0; 1000];
        let error = loop {
            decoded.start_piece();
            if let Err(error) = decoded.read(&mut part) {
                break error;
            }
        };
        assert!(error.to_string().contains("longer than 10000 bytes"), "{error}");
    }
}
