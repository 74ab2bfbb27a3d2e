//! Cells: a replica's slot, life, process and state, its sessions as numbered marks, and its buttons.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::brush::Brush;
use super::states;
use crate::control::snapshot::Phase;
use crate::scene::layout::{CELL_HEAD, MARK, marks_per_row};
use crate::scene::{Card, CardKind, Cell, CellState, Mark, cells};
use crate::topology::{Act, Node, Sessions, Target};
use crate::ui::action::Action;
use crate::ui::icons::{self, Icon};
use crate::ui::selection::Selection;
use crate::ui::theme::{CANVAS_SMALL, CANVAS_TEXT, MARK_TEXT};
use crate::ui::toolbar::count;
use crate::ui::{Inputs, View};

/// The side of a cell's button, in world units.
const BUTTON: f32 = 24.0;

/// Draws the cells of a card, and reads clicks on them.
pub(super) fn show(
    ui: &Ui,
    brush: &Brush<'_>,
    card: &Card,
    inputs: &Inputs<'_>,
    view: &View,
    actions: &mut Vec<Action>,
) {
    for (slot, place) in &card.cells {
        let rect = brush.rect(place);
        if !brush.sees(rect) {
            continue;
        }
        let cell = cells::cell(slot, inputs.shown);
        let response = ui.interact(rect.intersect(brush.frame), ui.scope_id().with(("cell", slot)), Sense::click());
        response.widget_info(|| {
            let name = format!("replica {slot}");
            let mut info = WidgetInfo::labeled(Role::Button, true, name);
            info.current_text_value = Some(spoken(&cell));
            info
        });
        if response.clicked() {
            actions.push(Action::Select(Selection::Cell(slot.clone())));
        }
        let selected = view.selection == Selection::Cell(slot.clone());
        states::frame(brush, rect, cell.state, selected, inputs.display_us);
        if card.compact {
            small(brush, rect, &cell);
        } else {
            full(brush, rect, place.size.w, &cell, kept(card, inputs));
        }
        if !card.compact {
            buttons(ui, brush, rect, &cell, inputs, actions);
        }
    }
}

/// A cell in words, for those who do not see it.
fn spoken(cell: &Cell) -> String {
    format!("{}, life {}, {} sessions", cell.state.word(), cell.life, cell.marks.len())
}

fn small(brush: &Brush<'_>, rect: Rect, cell: &Cell) {
    let at = rect.left_top() + vec2(brush.len(8.0), brush.len(4.0));
    brush.text(at, Align2::LEFT_TOP, &cell.slot, CANVAS_SMALL, brush.palette.text);
    let below = rect.left_bottom() + vec2(brush.len(8.0), -brush.len(4.0));
    let colour = states::word_colour(brush, cell.state);
    brush.text(below, Align2::LEFT_BOTTOM, cell.state.word(), CANVAS_SMALL, colour);
}

