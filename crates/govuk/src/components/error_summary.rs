//! Everything that has to be put right, at the top of the page.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, content_named};

content_named!(title, "titleText", "titleHtml");
content_named!(description, "descriptionText", "descriptionHtml");

/// Everything that has to be put right, each a link to its field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "error_summary.html")]
pub struct ErrorSummary {
    #[serde(flatten, deserialize_with = "title")]
    pub title: Content,
    #[serde(flatten, deserialize_with = "description")]
    pub description: Content,
    pub error_list: Vec<ErrorLink>,
    pub disable_auto_focus: Option<bool>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One error, with the address of its field (`#id`) when it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorLink {
    #[serde(flatten)]
    pub content: Content,
    pub href: String,
    pub attributes: Attributes,
}

component!(ErrorSummary);

impl ErrorSummary {
    /// "There is a problem", and the errors as pairs of address (`#given-name`) and message.
    pub fn of<H: AsRef<str>, M: AsRef<str>>(errors: &[(H, M)]) -> Self {
        errors
            .iter()
            .fold(Self { title: "There is a problem".into(), ..Self::default() }, |summary, (href, message)| {
                summary.error(href.as_ref(), message.as_ref())
            })
    }

    /// Adds an error.
    #[must_use]
    pub fn error(mut self, href: impl Into<String>, message: impl Into<Content>) -> Self {
        self.error_list.push(ErrorLink { href: href.into(), content: message.into(), ..ErrorLink::default() });
        self
    }
}
