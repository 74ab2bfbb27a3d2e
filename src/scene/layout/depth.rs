//! In which column a node stands that the preset does not place: how many links lie before it.

use std::collections::{BTreeMap, VecDeque};

use crate::topology::{NodeId, Preset};

/// For each node the most links that lie between it and one that nobody sends to (the longest path, by Kahn's order).
/// Where links lead round in a circle, the first node of the drawing that is in one begins it.
pub(super) fn depths(preset: &Preset) -> BTreeMap<NodeId, usize> {
    let nodes: Vec<&NodeId> = preset.topology.nodes().map(|node| &node.id).collect();
    let index: BTreeMap<&NodeId, usize> = nodes.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut leads: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut waits = vec![0_usize; nodes.len()];
    for link in preset.topology.links() {
        if let (Some(&from), Some(&to)) = (index.get(&link.from), index.get(&link.to)) {
            leads[from].push(to);
            waits[to] += 1;
        }
    }
    let (mut depth, mut done) = (vec![0; nodes.len()], vec![false; nodes.len()]);
    let mut ready: VecDeque<usize> = (0..nodes.len()).filter(|&at| waits[at] == 0).collect();
    let mut first = 0;
    loop {
        while let Some(at) = ready.pop_front() {
            if std::mem::replace(&mut done[at], true) {
                continue;
            }
            for &next in &leads[at] {
                waits[next] = waits[next].saturating_sub(1);
                if !done[next] {
                    depth[next] = depth[next].max(depth[at] + 1);
                    if waits[next] == 0 {
                        ready.push_back(next);
                    }
                }
            }
        }
        while first < nodes.len() && done[first] {
            first += 1;
        }
        if first == nodes.len() {
            break;
        }
        ready.push_back(first);
    }
    nodes.into_iter().cloned().zip(depth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Link, Node, Role, Service, Topology};

    fn of(nodes: &[&str], links: &[(&str, &str)]) -> Vec<usize> {
        let node = |id: &&str| Node { id: id.parse().unwrap(), role: Role::Service(Service::default()) };
        let link = |(from, to): &(&str, &str)| Link { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let topology = Topology::new(Vec::new(), nodes.iter().map(node).collect(), links.iter().map(link).collect()).0;
        let depths = depths(&Preset { topology, ..Preset::default() });
        nodes.iter().map(|id| depths[&id.parse::<NodeId>().unwrap()]).collect()
    }

    #[test]
    fn a_node_stands_behind_the_longest_way_to_it() {
        assert_eq!(of(&["a", "b", "c", "d"], &[("a", "d"), ("a", "b"), ("b", "c"), ("c", "d")]), [0, 1, 2, 3]);
    }

    #[test]
    fn a_circle_begins_with_its_first_node_and_has_an_end() {
        assert_eq!(of(&["a", "b", "c"], &[("b", "c"), ("c", "b"), ("a", "b")]), [0, 1, 2]);
        assert_eq!(of(&["a", "b"], &[("a", "b"), ("b", "a")]), [0, 1]);
    }
}
