//! A program killed in the middle of its writes has kept everything it acknowledged, and nothing half.

use crate::{ADD_NOTE, TABLES};
use db::{Database, Engine, Error, params};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

const CHILD: &str = "TELLONCE_DB_TEST_WRITES_TO";
const ATTACH: &str = "INSERT INTO attached (number, note) VALUES ($1, $1)";

fn write_pair(database: &Database, number: i64) -> Result<(), Error> {
    database.write("note.pair", |tx| {
        tx.execute(ADD_NOTE, &params![number, "one of a pair"])?;
        tx.execute(ATTACH, &params![number])?;
        Ok(())
    })
}

/// Not a test by itself: the program that the other tests start and kill.
#[test]
fn the_program_that_is_killed() {
    #[expect(clippy::disallowed_methods, reason = "how the other test tells it what to do")]
    let Ok(address) = std::env::var(CHILD) else {
        return;
    };
    let database = Database::open(&address).unwrap();
    let database = &database;
    std::thread::scope(|scope| {
        for thread in 0..4_i64 {
            scope.spawn(move || {
                for turn in 0.. {
                    let number = turn * 4 + thread;
                    write_pair(database, number).unwrap();
                    // Straight to the pipe: the test harness would keep what `println!` prints.
                    let mut out = std::io::stderr().lock();
                    writeln!(out, "kept {number}").unwrap();
                    out.flush().unwrap();
                }
            });
        }
    });
}

fn kill_a_writer(address: &str, after: usize) -> BTreeSet<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "survives_kill::the_program_that_is_killed", "--nocapture"])
        .env(CHILD, address)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut acknowledged = BTreeSet::new();
    let mut killed = false;
    while let Some(Ok(line)) = lines.next() {
        if let Some(number) = line.strip_prefix("kept ").and_then(|number| number.parse().ok()) {
            acknowledged.insert(number);
        }
        if acknowledged.len() >= after && !killed {
            // SIGKILL: the program gets no chance to tidy up.
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the writer stopped by itself");
    acknowledged
}

fn assert_all_kept_and_none_half(database: &Database, acknowledged: &BTreeSet<i64>) {
    let (notes, attached): (BTreeSet<i64>, BTreeSet<i64>) = database
        .read("note.check", |tx| {
            let mut read =
                |sql| -> Result<BTreeSet<i64>, Error> { tx.query(sql, &[])?.iter().map(|row| row.get(0)).collect() };
            Ok::<_, Error>((read("SELECT number FROM note")?, read("SELECT number FROM attached")?))
        })
        .unwrap();
    let lost: Vec<_> = acknowledged.difference(&notes).collect();
    assert!(lost.is_empty(), "{} acknowledged writes were lost: {lost:?}", lost.len());
    assert_eq!(notes, attached, "a transaction was kept by half");
}

fn program_killed_on(engine: Engine) {
    let Some(prepared) = db::testing::fresh(engine, &TABLES) else {
        return;
    };
    let mut acknowledged = BTreeSet::new();
    for round in 1..=3 {
        let mut kept = kill_a_writer(prepared.address(), 100 * round);
        assert_all_kept_and_none_half(&prepared, &kept);
        acknowledged.append(&mut kept);
        prepared
            .write("note.clear", |tx| {
                tx.execute("DELETE FROM attached", &[])?;
                tx.execute("DELETE FROM note", &[])
            })
            .unwrap();
    }
    assert!(acknowledged.len() >= 300);
}

#[test]
fn a_program_killed_while_writing_keeps_all_it_acknowledged_on_sqlite() {
    program_killed_on(Engine::Sqlite);
}

#[test]
fn a_program_killed_while_writing_keeps_all_it_acknowledged_on_postgres() {
    program_killed_on(Engine::Postgres);
}

#[test]
fn a_server_killed_while_writing_keeps_all_it_acknowledged_and_is_found_again() {
    let Some(cluster) = db::testing::OwnCluster::start() else {
        return;
    };
    let database = Database::open(cluster.address()).unwrap();
    database.migrate(&TABLES).unwrap();
    let acknowledged = Mutex::new(BTreeSet::new());
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4_i64 {
            let (database, acknowledged, stop) = (&database, &acknowledged, &stop);
            scope.spawn(move || {
                let mut turn = 0;
                while !stop.load(SeqCst) {
                    turn += 1;
                    let number = turn * 4 + thread;
                    // While the server recovers, some writes fail; those are not acknowledged.
                    if write_pair(database, number).is_ok() {
                        acknowledged.lock().unwrap().insert(number);
                    }
                }
            });
        }
        // Also when this thread fails, or the others would go on for ever.
        let _stop = StopOnDrop(&stop);
        for _ in 0..3 {
            wait_for(&acknowledged, 100);
            // When one of its processes is killed, the server ends them all and recovers from its log.
            // Here the process that serves us is killed, by a shell that it starts itself.
            let mut done = false;
            let ended = database.write("server.kill", |tx| {
                if std::mem::replace(&mut done, true) {
                    return Ok(());
                }
                tx.execute("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'", &[]).map(drop)
            });
            // Run again after the loss, it succeeds, unless the recovery takes longer than we try.
            if let Err(error) = ended {
                assert_eq!(error.fault(), Some(db::Fault::ConnectionLost), "{error:?}");
            }
        }
        wait_for(&acknowledged, 100);
    });
    assert_all_kept_and_none_half(&database, &acknowledged.into_inner().unwrap());
}

struct StopOnDrop<'flag>(&'flag AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// Until so many more were acknowledged, at most a minute.
fn wait_for(acknowledged: &Mutex<BTreeSet<i64>>, more: usize) {
    let began = std::time::Instant::now();
    let before = acknowledged.lock().unwrap().len();
    while acknowledged.lock().unwrap().len() < before + more {
        assert!(began.elapsed().as_secs() < 60, "the database did not come back");
        std::thread::yield_now();
    }
}
