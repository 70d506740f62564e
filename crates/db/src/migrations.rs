//! Plain SQL files that make a database what this version of the program expects.
//!
//! There are two folders, `migrations/sqlite` and `migrations/postgres`, with a file of the same name
//! in each, `NNNN_what_it_makes_true.sql`. [`migrations!`](crate::migrations!) puts both in the program;
//! a missing twin does not compile.
//!
//! All pending migrations of one run are one transaction: after a failure the database is as it was.
//! A migration therefore must not begin or end a transaction, nor use what PostgreSQL only allows
//! outside of one (`CREATE INDEX CONCURRENTLY`). Foreign keys are not enforced while SQLite migrates,
//! because rebuilding a table needs that; they are checked before the commit.

use crate::error::{Cause, Error, Fault};
use crate::sqlite::SqliteConnection;

/// One migration of one engine.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `0012_reviews_have_a_due_date`, without the `.sql`.
    pub name: &'static str,
    /// Its statements, with semicolons between.
    pub sql: &'static str,
}

/// The migrations of a program, in order, for both engines.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// For SQLite.
    pub sqlite: &'static [Migration],
    /// For PostgreSQL.
    pub postgres: &'static [Migration],
}

/// What [`crate::Database::migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Those applied now, in order.
    pub now: Vec<&'static str>,
    /// How many were applied before.
    pub before: usize,
}

/// Lists the migrations of a program. The files are read at compile time from `migrations/sqlite` and
/// `migrations/postgres` beside the `Cargo.toml` of the crate that calls this.
///
/// ```ignore
/// pub const MIGRATIONS: db::Migrations = db::migrations!["0001_there_is_a_journal", "0002_jobs_have_a_lease"];
/// ```
#[macro_export]
macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        $crate::Migrations {
            sqlite: &[$($crate::Migration {
                name: $name,
                sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite/", $name, ".sql")),
            }),*],
            postgres: &[$($crate::Migration {
                name: $name,
                sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres/", $name, ".sql")),
            }),*],
        }
    };
}

impl Migration {
    /// A fingerprint of its text. Line ends do not count: a checkout on Windows is the same migration.
    pub(crate) fn checksum(&self) -> String {
        blake3::hash(self.sql.replace("\r\n", "\n").as_bytes()).to_hex().to_string()
    }
}

/// What the database says was applied.
pub(crate) struct Recorded {
    pub name: String,
    pub checksum: String,
}

/// Which migrations are still to be applied.
pub(crate) fn pending<'list>(list: &'list [Migration], recorded: &[Recorded]) -> Result<&'list [Migration], Error> {
    let refuse = |name: &str, why| Err(Error::MigrationList { name: name.to_owned(), why });
    for (index, migration) in list.iter().enumerate() {
        if migration.name.len() < 6
            || !migration.name.as_bytes()[..4].iter().all(u8::is_ascii_digit)
            || migration.name.as_bytes()[4] != b'_'
        {
            return refuse(migration.name, "its name must look like `0001_what_it_makes_true`");
        }
        if index > 0 && list[index - 1].name[..4] >= migration.name[..4] {
            return refuse(migration.name, "its number must be higher than that of the one before");
        }
    }
    for (index, record) in recorded.iter().enumerate() {
        match list.get(index) {
            Some(migration) if migration.name == record.name => {
                if migration.checksum() != record.checksum {
                    return Err(Error::MigrationEdited { name: record.name.clone() });
                }
            }
            Some(migration) if list.iter().any(|known| known.name == record.name) => {
                return refuse(migration.name, "it comes before one that is already applied");
            }
            _ => {
                return Err(Error::MigrationUnknown { name: record.name.clone() });
            }
        }
    }
    Ok(&list[recorded.len()..])
}

pub(crate) fn migrate_sqlite(connection: &mut SqliteConnection, list: &'static [Migration]) -> Result<Applied, Error> {
    // Takes effect outside of a transaction only.
    set_foreign_keys(connection, false)?;
    let outcome = in_one_transaction(connection, list);
    if outcome.is_err() && !connection.is_idle() {
        // The error that matters is the one being returned; a transaction that cannot be rolled back
        // makes the next BEGIN fail.
        let _ = connection.run("ROLLBACK");
    }
    connection.forget_statements();
    set_foreign_keys(connection, true)?;
    outcome
}

fn set_foreign_keys(connection: &SqliteConnection, on: bool) -> Result<(), Error> {
    connection
        .raw()
        .pragma_update(None, "foreign_keys", on)
        .map_err(|error| Error::Begin { fault: crate::sqlite::fault_of(&error), cause: crate::sqlite::words(&error) })
}

