//! One choice out of a few.

use askama::Template;
use serde::Deserialize;

use super::form_group::FieldHead;
use super::{ErrorMessage, Fieldset, FormGroup, Hint, Label, Legend};
use crate::content::{Attributes, Classes, Content, Items, scalar};

/// One choice out of a few.
///
/// ```
/// let radios = govuk::Radios::new("consent", "Do you agree to the assessment?")
///     .item("yes", "Yes")
///     .item("no", "No")
///     .value("yes");
/// assert!(radios.to_string().contains("value=\"yes\" checked"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Radios {
    pub fieldset: Option<Fieldset>,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    /// Where the ids of the items begin; the name when empty.
    pub id_prefix: String,
    pub name: String,
    pub items: Items<Radio>,
    /// The value of the item that is chosen at first; none when empty.
    #[serde(deserialize_with = "scalar")]
    pub value: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One choice, or the word between two groups of choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Radio {
    #[serde(flatten)]
    pub content: Content,
    pub id: String,
    #[serde(deserialize_with = "scalar")]
    pub value: String,
    pub label: Label,
    pub hint: Option<Hint>,
    /// When not empty, a word such as "or" stands here instead of a choice.
    pub divider: String,
    /// Whether it is chosen at first; decided by [`Radios::value`] when `None`.
    pub checked: Option<bool>,
    /// Shown only while this choice is taken (always, where script does not run).
    pub conditional: Content,
    pub disabled: bool,
    pub attributes: Attributes,
}

component!(Radios);
control!(Radios);
grouped!(Radios);

impl Radios {
    pub fn new(name: impl Into<String>, legend: impl Into<Content>) -> Self {
        Self {
            name: name.into(),
            fieldset: Some(Fieldset { legend: Some(Legend::new(legend)), ..Fieldset::default() }),
            ..Self::default()
        }
    }

    /// Adds a choice.
    #[must_use]
    pub fn item(mut self, value: impl Into<String>, text: impl Into<Content>) -> Self {
        self.items.push(Radio { value: value.into(), content: text.into(), ..Radio::default() });
        self
    }

    /// Adds a choice with a line of explanation.
    #[must_use]
    pub fn item_with_hint(
        mut self,
        value: impl Into<String>,
        text: impl Into<Content>,
        hint: impl Into<Content>,
    ) -> Self {
        self.items.push(Radio {
            value: value.into(),
            content: text.into(),
            hint: Some(Hint::new(hint)),
            ..Radio::default()
        });
        self
    }

    /// Adds a choice that asks for something more when it is taken.
    #[must_use]
    pub fn item_revealing(
        mut self,
        value: impl Into<String>,
        text: impl Into<Content>,
        conditional: impl Into<Content>,
    ) -> Self {
        self.items.push(Radio {
            value: value.into(),
            content: text.into(),
            conditional: conditional.into(),
            ..Radio::default()
        });
        self
    }

    /// Adds the word between two groups of choices, such as "or".
    #[must_use]
    pub fn divider(mut self, word: impl Into<String>) -> Self {
        self.items.push(Radio { divider: word.into(), ..Radio::default() });
        self
    }

    /// The value of the item that is chosen at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Puts the choices beside each other: for two short ones.
    #[must_use]
    pub fn inline(self) -> Self {
        self.classes("govuk-radios--inline")
    }

    /// Smaller circles: for choices that matter less than the rest of the page.
    #[must_use]
    pub fn small(self) -> Self {
        self.classes("govuk-radios--small")
    }

    fn id_prefix(&self) -> &str {
        super::form_group::id_or_name(&self.id_prefix, &self.name)
    }
}

impl std::fmt::Display for Radios {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = FieldHead {
            label: None,
            hint: self.hint.as_ref(),
            error: self.error_message.as_ref(),
            id: self.id_prefix(),
        };
        let before = self.fieldset.as_ref().map_or("", |f| &f.described_by);
        let described_by = head.described_by(before);
        let inner = RadiosInner { radios: self, head };
        RadiosTemplate { radios: self, described_by, inner }.fmt(f)
    }
}

#[derive(Template)]
#[template(path = "radios.html")]
struct RadiosTemplate<'a> {
    radios: &'a Radios,
    described_by: String,
    inner: RadiosInner<'a>,
}

#[derive(Template)]
#[template(path = "radios_inner.html")]
struct RadiosInner<'a> {
    radios: &'a Radios,
    head: FieldHead<'a>,
}

impl RadiosInner<'_> {
    fn item_id(&self, item: &Radio, number: usize) -> String {
        if !item.id.is_empty() {
            item.id.clone()
        } else if number > 1 {
            format!("{}-{number}", self.head.id)
        } else {
            // The first has no number, so that an error summary can point at it.
            self.head.id.to_owned()
        }
    }

    fn is_checked(&self, item: &Radio) -> bool {
        let chosen = &self.radios.value;
        item.checked.unwrap_or(!chosen.is_empty() && *chosen == item.value)
    }
}
