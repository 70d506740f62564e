//! Parts of a page of which one is looked at at a time.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, Items};

/// Parts of a page of which one is looked at at a time. Without script, a list of contents and
/// all parts under it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "tabs.html")]
pub struct Tabs {
    pub id: String,
    pub id_prefix: String,
    /// "Contents" when `None`.
    pub title: Option<String>,
    pub items: Items<Tab>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tab {
    pub id: String,
    pub label: String,
    pub attributes: Attributes,
    pub panel: TabPanel,
}

/// What a part shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TabPanel {
    #[serde(flatten)]
    pub content: Content,
    pub attributes: Attributes,
}

component!(Tabs);

impl Tabs {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part.
    #[must_use]
    pub fn tab(mut self, id: impl Into<String>, label: impl Into<String>, content: impl Into<Content>) -> Self {
        self.items.push(Tab {
            id: id.into(),
            label: label.into(),
            panel: TabPanel { content: content.into(), ..TabPanel::default() },
            ..Tab::default()
        });
        self
    }

    fn panel_id(&self, tab: &Tab, number: usize) -> String {
        if tab.id.is_empty() { format!("{}-{number}", self.id_prefix) } else { tab.id.clone() }
    }
}
