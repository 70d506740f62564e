//! The variants that the sources declare, so that a table of tests can say what it lacks.

use std::collections::BTreeSet;
use std::path::Path;

/// The text of a file of this crate.
pub fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Names of the variants of `pub enum {name}` in a source file. rustfmt keeps each at four spaces.
pub fn variants(path: &str, name: &str) -> BTreeSet<String> {
    let text = source(path);
    let head = format!("pub enum {name} {{\n");
    let body = text.split_once(&head).unwrap_or_else(|| panic!("{path} has no `{}`", head.trim())).1;
    let body = body.split_once("\n}").expect("rustfmt closes an enum at the margin").0;
    body.lines()
        .filter(|line| line.starts_with("    ") && line.as_bytes().get(4).is_some_and(u8::is_ascii_uppercase))
        .map(|line| line.trim().chars().take_while(|c| c.is_alphanumeric()).collect())
        .collect()
}

/// Every source file of the crate but the one that declares refusals.
pub fn every_source_but_refusals() -> String {
    fn walk(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the crate has sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, text);
            } else if path.file_name().is_some_and(|name| name != "refusal.rs") {
                text.push_str(&std::fs::read_to_string(&path).expect("sources are text"));
            }
        }
    }
    let mut text = String::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text
}
