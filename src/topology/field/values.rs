//! How each type of the model becomes a setting's value and is read from one.

use std::collections::BTreeSet;

use super::{FieldValue, Kind, Refusal, Value};
use crate::topology::choice::Choice;
use crate::topology::database::{DatabaseEngine, DbKey, DbOp, TableName, TablePath};
use crate::topology::discovery::Discovery;
use crate::topology::lesson::{Measure, Until};
use crate::topology::node::{Address, Affinity, Arrivals, Engine, Policy, Repoint, Restart, Sessions};
use crate::topology::preset::Window;
use crate::topology::program::Readiness;
use crate::topology::release::{Bug, Strategy};
use crate::topology::software::SessionStep;
use crate::topology::{Bytes, GroupId, ModuleName, NodeId, NoteId, OperationId, Period, Target};

/// How far from the origin a canvas reaches, in points.
pub(crate) const FARTHEST: f32 = 1e6;

/// Types whose value is a text: what `Display` writes and `FromStr` reads.
macro_rules! texts {
    ($($type:ty => $kind:expr;)+) => {$(
        impl FieldValue for $type {
            const KIND: Kind = $kind;
            fn to_value(&self) -> Option<Value> {
                Some(Value::Text(self.to_string()))
            }
            fn from_value(value: &Value) -> Result<Self, Refusal> {
                let refused = Refusal::new(value, Self::KIND);
                let Value::Text(text) = value else { return Err(refused) };
                // A type's own words are better where they say more than the kind does, as "at most 24h".
                text.parse().map_err(|error| Refusal { message: format!("{error}"), ..refused })
            }
        }
    )+};
}

texts! {
    Period => Kind::Period;
    Bytes => Kind::Memory;
    Arrivals => Kind::Rate;
    Restart => Kind::Restart;
    NodeId => Kind::Form("a node's id, as in \"shop\"");
    GroupId => Kind::Form("a group's id, as in \"backend\"");
    NoteId => Kind::Form("a note's id, as in \"note-2\"");
    ModuleName => Kind::Form("a module's name, as in \"cart\"");
    OperationId => Kind::Form("an operation, as in \"cart.add\"");
    Target => Kind::Form("a node, replica, link or module, as in \"shop\", \"shop.2\", \"gate->shop\" or \"module:cart\"");
    TableName => Kind::Form("a table's name, as in \"orders\"");
    TablePath => Kind::Form("a module's table, as in \"payments.charges\"");
    Discovery => Kind::Form("push, or poll with a time, as in \"poll 1s\"");
    Readiness => Kind::Form("tcp, or the path of an HTTP request, as in \"/health\"");
    Bug => Kind::Form("a bug, as in \"crash-on-start\", \"crash-on-request 20\", \"errors 0.5\" or \"leak 1MiB\"");
    Window => Kind::Form("a window of time, as in \"10s..15s\"");
    Until => Kind::Form("what ends a step, as in \"kill shop.2\"");
}

macro_rules! choices {
    ($($type:ty),+) => {$(
        impl FieldValue for $type {
            const KIND: Kind = Kind::Choice(<$type as Choice>::WORDS);
            fn to_value(&self) -> Option<Value> {
                Some(Value::Text(self.word().to_owned()))
            }
            fn from_value(value: &Value) -> Result<Self, Refusal> {
                let Value::Text(text) = value else { return Err(Refusal::new(value, Self::KIND)) };
                Self::from_word(text).ok_or_else(|| Refusal::new(value, Self::KIND))
            }
        }
    )+};
}

choices!(
    Policy,
    Affinity,
    Repoint,
    Sessions,
    Engine,
    SessionStep,
    Measure,
    Address,
    DatabaseEngine,
    DbOp,
    DbKey,
    Strategy
);

impl FieldValue for String {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        // A text over several lines has the line ends of its file; in the preset they are the same everywhere.
        let Value::Text(text) = value else { return Err(Refusal::new(value, Self::KIND)) };
        Ok(text.replace("\r\n", "\n"))
    }
}

