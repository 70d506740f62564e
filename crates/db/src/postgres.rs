//! The PostgreSQL half: a small pool of connections to one server.
//!
//! Reading is REPEATABLE READ, so that every statement of a page sees the same moment. Writing is READ
//! COMMITTED: two people who act on one case meet at its version column, the second finds that no row
//! has the version it read and is told what changed. Were writing SERIALIZABLE instead, rows that
//! everybody touches (the head of a day's hash chain) would make all but one of any number of writers
//! start again, where now they queue for that row and go on. Whoever reads widely and then decides asks
//! for it with [`crate::Database::write_serialised`].

mod bulk;
mod connection;
mod tls;
mod values;

use crate::database::Scope;
use crate::error::{Cause, Error, Fault};
use crate::migrations::{Applied, Migration};
use crate::pool::{Lease, Pool};
use crate::transaction::{Attempt, Tx};
use connection::{PostgresConnection, PostgresTx};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    Read,
    Write,
    WriteSerialised,
}

#[derive(Debug)]
pub(crate) struct Postgres {
    server: tls::Server,
    connections: Pool<PostgresConnection>,
}

impl Postgres {
    /// Connects once, so that a wrong address is found out at the start.
    pub(crate) fn open(address: &str, shown: String, connections_max: usize) -> Result<Self, Error> {
        let postgres = Self { server: tls::Server::parse(address, shown)?, connections: Pool::new(connections_max) };
        drop(postgres.take()?);
        Ok(postgres)
    }

    fn take(&self) -> Result<Lease<'_, PostgresConnection>, Error> {
        self.connections.take(|| self.server.connect().map(PostgresConnection::new))
    }

    /// Puts a connection back, or closes it and the idle ones when it turns out broken: a server that
    /// was restarted has dropped them all.
    fn give_back(&self, connection: Lease<'_, PostgresConnection>, usable: bool) {
        if usable && !connection.is_closed() {
            drop(connection);
        } else {
            connection.discard();
            self.connections.close_idle();
        }
    }

    pub(crate) fn run<T, E: From<Error>>(
        &self,
        isolation: Isolation,
        scope: Option<&Scope>,
        f: &mut impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Attempt<T, E> {
        let mut connection = match self.take() {
            Ok(connection) => connection,
            Err(error) => return Attempt::failed(error),
        };
        if let Err(cause) = connection.client().batch_execute(&begin(isolation, scope)) {
            let error = Error::Begin { fault: fault_of(&cause), cause: words(&cause) };
            self.give_back(connection, false);
            return Attempt::failed(error);
        }
        let mut tx = PostgresTx::new(&mut connection);
        let returned = catch_unwind(AssertUnwindSafe(|| f(&mut tx)));
        let doomed = tx.doomed();
        let returned = match returned {
            Ok(returned) => returned,
            Err(panic) => {
                let undone = connection.client().batch_execute("ROLLBACK").is_ok();
                self.give_back(connection, undone);
                resume_unwind(panic);
            }
        };
        match Attempt::judge(returned, doomed) {
            Ok(value) => match connection.client().batch_execute("COMMIT") {
                Ok(()) => {
                    self.give_back(connection, true);
                    Attempt::Kept(value)
                }
                Err(cause) => {
                    let error = commit_failed(&cause, isolation);
                    self.give_back(connection, false);
                    Attempt::failed(error)
                }
            },
            Err(undone) => {
                let usable =
                    doomed != Some(Fault::ConnectionLost) && connection.client().batch_execute("ROLLBACK").is_ok();
                self.give_back(connection, usable);
                undone
            }
        }
    }

    pub(crate) fn migrate(&self, list: &'static [Migration]) -> Result<Applied, Error> {
        let mut connection = self.take()?;
        let outcome = crate::migrations::migrate_postgres(connection.client(), self.server.shown(), list);
        // Statements prepared before may name tables that are different now.
        connection.discard();
        self.connections.close_idle();
        outcome
    }

    pub(crate) fn refresh_statistics(&self) -> Result<(), Error> {
        let mut connection = self.take()?;
        let outcome = connection.client().batch_execute("ANALYZE");
        self.give_back(connection, outcome.is_ok());
        outcome.map_err(|cause| Error::Begin { fault: fault_of(&cause), cause: words(&cause) })
    }
}

/// One round trip that opens the transaction, bounds its waits and names the authority for row-level
/// security. `SET LOCAL` and `set_config(…, true)` end with the transaction, so that neither reaches
/// the next user of the connection, also behind PgBouncer.
fn begin(isolation: Isolation, scope: Option<&Scope>) -> String {
    let mut sql = String::from(match isolation {
        Isolation::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Isolation::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '10s'",
        Isolation::WriteSerialised => "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; SET LOCAL lock_timeout = '10s'",
    });
    if let Some(Scope(authority)) = scope {
        // A literal, because several statements in one round trip cannot take parameters.
        // `E''` reads alike whatever the server's `standard_conforming_strings`.
        let quoted = authority.replace('\\', "\\\\").replace('\'', "''");
        sql.push_str("; SELECT set_config('tellonce.authority', E'");
        sql.push_str(&quoted);
        sql.push_str("', true)");
    }
    sql
}

fn commit_failed(cause: &postgres::Error, isolation: Isolation) -> Error {
    let fault = fault_of(cause);
    if fault == Fault::ConnectionLost && isolation != Isolation::Read {
        return Error::CommitUnknown { cause: words(cause) };
    }
    Error::Commit { fault, cause: words(cause) }
}

/// Sorts PostgreSQL's SQLSTATE codes into the faults both engines share.
pub(crate) fn fault_of(error: &postgres::Error) -> Fault {
    let Some(refused) = error.as_db_error() else {
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            if cause.is::<values::CannotConvert>() {
                return Fault::Check;
            }
            source = cause.source();
        }
        // Everything else without a code is the connection: closed, reset, timed out, garbled.
        return Fault::ConnectionLost;
    };
    match refused.code().code() {
        "40001" | "40P01" => Fault::Conflict,
        // Lock not available; too many connections; out of memory.
        "55P03" | "53300" | "53200" => Fault::Busy,
        "23505" => Fault::Unique,
        "23503" => Fault::ForeignKey,
        "23502" => Fault::NotNull,
        "25006" => Fault::ReadOnly,
        "53100" => Fault::NoSpace,
        "57014" => Fault::TimedOut,
        "XX001" | "XX002" | "58030" => Fault::Damaged,
        "42501" => Fault::Permission,
        // Another node has changed the tables; a fresh connection prepares its statements anew.
        "0A000" if refused.message().contains("cached plan") => Fault::ConnectionLost,
        // A pooler between us and the server has lost our prepared statement.
        "26000" => Fault::ConnectionLost,
        code if code.starts_with("08") || code.starts_with("57P") || code == "25P03" => Fault::ConnectionLost,
        code if code.starts_with("23") || code.starts_with("22") => Fault::Check,
        code if code.starts_with("28") => Fault::Permission,
        _ => Fault::Other,
    }
}

/// The server's words without its DETAIL, which repeats the values of the row.
pub(crate) fn words(error: &postgres::Error) -> Cause {
    if let Some(refused) = error.as_db_error() {
        return Cause::new(refused.message()).with_code(refused.code().code()).with_constraint(refused.constraint());
    }
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    Cause::new(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_cannot_break_out_of_its_quotes() {
        let scope = Scope("332'; DROP TABLE ehc_case; \\' --".into());
        let sql = begin(Isolation::Read, Some(&scope));
        assert!(sql.ends_with(r"E'332''; DROP TABLE ehc_case; \\'' --', true)"), "{sql}");
    }
}
