//! The handle that the rest of the program holds: open, migrate, read, write, measure, back up.

use crate::error::Error;
use crate::measures::{Ending, Measures, TransactionMeasure};
use crate::migrations::{Applied, Migrations, migrate_sqlite};
use crate::postgres::{Isolation, Postgres};
use crate::sqlite::Sqlite;
use crate::transaction::{Again, Attempt, Tx};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Which of the two engines is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, for many areas and many machines.
    Postgres,
}

/// How many times one transaction is run at most.
const ATTEMPTS_MAX: u32 = 12;

/// A database. Cheap to clone; clones share connections and measures.
///
/// Calls block: from asynchronous code use `tokio::task::spawn_blocking` around them.
#[derive(Debug, Clone)]
pub struct Database {
    shared: Arc<Shared>,
    scope: Option<Scope>,
}

/// The authorities whose rows PostgreSQL's row-level security will show, as the policies read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope(pub(crate) Arc<str>);

#[derive(Debug)]
struct Shared {
    kind: Kind,
    measures: Measures,
}

#[derive(Debug)]
enum Kind {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What can be chosen when opening a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Connections at most: on SQLite for reading (there is one more, for writing), on PostgreSQL in
    /// all. A command-line tool needs one or two.
    pub connections_max: usize,
    /// Whether a commit waits for the disk. Never off outside of this crate's own test databases.
    pub(crate) durable: bool,
}

impl Options {
    /// At most so many connections.
    #[must_use]
    pub fn with_connections(connections_max: usize) -> Self {
        Self { connections_max, ..Self::default() }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn not_durable() -> Self {
        Self { durable: false, ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { connections_max: 4 + 4 * cores, durable: true }
    }
}

impl Database {
    /// Opens a database: `sqlite:/path/file.sqlite`, a bare path, or `postgres://user@host/name`.
    /// A SQLite file that does not exist is made, readable by its owner only; its folder must exist.
    ///
    /// # Errors
    /// When the address makes no sense or the database cannot be reached.
    pub fn open(address: &str) -> Result<Self, Error> {
        Self::open_with(address, Options::default())
    }

    /// As [`Database::open`], with a say in the number of connections.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_with(address: &str, options: Options) -> Result<Self, Error> {
        let connections_max = options.connections_max.max(1);
        let kind = match Address::parse(address)? {
            Address::File(path) => Kind::Sqlite(Sqlite::open(&path, connections_max, options.durable)?),
            Address::Server(address) => {
                let shown = Address::without_password(&address);
                Kind::Postgres(Postgres::open(&address, shown, connections_max)?)
            }
        };
        Ok(Self { shared: Arc::new(Shared { kind, measures: Measures::default() }), scope: None })
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.shared.kind {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres(_) => Engine::Postgres,
        }
    }

    /// The same database, seen through row-level security as one authority. Every transaction of the
    /// returned handle sets `tellonce.authority` for its own duration before the first statement; the
    /// handle it came from sets nothing, and then a policy lets nothing through:
    ///
    /// ```sql
    /// CREATE POLICY own_authority ON ehc_case
    ///     USING (authority_id = NULLIF(current_setting('tellonce.authority', true), '')::uuid);
    /// ```
    ///
    /// It backs up the `Scope` that every query takes; it does not replace it, and on SQLite, which
    /// has no row-level security, it does nothing. Setting it costs no extra round trip.
    #[must_use]
    pub fn scoped_to(&self, authority: impl std::fmt::Display) -> Self {
        Self { shared: Arc::clone(&self.shared), scope: Some(Scope(authority.to_string().into())) }
    }

    /// Applies the migrations that are still to be applied, all or none.
    ///
    /// # Errors
    /// When a migration fails, was edited after it was applied, or is unknown to this program.
    pub fn migrate(&self, migrations: &Migrations) -> Result<Applied, Error> {
        let _open = self.enter("db.migrate")?;
        match &self.shared.kind {
            Kind::Sqlite(sqlite) => sqlite.with_writer(|connection| migrate_sqlite(connection, migrations.sqlite)),
            Kind::Postgres(postgres) => postgres.migrate(migrations.postgres),
        }
    }

    /// Runs a closure on one consistent snapshot of the database. Nothing can be written in it.
    ///
    /// # Errors
    /// What the closure returns, or a failure of the database turned into `E`.
    pub fn read<T, E: From<Error>>(
        &self,
        name: &'static str,
        mut f: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(name, |_again| match &self.shared.kind {
            Kind::Sqlite(sqlite) => sqlite.read(&mut f),
            Kind::Postgres(postgres) => postgres.run(Isolation::Read, self.scope.as_ref(), &mut f),
        })
    }

    /// Runs a closure in a transaction: committed and on disk when it returns `Ok`, undone when it
    /// returns `Err` or panics.
    ///
    /// The closure **may run more than once**: after a conflict with another transaction, or when the
    /// connection broke before the commit. It should change nothing but the database. What it returns
    /// as `Err` comes back unchanged, be it a domain refusal or a failure of the database; whether to
    /// run again is decided by what happened on the `Tx`, not by what the error was turned into.
    ///
    /// On PostgreSQL it is READ COMMITTED: rows that a decision rests on are guarded by a version
    /// (`UPDATE … WHERE version = $2` changes exactly one row), a constraint, or `FOR UPDATE`. For one
    /// that reads widely and then decides, use [`Database::write_serialised`].
    ///
    /// # Errors
    /// What the closure returns, or a failure of the database turned into `E`.
    pub fn write<T, E: From<Error>>(
        &self,
        name: &'static str,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_isolated(name, Isolation::Write, f)
    }

    /// As [`Database::write`], and as if no other transaction ran at the same time, whatever it reads
    /// (SERIALIZABLE on PostgreSQL; always so on SQLite). Conflicts are more frequent.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_serialised<T, E: From<Error>>(
        &self,
        name: &'static str,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_isolated(name, Isolation::WriteSerialised, f)
    }

