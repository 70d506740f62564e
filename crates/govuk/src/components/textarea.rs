//! Several lines of text.

use askama::Template;
use serde::Deserialize;

use super::form_group::{FieldHead, id_or_name};
use super::{ErrorMessage, FormGroup, Hint, Label};
use crate::content::{Attributes, Classes, Content};

/// Several lines of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "textarea.html")]
pub struct Textarea {
    /// The name when empty.
    pub id: String,
    pub name: String,
    pub spellcheck: Option<bool>,
    /// Lines shown; 5 when `None`.
    pub rows: Option<u32>,
    pub value: String,
    pub disabled: bool,
    pub described_by: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    pub classes: Classes,
    pub autocomplete: String,
    pub attributes: Attributes,
}

component!(Textarea);
control!(Textarea);
labelled!(Textarea);

impl Textarea {
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { name: name.into(), label: Label::new(label), ..Self::default() }
    }

    /// What the box holds at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// How many lines the box shows.
    #[must_use]
    pub fn rows(mut self, rows: u32) -> Self {
        self.rows = Some(rows);
        self
    }

    fn element_id(&self) -> &str {
        id_or_name(&self.id, &self.name)
    }

    fn head(&self) -> FieldHead<'_> {
        FieldHead {
            label: Some(&self.label),
            hint: self.hint.as_ref(),
            error: self.error_message.as_ref(),
            id: self.element_id(),
        }
    }
}
