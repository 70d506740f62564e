//! What is due, when, on what authority, and why that day?
//!
//! This crate knows the time limits of the special educational needs and disability (SEND) system in
//! England: education, health and care (EHC) needs assessments and plans, reviews, moves, mediation,
//! appeals and the rest. It is pure: no clock, no files, no network. "Today" is always an argument.
//!
//! | question | function |
//! |---|---|
//! | is this a working day; when is the Nth one; what school year is a child in? | [`calendar`] |
//! | what does the rule say, who says so, since when? | [`rulebook::RuleId::rule`] |
//! | which dates does this case have? | [`clock::deadlines`] |
//! | what is the date of one duty? | [`clock::deadline`] |
//! | why that day? | [`explain::explain`] |
//! | what would move if this happened? | [`what_if::what_if`] |
//! | does a table of worked cases come out right? | [`check::check`] |
//!
//! The mistake this crate is shaped to prevent: treating an exception as an extension. An exception
//! takes a limit away ("need not comply"); it never makes a new date. So a [`clock::Deadline`] always
//! keeps its nominal date, and says beside it whether an exception could take the limit away.
//!
//! To add a rule: add its name to [`rulebook::RuleId`], its entry to the table of its family under
//! `rulebook/`, and at least one row worked by hand to `tests/further-cases.csv`. A change in the law is a
//! new [`rulebook::Version`] of the same rule, never an edit of the old one: a case keeps the version
//! that was in force at its trigger. Counting conventions are decision record 0002.

pub mod calendar;
pub mod check;
pub mod clock;
mod events;
mod exceptions;
pub mod explain;
mod fault;
pub mod rulebook;
pub mod what_if;
pub mod words;

pub use check::check;
pub use clock::{Deadline, Status, deadline, deadlines};
pub use events::{Event, EventName, Fact, OrderKind};
pub use exceptions::{Disapplication, Limb};
pub use explain::explain;
pub use fault::Fault;
pub use rulebook::{Rule, RuleId};
pub use what_if::what_if;

/// A civil date, as the law counts them: no time of day, no zone, so the clocks changing cannot matter.
pub use jiff::civil::Date;
