//! One database, two kinds: how the program reads and writes, whether it runs on the embedded SQLite
//! or on a PostgreSQL server.
//!
//! ```ignore
//! let database = Database::open("sqlite:/var/lib/tellonce/area.sqlite")?;
//! database.migrate(&MIGRATIONS)?;
//! database.write("requests.submit", |tx| {
//!     tx.execute(
//!         "INSERT INTO request (authority_id, request_id, received_on) VALUES ($1, $2, $3)",
//!         &params![authority, request, received_on],
//!     )?;
//!     Ok::<_, Error>(())
//! })?;
//! ```
//!
//! | question | answer |
//! |---|---|
//! | Where is a transaction? | [`Database::read`] and [`Database::write`], by name, as a closure on a [`Tx`] |
//! | What do values become? | the table in [`Value`]'s module: [`Value`], [`params!`], [`Row::get`] |
//! | How is a statement written once? | PostgreSQL's dialect, `$1`; see below |
//! | How do tables come about? | [`migrations!`] and [`Database::migrate`] |
//! | How does a test get a database? | `db::testing`, with the feature `testing` |
//!
//! # Writing a statement once
//!
//! Statements use what both engines share: `ON CONFLICT`, `RETURNING`, `NULLS LAST`, common table
//! expressions, window functions, `column = ANY($1)` for a list, `$1::uuid` where PostgreSQL cannot
//! guess a parameter's type, `FOR UPDATE SKIP LOCKED`. The last three are translated for SQLite.
//! Tables are STRICT on SQLite. What differs is avoided: no date arithmetic, no `now()`, no
//! `RANDOM()`, no JSON operators; every `ORDER BY` ends in a unique column and says where empty values
//! go.
//!
//! # What this crate never does
//!
//! It knows nothing of cases, authorities or people; it never retries what may have been kept; it
//! never puts a row's values into an error or a log. No other crate may link a database driver.

#[cfg(feature = "testing")]
pub mod bare;
mod database;
mod error;
mod measures;
mod migrations;
mod pool;
mod postgres;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod transaction;
mod value;

pub use database::{Database, Engine, Options};
pub use error::{Cause, Error, Fault};
pub use measures::TransactionMeasure;
pub use migrations::{Applied, Migration, Migrations};
pub use transaction::Tx;
pub use value::{Column, FromValue, Row, Value};