/// What a mark in a card's cells is: a session, or only its cart; `None` where there are no marks.
fn kept(card: &Card, inputs: &Inputs<'_>) -> Option<&'static str> {
    let topology = &inputs.preset.topology;
    let in_memory = |node: &Node| node.service().is_some_and(|service| service.sessions == Sessions::Memory);
    match card.kind {
        CardKind::Users | CardKind::Gateway => None,
        CardKind::Service => topology.node(&card.node).is_some_and(in_memory).then_some("session"),
        CardKind::Cache if cells::keeps_carts(topology, &card.node) => Some("cart"),
        CardKind::Cache => Some("session"),
    }
}

fn full(brush: &Brush<'_>, rect: Rect, width: f32, cell: &Cell, kept: Option<&str>) {
    let palette = brush.palette;
    let left = rect.left() + brush.len(12.0);
    let name_at = pos2(left, rect.top() + brush.len(15.0));
    let name = brush.text(name_at, Align2::LEFT_CENTER, &cell.slot, CANVAS_TEXT, palette.text);
    let mut word_at = pos2(name.right() + brush.len(8.0), name_at.y);
    if cell.state == CellState::Paused {
        let side = brush.len(11.0);
        let icon = Rect::from_center_size(word_at + vec2(side / 2.0, 0.0), vec2(side, side));
        icons::draw(&brush.painter, Icon::Bars, icon, palette.degraded);
        word_at.x += side + brush.len(4.0);
    }
    let colour = states::word_colour(brush, cell.state);
    brush.text(word_at, Align2::LEFT_CENTER, cell.state.word(), CANVAS_SMALL, colour);
    if cell.life > 0 {
        process(brush, pos2(left, rect.top() + brush.len(35.0)), cell, kept);
    }
    marks(brush, rect, width, &cell.marks);
}

/// Writes life, process id and what is kept; the id of a dead process is struck out.
fn process(brush: &Brush<'_>, at: egui::Pos2, cell: &Cell, kept: Option<&str>) {
    let faint = brush.palette.faint;
    let life = brush.text(at, Align2::LEFT_CENTER, format!("life {}", cell.life), CANVAS_SMALL, faint);
    let mut x = life.right();
    if let Some(pid) = cell.pid {
        let dot = brush.text(pos2(x, at.y), Align2::LEFT_CENTER, " · ", CANVAS_SMALL, faint);
        let pid = brush.text(pos2(dot.right(), at.y), Align2::LEFT_CENTER, format!("pid {pid}"), CANVAS_SMALL, faint);
        if cell.state.is_gone() {
            brush.painter.hline(pid.x_range(), at.y, brush.stroke(1.5, brush.palette.failed));
        }
        x = pid.right();
    }
    for part in holdings(cell, kept) {
        x = brush.text(pos2(x, at.y), Align2::LEFT_CENTER, format!(" · {part}"), CANVAS_SMALL, faint).right();
    }
}

/// What the life in a cell keeps, and what an earlier life took with it and users still believe in.
fn holdings(cell: &Cell, kept: Option<&str>) -> Vec<String> {
    let alive = cell.marks.iter().filter(|mark| mark.alive).count();
    let lost = cell.marks.len() - alive;
    let mut words = Vec::new();
    if alive > 0 || cell.state == CellState::Ready && kept.is_some() {
        words.push(count(alive as u64, kept.unwrap_or("session")));
    }
    if lost > 0 {
        words.push(format!("{lost} lost"));
    }
    words
}

/// Draws the sessions whose only copy is here: filled, or hollow where the holder is dead and the user does not know.
fn marks(brush: &Brush<'_>, rect: Rect, width: f32, marks: &[Mark]) {
    let across = marks_per_row(width);
    let rows = ((rect.height() / brush.camera.zoom() - CELL_HEAD) / MARK.h) as usize;
    let room = across * rows;
    let shown = if marks.len() > room { room.saturating_sub(2) } else { marks.len() };
    let origin = rect.left_top() + vec2(brush.len(11.0), brush.len(CELL_HEAD));
    let place = |at: usize| {
        let (column, row) = ((at % across) as f32, (at / across) as f32);
        let min = origin + vec2(brush.len(column * MARK.w), brush.len(row * MARK.h));
        Rect::from_min_size(min, vec2(brush.len(MARK.w - 2.0), brush.len(MARK.h - 2.0)))
    };
    for (at, mark) in marks.iter().take(shown).enumerate() {
        draw_mark(brush, place(at), mark);
    }
    if shown < marks.len() {
        let at = place(shown).left_center();
        let more = format!("+{}", marks.len() - shown);
        brush.text(at, Align2::LEFT_CENTER, more, MARK_TEXT, brush.palette.faint);
    }
}

fn draw_mark(brush: &Brush<'_>, rect: Rect, mark: &Mark) {
    let palette = brush.palette;
    let colour = if mark.alive {
        brush.face(rect, 4.0, palette.session, egui::Stroke::NONE);
        palette.on_session
    } else {
        brush.face(rect, 4.0, palette.card, brush.stroke(1.4, palette.failed));
        palette.failed
    };
    brush.text(rect.center(), Align2::CENTER_CENTER, mark.user, MARK_TEXT, colour);
}

/// The cell's buttons: one click each, on the cell itself.
fn buttons(ui: &Ui, brush: &Brush<'_>, rect: Rect, cell: &Cell, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    if !matches!(inputs.latest.phase, Phase::Starting | Phase::Running) {
        return;
    }
    let slot = &cell.slot;
    let mut right = rect.right() - brush.len(6.0);
    let mut press = |icon: Icon, name: String, tip: &str, note: Option<String>, act: Act| {
        let wide = note.as_ref().map_or(0.0, |_| 30.0);
        let size = vec2(brush.len(BUTTON + wide), brush.len(BUTTON));
        let place = Rect::from_min_size(pos2(right - size.x, rect.top() + brush.len(5.0)), size);
        right = place.left() - brush.len(4.0);
        if button(ui, brush, place, icon, &name, tip, note.as_deref()) {
            actions.push(Action::Act { act, on: Target::Slot(slot.clone()) });
        }
    };
    if cell.state.is_gone() {
        let note = cell.restarts_in_s.map(|seconds| format!("{:.0} s", seconds.ceil()));
        let tip = "Start the next life now, without waiting for its time";
        press(Icon::Around, format!("Restart {slot} now"), tip, note, Act::Restart);
    } else if cell.state.has_process() {
        press(Icon::Bolt, format!("Kill {slot}"), "Pull the plug: SIGKILL, nothing is saved", None, Act::Kill);
        if cell.state == CellState::Paused {
            press(Icon::Triangle, format!("Resume {slot}"), "Let it go on: SIGCONT", None, Act::Resume);
        } else {
            press(Icon::Bars, format!("Pause {slot}"), "Freeze it where it stands: SIGSTOP", None, Act::Pause);
        }
    }
}

fn button(ui: &Ui, brush: &Brush<'_>, rect: Rect, icon: Icon, name: &str, tip: &str, note: Option<&str>) -> bool {
    let palette = brush.palette;
    if !brush.frame.contains(rect.center()) {
        return false;
    }
    let response = ui.interact(rect, ui.scope_id().with(("act", name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let danger = icon == Icon::Bolt;
    let lit = response.hovered() || response.has_focus();
    let (face, colour) = match (lit, danger) {
        (true, true) => (palette.failed, palette.card),
        (true, false) => (palette.accent, palette.on_accent),
        (false, true) => (palette.card, palette.failed),
        (false, false) => (palette.card, palette.text),
    };
    brush.face(rect, 6.0, face, brush.stroke(1.0, if lit { colour } else { palette.line }));
    let side = brush.len(BUTTON * 0.56);
    let centre = rect.left_center() + vec2(brush.len(BUTTON / 2.0), 0.0);
    icons::draw(&brush.painter, icon, Rect::from_center_size(centre, vec2(side, side)), colour);
    if let Some(note) = note {
        let at = rect.right_center() - vec2(brush.len(7.0), 0.0);
        brush.text(at, Align2::RIGHT_CENTER, note, CANVAS_SMALL, colour);
    }
    response.on_hover_text(format!("{name}\n{tip}")).clicked()
}
