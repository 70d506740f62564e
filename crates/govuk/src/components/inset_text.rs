//! A passage set apart: a quotation, an example, what else is worth knowing.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// A passage set apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "inset_text.html")]
pub struct InsetText {
    #[serde(flatten)]
    pub content: Content,
    pub id: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(InsetText);

impl InsetText {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}
