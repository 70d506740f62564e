//! What can be wrong with a question put to this crate.

use jiff::civil::Date;

use crate::events::EventName;
use crate::rulebook::RuleId;

/// Why there is no answer. Each names the thing in the way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The code names no rule.
    #[error("unknown rule `{0}`")]
    UnknownRule(String),
    /// The code names no event.
    #[error("unknown event `{0}`")]
    UnknownEvent(String),
    /// The rule counts from something else.
    #[error("rule `{rule}` does not count from `{given}`; it counts from {wanted}")]
    WrongTrigger {
        /// The rule asked for.
        rule: RuleId,
        /// The event given.
        given: EventName,
        /// The events it counts from, as codes.
        wanted: String,
    },
    /// Another event is needed before the date can be worked out.
    #[error("rule `{rule}` needs the event `{event}`, which is missing")]
    MissingEvent {
        /// The rule asked for.
        rule: RuleId,
        /// The event that is missing.
        event: EventName,
    },
    /// The law gives no such limit on these facts.
    #[error("rule `{rule}` does not apply: {why}")]
    DoesNotApply {
        /// The rule asked for.
        rule: RuleId,
        /// The reason, in plain words.
        why: &'static str,
    },
    /// The rule did not exist yet.
    #[error("rule `{rule}` was not yet law on {on}; it has been in force since {since}")]
    NotInForce {
        /// The rule asked for.
        rule: RuleId,
        /// The day asked about.
        on: Date,
        /// The first day of its first version.
        since: Date,
    },
    /// A date that is not in the calendar, or not in the years 1900 to 2199.
    #[error("`{given}` in `{field}` is not a date (write it like 2026-11-23, in the years 1900 to 2199)")]
    ImpossibleDate {
        /// The column or event.
        field: String,
        /// What was written.
        given: String,
    },
    /// A fact that is not a date could not be read.
    #[error("`{given}` is not a value that `{event}` can have ({wanted})")]
    ImpossibleFact {
        /// The event.
        event: EventName,
        /// What was written.
        given: String,
        /// What would be understood.
        wanted: &'static str,
    },
    /// The pair `name=value` is malformed.
    #[error("`{0}` is not of the form name=value")]
    NotAnEvent(String),
    /// The table lacks a column.
    #[error("the column `{0}` is missing from the first line")]
    MissingColumn(&'static str),
    /// The table has a column that means nothing here.
    #[error("the column `{0}` is not one of this table's columns")]
    UnknownColumn(String),
    /// The table has the same column twice.
    #[error("the column `{0}` stands twice in the first line")]
    RepeatedColumn(String),
    /// A row has too few or too many fields.
    #[error("the row has {found} fields where the first line has {wanted}")]
    WrongNumberOfFields {
        /// Fields of the first line.
        wanted: usize,
        /// Fields of this row.
        found: usize,
    },
    /// The exception verdict in the note is not one of the two.
    #[error("`{0}` is not an exception verdict (write EXC=applies or EXC=does_not_apply)")]
    UnknownVerdict(String),
    /// The table could not be read as comma-separated text.
    #[error("failed to read the table")]
    Read(#[source] csv::Error),
    /// The result could not be written.
    #[error("failed to write the result")]
    Write(#[source] std::io::Error),
}
