//! Form fields as pages write them: a name, a label, a hint. What was typed and what is wrong with
//! it is filled in here, so that no page can forget to show it again.

use super::Typed;
use crate::FieldError;
use govuk::{Button, Checkboxes, DateInput, Html, Input, PasswordInput, Radios, Select, Textarea};

/// The fields of one form on one page.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
}

/// A field's name as JSON has it: `born-on` is `born_on`.
pub(crate) fn snake(field: &str) -> String {
    field.replace('-', "_")
}

/// A choice: the value posted and the words beside it.
pub type Choice = (String, String);

/// Choices from a code list.
pub fn choices<T: Copy>(
    items: impl IntoIterator<Item = T>,
    value: impl Fn(T) -> String,
    label: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    items.into_iter().map(|item| (value(item), label(item).to_owned())).collect()
}

/// Adds a hint only when there is one.
macro_rules! with_hint {
    ($control:expr, $hint:expr) => {
        if $hint.is_empty() { $control } else { $control.hint($hint) }
    };
}

impl Fields<'_> {
    fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.message.as_str())
    }

    fn value(&self, name: &str) -> &str {
        self.typed.find(name).unwrap_or_default()
    }

    /// One line of text.
    pub fn text(&self, name: &str, label: &str, hint: &str) -> Html {
        let input = Input::new(name, label).value(self.value(name)).error(self.error(name));
        with_hint!(input, hint).into()
    }

    /// One short line: a number, a postcode.
    pub fn short(&self, name: &str, label: &str, hint: &str) -> Html {
        let input =
            Input::new(name, label).value(self.value(name)).classes("govuk-input--width-10").error(self.error(name));
        with_hint!(input, hint).into()
    }

    pub fn email(&self, name: &str, label: &str, hint: &str) -> Html {
        let input = Input::new(name, label)
            .kind("email")
            .autocomplete("email")
            .spellcheck(false)
            .value(self.value(name))
            .error(self.error(name));
        with_hint!(input, hint).into()
    }

    /// A code that was sent, as phones offer to fill it in.
    pub fn code(&self, name: &str, label: &str, hint: &str) -> Html {
        let input = Input::new(name, label)
            .whole_number()
            .autocomplete("one-time-code")
            .spellcheck(false)
            .classes("govuk-input--width-10")
            .error(self.error(name));
        with_hint!(input, hint).into()
    }

    pub fn password(&self, name: &str, label: &str) -> Html {
        PasswordInput::new(name, label).error(self.error(name)).into()
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: &str, hint: &str, rows: u32) -> Html {
        let area = Textarea::new(name, label).rows(rows).value(self.value(name)).error(self.error(name));
        with_hint!(area, hint).into()
    }

    /// A date in three boxes.
    pub fn date(&self, name: &str, legend: &str, hint: &str) -> Html {
        let part = |part: &str| self.value(&format!("{name}-{part}")).to_owned();
        let (mut day, mut month, mut year) = (part("day"), part("month"), part("year"));
        if let Ok(date) = self.value(name).parse::<jiff::civil::Date>() {
            (day, month, year) = (date.day().to_string(), date.month().to_string(), date.year().to_string());
        }
        let date = DateInput::new(name, legend)
            .legend_classes("govuk-fieldset__legend--s")
            .values(day, month, year)
            .error(self.error(name));
        with_hint!(date, hint).into()
    }

    /// One choice out of a few.
    pub fn radios(&self, name: &str, legend: &str, hint: &str, items: &[Choice]) -> Html {
        let mut radios = Radios::new(name, legend)
            .legend_classes("govuk-fieldset__legend--s")
            .value(self.value(name))
            .error(self.error(name));
        for (value, label) in items {
            radios = radios.item(value, label.as_str());
        }
        with_hint!(radios, hint).into()
    }

    /// Yes or no.
    pub fn yes_no(&self, name: &str, legend: &str, hint: &str) -> Html {
        let radios = Radios::new(name, legend)
            .legend_classes("govuk-fieldset__legend--s")
            .item("yes", "Yes")
            .item("no", "No")
            .value(self.value(name))
            .inline()
            .error(self.error(name));
        with_hint!(radios, hint).into()
    }

    /// Any number of choices.
    pub fn checkboxes(&self, name: &str, legend: &str, hint: &str, items: &[Choice]) -> Html {
        let mut boxes = Checkboxes::new(name, legend)
            .legend_classes("govuk-fieldset__legend--s")
            .values(self.typed.all(name).map(str::to_owned).collect::<Vec<_>>())
            .error(self.error(name));
        for (value, label) in items {
            boxes = boxes.item(value, label.as_str());
        }
        with_hint!(boxes, hint).into()
    }

    /// One choice out of many.
    pub fn select(&self, name: &str, label: &str, hint: &str, items: &[Choice]) -> Html {
        let mut select = Select::new(name, label).item("", "Choose");
        for (value, text) in items {
            select = select.item(value, text.as_str());
        }
        let select = select.value(self.value(name)).error(self.error(name));
        with_hint!(select, hint).into()
    }

    pub fn button(&self, label: &str) -> Html {
        Button::new(label).into()
    }

    pub fn secondary(&self, label: &str) -> Html {
        Button::new(label).secondary().into()
    }
}
