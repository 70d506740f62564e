//! What can go wrong between the program and its database, in words that name the step.
//!
//! The engines' own messages are kept as the [`Cause`] behind the error, without the part that
//! repeats the values of a row: PostgreSQL's "Key (upn)=(…) already exists" would put a child's
//! number in a log.

use std::fmt;

/// Why the engine said no, in terms both engines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// Somebody else holds the lock. Retried by [`crate::Database::write`] and `read`.
    Busy,
    /// Two transactions could not both be true (serialisation failure, deadlock). Retried.
    Conflict,
    /// The connection broke before the commit, so nothing was kept. Retried on a fresh connection.
    ConnectionLost,
    /// A row with this key exists already.
    Unique,
    /// A row points at one that is not there, or is still pointed at.
    ForeignKey,
    /// A check constraint, a STRICT column type or a value out of range.
    Check,
    /// A column that must be filled was left empty.
    NotNull,
    /// The database, or this transaction, may only be read.
    ReadOnly,
    /// The disk, or the quota, is full.
    NoSpace,
    /// The file or the disk under it is broken.
    Damaged,
    /// The database does not let this user do that.
    Permission,
    /// The statement ran longer than allowed, or was cancelled.
    TimedOut,
    /// Anything else, such as a statement that does not parse.
    Other,
}

impl Fault {
    /// Whether the same transaction, run again from its start, may well succeed.
    #[must_use]
    pub fn is_worth_retrying(self) -> bool {
        matches!(self, Self::Busy | Self::Conflict | Self::ConnectionLost)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the database is busy",
            Self::Conflict => "another transaction got there first",
            Self::ConnectionLost => "the connection to the database was lost",
            Self::Unique => "a row with this key exists already",
            Self::ForeignKey => "a row points at one that does not exist",
            Self::Check => "a value is not allowed in its column",
            Self::NotNull => "a column that must be filled is empty",
            Self::ReadOnly => "the database can only be read here",
            Self::NoSpace => "the disk is full",
            Self::Damaged => "the database file or its disk is damaged",
            Self::Permission => "the database user is not allowed to do this",
            Self::TimedOut => "the statement took too long",
            Self::Other => "the database refused it",
        })
    }
}

/// The engine's own words and code, without the values of any row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause(Box<Words>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    code: Option<String>,
    message: String,
    constraint: Option<String>,
}

