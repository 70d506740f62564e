//! The name of a form control.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// The name of a form control. Controls point their own label at themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Label {
    #[serde(rename = "for")]
    pub for_id: String,
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    /// Wraps the label in the page's `h1`.
    pub is_page_heading: bool,
    pub attributes: Attributes,
}

component!(Label);

impl Label {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    pub(crate) fn inside<'a>(&'a self, for_id: &'a str) -> LabelInside<'a> {
        LabelInside { label: self, for_id }
    }
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inside(&self.for_id).fmt(f)
    }
}

/// A label that points at its control.
#[derive(Template)]
#[template(path = "label.html")]
pub(crate) struct LabelInside<'a> {
    label: &'a Label,
    for_id: &'a str,
}

impl askama::filters::HtmlSafe for LabelInside<'_> {}
