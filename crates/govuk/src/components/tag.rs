//! A short status, such as "Overdue".

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content};

/// A short status. The words carry the meaning; the colour only helps to find it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "tag.html")]
pub struct Tag {
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Tag);

impl Tag {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Sets the colour; without it a tag is blue.
    #[must_use]
    pub fn colour(self, colour: TagColour) -> Self {
        match colour.class() {
            "" => self,
            class => self.classes(class),
        }
    }
}

/// The colours of the design system, all readable against their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagColour {
    Blue,
    Green,
    Grey,
    Magenta,
    Orange,
    Purple,
    Red,
    Teal,
    Yellow,
}

impl TagColour {
    fn class(self) -> &'static str {
        match self {
            Self::Blue => "",
            Self::Green => "govuk-tag--green",
            Self::Grey => "govuk-tag--grey",
            Self::Magenta => "govuk-tag--magenta",
            Self::Orange => "govuk-tag--orange",
            Self::Purple => "govuk-tag--purple",
            Self::Red => "govuk-tag--red",
            Self::Teal => "govuk-tag--teal",
            Self::Yellow => "govuk-tag--yellow",
        }
    }
}
