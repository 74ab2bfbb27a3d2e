//! The one-click fix of "sessions are kept in a store, and none is linked": the cache, the link and the setting. A store
//! that is linked already is taken as it is, be it a cache or a database.

use super::{Edit, Step};
use crate::topology::{Cache, Link, Node, NodeId, Preset, Problem, Role, Sessions};

/// How far from its service a new cache is drawn, in points: beside one with three replicas, at about its middle.
const ASIDE: [f32; 2] = [378.0, 122.0];

/// The step that keeps a service's sessions in a store: links the first cache there is, or a new one, unless a cache or
/// a database is linked already, and sets `sessions = "store"`.
///
/// # Errors
/// When there is no service of that id.
pub fn set_sessions_with_store(preset: &Preset, service: &NodeId) -> Result<Step, Problem> {
    keep(preset, service, preset.topology.possible_store_of(service).is_some())
}

/// The same in a cache, whatever database is linked: for services that have no database in common.
///
/// # Errors
/// As [`set_sessions_with_store`].
pub(super) fn set_sessions_with_cache(preset: &Preset, service: &NodeId) -> Result<Step, Problem> {
    let store = preset.topology.possible_store_of(service);
    keep(preset, service, store.is_some_and(|store| store.cache().is_some()))
}

fn keep(preset: &Preset, service: &NodeId, is_linked: bool) -> Result<Step, Problem> {
    let topology = &preset.topology;
    if topology.node(service).and_then(Node::service).is_none() {
        return Err(Problem::error(service.as_str(), format!("there is no service {:?}", service.as_str())));
    }
    let mut edits = Vec::new();
    if !is_linked {
        let cache = match topology.nodes().find(|node| node.cache().is_some()) {
            Some(cache) => cache.id.clone(),
            None => {
                let node = Node { id: free_id(preset)?, role: Role::Cache(Cache::default()) };
                let id = node.id.clone();
                let at = preset.layout.get(service).map(|&[x, y]| [x + ASIDE[0], y + ASIDE[1]]);
                edits.push(Edit::AddNode { node, position: None, at });
                id
            }
        };
        edits.push(Edit::AddLink { link: Link { from: service.clone(), to: cache }, position: None });
    }
    let setting = (service.clone(), "sessions".to_owned(), Sessions::Store.to_string());
    edits.push(Edit::Set { node: setting.0, key: setting.1, value: setting.2 });
    Ok(Step::new(format!("keep the sessions of {service} in a store"), edits))
}

/// The step that keeps a service's sessions there; a store is linked where one is needed.
///
/// # Errors
/// As [`set_sessions_with_store`].
pub fn set_sessions(preset: &Preset, service: &NodeId, sessions: Sessions) -> Result<Step, Problem> {
    match sessions {
        Sessions::Store => set_sessions_with_store(preset, service),
        Sessions::Memory | Sessions::Token => Ok(Step::set(service, "sessions", sessions.to_string())),
    }
}

/// `sessions`, or `sessions-2` and so on where that is taken.
fn free_id(preset: &Preset) -> Result<NodeId, Problem> {
    let names = (1..).map(|n| if n == 1 { "sessions".to_owned() } else { format!("sessions-{n}") });
    names
        .filter_map(|name| name.parse::<NodeId>().ok())
        .find(|id| preset.topology.node(id).is_none())
        .ok_or_else(|| Problem::error("", "no id is free for a cache"))
}
