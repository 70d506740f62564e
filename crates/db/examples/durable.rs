//! How many durable writes and how many reads a second the crate gives, beside a bare program on each
//! engine that does the same work, and beside what the disk itself can flush.
//!
//! ```text
//! cargo run --release -p db --example durable [FOLDER] [SECONDS]
//! ```
//!
//! FOLDER should be on the disk that is to be measured (default: the folder for temporary files). The
//! PostgreSQL half starts a durable cluster of its own and is left out where PostgreSQL is absent.

use db::bare::{rate, show};
use db::{Database, Error, Migration, Migrations, params};
use std::error::Error as StdError;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn StdError + Send + Sync>>;

const SQLITE_TABLES: &str = "
    CREATE TABLE event (number INTEGER NOT NULL PRIMARY KEY, case_number INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TABLE ehc_case (number INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT;";
const POSTGRES_TABLES: &str = "
    CREATE TABLE event (number BIGINT NOT NULL PRIMARY KEY, case_number BIGINT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE ehc_case (number BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL);";
const TABLES: Migrations = Migrations {
    sqlite: &[Migration { name: "0001_events_and_cases", sql: SQLITE_TABLES }],
    postgres: &[Migration { name: "0001_events_and_cases", sql: POSTGRES_TABLES }],
};
const ADD_EVENT: &str = "INSERT INTO event (number, case_number, body) VALUES ($1, $2, $3)";
const BUMP_CASE: &str = "UPDATE ehc_case SET version = version + 1 WHERE number = $1";
const LOAD_CASE: &str = "SELECT number, version FROM ehc_case WHERE number = $1";
const CASES: i64 = 10_000;

/// An event of the size that a case event usually has.
fn body() -> String {
    "{\"event\":\"requests.submitted\",\"by\":\"school\"} ".repeat(4)
}

/// What the disk can do at most: append 4 KiB, flush, again.
fn flushes(folder: &Path, lasting: Duration) -> Outcome<f64> {
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    let block = [7_u8; 4096];
    let began = Instant::now();
    let mut done = 0_u64;
    while began.elapsed() < lasting {
        file.write_all(&block)?;
        file.sync_data()?;
        done += 1;
    }
    let rate = done as f64 / began.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(rate)
}

fn fill(database: &Database) -> Result<(), Error> {
    database.migrate(&TABLES)?;
    let cases: Vec<_> = (0..CASES).map(|number| params![number, 1].to_vec()).collect();
    database.write("bench.fill", |tx| {
        tx.execute_many("INSERT INTO ehc_case (number, version) VALUES ($1, $2)", &cases)?;
        Ok(())
    })
}

fn bare_sqlite(path: &Path) -> Outcome<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn measure_sqlite(folder: &Path, lasting: Duration) -> Outcome<()> {
    println!("\nSQLite");
    let bare_path = folder.join("bare.sqlite");
    fill(&Database::open(&format!("sqlite:{}", bare_path.display()))?)?;
    let database = Database::open(&format!("sqlite:{}", folder.join("crate.sqlite").display()))?;
    fill(&database)?;
    let body = body();

    let bare_one = rate(1, lasting, || {
        let connection = bare_sqlite(&bare_path)?;
        let body = body.clone();
        Ok(move |number: i64| {
            let mut statement =
                connection.prepare_cached("INSERT INTO event (number, case_number, body) VALUES (?1, ?2, ?3)")?;
            statement.execute((number, number % CASES, &body))?;
            Ok(())
        })
    })?;
    show("bare rusqlite, one row a commit, 1 thread", bare_one, None);
    for threads in [1, 8, 50] {
        let ours = rate(threads, lasting, || {
            Ok(|number: i64| {
                database.write("bench.event", |tx| {
                    tx.execute(ADD_EVENT, &params![number, number % CASES, &body])?;
                    Ok::<_, Error>(())
                })?;
                Ok(())
            })
        })?;
        show(&format!("Database::write, one row, {threads} threads"), ours, Some(bare_one));
    }
    for threads in [1, 8, 50] {
        let ours = rate(threads, lasting, || {
            Ok(|number: i64| {
                command(&database, number, &body)?;
                Ok(())
            })
        })?;
        show(&format!("Database::write, load + event + version, {threads} threads"), ours, Some(bare_one));
    }

    let bare_read = rate(1, lasting, || {
        let connection = bare_sqlite(&bare_path)?;
        Ok(move |number: i64| {
            let mut statement = connection.prepare_cached("SELECT number, version FROM ehc_case WHERE number = ?1")?;
            let _: (i64, i64) = statement.query_row([number % CASES], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(())
        })
    })?;
    show("bare rusqlite, read one row, 1 thread", bare_read, None);
    measure_reads(&database, lasting, bare_read)
}

fn command(database: &Database, number: i64, body: &str) -> Result<(), Error> {
    database.write("bench.command", |tx| {
        let case = tx.query_one(LOAD_CASE, &params![number % CASES])?;
        tx.execute(ADD_EVENT, &params![number, case.get::<i64>("number")?, body])?;
        tx.execute(BUMP_CASE, &params![number % CASES])?;
        Ok(())
    })
}

fn measure_reads(database: &Database, lasting: Duration, bare: f64) -> Outcome<()> {
    for threads in [1, 8] {
        let ours = rate(threads, lasting, || {
            Ok(|number: i64| {
                database.read("bench.read", |tx| {
                    let case = tx.query_one(LOAD_CASE, &params![number % CASES])?;
                    case.get::<i64>("version")
                })?;
                Ok(())
            })
        })?;
        show(&format!("Database::read, one row on a snapshot, {threads} threads"), ours, Some(bare));
    }
    Ok(())
}

fn measure_postgres(address: &str, lasting: Duration) -> Outcome<()> {
    println!("\nPostgreSQL (a durable cluster of its own, over TCP on this machine)");
    let database = Database::open(address)?;
    fill(&database)?;
    let body = body();
    for threads in [1, 8] {
        let bare = rate(threads, lasting, || {
            let mut client = postgres::Client::connect(address, postgres::NoTls)?;
            let add = client.prepare(ADD_EVENT)?;
            let bump = client.prepare(BUMP_CASE)?;
            let body = body.clone();
            Ok(move |number: i64| {
                let mut transaction = client.transaction()?;
                transaction.execute(&add, &[&number, &(number % CASES), &body])?;
                transaction.execute(&bump, &[&(number % CASES)])?;
                transaction.commit()?;
                Ok(())
            })
        })?;
        show(&format!("bare driver, event + version, {threads} threads"), bare, None);
        let ours = rate(threads, lasting, || {
            Ok(|number: i64| {
                database.write("bench.two", |tx| {
                    tx.execute(ADD_EVENT, &params![number, number % CASES, &body])?;
                    tx.execute(BUMP_CASE, &params![number % CASES])?;
                    Ok::<_, Error>(())
                })?;
                Ok(())
            })
        })?;
        show(&format!("Database::write, event + version, {threads} threads"), ours, Some(bare));
        let ours = rate(threads, lasting, || {
            Ok(|number: i64| {
                command(&database, number, &body)?;
                Ok(())
            })
        })?;
        show(&format!("Database::write, load + event + version, {threads} threads"), ours, Some(bare));
    }
    let bare_read = rate(1, lasting, || {
        let mut client = postgres::Client::connect(address, postgres::NoTls)?;
        let load = client.prepare(LOAD_CASE)?;
        Ok(move |number: i64| {
            client.query_one(&load, &[&(number % CASES)])?;
            Ok(())
        })
    })?;
    show("bare driver, read one row, 1 thread", bare_read, None);
    measure_reads(&database, lasting, bare_read)
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds: f64 = arguments.next().map_or(Ok(2.0), |seconds| seconds.parse())?;
    let lasting = Duration::from_secs_f64(seconds);
    let folder = folder.join(format!("tellonce-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!("disk");
    show("append 4 KiB and flush, 1 thread", flushes(&folder, lasting)?, None);
    measure_sqlite(&folder, lasting)?;
    fs::remove_dir_all(&folder)?;
    if let Some(cluster) = db::testing::OwnCluster::start() {
        measure_postgres(cluster.address(), lasting)?;
    }
    Ok(())
}
