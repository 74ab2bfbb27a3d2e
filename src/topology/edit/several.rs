//! Settings of several nodes changed together.

use super::{Step, set_sessions};
use crate::topology::{NodeId, Preset, Problem, Role, settings};

/// The step that gives a setting of all these nodes this value, written as `--set` takes it. Nodes that have the value
/// already are left alone, so the step may have no edits. Sessions that are to be kept in a store get one.
///
/// # Errors
/// When a node is not there, has no such setting, or the value is not one for it.
pub fn set_all(preset: &Preset, nodes: &[NodeId], key: &str, value: &str) -> Result<Step, Problem> {
    let mut edits = Vec::new();
    let mut scratch: Option<Preset> = None;
    for node in nodes {
        let now = scratch.as_ref().unwrap_or(preset);
        let role = now.topology.node(node).map(|found| &found.role);
        let role = role.ok_or_else(|| super::missing("node", node.as_str()))?;
        let mut after = role.clone();
        settings::set_role(&mut after, key, value)?;
        if after == *role {
            continue;
        }
        let mut step = match (&after, key) {
            (Role::Service(service), "sessions") => set_sessions(now, node, service.sessions)?,
            _ => Step::set(node, key, value),
        };
        // The store that the first one got is there for the next.
        if nodes.len() > 1 {
            let scratch = scratch.get_or_insert_with(|| preset.clone());
            for edit in step.edits.clone() {
                edit.apply(scratch)?;
            }
        }
        edits.append(&mut step.edits);
    }
    let whom = match nodes {
        [only] => only.to_string(),
        _ => format!("{} nodes", nodes.len()),
    };
    Ok(Step::new(format!("change {key} of {whom}"), edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::History;
    use crate::topology::{Node, Service, Sessions, Topology, Users};

    fn preset() -> Preset {
        let node = |id: &str, role| Node { id: id.parse().unwrap(), role };
        let service = || Role::Service(Service::default());
        let nodes = vec![node("a", service()), node("b", service()), node("people", Role::Users(Users::default()))];
        Preset { topology: Topology::new(Vec::new(), nodes, Vec::new()).0, ..Preset::default() }
    }

    fn ids(names: &[&str]) -> Vec<NodeId> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn two_services_get_one_store_in_one_step() {
        let mut preset = preset();
        let before = preset.clone();
        let step = set_all(&preset, &ids(&["a", "b"]), "sessions", "store").unwrap();
        let mut history = History::default();
        history.apply(&mut preset, step).unwrap();
        assert_eq!(preset.topology.nodes().filter(|node| node.cache().is_some()).count(), 1);
        for id in ids(&["a", "b"]) {
            assert!(preset.topology.store_of(&id).is_some());
            assert_eq!(preset.topology.node(&id).unwrap().service().unwrap().sessions, Sessions::Store);
        }
        history.undo(&mut preset);
        assert_eq!(preset, before);
    }

    #[test]
    fn only_what_changes_is_edited_and_nothing_where_one_value_is_wrong() {
        let preset = preset();
        assert_eq!(set_all(&preset, &ids(&["a"]), "drain", "5000ms").unwrap().edits, [], "that is 5s already");
        assert_eq!(set_all(&preset, &ids(&["a", "b"]), "drain", "6s").unwrap().edits.len(), 2);
        assert!(set_all(&preset, &ids(&["a", "people"]), "drain", "6s").is_err());
        assert!(set_all(&preset, &ids(&["a"]), "drain", "soon").is_err());
    }
}
