//! An edit while the system runs, in words for the log.

use crate::topology::{Node, Topology};

/// What is different in the new drawing, one line each.
pub(super) fn describe(old: &Topology, new: &Topology) -> Vec<String> {
    let mut lines = Vec::new();
    for node in new.nodes() {
        match old.node(&node.id) {
            None => lines.push(format!("{} added", node.id)),
            Some(before) if before != node => lines.push(describe_node(before, node)),
            Some(_) => {}
        }
    }
    lines.extend(old.nodes().filter(|node| new.node(&node.id).is_none()).map(|node| format!("{} removed", node.id)));
    let (old_links, new_links): (Vec<_>, Vec<_>) = (old.links().collect(), new.links().collect());
    lines.extend(new_links.iter().filter(|link| !old_links.contains(link)).map(|link| format!("{} added", link.id())));
    lines
        .extend(old_links.iter().filter(|link| !new_links.contains(link)).map(|link| format!("{} removed", link.id())));
    if old.modules != new.modules {
        lines.push("the modules changed".to_owned());
    }
    lines
}

fn describe_node(old: &Node, new: &Node) -> String {
    if old.replicas() != new.replicas() {
        let many = if new.replicas() == 1 { "replica" } else { "replicas" };
        return format!("{}: {} {many} instead of {}", new.id, new.replicas(), old.replicas());
    }
    match (old.service(), new.service()) {
        (Some(before), Some(after)) if before.sessions != after.sessions => {
            let words = format!("sessions {:?} instead of {:?}", after.sessions, before.sessions).to_lowercase();
            format!("{}: {words}", new.id)
        }
        _ => format!("{}: settings changed", new.id),
    }
}