impl Cause {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Words { code: None, message: message.into(), constraint: None }))
    }

    pub(crate) fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    pub(crate) fn with_constraint(mut self, constraint: Option<&str>) -> Self {
        self.0.constraint = constraint.map(str::to_owned);
        self
    }

    /// The engine's code: SQLSTATE on PostgreSQL (`23505`), the extended result code on SQLite
    /// (`2067`).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What was violated: the constraint's name on PostgreSQL, `table.column` or the check's name on
    /// SQLite. For people and logs; do not branch on it, the engines differ.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(constraint) = &self.0.constraint
            && !self.0.message.contains(constraint.as_str())
        {
            write!(f, " (`{constraint}`)")?;
        }
        if let Some(code) = &self.0.code {
            write!(f, " [{code}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for Cause {}

/// A failure of the database, or of the program in asking it. A domain refusal is never one of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address given to [`crate::Database::open`] cannot be used.
    #[error("`{address}` cannot be used as a database: {why}")]
    Address {
        /// The address without its password.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database could not be reached or opened.
    #[error("failed to open database `{database}`: {fault}")]
    Open {
        /// The address without its password.
        database: String,
        /// What kind of failure.
        fault: Fault,
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// Every connection stayed in use for as long as we are willing to wait.
    #[error("all {connections} database connections stayed in use for {waited_s} seconds")]
    NoFreeConnection {
        /// How many there are.
        connections: usize,
        /// How long we waited.
        waited_s: u64,
    },
    /// The transaction could not be started.
    #[error("failed to begin a transaction: {fault}")]
    Begin {
        /// What kind of failure.
        fault: Fault,
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// One statement was refused. Nothing of its transaction is kept.
    #[error("statement failed: {fault}; in `{sql}`")]
    Statement {
        /// What kind of failure.
        fault: Fault,
        /// The statement as written, with `$1`, never with values.
        sql: &'static str,
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// The commit was refused. Nothing was kept.
    #[error("failed to commit: {fault}")]
    Commit {
        /// What kind of failure.
        fault: Fault,
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// The connection broke while PostgreSQL was committing: it may or may not have been kept.
    /// Never retried, because the work might then be done twice.
    #[error("the connection was lost during the commit, so it is not known whether the work was kept")]
    CommitUnknown {
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// A statement failed earlier, the closure carried on and returned `Ok`. It was rolled back.
    #[error("a statement failed earlier in the transaction, so none of it was kept: {fault}")]
    Doomed {
        /// What kind of failure that was.
        fault: Fault,
    },
    /// A transaction was opened inside another one on the same database and thread. It would wait for
    /// itself, or read a state that the outer one has already changed.
    #[error("transaction `{inner}` was opened inside `{outer}`; pass the `Tx` on instead")]
    Nested {
        /// The one refused.
        inner: &'static str,
        /// The one still open.
        outer: &'static str,
    },
    /// A parameter cannot be stored alike on both engines.
    #[error("parameter ${position} cannot be stored: {why}; in `{sql}`")]
    Parameter {
        /// Counted from 1, as in the statement.
        position: usize,
        /// What is wrong with it.
        why: &'static str,
        /// The statement as written.
        sql: &'static str,
    },
    /// The statement has another number of parameters than were given.
    #[error("statement takes {expected} parameters but {given} were given; in `{sql}`")]
    ParameterCount {
        /// How many the statement has.
        expected: usize,
        /// How many came.
        given: usize,
        /// The statement as written.
        sql: &'static str,
    },
    /// A statement that must give one row gave none or several.
    #[error("statement should give {expected} but gave {rows}; in `{sql}`")]
    RowCount {
        /// "one row" or "at most one row".
        expected: &'static str,
        /// How many came (counting stops at 2).
        rows: usize,
        /// The statement as written.
        sql: &'static str,
    },
    /// A column is missing from a row or holds something else than was asked for.
    #[error("column `{column}` should be {expected} but is {found}")]
    Column {
        /// Its name, or its position counted from 0.
        column: String,
        /// What was asked for.
        expected: &'static str,
        /// What was there: a kind of value, never the value.
        found: &'static str,
    },
    /// The list of migrations itself is wrong.
    #[error("migration `{name}` cannot be used: {why}")]
    MigrationList {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A migration's text changed after it was applied to this database.
    #[error(
        "migration `{name}` was changed after it was applied to this database; restore its text and write a new migration"
    )]
    MigrationEdited {
        /// Its name.
        name: String,
    },
    /// The database knows a migration that this program does not.
    #[error("the database has migration `{name}`, which this program does not know; it was made by a newer version")]
    MigrationUnknown {
        /// Its name.
        name: String,
    },
    /// A migration failed. None of this run's migrations was kept.
    #[error("migration `{name}` failed: {fault}; the database is as it was before")]
    Migration {
        /// Its name.
        name: String,
        /// What kind of failure.
        fault: Fault,
        /// The engine's words.
        #[source]
        cause: Cause,
    },
    /// PostgreSQL would sort or store text in another way than SQLite does.
    #[error(
        "database `{database}` has {setting} `{found}` but must have `{expected}`; make it with: CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    )]
    Unsuitable {
        /// Its name.
        database: String,
        /// Which setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A backup could not be made. Nothing was left at its path.
    #[error("failed to back up to `{path}`: {why}")]
    Backup {
        /// Where it should have gone.
        path: String,
        /// What went wrong.
        why: String,
    },
}

impl Error {
    /// What kind of failure, when an engine reported it.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Open { fault, .. }
            | Self::Begin { fault, .. }
            | Self::Statement { fault, .. }
            | Self::Commit { fault, .. }
            | Self::Doomed { fault }
            | Self::Migration { fault, .. } => Some(*fault),
            Self::NoFreeConnection { .. } => Some(Fault::Busy),
            Self::CommitUnknown { .. } => Some(Fault::ConnectionLost),
            _ => None,
        }
    }

    /// Whether a row with the same key was there already.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.fault() == Some(Fault::Unique)
    }

    /// The engine's own words behind this error, when there are any.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Open { cause, .. }
            | Self::Begin { cause, .. }
            | Self::Statement { cause, .. }
            | Self::Commit { cause, .. }
            | Self::CommitUnknown { cause }
            | Self::Migration { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
