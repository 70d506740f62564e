//! What may go inside a component, and is it escaped?
//!
//! [`Content`] is the answer for anything a person reads: text is escaped when written, markup
//! is written as it is. [`Classes`], [`Attributes`] and [`Items`] are the small parts that almost
//! every component shares.

use std::fmt;

use askama::filters::{Escaper, Html as HtmlEscaper, HtmlSafe};
use askama::{FastWritable, Values};
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

/// Markup that is written without escaping.
///
/// It is made from a component (which escapes its own texts) or, on the author's word, with
/// [`Html::trusted`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Takes `markup` as it is. Never pass anything that a person typed.
    pub fn trusted(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// Escapes `text`, so that it can stand beside other markup.
    pub fn escaped(text: &str) -> Self {
        let mut html = Self::default();
        html.push_text(text);
        html
    }

    /// Renders an askama template, which escapes its own values.
    ///
    /// # Errors
    /// Only what the template itself returns, for example from a filter.
    pub fn render(template: &impl askama::Template) -> askama::Result<Self> {
        template.render().map(Self)
    }

    /// Adds markup, or any component, at the end.
    pub fn push(&mut self, html: impl Into<Html>) {
        let html = html.into();
        if self.0.is_empty() {
            *self = html;
        } else {
            self.0.push_str(&html.0);
        }
    }

    /// Adds text at the end, escaped.
    pub fn push_text(&mut self, text: &str) {
        // Writing to a String does not fail.
        let _ = HtmlEscaper.write_escaped_str(&mut self.0, text);
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, as an owned string: the body of a response.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl HtmlSafe for Html {}

impl<H: Into<Html>> FromIterator<H> for Html {
    fn from_iter<I: IntoIterator<Item = H>>(parts: I) -> Self {
        let mut html = Self::default();
        for part in parts {
            html.push(part);
        }
        html
    }
}

/// What a person reads: text, escaped when written, or markup that is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Written escaped.
    Text(String),
    /// Written as it is.
    Html(Html),
}

impl Content {
    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Html(html) => html.is_empty(),
        }
    }

    /// Whether this is markup.
    pub fn is_html(&self) -> bool {
        matches!(self, Self::Html(_))
    }

    /// The official templates take `text` and `html` side by side; `html` wins when not empty.
    pub(crate) fn of_parts(text: Option<Scalar>, html: Option<Given<Scalar>>) -> Self {
        match html {
            Some(Given(Some(Scalar(html)))) => Self::Html(Html(html)),
            _ => Self::Text(text.map(|text| text.0).unwrap_or_default()),
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => HtmlEscaper.write_escaped_str(f, text),
            Self::Html(html) => f.write_str(&html.0),
        }
    }
}

impl FastWritable for Content {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(match self {
            Self::Text(text) => HtmlEscaper.write_escaped_str(dest, text),
            Self::Html(html) => dest.write_str(&html.0),
        }?)
    }
}

// Its Display escapes text.
impl HtmlSafe for Content {}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Content {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Html> for Content {
    fn from(html: Html) -> Self {
        Self::Html(html)
    }
}

macro_rules! content_from_number {
    ($($number:ty)*) => { $(
        impl From<$number> for Content {
            fn from(number: $number) -> Self {
                Self::Text(number.to_string())
            }
        }
    )* };
}

content_from_number!(u8 u16 u32 u64 usize i32 i64);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            text: Option<Scalar>,
            html: Option<Given<Scalar>>,
        }
        let parts = Parts::deserialize(deserializer)?;
        Ok(Self::of_parts(parts.text, parts.html))
    }
}

/// Makes a `deserialize_with` function for a content whose options have other names, such as
/// `titleText` and `titleHtml`.
macro_rules! content_named {
    ($name:ident, $text:literal, $html:literal) => {
        fn $name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<crate::content::Content, D::Error> {
            #[derive(serde::Deserialize)]
            struct Parts {
                #[serde(rename = $text)]
                text: Option<crate::content::Scalar>,
                #[serde(rename = $html)]
                html: Option<crate::content::Given<crate::content::Scalar>>,
            }
            let parts = <Parts as serde::Deserialize>::deserialize(deserializer)?;
            Ok(crate::content::Content::of_parts(parts.text, parts.html))
        }
    };
}
pub(crate) use content_named;

/// Extra CSS classes, separated by spaces.
///
/// Its `Display` begins with a space when there is a class, because it is always written after
/// a component's own class: `class="govuk-tag{{ classes }}"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classes(String);

impl Classes {
    /// Adds one more class, or several separated by spaces.
    pub fn push(&mut self, class: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(class);
    }

    /// The classes without the leading space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the list has a class that contains `part`.
    pub fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>> From<S> for Classes {
    fn from(classes: S) -> Self {
        Self(classes.into())
    }
}

impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() {
            f.write_str(" ")?;
            HtmlEscaper.write_escaped_str(f, &self.0)?;
        }
        Ok(())
    }
}

