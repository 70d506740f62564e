//! Whose service this is: the header of a service that is not on GOV.UK.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, content_named};

content_named!(logo, "logoText", "logoHtml");

/// Whose service this is: the area's own name or logo, never a crown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "generic_header.html")]
pub struct GenericHeader {
    #[serde(flatten, deserialize_with = "logo")]
    pub logo: Content,
    /// `/` when empty.
    pub url: String,
    /// The usual width when empty.
    pub container_classes: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(GenericHeader);

impl GenericHeader {
    pub fn new(logo: impl Into<Content>) -> Self {
        Self { logo: logo.into(), ..Self::default() }
    }
}
