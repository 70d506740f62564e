//! One line of text.

use askama::Template;
use serde::Deserialize;

use super::form_group::{FieldHead, id_or_name};
use super::{ErrorMessage, FormGroup, Hint, Label};
use crate::content::{Attributes, Classes, Content, optional_scalar};

/// One line of text.
///
/// ```
/// let wrong = Some("Enter the first name");
/// let input = govuk::Input::new("given-name", "First name")
///     .hint("As on the birth certificate")
///     .value("")
///     .error(wrong);
/// assert!(input.to_string().contains("aria-describedby=\"given-name-hint given-name-error\""));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "input.html")]
pub struct Input {
    /// The name when empty.
    pub id: String,
    pub name: String,
    /// `text` when empty.
    #[serde(rename = "type")]
    pub kind: String,
    pub inputmode: String,
    #[serde(deserialize_with = "optional_scalar")]
    pub value: Option<String>,
    pub disabled: bool,
    pub described_by: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub prefix: Option<Affix>,
    pub suffix: Option<Affix>,
    pub form_group: FormGroup,
    pub input_wrapper: InputWrapper,
    pub classes: Classes,
    pub autocomplete: String,
    pub autocapitalize: String,
    pub pattern: String,
    pub spellcheck: Option<bool>,
    pub attributes: Attributes,
}

/// What stands right before or after the box, such as "£" or "weeks".
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Affix {
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// The element around a box that has something before or after it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InputWrapper {
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Input);
control!(Input);
labelled!(Input);

impl Input {
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { name: name.into(), label: Label::new(label), ..Self::default() }
    }

    /// What the box holds at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The HTML type, such as `email`, `tel` or `search`.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = kind.into();
        self
    }

    /// A whole number: a numeric keyboard, and no spin buttons that change it by accident.
    #[must_use]
    pub fn whole_number(mut self) -> Self {
        self.inputmode = "numeric".to_owned();
        self.spellcheck = Some(false);
        self
    }

    /// What the browser may fill in, such as `given-name` or `off`.
    #[must_use]
    pub fn autocomplete(mut self, purpose: impl Into<String>) -> Self {
        self.autocomplete = purpose.into();
        self
    }

    /// Whether the browser checks spelling: off for names and references.
    #[must_use]
    pub fn spellcheck(mut self, spellcheck: bool) -> Self {
        self.spellcheck = Some(spellcheck);
        self
    }

    /// Stands right before the box, such as "£".
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Content>) -> Self {
        self.prefix = Some(Affix { content: prefix.into(), ..Affix::default() });
        self
    }

    /// Stands right after the box, such as "hours a week".
    #[must_use]
    pub fn suffix(mut self, suffix: impl Into<Content>) -> Self {
        self.suffix = Some(Affix { content: suffix.into(), ..Affix::default() });
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

    fn affix(affix: &Option<Affix>) -> Option<&Affix> {
        affix.as_ref().filter(|affix| !affix.content.is_empty())
    }

    fn shown_prefix(&self) -> Option<&Affix> {
        Self::affix(&self.prefix)
    }

    fn shown_suffix(&self) -> Option<&Affix> {
        Self::affix(&self.suffix)
    }

    fn has_wrapper(&self) -> bool {
        self.shown_prefix().is_some()
            || self.shown_suffix().is_some()
            || !self.form_group.before_input.is_empty()
            || !self.form_group.after_input.is_empty()
    }
}
