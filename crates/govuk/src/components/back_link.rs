//! The way to the page before.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// The way to the page before. It says "Back" unless told otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "back_link.html")]
pub struct BackLink {
    #[serde(flatten)]
    pub content: Content,
    pub href: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(BackLink);

impl BackLink {
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::default() }
    }

    /// Says where it leads.
    #[must_use]
    pub fn content(mut self, content: impl Into<Content>) -> Self {
        self.content = content.into();
        self
    }
}