fn in_one_transaction(connection: &mut SqliteConnection, list: &'static [Migration]) -> Result<Applied, Error> {
    let step = |name: &str, error: rusqlite::Error| Error::Migration {
        name: name.to_owned(),
        fault: crate::sqlite::fault_of(&error),
        cause: crate::sqlite::words(&error),
    };
    let raw = connection.raw_mut();
    raw.execute_batch(
        "BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS schema_migration (
             name TEXT NOT NULL PRIMARY KEY,
             checksum TEXT NOT NULL,
             applied_at INTEGER NOT NULL
         ) STRICT, WITHOUT ROWID",
    )
    .map_err(|error| Error::Begin { fault: crate::sqlite::fault_of(&error), cause: crate::sqlite::words(&error) })?;
    let recorded = raw
        .prepare("SELECT name, checksum FROM schema_migration ORDER BY name")
        .and_then(|mut statement| {
            statement
                .query_map([], |row| Ok(Recorded { name: row.get(0)?, checksum: row.get(1)? }))?
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|error| step("schema_migration", error))?;
    let pending = pending(list, &recorded)?;
    for migration in pending {
        raw.execute_batch(migration.sql).map_err(|error| step(migration.name, error))?;
        if raw.is_autocommit() {
            return Err(Error::MigrationList {
                name: migration.name.to_owned(),
                why: "it ends the transaction that it runs in",
            });
        }
        raw.execute(
            "INSERT INTO schema_migration (name, checksum, applied_at)
             VALUES (?1, ?2, CAST(unixepoch('subsec') * 1000000 AS INTEGER))",
            [migration.name, &migration.checksum()],
        )
        .map_err(|error| step(migration.name, error))?;
    }
    if let Some(last) = pending.last() {
        let broken: Option<String> = raw
            .query_row("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", [], |row| row.get(0))
            .map(Some)
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                error => Err(error),
            })
            .map_err(|error| step(last.name, error))?;
        if let Some(table) = broken {
            return Err(Error::Migration {
                name: last.name.to_owned(),
                fault: Fault::ForeignKey,
                cause: Cause::new(format!("table `{table}` points at rows that do not exist")),
            });
        }
    }
    raw.execute_batch("COMMIT").map_err(|error| Error::Commit {
        fault: crate::sqlite::fault_of(&error),
        cause: crate::sqlite::words(&error),
    })?;
    Ok(Applied { now: pending.iter().map(|migration| migration.name).collect(), before: recorded.len() })
}

/// Any number: whoever holds it is migrating.
const MIGRATION_LOCK: i64 = 0x7465_6c6c_6f6e_6365;

pub(crate) fn migrate_postgres(
    client: &mut postgres::Client,
    database: &str,
    list: &'static [Migration],
) -> Result<Applied, Error> {
    let begin = |error: postgres::Error| Error::Begin {
        fault: crate::postgres::fault_of(&error),
        cause: crate::postgres::words(&error),
    };
    let step = |name: &str, error: postgres::Error| Error::Migration {
        name: name.to_owned(),
        fault: crate::postgres::fault_of(&error),
        cause: crate::postgres::words(&error),
    };
    refuse_unsuitable(client, database)?;
    // Dropped without a commit, it is rolled back.
    let mut transaction = client.transaction().map_err(begin)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .and_then(|_| {
            transaction.batch_execute(
                "CREATE TABLE IF NOT EXISTS schema_migration (
                     name TEXT NOT NULL PRIMARY KEY,
                     checksum TEXT NOT NULL,
                     applied_at TIMESTAMPTZ NOT NULL
                 )",
            )
        })
        .map_err(begin)?;
    let recorded: Vec<Recorded> = transaction
        .query("SELECT name, checksum FROM schema_migration ORDER BY name", &[])
        .and_then(|rows| {
            rows.iter().map(|row| Ok(Recorded { name: row.try_get(0)?, checksum: row.try_get(1)? })).collect()
        })
        .map_err(|error| step("schema_migration", error))?;
    let pending = pending(list, &recorded)?;
    for migration in pending {
        let before = transaction_number(&mut transaction).map_err(begin)?;
        transaction.batch_execute(migration.sql).map_err(|error| step(migration.name, error))?;
        let after = transaction_number(&mut transaction).map_err(begin)?;
        if before != after {
            return Err(Error::MigrationList {
                name: migration.name.to_owned(),
                why: "it ends the transaction that it runs in",
            });
        }
        transaction
            .execute(
                "INSERT INTO schema_migration (name, checksum, applied_at) VALUES ($1, $2, clock_timestamp())",
                &[&migration.name, &migration.checksum()],
            )
            .map_err(|error| step(migration.name, error))?;
    }
    transaction.commit().map_err(|error| Error::Commit {
        fault: crate::postgres::fault_of(&error),
        cause: crate::postgres::words(&error),
    })?;
    Ok(Applied { now: pending.iter().map(|migration| migration.name).collect(), before: recorded.len() })
}

fn transaction_number(transaction: &mut postgres::Transaction<'_>) -> Result<i64, postgres::Error> {
    transaction.query_one("SELECT txid_current()", &[])?.try_get(0)
}

/// Text must be UTF-8 and sort by code point, as on SQLite, or lists differ between the engines.
fn refuse_unsuitable(client: &mut postgres::Client, database: &str) -> Result<(), Error> {
    let row = client
        .query_one(
            "SELECT current_setting('server_encoding') AS encoding,
                    ('B' < 'a') AND ('z' < 'ä') AS by_code_point,
                    datcollate::text AS sort_order
             FROM pg_database WHERE datname = current_database()",
            &[],
        )
        .and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
    let (encoding, by_code_point, sort_order): (String, bool, String) = row.map_err(|error| Error::Begin {
        fault: crate::postgres::fault_of(&error),
        cause: crate::postgres::words(&error),
    })?;
    let unsuitable =
        |setting, found, expected| Err(Error::Unsuitable { database: database.to_owned(), setting, found, expected });
    if encoding != "UTF8" {
        return unsuitable("encoding", encoding, "UTF8");
    }
    if !by_code_point {
        return unsuitable("sort order", sort_order, "C");
    }
    Ok(())
}
