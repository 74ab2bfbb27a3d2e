//! What the window saw the user want. The app carries it out; the window itself changes nothing but its own view.

use std::path::PathBuf;

use crate::topology::{Act, Affinity, NodeId, Sessions, Target};

use super::gallery::Choice;
use super::selection::Selection;

/// Something that the user did.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Begin a run. With `experiment`, the scenario is played and the run ends by itself.
    Run {
        /// Whether to play the scenario and end after the preset's duration.
        experiment: bool,
    },
    /// Come to an end, with a report.
    Stop,
    /// Back to the beginning: afresh when it was running, else empty.
    Reset,
    /// Do this to the running system.
    Act {
        /// What.
        act: Act,
        /// To what.
        on: Target,
    },
    /// Change the drawing. One step for undo.
    Edit(Edit),
    /// Take the last edit back.
    Undo,
    /// Make the edit that was taken back again.
    Redo,
    /// Open a preset of the gallery.
    Choose(Choice),
    /// Select something, or nothing.
    Select(Selection),
    /// Ask for a file to open, by the system's dialog.
    OpenDialog,
    /// Ask for a file to save to, by the system's dialog.
    SaveDialog,
    /// Open this file.
    Open(PathBuf),
    /// Save to this file.
    Save(PathBuf),
    /// Put a message away.
    Dismiss,
    /// Say this.
    Tell(String),
}

/// A change of the drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Keep every card where it is now: one has been moved.
    Places(std::collections::BTreeMap<NodeId, [f32; 2]>),
    /// Where a service keeps its sessions.
    Sessions(NodeId, Sessions),
    /// What ties a user to a replica at a gateway.
    Affinity(NodeId, Affinity),
    /// How many processes a node has.
    Replicas(NodeId, u32),
    /// How many virtual users there are.
    Users(NodeId, u32),
}
