//! The program is killed in the middle of its work: what it said was recorded is recorded, whole.

use crate::given::{Stop, fixed, id, ids_from, steps};
use crate::world::{action_for, papers_for};
use app::admin::areas::{self, Profile};
use app::cli::migrations;
use app::journal::{Act, By, Who, act, verify};
use app::ports::{Clock, FixedClock};
use casework::{AuthorityId, CaseId};
use db::Database;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const CHILD: &str = "TELLONCE_DRILL_WRITES_TO";
const LONG: &str = "TELLONCE_DRILL_ACTS";
const AREA: u128 = 0xd1;

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "how one test tells another what to do")]
    std::env::var(name).ok()
}

/// Every step of one child's pathway, each an act of its own, said aloud once it is recorded.
fn work_on_a_child(db: &Database, number: u128) {
    let area: AuthorityId = fixed(AREA);
    ids_from(number * 1_000_000);
    let case: CaseId = id(8);
    for (today, command) in steps(Stop::InForce) {
        let who = Who { by: By::System("drill"), authority: area, now: FixedClock::on(today).now(), today };
        let (action, papers) = (action_for(&command), papers_for(&command, "Sami Okafor"));
        let loaded = db
            .write("drill.act", |tx| {
                let papers = papers.clone();
                act(tx, &who, case, Act { action, seen: None, commands: vec![command.clone()], papers })
            })
            .expect("the law allows the given steps");
        // Straight to the pipe: the test harness would keep what `println!` prints.
        let mut out = std::io::stderr().lock();
        writeln!(out, "recorded {case} {}", loaded.case.version).expect("the other test listens");
        out.flush().expect("the other test listens");
    }
}

/// Not a test by itself: the program that the others start and kill.
#[test]
fn the_program_that_is_killed() {
    let Some(address) = variable(CHILD) else { return };
    let db = Database::open(&address).expect("the database opens");
    let db = &db;
    std::thread::scope(|scope| {
        for worker in 0..3_u128 {
            scope.spawn(move || {
                for round in 0..5000_u128 {
                    work_on_a_child(db, 1 + worker + 3 * round);
                }
            });
        }
    });
}

fn kill_after(address: &str, acts: usize) -> BTreeMap<CaseId, u64> {
    let mut child = Command::new(std::env::current_exe().expect("a test knows its own program"))
        .args(["--exact", "drill::the_program_that_is_killed", "--nocapture"])
        .env(CHILD, address)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program starts");
    let mut said = BTreeMap::new();
    let mut count = 0;
    let mut killed = false;
    for line in BufReader::new(child.stderr.take().expect("it has a voice")).lines().map_while(Result::ok) {
        let mut words = line.strip_prefix("recorded ").unwrap_or_default().split(' ');
        if let (Some(Ok(case)), Some(Ok(version))) =
            (words.next().map(str::parse::<CaseId>), words.next().map(str::parse::<u64>))
        {
            said.insert(case, version);
            count += 1;
        }
        if count >= acts && !killed {
            // SIGKILL: no chance to tidy up.
            child.kill().expect("it can be killed");
            killed = true;
        }
    }
    child.wait().expect("it ends");
    assert!(killed, "the program stopped by itself after {count} acts");
    said
}

fn drill(address: &str) {
    let acts = variable(LONG).and_then(|text| text.parse().ok()).unwrap_or(120);
    let db = Database::open(address).expect("the database opens");
    db.migrate(&migrations()).expect("the tables are made");
    db.write("drill.area", |tx| areas::add(tx, fixed(AREA), "332", "Alderbourne", &Profile::default()))
        .expect("the area is added");
    drop(db);
    let said = kill_after(address, acts);
    let db = Database::open(address).expect("the database opens again");
    let report = verify(&db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
    for (case, version) in &said {
        let loaded = db.read("drill.load", |tx| app::journal::load(tx, fixed(AREA), *case)).expect("it can be read");
        assert!(loaded.case.version >= *version, "case {case} said {version} and has {}", loaded.case.version);
        // No half act: every act of the pathway ends at a version that the whole pathway passes through.
        let whole = crate::given::after(&steps(Stop::InForce)).1.len() as u64;
        assert!(loaded.case.version <= whole);
        assert!(ends_of_acts().contains(&loaded.case.version), "half an act: version {}", loaded.case.version);
    }
}

/// The versions at which an act of the given pathway ends.
fn ends_of_acts() -> Vec<u64> {
    let all = steps(Stop::InForce);
    (1..=all.len()).map(|count| crate::given::after(&all[..count]).1.len() as u64).collect()
}

#[test]
fn after_a_kill_sqlite_holds_every_act_that_was_recorded_and_no_half() {
    let folder = std::env::temp_dir().join(format!("tellonce-drill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    drill(&format!("sqlite:{}", folder.join("drill.sqlite").display()));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn after_a_kill_postgres_holds_every_act_that_was_recorded_and_no_half() {
    if let Some(database) = db::testing::postgres(&migrations()) {
        drill(database.address());
    }
}
