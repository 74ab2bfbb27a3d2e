//! What is drawn for people and not run: groups, notes, and what the layout is to leave where it is.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{GroupId, NodeId, NoteId};

/// Everything on the canvas that is no node and no link.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// The groups, in the order of the file.
    pub groups: Vec<Group>,
    /// The notes, in the order of the file.
    pub notes: Vec<Note>,
    /// Nodes that automatic layout leaves where they are.
    pub pinned: BTreeSet<NodeId>,
}

/// A frame with a title around some nodes. It is drawn around wherever they are; moving it moves them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The group's id, unique among groups.
    pub id: GroupId,
    /// What is written on the frame.
    #[serde(default)]
    pub title: String,
    /// What is in it. A node is in at most one group.
    #[serde(default)]
    pub nodes: BTreeSet<NodeId>,
}

/// A text on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The note's id, unique among notes.
    pub id: NoteId,
    /// The text; lines end with a line break.
    #[serde(default)]
    pub text: String,
    /// The top left corner, in points.
    #[serde(default)]
    pub at: [f32; 2],
}

impl Marks {
    /// The group of this id.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// The group that a node is in.
    pub fn group_of(&self, node: &NodeId) -> Option<&Group> {
        self.groups.iter().find(|group| group.nodes.contains(node))
    }

    /// The note of this id.
    pub fn note(&self, id: &NoteId) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == *id)
    }
}
