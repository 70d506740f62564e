//! Choosing files to send.

use askama::Template;
use serde::Deserialize;

use super::form_group::{FieldHead, id_or_name};
use super::{ErrorMessage, FormGroup, Hint, Label};
use crate::content::{Attributes, Classes, Content};

/// Choosing files to send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FileUpload {
    /// The name when empty.
    pub id: String,
    pub name: String,
    pub disabled: bool,
    pub multiple: bool,
    pub described_by: String,
    pub label: Label,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    /// Turns the field into a drop zone where script runs.
    pub javascript: bool,
    pub choose_files_button_text: String,
    pub drop_instruction_text: String,
    pub multiple_files_chosen_text: Attributes,
    pub no_file_chosen_text: String,
    pub entered_drop_zone_text: String,
    pub left_drop_zone_text: String,
    pub wrapper_classes: Classes,
    pub wrapper_attributes: Attributes,
    pub classes: Classes,
    pub attributes: Attributes,
}

#[derive(Template)]
#[template(path = "file_upload.html")]
struct FileUploadTemplate<'a> {
    field: &'a FileUpload,
    head: FieldHead<'a>,
    described_by: String,
    translations: Attributes,
}

component!(FileUpload);
control!(FileUpload);
labelled!(FileUpload);

impl FileUpload {
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self { name: name.into(), label: Label::new(label), ..Self::default() }
    }

    /// Turns the field into a drop zone where script runs.
    #[must_use]
    pub fn drop_zone(mut self) -> Self {
        self.javascript = true;
        self
    }

    /// Lets several files be chosen at once.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Which kinds of file the chooser offers, such as `.pdf,.docx`. The server still checks.
    #[must_use]
    pub fn accept(self, kinds: impl Into<String>) -> Self {
        self.attribute("accept", kinds)
    }
}

impl std::fmt::Display for FileUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = FieldHead {
            label: Some(&self.label),
            hint: self.hint.as_ref(),
            error: self.error_message.as_ref(),
            id: id_or_name(&self.id, &self.name),
        };
        let mut translations = Attributes::default();
        let mut say = |key: &str, message: &str| {
            translations.push_unless_empty(format!("data-i18n.{key}"), message);
        };
        say("choose-files-button", &self.choose_files_button_text);
        say("no-file-chosen", &self.no_file_chosen_text);
        translations.push_plurals("multiple-files-chosen", &self.multiple_files_chosen_text);
        let mut say = |key: &str, message: &str| {
            translations.push_unless_empty(format!("data-i18n.{key}"), message);
        };
        say("drop-instruction", &self.drop_instruction_text);
        say("entered-drop-zone", &self.entered_drop_zone_text);
        say("left-drop-zone", &self.left_drop_zone_text);
        let described_by = head.described_by(&self.described_by);
        FileUploadTemplate { field: self, head, described_by, translations }.fmt(f)
    }
}
