//! What is wrong with one field, and how to put it right.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// What is wrong with one field. Form controls make their own from `.error(…)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorMessage {
    pub id: String,
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    /// Read aloud before the message; "Error" when `None`, nothing when empty.
    pub visually_hidden_text: Option<String>,
    pub attributes: Attributes,
}

component!(ErrorMessage);

impl ErrorMessage {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    pub(crate) fn inside<'a>(&'a self, id: &'a str) -> ErrorMessageInside<'a> {
        ErrorMessageInside { error: self, id }
    }
}

impl std::fmt::Display for ErrorMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inside(&self.id).fmt(f)
    }
}

/// An error message with the id that its control gives it.
#[derive(Template)]
#[template(path = "error_message.html")]
pub(crate) struct ErrorMessageInside<'a> {
    error: &'a ErrorMessage,
    id: &'a str,
}

impl ErrorMessageInside<'_> {
    fn spoken_first(&self) -> &str {
        self.error.visually_hidden_text.as_deref().unwrap_or("Error")
    }
}

impl askama::filters::HtmlSafe for ErrorMessageInside<'_> {}
