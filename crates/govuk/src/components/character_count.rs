//! A long text that may not be longer than so many characters or words.

use serde::Deserialize;

use super::form_group::id_or_name;
use super::{ErrorMessage, FormGroup, Hint, Label, Textarea};
use crate::content::{Attributes, Classes, Content, Html};

/// A long text with a limit. Script counts down; the server still checks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CharacterCount {
    /// The name when empty.
    pub id: String,
    pub name: String,
    pub rows: Option<u32>,
    pub value: String,
    /// The limit in characters; [`CharacterCount::maxwords`] wins where both are given.
    pub maxlength: Option<u64>,
    /// The limit in words.
    pub maxwords: Option<u64>,
    /// From how many percent of the limit the count is shown.
    pub threshold: Option<u64>,
    pub count_type: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    pub classes: Classes,
    pub attributes: Attributes,
    pub spellcheck: Option<bool>,
    pub count_message: CountMessage,
    /// Said without script; `%{count}` is the limit.
    pub textarea_description_text: String,
    pub characters_under_limit_text: Attributes,
    pub characters_at_limit_text: String,
    pub characters_over_limit_text: Attributes,
    pub words_under_limit_text: Attributes,
    pub words_at_limit_text: String,
    pub words_over_limit_text: Attributes,
}

/// The line that says how much is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CountMessage {
    pub classes: Classes,
}

component!(CharacterCount);
control!(CharacterCount);
labelled!(CharacterCount);

impl CharacterCount {
    /// A text of at most `maxlength` characters.
    pub fn new(name: impl Into<String>, label: impl Into<Content>, maxlength: u64) -> Self {
        Self { name: name.into(), label: Label::new(label), maxlength: Some(maxlength), ..Self::default() }
    }

    /// Counts words instead.
    #[must_use]
    pub fn words(mut self, maxwords: u64) -> Self {
        self.maxlength = None;
        self.maxwords = Some(maxwords);
        self
    }

    /// What the box holds at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// How many lines the box shows.
    #[must_use]
    pub fn rows(mut self, rows: u32) -> Self {
        self.rows = Some(rows);
        self
    }

    fn counts_words(&self) -> bool {
        if self.count_type.is_empty() { self.maxwords.is_some() } else { self.count_type == "words" }
    }

    /// The limit in words, or else in characters; a limit of nought is none.
    fn limit(&self) -> Option<u64> {
        let given = |limit: &u64| *limit > 0;
        self.maxwords.filter(given).or(self.maxlength.filter(given))
    }

    fn message(&self, id: &str) -> Html {
        let unit = if self.counts_words() { "words" } else { "characters" };
        let text = match self.limit() {
            // The script fills the message in when it sets the limit.
            None => String::new(),
            Some(limit) if self.textarea_description_text.is_empty() => {
                format!("You can enter up to {limit} {unit}")
            }
            Some(limit) => self.textarea_description_text.replace("%{count}", &limit.to_string()),
        };
        let mut hint = Hint::new(text).classes("govuk-character-count__message");
        hint.id = format!("{id}-info");
        if !self.count_message.classes.is_empty() {
            hint = hint.classes(self.count_message.classes.as_str());
        }
        let mut html = Html::from(hint);
        html.push(Html::trusted(self.form_group.after_input.to_string()));
        html
    }

    fn group_attributes(&self) -> Attributes {
        let mut attributes = Attributes::default();
        attributes.push("data-module", "govuk-character-count");
        let mut number = |name: &str, value: Option<u64>| {
            if let Some(value) = value {
                attributes.push(name, value.to_string());
            }
        };
        number("data-maxlength", self.maxlength);
        number("data-maxwords", self.maxwords);
        number("data-threshold", self.threshold);
        if !self.count_type.is_empty() {
            attributes.push("data-count-type", self.count_type.as_str());
        } else if self.counts_words() {
            attributes.push("data-count-type", "words");
        }
        if self.limit().is_none() {
            attributes.push_unless_empty("data-i18n.textarea-description.other", &self.textarea_description_text);
        }
        attributes.push_plurals("characters-under-limit", &self.characters_under_limit_text);
        attributes.push_unless_empty("data-i18n.characters-at-limit", &self.characters_at_limit_text);
        attributes.push_plurals("characters-over-limit", &self.characters_over_limit_text);
        attributes.push_plurals("words-under-limit", &self.words_under_limit_text);
        attributes.push_unless_empty("data-i18n.words-at-limit", &self.words_at_limit_text);
        attributes.push_plurals("words-over-limit", &self.words_over_limit_text);
        attributes.extend(&self.form_group.attributes);
        attributes
    }
}

impl std::fmt::Display for CharacterCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = id_or_name(&self.id, &self.name);
        let mut group_classes = Classes::from("govuk-character-count");
        if !self.form_group.classes.is_empty() {
            group_classes.push(self.form_group.classes.as_str());
        }
        let mut classes = Classes::from("govuk-js-character-count");
        if !self.classes.is_empty() {
            classes.push(self.classes.as_str());
        }
        Textarea {
            id: id.to_owned(),
            name: self.name.clone(),
            described_by: format!("{id}-info"),
            rows: self.rows,
            spellcheck: self.spellcheck,
            value: self.value.clone(),
            form_group: FormGroup {
                classes: group_classes,
                attributes: self.group_attributes(),
                before_input: self.form_group.before_input.clone(),
                after_input: self.message(id).into(),
            },
            classes,
            label: self.label.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            attributes: self.attributes.clone(),
            ..Textarea::default()
        }
        .fmt(f)
    }
}
