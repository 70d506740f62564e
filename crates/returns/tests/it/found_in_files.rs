//! Files in `tests/files` and the findings expected of each, in the file of the same name that ends
//! in `.expected`: severity, rule, line, person, place, item, value, message, one finding a line.

use returns::sen2::{Finding, Reader, Settings};
use std::{fmt::Write as _, fs, path::Path};

fn line(finding: &Finding) -> String {
    let mut line = format!("{} {}", finding.severity.label(), finding.rule);
    if let Some(number) = finding.line {
        write!(line, " | line {number}").unwrap();
    }
    if let Some(person) = &finding.person {
        write!(line, " | {} {}", person.ordinal, person.name.as_deref().unwrap_or("?")).unwrap();
    }
    if !finding.within.is_empty() {
        write!(line, " | {}", finding.within).unwrap();
    }
    if let Some(item) = finding.item {
        write!(line, " | {}", item.name()).unwrap();
    }
    if let Some(value) = &finding.value {
        write!(line, " | “{value}”").unwrap();
    }
    write!(line, " | {}", finding.message).unwrap();
    line
}

#[test]
fn each_file_gives_the_findings_expected_of_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xml"))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let mut different = String::new();
    for path in names {
        let file = fs::read(&path).unwrap();
        let mut reader = Reader::new(&file[..], Settings::default()).unwrap();
        let mut found = String::new();
        while let Some(read) = reader.next_person().unwrap() {
            for finding in &read.findings {
                writeln!(found, "{}", line(finding)).unwrap();
            }
        }
        for finding in reader.take_findings() {
            writeln!(found, "{}", line(&finding)).unwrap();
        }
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        if found != expected {
            writeln!(different, "--- {}\n{found}", path.display()).unwrap();
        }
    }
    assert!(different.is_empty(), "what was found instead:\n{different}");
}

/// A rule that no file breaks is a rule that nobody has seen work.
#[test]
fn every_rule_is_broken_by_some_file_or_needs_the_register() {
    use returns::sen2::Rule;
    use strum::IntoEnumIterator;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let expected: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "expected"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let needs_register = [Rule::UnitNotInRegister, Rule::ResourcedProvisionNotInRegister, Rule::SchoolNotInRegister];
    let unseen: Vec<_> = Rule::iter()
        .filter(|rule| !needs_register.contains(rule))
        .map(Rule::id)
        .filter(|id| !expected.contains(&format!(" {id} ")))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn settings_are_compared_with_the_register_where_there_is_one() {
    use returns::sen2::Establishment;
    let file = include_str!("../files/nothing_wrong.xml");
    let rules = |school: Option<Establishment>| {
        let register: std::collections::HashMap<_, _> =
            school.map(|school| ("900001".parse().unwrap(), school)).into_iter().collect();
        let settings = Settings { register: Some(&register), ..Settings::default() };
        let mut reader = Reader::new(file.as_bytes(), settings).unwrap();
        let read = reader.next_person().unwrap().unwrap();
        read.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(None), ["sen2.school_not_in_register"; 2]);
    assert_eq!(rules(Some(Establishment::default())), [""; 0]);
    let without = Establishment { has_sen_unit: Some(false), has_resourced_provision: Some(false) };
    assert_eq!(rules(Some(without)), ["sen2.resourced_provision_not_in_register"; 2]);
}

#[test]
fn an_authority_may_number_a_rule_soften_it_or_turn_it_off() {
    use returns::sen2::{Override, Severity};
    let file = include_str!("../files/no_persons.xml");
    let findings = |change: Override| {
        let overrides = [("sen2.no_persons".to_owned(), change)].into_iter().collect();
        let mut reader = Reader::new(file.as_bytes(), Settings { overrides, ..Settings::default() }).unwrap();
        assert!(reader.next_person().unwrap().is_none());
        let mut found = reader.take_findings();
        found.retain(|finding| finding.rule == "sen2.no_persons");
        found
    };
    let numbered = Override { department_number: Some("9999Q".to_owned()), severity: Some(Severity::Note), off: false };
    let found = findings(numbered);
    assert_eq!(found[0].department_number.as_deref(), Some("9999Q"));
    assert_eq!(found[0].severity, Severity::Note);
    assert!(findings(Override { off: true, ..Override::default() }).is_empty());
}
