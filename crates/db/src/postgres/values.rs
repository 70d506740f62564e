//! Values in PostgreSQL's binary form.
//!
//! Written here rather than taken from a feature of the driver, which knows an older `jiff`.

use crate::value::Value;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use std::error::Error as StdError;
use std::fmt;
use uuid::Uuid;

/// PostgreSQL counts from 2000-01-01, in days and in microseconds.
const FIRST_DAY: Date = date(2000, 1, 1);
const FIRST_MICROSECOND: i64 = 946_684_800_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// A value that does not fit a column. Names kinds and types, never the value.
#[derive(Debug)]
pub(super) struct CannotConvert {
    from: String,
    to: String,
}

impl CannotConvert {
    fn boxed(from: impl Into<String>, to: impl Into<String>) -> Box<dyn StdError + Sync + Send> {
        Box::new(Self { from: from.into(), to: to.into() })
    }
}

impl fmt::Display for CannotConvert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be taken for {}", self.from, self.to)
    }
}

impl StdError for CannotConvert {}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        if let Kind::Domain(inner) = ty.kind() {
            return self.to_sql(inner, out);
        }
        let misfit = || CannotConvert::boxed(self.kind(), format!("a column of type {ty}"));
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Bool(value) if *ty == Type::BOOL => out.extend_from_slice(&[u8::from(*value)]),
            Self::Int(value) => int_to_sql(*value, ty, out).ok_or_else(misfit)?,
            Self::Float(value) if *ty == Type::FLOAT8 => {
                out.extend_from_slice(&value.to_be_bytes());
            }
            Self::Text(value) if *ty == Type::JSONB => {
                // The version of the binary form.
                out.extend_from_slice(&[1]);
                out.extend_from_slice(value.as_bytes());
            }
            Self::Text(value) if is_text(ty) => out.extend_from_slice(value.as_bytes()),
            Self::Bytes(value) if *ty == Type::BYTEA => out.extend_from_slice(value),
            Self::Uuid(value) if *ty == Type::UUID => out.extend_from_slice(value.as_bytes()),
            Self::Date(value) if *ty == Type::DATE => {
                let days = value.duration_since(FIRST_DAY).as_secs() / SECONDS_A_DAY;
                let days = i32::try_from(days).map_err(|_| misfit())?;
                out.extend_from_slice(&days.to_be_bytes());
            }
            Self::Instant(value) if *ty == Type::TIMESTAMPTZ => {
                let micros = value.as_microsecond() - FIRST_MICROSECOND;
                out.extend_from_slice(&micros.to_be_bytes());
            }
            Self::List(values) if matches!(ty.kind(), Kind::Array(_)) => {
                return values.to_sql(ty, out);
            }
            _ => return Err(misfit()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_ty: &Type) -> bool {
        // Whether it fits depends on the value, and is said in `to_sql`.
        true
    }

    to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::JSON, Type::UNKNOWN].contains(ty)
        || matches!(ty.kind(), Kind::Enum(_))
        || ty.name() == "citext"
}

fn int_to_sql(value: i64, ty: &Type, out: &mut BytesMut) -> Option<()> {
    match *ty {
        Type::INT8 => out.extend_from_slice(&value.to_be_bytes()),
        Type::INT4 => out.extend_from_slice(&i32::try_from(value).ok()?.to_be_bytes()),
        Type::INT2 => out.extend_from_slice(&i16::try_from(value).ok()?.to_be_bytes()),
        // As SQLite's REAL columns do, while no digit is lost.
        Type::FLOAT8 if value.unsigned_abs() <= 1 << 53 => {
            out.extend_from_slice(&(value as f64).to_be_bytes());
        }
        Type::NUMERIC => numeric_to_sql(value, out),
        _ => return None,
    }
    Some(())
}

