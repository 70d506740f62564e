//! Why a file is not read at all, or not to its end.
//!
//! Everything else that may be wrong with a return is a [`Finding`](super::Finding). The words are
//! for people and go after “The file was not loaded:”. They never repeat what the file says about a
//! person.

use crate::input::InputError;

/// Why reading stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("it could not be read to the end: {0}")]
    Io(String),
    #[error("it is empty")]
    Empty,
    #[error("it is not XML: line {line} starts with something else")]
    NotXml { line: u64 },
    #[error(
        "line {line} declares a document type (DOCTYPE), which a return never has and which can be used to attack the reader; take the declaration out"
    )]
    Doctype { line: u64 },
    #[error("line {line} uses an entity of its own, “&{name};”, which is not allowed; write the characters themselves")]
    Entity { line: u64, name: String },
    #[error("line {line} is not well-formed XML: {reason}")]
    Malformed { line: u64, reason: String },
    #[error("it breaks off on line {line}, after {persons} persons, before its end; export it again")]
    Truncated { line: u64, persons: u64 },
    #[error("there is something after the end of the return, on line {line}")]
    AfterTheEnd { line: u64 },
    #[error("it is not a SEN2 return: it starts with “{found}” where a return starts with “Message”")]
    NotAReturn { found: String },
    #[error("it is a return of the collection “{found}”, not of SEN2")]
    OtherCollection { found: String },
    #[error("it has no header that says it is a SEN2 return; the header must come before the persons")]
    HeaderMissing,
    #[error("its header does not say which collection it belongs to; it must say SEN2")]
    CollectionMissing,
    #[error("its header does not say which year it is for")]
    YearMissing,
    #[error("it is for the year “{found}”; the years that are read are {first} to {last}")]
    YearUnknown { found: String, first: i16, last: i16 },
    #[error("line {line} is nested more than {limit} deep, deeper than any return")]
    TooDeep { line: u64, limit: usize },
    #[error("an element on line {line} has more than {limit} attributes")]
    TooManyAttributes { line: u64, limit: usize },
    #[error("a value on line {line} is longer than {limit} bytes")]
    TextTooLong { line: u64, limit: usize },
    #[error("the person on line {line} has more than {limit} items")]
    TooManyItems { line: u64, limit: usize },
    #[error("it has more than {limit} persons")]
    TooManyPersons { limit: u64 },
}
