//! Taking a module out of the process that hosts it: into a service of its own, or into another one. The step brings
//! the links that requests then need, and takes out those that nothing uses any more; where sessions are kept in a
//! process, it moves them to a store that both sides can reach.

use std::collections::BTreeSet;

use super::free::FreeNames;
use super::place::within_canvas;
use super::{Edit, Item, Step, remove, set_sessions_with_store};
use crate::topology::wiring::{calls, keeps_data, needs, touches_sessions, used_links};
use crate::topology::{Link, Module, ModuleName, Node, NodeId, Preset, Problem, Role, Service, Sessions};

/// What becomes of sessions that are kept in the process which a module leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Parting {
    /// They move to a store that both sides share.
    #[default]
    Shared,
    /// Each side keeps its own, so users lose those that they need on the other side.
    Split,
}

/// The id of a new service that hosts only this module, and the step that creates it with its upper left corner there.
/// The service is named like the module where that name is free, and has the settings of the one that it came from.
///
/// # Errors
/// When the module cannot be taken out; says why, and what to do.
pub fn extract(
    preset: &Preset,
    module: &ModuleName,
    at: [f32; 2],
    parting: Parting,
) -> Result<(NodeId, Step), Problem> {
    let mut names = FreeNames::but(preset.topology.nodes().map(|node| node.id.as_str()));
    // The name of a module is an id.
    let id: NodeId = names.take(module.as_str()).unwrap_or_else(NodeId::unnamed);
    let (from, old) = leaving(preset, module)?;
    if old.modules.iter().all(|name| name == module) {
        let problem =
            Problem::error(from.as_str(), format!("{module} is all that {from} hosts: it is a service of its own"));
        return Err(problem.advise(format!("drag it onto another service to move it there and take {from} out")));
    }
    let mut draft = Draft::new(preset);
    let kept = draft.share_sessions(module, &from, parting)?;
    let touches = touches_sessions(&preset.topology, draft.module(module)?);
    let sessions = if touches { kept } else { Sessions::default() };
    let settings = Service { modules: vec![module.clone()], sessions, ..old.clone() };
    let node = Node { id: id.clone(), role: Role::Service(settings) };
    draft.apply(Edit::AddNode { node, position: None, at: within_canvas(at) })?;
    draft.hand_over(module, &from, &id)?;
    Ok((id, Step::new(format!("move {module} out of {from}"), draft.edits)))
}

/// The step that hosts a module in another service. A service that hosts nothing any more goes.
///
/// # Errors
/// When the module cannot be hosted there; says why, and what to do.
pub fn move_module(preset: &Preset, module: &ModuleName, to: &NodeId, parting: Parting) -> Result<Step, Problem> {
    let (from, _) = leaving(preset, module)?;
    let node = preset.topology.node(to).ok_or_else(|| super::missing("node", to.as_str()))?;
    let Some(service) = node.service() else {
        let problem = Problem::error(to.as_str(), format!("{to} cannot host {module}: it is no service"));
        return Err(problem.advise("drop the module on a service, or on the empty canvas for a service of its own"));
    };
    if from == *to {
        return Err(Problem::error(to.as_str(), format!("{to} hosts {module} already")).advise("drop it elsewhere"));
    }
    let mut draft = Draft::new(preset);
    let sessions = draft.share_sessions(module, &from, parting)?;
    draft.meet_sessions(module, &from, to, sessions, parting)?;
    draft.meet_data(module, &from, to)?;
    let mut modules = service.modules.clone();
    modules.push(module.clone());
    let settings = draft
        .service(to)
        .map(|now| Service { modules, ..now })
        .ok_or_else(|| super::missing("service", to.as_str()))?;
    draft.apply(Edit::SetRole { node: to.clone(), role: Role::Service(settings) })?;
    draft.hand_over(module, &from, to)?;
    Ok(Step::new(format!("move {module} to {to}"), draft.edits))
}

