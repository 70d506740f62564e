//! The journal is the truth: folded it gives the state, and nobody changes it unseen.

use crate::given::{Stop, id, ids_from};
use crate::walking::Walk;
use crate::world::{TODAY, World, papers_for};
use app::journal::{Report, load_stored, seal_days, verify};
use casework::{Case, CaseId, Event};
use db::Value;
use db::testing::TestDatabase;
use std::path::{Path, PathBuf};

fn whole(world: &World) -> Report {
    let report = verify(&world.app.db).expect("the database can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
    report
}

fn faults(world: &World) -> String {
    let report = verify(&world.app.db).expect("the database can be read");
    assert!(!report.is_whole(), "the change was not found");
    report.faults.join("; ")
}

fn run(world: &World, sql: &'static str, values: &[Value]) -> u64 {
    world.write(|tx| Ok(tx.execute(sql, values)?))
}

fn events(world: &World, case: CaseId) -> Vec<Event> {
    world
        .app
        .db
        .read("test.events", |tx| -> Result<_, app::Error> {
            let sql = "SELECT body FROM journal WHERE authority_id = $1 AND case_id = $2 ORDER BY sequence";
            let rows = tx.query(sql, &[world.area.0.into(), case.0.into()])?;
            rows.iter().map(|row| Ok(serde_json::from_str(row.get(0)?).expect("an event can be read"))).collect()
        })
        .expect("the database answers")
}

/// Somebody works on a case for a while; every refusal leaves everything as it was.
pub fn walk(world: &World, number: u128, seed: u64, steps: usize) -> CaseId {
    // Out of the way of the children of the given steps.
    ids_from((500 + number) * 1_000_000);
    let case: CaseId = id(8);
    let mut walk = Walk::new(seed, Case::new(world.area, case), (500 + number) * 1_000_000 + 500_000);
    for _ in 0..steps {
        walk.wait();
        let command = walk.propose();
        if let Ok(loaded) = world.give(case, world.area, (walk.today, command), "Wanda Walker") {
            let stored =
                world.app.db.read("test.stored", |tx| load_stored(tx, world.area, case)).expect("it is stored");
            assert_eq!(stored.case, loaded.case, "the database has it as it is, at version {}", loaded.case.version);
            walk.case = Case::clone(&loaded.case);
        }
    }
    ids_from(0);
    case
}

pub fn walks_fold_to_what_is_loaded(db: &TestDatabase) {
    let world = World::new(db);
    for (number, seed) in (1..).zip([3, 14, 159, 2653]) {
        let case = walk(&world, number, seed, 60);
        let loaded = world.load(world.area, case);
        let events = events(&world, case);
        assert_eq!(loaded.version, events.len() as u64, "seed {seed}");
        assert!(loaded.version > 15, "seed {seed} got somewhere: {}", loaded.version);
        assert_eq!(Case::fold(world.area, case, &events), *loaded, "seed {seed}");
    }
    assert_eq!(whole(&world).cases, 4);
}

type Change = (&'static str, &'static str, &'static str, &'static str);

pub fn verify_finds_every_change(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Assessing);
    let other = world.child("Maya Turner", Stop::Received);
    let before = whole(&world);
    assert_eq!(before.cases, 2);
    let key = || vec![Value::from(world.area.0), Value::from(case.0)];
    // What is done, how it is undone, and what the fault says.
    let changes: [Change; 9] = [
        (
            "a changed body",
            "UPDATE journal SET body = replace(body, '2026-06-01', '2026-06-02') WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "UPDATE journal SET body = replace(body, '2026-06-02', '2026-06-01') WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "entry 3 was changed after it was recorded",
        ),
        (
            "a changed role",
            "UPDATE journal SET actor_role = 'manager' WHERE authority_id = $1 AND case_id = $2 AND sequence = 2",
            "UPDATE journal SET actor_role = 'officer' WHERE authority_id = $1 AND case_id = $2 AND sequence = 2",
            "entry 2 was changed after it was recorded",
        ),
        (
            "a changed day",
            "UPDATE journal SET recorded_on = '2026-06-04' WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "UPDATE journal SET recorded_on = '2026-06-01' WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "entry 3 was changed after it was recorded",
        ),
        (
            "a changed name",
            "UPDATE journal SET name = 'x' || name WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "UPDATE journal SET name = substr(name, 2) WHERE authority_id = $1 AND case_id = $2 AND sequence = 3",
            "entry 3 was changed after it was recorded",
        ),
        (
            "a changed stage in the lists",
            "UPDATE cases SET stage = 'x' || stage WHERE authority_id = $1 AND case_id = $2",
            "UPDATE cases SET stage = substr(stage, 2) WHERE authority_id = $1 AND case_id = $2",
            "what lists say of it is not what its journal says",
        ),
        (
            "a changed date in the lists",
            "UPDATE deadlines SET subject = subject + 1 WHERE authority_id = $1 AND case_id = $2",
            "UPDATE deadlines SET subject = subject - 1 WHERE authority_id = $1 AND case_id = $2",
            "what lists say of it is not what its journal says",
        ),
        (
            "a changed task",
            "UPDATE tasks SET count = count + 1 WHERE authority_id = $1 AND case_id = $2",
            "UPDATE tasks SET count = count - 1 WHERE authority_id = $1 AND case_id = $2",
            "what lists say of it is not what its journal says",
        ),
        (
            "an entry moved to another place",
            "UPDATE journal SET sequence = 90 WHERE authority_id = $1 AND case_id = $2 AND sequence = 4",
            "UPDATE journal SET sequence = 4 WHERE authority_id = $1 AND case_id = $2 AND sequence = 90",
            "entry 4 is missing",
        ),
        (
            "a state set back",
            "UPDATE cases SET version = version - 1 WHERE authority_id = $1 AND case_id = $2",
            "UPDATE cases SET version = version + 1 WHERE authority_id = $1 AND case_id = $2",
            "the state is at entry",
        ),
    ];
    for (what, done, undone, said) in changes {
        run(&world, done, &key());
        let faults = faults(&world);
        assert!(faults.contains(said) && faults.contains(&case.to_string()), "{what}: {faults}");
        run(&world, undone, &key());
        assert_eq!(whole(&world), before, "{what}, undone");
    }
    let state = |of: CaseId| -> Vec<u8> {
        let read = |tx: &mut dyn db::Tx| -> Result<Vec<u8>, app::Error> {
            let key = [Value::from(world.area.0), Value::from(of.0)];
            Ok(tx.query_one("SELECT state FROM snapshots WHERE authority_id = $1 AND case_id = $2", &key)?.get(0)?)
        };
        world.app.db.read("test.state", read).expect("the database answers")
    };
    let set_state = "UPDATE snapshots SET state = $3 WHERE authority_id = $1 AND case_id = $2";
    let own = state(case);
    for (what, bytes) in [("another child's state", state(other)), ("no state at all", vec![1, 2, 3])] {
        run(&world, set_state, &[key(), vec![Value::from(bytes)]].concat());
        assert!(!faults(&world).is_empty(), "{what} is found");
    }
    run(&world, set_state, &[key(), vec![Value::from(own)]].concat());
    assert_eq!(whole(&world), before, "a changed state, undone");

    let actor = |user: u128| Value::from(uuid::Uuid::from_u128(user));
    let set_actor = "UPDATE journal SET actor_id = $3 WHERE authority_id = $1 AND case_id = $2 AND sequence = 2";
    run(&world, set_actor, &[key(), vec![actor(901)]].concat());
    assert!(faults(&world).contains("entry 2 was changed"), "a changed actor is found");
    run(&world, set_actor, &[key(), vec![actor(crate::given::OFFICER)]].concat());
    assert_eq!(whole(&world), before, "a changed actor, undone");

    run(&world, "DELETE FROM journal WHERE authority_id = $1 AND case_id = $2 AND sequence = 2", &key());
    assert!(faults(&world).contains("entry 2 is missing"), "a deleted entry is found");
    run(&world, "DELETE FROM cases WHERE authority_id = $1 AND case_id = $2", &key());
    assert!(faults(&world).contains("belong to no case"), "a deleted case is found");
}

