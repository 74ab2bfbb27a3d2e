//! What is selected on the canvas.

use crate::scene::Follow;
use crate::telemetry::TraceId;
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
    /// A request.
    Request(TraceId),
}

impl Selection {
    /// Has the requests remembered that are to be read: those of the selected user, or the selected one.
    pub(crate) fn follow(&self, follow: &mut Follow) {
        match self {
            Self::User(node, user) => {
                follow.pick(None);
                follow.follow(Some((node.clone(), *user)));
            }
            Self::Request(trace) => {
                follow.pick(Some(*trace));
                let user = follow.request(*trace).and_then(|request| request.user.clone());
                if user.is_some() {
                    follow.follow(user);
                }
            }
            Self::Nothing | Self::Node(_) | Self::Cell(_) => {
                follow.pick(None);
                follow.follow(None);
            }
        }
    }
}