/// The service that the module would leave.
fn leaving<'a>(preset: &'a Preset, module: &ModuleName) -> Result<(NodeId, &'a Service), Problem> {
    let host = preset.topology.host(module).ok_or_else(|| {
        Problem::error(module.as_str(), format!("no service hosts {module}")).advise("name it in the modules of one")
    })?;
    let service = host.service().ok_or_else(|| {
        let problem = Problem::error(host.id.as_str(), format!("{module} is part of the program {}", host.id));
        problem.advise("what a program answers for can only be taken out of its code")
    })?;
    Ok((host.id.clone(), service))
}

/// The preset as it becomes, and the edits so far.
struct Draft<'a> {
    before: &'a Preset,
    now: Preset,
    edits: Vec<Edit>,
}

impl<'a> Draft<'a> {
    fn new(before: &'a Preset) -> Self {
        Self { before, now: before.clone(), edits: Vec::new() }
    }

    fn apply(&mut self, edit: Edit) -> Result<(), Problem> {
        edit.clone().apply(&mut self.now)?;
        self.edits.push(edit);
        Ok(())
    }

    fn apply_all(&mut self, step: Step) -> Result<(), Problem> {
        step.edits.into_iter().try_for_each(|edit| self.apply(edit))
    }

    fn service(&self, id: &NodeId) -> Option<Service> {
        self.now.topology.node(id).and_then(Node::service).cloned()
    }

