//! What happens if this is not done, or is done.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// What happens if this is not done, or is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "warning_text.html")]
pub struct WarningText {
    #[serde(flatten)]
    pub content: Content,
    /// Read aloud first; "Warning" when empty.
    pub icon_fallback_text: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(WarningText);

impl WarningText {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}
