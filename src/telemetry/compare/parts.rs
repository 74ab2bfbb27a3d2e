//! What can be counted in a drawing without running it. Counts of moving parts: they stand for what people have to do, and
//! measure nobody.

use crate::topology::{Node, Preset, Role, settings};

use super::kinds::{LANGUAGES, LINKS, PROCESSES, SETTINGS, STORE_KINDS, STORES};
use super::rewrite;
use super::trial::Reading;

/// The counts of a drawing.
pub(super) fn readings(preset: &Preset) -> Vec<Reading> {
    let nodes = || preset.topology.nodes().filter(|node| node.users().is_none());
    let is_store = |node: &&Node| matches!(node.role, Role::Cache(_) | Role::Database(_));
    let stores = nodes().filter(is_store).count();
    let mut readings = vec![
        Reading { kind: &PROCESSES, value: nodes().map(|node| f64::from(node.replicas())).sum() },
        Reading { kind: &LINKS, value: preset.topology.links().count() as f64 },
        Reading { kind: &STORES, value: stores as f64 },
        Reading { kind: &SETTINGS, value: nodes().map(chosen).sum::<usize>() as f64 },
        Reading { kind: &STORE_KINDS, value: stores as f64 },
        Reading { kind: &LANGUAGES, value: nodes().filter(|node| !node.modules().is_empty()).count() as f64 },
    ];
    readings.extend(rewrite::readings(&preset.topology));
    readings
}

/// How many settings of a node are not what a new node of its role has.
fn chosen(node: &Node) -> usize {
    let fresh = settings::fresh(&node.role);
    let keys = settings::describe(&node.role).into_iter().map(|info| info.key);
    keys.filter(|key| settings::get_role(&node.role, key) != settings::get_role(&fresh, key)).count()
}
