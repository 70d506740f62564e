//! The SQLite half: one writer, many readers, one file.
//!
//! Writers that arrive while another is at work share its commit: each runs in a savepoint of the same
//! SQLite transaction and none returns before the one flush to disk that makes them all durable. That
//! changes how many flushes are paid, never what is promised: a caller that got `Ok` is on disk, and
//! should the shared commit fail, every one of them is run again by itself.

mod connection;
mod writer;

pub(crate) use connection::{SqliteConnection, fault_of, words};

use crate::error::{Cause, Error, Fault};
use crate::measures::Counters;
use crate::pool::Pool;
use crate::transaction::{Attempt, Tx};
use connection::{Role, SqliteTx};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;
use writer::Writer;

#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Writer,
    readers: Pool<SqliteConnection>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, connections_max: usize, durable: bool) -> Result<Self, Error> {
        create_private(path)?;
        let writer = SqliteConnection::open(path, Role::Writer)?;
        if !durable {
            writer.stop_flushing()?;
        }
        Ok(Self { path: path.to_owned(), writer: Writer::new(writer), readers: Pool::new(connections_max) })
    }

    pub(crate) fn read<T, E: From<Error>>(&self, f: &mut impl FnMut(&mut dyn Tx) -> Result<T, E>) -> Attempt<T, E> {
        let mut connection = match self.readers.take(|| SqliteConnection::open(&self.path, Role::Reader)) {
            Ok(connection) => connection,
            Err(error) => return Attempt::failed(error),
        };
        if let Err(cause) = connection.run("BEGIN DEFERRED") {
            return Attempt::failed(begin_failed(&cause));
        }
        let mut tx = SqliteTx::new(&mut connection);
        let returned = catch_unwind(AssertUnwindSafe(|| f(&mut tx)));
        let doomed = tx.doomed();
        // Nothing was written, so ending it cannot lose anything; a connection that cannot even do
        // that is not used again.
        if !connection.is_idle() && connection.run("ROLLBACK").is_err() {
            connection.discard();
        }
        match returned {
            Ok(returned) => match Attempt::judge(returned, doomed) {
                Ok(value) => Attempt::Kept(value),
                Err(undone) => undone,
            },
            Err(panic) => resume_unwind(panic),
        }
    }

    pub(crate) fn write<T, E: From<Error>>(
        &self,
        alone: bool,
        counters: &Counters,
        f: &mut impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Attempt<T, E> {
        self.writer.write(alone, counters, f)
    }

    /// Runs `f` on the writing connection with no transaction open.
    pub(crate) fn with_writer<R>(&self, f: impl FnOnce(&mut SqliteConnection) -> R) -> R {
        self.writer.with_connection(f)
    }

    pub(crate) fn backup(&self, to: &Path) -> Result<(), Error> {
        backup(&self.path, to)
    }
}

fn begin_failed(cause: &rusqlite::Error) -> Error {
    Error::Begin { fault: fault_of(cause), cause: words(cause) }
}

fn open_failed(path: &Path, fault: Fault, cause: Cause) -> Error {
    Error::Open { database: path.display().to_string(), fault, cause }
}

/// Makes the file, when it is new, readable by its owner only. SQLite gives its companion files the
/// same permissions.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| {
        let fault = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Fault::NoSpace,
            std::io::ErrorKind::ReadOnlyFilesystem => Fault::ReadOnly,
            std::io::ErrorKind::PermissionDenied => Fault::Permission,
            _ => Fault::Other,
        };
        open_failed(path, fault, Cause::new(error.to_string()))
    })
}

/// Copies the database as it is at one moment, while others go on reading and writing. The copy is
/// checked and flushed before it appears under its name.
fn backup(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = |why: String| Error::Backup { path: to.display().to_string(), why };
    if to.exists() {
        return Err(failed("a file of that name exists already".to_owned()));
    }
    let mut unfinished_name = to.as_os_str().to_owned();
    unfinished_name.push(".unfinished");
    let unfinished = PathBuf::from(unfinished_name);
    let copied = (|| {
        create_private(&unfinished).map_err(|error| failed(error.to_string()))?;
        let source = SqliteConnection::open(from, Role::Reader)?;
        let mut target = rusqlite::Connection::open(&unfinished).map_err(|error| failed(error.to_string()))?;
        {
            let copy =
                rusqlite::backup::Backup::new(source.raw(), &mut target).map_err(|error| failed(error.to_string()))?;
            // All pages in one step: a snapshot in WAL mode, which no writer has to wait for.
            copy.run_to_completion(i32::MAX, Duration::from_millis(50), None)
                .map_err(|error| failed(error.to_string()))?;
        }
        let verdict: String = target
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| failed(error.to_string()))?;
        if verdict != "ok" {
            return Err(failed(format!("the copy is damaged: {verdict}")));
        }
        drop(target);
        let file = std::fs::File::open(&unfinished).map_err(|error| failed(error.to_string()))?;
        file.sync_all().map_err(|error| failed(error.to_string()))?;
        std::fs::rename(&unfinished, to).map_err(|error| failed(error.to_string()))?;
        let folder = match to.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(error.to_string()))
    })();
    if copied.is_err() {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut name = unfinished.as_os_str().to_owned();
            name.push(suffix);
            // It may well not be there; the error that matters is the one being returned.
            let _ = std::fs::remove_file(PathBuf::from(name));
        }
    }
    copied
}
