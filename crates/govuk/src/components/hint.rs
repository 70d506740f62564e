//! What to enter, in a line under the label.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// What to enter, in a line under the label. Form controls make their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Hint {
    pub id: String,
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Hint);

impl Hint {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// The same hint inside a control, which gives it an id and perhaps a class.
    pub(crate) fn inside<'a>(&'a self, id: &'a str, own_class: &'static str) -> HintInside<'a> {
        HintInside { hint: self, id, own_class }
    }
}

impl std::fmt::Display for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inside(&self.id, "").fmt(f)
    }
}

/// A hint with the id that its control gives it.
#[derive(Template)]
#[template(path = "hint.html")]
pub(crate) struct HintInside<'a> {
    hint: &'a Hint,
    id: &'a str,
    own_class: &'static str,
}

impl askama::filters::HtmlSafe for HintInside<'_> {}
