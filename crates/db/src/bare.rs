//! What a plain program does on the same disk, without this crate: for measurements to stand beside.

use postgres::{Client, NoTls, Statement};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

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

static NEXT: AtomicI64 = AtomicI64::new(1);

/// Runs `work` in `threads` threads for so long and returns how many a second were done. `prepare`
/// makes what one thread works with; `work` is given a number of its own.
///
/// # Errors
/// The first that `work` or `prepare` gives.
pub fn rate<W>(
    threads: usize,
    lasting: Duration,
    prepare: impl Fn() -> Result<W, Failure> + Sync,
) -> Result<f64, Failure>
where
    W: FnMut(i64) -> Result<(), Failure>,
{
    let done = AtomicU64::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| -> Result<(), Failure> {
                    let mut work = prepare()?;
                    while began.elapsed() < lasting {
                        work(NEXT.fetch_add(1, Relaxed))?;
                        done.fetch_add(1, Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        running.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into())))
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count of some seconds")]
    let done = done.load(Relaxed) as f64;
    Ok(done / began.elapsed().as_secs_f64())
}

/// Prints a rate, and how it stands to the bare program's.
pub fn show(what: &str, rate: f64, bare: Option<f64>) {
    match bare {
        Some(bare) => println!("{what:<60} {rate:>9.0}/s   {:>5.2} of bare", rate / bare),
        None => println!("{what:<60} {rate:>9.0}/s"),
    }
}
