//! Any number of choices out of a few.

use askama::Template;
use serde::Deserialize;

use super::form_group::FieldHead;
use super::{ErrorMessage, Fieldset, FormGroup, Hint, Label, Legend};
use crate::content::{Attributes, Classes, Content, Items, scalar};

/// Any number of choices out of a few.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Checkboxes {
    pub described_by: String,
    pub fieldset: Option<Fieldset>,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    /// Where the ids of the items begin; the name when empty.
    pub id_prefix: String,
    pub name: String,
    pub items: Items<Checkbox>,
    /// The values of the items that are ticked at first.
    pub values: Vec<String>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One choice, or the word between two groups of choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Checkbox {
    #[serde(flatten)]
    pub content: Content,
    pub id: String,
    /// The name of all when empty.
    pub name: String,
    #[serde(deserialize_with = "scalar")]
    pub value: String,
    pub label: Label,
    pub hint: Option<Hint>,
    /// When not empty, a word such as "or" stands here instead of a choice.
    pub divider: String,
    /// Whether it is ticked at first; decided by [`Checkboxes::values`] when `None`.
    pub checked: Option<bool>,
    /// Shown only while this choice is ticked (always, where script does not run).
    pub conditional: Content,
    /// `exclusive` unticks the others, for "None of these".
    pub behaviour: String,
    pub disabled: bool,
    pub attributes: Attributes,
}

component!(Checkboxes);
control!(Checkboxes);
grouped!(Checkboxes);

impl Checkboxes {
    pub fn new(name: impl Into<String>, legend: impl Into<Content>) -> Self {
        Self {
            name: name.into(),
            fieldset: Some(Fieldset { legend: Some(Legend::new(legend)), ..Fieldset::default() }),
            ..Self::default()
        }
    }

    /// One box on its own, whose label is the whole question.
    pub fn single(name: impl Into<String>, value: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { name: name.into(), ..Self::default() }.item(value, text)
    }

    /// Adds a choice.
    #[must_use]
    pub fn item(mut self, value: impl Into<String>, text: impl Into<Content>) -> Self {
        self.items.push(Checkbox { value: value.into(), content: text.into(), ..Checkbox::default() });
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
        self.items.push(Checkbox {
            value: value.into(),
            content: text.into(),
            hint: Some(Hint::new(hint)),
            ..Checkbox::default()
        });
        self
    }

    /// Adds a choice that asks for something more when it is ticked.
    #[must_use]
    pub fn item_revealing(
        mut self,
        value: impl Into<String>,
        text: impl Into<Content>,
        conditional: impl Into<Content>,
    ) -> Self {
        self.items.push(Checkbox {
            value: value.into(),
            content: text.into(),
            conditional: conditional.into(),
            ..Checkbox::default()
        });
        self
    }

    /// Adds "or" and a choice that unticks all others, such as "None of these".
    #[must_use]
    pub fn none_of_these(mut self, value: impl Into<String>, text: impl Into<Content>) -> Self {
        self.items.push(Checkbox { divider: "or".to_owned(), ..Checkbox::default() });
        self.items.push(Checkbox {
            value: value.into(),
            content: text.into(),
            behaviour: "exclusive".to_owned(),
            ..Checkbox::default()
        });
        self
    }

    /// The values of the items that are ticked at first.
    #[must_use]
    pub fn values<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    /// Smaller boxes: for choices that matter less than the rest of the page.
    #[must_use]
    pub fn small(self) -> Self {
        self.classes("govuk-checkboxes--small")
    }

    fn id_prefix(&self) -> &str {
        super::form_group::id_or_name(&self.id_prefix, &self.name)
    }
}

impl std::fmt::Display for Checkboxes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = FieldHead {
            label: None,
            hint: self.hint.as_ref(),
            error: self.error_message.as_ref(),
            id: self.id_prefix(),
        };
        let of_fieldset = self.fieldset.as_ref().map_or("", |f| &f.described_by);
        let before = if of_fieldset.is_empty() { &self.described_by } else { of_fieldset };
        let described_by = head.described_by(before);
        let inner = CheckboxesInner {
            checkboxes: self,
            described_by: if self.fieldset.is_some() { "" } else { &described_by },
            head,
        };
        CheckboxesTemplate { checkboxes: self, described_by: &described_by, inner }.fmt(f)
    }
}

#[derive(Template)]
#[template(path = "checkboxes.html")]
struct CheckboxesTemplate<'a> {
    checkboxes: &'a Checkboxes,
    described_by: &'a str,
    inner: CheckboxesInner<'a>,
}

#[derive(Template)]
#[template(path = "checkboxes_inner.html")]
struct CheckboxesInner<'a> {
    checkboxes: &'a Checkboxes,
    /// What describes every box, when no fieldset says it for all of them.
    described_by: &'a str,
    head: FieldHead<'a>,
}

impl CheckboxesInner<'_> {
    fn item_id(&self, item: &Checkbox, number: usize) -> String {
        if !item.id.is_empty() {
            item.id.clone()
        } else if number > 1 {
            format!("{}-{number}", self.head.id)
        } else {
            // The first has no number, so that an error summary can point at it.
            self.head.id.to_owned()
        }
    }

    fn item_name<'b>(&'b self, item: &'b Checkbox) -> &'b str {
        super::form_group::id_or_name(&item.name, &self.checkboxes.name)
    }

    fn item_described_by(&self, item: &Checkbox, item_id: &str) -> String {
        match (self.described_by, &item.hint) {
            (before, None) => before.to_owned(),
            ("", Some(_)) => format!("{item_id}-item-hint"),
            (before, Some(_)) => format!("{before} {item_id}-item-hint"),
        }
    }

    fn is_checked(&self, item: &Checkbox) -> bool {
        item.checked.unwrap_or_else(|| self.checkboxes.values.contains(&item.value))
    }
}
