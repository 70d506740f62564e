//! The values that go into a statement and come out of a row, the same on both engines.
//!
//! | Rust | SQLite (STRICT) | PostgreSQL |
//! |---|---|---|
//! | `bool` | `INTEGER` 0 or 1 | `BOOLEAN` |
//! | `i64` and smaller | `INTEGER` | `BIGINT`, `INTEGER`, `SMALLINT` |
//! | `f64` | `REAL` | `DOUBLE PRECISION` |
//! | `String` | `TEXT` | `TEXT` (or `JSONB`) |
//! | `Vec<u8>` | `BLOB` | `BYTEA` |
//! | `Uuid` | `BLOB`, 16 bytes | `UUID` |
//! | `jiff::civil::Date` | `TEXT`, `2026-03-09` | `DATE` |
//! | `jiff::Timestamp` | `INTEGER`, microseconds since 1970 | `TIMESTAMPTZ` |
//!
//! Refused on both, because one of the two could not keep them: text with a NUL character, floating
//! point "not a number", dates and instants outside the years 1 to 9999. Instants are kept to the
//! microsecond; finer parts are dropped.

use crate::error::Error;
use jiff::{Timestamp, civil::Date};
use std::sync::Arc;
use uuid::Uuid;

/// One value of a parameter or a column.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// SQL NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text in UTF-8.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// An identifier.
    Uuid(Uuid),
    /// A civil date.
    Date(Date),
    /// An instant, to the microsecond.
    Instant(Timestamp),
    /// Many values for one parameter, for `column = ANY($1)` only. May be empty.
    List(Vec<Value>),
}

const LAST_MICROSECOND: i64 = 253_402_300_799_999_999; // 9999-12-31T23:59:59.999999Z
const FIRST_MICROSECOND: i64 = -62_135_596_800_000_000; // 0001-01-01T00:00:00Z

impl Value {
    /// What kind of value this is, for error messages: never the value itself.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a floating point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "a uuid",
            Self::Date(_) => "a date",
            Self::Instant(_) => "an instant",
            Self::List(_) => "a list",
        }
    }

    /// Why this value cannot be stored alike on both engines, if it cannot.
    pub(crate) fn objection(&self) -> Option<&'static str> {
        match self {
            Self::Text(text) if text.as_bytes().contains(&0) => Some("text must not contain a NUL character"),
            Self::Float(number) if number.is_nan() => Some("a number must not be NaN"),
            Self::Date(date) if date.year() < 1 => Some("a date must be in the years 1 to 9999"),
            Self::Instant(instant) if !(FIRST_MICROSECOND..=LAST_MICROSECOND).contains(&instant.as_microsecond()) => {
                Some("an instant must be in the years 1 to 9999")
            }
            Self::List(values) => values.iter().find_map(|value| match value {
                Self::List(_) => Some("a list must not contain a list"),
                value => value.objection(),
            }),
            _ => None,
        }
    }
}

pub(crate) fn check(sql: &'static str, parameters: &[Value]) -> Result<(), Error> {
    for (index, value) in parameters.iter().enumerate() {
        if let Some(why) = value.objection() {
            return Err(Error::Parameter { position: index + 1, why, sql });
        }
    }
    Ok(())
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $into:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        })*
    };
}

value_from! {
    bool => |value| Self::Bool(value);
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(i64::from(value));
    i16 => |value| Self::Int(i64::from(value));
    i8 => |value| Self::Int(i64::from(value));
    u32 => |value| Self::Int(i64::from(value));
    u16 => |value| Self::Int(i64::from(value));
    u8 => |value| Self::Int(i64::from(value));
    f64 => |value| Self::Float(value);
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    &str => |value| Self::Text(value.to_owned());
    std::borrow::Cow<'_, str> => |value| Self::Text(value.into_owned());
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    Uuid => |value| Self::Uuid(value);
    Date => |value| Self::Date(value);
    Timestamp => |value| Self::Instant(value);
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    /// Collects into a [`Value::List`].
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// Writes parameters without naming their type: `params![id, "text", Some(3), None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    pub(crate) columns: Arc<[Box<str>]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// Reads a column by name (`"received_on"`) or by position from 0.
    ///
    /// # Errors
    /// [`Error::Column`] when there is no such column, or it holds another kind of value; also when
    /// it is empty and `T` is not an `Option`.
    pub fn get<'row, T: FromValue<'row>>(&'row self, column: impl Column) -> Result<T, Error> {
        let value = column.find(self).ok_or_else(|| self.mismatch(&column, T::EXPECTED, "not in the row"))?;
        T::from_value(value).ok_or_else(|| self.mismatch(&column, T::EXPECTED, value.kind()))
    }

    /// Reads a column and turns it into a domain type; `expected` names that type in the error.
    ///
    /// ```ignore
    /// let stage = row.get_as("stage", "a stage code", Stage::from_code)?;
    /// ```
    ///
    /// # Errors
    /// As [`Row::get`], and when `make` returns `None`.
    pub fn get_as<'row, T: FromValue<'row>, U>(
        &'row self,
        column: impl Column,
        expected: &'static str,
        make: impl FnOnce(T) -> Option<U>,
    ) -> Result<U, Error> {
        let value = column.find(self).ok_or_else(|| self.mismatch(&column, expected, "not in the row"))?;
        T::from_value(value).and_then(make).ok_or_else(|| self.mismatch(&column, expected, value.kind()))
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(AsRef::as_ref)
    }

    /// The values as the engine gave them: on SQLite a uuid is still bytes, a date still text, an
    /// instant and a boolean still a whole number. [`Row::get`] evens that out.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    fn mismatch(&self, column: &impl Column, expected: &'static str, found: &'static str) -> Error {
        Error::Column { column: column.describe(), expected, found }
    }
}

