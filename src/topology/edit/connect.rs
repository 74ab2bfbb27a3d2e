//! Drawing links: between two nodes, from a node to one that is created at the link's free end, and taking an end of a
//! link elsewhere.

use super::add::add_node;
use super::{Edit, Step};
use crate::topology::{Link, LinkId, NodeId, Preset, Problem, RoleKind};

/// An end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// Where requests leave.
    From,
    /// Where they arrive.
    To,
}

/// The step that links two nodes.
///
/// # Errors
/// When they cannot be linked; says why, and what to do.
pub fn connect(preset: &Preset, from: &NodeId, to: &NodeId) -> Result<Step, Problem> {
    let link = Link { from: from.clone(), to: to.clone() };
    may_link(preset, &link)?;
    Ok(Step::new(format!("link {from} to {to}"), vec![Edit::AddLink { link, position: None }]))
}

/// Whether two nodes can be linked, without the reason why not.
pub fn can_connect(preset: &Preset, from: &NodeId, to: &NodeId) -> bool {
    let (Some(sender), Some(receiver)) = (preset.topology.node(from), preset.topology.node(to)) else { return false };
    from != to
        && sender.role.kind().cannot_send_to(receiver.role.kind()).is_none()
        && !preset.topology.has_link(&LinkId { from: from.clone(), to: to.clone() })
}

/// The step that takes one end of a link to another node. The link keeps its place among the links.
///
/// # Errors
/// When there is no such link, or these nodes cannot be linked.
pub fn reattach(preset: &Preset, link: &LinkId, end: End, node: &NodeId) -> Result<Step, Problem> {
    let position = preset.topology.links().position(|known| known.id() == *link);
    let position = position.ok_or_else(|| super::missing("link", &link.to_string()))?;
    let new = match end {
        End::From => Link { from: node.clone(), to: link.to.clone() },
        End::To => Link { from: link.from.clone(), to: node.clone() },
    };
    let label = format!("link {} to {}", new.from, new.to);
    if new.id() == *link {
        return Ok(Step::new(label, Vec::new()));
    }
    may_link(preset, &new)?;
    let edits = vec![Edit::RemoveLink(link.clone()), Edit::AddLink { link: new, position: Some(position) }];
    Ok(Step::new(label, edits))
}

/// What kinds of node could stand at the free end of a link that is dragged into empty space: forwards, requests of
/// `node` would go there; backwards, they would come from there. Empty when there is no such node.
pub fn fits(preset: &Preset, node: &NodeId, forwards: bool) -> Vec<RoleKind> {
    let Some(node) = preset.topology.node(node) else { return Vec::new() };
    let own = node.role.kind();
    let fits = |kind: &RoleKind| {
        let (from, to) = if forwards { (own, *kind) } else { (*kind, own) };
        from.cannot_send_to(to).is_none()
    };
    RoleKind::ALL.into_iter().filter(fits).collect()
}

/// What kinds of node could be dropped onto a link, to stand between its ends.
pub fn fits_on(preset: &Preset, link: &LinkId) -> Vec<RoleKind> {
    let after = fits(preset, &link.from, true);
    fits(preset, &link.to, false).into_iter().filter(|kind| after.contains(kind)).collect()
}

/// The id of the new node, and the step that creates it at the free end of a link dragged from `node`.
///
/// # Errors
/// When there is no such node, or a node of this kind does not fit there: see [`fits`].
pub fn connect_to_new(
    preset: &Preset,
    node: &NodeId,
    forwards: bool,
    kind: RoleKind,
    at: [f32; 2],
) -> Result<(NodeId, Step), Problem> {
    let own = preset.topology.node(node).ok_or_else(|| super::missing("node", node.as_str()))?.role.kind();
    let (id, mut step) = add_node(preset, kind, at);
    let (link, roles) = if forwards {
        (Link { from: node.clone(), to: id.clone() }, (own, kind))
    } else {
        (Link { from: id.clone(), to: node.clone() }, (kind, own))
    };
    roles_fit(&link, roles.0, roles.1)?;
    step.label = format!("add {id}, linked {} {node}", if forwards { "from" } else { "to" });
    step.edits.push(Edit::AddLink { link, position: None });
    Ok((id, step))
}

