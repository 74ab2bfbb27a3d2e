//! The shelf of Build: what can be put on the canvas. An entry is dragged onto the canvas, or clicked, and then the place.

use egui::{Align2, Area, FontId, Frame, Id, Label, Margin, Order, Rect, Response, RichText, Role, Sense, Stroke};
use egui::{StrokeKind, Ui, WidgetInfo, vec2};

use super::View;
use super::icons::{self, Icon};
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
    name: &'static str,
    /// What it is.
    is: &'static str,
}

/// How many tiles stand side by side.
const ABREAST: usize = 4;

const SHELF: [Entry; 7] = [
    Entry { piece: Piece::Node(CardKind::Users), name: "Users", is: "People who send requests" },
    Entry { piece: Piece::Node(CardKind::Gateway), name: "Gateway", is: "Shares requests out" },
    Entry { piece: Piece::Node(CardKind::Service), name: "Service", is: "Does the work" },
    Entry { piece: Piece::Node(CardKind::Cache), name: "Cache", is: "Keeps sessions for services" },
    Entry { piece: Piece::Node(CardKind::Database), name: "Database", is: "Keeps tables for services" },
    Entry { piece: Piece::Node(CardKind::Program), name: "Program", is: "Any command, any language" },
    Entry { piece: Piece::Note, name: "Note", is: "A text on the canvas" },
];

impl Entry {
    fn icon(&self) -> Icon {
        match self.piece {
            Piece::Node(kind) => icons::of(kind),
            Piece::Note => Icon::Sheet,
        }
    }
}

/// Draws the shelf with a line of words for each entry.
pub(super) fn rows(ui: &mut Ui, view: &mut View) {
    let palette = Palette::of(ui.ctx());
    ui.label(RichText::new("Drag onto the canvas").size(13.0).color(palette.faint));
    ui.spacing_mut().item_spacing.y = 4.0;
    for entry in &SHELF {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click_and_drag());
        face(ui, rect, entry, view, &response);
        let picture = Rect::from_center_size(rect.left_center() + vec2(22.0, 0.0), vec2(20.0, 20.0));
        icons::draw(ui.painter(), entry.icon(), picture, palette.accent);
        let at = rect.left_center() + vec2(44.0, 0.0);
        ui.painter().text(at, Align2::LEFT_BOTTOM, entry.name, FontId::proportional(14.0), palette.text);
        ui.painter().text(at, Align2::LEFT_TOP, entry.is, FontId::proportional(12.0), palette.faint);
        press(ui, entry, view, &response);
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
    icons::draw(ui.painter(), entry.icon(), picture, palette.accent);
    let at = rect.center_bottom() - vec2(0.0, 4.0);
    ui.painter().text(at, Align2::CENTER_BOTTOM, entry.name, FontId::proportional(11.0), palette.text);
    press(ui, entry, view, &response);
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
/// puts it back, and a double click into the middle of the view.
fn press(ui: &Ui, entry: &Entry, view: &mut View, response: &Response) {
    let held = view.placing.is_some_and(|placing| placing.kind == entry.piece);
    if response.double_clicked() {
        view.placing = Some(Placing { kind: entry.piece });
        view.hand.enter();
        ui.request_repaint();
    } else if response.drag_started() || response.clicked() && !held {
        view.placing = Some(Placing { kind: entry.piece });
    } else if response.clicked() {
        view.placing = None;
    }
}

/// Says on the canvas what becomes of what was clicked on the shelf; whoever drags it knows.
pub(super) fn hint(ui: &Ui, canvas: Rect, view: &View) {
    if view.placing.is_none() || ui.input(|input| input.pointer.primary_down()) {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let area = Area::new(Id::unique("placing")).order(Order::Middle).interactable(false);
    let area = area.pivot(Align2::CENTER_TOP).fixed_pos(canvas.center_top() + vec2(0.0, 12.0));
    area.show(ui.ctx(), |ui| {
        let face = Frame::new().fill(palette.card).stroke(Stroke::new(1.0, palette.accent)).corner_radius(RADIUS);
        face.inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
            let words = "Click where it goes  ·  Enter: in the middle  ·  Esc: put it back";
            ui.add(Label::new(RichText::new(words).size(13.0).color(palette.text)).extend());
        });
    });
}
