//! The end of every page: help, accessibility, privacy, cookies.

use askama::Template;
use serde::{Deserialize, Deserializer};

use crate::content::{Attributes, Classes, Content};

/// The end of every page.
///
/// The official footer begins with a crown, which belongs to gov.uk services and is left out
/// here on purpose. Its licence and copyright lines are written only when asked for
/// ([`Notice::Official`]), because an area publishes under its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "footer.html")]
pub struct Footer {
    pub meta: Option<FooterMeta>,
    pub navigation: Vec<FooterNavigation>,
    #[serde(default = "official", deserialize_with = "notice")]
    pub content_licence: Notice,
    #[serde(default = "official", deserialize_with = "notice")]
    pub copyright: Notice,
    pub container_classes: Classes,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// A line about licence or copyright.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Notice {
    /// No such line.
    #[default]
    Absent,
    /// The line of a gov.uk page: Open Government Licence, Crown copyright.
    Official,
    /// A line of one's own.
    Own(Content),
}

/// Links in one line, and a text under them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FooterMeta {
    /// "Support links" when empty.
    pub visually_hidden_title: String,
    #[serde(flatten)]
    pub content: Content,
    pub items: Vec<FooterLink>,
}

/// A group of links under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FooterNavigation {
    pub title: String,
    pub columns: Option<u8>,
    /// `full` when empty; otherwise as the grid's column classes end, such as `one-half`.
    pub width: String,
    pub items: Vec<FooterLink>,
}

/// One link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FooterLink {
    pub text: String,
    pub href: String,
    pub attributes: Attributes,
}

component!(Footer);

impl Footer {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a link to the line of links.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.meta.get_or_insert_default().items.push(FooterLink {
            text: text.into(),
            href: href.into(),
            ..FooterLink::default()
        });
        self
    }

    /// Says something under the links, such as who runs the service.
    #[must_use]
    pub fn text(mut self, content: impl Into<Content>) -> Self {
        self.meta.get_or_insert_default().content = content.into();
        self
    }
}

fn official() -> Notice {
    Notice::Official
}

fn notice<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Notice, D::Error> {
    Ok(match Option::<Content>::deserialize(deserializer)? {
        None => Notice::Absent,
        Some(content) if content.is_empty() => Notice::Official,
        Some(content) => Notice::Own(content),
    })
}