pub fn sealed_days_are_kept(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Assessing);
    let days = seal_days(&world.app.db, TODAY).expect("days are sealed");
    assert_eq!(days, 3, "received, told, decided");
    assert_eq!(seal_days(&world.app.db, TODAY).expect("days are sealed"), 0, "sealing twice seals nothing");
    assert_eq!(whole(&world).days, 3);

    // Whoever can write everything can make case and journal agree again; the sealed day still says so.
    run(
        &world,
        "UPDATE journal_days SET entries = entries + 1 WHERE authority_id = $1 AND recorded_on = '2026-06-03'",
        &[world.area.0.into()],
    );
    assert!(faults(&world).contains("2026-06-03"), "a resealed day is found");
    run(
        &world,
        "UPDATE journal_days SET entries = entries - 1 WHERE authority_id = $1 AND recorded_on = '2026-06-03'",
        &[world.area.0.into()],
    );
    whole(&world);
    let key = [world.area.0.into(), case.0.into()];
    run(&world, "DELETE FROM journal WHERE authority_id = $1 AND case_id = $2", &key);
    run(&world, "DELETE FROM cases WHERE authority_id = $1 AND case_id = $2", &key);
    let said = faults(&world);
    for day in ["2026-06-01", "2026-06-03", "2026-07-01"] {
        assert!(said.contains(day), "a case that vanished whole is missed by its days: {said}");
    }
}

