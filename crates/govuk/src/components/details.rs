//! More for those who want it, behind one line.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, content_named};

content_named!(summary, "summaryText", "summaryHtml");

/// More for those who want it, behind one line. Works without script.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "details.html")]
pub struct Details {
    #[serde(flatten, deserialize_with = "summary")]
    pub summary: Content,
    #[serde(flatten)]
    pub content: Content,
    pub id: String,
    pub open: bool,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Details);

impl Details {
    pub fn new(summary: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { summary: summary.into(), content: content.into(), ..Self::default() }
    }

    /// Whether it is open at first.
    #[must_use]
    pub fn open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }
}
