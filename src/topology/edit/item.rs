//! What can be selected and edited on the canvas.

use std::fmt;

use crate::topology::{GroupId, LinkId, NodeId, NoteId};

/// Something drawn that edits are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A node.
    Node(NodeId),
    /// A link.
    Link(LinkId),
    /// A group.
    Group(GroupId),
    /// A note.
    Note(NoteId),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => id.fmt(f),
            Self::Link(id) => id.fmt(f),
            Self::Group(id) => write!(f, "group {id}"),
            Self::Note(id) => write!(f, "note {id}"),
        }
    }
}
