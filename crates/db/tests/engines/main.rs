//! What the crate promises, checked on both engines with the same code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod bad_days;
mod bulk;
mod migrating;
mod shared_commits;
mod survives_kill;
mod transactions;
mod values;

use db::{Migration, Migrations};

/// One table per purpose; the names are those of no real thing.
pub const TABLES: Migrations = Migrations {
    sqlite: &[Migration {
        name: "0001_tables_to_test_with",
        sql: "
            CREATE TABLE every_kind (
                id BLOB NOT NULL PRIMARY KEY, yes INTEGER, whole INTEGER, broken REAL, words TEXT,
                raw BLOB, held_on TEXT, recorded_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL CHECK (value >= 0)) STRICT;
            CREATE TABLE note (number INTEGER NOT NULL PRIMARY KEY, words TEXT NOT NULL) STRICT;
            CREATE TABLE attached (
                number INTEGER NOT NULL PRIMARY KEY,
                note INTEGER NOT NULL REFERENCES note (number) DEFERRABLE INITIALLY DEFERRED
            ) STRICT;",
    }],
    postgres: &[Migration {
        name: "0001_tables_to_test_with",
        sql: "
            CREATE TABLE every_kind (
                id UUID NOT NULL PRIMARY KEY, yes BOOLEAN, whole BIGINT, broken DOUBLE PRECISION, words TEXT,
                raw BYTEA, held_on DATE, recorded_at TIMESTAMPTZ
            );
            CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL CHECK (value >= 0));
            CREATE TABLE note (number BIGINT NOT NULL PRIMARY KEY, words TEXT NOT NULL);
            CREATE TABLE attached (
                number BIGINT NOT NULL PRIMARY KEY,
                note BIGINT NOT NULL REFERENCES note (number) DEFERRABLE INITIALLY DEFERRED
            );",
    }],
};

pub const ADD_NOTE: &str = "INSERT INTO note (number, words) VALUES ($1, $2)";
pub const COUNT_NOTES: &str = "SELECT count(*) FROM note";

pub fn add_note(database: &db::Database, number: i64) -> Result<(), db::Error> {
    database.write("note.add", |tx| {
        tx.execute(ADD_NOTE, &db::params![number, "a note"])?;
        Ok(())
    })
}

pub fn count_notes(database: &db::Database) -> i64 {
    database.read("note.count", |tx| tx.query_one(COUNT_NOTES, &[])?.get(0)).unwrap()
}

#[test]
fn both_engines_have_the_same_tables() {
    db::testing::assert_both_engines_have_the_same_tables(&TABLES);
}
