//! Does something, or starts something.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, scalar};

/// Submits a form; with an address, a link that looks like a button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "button.html")]
pub struct Button {
    #[serde(flatten)]
    pub content: Content,
    pub id: String,
    pub name: String,
    /// `submit` when empty.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "scalar")]
    pub value: String,
    pub disabled: bool,
    /// Where it leads, when it is a link.
    pub href: String,
    pub prevent_double_click: Option<bool>,
    pub is_start_button: bool,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Button);

impl Button {
    /// A button that submits its form, once even when clicked twice.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), prevent_double_click: Some(true), ..Self::default() }
    }

    /// A link that looks like a button.
    pub fn link(content: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { content: content.into(), href: href.into(), ..Self::default() }
    }

    /// The link that begins a journey.
    pub fn start(content: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { is_start_button: true, ..Self::link(content, href) }
    }

    /// For what matters less than the main button.
    #[must_use]
    pub fn secondary(self) -> Self {
        self.classes("govuk-button--secondary")
    }

    /// For what cannot be undone.
    #[must_use]
    pub fn warning(self) -> Self {
        self.classes("govuk-button--warning")
    }

    /// What the form sends when this button is used.
    #[must_use]
    pub fn sends(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = name.into();
        self.value = value.into();
        self
    }
}
