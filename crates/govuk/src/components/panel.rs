//! It is done: the end of a journey.

use askama::Template;
use serde::Deserialize;

use super::Button;
use crate::content::{Attributes, Classes, Content, Html, content_named};

content_named!(title, "titleText", "titleHtml");

/// It is done: the end of a journey, with its reference number. With the class
/// `govuk-panel--interruption`, a pause before something that cannot be undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "panel.html")]
pub struct Panel {
    #[serde(flatten, deserialize_with = "title")]
    pub title: Content,
    /// 1 when `None`.
    pub heading_level: Option<u8>,
    #[serde(flatten)]
    pub content: Content,
    /// Written only on an interruption.
    pub actions: Option<PanelActions>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// What can be done next on an interruption.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PanelActions {
    pub items: Vec<PanelAction>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// A button, or a link when it has an address and is not of type `button`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PanelAction {
    pub text: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub href: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(Panel);

impl Panel {
    pub fn new(title: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { title: title.into(), content: content.into(), ..Self::default() }
    }

    fn level(&self) -> u8 {
        self.heading_level.unwrap_or(1)
    }

    fn is_interruption(&self) -> bool {
        self.classes.contains("govuk-panel--interruption")
    }

    fn shown_actions(&self) -> Option<&PanelActions> {
        self.actions.as_ref().filter(|_| self.is_interruption())
    }
}

impl PanelAction {
    fn button(&self) -> Option<Html> {
        if !self.href.is_empty() && self.kind != "button" {
            return None;
        }
        let mut button = Button {
            content: self.text.as_str().into(),
            kind: if self.kind.is_empty() { "button".to_owned() } else { self.kind.clone() },
            href: self.href.clone(),
            attributes: self.attributes.clone(),
            ..Button::default()
        }
        .classes("govuk-button--inverse");
        if !self.classes.is_empty() {
            button = button.classes(self.classes.as_str());
        }
        Some(button.into())
    }
}
