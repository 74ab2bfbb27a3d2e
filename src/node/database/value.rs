//! Values between the protocol and SQLite: parameters come in, results go out, each as text or binary.

#![expect(clippy::wildcard_enum_match_arm, reason = "a value of any other kind is not of the type")]

use bytes::{BufMut, BytesMut};
use pgwire::api::results::FieldFormat;
use rusqlite::types::{Value, ValueRef};

use super::refusal::Refusal;
use super::sql::SqlType;
use super::time;

/// A parameter's value for SQLite.
///
/// # Errors
/// The bytes are none of this type.
pub(super) fn decode(kind: SqlType, format: FieldFormat, bytes: Option<&[u8]>) -> Result<Value, Refusal> {
    let Some(bytes) = bytes else { return Ok(Value::Null) };
    match format {
        FieldFormat::Text => {
            let text = std::str::from_utf8(bytes).map_err(|_| Refusal::new("22021", "a text is not valid UTF-8"))?;
            decode_text(kind, text)
        }
        FieldFormat::Binary => decode_binary(kind, bytes),
    }
}

fn decode_text(kind: SqlType, text: &str) -> Result<Value, Refusal> {
    let bad = || Refusal::bad_value(kind.name(), text);
    let trimmed = text.trim();
    Ok(match kind {
        SqlType::Bool => Value::Integer(match trimmed.to_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => 1,
            "f" | "false" | "n" | "no" | "off" | "0" => 0,
            _ => return Err(bad()),
        }),
        SqlType::Int2 | SqlType::Int4 | SqlType::Int8 => Value::Integer(trimmed.parse().map_err(|_| bad())?),
        SqlType::Float4 | SqlType::Float8 => Value::Real(trimmed.parse().map_err(|_| bad())?),
        SqlType::Numeric => match trimmed.parse::<i64>() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Real(trimmed.parse().map_err(|_| bad())?),
        },
        SqlType::Text | SqlType::Varchar | SqlType::Json | SqlType::Jsonb => Value::Text(text.to_owned()),
        SqlType::Uuid => Value::Text(trimmed.to_lowercase()),
        SqlType::Bytea => Value::Blob(from_hex(trimmed).ok_or_else(bad)?),
        SqlType::Timestamptz | SqlType::Timestamp => Value::Text(time::stored(time::parse(trimmed).ok_or_else(bad)?)),
        SqlType::Date => Value::Text(time::date(time::parse(trimmed).ok_or_else(bad)?)),
    })
}

