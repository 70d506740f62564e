//! The worked cases come out right, row by row.

#[test]
fn every_worked_case_comes_out_right() {
    let mut out = Vec::new();
    let report = law::check(include_bytes!("worked-cases.csv").as_slice(), &mut out).unwrap();
    assert!(report.is_all_passed(), "{}", String::from_utf8_lossy(&out));
    assert_eq!(report.passed, 114);
}

/// Worked out by hand from the text of the law: every rule with every trigger, and the exceptions of each.
#[test]
fn every_further_case_comes_out_right() {
    let mut out = Vec::new();
    let report = law::check(include_bytes!("further-cases.csv").as_slice(), &mut out).unwrap();
    assert!(report.is_all_passed(), "{}", String::from_utf8_lossy(&out));
}