    fn module(&self, name: &ModuleName) -> Result<&'a Module, Problem> {
        self.before.topology.module(name).ok_or_else(|| super::missing("module", name.as_str()))
    }

    /// Moves sessions out of the process that the module leaves, if it touches them. Answers with where they then are.
    fn share_sessions(&mut self, module: &ModuleName, from: &NodeId, parting: Parting) -> Result<Sessions, Problem> {
        let touches = touches_sessions(&self.before.topology, self.module(module)?);
        let in_memory = |service: &Service| service.sessions == Sessions::Memory;
        if touches && parting == Parting::Shared && self.service(from).as_ref().is_some_and(in_memory) {
            self.apply_all(set_sessions_with_store(&self.now, from)?)?;
        }
        Ok(self.service(from).map(|service| service.sessions).unwrap_or_default())
    }

    /// Lets the service that takes the module in keep sessions where the module's are.
    fn meet_sessions(
        &mut self,
        module: &ModuleName,
        from: &NodeId,
        to: &NodeId,
        sessions: Sessions,
        parting: Parting,
    ) -> Result<(), Problem> {
        let touches = touches_sessions(&self.before.topology, self.module(module)?);
        if !touches || parting == Parting::Split || sessions == Sessions::Memory {
            return Ok(());
        }
        let topology = &self.now.topology;
        let id = |node: Option<&Node>| node.map(|node| node.id.clone());
        let theirs = topology.store_of(from);
        // A database counts only beside another: a cache comes before it.
        let is_database = |node: &Node| node.database().is_some();
        let of_their_kind = |ours: &&Node| theirs.is_some_and(is_database) || !is_database(ours);
        let (theirs, ours) = (id(theirs), id(topology.possible_store_of(to).filter(of_their_kind)));
        match (&theirs, &ours) {
            (Some(theirs), Some(ours)) if theirs != ours => {
                let message = format!("{module} finds its sessions in {theirs}, and {to} keeps its own in {ours}");
                return Err(Problem::error(to.as_str(), message).advise(format!("link {to} to {theirs} alone first")));
            }
            (Some(store), None) => self.link(to.clone(), store.clone())?,
            (Some(_) | None, _) => {}
        }
        if self.service(to).is_some_and(|service| service.sessions != sessions) {
            let (node, key) = (to.clone(), "sessions".to_owned());
            self.apply(Edit::Set { node, key, value: sessions.to_string() })?;
        }
        Ok(())
    }

    /// Refuses where the module would find other data than its own.
    fn meet_data(&self, module: &ModuleName, from: &NodeId, to: &NodeId) -> Result<(), Problem> {
        let topology = &self.now.topology;
        if !keeps_data(self.module(module)?) {
            return Ok(());
        }
        match (topology.database_of(from), topology.database_of(to)) {
            (Some(theirs), Some(ours)) if theirs.id != ours.id => {
                let message = format!("{module} keeps its data in {}, and {to} uses {}", theirs.id, ours.id);
                let advice = "a service has one database: give the module a service of its own";
                Err(Problem::error(to.as_str(), message).advise(advice))
            }
            _ => Ok(()),
        }
    }

    /// The new host has the module already: takes it out of the old one, and brings the links in line.
    fn hand_over(&mut self, module: &ModuleName, from: &NodeId, to: &NodeId) -> Result<(), Problem> {
        let mut settings = self.service(from).ok_or_else(|| super::missing("service", from.as_str()))?;
        settings.modules.retain(|name| name != module);
        let is_empty = settings.modules.is_empty();
        self.apply(Edit::SetRole { node: from.clone(), role: Role::Service(settings) })?;
        self.link_stores(module, from, to)?;
        self.link_callers(module, from, to)?;
        if is_empty {
            let step = remove(&self.now, &BTreeSet::from([Item::Node(from.clone())]), false);
            self.apply_all(step)?;
        }
        let after = used_links(&self.now.topology);
        let unused = used_links(&self.before.topology).into_iter().filter(|link| !after.contains(link));
        for link in unused.collect::<Vec<_>>() {
            if self.now.topology.has_link(&link) {
                self.apply(Edit::RemoveLink(link))?;
            }
        }
        Ok(())
    }

    /// Links the new host to what the module keeps its sessions and data in.
    fn link_stores(&mut self, module: &ModuleName, from: &NodeId, to: &NodeId) -> Result<(), Problem> {
        let topology = &self.now.topology;
        let known = self.module(module)?;
        let sessions = self.service(to).map(|service| service.sessions).unwrap_or_default();
        let shares = touches_sessions(topology, known) && sessions != Sessions::Memory;
        let store = topology.store_of(from).filter(|_| shares);
        let database = topology.database_of(from).filter(|_| keeps_data(known));
        let stores: Vec<NodeId> = [store, database].into_iter().flatten().map(|node| node.id.clone()).collect();
        stores.into_iter().try_for_each(|store| self.link(to.clone(), store))
    }

    /// Gives every request that had a way to the module, or from it, a way again: as before through a gateway where it
    /// went through one.
    fn link_callers(&mut self, module: &ModuleName, from: &NodeId, to: &NodeId) -> Result<(), Problem> {
        let moved = calls(self.module(module)?);
        let mut links = Vec::new();
        let topology = &self.now.topology;
        for caller in topology.nodes() {
            for needed in needs(topology, caller) {
                if topology.route(&caller.id, &needed).is_some() {
                    continue;
                }
                let Some(host) = topology.host(&needed).map(|host| host.id.clone()) else { continue };
                let came_with_module = caller.id == *to && moved.contains(&needed);
                let origin = if came_with_module { from } else { &caller.id };
                let before = &self.before.topology;
                let was_inside = before.node(origin).is_some_and(|node| node.modules().contains(&needed));
                let way = before.route(origin, &needed).filter(|_| !was_inside);
                links.extend(match way.filter(|node| node.gateway().is_some()) {
                    Some(gateway) if origin == &caller.id => Some((gateway.id.clone(), host)),
                    Some(gateway) => Some((caller.id.clone(), gateway.id.clone())),
                    // What had no way before is a problem of its own.
                    None => (was_inside || way.is_some()).then(|| (caller.id.clone(), host)),
                });
            }
        }
        links.into_iter().try_for_each(|(from, to)| self.link(from, to))
    }

    /// Draws a link unless it is there.
    fn link(&mut self, from: NodeId, to: NodeId) -> Result<(), Problem> {
        let link = Link { from, to };
        if self.now.topology.has_link(&link.id()) {
            return Ok(());
        }
        super::connect::may_link(&self.now, &link)?;
        self.apply(Edit::AddLink { link, position: None })
    }
}

#[cfg(test)]
mod tests;
