//! Files broken on purpose, by the thousand and the same each time: nothing panics, and what is
//! read of them can be written and read again.
//!
//! The files are those of `fuzz/corpus` and `tests/files`, so that what the fuzzer has found stays
//! found on machines that cannot run it.

use returns::{
    identifiers::{NhsNumber, Ukprn, Uln, Upn, Urn},
    schools,
    sen2::{Limits, Reader, Return, Settings},
};
use std::{fs, path::Path};

/// SplitMix64, for choosing what to break.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}

const WORDS: [&[u8]; 24] = [
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b",",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"</Person>",
    b"<Person>",
    b"<Requests>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE a>",
    b"&#x10FFFF;",
    b"&amp;",
    b"9999999999",
    b"-1",
    b"\xF0\x9D\x84\x9E",
];

fn broken(file: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(file.len() + 1);
        let to = (at + dice.below(40)).min(file.len());
        match dice.below(6) {
            0 if at < file.len() => file[at] ^= 1 << dice.below(8),
            1 if at < file.len() => file[at] = dice.below(256) as u8,
            2 => file.truncate(at),
            3 => {
                file.splice(at..to, WORDS[dice.below(WORDS.len())].iter().copied());
            }
            4 => {
                let part = file[at..to].to_vec();
                let there = dice.below(file.len() + 1);
                file.splice(there..there, part);
            }
            _ => {
                let word = WORDS[dice.below(WORDS.len())];
                file.splice(at..at, word.iter().copied());
            }
        }
    }
    file
}

fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn settings() -> Settings<'static> {
    Settings { limits: Limits { persons: 50, findings: 50, ..Limits::default() }, ..Settings::default() }
}

/// True if the file was read to its end.
fn read_a_return(file: &[u8]) -> bool {
    let Ok(mut reader) = Reader::new(file, settings()) else {
        return false;
    };
    let mut persons = Vec::new();
    let whole = loop {
        match reader.next_person() {
            Ok(Some(read)) => persons.push(read.person),
            Ok(None) => break true,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                break false;
            }
        }
    };
    assert!(reader.bytes_read() <= file.len() as u64);
    // Earlier returns leave out what was not asked then.
    if reader.header().year >= 2026 {
        let written = Return { header: reader.header().clone(), officers: reader.officers(), persons };
        let again = written.to_xml();
        let mut reader = Reader::new(&again[..], settings()).expect("what is written can be read");
        assert_eq!(reader.header(), &written.header);
        for person in &written.persons {
            let read = reader.next_person().expect("what is written is whole");
            assert_eq!(read.map(|read| read.person).as_ref(), Some(person));
        }
        assert!(matches!(reader.next_person(), Ok(None)));
    }
    whole
}

fn read_a_register(file: &[u8]) -> bool {
    let Ok(mut reader) = schools::Reader::new(file, schools::Limits::default()) else {
        return false;
    };
    loop {
        match reader.next_row() {
            Ok(Some(row)) => assert!(row.school.is_some() || !row.findings.is_empty()),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

fn read_identifiers(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let upn = text.parse::<Upn>();
    if let Ok(upn) = upn {
        assert_eq!(upn.as_str().parse(), Ok(upn));
    }
    let others = [
        text.parse::<NhsNumber>().is_ok(),
        text.parse::<Uln>().is_ok(),
        text.parse::<Urn>().is_ok(),
        text.parse::<Ukprn>().is_ok(),
        returns::postcode::tidied(&text).is_some(),
    ];
    upn.is_ok() || others.contains(&true)
}

/// Reads every file as it is and each of many broken ones; at least some are still good, so that
/// the test does not pass by refusing everything.
fn break_and_read(files: &[Vec<u8>], rounds: usize, read: impl Fn(&[u8]) -> bool) {
    assert!(!files.is_empty());
    let good = files.iter().filter(|file| read(file)).count();
    assert!(good > 0);
    let mut dice = Dice(20_261_124);
    let mut survived = 0;
    for round in 0..rounds {
        let file = broken(&files[round % files.len()], &mut dice);
        survived += usize::from(read(&file));
    }
    assert!(survived > rounds / 100, "{survived} of {rounds}");
    assert!(survived < rounds * 9 / 10, "{survived} of {rounds}");
}

#[test]
fn thousands_of_broken_returns_are_refused_or_read_without_harm() {
    let mut all = files("../../fuzz/corpus/sen2_read", "");
    all.extend(files("tests/files", ".xml"));
    break_and_read(&all, 6_000, read_a_return);
}

#[test]
fn thousands_of_broken_registers_are_refused_or_read_without_harm() {
    break_and_read(&files("../../fuzz/corpus/schools_read", ""), 20_000, read_a_register);
}

#[test]
fn thousands_of_mistyped_identifiers_are_refused_or_read_without_harm() {
    break_and_read(&files("../../fuzz/corpus/identifiers", ""), 40_000, read_identifiers);
}
