//! Cells: a replica's slot, life, process and state, and its sessions as numbered marks.

use crate::control::snapshot::{LifeState, Phase, SlotState};
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Run, Sheet, Side};
use crate::scene::{Card, CardKind, Cell, CellState, cells};

use crate::scene::words::count;
use crate::topology::Slot;

use super::{Frame, marks, states, text};

/// How far above the end of a database's cell the line of its tables is.
const TABLES: f32 = 17.0;
/// The largest name that has room above the second line.
const LARGEST: f32 = 18.0;
/// Room at the right of a cell's first line, for its buttons.
const BUTTONS: f32 = 64.0;

/// The width of a letter, as a share of its size: about the mean.
const LETTER: f32 = 0.48;

/// Draws the cells of the card at this place.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, at: usize, card: &Card) {
    for (slot, place) in &card.cells {
        let cell = frame.live.cell(at, slot);
        let selected = frame.emphasis.slot.as_ref() == Some(slot);
        states::frame(sheet, place, cell.state, selected, frame.display_us);
        if card.compact {
            small(sheet, place, &cell);
        } else {
            let about = about(frame, card);
            full(sheet, frame, place, &cell, &about);
            marks::draw(sheet, frame, card, place, &cell);
            if card.kind == CardKind::Database
                && let Some(state) = frame.live.state(at, slot)
            {
                rows(sheet, frame, place, state, &about);
            }
        }
    }
}

fn small(sheet: &mut Sheet, place: &Rect, cell: &Cell) {
    let (left, room) = (place.min.x + 20.0, place.size.w - 24.0);
    states::sign(sheet, Point::new(place.min.x + 11.0, place.min.y + 12.0), cell.state);
    let name = named(&cell.slot, None, (room / (text::SMALL * LETTER)) as usize);
    sheet.text(Point::new(left, place.min.y + 12.0), Side::Left, name, text::SMALL, Ink::Text, room);
    let below = Point::new(left, place.bottom() - 11.0);
    sheet.text(below, Side::Left, cell.state.word(), text::SMALL, states::ink(cell.state), room);
}

/// What the cells of a card have in common.
struct About<'a> {
    /// What a replica is called, where it is not simply called by its slot.
    replica: Option<&'a str>,
    /// What a mark is: a session, or only its cart.
    mark: &'a str,
    /// Whether sessions can be here, cannot although this is a service, or are no matter here at all.
    keeps: Option<bool>,
}

fn about<'a>(frame: &Frame<'a>, card: &Card) -> About<'a> {
    let topology = &frame.preset.topology;
    let keeps = topology.node(&card.node).is_some_and(|node| cells::keeps_sessions(topology, node));
    let words = frame.words;
    let (replica, mark, keeps) = match card.kind {
        CardKind::Users | CardKind::Gateway => (None, words.session, None),
        CardKind::Service => (words.replica, words.session, Some(keeps)),
        CardKind::Cache if cells::keeps_carts(topology, &card.node) => (None, "cart", Some(true)),
        CardKind::Cache => (None, words.session, Some(true)),
        // It is there for tables, and sessions are in it only where a service wants that.
        CardKind::Database => (None, words.session, keeps.then_some(true)),
        CardKind::Program => (None, words.session, None),
    };
    About { replica, mark, keeps }
}

fn full(sheet: &mut Sheet, frame: &Frame<'_>, place: &Rect, cell: &Cell, about: &About<'_>) {
    let left = place.min.x + 12.0;
    states::sign(sheet, Point::new(left + 4.0, place.min.y + 16.0), cell.state);
    let word = format!("  {}", cell.state.word());
    let size = frame.legible(frame.letters(text::NAME), LARGEST);
    let has_buttons = matches!(frame.shown.phase, Phase::Starting | Phase::Running);
    let buttons = if has_buttons { BUTTONS } else { 0.0 };
    let room = place.size.w - 27.0 - buttons;
    let most = (room / (size * LETTER)) as usize;
    let name = named(&cell.slot, about.replica, most.saturating_sub(word.chars().count()));
    let runs = vec![Run::new(name, Ink::Text), Run::new(word, states::ink(cell.state))];
    let at = Point::new(left + 15.0, place.min.y + 16.0);
    sheet.runs(at, Side::Left, size, runs, room);
    if cell.life > 0 || !cell.marks.is_empty() {
        let below = Point::new(left, place.min.y + 37.0);
        let mut parts = if frame.large { Vec::new() } else { process(cell) };
        parts.extend(holdings(cell, about));
        parts.extend(return_of(cell));
        sheet.runs(below, Side::Left, frame.letters(text::SMALL), row(parts), place.size.w - 24.0);
    }
}

