//! Rows gathered by statement, so that many of them travel to the database together.

use crate::Error;
use db::{Tx, Value};

/// Statements in the order in which they were first used, each with its rows.
#[derive(Default)]
pub(crate) struct Writes(Vec<(&'static str, Vec<Vec<Value>>)>);

impl Writes {
    pub fn add(&mut self, sql: &'static str, row: Vec<Value>) {
        match self.0.iter_mut().find(|(known, _)| *known == sql) {
            Some((_, rows)) => rows.push(row),
            None => self.0.push((sql, vec![row])),
        }
    }

    pub fn run(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        for (sql, rows) in &self.0 {
            tx.execute_many(sql, rows)?;
        }
        Ok(())
    }
}
