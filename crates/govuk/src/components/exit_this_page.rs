//! A quick way out, for someone who is not safe when seen on this page.

use askama::Template;
use serde::Deserialize;

use super::Button;
use crate::content::{Attributes, Classes, Content, Html, scalar};

/// A quick way out, for someone who is not safe when seen on this page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "exit_this_page.html")]
pub struct ExitThisPage {
    #[serde(flatten)]
    pub content: Content,
    /// Where it leads; a weather forecast when empty.
    pub redirect_url: String,
    #[serde(deserialize_with = "scalar")]
    pub id: String,
    pub classes: Classes,
    pub attributes: Attributes,
    pub activated_text: String,
    pub timed_out_text: String,
    pub press_two_more_times_text: String,
    pub press_one_more_time_text: String,
}

component!(ExitThisPage);

impl ExitThisPage {
    fn button(&self) -> Button {
        let content = if self.content.is_empty() {
            Html::trusted(r#"<span class="govuk-visually-hidden">Emergency</span> Exit this page"#).into()
        } else {
            self.content.clone()
        };
        let href = if self.redirect_url.is_empty() { "https://www.bbc.co.uk/weather" } else { &self.redirect_url };
        Button::link(content, href)
            .classes("govuk-button--warning govuk-exit-this-page__button govuk-js-exit-this-page-button")
            .attribute("rel", "nofollow noreferrer")
    }

    fn translations(&self) -> Attributes {
        let mut attributes = Attributes::default();
        for (key, message) in [
            ("activated", &self.activated_text),
            ("timed-out", &self.timed_out_text),
            ("press-two-more-times", &self.press_two_more_times_text),
            ("press-one-more-time", &self.press_one_more_time_text),
        ] {
            attributes.push_unless_empty(format!("data-i18n.{key}"), message);
        }
        attributes
    }
}
