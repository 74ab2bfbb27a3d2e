//! Links that are missing or lead the wrong way.

use super::{Edit, Fix, link, right_of};
use crate::topology::edit::{connect, connect_to_new};
use crate::topology::{Link, LinkId, NodeId, Preset, RoleKind};

/// The ways to let requests of a node reach a service: by a gateway that it is linked to, by one that leads there, or
/// straight.
pub(super) fn draw(preset: &Preset, from: &NodeId, to: &NodeId) -> Vec<Fix> {
    let topology = &preset.topology;
    let gateways = |nodes: Vec<&crate::topology::Node>| -> Vec<NodeId> {
        nodes.into_iter().filter(|node| node.gateway().is_some()).map(|node| node.id.clone()).collect()
    };
    let straight = link(preset, from, to);
    let linked = gateways(topology.downstream(from)).into_iter().filter_map(|gateway| link(preset, &gateway, to));
    let leading = gateways(topology.upstream(to)).into_iter().filter_map(|gateway| link(preset, from, &gateway));
    let by_gateway = linked.chain(leading);
    // Users come through the gateway; services call each other.
    if topology.node(from).is_some_and(|node| node.users().is_some()) {
        by_gateway.chain(straight).collect()
    } else {
        straight.into_iter().chain(by_gateway).collect()
    }
}

/// Services that a gateway could lead to; a new one when there is none.
pub(super) fn lead(preset: &Preset, gateway: &NodeId) -> Vec<Fix> {
    let services = preset.topology.nodes().filter(|node| node.service().is_some_and(|known| !known.modules.is_empty()));
    let fixes: Vec<Fix> = services.filter_map(|service| link(preset, gateway, &service.id)).collect();
    if !fixes.is_empty() {
        return fixes;
    }
    let new = connect_to_new(preset, gateway, true, RoleKind::Service, right_of(preset, gateway));
    new.ok().map(|(id, step)| Fix::of(format!("Add {id} behind {gateway}"), step)).into_iter().collect()
}

/// A database of the service's own; else one that is there already.
pub(super) fn database(preset: &Preset, service: &NodeId) -> Vec<Fix> {
    let new = connect_to_new(preset, service, true, RoleKind::Database, right_of(preset, service));
    let new = new.ok().map(|(_, step)| Fix::of("Link a database", step));
    let others = preset.topology.nodes().filter(|node| node.database().is_some());
    new.into_iter().chain(others.filter_map(|other| link(preset, service, &other.id))).collect()
}

/// A link of roles that cannot be linked: the other way round if that can be, or not at all.
pub(super) fn turn_around(preset: &Preset, id: &LinkId) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let position = preset.topology.links().position(|link| link.id() == *id);
    if connect(preset, &id.to, &id.from).is_ok() {
        let turned = Link { from: id.to.clone(), to: id.from.clone() };
        let edits = vec![Edit::RemoveLink(id.clone()), Edit::AddLink { link: turned, position }];
        fixes.push(Fix::new(format!("Turn the link {id} around"), edits));
    }
    fixes.push(Fix::new(format!("Remove the link {id}"), vec![Edit::RemoveLink(id.clone())]));
    fixes
}
