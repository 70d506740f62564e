//! Any bytes give a refusal or rows, and no row is both left out and without a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use returns::schools::{Limits, Reader};

fuzz_target!(|file: &[u8]| {
    let Ok(mut reader) = Reader::new(file, Limits::default()) else {
        return;
    };
    while let Ok(Some(row)) = reader.next_row() {
        assert!(row.school.is_some() || !row.findings.is_empty());
    }
    assert!(reader.bytes_read() <= file.len() as u64);
});
