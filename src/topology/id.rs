//! Names and paths: node, module, operation, slot, life, link, and what a fault or setting points at.
//!
//! Everything here is a small text with one written form, the same in presets, on the command line, in reports and
//! on the wire, so each type has `Display` and `FromStr` and is (de)serialised as that text.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::text::as_text;

/// A text that is not the name or path it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct BadId {
    /// What was read.
    pub text: String,
    /// What would have been right, with an example.
    pub expected: &'static str,
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $schema:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                if is_name(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(BadId {
                        text: text.to_owned(),
                        expected: "a name: lower-case letters, digits and hyphens, starting with a letter",
                    })
                }
            }
        }
        as_text!($name, $schema, "^[a-z][a-z0-9-]*$");
    };
}

name!(
    /// The id of a node of the drawing, such as `shop`.
    NodeId,
    "NodeId"
);
name!(
    /// The name of a module, a business capability such as `cart`.
    ModuleName,
    "ModuleName"
);

macro_rules! unnamed {
    ($($name:ident)+) => {
        $(impl $name {
            /// Stands in for a name that could not be read, while the rest is looked at.
            pub(crate) fn unnamed() -> Self {
                Self("unnamed".into())
            }
        })+
    };
}

name!(
    /// The id of a group: a frame around nodes, such as `backend`.
    GroupId,
    "GroupId"
);
name!(
    /// The id of a note on the canvas, such as `note-2`.
    NoteId,
    "NoteId"
);
unnamed!(NodeId ModuleName GroupId NoteId);

/// An operation of a module, written `cart.add`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId {
    /// The module that has the operation.
    pub module: ModuleName,
    /// The operation's own name, such as `add`.
    pub operation: Arc<str>,
}

impl OperationId {
    /// The request path that reaches the operation in any node that hosts or routes to its module.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.module, self.operation)
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.operation)
    }
}

impl FromStr for OperationId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned(), expected: "an operation, as in cart.add" };
        let (module, operation) = text.split_once('.').ok_or_else(bad)?;
        // `session.check` is what users ask at the end of a run; every service answers it, no preset can define it.
        if !is_name(operation) && operation != "session.check" {
            return Err(bad());
        }
        Ok(Self { module: module.parse().map_err(|_| bad())?, operation: operation.into() })
    }
}
as_text!(OperationId, "OperationId", "^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*$");

/// A place for one process of a node, written `shop.2`; places are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The node that the slot belongs to.
    pub node: NodeId,
    /// Which of the node's slots, from 1.
    pub index: u32,
}

impl Slot {
    /// The slot with this number, from 1.
    pub fn new(node: NodeId, index: u32) -> Self {
        Self { node, index }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.node, self.index)
    }
}

impl FromStr for Slot {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned(), expected: "a replica, as in shop.2" };
        let (node, index) = text.split_once('.').ok_or_else(bad)?;
        let index: u32 = index.parse().map_err(|_| bad())?;
        if index == 0 {
            return Err(bad());
        }
        Ok(Self { node: node.parse().map_err(|_| bad())?, index })
    }
}
as_text!(Slot, "Slot", "^[a-z][a-z0-9-]*\\.[1-9][0-9]*$");

/// One life of one process, written `shop.2#3`: the third process that has filled slot `shop.2`. Never reused within
/// a run, so late news of a dead life cannot be mistaken for news of the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LifeId {
    /// The slot that this life fills.
    pub slot: Slot,
    /// Which life of the slot, from 1.
    pub life: u32,
}

impl LifeId {
    /// The node that this life belongs to.
    pub fn node(&self) -> &NodeId {
        &self.slot.node
    }
}

impl fmt::Display for LifeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.slot, self.life)
    }
}

impl FromStr for LifeId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned(), expected: "one life of a replica, as in shop.2#1" };
        let (slot, life) = text.split_once('#').ok_or_else(bad)?;
        let life: u32 = life.parse().map_err(|_| bad())?;
        if life == 0 {
            return Err(bad());
        }
        Ok(Self { slot: slot.parse().map_err(|_| bad())?, life })
    }
}
as_text!(LifeId, "LifeId", "^[a-z][a-z0-9-]*\\.[1-9][0-9]*#[1-9][0-9]*$");

/// A directed link, written `gate->shop`: requests go from its first node to its second.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId {
    /// The node that sends the requests.
    pub from: NodeId,
    /// The node that answers them.
    pub to: NodeId,
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

impl FromStr for LinkId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned(), expected: "a link, as in gate->shop" };
        let (from, to) = text.split_once("->").ok_or_else(bad)?;
        Ok(Self { from: from.parse().map_err(|_| bad())?, to: to.parse().map_err(|_| bad())? })
    }
}
as_text!(LinkId, "LinkId", "^[a-z][a-z0-9-]*->[a-z][a-z0-9-]*$");

/// What a scenario step, fault or expectation points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A whole node: `shop`.
    Node(NodeId),
    /// One slot of a node: `shop.2`.
    Slot(Slot),
    /// A link: `gate->shop`.
    Link(LinkId),
    /// A module, wherever it is hosted: `module:payments`.
    Module(ModuleName),
}

impl Target {
    /// The node that is meant, or, for a link, the node that it starts from. Where a module is, only a drawing knows.
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Self::Node(node) => Some(node),
            Self::Slot(slot) => Some(&slot.node),
            Self::Link(link) => Some(&link.from),
            Self::Module(_) => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(node) => node.fmt(f),
            Self::Slot(slot) => slot.fmt(f),
            Self::Link(link) => link.fmt(f),
            Self::Module(module) => write!(f, "module:{module}"),
        }
    }
}

impl FromStr for Target {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = |_| BadId {
            text: text.to_owned(),
            expected: "a node, replica, link or module, as in shop, shop.2, gate->shop or module:cart",
        };
        if let Some(module) = text.strip_prefix("module:") {
            module.parse().map(Self::Module).map_err(bad)
        } else if text.contains("->") {
            text.parse().map(Self::Link).map_err(bad)
        } else if text.contains('.') {
            text.parse().map(Self::Slot).map_err(bad)
        } else {
            text.parse().map(Self::Node).map_err(bad)
        }
    }
}
as_text!(Target, "Target", "^([a-z][a-z0-9-]*(\\.[1-9][0-9]*|->[a-z][a-z0-9-]*)?|module:[a-z][a-z0-9-]*)$");

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: FromStr<Err = BadId> + fmt::Display>(text: &str) {
        assert_eq!(text.parse::<T>().map(|id| id.to_string()), Ok(text.to_owned()));
    }

    #[test]
    fn every_path_is_written_as_it_is_read() {
        round_trip::<NodeId>("shop-2");
        round_trip::<OperationId>("cart.add");
        round_trip::<OperationId>("accounts.session.check");
        round_trip::<Slot>("shop.2");
        round_trip::<LifeId>("shop.2#3");
        round_trip::<LinkId>("gate->shop");
        for target in ["shop", "shop.2", "gate->shop", "module:cart"] {
            round_trip::<Target>(target);
        }
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for text in ["", "Shop", "2shop", "shop.0", "shop.", "a->", "shöp", "shop#1", " shop"] {
            assert!(text.parse::<NodeId>().is_err(), "{text:?}");
            assert!(text.parse::<Slot>().is_err(), "{text:?}");
        }
    }
}
