//! The shelf of Build: what can be put on the canvas. An entry is dragged onto the canvas, or clicked, and then the place.

use egui::{Align2, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::View;
use super::glyphs::{self, Glyph};
use super::placing::{Piece, Placing};
use super::style::RADIUS;
use super::theme::Palette;
use crate::scene::CardKind;

/// The height of an entry with its words beside its picture.
const ROW: f32 = 42.0;
/// The side of an entry with its name below its picture.
const TILE: f32 = 48.0;

/// Something on the shelf.
struct Entry {
    piece: Piece,
    glyph: Glyph,
    name: &'static str,
    /// What it is.
    is: &'static str,
}

/// How many tiles stand side by side.
const ABREAST: usize = 4;

const SHELF: [Entry; 7] = [
    Entry { piece: Piece::Node(CardKind::Users), glyph: Glyph::Person, name: "Users", is: "People who send requests" },
    Entry { piece: Piece::Node(CardKind::Gateway), glyph: Glyph::Fork, name: "Gateway", is: "Shares requests out" },
    Entry { piece: Piece::Node(CardKind::Service), glyph: Glyph::Server, name: "Service", is: "Does the work" },
    Entry { piece: Piece::Node(CardKind::Cache), glyph: Glyph::Drum, name: "Cache", is: "Keeps sessions for services" },
    Entry {
        piece: Piece::Node(CardKind::Database),
        glyph: Glyph::Drum,
        name: "Database",
        is: "Keeps tables for services",
    },
    Entry {
        piece: Piece::Node(CardKind::Program),
        glyph: Glyph::Server,
        name: "Program",
        is: "Any command, any language",
    },
    Entry { piece: Piece::Note, glyph: Glyph::Sheet, name: "Note", is: "A text on the canvas" },
];

/// Draws the shelf with a line of words for each entry.
pub(super) fn rows(ui: &mut Ui, view: &mut View) {
    let palette = Palette::of(ui.ctx());
    ui.label(egui::RichText::new("Drag onto the canvas").size(13.0).color(palette.faint));
    ui.spacing_mut().item_spacing.y = 4.0;
    for entry in &SHELF {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click_and_drag());
        face(ui, rect, entry, view, &response);
        let picture = Rect::from_center_size(rect.left_center() + vec2(22.0, 0.0), vec2(20.0, 20.0));
        glyphs::draw(ui.painter(), entry.glyph, picture, palette.accent);
        let at = rect.left_center() + vec2(44.0, 0.0);
        ui.painter().text(at, Align2::LEFT_BOTTOM, entry.name, FontId::proportional(14.0), palette.text);
        ui.painter().text(at, Align2::LEFT_TOP, entry.is, FontId::proportional(12.0), palette.faint);
        press(entry, view, &response);
    }
}

/// Draws the shelf as small tiles, across or down.
pub(super) fn tiles(ui: &mut Ui, across: bool, view: &mut View) {
    ui.spacing_mut().item_spacing = vec2(0.0, 4.0);
    // In one row of all of them the names would run into each other.
    for row in SHELF.chunks(if across { ABREAST } else { 1 }) {
        ui.horizontal(|ui| {
            let width = if across { ui.available_width() / ABREAST as f32 } else { ui.available_width() };
            row.iter().for_each(|entry| tile(ui, width, entry, view));
        });
    }
}

fn tile(ui: &mut Ui, width: f32, entry: &Entry, view: &mut View) {
    let palette = Palette::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, TILE), Sense::click_and_drag());
    face(ui, rect.shrink2(vec2(1.0, 0.0)), entry, view, &response);
    let picture = Rect::from_center_size(rect.center_top() + vec2(0.0, 17.0), vec2(18.0, 18.0));
    glyphs::draw(ui.painter(), entry.glyph, picture, palette.accent);
    let at = rect.center_bottom() - vec2(0.0, 4.0);
    ui.painter().text(at, Align2::CENTER_BOTTOM, entry.name, FontId::proportional(11.0), palette.text);
    press(entry, view, &response);
    response.on_hover_text(format!("{}: {}. Drag it onto the canvas", entry.name, entry.is));
}

fn face(ui: &Ui, rect: Rect, entry: &Entry, view: &View, response: &Response) {
    let palette = Palette::of(ui.ctx());
    let held = view.placing.is_some_and(|placing| placing.kind == entry.piece);
    let edge = match (held || response.has_focus(), response.hovered()) {
        (true, _) => Stroke::new(2.0, palette.accent),
        (false, true) => Stroke::new(1.0, palette.line_strong),
        (false, false) => Stroke::new(1.0, palette.line),
    };
    ui.painter().rect(rect, RADIUS, palette.cell, edge, StrokeKind::Inside);
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, true, held, format!("place {}", entry.name.to_lowercase())));
    if response.hovered() {
        ui.set_cursor_icon(egui::CursorIcon::Grab);
    }
}

/// Takes an entry from the shelf when the button goes down on it, or when it is asked for by the keyboard; another click
/// puts it back.
fn press(entry: &Entry, view: &mut View, response: &Response) {
    let held = view.placing.is_some_and(|placing| placing.kind == entry.piece);
    if response.drag_started() || response.clicked() && !held {
        view.placing = Some(Placing { kind: entry.piece });
    } else if response.clicked() {
        view.placing = None;
    }
}
