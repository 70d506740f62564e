//! What happened, or what a person should know before going on.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, content_named};

content_named!(title, "titleText", "titleHtml");

/// What happened, or what a person should know before going on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "notification_banner.html")]
pub struct NotificationBanner {
    #[serde(flatten)]
    pub content: Content,
    #[serde(flatten, deserialize_with = "title")]
    pub title: Content,
    /// 2 when `None`.
    pub title_heading_level: Option<u8>,
    #[serde(rename = "type")]
    pub kind: NotificationKind,
    /// `alert` for a success and `region` otherwise, when empty.
    pub role: String,
    pub title_id: String,
    pub disable_auto_focus: Option<bool>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// Whether something went well or something needs attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum NotificationKind {
    #[default]
    Important,
    Success,
}

impl From<String> for NotificationKind {
    fn from(name: String) -> Self {
        if name == "success" { Self::Success } else { Self::Important }
    }
}

component!(NotificationBanner);

impl NotificationBanner {
    /// Something that needs attention.
    pub fn important(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Something that was done.
    pub fn success(content: impl Into<Content>) -> Self {
        Self { kind: NotificationKind::Success, ..Self::important(content) }
    }

    /// The id of the title: two banners on one page need different ones.
    #[must_use]
    pub fn title_id(mut self, id: impl Into<String>) -> Self {
        self.title_id = id.into();
        self
    }

    fn is_success(&self) -> bool {
        self.kind == NotificationKind::Success
    }

    fn shown_role(&self) -> &str {
        match (self.role.as_str(), self.is_success()) {
            ("", true) => "alert",
            ("", false) => "region",
            (role, _) => role,
        }
    }

    fn shown_title_id(&self) -> &str {
        if self.title_id.is_empty() { "govuk-notification-banner-title" } else { &self.title_id }
    }

    fn level(&self) -> u8 {
        self.title_heading_level.unwrap_or(2)
    }
}
