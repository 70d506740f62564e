//! The invented returns are good enough to be returns.

use returns::sen2::{LaNumber, Reader, Settings, Severity, Writer, YEARS, sample::Sample};
use std::collections::BTreeMap;

fn dudley_sized(year: i16, persons: u64) -> Sample {
    Sample::new(7, persons, year, LaNumber::new(332).unwrap())
}

fn findings_by_rule(file: &[u8]) -> BTreeMap<&'static str, (Severity, u64, String)> {
    let mut reader = Reader::new(file, Settings::default()).unwrap();
    let mut found = BTreeMap::new();
    let mut count = |finding: returns::sen2::Finding| {
        let entry = found.entry(finding.rule).or_insert((finding.severity, 0, String::new()));
        entry.1 += 1;
        entry.2 = format!("{:?} {} {}", finding.person, finding.within, finding.message);
    };
    while let Some(read) = reader.next_person().unwrap() {
        read.findings.into_iter().for_each(&mut count);
    }
    reader.take_findings().into_iter().for_each(&mut count);
    found
}

#[test]
fn an_invented_return_of_any_year_has_no_errors_and_no_queries() {
    for known in YEARS {
        let file = dudley_sized(known.year, 1500).make().to_xml();
        let found = findings_by_rule(&file);
        assert!(found.is_empty(), "{}: {found:#?}", known.year);
    }
}

#[test]
fn the_same_seed_gives_the_same_return_and_another_seed_another() {
    let sample = dudley_sized(2026, 50);
    assert_eq!(sample.make(), sample.make());
    let other = Sample { seed: 8, ..sample.clone() };
    assert_ne!(sample.make().persons, other.make().persons);
    let longer = Sample { persons: 80, ..sample.clone() };
    assert_eq!(sample.make().persons, longer.make().persons[..50]);
}

#[test]
fn a_return_with_faults_has_findings_for_about_as_many_persons() {
    let mut sample = dudley_sized(2026, 2000);
    sample.faults_per_thousand = 100;
    let file = sample.make().to_xml();
    let reader = Reader::new(&file[..], Settings::default()).unwrap();
    let faulty = reader.filter(|read| !read.as_ref().unwrap().findings.is_empty()).count();
    // Some faults hit an item that was empty anyway.
    assert!((110..=230).contains(&faulty), "{faulty}");
}

#[test]
fn a_return_of_six_thousand_persons_is_read_back_as_it_was_made() {
    let sample = dudley_sized(2026, 6000);
    let mut writer = Writer::new(Vec::new(), &sample.header(), sample.officers()).unwrap();
    for person in sample.iter() {
        writer.write_person(&person).unwrap();
    }
    let file = writer.finish().unwrap();
    let mut reader = Reader::new(&file[..], Settings::default()).unwrap();
    assert_eq!(reader.header(), &sample.header());
    for person in sample.iter() {
        let read = reader.next_person().unwrap().unwrap();
        assert_eq!(read.person, person);
    }
    assert!(reader.next_person().unwrap().is_none());
    assert_eq!(reader.officers(), sample.officers());
    assert_eq!(reader.bytes_read(), file.len() as u64);
}
