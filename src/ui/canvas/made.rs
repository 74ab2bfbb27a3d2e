//! What a hand has just made or put here, or a fix has, is brought into sight where some of it would be beyond the canvas's
//! edge or below the legend: by the shortest way, and without another zoom.

use super::Ground;
use crate::topology::edit::{Edit, Item};
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View, sight};

/// Something that is not drawn yet.
#[derive(Debug)]
pub(super) struct Made {
    items: Selection,
    /// Whether it is selected too. If so, it is forgotten when something else is selected meanwhile.
    selected: bool,
}

/// Looks whether one of these actions makes something: selects what is not drawn yet, or adds nodes.
pub(super) fn watch(inputs: &Inputs<'_>, actions: &[Action], view: &mut View) {
    for action in actions {
        if let Action::Edit(step) = action {
            let added = |edit: &Edit| if let Edit::AddNode { node, .. } = edit { Some(node.id.clone()) } else { None };
            let items = Selection::of(step.edits.iter().filter_map(added).map(Item::Node).collect());
            if items != Selection::Nothing {
                view.hand.made = Some(Made { items, selected: false });
            }
        }
    }
    for action in actions {
        let Action::Select(items) = action else { continue };
        // A link is seen where its ends are, wherever the other one is.
        let has_place = |item: &&Item| !matches!(item, Item::Link(_));
        if items.items().filter(has_place).any(|item| sight::place_of(inputs, item).is_none()) {
            view.hand.made = Some(Made { items: items.clone(), selected: true });
        }
    }
}

/// Brings it into sight once it is drawn.
pub(super) fn show(ground: &Ground<'_>, view: &mut View) {
    let Some(made) = view.hand.made.take() else { return };
    let inputs = ground.inputs;
    if made.selected && view.selection != made.items {
        return;
    }
    if made.items.items().all(|item| sight::place_of(inputs, item).is_some()) {
        view.pan_into_sight(ground.ui.ctx(), inputs, &made.items);
    } else if made.selected || made.items.nodes().all(|node| inputs.preset.topology.node(node).is_some()) {
        // An edit that was refused has made nothing that could be waited for.
        view.hand.made = Some(made);
    }
}
