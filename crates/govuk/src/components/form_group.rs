//! What surrounds every form control: label, hint and error, and how they are tied to it.

use askama::Template;
use serde::Deserialize;

use super::{ErrorMessage, Hint, Label};
use crate::content::{Attributes, Classes, Content};

/// The element around a form control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormGroup {
    pub classes: Classes,
    pub attributes: Attributes,
    #[serde(alias = "beforeInputs")]
    pub before_input: Content,
    #[serde(alias = "afterInputs")]
    pub after_input: Content,
}

/// Label, hint and error, in the order in which they stand before a control.
#[derive(Template)]
#[template(path = "field_head.html")]
pub(crate) struct FieldHead<'a> {
    pub label: Option<&'a Label>,
    pub hint: Option<&'a Hint>,
    pub error: Option<&'a ErrorMessage>,
    pub id: &'a str,
}

impl FieldHead<'_> {
    fn id_of(&self, part: &str) -> String {
        format!("{}-{part}", self.id)
    }

    /// The value of `aria-describedby`: what was there before, then the hint, then the error.
    pub(crate) fn described_by(&self, before: &str) -> String {
        let mut ids = before.to_owned();
        let mut add = |part: &str| {
            if !ids.is_empty() {
                ids.push(' ');
            }
            ids.push_str(self.id);
            ids.push_str(part);
        };
        if self.hint.is_some() {
            add("-hint");
        }
        if self.error.is_some() {
            add("-error");
        }
        ids
    }
}

impl askama::filters::HtmlSafe for FieldHead<'_> {}

/// The id of a control: its own, or its name.
pub(crate) fn id_or_name<'a>(id: &'a str, name: &'a str) -> &'a str {
    if id.is_empty() { name } else { id }
}
