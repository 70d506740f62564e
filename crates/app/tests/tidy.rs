//! The repository keeps its shape: who may depend on whom, what files are called, that the documents
//! speak of what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines after which a file should have been split.
const LINES_MAX: usize = 700;
/// Files that are longer for a reason: one table, or one grammar, that reads best whole.
const LONG_FOR_A_REASON: [&str; 0] = [];

/// Named by documents before it is there.
const COMING: [&str; 1] = ["crates/app/src/demo"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Every file that the repository keeps, as a path from its root.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    if let Ok(output) = output
        && output.status.success()
    {
        let list = String::from_utf8(output.stdout).expect("names are text");
        return list.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect();
    }
    // Without git (a source archive): everything but what is built.
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder can be read").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !["target", "node_modules", ".git"].iter().any(|skipped| name == *skipped) {
                    walk(&path, found);
                }
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.iter().map(|path| path.strip_prefix(root()).expect("inside").to_owned()).collect()
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|found| found.to_str()).is_some_and(|found| extensions.contains(&found))
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

#[test]
fn the_arrows_between_crates_point_one_way() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo is there: it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("law", &[][..]),
        ("casework", &["law"]),
        ("returns", &["casework", "law"]),
        ("documents", &["casework", "law"]),
        ("govuk", &[]),
        ("db", &[]),
        ("app", &["casework", "db", "documents", "govuk", "law", "returns"]),
    ]);
    // Only these may link what they are named for; everyone else asks them.
    let outside: [(&str, &[&str]); 5] = [
        ("rusqlite", &["db"]),
        ("postgres", &["db"]),
        ("tokio-postgres", &["db"]),
        ("axum", &["app"]),
        ("typst", &["documents"]),
    ];
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let expected = allowed.get(name).unwrap_or_else(|| panic!("`{name}` is new: say here what it may depend on"));
        for dependency in package["dependencies"].as_array().expect("a package lists its dependencies") {
            let on = dependency["name"].as_str().expect("a dependency has a name");
            let for_tests = dependency["kind"].as_str() == Some("dev");
            if names.contains(on) {
                let itself_for_tests = for_tests && on == name;
                assert!(expected.contains(&on) || itself_for_tests, "`{name}` may not depend on `{on}`");
            }
            if let Some((_, may)) = outside.iter().find(|(library, _)| *library == on) {
                assert!(may.contains(&name), "`{name}` may not link `{on}`");
            }
        }
    }
    assert_eq!(names, allowed.keys().copied().collect(), "every crate has its line here");
}

#[test]
fn no_file_is_named_for_nothing() {
    let empty_words = ["manager", "helper", "helpers", "util", "utils", "common", "misc"];
    let named: Vec<String> = files()
        .iter()
        // A guide for the SEND manager is named for its reader.
        .filter(|path| !path.starts_with("docs"))
        .filter(|path| {
            path.components().any(|part| {
                let part = part.as_os_str().to_string_lossy().to_lowercase();
                let stem = part.split('.').next().unwrap_or_default();
                stem.split(['_', '-']).any(|word| empty_words.contains(&word))
            })
        })
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(named, Vec::<String>::new(), "a name says what is inside");
}

#[test]
fn the_sources_speak_of_the_work_and_not_of_the_workshop() {
    // Built from halves, so that this file does not hold them itself.
    let words: Vec<String> =
        [("/work/", "shared"), ("../", "shared"), ("chat", "gpt"), ("TO", "DO:"), ("FIX", "ME"), ("XX", "X ")]
            .map(|(first, second)| format!("{first}{second}"))
            .to_vec();
    let mut found = Vec::new();
    for path in files() {
        if !has_extension(&path, &["rs", "md", "html", "sql", "toml", "js", "ts", "css", "sh", "typ", "py", "yml"]) {
            continue;
        }
        for (number, line) in (1..).zip(read(&path).lines()) {
            for word in &words {
                // A test may read material beside the repository when it is there, and says so when it is not.
                let beside = word.ends_with("shared") && path.components().any(|part| part.as_os_str() == "tests");
                if line.contains(word.as_str()) && !beside {
                    found.push(format!("{}:{number}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Whether this, found between backticks or in a link, is meant as a path inside the repository.
fn is_path(text: &str) -> bool {
    let places = ["crates/", "docs/", "e2e/", "fuzz/", "bench/"];
    places.iter().any(|place| text.starts_with(place))
        && !text.contains(['*', '<', '{', '…', ' ', '$'])
        && !text.contains("NNNN")
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for path in files().iter().filter(|path| has_extension(path, &["md"])) {
        let text = read(path);
        let folder = path.parent().unwrap_or(Path::new(""));
        let quoted = text.split('`').skip(1).step_by(2).map(|quoted| (quoted, false));
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(|link| (link, true));
        for (named, is_link) in quoted.chain(linked) {
            let named = named.split(['#', ':']).next().unwrap_or_default().trim();
            let file = has_extension(Path::new(named), &["md", "rs", "csv", "toml", "sql"]);
            let meant = is_path(named) || (is_link && file && !named.contains("//"));
            let is_there = root().join(named).exists() || root().join(folder).join(named).exists();
            if meant && !is_there && !COMING.contains(&named) {
                missing.push(format!("{}: {named}", path.display()));
            }
        }
    }
    missing.dedup();
    assert_eq!(missing, Vec::<String>::new(), "documents name what is not there");
}

#[test]
fn migrations_come_in_pairs_and_say_what_they_make_true() {
    let folder = Path::new("crates/app/migrations");
    let of = |engine: &str| -> BTreeSet<String> {
        fs::read_dir(root().join(folder).join(engine))
            .expect("both engines have migrations")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    assert_eq!(sqlite, postgres, "SQLite left, PostgreSQL right");
    for (number, name) in (1..).zip(&sqlite) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name} is number {number}");
        let words = name.trim_end_matches(".sql").split('_').count();
        assert!(words > 3, "{name} is a sentence");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<String> = files()
        .iter()
        .filter(|path| has_extension(path, &["rs"]))
        .filter(|path| !LONG_FOR_A_REASON.iter().any(|allowed| path == &Path::new(allowed)))
        .map(|path| (read(path).lines().count(), path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert_eq!(long, Vec::<String>::new(), "split these");
}

#[test]
fn no_test_is_left_out_and_none_expects_to_panic() {
    let marks = [["#[ign", "ore"].concat(), ["#[should", "_panic"].concat()];
    let found: Vec<String> = files()
        .iter()
        .filter(|path| has_extension(path, &["rs"]))
        .filter(|path| marks.iter().any(|mark| read(path).lines().any(|line| line.trim_start().starts_with(mark))))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_crate_and_module_says_what_it_is_for() {
    let silent: Vec<String> = files()
        .iter()
        .filter(|path| has_extension(path, &["rs"]) && path.starts_with("crates"))
        .filter(|path| path.components().any(|part| part.as_os_str() == "src"))
        .filter(|path| !read(path).starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(silent, Vec::<String>::new(), "begin with `//!` and the question that is answered");
}
