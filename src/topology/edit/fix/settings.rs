//! Settings that are out of bounds, and where sessions are kept.

use super::{Edit, Fix, set_sessions_with_store};
use crate::topology::edit::store::set_sessions_with_cache;
use crate::topology::edit::{History, Item, Step, about};
use crate::topology::{Node, NodeId, Preset, Problem, Sessions, Step as Work};

/// Link a store, or do without.
pub(super) fn store(preset: &Preset, service: &NodeId) -> Vec<Fix> {
    let with = set_sessions_with_store(preset, service).ok().map(|step| Fix::of("Link a store", step));
    let memory = Step::set(service, "sessions", Sessions::Memory.to_string());
    with.into_iter().chain([Fix::of(format!("Keep the sessions of {service} in its memory"), memory)]).collect()
}

/// All of these services on one store.
pub(super) fn one_store(preset: &Preset, services: &[NodeId]) -> Vec<Fix> {
    let mut draft = preset.clone();
    let mut edits = Vec::new();
    let store_of = |draft: &Preset, service| draft.topology.possible_store_of(service).cloned();
    let stores: Vec<Option<Node>> = services.iter().map(|service| store_of(&draft, service)).collect();
    let is_shared = stores.windows(2).all(|pair| pair[0] == pair[1]) && stores.iter().all(Option::is_some);
    let keep = if is_shared { set_sessions_with_store } else { set_sessions_with_cache };
    let cache = |store: Option<Node>| store.filter(|store| store.cache().is_some()).map(|store| store.id);
    // A cache that one of them has is taken for all: the others may be linked to another, which then is not used.
    let common: Option<NodeId> = stores.into_iter().find_map(cache);
    for service in services {
        let other = cache(store_of(&draft, service));
        let mut own = Vec::new();
        if let (Some(common), Some(other)) = (&common, other)
            && other != *common
        {
            let link = |to: &NodeId| crate::topology::Link { from: service.clone(), to: to.clone() };
            own.push(Edit::RemoveLink(link(&other).id()));
            if !draft.topology.has_link(&link(common).id()) {
                own.push(Edit::AddLink { link: link(common), position: None });
            }
        }
        if History::default().apply(&mut draft, Step::new("", own.clone())).is_err() {
            return Vec::new();
        }
        edits.extend(own);
        let Ok(step) = keep(&draft, service) else { return Vec::new() };
        edits.extend(step.edits.clone());
        if History::default().apply(&mut draft, step).is_err() {
            return Vec::new();
        }
    }
    vec![Fix::new("Keep all these sessions in one store", edits)]
}

/// The nearest value that is allowed.
pub(super) fn nearest(preset: &Preset, problem: &Problem, key: &str, nearest: &str) -> Vec<Fix> {
    let items = about(preset, problem);
    let Some(Item::Node(node)) = items.first().filter(|_| problem.path.starts_with("node[")) else { return Vec::new() };
    vec![Fix::of(format!("Set {key} of {node} to {nearest}"), Step::set(node, key, nearest))]
}

/// A call that is made once.
pub(super) fn once(preset: &Preset, module: usize, operation: usize, step: usize) -> Vec<Fix> {
    let mut modules = preset.topology.modules.clone();
    let found = modules.get_mut(module).and_then(|module| module.operations.get_mut(operation));
    let Some(Work::Call { call, retries, .. }) = found.and_then(|operation| operation.steps.get_mut(step)) else {
        return Vec::new();
    };
    *retries = 0;
    let title = format!("Call {call} once");
    vec![Fix::new(title, vec![Edit::SetModules(modules.into())])]
}
