//! One SQLite connection: its settings, its translated statements, and a transaction on it.

use crate::Engine;
use crate::error::{Cause, Error, Fault};
use crate::transaction::Tx;
use crate::value::{Row, Value, check, date_to_text};
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{CachedStatement, ErrorCode, ToSql};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// More than the program has statements, so that none is ever parsed twice.
const STATEMENTS_MAX: usize = 1024;
/// How long another program (a command-line import beside the server) may hold the file.
const BUSY_WAIT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
}

#[derive(Debug)]
pub(crate) struct SqliteConnection {
    raw: rusqlite::Connection,
    statements: HashMap<&'static str, Arc<Prepared>>,
}

/// What is remembered of a statement: its text for SQLite and the names of its columns.
#[derive(Debug)]
struct Prepared {
    sql: String,
    columns: Arc<[Box<str>]>,
    parameters: usize,
}

impl SqliteConnection {
    pub(crate) fn open(path: &Path, role: Role) -> Result<Self, Error> {
        let opened = (|| {
            use rusqlite::OpenFlags;
            // Without the URI flag a path is a path, whatever characters are in it.
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let raw = rusqlite::Connection::open_with_flags(path, flags)?;
            raw.busy_timeout(BUSY_WAIT)?;
            if role == Role::Writer {
                raw.pragma_update(None, "journal_mode", "WAL")?;
                // Fewer, larger checkpoints; the log file shrinks back after a burst.
                raw.pragma_update(None, "wal_autocheckpoint", 4000)?;
                raw.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
            }
            // Every commit is flushed: an acknowledged decision survives a power cut.
            raw.pragma_update(None, "synchronous", "FULL")?;
            raw.pragma_update(None, "foreign_keys", true)?;
            // What the law says must be erased is overwritten, not only unlinked.
            raw.pragma_update(None, "secure_delete", true)?;
            raw.pragma_update(None, "trusted_schema", false)?;
            raw.pragma_update(None, "case_sensitive_like", true)?;
            raw.pragma_update(None, "temp_store", "MEMORY")?;
            // In KiB when negative; taken only as it is used.
            let cache = if role == Role::Writer { -32_768 } else { -8_192 };
            raw.pragma_update(None, "cache_size", cache)?;
            if role == Role::Reader {
                raw.pragma_update(None, "query_only", true)?;
            }
            rusqlite::vtab::array::load_module(&raw)?;
            raw.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
            Ok(raw)
        })();
        match opened {
            Ok(raw) => Ok(Self { raw, statements: HashMap::new() }),
            Err(error) => Err(super::open_failed(path, fault_of(&error), words(&error))),
        }
    }

    /// For databases that end with a test.
    pub(crate) fn stop_flushing(&self) -> Result<(), Error> {
        self.raw.pragma_update(None, "synchronous", "OFF").map_err(|error| super::begin_failed(&error))
    }

    pub(crate) fn raw(&self) -> &rusqlite::Connection {
        &self.raw
    }

    pub(crate) fn raw_mut(&mut self) -> &mut rusqlite::Connection {
        &mut self.raw
    }

    /// Whether no transaction is open, also because SQLite itself ended it (disk full, for one).
    pub(crate) fn is_idle(&self) -> bool {
        self.raw.is_autocommit()
    }

    /// Runs one of our own statements that take nothing and give nothing.
    pub(crate) fn run(&self, sql: &str) -> Result<(), rusqlite::Error> {
        self.raw.prepare_cached(sql)?.raw_execute().map(drop)
    }

    /// Forgets every statement, because the tables have changed under them.
    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
        self.raw.flush_prepared_statement_cache();
    }

    fn prepare(&mut self, sql: &'static str) -> Result<(CachedStatement<'_>, Arc<Prepared>), rusqlite::Error> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok((self.raw.prepare_cached(&prepared.sql)?, Arc::clone(prepared)));
        }
        let translated = crate::sql::for_sqlite(sql);
        let statement = self.raw.prepare_cached(&translated)?;
        let prepared = Arc::new(Prepared {
            columns: statement.column_names().map(Box::from).collect(),
            parameters: statement.parameter_count(),
            sql: translated,
        });
        self.statements.insert(sql, Arc::clone(&prepared));
        Ok((statement, prepared))
    }
}

/// A transaction that is open on a connection for as long as this lives.
pub(crate) struct SqliteTx<'connection> {
    connection: &'connection mut SqliteConnection,
    doomed: Option<Fault>,
}

impl<'connection> SqliteTx<'connection> {
    pub(crate) fn new(connection: &'connection mut SqliteConnection) -> Self {
        Self { connection, doomed: None }
    }

    /// Why nothing of it may be kept, if so.
    pub(crate) fn doomed(&self) -> Option<Fault> {
        self.doomed
    }

    fn attempt<R>(
        &mut self,
        sql: &'static str,
        run: impl FnOnce(&mut SqliteConnection) -> Result<R, Trouble>,
    ) -> Result<R, Error> {
        if let Some(fault) = self.doomed {
            return Err(Error::Doomed { fault });
        }
        run(self.connection).map_err(|trouble| {
            let error = match trouble {
                Trouble::Ours(error) => error,
                Trouble::Engine(error) => Error::Statement { fault: fault_of(&error), sql, cause: words(&error) },
            };
            self.doomed = Some(error.fault().unwrap_or(Fault::Other));
            error
        })
    }
}

