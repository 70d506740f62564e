//! A date that a person knows, typed as day, month and year.

use askama::Template;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::form_group::FieldHead;
use super::{ErrorMessage, Fieldset, FormGroup, Hint, Input, Label, Legend};
use crate::content::{Attributes, Classes, Content, Items, optional_scalar};

/// A date that a person knows, typed as day, month and year.
///
/// ```
/// let date = govuk::DateInput::new("received", "When did the request arrive?")
///     .values("3", "3", "2026")
///     .error_in(&["year"], Some("The year must be 2026 or earlier"));
/// assert!(date.to_string().contains("id=\"received-year\" name=\"received-year\""));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DateInput {
    pub id: String,
    /// What the names of the three boxes begin with.
    pub name_prefix: String,
    /// Other boxes than day, month and year.
    pub items: Items<DatePart>,
    pub day: DatePlace,
    pub month: DatePlace,
    pub year: DatePlace,
    /// What the boxes hold at first, by name.
    pub values: Attributes,
    pub hint: Option<Hint>,
    pub error_message: Option<ErrorMessage>,
    pub form_group: FormGroup,
    pub fieldset: Option<Fieldset>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One box of a date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DatePart {
    pub id: String,
    pub name: Option<String>,
    pub label: String,
    #[serde(deserialize_with = "optional_scalar")]
    pub value: Option<String>,
    pub autocomplete: String,
    /// `numeric` when empty.
    pub inputmode: String,
    pub pattern: String,
    pub classes: Classes,
    /// Whether this box is wrong. When the date has an error and no box says so, all are marked.
    pub error: Option<bool>,
    pub attributes: Attributes,
}

/// What stands in the place of the day, the month or the year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DatePlace {
    /// The usual box.
    #[default]
    Usual,
    /// A box of one's own.
    Own(Box<DatePart>),
    /// No box: for a month and year, or a day and month.
    Absent,
}

component!(DateInput);
control!(DateInput);
grouped!(DateInput);

impl DateInput {
    /// Boxes named `{id}-day`, `{id}-month` and `{id}-year`.
    pub fn new(id: impl Into<String>, legend: impl Into<Content>) -> Self {
        let id = id.into();
        Self {
            name_prefix: id.clone(),
            id,
            fieldset: Some(Fieldset { legend: Some(Legend::new(legend)), ..Fieldset::default() }),
            ..Self::default()
        }
    }

    /// What the boxes hold at first, as it was typed.
    #[must_use]
    pub fn values(mut self, day: impl Into<String>, month: impl Into<String>, year: impl Into<String>) -> Self {
        let day_value = day.into();
        for (name, value) in [("day", day_value), ("month", month.into()), ("year", year.into())] {
            if !value.is_empty() {
                self.values.push(self.full_name(name), value);
            }
        }
        self
    }

    /// What the boxes hold at first, from a date.
    #[must_use]
    pub fn date(self, date: Option<jiff::civil::Date>) -> Self {
        match date {
            None => self,
            Some(date) => self.values(date.day().to_string(), date.month().to_string(), date.year().to_string()),
        }
    }

    /// Shows `message` and marks only the named boxes (`"day"`, `"month"`, `"year"`).
    #[must_use]
    pub fn error_in(self, parts: &[&str], message: Option<impl Into<Content>>) -> Self {
        let mut date = self.error(message);
        if date.error_message.is_some() {
            let own = |name: &str| {
                DatePlace::Own(Box::new(DatePart { error: Some(parts.contains(&name)), ..DatePart::default() }))
            };
            date.day = own("day");
            date.month = own("month");
            date.year = own("year");
        }
        date
    }

    fn full_name(&self, name: &str) -> String {
        if self.name_prefix.is_empty() { name.to_owned() } else { format!("{}-{name}", self.name_prefix) }
    }

    /// Day, month and year as they stand when `items` does not say otherwise: name, box, digits.
    fn usual_parts(&self) -> [(&'static str, Option<DatePart>, u8); 3] {
        let part = |name: &'static str, place: &DatePlace, width: u8| {
            let part = match place {
                DatePlace::Absent => None,
                DatePlace::Own(part) => Some(DatePart::clone(part)),
                DatePlace::Usual => Some(DatePart {
                    name: Some(name.to_owned()),
                    value: self.values.get(name).map(str::to_owned),
                    classes: Classes::from(format!("govuk-input--width-{width}")),
                    ..DatePart::default()
                }),
            };
            (name, part, width)
        };
        [part("day", &self.day, 2), part("month", &self.month, 2), part("year", &self.year, 4)]
    }

