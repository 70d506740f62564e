//! A password, with a button to look at it.

use serde::Deserialize;

use super::form_group::id_or_name;
use super::{Button, ErrorMessage, FormGroup, Hint, Input, InputWrapper, Label};
use crate::content::{Attributes, Classes, Content, Html};

/// A password, with a button to look at it where script runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PasswordInput {
    /// The name when empty.
    pub id: String,
    pub name: String,
    pub value: Option<String>,
    pub disabled: bool,
    pub described_by: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    pub classes: Classes,
    /// `current-password` when empty.
    pub autocomplete: String,
    pub attributes: Attributes,
    pub show_password_text: String,
    pub hide_password_text: String,
    pub show_password_aria_label_text: String,
    pub hide_password_aria_label_text: String,
    pub password_shown_announcement_text: String,
    pub password_hidden_announcement_text: String,
}

component!(PasswordInput);
control!(PasswordInput);
labelled!(PasswordInput);

impl PasswordInput {
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { name: name.into(), label: Label::new(label), ..Self::default() }
    }

    /// A password being chosen, so that the browser offers to make one.
    #[must_use]
    pub fn is_new(mut self) -> Self {
        self.autocomplete = "new-password".to_owned();
        self
    }

    fn button(&self, id: &str) -> Html {
        let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
        let mut button = Button {
            content: or(&self.show_password_text, "Show").into(),
            kind: "button".to_owned(),
            ..Button::default()
        }
        .classes("govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle")
        .attribute("aria-controls", id)
        .attribute("aria-label", or(&self.show_password_aria_label_text, "Show password"));
        // The script shows it: without script it would do nothing.
        button.attributes.push_bare("hidden");
        let mut html = Html::from(button);
        html.push(Html::trusted(self.form_group.after_input.to_string()));
        html
    }

    fn group_attributes(&self) -> Attributes {
        let mut attributes = Attributes::default();
        attributes.push("data-module", "govuk-password-input");
        for (key, message) in [
            ("show-password", &self.show_password_text),
            ("hide-password", &self.hide_password_text),
            ("show-password-aria-label", &self.show_password_aria_label_text),
            ("hide-password-aria-label", &self.hide_password_aria_label_text),
            ("password-shown-announcement", &self.password_shown_announcement_text),
            ("password-hidden-announcement", &self.password_hidden_announcement_text),
        ] {
            attributes.push_unless_empty(format!("data-i18n.{key}"), message);
        }
        attributes.extend(&self.form_group.attributes);
        attributes
    }
}

impl std::fmt::Display for PasswordInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = id_or_name(&self.id, &self.name);
        let mut group_classes = Classes::from("govuk-password-input");
        if !self.form_group.classes.is_empty() {
            group_classes.push(self.form_group.classes.as_str());
        }
        let mut classes = Classes::from("govuk-password-input__input govuk-js-password-input-input");
        if !self.classes.is_empty() {
            classes.push(self.classes.as_str());
        }
        Input {
            id: id.to_owned(),
            name: self.name.clone(),
            kind: "password".to_owned(),
            value: self.value.clone(),
            disabled: self.disabled,
            described_by: self.described_by.clone(),
            label: self.label.clone(),
            hint: self.hint.clone(),
            error_message: self.error_message.clone(),
            form_group: FormGroup {
                classes: group_classes,
                attributes: self.group_attributes(),
                before_input: self.form_group.before_input.clone(),
                after_input: self.button(id).into(),
            },
            input_wrapper: InputWrapper {
                classes: Classes::from("govuk-password-input__wrapper"),
                ..InputWrapper::default()
            },
            classes,
            autocomplete: if self.autocomplete.is_empty() {
                "current-password".to_owned()
            } else {
                self.autocomplete.clone()
            },
            autocapitalize: "none".to_owned(),
            spellcheck: Some(false),
            attributes: self.attributes.clone(),
            ..Input::default()
        }
        .fmt(f)
    }
}