    fn write_isolated<T, E: From<Error>>(
        &self,
        name: &'static str,
        isolation: Isolation,
        mut f: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let counters = self.shared.measures.of(name);
        self.run(name, |again| match &self.shared.kind {
            Kind::Sqlite(sqlite) => sqlite.write(again == Again::Alone, &counters, &mut f),
            Kind::Postgres(postgres) => postgres.run(isolation, self.scope.as_ref(), &mut f),
        })
    }

    /// What is known of every transaction by name, in order of name.
    #[must_use]
    pub fn measures(&self) -> Vec<TransactionMeasure> {
        self.shared.measures.all()
    }

    /// Writes a copy of a SQLite database, as it is at one moment, while others go on working. The
    /// copy is checked and flushed before it appears at `path`, where nothing may be yet.
    ///
    /// # Errors
    /// When it cannot be written, and on PostgreSQL, which has its own tools for it.
    pub fn backup(&self, path: &Path) -> Result<(), Error> {
        match &self.shared.kind {
            Kind::Sqlite(sqlite) => sqlite.backup(path),
            Kind::Postgres(_) => Err(Error::Backup {
                path: path.display().to_string(),
                why: "a PostgreSQL database is backed up with pg_basebackup or pg_dump".to_owned(),
            }),
        }
    }

    /// Lets the engine look again at how its tables are filled, after a large import.
    ///
    /// # Errors
    /// When the database fails.
    pub fn refresh_statistics(&self) -> Result<(), Error> {
        let _open = self.enter("db.refresh_statistics")?;
        match &self.shared.kind {
            Kind::Sqlite(sqlite) => sqlite.with_writer(|connection| {
                connection.raw().execute_batch("PRAGMA analysis_limit = 2000; ANALYZE").map_err(|error| Error::Begin {
                    fault: crate::sqlite::fault_of(&error),
                    cause: crate::sqlite::words(&error),
                })
            }),
            Kind::Postgres(postgres) => postgres.refresh_statistics(),
        }
    }

