//! Where a problem is in the drawing, and the edits that mend it.

use egui::{Pos2, Rect, pos2, vec2};

use crate::topology::edit::{Item, Step};
use crate::topology::{Preset, Problem};
use crate::ui::{Inputs, View};

/// The node that a problem is about, by the keys that lead to it: `node[2].replicas`, `layout.shop`, or of a module the
/// service that hosts it.
pub(crate) fn item(preset: &Preset, problem: &Problem) -> Option<Item> {
    let first = problem.path.split('.').next()?;
    let topology = &preset.topology;
    if let Some(at) = index(first, "node") {
        return topology.nodes().nth(at).map(|node| Item::Node(node.id.clone()));
    }
    if let Some(at) = index(first, "link") {
        return topology.links().nth(at).map(|link| Item::Link(link.id()));
    }
    if let Some(at) = index(first, "module") {
        let module = topology.modules.get(at)?;
        return topology.host(&module.name).map(|node| Item::Node(node.id.clone()));
    }
    let id = problem.path.strip_prefix("layout.")?.parse().ok()?;
    topology.node(&id).map(|node| Item::Node(node.id.clone()))
}

/// The number in `name[number]`.
fn index(key: &str, name: &str) -> Option<usize> {
    key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// Where the badge goes: the upper right corner of a card, the middle of a link.
pub(super) fn corner(inputs: &Inputs<'_>, view: &View, canvas: Rect, problem: &Problem) -> Option<Pos2> {
    let to = view.camera.transform(canvas);
    let card = |node| inputs.stage.card(node).map(|card| to.rect(&card.rect));
    match item(inputs.preset, problem)? {
        Item::Node(node) => card(&node).map(|rect| rect.right_top() + vec2(-4.0, 2.0)),
        Item::Link(link) => {
            let (from, to) = (card(&link.from)?.right_center(), card(&link.to)?.left_center());
            Some(pos2((from.x + to.x) / 2.0, (from.y + to.y) / 2.0))
        }
        Item::Group(_) | Item::Note(_) => None,
    }
}

/// The edits that mend a problem, each a click.
pub(super) fn fixes(_inputs: &Inputs<'_>, _problem: &Problem) -> Vec<Step> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{builtin, format};

    #[test]
    fn a_problem_is_found_by_the_keys_that_lead_to_it() {
        let preset = format::read(builtin::by_name("sticky-sessions").unwrap().text).unwrap().into_preset();
        let at = |path: &str| item(&preset, &Problem::error(path, "wrong")).map(|item| item.to_string());
        let second = preset.topology.nodes().nth(1).unwrap().id.to_string();
        assert_eq!(at("node[1].replicas"), Some(second.clone()));
        assert_eq!(at(&format!("layout.{second}")), Some(second));
        assert_eq!(at("module[0].operation[0]"), Some("shop".to_owned()));
        for nowhere in ["", "node[99]", "node[x]", "run.duration", "layout.nobody"] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }
}