/// Whether the link can be drawn; says why not.
pub(super) fn may_link(preset: &Preset, link: &Link) -> Result<(), Problem> {
    let kind = |id: &NodeId| {
        let node = preset.topology.node(id).ok_or_else(|| super::missing("node", id.as_str()))?;
        Ok(node.role.kind())
    };
    let (from, to) = (kind(&link.from)?, kind(&link.to)?);
    let id = link.id().to_string();
    if link.from == link.to {
        let problem = Problem::error(id, format!("{} cannot be linked to itself", link.from));
        return Err(problem.advise("drop the link on another node"));
    }
    if preset.topology.has_link(&link.id()) {
        let problem = Problem::error(id, format!("{} is linked to {} already", link.from, link.to));
        return Err(problem.advise("one link carries all requests between two nodes"));
    }
    roles_fit(link, from, to)
}

fn roles_fit(link: &Link, from: RoleKind, to: RoleKind) -> Result<(), Problem> {
    let Some(advice) = from.cannot_send_to(to) else { return Ok(()) };
    let message = format!("{} cannot be linked to {}: {} do not send to {}", link.from, link.to, many(from), many(to));
    Err(Problem::error(link.id().to_string(), message).advise(advice))
}

/// Several nodes of a kind, in words.
const fn many(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Users => "users",
        RoleKind::Gateway => "gateways",
        RoleKind::Service => "services",
        RoleKind::Cache => "caches",
        RoleKind::Database => "databases",
        RoleKind::Program => "programs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::builtin;
    use crate::topology::edit::History;
    use crate::topology::format::read;

    fn store() -> Preset {
        read(builtin::by_name("shared-session-store").unwrap().text).unwrap().into_preset()
    }

    fn id(text: &str) -> NodeId {
        text.parse().unwrap()
    }

    #[test]
    fn what_cannot_be_linked_says_why_and_what_to_do() {
        let told = |from: &str, to: &str| connect(&store(), &id(from), &id(to)).unwrap_err().to_string();
        assert!(told("gate", "shop").contains("linked to shop already"));
        assert!(told("shop", "shop").contains("itself"));
        assert!(told("gate", "sessions").contains("gateways do not send to caches; link the services"));
        assert!(told("shop", "shoppers").contains("turn the link around"));
        assert!(told("shop", "nobody").contains("no node"));
        assert_eq!(connect(&store(), &id("shoppers"), &id("shop")).unwrap().label, "link shoppers to shop");
    }

    #[test]
    fn what_can_be_linked_is_what_has_a_step() {
        let preset = store();
        let nobody = id("nobody");
        let ids = || preset.topology.nodes().map(|node| &node.id).chain([&nobody]);
        for (from, to) in ids().flat_map(|from| ids().map(move |to| (from, to))) {
            assert_eq!(can_connect(&preset, from, to), connect(&preset, from, to).is_ok(), "{from} {to}");
        }
    }

    #[test]
    fn an_end_of_a_link_goes_elsewhere_and_the_link_keeps_its_place() {
        let mut preset = store();
        let link = "shoppers->gate".parse().unwrap();
        let step = reattach(&preset, &link, End::To, &id("shop")).unwrap();
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!(preset.topology.links().next().unwrap().id().to_string(), "shoppers->shop");
        assert_eq!(reattach(&store(), &link, End::To, &id("gate")).unwrap().edits, []);
        assert!(reattach(&store(), &link, End::To, &id("sessions")).is_err());
        assert!(reattach(&preset, &link, End::To, &id("shop")).is_err(), "that link is gone");
    }

    #[test]
    fn what_fits_at_the_free_end_can_be_created_there_and_nothing_else() {
        let preset = store();
        for forwards in [true, false] {
            for node in preset.topology.nodes() {
                let fits = fits(&preset, &node.id, forwards);
                for kind in RoleKind::ALL {
                    let created = connect_to_new(&preset, &node.id, forwards, kind, [0.0, 0.0]);
                    assert_eq!(created.is_ok(), fits.contains(&kind), "{} {forwards} {kind:?}", node.id);
                    let Ok((_, step)) = created else { continue };
                    History::default().apply(&mut preset.clone(), step).unwrap();
                }
            }
        }
        assert_eq!(fits_on(&preset, &"shoppers->gate".parse().unwrap()), [RoleKind::Service, RoleKind::Program]);
    }
}
