//! Cells: a replica's slot, life, process and state, and its sessions as numbered marks.

use crate::control::snapshot::Phase;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Run, Sheet, Side};
use crate::scene::{Card, CardKind, Cell, CellState, cells};
use crate::topology::{Node, Sessions};

use crate::scene::words::count;

use super::{Frame, marks, states, text};

/// Room at the right of a cell's first line, for its buttons.
const BUTTONS: f32 = 64.0;

/// Draws the cells of a card.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card) {
    for (slot, place) in &card.cells {
        let cell = cells::cell(slot, frame.shown);
        let selected = frame.emphasis.slot.as_ref() == Some(slot);
        states::frame(sheet, place, cell.state, selected, frame.display_us);
        if card.compact {
            small(sheet, place, &cell);
        } else {
            full(sheet, frame, place, &cell, kept(frame, card));
            marks::draw(sheet, frame, place, &cell);
        }
    }
}

fn small(sheet: &mut Sheet, place: &Rect, cell: &Cell) {
    let (left, room) = (place.min.x + 20.0, place.size.w - 24.0);
    states::sign(sheet, Point::new(place.min.x + 11.0, place.min.y + 12.0), cell.state);
    sheet.text(Point::new(left, place.min.y + 12.0), Side::Left, &cell.slot, text::SMALL, Ink::Text, room);
    let below = Point::new(left, place.bottom() - 11.0);
    sheet.text(below, Side::Left, cell.state.word(), text::SMALL, states::ink(cell.state), room);
}

/// What a mark in a card's cells is: a session, or only its cart; `None` where there are no marks.
fn kept<'a>(frame: &Frame<'a>, card: &Card) -> Option<&'a str> {
    let topology = &frame.preset.topology;
    let in_memory = |node: &Node| node.service().is_some_and(|service| service.sessions == Sessions::Memory);
    match card.kind {
        CardKind::Users | CardKind::Gateway => None,
        CardKind::Service => topology.node(&card.node).is_some_and(in_memory).then_some(frame.words.session),
        CardKind::Cache if cells::keeps_carts(topology, &card.node) => Some("cart"),
        CardKind::Cache => Some(frame.words.session),
    }
}

fn full(sheet: &mut Sheet, frame: &Frame<'_>, place: &Rect, cell: &Cell, kept: Option<&str>) {
    let left = place.min.x + 12.0;
    states::sign(sheet, Point::new(left + 4.0, place.min.y + 16.0), cell.state);
    let name = match frame.words.replica {
        Some(word) => format!("{word} {}", cell.slot.index),
        None => cell.slot.to_string(),
    };
    let word = format!("  {}", cell.state.word());
    let runs = vec![Run::new(name, Ink::Text), Run::new(word, states::ink(cell.state))];
    let at = Point::new(left + 15.0, place.min.y + 16.0);
    let buttons = if frame.shown.phase == Phase::Idle { 0.0 } else { BUTTONS };
    sheet.runs(at, Side::Left, text::NAME, runs, place.size.w - 27.0 - buttons);
    if cell.life > 0 {
        let below = Point::new(left, place.min.y + 35.0);
        sheet.runs(below, Side::Left, text::SMALL, process(cell, kept), place.size.w - 24.0);
    }
}

/// Life, process id and what is kept; the id of a dead process is struck out.
fn process(cell: &Cell, kept: Option<&str>) -> Vec<Run> {
    let mut runs = vec![Run::new(format!("life {}", cell.life), Ink::Faint)];
    if let Some(pid) = cell.pid {
        runs.push(Run::new(" · ", Ink::Faint));
        runs.push(Run { struck: cell.state.is_gone(), ..Run::new(format!("pid {pid}"), Ink::Faint) });
    }
    runs.extend(holdings(cell, kept).into_iter().map(|(words, ink)| Run::new(format!(" · {words}"), ink)));
    runs
}

/// What the life in a cell keeps, and what an earlier life took with it and users still believe in.
fn holdings(cell: &Cell, kept: Option<&str>) -> Vec<(String, Ink)> {
    let alive = cell.marks.iter().filter(|mark| mark.alive).count();
    let lost = cell.marks.len() - alive;
    let mut words = Vec::new();
    if alive > 0 || cell.state == CellState::Ready && kept.is_some() {
        words.push((count(alive as u64, kept.unwrap_or("session")), Ink::Faint));
    }
    if lost > 0 {
        words.push((format!("{lost} lost"), Ink::Failed));
    }
    words
}
