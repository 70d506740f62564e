//! For keyboards: past the header, to what the page is about.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// For keyboards: past the header, to what the page is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "skip_link.html")]
pub struct SkipLink {
    #[serde(flatten)]
    pub content: Content,
    /// `#content` when empty.
    pub href: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(SkipLink);

impl SkipLink {
    pub fn new(content: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { content: content.into(), href: href.into(), ..Self::default() }
    }
}
