//! The buttons of cells: one click each, on the cell itself. What they are changes with the states of replicas,
//! so both are kept from frame to frame; only the one under the pointer is drawn anew.

use egui::{Rect, Role, Sense, Shape, Stroke, Vec2, WidgetInfo, pos2};

use super::Ground;
use super::cut::Cutter;
use super::round;
use crate::control::snapshot::Phase;
use crate::scene::draw::icons::Icon;
use crate::scene::lesson::Control;
use crate::scene::{Cell, CellState};
use crate::topology::{Act, Slot, Target};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::icons;
use crate::ui::lesson;
use crate::ui::time::PAST;

/// The side of a button, in world units.
const SIDE: f32 = 26.0;

/// The buttons in sight.
#[derive(Debug, Default)]
pub(super) struct Buttons {
    list: Vec<Button>,
    /// What they look like at rest.
    faces: Vec<Shape>,
    /// Whether any replica may be in another state since.
    is_old: bool,
}

/// One button: where it is on the screen, and what it does.
#[derive(Debug, Clone, PartialEq)]
struct Button {
    place: Rect,
    icon: Icon,
    name: String,
    tip: &'static str,
    act: Act,
    slot: Slot,
}

impl Buttons {
    /// Replicas are in other states, or elsewhere: others may be needed.
    pub(super) fn age(&mut self) {
        self.is_old = true;
    }

    /// The buttons of this moment, the faces being those of before where nothing has become another one.
    fn of(ground: &Ground<'_>, before: Option<Self>) -> Self {
        let before = match before {
            Some(known) if !known.is_old => return known,
            Some(_) | None => before.unwrap_or_default(),
        };
        let list = list(ground);
        if list == before.list {
            return Self { is_old: false, ..before };
        }
        let faces = list.iter().flat_map(|button| button.face(ground, false)).collect();
        Self { list, faces: Cutter::new(ground.painter.ctx()).cut(faces), is_old: false }
    }
}

/// Draws the buttons and reads what is pressed.
pub(super) fn show(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if !matches!(ground.inputs.latest.phase, Phase::Starting | Phase::Running) {
        return;
    }
    let buttons = Buttons::of(ground, view.kept.buttons.take());
    ground.painter.extend(buttons.faces.iter().cloned());
    for button in &buttons.list {
        let pressed = button.read(ground);
        if !pressed && ground.inputs.strip.highlight.is_none() {
            continue;
        }
        let control = Control::Act { act: button.act.clone(), on: Target::Slot(button.slot.clone()) };
        lesson::ring_if(ground.ui, ground.inputs.strip, &control, button.place);
        if let (true, Control::Act { act, on }) = (pressed, control) {
            actions.push(Action::Act { act, on });
        }
    }
    view.kept.buttons = Some(buttons);
}

/// The buttons of all cells in sight.
fn list(ground: &Ground<'_>) -> Vec<Button> {
    let picture = ground.inputs.picture;
    let cards = ground.inputs.stage.cards_in(ground.seen()).filter(|card| !card.compact);
    let cells = cards.flat_map(|card| &card.cells).map(|(slot, place)| (slot, ground.rect(place)));
    // What was scaled in has nothing that could be pressed.
    let there = cells.filter(|(slot, rect)| ground.sees(*rect) && picture.state(slot).is_some());
    let buttons = there.flat_map(|(slot, rect)| of_cell(ground, rect, &picture.cell(slot)));
    buttons.filter(|button| ground.frame.contains(button.place.center())).collect()
}

/// The buttons of a cell, from the right to the left.
fn of_cell(ground: &Ground<'_>, rect: Rect, cell: &Cell) -> Vec<Button> {
    let slot = &cell.slot;
    let mut right = rect.right() - ground.len(6.0);
    let mut button = |icon, name: String, act, tip| {
        let size = Vec2::splat(ground.len(SIDE));
        let place = Rect::from_min_size(pos2(right - size.x, rect.top() + ground.len(4.0)), size);
        right = place.left() - ground.len(4.0);
        Button { place, icon, name, tip, act, slot: slot.clone() }
    };
    if cell.state.is_gone() {
        let tip = "Start the next life now, without waiting for its time";
        return vec![button(Icon::Around, format!("Restart {slot} now"), Act::Restart, tip)];
    }
    if !cell.state.has_process() {
        return Vec::new();
    }
    let kill = button(Icon::Bolt, format!("Kill {slot}"), Act::Kill, "Pull the plug: SIGKILL, nothing is saved");
    let other = if cell.state == CellState::Paused {
        button(Icon::Triangle, format!("Resume {slot}"), Act::Resume, "Let it go on: SIGCONT")
    } else {
        button(Icon::Bars, format!("Pause {slot}"), Act::Pause, "Freeze it where it stands: SIGSTOP")
    };
    vec![kill, other]
}

impl Button {
    /// Whether it was pressed in this frame.
    fn read(&self, ground: &Ground<'_>) -> bool {
        let ui = ground.ui;
        let response = ui.interact(self.place, ui.scope_id().with(("act", &self.name)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &self.name));
        let clicked = response.clicked();
        if response.hovered() || response.has_focus() {
            ground.painter.extend(self.face(ground, true));
            // Pressed all the same, the app says the reason, too.
            let tip = ground.inputs.moment.again.map_or(self.tip, |_| PAST);
            response.on_hover_text(format!("{}\n{tip}", self.name));
        }
        clicked
    }

    /// What it looks like; `lit`: under the pointer, or with the keyboard's focus.
    fn face(&self, ground: &Ground<'_>, lit: bool) -> Vec<Shape> {
        let palette = ground.palette;
        let danger = self.icon == Icon::Bolt;
        let (fill, colour) = match (lit, danger) {
            (true, true) => (palette.failed, palette.card),
            (true, false) => (palette.accent, palette.on_accent),
            (false, true) => (palette.card, palette.failed),
            (false, false) => (palette.card, palette.text),
        };
        let edge = Stroke::new(ground.len(1.0).max(0.75), if lit { colour } else { palette.line_strong });
        let face = round::face(&ground.painter, self.place, ground.len(6.0), fill, edge);
        let icon = Rect::from_center_size(self.place.center(), Vec2::splat(ground.len(SIDE * 0.56)));
        let mut shapes = vec![face];
        shapes.extend(icons::shapes(&ground.painter, self.icon, icon, colour));
        shapes
    }
}