/// How a column is named in [`Row::get`]: a `&str` or a `usize`.
pub trait Column {
    /// The value in that column, if the row has it.
    fn find<'row>(&self, row: &'row Row) -> Option<&'row Value>;
    /// Its name for an error message.
    fn describe(&self) -> String;
}

impl Column for &str {
    fn find<'row>(&self, row: &'row Row) -> Option<&'row Value> {
        let position = row.columns.iter().position(|name| **name == **self)?;
        row.values.get(position)
    }
    fn describe(&self) -> String {
        (*self).to_owned()
    }
}

impl Column for usize {
    fn find<'row>(&self, row: &'row Row) -> Option<&'row Value> {
        row.values.get(*self)
    }
    fn describe(&self) -> String {
        self.to_string()
    }
}

/// A Rust type that a column can be read as, whichever engine it came from.
pub trait FromValue<'row>: Sized {
    /// What it expects, for error messages ("a date").
    const EXPECTED: &'static str;
    /// `None` when the value is of another kind or out of range.
    fn from_value(value: &'row Value) -> Option<Self>;
}

impl<'row, T: FromValue<'row>> FromValue<'row> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: &'row Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

macro_rules! from_value {
    ($($into:ty, $expected:literal: $($pattern:pat $(if $guard:expr)? => $value:expr),+;)*) => {
        $(impl<'row> FromValue<'row> for $into {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: &'row Value) -> Option<Self> {
                match value {
                    $($pattern $(if $guard)? => $value,)+
                    _ => None,
                }
            }
        })*
    };
}

from_value! {
    bool, "a boolean":
        Value::Bool(value) => Some(*value), Value::Int(0) => Some(false), Value::Int(1) => Some(true);
    i64, "a whole number": Value::Int(value) => Some(*value);
    i32, "a whole number of 32 bits": Value::Int(value) => (*value).try_into().ok();
    i16, "a whole number of 16 bits": Value::Int(value) => (*value).try_into().ok();
    i8, "a whole number of 8 bits": Value::Int(value) => (*value).try_into().ok();
    u64, "a whole number not below 0": Value::Int(value) => (*value).try_into().ok();
    u32, "a whole number not below 0 of 32 bits": Value::Int(value) => (*value).try_into().ok();
    u16, "a whole number not below 0 of 16 bits": Value::Int(value) => (*value).try_into().ok();
    u8, "a whole number not below 0 of 8 bits": Value::Int(value) => (*value).try_into().ok();
    usize, "a whole number not below 0": Value::Int(value) => (*value).try_into().ok();
    f64, "a number": Value::Float(value) => Some(*value), Value::Int(value) => exact_float(*value);
    String, "text": Value::Text(value) => Some(value.clone());
    &'row str, "text": Value::Text(value) => Some(value);
    Vec<u8>, "bytes": Value::Bytes(value) => Some(value.clone());
    &'row [u8], "bytes": Value::Bytes(value) => Some(value);
    [u8; 32], "32 bytes": Value::Bytes(value) => value.as_slice().try_into().ok();
    Uuid, "a uuid":
        Value::Uuid(value) => Some(*value), Value::Bytes(value) => Uuid::from_slice(value).ok();
    Date, "a date": Value::Date(value) => Some(*value), Value::Text(value) => date_from_text(value);
    Timestamp, "an instant":
        Value::Instant(value) => Some(*value),
        Value::Int(value) => Timestamp::from_microsecond(*value).ok();
}

impl FromValue<'_> for Value {
    const EXPECTED: &'static str = "anything";
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

/// A whole number as a float, only while no digit is lost (SQLite gives `avg` of equal whole numbers
/// as a float but `total` columns sometimes as integers).
fn exact_float(value: i64) -> Option<f64> {
    const LIMIT: i64 = 1 << 53;
    // Within the limit the conversion is exact.
    (-LIMIT..=LIMIT).contains(&value).then_some(value as f64)
}

/// Reads exactly `YYYY-MM-DD`. Anything looser would compare wrongly as text.
fn date_from_text(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let digit = |index: usize| -> Option<i16> {
        let digit = bytes[index].wrapping_sub(b'0');
        (digit < 10).then_some(i16::from(digit))
    };
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let month = digit(5)? * 10 + digit(6)?;
    let day = digit(8)? * 10 + digit(9)?;
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Writes exactly `YYYY-MM-DD`, so that text order is date order.
pub(crate) fn date_to_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}
