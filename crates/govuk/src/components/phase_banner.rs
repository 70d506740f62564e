//! This service is still being built, and where to say what you think of it.

use askama::Template;
use serde::Deserialize;

use super::Tag;
use crate::content::{Attributes, Classes, Content};

/// This service is still being built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "phase_banner.html")]
pub struct PhaseBanner {
    #[serde(flatten)]
    pub content: Content,
    pub tag: Tag,
    pub classes: Classes,
    pub attributes: Attributes,
}

component!(PhaseBanner);

impl PhaseBanner {
    pub fn new(phase: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { tag: Tag::new(phase), content: content.into(), ..Self::default() }
    }
}
