//! What a key can hold.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

/// The fields of a hash. Ordered, so that answers do not depend on chance.
pub(in crate::node::cache) type Hash = BTreeMap<Bytes, Bytes>;
/// The members of a set.
pub(in crate::node::cache) type Set = BTreeSet<Bytes>;

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::cache) enum Value {
    /// Any bytes.
    String(Bytes),
    /// Fields with values; never empty.
    Hash(Hash),
    /// Members; never empty.
    Set(Set),
}

impl Value {
    /// The answer to `TYPE`.
    pub(in crate::node::cache) const fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Hash(_) => "hash",
            Self::Set(_) => "set",
        }
    }
}

/// The key holds a value of another type than the command works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::node::cache) struct WrongType;

/// One of the types of [`Value`], so that commands can say which they work on.
pub(in crate::node::cache) trait Kind: Default + Into<Value> {
    /// The value, if it is of this type.
    fn of(value: &Value) -> Option<&Self>;
    /// The value for changing, if it is of this type.
    fn of_mut(value: &mut Value) -> Option<&mut Self>;
    /// Whether the key goes when it holds this: collections without elements do not exist.
    fn vanishes(&self) -> bool;
}

/// Ties a type to its variant. Empty strings exist, empty collections do not.
macro_rules! kind {
    ($type:ty, $variant:ident, $vanishes:expr) => {
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
        impl Kind for $type {
            fn of(value: &Value) -> Option<&Self> {
                if let Value::$variant(value) = value { Some(value) } else { None }
            }
            fn of_mut(value: &mut Value) -> Option<&mut Self> {
                if let Value::$variant(value) = value { Some(value) } else { None }
            }
            fn vanishes(&self) -> bool {
                $vanishes(self)
            }
        }
    };
}
kind!(Bytes, String, |_: &Bytes| false);
kind!(Hash, Hash, Hash::is_empty);
kind!(Set, Set, Set::is_empty);
