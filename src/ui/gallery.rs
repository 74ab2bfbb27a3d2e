//! The presets as a path of numbered stops in lesson order, each with its drawing in small.

use egui::{
    Align, Align2, Color32, FontId, Layout, Painter, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::scene::Miniature;
use crate::topology::Preset;

use super::action::Action;
use super::button::IconButton;
use super::canvas::painter::{Transform, paint};
use super::command::Command;
use super::glyphs::{self, Glyph};
use super::theme::{CELL_RADIUS, Palette};
use super::{Inputs, View};

/// One preset that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name on the command line.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a line or two.
    pub summary: String,
    /// Its drawing in small.
    pub picture: Miniature,
    /// Whether its lesson was shown to its end.
    pub done: bool,
}

impl Entry {
    /// A stop on the path that has not been visited.
    pub fn new(name: &str, preset: &Preset) -> Self {
        Self {
            name: name.to_owned(),
            title: preset.title.clone(),
            summary: preset.summary.clone(),
            picture: Miniature::of(preset),
            done: false,
        }
    }
}

/// Which of the gallery's entries was chosen, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice(pub usize);

/// The radius of a stop on the path.
const STOP: f32 = 12.0;
/// From the left to the middle of the path.
const PATH: f32 = 16.0;
/// The height of a card.
const CARD: f32 = 68.0;
/// The width of its drawing.
const PICTURE: f32 = 84.0;
/// The size of its title.
const TITLE: f32 = 14.0;
/// The height of a stop where only numbers are shown.
const RAIL_STEP: f32 = 44.0;

/// Draws the path with its pictures.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new("Lessons").size(13.0).color(palette.faint));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| compare(ui, false, inputs, view, actions));
    });
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (at, entry) in inputs.gallery.iter().enumerate() {
            let chosen = inputs.chosen == Some(at);
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CARD), Sense::click());
            let middle = pos2(rect.left() + PATH, rect.center().y);
            path(ui, rect, middle, at, inputs.gallery.len());
            card(ui, rect.with_min_x(rect.left() + 2.0 * PATH + 4.0), entry, chosen, &response);
            stop(ui, middle, at, entry, chosen);
            bring(ui, &response, at, chosen);
            if press(response, entry, chosen) {
                actions.push(Action::Choose(Choice(at)));
            }
        }
    });
}

/// Draws the path's numbers alone, and what opens the pictures.
pub(super) fn rail(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let open = IconButton::new(Glyph::Onward, "Open the path").bare(true).switch(view.gallery_opened);
    if ui.add(open).on_hover_text("Show the lessons with their pictures").clicked() {
        view.gallery_opened = !view.gallery_opened;
    }
    compare(ui, true, inputs, view, actions);
    ui.add_space(4.0);
    if view.gallery_opened {
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (at, entry) in inputs.gallery.iter().enumerate() {
            let chosen = inputs.chosen == Some(at);
            let (rect, response) = ui.allocate_exact_size(vec2(38.0, RAIL_STEP), Sense::click());
            path(ui, rect, rect.center(), at, inputs.gallery.len());
            stop(ui, rect.center(), at, entry, chosen);
            bring(ui, &response, at, chosen);
            if response.hovered() || response.has_focus() {
                let stroke = Stroke::new(2.0, Palette::of(ui.ctx()).text);
                ui.painter().circle_stroke(rect.center(), STOP + 4.0, stroke);
            }
            let words = format!("{}: {}", entry.title, entry.summary);
            if press(response.on_hover_text(words), entry, chosen) {
                actions.push(Action::Choose(Choice(at)));
            }
        }
    });
}

/// The button that sets two of them side by side.
fn compare(ui: &mut Ui, bare: bool, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let about = Command::Compare.about();
    if ui.add(IconButton::new(Glyph::Halves, about.title).bare(bare)).on_hover_text(about.does).clicked() {
        Command::Compare.give(ui.ctx(), inputs, view, actions);
    }
}

/// Brings what was just chosen, here or elsewhere, into sight.
fn bring(ui: &Ui, response: &Response, at: usize, chosen: bool) {
    let id = ui.scope_id().with("brought into sight");
    if chosen && ui.data(|data| data.get_temp(id)) != Some(at) {
        ui.data_mut(|data| data.insert_temp(id, at));
        response.scroll_to_me(None);
    }
}