    fn inputs(&self) -> Vec<Input> {
        let usual = self.usual_parts();
        let parts: Vec<(DatePart, Option<usize>)> = if self.items.is_empty() {
            usual
                .iter()
                .enumerate()
                .filter_map(|(place, (_, part, _))| part.clone().map(|part| (part, Some(place))))
                .collect()
        } else {
            self.items.iter().map(|item| (item.clone(), None)).collect()
        };
        let is_wrong = |part: &DatePart| part.error == Some(true) || part.classes.contains("govuk-input--error");
        let any_is_wrong = parts.iter().any(|(part, _)| is_wrong(part));
        parts
            .into_iter()
            .map(|(part, place)| {
                let place = place.or_else(|| {
                    let name = part.name.as_deref()?;
                    usual.iter().position(|(usual_name, own, _)| {
                        name == *usual_name || own.as_ref().is_some_and(|own| own.name.as_deref() == Some(name))
                    })
                });
                let wrong = is_wrong(&part);
                self.input(part, place.map(|place| &usual[place]), wrong, any_is_wrong)
            })
            .collect()
    }

    fn input(
        &self,
        part: DatePart,
        usual: Option<&(&'static str, Option<DatePart>, u8)>,
        wrong: bool,
        any_is_wrong: bool,
    ) -> Input {
        let (usual_name, usual_value, width) = match usual {
            None => (None, None, 2),
            Some((name, own, width)) => (Some(*name), own.as_ref().and_then(|own| own.value.clone()), *width),
        };
        let name = part.name.unwrap_or_else(|| usual_name.unwrap_or_default().to_owned());
        let full_name = self.full_name(&name);
        let value = part.value.or(usual_value).or_else(|| self.values.get(&full_name).map(str::to_owned));

        let mut classes = Classes::from("govuk-date-input__input");
        let all_are_wrong = part.error != Some(false) && self.error_message.is_some() && !any_is_wrong;
        if !part.classes.contains("govuk-input--error") && (wrong || all_are_wrong) {
            classes.push("govuk-input--error");
        }
        if !part.classes.contains("govuk-input--width-") {
            classes.push(&format!("govuk-input--width-{width}"));
        }
        if !part.classes.is_empty() {
            classes.push(part.classes.as_str());
        }
        let label = if part.label.is_empty() { capitalised(&name) } else { part.label };
        Input {
            id: if part.id.is_empty() { format!("{}-{name}", self.id) } else { part.id },
            name: full_name,
            value,
            inputmode: if part.inputmode.is_empty() { "numeric".to_owned() } else { part.inputmode },
            label: Label::new(label).classes("govuk-date-input__label"),
            classes,
            autocomplete: part.autocomplete,
            pattern: part.pattern,
            attributes: part.attributes,
            ..Input::default()
        }
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
}

impl std::fmt::Display for DateInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head =
            FieldHead { label: None, hint: self.hint.as_ref(), error: self.error_message.as_ref(), id: &self.id };
        let before = self.fieldset.as_ref().map_or("", |f| &f.described_by);
        let described_by = head.described_by(before);
        let inner = DateInputInner { date: self, head, inputs: self.inputs() };
        DateInputTemplate { date: self, described_by, inner }.fmt(f)
    }
}

#[derive(Template)]
#[template(path = "date_input.html")]
struct DateInputTemplate<'a> {
    date: &'a DateInput,
    described_by: String,
    inner: DateInputInner<'a>,
}

#[derive(Template)]
#[template(path = "date_input_inner.html")]
struct DateInputInner<'a> {
    date: &'a DateInput,
    head: FieldHead<'a>,
    inputs: Vec<Input>,
}

impl<'de> Deserialize<'de> for DatePlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Place;
        impl<'de> Visitor<'de> for Place {
            type Value = DatePlace;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a box, or false for none")
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<DatePlace, E> {
                Ok(DatePlace::Absent)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DatePlace, A::Error> {
                DatePart::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|part| DatePlace::Own(Box::new(part)))
            }
        }
        deserializer.deserialize_any(Place)
    }
}