enum Trouble {
    Ours(Error),
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

fn bind(
    statement: &mut CachedStatement<'_>,
    prepared: &Prepared,
    sql: &'static str,
    parameters: &[Value],
) -> Result<(), Trouble> {
    if parameters.len() != prepared.parameters {
        return Err(Trouble::Ours(Error::ParameterCount {
            expected: prepared.parameters,
            given: parameters.len(),
            sql,
        }));
    }
    check(sql, parameters)?;
    for (index, value) in parameters.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(())
}

impl Tx for SqliteTx<'_> {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error> {
        self.attempt(sql, |connection| {
            let (mut statement, prepared) = connection.prepare(sql)?;
            bind(&mut statement, &prepared, sql, parameters)?;
            Ok(statement.raw_execute()? as u64)
        })
    }

    fn execute_many(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.attempt(sql, |connection| {
            let (mut statement, prepared) = connection.prepare(sql)?;
            let mut changed = 0;
            for parameters in rows {
                bind(&mut statement, &prepared, sql, parameters)?;
                changed += statement.raw_execute()? as u64;
            }
            Ok(changed)
        })
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.attempt(sql, |connection| {
            let (mut statement, prepared) = connection.prepare(sql)?;
            bind(&mut statement, &prepared, sql, parameters)?;
            let mut found = Vec::new();
            let mut columns = Arc::clone(&prepared.columns);
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                keep_up(&mut columns, row);
                found.push(read_row(row, &columns)?);
            }
            Ok(found)
        })
    }

    fn stream(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        each: &mut dyn FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.attempt(sql, |connection| {
            let (mut statement, prepared) = connection.prepare(sql)?;
            bind(&mut statement, &prepared, sql, parameters)?;
            let mut columns = Arc::clone(&prepared.columns);
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                keep_up(&mut columns, row);
                if each(&read_row(row, &columns)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        self.attempt(sql, |connection| {
            connection.prepare(sql)?;
            Ok(())
        })
    }
}

/// SQLite prepares a statement anew when it starts and finds that another program has changed a table,
/// so a `SELECT *` may have more columns than when we asked.
fn keep_up(columns: &mut Arc<[Box<str>]>, row: &rusqlite::Row<'_>) {
    let statement: &rusqlite::Statement<'_> = row.as_ref();
    if statement.column_count() != columns.len() {
        *columns = statement.column_names().map(Box::from).collect();
    }
}

fn read_row(row: &rusqlite::Row<'_>, columns: &Arc<[Box<str>]>) -> Result<Row, rusqlite::Error> {
    let mut values = Vec::with_capacity(columns.len());
    for index in 0..columns.len() {
        values.push(match row.get_ref(index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(value) => Value::Int(value),
            ValueRef::Real(value) => Value::Float(value),
            ValueRef::Text(text) => Value::Text(
                std::str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(index, error))?.to_owned(),
            ),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        });
    }
    Ok(Row { columns: Arc::clone(columns), values })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Bool(value) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*value))),
            Self::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Self::Float(value) => ToSqlOutput::Borrowed(ValueRef::Real(*value)),
            Self::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Self::Uuid(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value.as_bytes())),
            Self::Date(value) => ToSqlOutput::Owned(Owned::Text(date_to_text(*value))),
            Self::Instant(value) => ToSqlOutput::Borrowed(ValueRef::Integer(value.as_microsecond())),
            Self::List(values) => {
                // The form in which the `rarray` table of `vtab::array` takes its values.
                ToSqlOutput::from_rc(Rc::new(values.iter().map(owned).collect::<Vec<_>>()), c"rarray")
            }
        })
    }
}

fn owned(value: &Value) -> Owned {
    match value {
        // A list inside a list was refused before it came here.
        Value::Null | Value::List(_) => Owned::Null,
        Value::Bool(value) => Owned::Integer(i64::from(*value)),
        Value::Int(value) => Owned::Integer(*value),
        Value::Float(value) => Owned::Real(*value),
        Value::Text(value) => Owned::Text(value.clone()),
        Value::Bytes(value) => Owned::Blob(value.clone()),
        Value::Uuid(value) => Owned::Blob(value.as_bytes().to_vec()),
        Value::Date(value) => Owned::Text(date_to_text(*value)),
        Value::Instant(value) => Owned::Integer(value.as_microsecond()),
    }
}

/// Sorts SQLite's result codes into the faults both engines share.
pub(crate) fn fault_of(error: &rusqlite::Error) -> Fault {
    use rusqlite::ffi;
    let Some(code) = error.sqlite_error() else {
        return Fault::Other;
    };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Fault::Busy,
        ErrorCode::ReadOnly => Fault::ReadOnly,
        ErrorCode::DiskFull => Fault::NoSpace,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure => Fault::Damaged,
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied | ErrorCode::CannotOpen => {
            Fault::Permission
        }
        ErrorCode::OperationInterrupted => Fault::TimedOut,
        ErrorCode::ConstraintViolation => match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
                Fault::Unique
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Fault::ForeignKey,
            ffi::SQLITE_CONSTRAINT_NOTNULL => Fault::NotNull,
            _ => Fault::Check,
        },
        ErrorCode::TypeMismatch => Fault::Check,
        _ => Fault::Other,
    }
}

pub(crate) fn words(error: &rusqlite::Error) -> Cause {
    let message = error.to_string();
    let cause = match error.sqlite_error() {
        Some(code) => Cause::new(&*message).with_code(code.extended_code.to_string()),
        None => Cause::new(&*message),
    };
    let constraint = message.split_once("constraint failed: ").map(|(_, what)| what);
    cause.with_constraint(constraint)
}
