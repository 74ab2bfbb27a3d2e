//! Pins: what automatic layout is to leave where it is.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Item, Step, place_items};
use crate::topology::{NodeId, Preset};

/// The step that pins nodes, or takes their pins away. A pinned node keeps the place where it is drawn now, so that place
/// is put down for it. Without edits when all are so already.
pub fn pin(preset: &Preset, nodes: &BTreeSet<NodeId>, pinned: bool, places: &BTreeMap<NodeId, [f32; 2]>) -> Step {
    let mut marks = preset.marks.clone();
    let mut put_down = BTreeMap::new();
    for node in nodes.iter().filter(|id| preset.topology.node(id).is_some()) {
        if !pinned {
            marks.pinned.remove(node);
        } else if marks.pinned.insert(node.clone())
            && let Some(&at) = places.get(node)
        {
            put_down.insert(Item::Node(node.clone()), at);
        }
    }
    let label = match (nodes.first(), nodes.len(), pinned) {
        (Some(only), 1, true) => format!("pin {only}"),
        (Some(only), 1, false) => format!("unpin {only}"),
        (_, many, true) => format!("pin {many} nodes"),
        (_, many, false) => format!("unpin {many} nodes"),
    };
    let mut step = place_items(preset, label, &put_down);
    if marks != preset.marks {
        step.edits.push(Edit::SetMarks(marks));
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::RoleKind;
    use crate::topology::edit::{History, add_node};

    #[test]
    fn a_pin_puts_down_the_place_and_goes_again() {
        let mut preset = Preset::default();
        let (id, step) = add_node(&preset, RoleKind::Cache, [0.0, 0.0]);
        History::default().apply(&mut preset, step).unwrap();
        let (nodes, places) = (BTreeSet::from([id.clone()]), BTreeMap::from([(id.clone(), [40.0, 2.0])]));
        let step = pin(&preset, &nodes, true, &places);
        assert_eq!(step.label, "pin cache");
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!((preset.layout[&id], &preset.marks.pinned), ([40.0, 2.0], &nodes));
        assert_eq!(pin(&preset, &nodes, true, &places).edits, []);
        let step = pin(&preset, &nodes, false, &places);
        History::default().apply(&mut preset, step).unwrap();
        assert!(preset.marks.pinned.is_empty());
    }
}
