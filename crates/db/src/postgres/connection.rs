//! One PostgreSQL connection with its prepared statements, and a transaction on it.

use super::bulk::Bulk;
use super::{fault_of, words};
use crate::Engine;
use crate::error::{Error, Fault};
use crate::transaction::Tx;
use crate::value::{Row, Value, check};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, Statement};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

pub(crate) struct PostgresConnection {
    client: Client,
    statements: HashMap<&'static str, Arc<Prepared>>,
    /// Statements rewritten to take many rows at once; `None` for those that cannot be.
    bulk: HashMap<&'static str, Option<Arc<Bulk>>>,
}

impl std::fmt::Debug for PostgresConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresConnection").finish_non_exhaustive()
    }
}

/// A statement that the server knows, and the names of its columns.
pub(super) struct Prepared {
    pub(super) statement: Statement,
    columns: Arc<[Box<str>]>,
}

impl PostgresConnection {
    pub(super) fn new(client: Client) -> Self {
        Self { client, statements: HashMap::new(), bulk: HashMap::new() }
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Arc<Prepared>, postgres::Error> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(Arc::clone(prepared));
        }
        let statement = self.client.prepare(sql)?;
        let columns = statement.columns().iter().map(|column| Box::from(column.name())).collect();
        let prepared = Arc::new(Prepared { statement, columns });
        self.statements.insert(sql, Arc::clone(&prepared));
        Ok(prepared)
    }

    fn bulk(&mut self, sql: &'static str) -> Result<Option<Arc<Bulk>>, postgres::Error> {
        if let Some(bulk) = self.bulk.get(sql) {
            return Ok(bulk.clone());
        }
        let prepared = self.prepare(sql)?;
        let bulk = match Bulk::rewrite(sql, prepared.statement.params()) {
            Some(written) => Some(Arc::new(written.prepare(&mut self.client)?)),
            None => None,
        };
        self.bulk.insert(sql, bulk.clone());
        Ok(bulk)
    }

    fn run_one(&mut self, prepared: &Prepared, sql: &'static str, parameters: &[Value]) -> Result<u64, Trouble> {
        check_all(prepared, sql, parameters)?;
        let parameters: Vec<&(dyn ToSql + Sync)> =
            parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        Ok(self.client.execute(&prepared.statement, &parameters)?)
    }

    fn run_many(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<u64, Trouble> {
        let prepared = self.prepare(sql)?;
        for row in rows {
            check_all(&prepared, sql, row)?;
        }
        if rows.len() > 1
            && let Some(bulk) = self.bulk(sql)?
            && let Some(changed) = bulk.run(&mut self.client, rows)?
        {
            return Ok(changed);
        }
        let mut changed = 0;
        for row in rows {
            changed += self.run_one(&prepared, sql, row)?;
        }
        Ok(changed)
    }

    fn run_query(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Trouble> {
        let prepared = self.prepare(sql)?;
        check_all(&prepared, sql, parameters)?;
        let mut rows = self.client.query_raw(&prepared.statement, parameters)?;
        while let Some(row) = rows.next()? {
            let values = (0..row.len()).map(|index| row.try_get(index)).collect::<Result<_, _>>()?;
            if each(Row { columns: Arc::clone(&prepared.columns), values }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn check_all(prepared: &Prepared, sql: &'static str, parameters: &[Value]) -> Result<(), Error> {
    let expected = prepared.statement.params().len();
    if parameters.len() != expected {
        return Err(Error::ParameterCount { expected, given: parameters.len(), sql });
    }
    check(sql, parameters)
}

/// A transaction that is open on a connection for as long as this lives.
pub(crate) struct PostgresTx<'connection> {
    connection: &'connection mut PostgresConnection,
    doomed: Option<Fault>,
}

impl<'connection> PostgresTx<'connection> {
    pub(super) fn new(connection: &'connection mut PostgresConnection) -> Self {
        Self { connection, doomed: None }
    }

    /// Why nothing of it may be kept, if so.
    pub(super) fn doomed(&self) -> Option<Fault> {
        self.doomed
    }

    fn attempt<R>(
        &mut self,
        sql: &'static str,
        run: impl FnOnce(&mut PostgresConnection) -> Result<R, Trouble>,
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

pub(super) enum Trouble {
    Ours(Error),
    Engine(postgres::Error),
}

impl From<postgres::Error> for Trouble {
    fn from(error: postgres::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Tx for PostgresTx<'_> {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error> {
        self.attempt(sql, |connection| {
            let prepared = connection.prepare(sql)?;
            connection.run_one(&prepared, sql, parameters)
        })
    }

    fn execute_many(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.attempt(sql, |connection| connection.run_many(sql, rows))
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.attempt(sql, |connection| {
            let mut found = Vec::new();
            connection.run_query(sql, parameters, &mut |row| {
                found.push(row);
                ControlFlow::Continue(())
            })?;
            Ok(found)
        })
    }

    fn stream(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        each: &mut dyn FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.attempt(sql, |connection| connection.run_query(sql, parameters, &mut |row| each(&row)))
    }

    fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        self.attempt(sql, |connection| {
            connection.prepare(sql)?;
            Ok(())
        })
    }
}
