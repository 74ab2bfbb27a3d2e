//! OTLP attributes: writing them one after the other, and looking one up by its key.

use std::fmt::Display;
use std::str::FromStr;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};

/// Collects attributes.
#[derive(Default)]
pub(super) struct Attributes(Vec<KeyValue>);

impl Attributes {
    /// Adds a text.
    pub(super) fn text(self, key: &str, value: impl Display) -> Self {
        self.with(key, Value::StringValue(value.to_string()))
    }

    /// Adds a text if there is one.
    pub(super) fn maybe(self, key: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a whole number.
    pub(super) fn number(self, key: &str, value: impl Into<i64>) -> Self {
        self.with(key, Value::IntValue(value.into()))
    }

    /// All that was added.
    pub(super) fn build(self) -> Vec<KeyValue> {
        self.0
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        let value = Some(AnyValue { value: Some(value) });
        self.0.push(KeyValue { key: key.to_owned(), value, ..KeyValue::default() });
        self
    }
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()
}

/// The text of an attribute.
pub(super) fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    if let Value::StringValue(text) = value(attributes, key)? { Some(text) } else { None }
}

/// What the text of an attribute means; `None` also when it does not parse.
pub(super) fn parsed<T: FromStr>(attributes: &[KeyValue], key: &str) -> Option<T> {
    text(attributes, key)?.parse().ok()
}

/// The whole number of an attribute, if it fits.
pub(super) fn number<T: TryFrom<i64>>(attributes: &[KeyValue], key: &str) -> Option<T> {
    if let Value::IntValue(number) = value(attributes, key)? { T::try_from(*number).ok() } else { None }
}