impl FastWritable for Classes {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        if !self.0.is_empty() {
            dest.write_str(" ")?;
            HtmlEscaper.write_escaped_str(dest, &self.0)?;
        }
        Ok(())
    }
}

impl HtmlSafe for Classes {}

impl<'de> Deserialize<'de> for Classes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(Self)
    }
}

/// Extra attributes of an element, in order. Names and values are escaped; a value of `None`
/// writes the name alone, as for `hidden`.
///
/// Its `Display` begins each attribute with a space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, Option<String>)>);

impl Attributes {
    /// Adds `name="value"`.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), Some(value.into())));
    }

    /// Adds `name="value"` unless the value is empty.
    pub fn push_unless_empty(&mut self, name: impl Into<String>, value: &str) {
        if !value.is_empty() {
            self.push(name, value);
        }
    }

    /// Adds a name without a value.
    pub fn push_bare(&mut self, name: impl Into<String>) {
        self.0.push((name.into(), None));
    }

    /// The value of the first attribute of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.as_deref())
    }

    /// Adds all of another list.
    pub fn extend(&mut self, others: &Attributes) {
        self.0.extend(others.0.iter().cloned());
    }

    /// Adds a translation for the component's script: `data-i18n.key.rule="message"`.
    pub(crate) fn push_plurals(&mut self, key: &str, plurals: &Attributes) {
        for (rule, message) in &plurals.0 {
            if let Some(message) = message {
                self.push(format!("data-i18n.{key}.{rule}"), message.clone());
            }
        }
    }

    fn write(&self, dest: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        for (name, value) in &self.0 {
            dest.write_str(" ")?;
            HtmlEscaper.write_escaped_str(&mut *dest, name)?;
            if let Some(value) = value {
                dest.write_str("=\"")?;
                HtmlEscaper.write_escaped_str(&mut *dest, value)?;
                dest.write_str("\"")?;
            }
        }
        Ok(())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut attributes = Self::default();
        for (name, value) in pairs {
            attributes.push(name, value);
        }
        attributes
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl FastWritable for Attributes {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(self.write(dest)?)
    }
}

impl HtmlSafe for Attributes {}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of attribute names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut attributes = Attributes::default();
                while let Some((name, Scalar(value))) = map.next_entry::<String, Scalar>()? {
                    attributes.push(name, value);
                }
                Ok(attributes)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A list in which a place may be left empty: the item that a condition left out keeps its
/// number, so that the ids of the others do not move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items<T>(Vec<Option<T>>);

impl<T> Items<T> {
    /// A list whose `None`s keep their places.
    pub fn with_places(items: impl IntoIterator<Item = Option<T>>) -> Self {
        Self(items.into_iter().collect())
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.0.push(Some(item));
    }

    /// The items that are there, with their places counted from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &T)> {
        self.0.iter().enumerate().filter_map(|(index, item)| item.as_ref().map(|item| (index + 1, item)))
    }

    /// The items that are there.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    /// The items that are there, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().flatten()
    }

    /// How many items are there.
    pub fn len(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether no item is there.
    pub fn is_empty(&self) -> bool {
        self.0.iter().flatten().next().is_none()
    }
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<T> for Items<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(Some).collect())
    }
}

impl<T> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let places = Vec::<Given<T>>::deserialize(deserializer)?;
        Ok(Self(places.into_iter().map(|place| place.0).collect()))
    }
}

/// A value that may be left out by writing `false`, `null` or an empty string in its place.
pub(crate) struct Given<T>(pub(crate) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Place<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Place<T> {
            type Value = Given<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an item, or false, null or an empty string")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Given(None))
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Given(None))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.is_empty() {
                    return Ok(Given(None));
                }
                T::deserialize(de::value::StrDeserializer::new(text)).map(|item| Given(Some(item)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|item| Given(Some(item)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                T::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(|item| Given(Some(item)))
            }
        }
        deserializer.deserialize_any(Place(std::marker::PhantomData))
    }
}

/// Text that the official options also give as a number, `true`, `false` or `null`.
pub(crate) struct Scalar(pub(crate) String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(Self)
    }
}

/// For `#[serde(deserialize_with = "…")]` on a `String`: see [`Scalar`]. `null` is empty text.
pub(crate) fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Any;
    impl<'de> Visitor<'de> for Any {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text, a number or a boolean")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
            Ok(text)
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_i64<E: de::Error>(self, value: i64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_f64<E: de::Error>(self, value: f64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_unit<E: de::Error>(self) -> Result<String, E> {
            Ok(String::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Err(de::Error::custom("expected text, found a map"))
        }
    }
    deserializer.deserialize_any(Any)
}

/// As [`scalar`], for an `Option<String>`.
pub(crate) fn optional_scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Scalar>::deserialize(deserializer)?.map(|text| text.0))
}