fn decode_binary(kind: SqlType, bytes: &[u8]) -> Result<Value, Refusal> {
    let bad = || Refusal::new("22P03", format!("a binary value of type {} has the wrong length", kind.name()));
    let integer = match *bytes {
        [a] => Some(i64::from(i8::from_be_bytes([a]))),
        [a, b] => Some(i64::from(i16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(i64::from(i32::from_be_bytes([a, b, c, d]))),
        [a, b, c, d, e, f, g, h] => Some(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        _ => None,
    };
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::new("22021", "a text is not valid UTF-8"))
    };
    Ok(match kind {
        SqlType::Bool => Value::Integer(i64::from(integer.ok_or_else(bad)? != 0)),
        SqlType::Int2 | SqlType::Int4 | SqlType::Int8 => Value::Integer(integer.ok_or_else(bad)?),
        SqlType::Float4 | SqlType::Float8 => Value::Real(match *bytes {
            [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => f64::from_be_bytes([a, b, c, d, e, f, g, h]),
            _ => return Err(bad()),
        }),
        SqlType::Text | SqlType::Varchar | SqlType::Json => Value::Text(text(bytes)?),
        // The first byte is the version of the format.
        SqlType::Jsonb => Value::Text(text(bytes.strip_prefix(&[1]).ok_or_else(bad)?)?),
        SqlType::Bytea => Value::Blob(bytes.to_vec()),
        SqlType::Timestamptz | SqlType::Timestamp => Value::Text(time::stored(integer.ok_or_else(bad)?)),
        SqlType::Date => Value::Text(time::date(integer.ok_or_else(bad)?.saturating_mul(time::DAY_US))),
        SqlType::Uuid if bytes.len() == 16 => Value::Text(uuid(bytes)),
        SqlType::Uuid => return Err(bad()),
        SqlType::Numeric => return Err(Refusal::unsupported("numeric values in binary")),
    })
}

/// Writes a value of a row, with its length.
///
/// # Errors
/// The value cannot be of this type.
pub(super) fn encode(
    kind: SqlType,
    format: FieldFormat,
    value: ValueRef<'_>,
    row: &mut BytesMut,
) -> Result<(), Refusal> {
    if matches!(value, ValueRef::Null) {
        row.put_i32(-1);
        return Ok(());
    }
    let start = row.len();
    row.put_i32(0);
    match format {
        FieldFormat::Text => encode_text(kind, value, row),
        FieldFormat::Binary => encode_binary(kind, value, row)?,
    }
    let length = i32::try_from(row.len() - start - 4).map_err(|_| Refusal::new("54000", "a value is too large"))?;
    row[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

fn encode_text(kind: SqlType, value: ValueRef<'_>, row: &mut BytesMut) {
    let text = match (kind, value) {
        (SqlType::Bool, ValueRef::Integer(number)) => if number == 0 { "f" } else { "t" }.to_owned(),
        (SqlType::Bytea, ValueRef::Blob(bytes) | ValueRef::Text(bytes)) => to_hex(bytes),
        (SqlType::Timestamptz | SqlType::Timestamp, ValueRef::Text(bytes)) => match micros(bytes) {
            Some(at_us) if kind == SqlType::Timestamptz => format!("{}+00", time::shown(at_us)),
            Some(at_us) => time::shown(at_us),
            None => String::from_utf8_lossy(bytes).into_owned(),
        },
        (_, ValueRef::Integer(number)) => number.to_string(),
        (_, ValueRef::Real(number)) => real(number),
        (_, ValueRef::Text(bytes)) => return row.extend_from_slice(bytes),
        (_, ValueRef::Blob(bytes)) => to_hex(bytes),
        (_, ValueRef::Null) => return,
    };
    row.extend_from_slice(text.as_bytes());
}

/// As PostgreSQL writes doubles: without a fraction where there is none.
fn real(number: f64) -> String {
    if number.is_infinite() {
        if number > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else {
        number.to_string()
    }
}

fn encode_binary(kind: SqlType, value: ValueRef<'_>, row: &mut BytesMut) -> Result<(), Refusal> {
    let mismatch = || Refusal::new("42804", format!("a value is not of type {}", kind.name()));
    let integer = || integer(value).ok_or_else(mismatch);
    let out_of_range = |_| Refusal::new("22003", format!("a value is out of range for type {}", kind.name()));
    let micros = || match value {
        ValueRef::Text(bytes) => micros(bytes).ok_or_else(mismatch),
        _ => Err(mismatch()),
    };
    match kind {
        SqlType::Bool => row.put_u8(u8::from(integer()? != 0)),
        SqlType::Int2 => row.put_i16(i16::try_from(integer()?).map_err(out_of_range)?),
        SqlType::Int4 => row.put_i32(i32::try_from(integer()?).map_err(out_of_range)?),
        SqlType::Int8 => row.put_i64(integer()?),
        SqlType::Float4 => row.put_f32(float(value).ok_or_else(mismatch)? as f32),
        SqlType::Float8 => row.put_f64(float(value).ok_or_else(mismatch)?),
        SqlType::Timestamptz | SqlType::Timestamp => row.put_i64(micros()?),
        SqlType::Date => {
            let days = i32::try_from(micros()?.div_euclid(time::DAY_US));
            row.put_i32(days.map_err(out_of_range)?);
        }
        SqlType::Uuid => match value {
            ValueRef::Text(text) => row.extend_from_slice(&uuid_bytes(text).ok_or_else(mismatch)?),
            _ => return Err(mismatch()),
        },
        SqlType::Numeric => return Err(Refusal::unsupported("numeric values in binary: cast them to float8 or text")),
        SqlType::Jsonb => {
            row.put_u8(1);
            encode_text(kind, value, row);
        }
        SqlType::Bytea => match value {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => row.extend_from_slice(bytes),
            _ => return Err(mismatch()),
        },
        SqlType::Text | SqlType::Varchar | SqlType::Json => encode_text(kind, value, row),
    }
    Ok(())
}

fn micros(bytes: &[u8]) -> Option<i64> {
    time::parse(std::str::from_utf8(bytes).ok()?)
}

fn integer(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(number as i64),
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.parse().ok(),
        ValueRef::Real(_) | ValueRef::Blob(_) | ValueRef::Null => None,
    }
}

fn float(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.parse().ok(),
        ValueRef::Blob(_) | ValueRef::Null => None,
    }
}

fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let Some(digits) = text.strip_prefix("\\x") else {
        return (!text.contains('\\')).then(|| text.as_bytes().to_vec());
    };
    hex_bytes(digits.as_bytes())
}

fn hex_bytes(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks(2).map(|pair| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

fn uuid(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn uuid_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'-').collect();
    hex_bytes(&digits).filter(|bytes| bytes.len() == 16)
}
