//! A file of any size is read, or refused, in memory that does not grow with it.
//!
//! One test in a program of its own, because what is measured is the most memory that the whole
//! program ever held.

use returns::{
    schools,
    sen2::{LaNumber, Limits, Reader, Settings, Writer, sample::Sample},
};
use std::{
    fs,
    io::{self, BufReader, Read},
};

/// The most memory this program has held, in bytes. Only where the system tells.
fn most_memory_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// `start`, then `again` over and over, up to a length; never held as a whole.
struct Stream<'a> {
    start: &'a [u8],
    again: &'a [u8],
    at: usize,
    left: u64,
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start.is_empty() {
            self.start = &self.again[self.at..];
        }
        let count = into.len().min(self.start.len()).min(self.left as usize);
        into[..count].copy_from_slice(&self.start[..count]);
        self.start = &self.start[count..];
        self.left -= count as u64;
        Ok(count)
    }
}

fn stream<'a>(start: &'a [u8], again: &'a [u8], left: u64) -> BufReader<Stream<'a>> {
    BufReader::new(Stream { start, again, at: 0, left })
}

/// How long a file to read when it is asked for, such as 1000 for the longest that is taken.
fn long_form_megabytes() -> Option<u64> {
    std::env::var_os("TELLONCE_DRILL_MEGABYTES")?.to_str()?.parse().ok()
}

/// Persons and the error at the end, or none.
fn read_through(source: impl io::BufRead) -> (u64, Option<String>) {
    let limits = Limits { file_bytes: 2 << 30, persons: 1_000_000, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let mut reader = match Reader::new(source, settings) {
        Ok(reader) => reader,
        Err(error) => return (0, Some(error.to_string())),
    };
    loop {
        match reader.next_person() {
            Ok(Some(_)) => {}
            Ok(None) => return (reader.persons_read(), None),
            Err(error) => return (reader.persons_read(), Some(error.to_string())),
        }
    }
}

#[test]
fn long_files_and_bombs_are_read_or_refused_in_bounded_memory() {
    const MEGABYTE: u64 = 1 << 20;
    let sample = Sample::new(5, 100, 2026, LaNumber::new(332).expect("three digits"));
    let mut writer = Writer::new(Vec::new(), &sample.header(), sample.officers()).expect("memory");
    let start = std::mem::take(writer.output());
    for person in sample.iter() {
        writer.write_person(&person).expect("memory");
    }
    let persons = std::mem::take(writer.output());
    let before = most_memory_bytes();

    // A good file that breaks off after a long way: the same hundred persons over and over.
    let megabytes = long_form_megabytes().unwrap_or(20);
    let (read, error) = read_through(stream(&start, &persons, megabytes * MEGABYTE));
    assert!(read > megabytes * 300, "{read}");
    let error = error.expect("the stream has no end tag");
    assert!(error.starts_with("it breaks off"), "{error}");

    // Bombs: each as long as the longest file, none read for long.
    let header = String::from_utf8(start.clone()).expect("UTF-8");
    let after = |text: &str| format!("{header}{text}").into_bytes();
    for (begin, again, expected) in [
        (b"<!DOCTYPE a [".to_vec(), "<!ENTITY b \"&c;&c;&c;\">", "declares a document type"),
        (b"<Message><!--".to_vec(), "not the end of this comment ", "one piece of the file"),
        (b"<Message ".to_vec(), "a='b' ", "one piece of the file"),
        (b"<".to_vec(), "M", "one piece of the file"),
        (after("<Person><Surname>"), "Marlow", "one piece of the file"),
        (after("<Person>"), "<Sex>M</Sex>", "more than 20000 items"),
        (after("<Person>"), "<Requests>", "is nested more than"),
        (after("<Person>"), "words <Sex/> ", "is longer than"),
        (b"<Message>".to_vec(), "<!-- and again -->\n", "the file is longer than"),
        (b"<Message>".to_vec(), "<x>", "is nested more than"),
        (after(""), "&#65;", "a value on line"),
    ] {
        // The one that only the length of the file can stop is kept to a length that tests bear.
        let long = expected.starts_with("the file");
        let length = if long { 40 * MEGABYTE } else { 1024 * MEGABYTE };
        let source = stream(&begin, again.as_bytes(), length);
        let limits = Limits { file_bytes: if long { 30 * MEGABYTE } else { 1024 * MEGABYTE }, ..Limits::default() };
        let settings = Settings { limits, ..Settings::default() };
        let error = Reader::new(source, settings)
            .and_then(|mut reader| {
                while reader.next_person()?.is_some() {}
                Ok(())
            })
            .expect_err("a bomb is refused")
            .to_string();
        assert!(error.contains(expected), "{again}: {error}");
    }

    // Registers: a long one is read, a row without end is refused.
    let source = stream(b"URN,Name\n", b"900001,Oakenmere\n", 10 * MEGABYTE);
    let limits = schools::Limits { rows: 10_000_000, ..schools::Limits::default() };
    let mut reader = schools::Reader::new(source, limits).expect("a register");
    while reader.next_row().expect("rows").is_some() {}
    assert!(reader.rows_read() > 500_000);
    let source = stream(b"URN,Name\n900001,\"", b"Oakenmere\n", 1024 * MEGABYTE);
    let mut reader = schools::Reader::new(source, schools::Limits::default()).expect("a register");
    let error = reader.next_row().expect_err("the row has no end").to_string();
    assert!(error.starts_with("the row on line 2 is longer than"), "{error}");

    match (before, most_memory_bytes()) {
        (Some(before), Some(after)) => {
            let grown = after - before;
            println!("grown by {} kB over {} kB", grown / 1024, before / 1024);
            assert!(grown < 16 * MEGABYTE, "memory grew by {grown} bytes");
        }
        _ => println!("skipped: this system does not tell how much memory was held"),
    }
}
