//! What a plain program does on the same disk, without this crate: for measurements to stand beside.

use postgres::{Client, NoTls, Statement};
use std::path::Path;
use std::time::Duration;

/// Why a bare program failed.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Commits one row at a time, as durably as this crate does.
pub struct BareSqlite(rusqlite::Connection);

impl BareSqlite {
    /// Opens a file of its own, with its table.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let connection = rusqlite::Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection
            .execute_batch("CREATE TABLE IF NOT EXISTS bare_event (number INTEGER PRIMARY KEY, body TEXT) STRICT")?;
        Ok(Self(connection))
    }

    /// One row, one commit.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn commit_one(&self, number: i64, body: &str) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached("INSERT INTO bare_event (number, body) VALUES (?1, ?2)")?;
        statement.execute((number, body))?;
        Ok(())
    }
}

/// Inserts one event and updates one row in a transaction.
pub struct BarePostgres {
    client: Client,
    add: Statement,
    bump: Statement,
}

const ROWS: i64 = 200;

impl BarePostgres {
    /// Connects, and makes the tables when they are not there.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn connect(address: &str) -> Result<Self, Failure> {
        let mut client = Client::connect(address, NoTls)?;
        // Two that come at once would both try.
        client.batch_execute(&format!(
            "SELECT pg_advisory_lock(1);
             CREATE TABLE IF NOT EXISTS bare_event (number BIGINT PRIMARY KEY, body TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS bare_case (number BIGINT PRIMARY KEY, version BIGINT NOT NULL);
             INSERT INTO bare_case SELECT number, 1 FROM generate_series(0, {}) number ON CONFLICT DO NOTHING;
             SELECT pg_advisory_unlock(1);",
            ROWS - 1
        ))?;
        let add = client.prepare("INSERT INTO bare_event (number, body) VALUES ($1, $2)")?;
        let bump = client.prepare("UPDATE bare_case SET version = version + 1 WHERE number = $1")?;
        Ok(Self { client, add, bump })
    }

    /// One event, one update, one commit.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn commit_one(&mut self, number: i64, body: &str) -> Result<(), Failure> {
        let mut transaction = self.client.transaction()?;
        transaction.execute(&self.add, &[&number, &body])?;
        transaction.execute(&self.bump, &[&(number % ROWS)])?;
        transaction.commit()?;
        Ok(())
    }
}