/// The rows of a database's tables, in a line of their own at the end.
fn rows(sheet: &mut Sheet, frame: &Frame<'_>, place: &Rect, state: &SlotState, about: &About<'_>) {
    let mut words = cells::tables(state);
    if words.is_empty() && state.state == LifeState::Ready && about.keeps.is_none() {
        words = "no tables yet".to_owned();
    }
    let below = Point::new(place.min.x + 12.0, place.bottom() - TABLES);
    sheet.text(below, Side::Left, words, frame.letters(text::SMALL), Ink::Text, place.size.w - 24.0);
}

/// What a replica is called in at most so many letters: where that is too much, by its number, for the card says whose it is.
fn named(slot: &Slot, word: Option<&str>, most: usize) -> String {
    let name = word.map_or_else(|| slot.to_string(), |word| format!("{word} {}", slot.index));
    if name.chars().count() <= most { name } else { format!(".{}", slot.index) }
}

/// Parts of a line with dots between them.
fn row(parts: Vec<Run>) -> Vec<Run> {
    let mut runs = Vec::with_capacity(2 * parts.len());
    for part in parts {
        if !runs.is_empty() {
            runs.push(Run::new(" · ", Ink::Faint));
        }
        runs.push(part);
    }
    runs
}

/// Life and process id; the id of a dead process is struck out.
fn process(cell: &Cell) -> Vec<Run> {
    // Once it is known when the next life begins, that one is named instead.
    let life =
        (cell.life > 0 && cell.restarts_in_s.is_none()).then(|| Run::new(format!("life {}", cell.life), Ink::Faint));
    let pid = cell.pid.map(|pid| Run { struck: cell.state.is_gone(), ..Run::new(format!("pid {pid}"), Ink::Faint) });
    life.into_iter().chain(pid).collect()
}

/// What the life in a cell keeps, and what an earlier life took with it and users still believe in.
fn holdings(cell: &Cell, about: &About<'_>) -> Vec<Run> {
    let alive = cell.marks.iter().filter(|mark| mark.alive).count();
    let lost = cell.marks.len() - alive;
    let mut words = Vec::new();
    let ready = cell.state == CellState::Ready;
    if alive > 0 || ready && about.keeps == Some(true) {
        words.push(Run::new(count(alive as u64, about.mark), Ink::Faint));
    } else if ready && about.keeps == Some(false) {
        words.push(Run::new(format!("keeps no {}", about.mark), Ink::Faint));
    }
    if lost > 0 {
        words.push(Run::new(format!("{lost} lost"), Ink::Failed));
    }
    words
}

/// When the next life begins.
fn return_of(cell: &Cell) -> Option<Run> {
    let seconds = cell.restarts_in_s.filter(|_| cell.state.is_gone())?.ceil();
    Some(Run::new(format!("life {} in {seconds:.0} s", cell.life + 1), Ink::Text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_leaves_room_for_the_state_and_keeps_its_number() {
        let named = |slot: &str, word, most| named(&slot.parse().unwrap(), word, most);
        assert_eq!(named("shop.2", None, 12), "shop.2");
        assert_eq!(named("the-very-long-name.12", None, 12), ".12");
        assert_eq!(named("shop.2", Some("cashier"), 12), "cashier 2");
        assert_eq!(named("shop.2", Some("cashier"), 5), ".2");
    }
}
