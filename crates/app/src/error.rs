//! Everything that can go wrong between a click and a commit, and which of it is whose.

use casework::{CaseId, Refusal};

/// What stopped an act.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error("failed to reach the database")]
    Db(#[from] db::Error),
    /// The law or the facts are in the way. Not a fault.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Someone else changed the case since this page was shown.
    #[error("case `{case}` was at version {seen} on the page and is at {now}")]
    Conflict { case: CaseId, seen: u64, now: u64 },
    /// The record was joined into this one of the same child: everything goes on there.
    /// `room` is where this person reads records: `/children` or `/family`.
    #[error("the record was joined into case `{into}`")]
    Joined { into: CaseId, room: &'static str },
    /// What was typed needs mending.
    #[error("{} field(s) need attention", .0.len())]
    Fields(Vec<FieldError>),
    /// There is none, or the person may not know that there is one.
    #[error("not found")]
    NotFound,
    /// The person may see it, but not do this.
    #[error("not allowed")]
    NotAllowed,
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// The form was not one of ours, or the session it belonged to has ended.
    #[error("the form could not be trusted")]
    Forged,
    /// The request is too large or cannot be read.
    #[error("{0}")]
    BadRequest(String),
    /// A stored file could not be read or written.
    #[error("failed to {step} file `{name}`")]
    File {
        step: &'static str,
        name: String,
        #[source]
        cause: std::io::Error,
    },
    /// The file is there and cannot be opened: it is being checked, or unsafe.
    #[error("the file is held")]
    Held { is_unsafe: bool },
    /// Something that cannot be: a bug or damaged storage.
    #[error("failed to {step}: {cause}")]
    Broken { step: &'static str, cause: String },
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

/// One field and what to do about it, in the words of its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form, which is also its id on the page.
    pub field: &'static str,
    pub message: String,
}

impl FieldError {
    pub fn new(field: &'static str, message: impl Into<String>) -> FieldError {
        FieldError { field, message: message.into() }
    }
}
