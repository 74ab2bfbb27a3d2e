//! Steps that put things elsewhere.

use std::collections::BTreeMap;

use super::{Edit, Step};
use crate::topology::NodeId;

/// The step that puts every one of these nodes at its place.
pub fn place_all(label: impl Into<String>, places: BTreeMap<NodeId, [f32; 2]>) -> Step {
    Step::new(label, places.into_iter().map(|(node, at)| Edit::Move { node, to: Some(at) }).collect())
}