/// Digits in base 10,000, the highest first, after a head of four 16-bit numbers.
fn numeric_to_sql(value: i64, out: &mut BytesMut) {
    let mut digits = Vec::new();
    let mut rest = value.unsigned_abs();
    while rest > 0 {
        digits.push((rest % 10_000) as u16);
        rest /= 10_000;
    }
    let count = digits.len() as u16;
    let sign = if value < 0 { 0x4000_u16 } else { 0 };
    for head in [count, count.saturating_sub(1), sign, 0] {
        out.extend_from_slice(&head.to_be_bytes());
    }
    for digit in digits.iter().rev() {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}

impl<'raw> FromSql<'raw> for Value {
    fn from_sql(ty: &Type, raw: &'raw [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        if let Kind::Domain(inner) = ty.kind() {
            return Self::from_sql(inner, raw);
        }
        let unknown = || CannotConvert::boxed(format!("a column of type {ty}"), "a value");
        Ok(match *ty {
            Type::BOOL => Self::Bool(raw == [1]),
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Self::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::FLOAT8 => Self::Float(f64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT4 => Self::Float(f32::from_be_bytes(raw.try_into()?).into()),
            Type::NUMERIC => numeric_from_sql(raw).ok_or_else(unknown)?,
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::UUID => Self::Uuid(Uuid::from_slice(raw)?),
            Type::DATE => {
                let days = i32::from_be_bytes(raw.try_into()?);
                let since = SignedDuration::from_secs(i64::from(days) * SECONDS_A_DAY);
                Self::Date(FIRST_DAY.checked_add(since)?)
            }
            Type::TIMESTAMPTZ => {
                let micros = i64::from_be_bytes(raw.try_into()?);
                let micros = micros.checked_add(FIRST_MICROSECOND).ok_or_else(unknown)?;
                Self::Instant(Timestamp::from_microsecond(micros)?)
            }
            Type::JSONB => Self::Text(std::str::from_utf8(raw.get(1..).ok_or_else(unknown)?)?.to_owned()),
            // What `SELECT set_config(…)` and other calls for their effect give.
            Type::VOID => Self::Null,
            _ if is_text(ty) => Self::Text(std::str::from_utf8(raw)?.to_owned()),
            _ => return Err(unknown()),
        })
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_ty: &Type) -> bool {
        // A type that is not known is named in `from_sql`.
        true
    }
}

/// `sum` of BIGINT and `avg` come as NUMERIC. A whole number if it is one and fits, else a float.
fn numeric_from_sql(raw: &[u8]) -> Option<Value> {
    let word = |index: usize| -> Option<[u8; 2]> { raw.get(index * 2..index * 2 + 2)?.try_into().ok() };
    let count = usize::from(u16::from_be_bytes(word(0)?));
    let weight = i16::from_be_bytes(word(1)?);
    let negative = match u16::from_be_bytes(word(2)?) {
        0 => false,
        0x4000 => true,
        // Not a number, or infinite.
        _ => return None,
    };
    let mut text = String::from(if negative { "-0" } else { "0" });
    let mut fraction = String::new();
    let group = |position: i16| -> Option<String> {
        let index = usize::try_from(i32::from(weight) - i32::from(position)).ok()?;
        let digit = if index < count { u16::from_be_bytes(word(4 + index)?) } else { 0 };
        Some(format!("{digit:04}"))
    };
    for position in (0..=weight.max(-1)).rev() {
        text.push_str(&group(position)?);
    }
    let last = i32::from(weight) - i32::try_from(count).ok()? + 1;
    let last = i16::try_from(last).ok()?;
    for position in (last..0).rev() {
        if position > weight {
            fraction.push_str("0000");
        } else {
            fraction.push_str(&group(position)?);
        }
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        if let Ok(whole) = text.parse() {
            return Some(Value::Int(whole));
        }
    } else {
        text.push('.');
        text.push_str(fraction);
    }
    text.parse().ok().map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(count: u16, weight: i16, sign: u16, digits: &[u16]) -> Vec<u8> {
        let mut raw = Vec::new();
        for word in [count, weight as u16, sign, 0].iter().chain(digits) {
            raw.extend_from_slice(&word.to_be_bytes());
        }
        raw
    }

    #[test]
    fn decimals_become_whole_numbers_or_floats() {
        assert_eq!(numeric_from_sql(&numeric(0, 0, 0, &[])), Some(Value::Int(0)));
        assert_eq!(numeric_from_sql(&numeric(2, 1, 0x4000, &[1, 2345])), Some(Value::Int(-12345)));
        assert_eq!(numeric_from_sql(&numeric(1, 2, 0, &[7])), Some(Value::Int(700_000_000)));
        assert_eq!(numeric_from_sql(&numeric(2, 0, 0, &[3, 5000])), Some(Value::Float(3.5)));
        assert_eq!(numeric_from_sql(&numeric(1, -2, 0, &[25])), Some(Value::Float(0.000_000_25)));
        assert_eq!(numeric_from_sql(&numeric(0, 0, 0xC000, &[])), None);
    }

    #[test]
    fn whole_numbers_become_decimals_and_come_back() {
        for value in [0, 1, -1, 9_999, 10_000, 123_456_789, i64::MAX, i64::MIN] {
            let mut out = BytesMut::new();
            numeric_to_sql(value, &mut out);
            assert_eq!(numeric_from_sql(&out), Some(Value::Int(value)));
        }
    }
}
