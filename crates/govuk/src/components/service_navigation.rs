//! The name of the service and the main places in it.

use askama::Template;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::content::{Attributes, Classes, Content, Html, Items};

/// The name of the service and the main places in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ServiceNavigation {
    pub classes: Classes,
    pub attributes: Attributes,
    pub aria_label: Option<String>,
    /// "Menu" when empty.
    pub menu_button_text: String,
    pub menu_button_label: String,
    /// The text of the menu button when empty.
    pub navigation_label: String,
    /// `navigation` when empty.
    pub navigation_id: String,
    pub navigation_classes: Classes,
    /// Whether a narrow screen hides the places behind a button; it does for two or more.
    pub collapse_navigation_on_mobile: Option<bool>,
    pub service_name: String,
    pub service_url: String,
    pub navigation: Items<NavigationItem>,
    pub slots: Slots,
}

/// One place of a [`ServiceNavigation`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NavigationItem {
    /// This very page.
    pub current: bool,
    /// A page somewhere under this place.
    pub active: bool,
    #[serde(flatten)]
    pub content: Content,
    pub href: String,
    pub attributes: Attributes,
}

/// Trusted markup of one's own at four places of a [`ServiceNavigation`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Slots {
    #[serde(deserialize_with = "markup")]
    pub start: Html,
    pub end: EndSlot,
    #[serde(deserialize_with = "markup")]
    pub navigation_start: Html,
    #[serde(deserialize_with = "markup")]
    pub navigation_end: Html,
}

/// What stands at the end: who is signed in, for example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndSlot {
    pub html: Html,
    /// Beside the places instead of under them.
    pub inline: bool,
}

component!(ServiceNavigation);

impl ServiceNavigation {
    pub fn new(service_name: impl Into<String>, service_url: impl Into<String>) -> Self {
        Self { service_name: service_name.into(), service_url: service_url.into(), ..Self::default() }
    }

    /// Adds a place.
    #[must_use]
    pub fn item(mut self, content: impl Into<Content>, href: impl Into<String>, active: bool) -> Self {
        self.navigation.push(NavigationItem {
            content: content.into(),
            href: href.into(),
            active,
            ..NavigationItem::default()
        });
        self
    }

    /// Puts markup at the end, beside the places where there is room: who is signed in.
    #[must_use]
    pub fn end(mut self, html: impl Into<Html>) -> Self {
        self.slots.end = EndSlot { html: html.into(), inline: true };
        self
    }

    fn is_landmark(&self) -> bool {
        !self.service_name.is_empty() || !self.slots.start.is_empty() || !self.slots.end.html.is_empty()
    }

    fn has_navigation(&self) -> bool {
        !self.navigation.is_empty() || !self.slots.navigation_start.is_empty() || !self.slots.navigation_end.is_empty()
    }

    fn collapses(&self) -> bool {
        self.collapse_navigation_on_mobile.unwrap_or_else(|| self.navigation.len() > 1)
    }
}

impl std::fmt::Display for ServiceNavigation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let or = |text: &'_ str, default: &'static str| -> String {
            if text.is_empty() { default } else { text }.to_owned()
        };
        let menu = or(&self.menu_button_text, "Menu");
        ServiceNavigationTemplate {
            nav: self,
            label: if self.navigation_label.is_empty() { menu.clone() } else { self.navigation_label.clone() },
            navigation_id: or(&self.navigation_id, "navigation"),
            menu,
        }
        .fmt(f)
    }
}

#[derive(Template)]
#[template(path = "service_navigation.html")]
struct ServiceNavigationTemplate<'a> {
    nav: &'a ServiceNavigation,
    menu: String,
    label: String,
    navigation_id: String,
}

fn markup<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Html, D::Error> {
    crate::content::scalar(deserializer).map(Html::trusted)
}

impl<'de> Deserialize<'de> for EndSlot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Slot;
        impl<'de> Visitor<'de> for Slot {
            type Value = EndSlot;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("markup, or a map with `html` and `align`")
            }

            fn visit_str<E: de::Error>(self, markup: &str) -> Result<EndSlot, E> {
                Ok(EndSlot { html: Html::trusted(markup), inline: false })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EndSlot, A::Error> {
                #[derive(Default, Deserialize)]
                #[serde(default)]
                struct Parts {
                    html: String,
                    align: String,
                }
                let parts = Parts::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(EndSlot { html: Html::trusted(parts.html), inline: parts.align == "inline" })
            }
        }
        deserializer.deserialize_any(Slot)
    }
}
