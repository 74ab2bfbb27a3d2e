//! Which entries that were left out of the preset would come alive by an edit: a link that led nowhere when its node
//! is added, a second node of one id when the first is removed. Nobody drew them, so saving takes them out.

use std::collections::BTreeSet;

use toml_edit::TableLike;

use super::place;
use crate::topology::{LinkId, NodeId, Topology};

/// The paths of those entries, among the ones that were left out.
pub(super) fn find(
    root: &dyn TableLike,
    left_out: &BTreeSet<String>,
    old: &Topology,
    new: &Topology,
) -> BTreeSet<String> {
    let comes_alive = |path: &&String| {
        let Some((list, index)) = path.split_once('[') else { return false };
        let Ok(index) = index.trim_end_matches(']').parse() else { return false };
        let Some(table) = root.get(list).and_then(|item| place::entry(item, index).0) else { return false };
        let id = |key: &str| table.get(key)?.as_str()?.parse::<NodeId>().ok();
        match list {
            "node" => id("id").is_some_and(|id| old.node(&id).is_some() && new.node(&id).is_none()),
            "link" => id("from").zip(id("to")).is_some_and(|(from, to)| link_comes_alive(from, to, old, new)),
            _ => false,
        }
    };
    left_out.iter().filter(comes_alive).cloned().collect()
}

/// Whether a link that was left out would now be read: it leads from node to node, and not the same link before it.
fn link_comes_alive(from: NodeId, to: NodeId, old: &Topology, new: &Topology) -> bool {
    let leads = new.node(&from).is_some() && new.node(&to).is_some();
    let id = LinkId { from, to };
    let there = |topology: &Topology| topology.links().any(|link| link.id() == id);
    leads && !(there(old) && there(new))
}
