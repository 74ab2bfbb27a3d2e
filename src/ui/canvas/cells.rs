//! Cells: selecting a replica, and seeing who lives in it.

use egui::{Role, Sense, Ui, WidgetInfo};

use super::interact::Pointed;
use super::{Ground, context, touch};
use crate::scene::words::count;
use crate::scene::{Card, Cell, cells};
use crate::topology::edit::Item;
use crate::ui::action::Action;
use crate::ui::command::Spot;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// Reads clicks on the cells of a card.
pub(super) fn read(
    ui: &Ui,
    ground: &Ground<'_>,
    card: &Card,
    inputs: &Inputs<'_>,
    view: &mut View,
    pointed: &mut Option<Pointed>,
    actions: &mut Vec<Action>,
) {
    for (slot, place) in &card.cells {
        let rect = ground.rect(place);
        if !ground.sees(rect) {
            continue;
        }
        let response = ui.interact(rect.intersect(ground.frame), ui.scope_id().with(("cell", slot)), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("replica {slot}"));
            info.current_text_value = Some(spoken(&inputs.picture.cell(slot), inputs));
            info
        });
        if touch::is_at_rest(&response) {
            continue;
        }
        // Also while the pointer is on one of its buttons: who lives here is what one wants to know before a kill.
        if response.contains_pointer() || response.has_focus() {
            *pointed = Some(Pointed::Cell(slot.clone()));
        }
        if response.secondary_clicked()
            && let Some(at) = response.interact_pointer_pos()
        {
            // While nothing runs, nothing can be done to a replica, and what is meant is its node.
            let is_node = view.build && !ground.inputs.is_running();
            let node = Item::Node(slot.node.clone());
            context::open(if is_node { Spot::Item(node) } else { Spot::Replica(slot.clone()) }, at, view);
        }
        let modifiers = ui.input(|input| input.modifiers);
        if response.clicked() && view.build && (modifiers.shift || modifiers.command) {
            // What is collected are nodes.
            let node = Item::Node(slot.node.clone());
            actions.push(Action::Select(view.selection.toggled(node)));
        } else if response.clicked() {
            let cell = Selection::Cell(slot.clone());
            actions.push(Action::Select(touch::part(ground, view, &slot.node, cell)));
        }
    }
}

/// A cell in words, for those who do not see it.
fn spoken(cell: &Cell, inputs: &Inputs<'_>) -> String {
    let topology = &inputs.preset.topology;
    let mut words = vec![cell.state.word().to_owned(), format!("life {}", cell.life)];
    let is_keeper = topology.node(&cell.slot.node).is_some_and(|node| cells::keeps_sessions(topology, node));
    if is_keeper || !cell.marks.is_empty() {
        words.push(count(cell.marks.len() as u64, "session"));
    }
    let tables = cells::state_of(&cell.slot, inputs.shown).map(cells::tables).unwrap_or_default();
    words.extend((!tables.is_empty()).then(|| format!("rows: {tables}")));
    words.join(", ")
}