#[test]
fn an_act_that_fails_halfway_leaves_nothing() {
    let db = db::testing::sqlite(&app::cli::migrations());
    let mut world = World::new(&db);
    let case = world.child("Sami Okafor", Stop::Received);
    let before = world.load(world.area, case);
    let who = world.who(world.person("dev@"), TODAY);
    let outcome: Result<(), app::Error> = world.app.db.write("test.half", |tx| {
        let command = crate::given::steps(Stop::Told).pop().expect("there are steps").1;
        let papers = papers_for(&command, "Sami Okafor");
        let action = crate::world::action_for(&command);
        app::journal::act(tx, &who, case, app::journal::Act { action, seen: None, commands: vec![command], papers })?;
        Err(app::Error::NotFound)
    });
    assert!(outcome.is_err());
    assert_eq!(world.load(world.area, case), before);
    whole(&world);
}

/// Every source file of the application, with its path inside `src`.
fn sources() -> Vec<(PathBuf, String)> {
    fn read(folder: &Path, root: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("the crate has sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are text");
                found.push((path.strip_prefix(root).expect("inside").to_owned(), text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    read(&root, &root, &mut found);
    found
}

#[test]
fn nothing_but_the_journal_writes_what_belongs_to_a_case() {
    const OF_A_CASE: [&str; 16] = [
        "cases",
        "case_bodies",
        "case_family",
        "advice_waiting",
        "journal",
        "journal_days",
        "deadlines",
        "tasks",
        "people",
        "people_keys",
        "fact_values",
        "askings",
        "contacts",
        "texts",
        "plan_versions",
        "report_versions",
    ];
    let mut found = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("journal") {
            continue;
        }
        // Statements run over several lines; the case of their words varies.
        let words: String = text.split(|c: char| c.is_whitespace() || c == '\\').filter(|w| !w.is_empty()).fold(
            String::new(),
            |mut all, word| {
                all.push_str(&word.to_lowercase());
                all.push(' ');
                all
            },
        );
        for verb in ["insert into ", "update ", "delete from ", "insert or replace into ", "insert or ignore into "] {
            for (at, _) in words.match_indices(verb) {
                let rest = &words[at + verb.len()..];
                let table: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if OF_A_CASE.contains(&table.as_str()) || table == "documents" {
                    found.push(format!("{}: {verb}{table}", path.display()));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "only src/journal writes what belongs to a case");
}