    fn run<T, E: From<Error>>(
        &self,
        name: &'static str,
        mut attempt: impl FnMut(Again) -> Attempt<T, E>,
    ) -> Result<T, E> {
        let counters = self.shared.measures.of(name);
        let open = self.enter(name)?;
        let began = Instant::now();
        let mut attempts = 1;
        let mut how = Again::No;
        let (result, ending) = loop {
            match attempt(how) {
                Attempt::Kept(value) => break (Ok(value), Ending::Kept),
                Attempt::Undone { error, again, ending } => {
                    if again == Again::No || attempts == ATTEMPTS_MAX {
                        break (Err(error), ending);
                    }
                    counters.retried();
                    if again == Again::Yes {
                        std::thread::sleep(pause(attempts));
                    }
                    if how != Again::Alone {
                        how = again;
                    }
                    attempts += 1;
                }
            }
        };
        drop(open);
        counters.ended(began.elapsed(), ending);
        result
    }

    /// Notes that a transaction is open on this thread, and refuses a second one on this database.
    fn enter(&self, name: &'static str) -> Result<OpenHere, Error> {
        let database = Arc::as_ptr(&self.shared).addr();
        OPEN_HERE.with_borrow_mut(|open| {
            if let Some((_, outer)) = open.iter().find(|(other, _)| *other == database) {
                return Err(Error::Nested { inner: name, outer });
            }
            open.push((database, name));
            Ok(OpenHere { database })
        })
    }
}

thread_local! {
    /// The databases with a transaction open on this thread, and its name.
    static OPEN_HERE: RefCell<Vec<(usize, &'static str)>> = const { RefCell::new(Vec::new()) };
}

struct OpenHere {
    database: usize,
}

impl Drop for OpenHere {
    fn drop(&mut self) {
        OPEN_HERE.with_borrow_mut(|open| open.retain(|(database, _)| *database != self.database));
    }
}

/// How long to wait before attempt number `attempts + 1`: 1 ms doubling to 64 ms, spread by up to a
/// half so that two that met once do not meet again.
fn pause(attempts: u32) -> Duration {
    static TURN: AtomicU64 = AtomicU64::new(0);
    let base = 1000_u64 << attempts.min(7).saturating_sub(1);
    // The golden ratio spreads successive turns evenly over the range.
    let spread = TURN.fetch_add(1, Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54;
    Duration::from_micros(base / 2 + base * spread / 1024)
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    File(PathBuf),
    Server(String),
}

impl Address {
    fn parse(address: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::Address { address: Self::without_password(address), why: why.to_owned() });
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Self::Server(address.to_owned()));
        }
        let path = match address.strip_prefix("sqlite:") {
            Some(path) => path.strip_prefix("//").unwrap_or(path),
            None if address.contains("://") => {
                return refuse("it must start with `sqlite:` or `postgres://`, or be a path");
            }
            None => address,
        };
        if path.is_empty() {
            return refuse("the path of the file is missing");
        }
        if path.contains(":memory:") {
            return refuse("a database in memory cannot be shared by several connections");
        }
        if path.contains('\0') {
            return refuse("a path must not contain a NUL character");
        }
        Ok(Self::File(PathBuf::from(path)))
    }

    /// The address as it may appear in messages and logs.
    fn without_password(address: &str) -> String {
        let Some((scheme, rest)) = address.split_once("://") else {
            return address.to_owned();
        };
        // Whatever stands after `?` may hold a password, too.
        let rest = rest.split('?').next().unwrap_or_default();
        match rest.rsplit_once('@') {
            Some((user, host)) => {
                let user = user.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}@{host}")
            }
            None => format!("{scheme}://{rest}"),
        }
    }
}
