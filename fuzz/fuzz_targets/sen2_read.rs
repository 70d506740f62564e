//! Any bytes give a refusal or persons; what was read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use returns::sen2::{Limits, Reader, Return, Settings};

fn settings() -> Settings<'static> {
    Settings {
        limits: Limits {
            persons: 50,
            findings: 50,
            ..Limits::default()
        },
        ..Settings::default()
    }
}

fuzz_target!(|file: &[u8]| {
    let Ok(mut reader) = Reader::new(file, settings()) else {
        return;
    };
    let mut persons = Vec::new();
    while let Ok(Some(read)) = reader.next_person() {
        persons.push(read.person);
    }
    assert!(reader.bytes_read() <= file.len() as u64);
    // Earlier returns leave out what was not asked then.
    if reader.header().year < 2026 {
        return;
    }
    let written = Return {
        header: reader.header().clone(),
        officers: reader.officers(),
        persons,
    };
    let again = written.to_xml();
    let mut reader = Reader::new(&again[..], settings()).expect("what is written can be read");
    assert_eq!(reader.header(), &written.header);
    for person in &written.persons {
        let read = reader.next_person().expect("what is written is whole");
        assert_eq!(read.map(|read| read.person).as_ref(), Some(person));
    }
    assert!(matches!(reader.next_person(), Ok(None)));
});
