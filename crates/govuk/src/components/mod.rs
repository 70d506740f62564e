//! Which components are there, and what do they share?
//!
//! One file per component: a struct whose fields are the official options (the npm package's
//! `fixtures.json` deserialises straight into it), builder methods for what our pages use, and
//! an `.html` template. Every component implements `Display`, is not escaped again inside an
//! askama template, and turns into [`Html`](crate::Html) or [`Content`](crate::Content) with
//! `.into()`, so that components nest.

/// What every component with `classes` and `attributes` offers.
macro_rules! component {
    ($component:ident) => {
        impl askama::filters::HtmlSafe for $component {}

        impl From<$component> for crate::content::Html {
            fn from(component: $component) -> Self {
                crate::content::Html::trusted(component.to_string())
            }
        }

        impl From<$component> for crate::content::Content {
            fn from(component: $component) -> Self {
                Self::Html(component.into())
            }
        }

        impl $component {
            /// Adds CSS classes, separated by spaces.
            #[must_use]
            pub fn classes(mut self, classes: &str) -> Self {
                self.classes.push(classes);
                self
            }

            /// Adds one attribute, such as `data-…`.
            #[must_use]
            pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.attributes.push(name, value);
                self
            }
        }
    };
}

/// What every form control offers: a hint and an error.
macro_rules! control {
    ($control:ident) => {
        impl $control {
            /// Says what to enter, before the control.
            #[must_use]
            pub fn hint(mut self, hint: impl Into<crate::content::Content>) -> Self {
                self.hint = Some(crate::components::Hint::new(hint));
                self
            }

            /// Shows `message` beside the control when there is one.
            #[must_use]
            pub fn error(mut self, message: Option<impl Into<crate::content::Content>>) -> Self {
                self.error_message = message.map(crate::components::ErrorMessage::new);
                self
            }
        }
    };
}

/// What a control with a label of its own offers.
macro_rules! labelled {
    ($control:ident) => {
        impl $control {
            /// Sets the id, when it has to differ from the name.
            #[must_use]
            pub fn id(mut self, id: impl Into<String>) -> Self {
                self.id = id.into();
                self
            }

            /// Makes the label the page's only heading, for a page with one question.
            #[must_use]
            pub fn label_is_page_heading(mut self) -> Self {
                self.label.is_page_heading = true;
                self.label.classes.push("govuk-label--l");
                self
            }

            /// Adds CSS classes to the label, such as `govuk-label--s`.
            #[must_use]
            pub fn label_classes(mut self, classes: &str) -> Self {
                self.label.classes.push(classes);
                self
            }
        }
    };
}

/// What a group of controls under one legend offers.
macro_rules! grouped {
    ($control:ident) => {
        impl $control {
            /// Makes the legend the page's only heading, for a page with one question.
            #[must_use]
            pub fn legend_is_page_heading(mut self) -> Self {
                if let Some(legend) = self.fieldset.as_mut().and_then(|f| f.legend.as_mut()) {
                    legend.is_page_heading = true;
                    legend.classes.push("govuk-fieldset__legend--l");
                }
                self
            }

            /// Adds CSS classes to the legend, such as `govuk-fieldset__legend--s`.
            #[must_use]
            pub fn legend_classes(mut self, classes: &str) -> Self {
                if let Some(legend) = self.fieldset.as_mut().and_then(|f| f.legend.as_mut()) {
                    legend.classes.push(classes);
                }
                self
            }
        }
    };
}

mod accordion;
mod back_link;
mod breadcrumbs;
mod button;
mod character_count;
mod checkboxes;
mod date_input;
mod details;
mod error_message;
mod error_summary;
mod exit_this_page;
mod fieldset;
mod file_upload;
mod footer;
mod form_group;
mod generic_header;
mod hint;
mod input;
mod inset_text;
mod label;
mod notification_banner;
mod pagination;
mod panel;
mod password_input;
mod phase_banner;
mod radios;
mod select;
mod service_navigation;
mod skip_link;
mod summary_list;
mod table;
mod tabs;
mod tag;
mod task_list;
mod textarea;
mod warning_text;

pub use accordion::{Accordion, AccordionSection};
pub use back_link::BackLink;
pub use breadcrumbs::{Breadcrumb, Breadcrumbs};
pub use button::Button;
pub use character_count::{CharacterCount, CountMessage};
pub use checkboxes::{Checkbox, Checkboxes};
pub use date_input::{DateInput, DatePart, DatePlace};
pub use details::Details;
pub use error_message::ErrorMessage;
pub use error_summary::{ErrorLink, ErrorSummary};
pub use exit_this_page::ExitThisPage;
pub use fieldset::{Fieldset, Legend};
pub use file_upload::FileUpload;
pub use footer::{Footer, FooterLink, FooterMeta, FooterNavigation, Notice};
pub use form_group::FormGroup;
pub use generic_header::GenericHeader;
pub use hint::Hint;
pub use input::{Affix, Input, InputWrapper};
pub use inset_text::InsetText;
pub use label::Label;
pub use notification_banner::{NotificationBanner, NotificationKind};
pub use pagination::{Pagination, PaginationItem, PaginationLink};
pub use panel::{Panel, PanelAction, PanelActions};
pub use password_input::PasswordInput;
pub use phase_banner::PhaseBanner;
pub use radios::{Radio, Radios};
pub use select::{Select, SelectItem};
pub use service_navigation::{EndSlot, NavigationItem, ServiceNavigation, Slots};
pub use skip_link::SkipLink;
pub use summary_list::{
    SummaryAction, SummaryActions, SummaryCard, SummaryCardTitle, SummaryCell, SummaryList, SummaryRow,
};
pub use table::{Cell, CellFormat, Table};
pub use tabs::{Tab, TabPanel, Tabs};
pub use tag::{Tag, TagColour};
pub use task_list::{Task, TaskList, TaskStatus, TaskTitle};
pub use textarea::Textarea;
pub use warning_text::WarningText;