fn press(response: Response, entry: &Entry, chosen: bool) -> bool {
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::Button, true, chosen, format!("preset {}", entry.title));
        info.current_text_value = entry.done.then(|| "done".to_owned());
        info
    });
    response.clicked()
}

/// The piece of the path that leads through a stop.
fn path(ui: &Ui, rect: Rect, middle: egui::Pos2, at: usize, all: usize) {
    let palette = Palette::of(ui.ctx());
    let top = if at == 0 { middle.y } else { rect.top() - 4.0 };
    let bottom = if at + 1 == all { middle.y } else { rect.bottom() };
    ui.painter().vline(middle.x, top..=bottom, Stroke::new(3.0, palette.line));
}

/// A stop: its number, or a tick when its lesson was shown to the end.
fn stop(ui: &Ui, middle: egui::Pos2, at: usize, entry: &Entry, chosen: bool) {
    let palette = Palette::of(ui.ctx());
    let painter = ui.painter();
    let (fill, edge, text) = match (chosen, entry.done) {
        (true, _) => (palette.accent, Stroke::new(2.0, palette.accent), palette.on_accent),
        (false, true) => (palette.panel, Stroke::new(2.0, palette.accent), palette.accent),
        (false, false) => (palette.panel, Stroke::new(2.0, palette.line_strong), palette.text),
    };
    painter.circle(middle, STOP, fill, edge);
    if entry.done {
        glyphs::draw(painter, Glyph::Tick, Rect::from_center_size(middle, vec2(12.0, 12.0)), text);
    } else {
        painter.text(middle, Align2::CENTER_CENTER, at + 1, FontId::proportional(13.0), text);
    }
}

fn card(ui: &Ui, rect: Rect, entry: &Entry, chosen: bool, response: &Response) {
    let palette = Palette::of(ui.ctx());
    let painter = ui.painter();
    let (face, edge) = match (chosen, response.hovered()) {
        (true, _) => (palette.cell, Stroke::new(2.0, palette.accent)),
        (false, true) => (palette.cell, Stroke::new(1.0, palette.line_strong)),
        (false, false) => (palette.panel, Stroke::new(1.0, palette.line)),
    };
    painter.rect(rect, CELL_RADIUS, face, edge, StrokeKind::Inside);
    if response.has_focus() {
        painter.rect_stroke(rect, CELL_RADIUS, Stroke::new(3.0, palette.text), StrokeKind::Inside);
    }
    let frame = Rect::from_min_size(rect.min + vec2(6.0, 6.0), vec2(PICTURE, rect.height() - 12.0));
    painter.rect_filled(frame, CELL_RADIUS - 2.0, palette.canvas);
    picture(painter, frame.shrink(5.0), &entry.picture);
    let room = rect.right() - frame.right() - 16.0;
    // The toolkit would break a word that is longer than a line.
    let width = |word: &str| {
        painter.layout_no_wrap(word.to_owned(), FontId::proportional(TITLE), Color32::PLACEHOLDER).size().x
    };
    let longest = entry.title.split_whitespace().map(width).fold(1.0, f32::max);
    let font = FontId::proportional(TITLE * ((room - 1.0) / longest).clamp(0.6, 1.0));
    let mut words = egui::text::LayoutJob::simple(entry.title.clone(), font, Color32::PLACEHOLDER, room);
    words.wrap.max_rows = 3;
    let words = painter.layout_job(words);
    let at = pos2(frame.right() + 9.0, rect.center().y - words.size().y / 2.0);
    painter.galley(at, words, palette.text);
}

/// Paints a drawing in small, as large as the frame allows.
fn picture(painter: &Painter, frame: Rect, miniature: &Miniature) {
    let world = miniature.bounds;
    let zoom = (frame.width() / world.size.w).min(frame.height() / world.size.h);
    let centre = world.center();
    let origin = frame.center() - zoom * vec2(centre.x, centre.y);
    paint(&painter.with_clip_rect(frame.intersect(painter.clip_rect())), &miniature.sheet, Transform { origin, zoom });
}
