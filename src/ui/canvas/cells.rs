//! Cells: selecting a replica, seeing who lives in it, and its buttons: one click each, on the cell itself.

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::interact::Pointed;
use super::{Ground, context};
use crate::control::snapshot::Phase;
use crate::scene::draw::icons::Icon;
use crate::scene::lesson::Control;
use crate::scene::words::count;
use crate::scene::{Card, Cell, CellState, cells};
use crate::topology::edit::Item;
use crate::topology::{Act, Target};
use crate::ui::action::Action;
use crate::ui::command::Spot;
use crate::ui::icons;
use crate::ui::lesson;
use crate::ui::selection::Selection;
use crate::ui::time::PAST;
use crate::ui::{Inputs, View};

/// The side of a cell's button, in world units.
const BUTTON: f32 = 26.0;

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
        let cell = inputs.picture.cell(slot);
        let response = ui.interact(rect.intersect(ground.frame), ui.scope_id().with(("cell", slot)), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("replica {slot}"));
            info.current_text_value = Some(spoken(&cell, inputs));
            info
        });
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
            actions.push(Action::Select(Selection::Cell(slot.clone())));
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

/// Draws and reads the buttons of a card's cells.
pub(super) fn buttons(ui: &Ui, ground: &Ground<'_>, card: &Card, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    if card.compact || !matches!(inputs.latest.phase, Phase::Starting | Phase::Running) {
        return;
    }
    for (slot, place) in &card.cells {
        let rect = ground.rect(place);
        // What was scaled in has nothing that could be pressed.
        if ground.sees(rect) && inputs.picture.state(slot).is_some() {
            of_cell(ui, ground, rect, &inputs.picture.cell(slot), inputs, actions);
        }
    }
}

fn of_cell(ui: &Ui, ground: &Ground<'_>, rect: Rect, cell: &Cell, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let slot = &cell.slot;
    let mut right = rect.right() - ground.len(6.0);
    let mut press = |face: Face<'_>, act: Act| {
        let size = vec2(ground.len(BUTTON), ground.len(BUTTON));
        let place = Rect::from_min_size(pos2(right - size.x, rect.top() + ground.len(4.0)), size);
        right = place.left() - ground.len(4.0);
        let pressed = button(ui, ground, place, &face);
        let control = Control::Act { act, on: Target::Slot(slot.clone()) };
        lesson::ring_if(ui, inputs.strip, &control, place);
        if let (true, Control::Act { act, on }) = (pressed, control) {
            actions.push(Action::Act { act, on });
        }
    };
    // Pressed all the same, the app says the reason, too.
    let refused = inputs.moment.again.map(|_| PAST);
    let face = |icon, name: String, tip| Face { icon, name, tip: refused.unwrap_or(tip) };
    if cell.state.is_gone() {
        let tip = "Start the next life now, without waiting for its time";
        press(face(Icon::Around, format!("Restart {slot} now"), tip), Act::Restart);
    } else if cell.state.has_process() {
        let tip = "Pull the plug: SIGKILL, nothing is saved";
        press(face(Icon::Bolt, format!("Kill {slot}"), tip), Act::Kill);
        if cell.state == CellState::Paused {
            press(face(Icon::Triangle, format!("Resume {slot}"), "Let it go on: SIGCONT"), Act::Resume);
        } else {
            let tip = "Freeze it where it stands: SIGSTOP";
            press(face(Icon::Bars, format!("Pause {slot}"), tip), Act::Pause);
        }
    }
}

/// What a button shows and says.
struct Face<'a> {
    icon: Icon,
    name: String,
    tip: &'a str,
}

fn button(ui: &Ui, ground: &Ground<'_>, rect: Rect, face: &Face<'_>) -> bool {
    let (palette, painter) = (ground.palette, &ground.painter);
    if !ground.frame.contains(rect.center()) {
        return false;
    }
    let response = ui.interact(rect, ui.scope_id().with(("act", &face.name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &face.name));
    let danger = face.icon == Icon::Bolt;
    let lit = response.hovered() || response.has_focus();
    let (ground_colour, colour) = match (lit, danger) {
        (true, true) => (palette.failed, palette.card),
        (true, false) => (palette.accent, palette.on_accent),
        (false, true) => (palette.card, palette.failed),
        (false, false) => (palette.card, palette.text),
    };
    let edge = egui::Stroke::new(ground.len(1.0).max(0.75), if lit { colour } else { palette.line_strong });
    painter.rect(rect, ground.len(6.0), ground_colour, edge, egui::StrokeKind::Inside);
    let side = ground.len(BUTTON * 0.56);
    icons::draw(painter, face.icon, Rect::from_center_size(rect.center(), vec2(side, side)), colour);
    response.on_hover_text(format!("{}\n{}", face.name, face.tip)).clicked()
}
