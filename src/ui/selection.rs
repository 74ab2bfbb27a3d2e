//! What is selected on the canvas.

use crate::topology::{NodeId, Slot};

/// The selected object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    /// None.
    #[default]
    Nothing,
    /// A node.
    Node(NodeId),
    /// A replica.
    Cell(Slot),
    /// A virtual user, by node and number.
    User(NodeId, u32),
}
