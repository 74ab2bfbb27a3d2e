//! What a hand has just made or put here is brought into sight where some of it would be beyond the canvas's edge or below
//! the legend: by the shortest way, and without another zoom.

use super::Ground;
use crate::topology::edit::Item;
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::sight;

/// Looks whether one of these actions selects what is not drawn yet: it is being made.
pub(super) fn watch(ground: &Ground<'_>, actions: &[Action], view: &mut View) {
    for action in actions {
        let Action::Select(selection) = action else { continue };
        // A link is seen where its ends are, wherever the other one is.
        let has_place = |item: &&Item| !matches!(item, Item::Link(_));
        if selection.items().filter(has_place).any(|item| sight::place_of(ground.inputs, item).is_none()) {
            view.hand.made = Some(selection.clone());
        }
    }
}

/// Brings it into sight once it is drawn; forgets it when something else is selected meanwhile.
pub(super) fn show(ground: &Ground<'_>, view: &mut View) {
    let Some(made) = view.hand.made.take() else { return };
    let is_drawn = |selection: &Selection| selection.items().all(|item| sight::place_of(ground.inputs, item).is_some());
    if !is_drawn(&made) {
        view.hand.made = Some(made).filter(|made| view.selection == *made);
    } else if view.selection == made {
        view.pan_into_sight(ground.ui.ctx(), ground.inputs);
    }
}
