//! Adding nodes: dropped on the canvas, or onto a link.

use super::free::FreeNames;
use super::place::within_canvas;
use super::{Edit, Step, starter};
use crate::topology::{Link, LinkId, Node, NodeId, Preset, Problem, Role, RoleKind};

/// The id that the node gets, and the step that adds a node of this kind with its upper left corner there.
///
/// A service hosts all modules that nobody hosts yet, and users get a journey over what the software can do to a
/// session; in a drawing without modules both bring those of a new drawing along. So users, a gateway and a service that
/// are drawn from nothing and linked can run.
pub fn add_node(preset: &Preset, kind: RoleKind, at: [f32; 2]) -> (NodeId, Step) {
    let mut names = FreeNames::but(preset.topology.nodes().map(|node| node.id.as_str()));
    // The name of a kind is an id.
    let id: NodeId = names.take(kind.name()).unwrap_or_else(NodeId::unnamed);
    let mut edits = Vec::new();
    let mut role = kind.role();
    let modules = starter::modules(preset);
    match &mut role {
        Role::Service(service) => service.modules = starter::unhosted(&preset.topology, &modules),
        Role::Users(users) => *users = starter::users(&modules),
        Role::Gateway(_) | Role::Cache(_) | Role::Database(_) | Role::Program(_) => {}
    }
    if preset.topology.modules.is_empty() && matches!(kind, RoleKind::Service | RoleKind::Users) {
        edits.push(Edit::SetModules(modules));
    }
    edits.push(Edit::AddNode { node: Node { id: id.clone(), role }, position: None, at: within_canvas(at) });
    let label = format!("add {id}");
    (id, Step::new(label, edits))
}

/// The id of the new node, and the step that puts a node of this kind between the two ends of a link.
///
/// # Errors
/// When there is no such link, or a node of this kind does not fit between.
pub fn insert_on_link(preset: &Preset, link: &LinkId, kind: RoleKind, at: [f32; 2]) -> Result<(NodeId, Step), Problem> {
    let missing = || super::missing("link", &link.to_string());
    let position = preset.topology.links().position(|known| known.id() == *link).ok_or_else(missing)?;
    let role = |id: &NodeId| preset.topology.node(id).map(|node| node.role.kind()).ok_or_else(missing);
    let (from, to) = (role(&link.from)?, role(&link.to)?);
    if let Some(advice) = from.cannot_send_to(kind).or_else(|| kind.cannot_send_to(to)) {
        let message = format!("a {} node does not fit between {} and {}", kind.name(), link.from, link.to);
        return Err(Problem::error(link.to_string(), message).advise(advice));
    }
    let (id, mut step) = add_node(preset, kind, at);
    let before = Link { from: link.from.clone(), to: id.clone() };
    let after = Link { from: id.clone(), to: link.to.clone() };
    step.edits.extend([
        Edit::RemoveLink(link.clone()),
        Edit::AddLink { link: before, position: Some(position) },
        Edit::AddLink { link: after, position: Some(position + 1) },
    ]);
    step.label = format!("put {id} between {} and {}", link.from, link.to);
    Ok((id, step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::{History, connect};
    use crate::topology::validate::validate;

    fn done(preset: &mut Preset, step: Step) {
        History::default().apply(preset, step).unwrap();
    }

    #[test]
    fn users_gateway_and_service_drawn_from_nothing_have_no_problem() {
        let mut preset = Preset::default();
        for (index, kind) in [RoleKind::Users, RoleKind::Gateway, RoleKind::Service].into_iter().enumerate() {
            let (id, step) = add_node(&preset, kind, [index as f32 * 320.0, 0.0]);
            assert_eq!(id.as_str(), kind.name());
            done(&mut preset, step);
        }
        for (from, to) in [("users", "gateway"), ("gateway", "service")] {
            let step = connect(&preset, &from.parse().unwrap(), &to.parse().unwrap()).unwrap();
            done(&mut preset, step);
        }
        assert_eq!(validate(&preset), []);
        let (second, step) = add_node(&preset, RoleKind::Service, [0.0, 400.0]);
        done(&mut preset, step);
        assert_eq!(second.as_str(), "service-2");
        assert_eq!(preset.topology.node(&second).unwrap().service().unwrap().modules, []);
    }

    #[test]
    fn a_gateway_dropped_onto_a_link_goes_between() {
        let mut preset = Preset::default();
        for kind in [RoleKind::Users, RoleKind::Service] {
            let step = add_node(&preset, kind, [0.0, 0.0]).1;
            done(&mut preset, step);
        }
        let step = connect(&preset, &"users".parse().unwrap(), &"service".parse().unwrap()).unwrap();
        done(&mut preset, step);
        let link = "users->service".parse().unwrap();
        assert!(insert_on_link(&preset, &link, RoleKind::Cache, [0.0, 0.0]).is_err());
        let (_, step) = insert_on_link(&preset, &link, RoleKind::Gateway, [0.0, 0.0]).unwrap();
        done(&mut preset, step);
        let links: Vec<String> = preset.topology.links().map(|link| link.id().to_string()).collect();
        assert_eq!(links, ["users->gateway", "gateway->service"]);
        assert_eq!(validate(&preset), []);
    }
}
