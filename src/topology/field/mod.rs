//! The settings of every part of a preset, once: key, kind, explanation, and how to get and set it. Reading, saving,
//! `--set`, scenario `set` and the inspector all go by these tables, so they cannot disagree.

mod tables;
mod typed;
mod values;
mod words;

use std::fmt;

use super::near;

pub(crate) use tables::{
    ANALOGY, ANSWER, AUDIT, CACHE, CALL, CallOptions, DATABASE, DB, DEPLOY, EXPECT, GATEWAY, GROUP, HEAD, LESSON,
    LESSON_STEP, MODULE, NOTE, OPERATION, PROGRAM, RUN, SAGA_STEP, SCENARIO, SERVICE, USERS,
};
pub(crate) use values::FARTHEST;

/// A setting's value as files hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text in quotes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point.
    Number(f64),
    /// true or false.
    Flag(bool),
    /// A list.
    List(Vec<Value>),
    /// A table on one line.
    Table(Vec<(String, Value)>),
    /// What no setting is: what was found instead, in words.
    Other(&'static str),
}

impl fmt::Display for Value {
    /// As `--set` takes it: texts without quotes, but in a list where their bounds could not be seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    f.write_str(if index > 0 { " " } else { "" })?;
                    f.write_str(&words::quoted(&value.to_string()))?;
                }
                Ok(())
            }
            Self::Table(_) => f.write_str("a table"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl Value {
    /// What was found, for messages.
    pub(crate) fn found(&self) -> String {
        match self {
            Self::Text(text) if text.chars().count() > 60 => {
                format!("{:?}…", text.chars().take(60).collect::<String>())
            }
            Self::Text(text) => format!("{text:?}"),
            Self::Integer(number) => format!("the number {number}"),
            Self::Number(number) => format!("the number {number}"),
            Self::Flag(flag) => flag.to_string(),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

/// What kind of value a setting takes, for reading and for the inspector's widgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A name, path or other text of a fixed form; says which.
    Form(&'static str),
    /// A time with its unit.
    Period,
    /// An amount of memory with its unit.
    Memory,
    /// `none`, or a rate with its unit.
    Rate,
    /// `never`, `now` or a delay.
    Restart,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number from 0.
    Integer,
    /// A number.
    Number,
    /// true or false.
    Flag,
    /// A list of such names, which have neither spaces nor commas in them.
    List(&'static str),
    /// A list of any texts: a program and its arguments.
    Command,
}

impl fmt::Display for Kind {
    /// What the setting takes, after "is not": `a time with its unit, as in "2s"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a text in quotes"),
            Self::Form(form) => f.write_str(form),
            Self::Period => f.write_str("a time with its unit, in quotes, as in \"250ms\", \"2s\" or \"5m\""),
            Self::Memory => f.write_str("an amount of memory with its unit, in quotes, as in \"512KiB\" or \"8MiB\""),
            Self::Rate => f.write_str("\"none\", or a rate with its unit, in quotes, as in \"50/s\" or \"30/min\""),
            Self::Restart => f.write_str("\"never\", \"now\" or a delay with its unit, as in \"8s\""),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Integer => f.write_str("a whole number from 0, without quotes"),
            Self::Number => f.write_str("a number, without quotes"),
            Self::Flag => f.write_str("true or false, without quotes"),
            Self::List(of) => write!(f, "a list of {of}"),
            Self::Command => f.write_str("a list of texts, as in [\"python3\", \"users.py\"]"),
        }
    }
}

impl Kind {
    /// The value that a text on the command line or in the inspector stands for.
    ///
    /// # Errors
    /// When the text is not of this kind; whether the value is right is for the field to say.
    pub(crate) fn parse(self, text: &str) -> Result<Value, Refusal> {
        let value = match self {
            Self::Integer => count(text.trim()).map(Value::Integer),
            Self::Number => text.trim().parse().map(Value::Number).ok(),
            Self::Flag => text.trim().parse().map(Value::Flag).ok(),
            Self::List(_) => {
                let items = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|item| !item.is_empty());
                Some(Value::List(items.map(|item| Value::Text(item.to_owned())).collect()))
            }
            Self::Command => {
                let refused =
                    |why: &str| Refusal { message: why.to_owned(), ..Refusal::new(&Value::Other("it"), self) };
                Some(Value::List(words::read(text).map_err(refused)?.into_iter().map(Value::Text).collect()))
            }
            Self::Text => Some(Value::Text(text.to_owned())),
            Self::Form(_) | Self::Period | Self::Memory | Self::Rate | Self::Restart | Self::Choice(_) => {
                Some(Value::Text(text.trim().to_owned()))
            }
        };
        value.ok_or_else(|| Refusal::new(&Value::Text(text.to_owned()), self))
    }
}

/// A whole number, also as people shorten it: `2k`, `1.5k`, `3M`.
fn count(text: &str) -> Option<i64> {
    let shortened = [("k", 1_000.0), ("M", 1_000_000.0)].into_iter();
    let Some((number, scale)) = shortened.filter_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale))).next()
    else {
        return text.parse().ok();
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = number.trim_end().parse::<f64>().ok().filter(|_| plain)? * scale;
    let whole = value.round();
    // Beyond this a float no longer tells one whole number from the next.
    ((value - whole).abs() < 1e-6 && whole < 9e15).then_some(whole as i64)
}

/// Why a value was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Which item of a list is meant.
    pub(crate) item: Option<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do; may be empty.
    pub(crate) advice: String,
}

impl Refusal {
    fn new(value: &Value, kind: Kind) -> Self {
        let advice = match (kind, value) {
            (Kind::Choice(words), Value::Text(text)) => {
                near::nearest(text, words.iter().copied()).map(|near| format!("did you mean {near}?"))
            }
            _ => None,
        };
        Self { item: None, message: format!("{} is not {kind}", value.found()), advice: advice.unwrap_or_default() }
    }
}

/// What a setting is called, what it takes and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingInfo {
    /// The key in presets, in `--set` and in scenario `set`.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it does, in one sentence without a full stop.
    pub explains: &'static str,
}

/// A type that can be the value of a setting.
pub(crate) trait FieldValue: Sized {
    /// What it takes.
    const KIND: Kind;
    /// As files hold it; `None` is an absent key.
    fn to_value(&self) -> Option<Value>;
    /// From what a file holds.
    fn from_value(value: &Value) -> Result<Self, Refusal>;
}

/// One setting of a `T`.
pub(crate) struct Field<T: 'static> {
    pub(crate) info: SettingInfo,
    pub(crate) get: fn(&T) -> Option<Value>,
    pub(crate) set: fn(&mut T, &Value) -> Result<(), Refusal>,
}

/// The field of that key.
pub(crate) fn find<'a, T>(fields: &'a [Field<T>], key: &str) -> Option<&'a Field<T>> {
    fields.iter().find(|field| field.info.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_people_shorten_them() {
        for (text, value) in [("2k", Some(2_000)), ("1.5k", Some(1_500)), ("3M", Some(3_000_000)), ("0.3k", Some(300))]
        {
            assert_eq!(count(text), value, "{text}");
        }
        for text in ["k", "1.2345k", "-2k", "2 k", "1e3k", "infk", "NaNk", "9999999999999999k", "2K", "2kk", ""] {
            assert_eq!(count(text), None, "{text}");
        }
        assert_eq!((count("-3"), count("42")), (Some(-3), Some(42)));
    }
}