macro_rules! integers {
    ($($type:ty),+) => {$(
        impl FieldValue for $type {
            const KIND: Kind = Kind::Integer;
            fn to_value(&self) -> Option<Value> {
                // What does not fit is beyond what TOML can hold; reading never makes such a number.
                Some(Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX)))
            }
            fn from_value(value: &Value) -> Result<Self, Refusal> {
                let Value::Integer(number) = value else { return Err(Refusal::new(value, Self::KIND)) };
                <$type>::try_from(*number).map_err(|_| Refusal::new(value, Self::KIND))
            }
        }
    )+};
}

integers!(u32, u64);

impl FieldValue for f64 {
    const KIND: Kind = Kind::Number;
    fn to_value(&self) -> Option<Value> {
        Some(Value::Number(*self))
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        if let Value::Integer(number) = value {
            return Ok(*number as f64);
        }
        let Value::Number(number) = value else { return Err(Refusal::new(value, Self::KIND)) };
        if number.is_finite() { Ok(*number) } else { Err(Refusal::new(value, Self::KIND)) }
    }
}

impl FieldValue for bool {
    const KIND: Kind = Kind::Flag;
    fn to_value(&self) -> Option<Value> {
        Some(Value::Flag(*self))
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        if let Value::Flag(flag) = value { Ok(*flag) } else { Err(Refusal::new(value, Self::KIND)) }
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    const KIND: Kind = T::KIND;
    fn to_value(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_value)
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        T::from_value(value).map(Some)
    }
}

macro_rules! lists {
    ($($type:ty => $kind:expr;)+) => {$(
        impl FieldValue for Vec<$type> {
            const KIND: Kind = $kind;
            fn to_value(&self) -> Option<Value> {
                Some(Value::List(self.iter().filter_map(FieldValue::to_value).collect()))
            }
            fn from_value(value: &Value) -> Result<Self, Refusal> {
                let Value::List(values) = value else { return Err(Refusal::new(value, Self::KIND)) };
                let read = |(index, value)| {
                    <$type>::from_value(value).map_err(|refusal| Refusal { item: Some(index), ..refusal })
                };
                values.iter().enumerate().map(read).collect()
            }
        }
    )+};
}

lists! {
    String => Kind::Command;
    NodeId => Kind::List("nodes, as in [\"gate\", \"shop\"]");
    OperationId => Kind::List("operations, as in [\"cart.add\", \"cart.view\"]");
    ModuleName => Kind::List("modules, as in [\"accounts\", \"cart\"]");
}

/// A coordinate as people write it: 320 rather than 320.0, 0.1 rather than its nearest binary fraction.
fn coordinate(number: f32) -> Value {
    if number.fract() == 0.0 {
        return Value::Integer(number as i64);
    }
    Value::Number(number.to_string().parse().unwrap_or(f64::from(number)))
}

/// A place on the canvas.
impl FieldValue for [f32; 2] {
    const KIND: Kind = Kind::Form("a place in points, as in [320, 0]");
    fn to_value(&self) -> Option<Value> {
        Some(Value::List(self.iter().copied().map(coordinate).collect()))
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        let refused = || Refusal::new(value, Self::KIND);
        let Value::List(values) = value else { return Err(refused()) };
        let [x, y] = values.as_slice() else { return Err(refused()) };
        let number = |value| {
            let number = f64::from_value(value).ok().filter(|number| number.abs() <= f64::from(FARTHEST));
            number.map(|number| number as f32).ok_or_else(refused)
        };
        Ok([number(x)?, number(y)?])
    }
}

impl FieldValue for BTreeSet<NodeId> {
    const KIND: Kind = Kind::List("nodes, as in [\"gate\", \"shop\"]");
    fn to_value(&self) -> Option<Value> {
        Some(Value::List(self.iter().filter_map(FieldValue::to_value).collect()))
    }
    fn from_value(value: &Value) -> Result<Self, Refusal> {
        Vec::<NodeId>::from_value(value).map(|nodes| nodes.into_iter().collect())
    }
}
