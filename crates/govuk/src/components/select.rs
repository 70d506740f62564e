//! One choice from a long list, when radios would fill the page.

use askama::Template;
use serde::Deserialize;

use super::form_group::{FieldHead, id_or_name};
use super::{ErrorMessage, FormGroup, Hint, Label};
use crate::content::{Attributes, Classes, Content, Items, optional_scalar, scalar};

/// One choice from a long list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "select.html")]
pub struct Select {
    /// The name when empty.
    pub id: String,
    pub name: String,
    pub items: Items<SelectItem>,
    /// The value of the item that is chosen at first; none when empty.
    #[serde(deserialize_with = "scalar")]
    pub value: String,
    pub disabled: bool,
    pub described_by: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One option of a [`Select`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SelectItem {
    /// The text when `None`.
    #[serde(deserialize_with = "optional_scalar")]
    pub value: Option<String>,
    #[serde(deserialize_with = "scalar")]
    pub text: String,
    /// Whether it is chosen at first; decided by [`Select::value`] when `None`.
    pub selected: Option<bool>,
    pub disabled: bool,
    pub attributes: Attributes,
}

component!(Select);
control!(Select);
labelled!(Select);

impl Select {
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { name: name.into(), label: Label::new(label), ..Self::default() }
    }

    /// Adds an option. An empty value is the "Choose …" that is no answer.
    #[must_use]
    pub fn item(mut self, value: impl Into<String>, text: impl Into<String>) -> Self {
        self.items.push(SelectItem { value: Some(value.into()), text: text.into(), ..SelectItem::default() });
        self
    }

    /// Adds options from pairs of value and text.
    #[must_use]
    pub fn items<V: Into<String>, T: Into<String>>(self, items: impl IntoIterator<Item = (V, T)>) -> Self {
        items.into_iter().fold(self, |select, (value, text)| select.item(value, text))
    }

    /// The value of the item that is chosen at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    fn is_selected(&self, item: &SelectItem) -> bool {
        let value = item.value.as_ref().unwrap_or(&item.text);
        item.selected.unwrap_or(!self.value.is_empty() && *value == self.value)
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
