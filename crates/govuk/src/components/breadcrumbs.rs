//! Where this page stands among the others.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// Where this page stands among the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "breadcrumbs.html")]
pub struct Breadcrumbs {
    pub items: Vec<Breadcrumb>,
    pub classes: Classes,
    /// Shows only the first and the last on a narrow screen.
    pub collapse_on_mobile: bool,
    pub attributes: Attributes,
    pub label_text: Option<String>,
}

/// One page of the way; without an address, the page itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Breadcrumb {
    #[serde(flatten)]
    pub content: Content,
    pub href: String,
    pub attributes: Attributes,
}

component!(Breadcrumbs);

impl Breadcrumbs {
    pub fn new() -> Self {
        Self { collapse_on_mobile: true, ..Self::default() }
    }

    /// Adds a page of the way.
    #[must_use]
    pub fn link(mut self, content: impl Into<Content>, href: impl Into<String>) -> Self {
        self.items.push(Breadcrumb { content: content.into(), href: href.into(), ..Breadcrumb::default() });
        self
    }

    /// Ends with the page itself.
    #[must_use]
    pub fn here(self, content: impl Into<Content>) -> Self {
        self.link(content, "")
    }
}
