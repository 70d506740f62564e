//! Several controls that answer one question.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, Html};

/// Several controls that answer one question, under a legend.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Fieldset {
    pub described_by: String,
    pub legend: Option<Legend>,
    pub classes: Classes,
    pub role: String,
    #[serde(deserialize_with = "markup")]
    pub html: Html,
    pub attributes: Attributes,
}

/// The name of a [`Fieldset`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Legend {
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
    /// Wraps the legend in the page's `h1`.
    pub is_page_heading: bool,
}

component!(Fieldset);

impl Fieldset {
    pub fn new(legend: impl Into<Content>, controls: impl Into<Html>) -> Self {
        Self { legend: Some(Legend::new(legend)), html: controls.into(), ..Self::default() }
    }

    /// The same fieldset around a component's own controls.
    pub(crate) fn around<'a, I: std::fmt::Display>(
        &'a self,
        described_by: &'a str,
        role: &'a str,
        inner: I,
    ) -> FieldsetAround<'a, I> {
        FieldsetAround { fieldset: self, described_by, role, inner }
    }
}

impl Legend {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl std::fmt::Display for Fieldset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.around(&self.described_by, &self.role, &self.html).fmt(f)
    }
}

fn markup<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Html, D::Error> {
    crate::content::scalar(deserializer).map(Html::trusted)
}

/// A fieldset around markup that is already safe.
#[derive(Template)]
#[template(path = "fieldset.html")]
pub(crate) struct FieldsetAround<'a, I: std::fmt::Display> {
    fieldset: &'a Fieldset,
    described_by: &'a str,
    role: &'a str,
    inner: I,
}

impl<I: std::fmt::Display> FieldsetAround<'_, I> {
    fn legend(&self) -> Option<&Legend> {
        let legend = self.fieldset.legend.as_ref();
        legend.filter(|legend| !legend.content.is_empty())
    }
}
