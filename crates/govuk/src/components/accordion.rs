//! Sections that open and close, on a page that is read in parts.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, Items};

/// Sections that open and close. Without script all are open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "accordion.html")]
pub struct Accordion {
    pub id: String,
    /// 2 when `None`.
    pub heading_level: Option<u8>,
    pub classes: Classes,
    pub attributes: Attributes,
    /// Whether the browser remembers which sections were open; it does when `None`.
    pub remember_expanded: Option<bool>,
    pub hide_all_sections_text: String,
    pub hide_section_text: String,
    pub hide_section_aria_label_text: String,
    pub show_all_sections_text: String,
    pub show_section_text: String,
    pub show_section_aria_label_text: String,
    pub items: Items<AccordionSection>,
}

/// One section of an [`Accordion`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AccordionSection {
    pub heading: Content,
    pub summary: Content,
    pub content: Content,
    pub expanded: bool,
}

component!(Accordion);

impl Accordion {
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Adds a closed section.
    #[must_use]
    pub fn section(mut self, heading: impl Into<Content>, content: impl Into<Content>) -> Self {
        self.items.push(AccordionSection {
            heading: heading.into(),
            content: content.into(),
            ..AccordionSection::default()
        });
        self
    }

    fn level(&self) -> u8 {
        self.heading_level.unwrap_or(2)
    }

    fn translations(&self) -> Attributes {
        let mut attributes = Attributes::default();
        for (key, message) in [
            ("hide-all-sections", &self.hide_all_sections_text),
            ("hide-section", &self.hide_section_text),
            ("hide-section-aria-label", &self.hide_section_aria_label_text),
            ("show-all-sections", &self.show_all_sections_text),
            ("show-section", &self.show_section_text),
            ("show-section-aria-label", &self.show_section_aria_label_text),
        ] {
            if !message.is_empty() {
                attributes.push(format!("data-i18n.{key}"), message.as_str());
            }
        }
        attributes
    }
}
