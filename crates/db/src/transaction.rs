//! One transaction as its closure sees it, and how its ending is judged.

use crate::Engine;
use crate::error::{Error, Fault};
use crate::value::{Row, Value};
use std::ops::ControlFlow;

/// An open transaction. Everything read through it is one consistent state of the database.
///
/// Statements are written once, in the dialect described in the crate's documentation, with `$1` for
/// parameters. They are `&'static str`, so nothing a person typed can become part of one.
///
/// **Any error dooms the transaction.** After one method has failed, nothing of the transaction is
/// kept, even when the closure carries on and returns `Ok`: PostgreSQL works that way, and SQLite is
/// held to the same. To insert "unless it is there", write `ON CONFLICT DO NOTHING`.
pub trait Tx {
    /// Which engine this is, for the rare statement that cannot be written once.
    fn engine(&self) -> Engine;

    /// Runs a statement that gives no rows and returns how many rows it changed.
    ///
    /// # Errors
    /// When the engine refuses it, or a parameter cannot be stored alike on both engines.
    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error>;

    /// Runs one statement for many rows of parameters and returns how many rows were changed in all.
    /// An `INSERT … VALUES (…)` travels to PostgreSQL in a few large pieces, whatever follows the
    /// brackets (`ON CONFLICT …`); other statements are sent one by one.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn execute_many(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error>;

    /// Runs a query and returns all its rows. For lists without a limit use `for_each`.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// Hands over the rows of a query one at a time without holding them all, until `each` breaks
    /// off. Most callers want `for_each`.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn stream(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        each: &mut dyn FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Error>;

    /// Checks that the engine understands a statement, without running it.
    ///
    /// # Errors
    /// When it does not.
    fn prepare(&mut self, sql: &'static str) -> Result<(), Error>;

    /// The row of a query that gives none or one.
    ///
    /// # Errors
    /// As [`Tx::execute`], and [`Error::RowCount`] when there are several.
    fn find(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, Error> {
        let mut found = None;
        let mut rows = 0;
        self.stream(sql, parameters, &mut |row| {
            rows += 1;
            if rows > 1 {
                return ControlFlow::Break(());
            }
            found = Some(row.clone());
            ControlFlow::Continue(())
        })?;
        if rows > 1 {
            return Err(Error::RowCount { expected: "at most one row", rows, sql });
        }
        Ok(found)
    }

    /// The row of a query that always gives one.
    ///
    /// # Errors
    /// As [`Tx::execute`], and [`Error::RowCount`] when there are none or several.
    fn query_one(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Row, Error> {
        self.find(sql, parameters)?.ok_or(Error::RowCount { expected: "one row", rows: 0, sql })
    }
}

impl dyn Tx + '_ {
    /// Hands over the rows of a query one at a time without holding them all. The first error of
    /// `each` stops it and is returned as it is.
    ///
    /// # Errors
    /// As [`Tx::execute`], and whatever `each` returns.
    pub fn for_each<E: From<Error>>(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        mut each: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut stopped = None;
        self.stream(sql, parameters, &mut |row| match each(row) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        })?;
        stopped.map_or(Ok(()), Err)
    }
}

/// How one run of a closure, together with its commit, ended.
#[derive(Debug)]
pub(crate) enum Attempt<T, E> {
    Kept(T),
    Undone { error: E, again: Again, ending: crate::measures::Ending },
}

/// Whether a transaction that was undone should be run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    No,
    /// After a short pause.
    Yes,
    /// By itself: its fault may have been another's whose commit it shared.
    Alone,
}

impl<T, E: From<Error>> Attempt<T, E> {
    /// A failure of the database itself.
    pub(crate) fn failed(error: Error) -> Self {
        let again = match error {
            // The work may have been kept, so doing it again could do it twice.
            Error::CommitUnknown { .. } | Error::NoFreeConnection { .. } => Again::No,
            _ if error.fault().is_some_and(Fault::is_worth_retrying) => Again::Yes,
            _ => Again::No,
        };
        Self::Undone { error: E::from(error), again, ending: crate::measures::Ending::Failed }
    }

    /// Judges what the closure returned against what happened underneath it. `Err(self)` must be
    /// rolled back, `Ok` may be committed.
    pub(crate) fn judge(returned: Result<T, E>, doomed: Option<Fault>) -> Result<T, Self> {
        use crate::measures::Ending;
        let again = match doomed {
            Some(fault) if fault.is_worth_retrying() => Again::Yes,
            _ => Again::No,
        };
        match (returned, doomed) {
            (Ok(value), None) => Ok(value),
            (Ok(_), Some(fault)) => {
                Err(Self::Undone { error: E::from(Error::Doomed { fault }), again, ending: Ending::Failed })
            }
            (Err(error), Some(_)) => Err(Self::Undone { error, again, ending: Ending::Failed }),
            (Err(error), None) => Err(Self::Undone { error, again, ending: Ending::Refused }),
        }
    }
}
