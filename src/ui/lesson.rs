//! The lesson's strip: one large sentence, what belongs to it, the row in which the learner answers or acts, and the
//! steps. Its height never changes, for the canvas below must not move. What it says is `scene::lesson`'s.

mod answer;
mod steps;
pub(super) mod verdict;

use egui::{Area, Frame, Id, Label, Margin, Order, Pos2, Rect, RichText, ScrollArea, Stroke, Ui, UiBuilder};
use egui::{WidgetInfo, pos2, vec2};

use crate::scene::lesson::{Control, Strip, Turn};

use super::action::Action;
use super::theme::{self, Palette};
use super::{Inputs, View, button};

/// The width of the teacher's note.
const NOTE_WIDTH: f32 = 520.0;

/// What the strip remembers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// What was typed as a guess and not yet given.
    guess: String,
    /// Whether the teacher's note is shown.
    pub(super) note: bool,
    /// Whether the analogy's words are used.
    pub(crate) analogy: bool,
}

impl Memory {
    /// Forgets what belongs to one document. Whoever wants the analogy wants it in the next lesson too.
    pub(super) fn start_over(&mut self) {
        *self = Self { analogy: self.analogy, ..Self::default() };
    }
}

/// Draws the strip.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let strip = inputs.strip;
    let whole = ui.available_rect_before_wrap();
    // In front of a class the steps are turned by keys, and the words need the room.
    let has_steps = strip.place.is_some() && view.presenter.is_none();
    let steps_width = if has_steps { theme::LESSON_STEPS_WIDTH } else { 0.0 };
    let left = Rect::from_min_max(whole.min, pos2(whole.right() - steps_width, whole.bottom()));
    let row_below = view.presenter.is_some() && !strip.is_judged;
    let below = 20.0 + if row_below { theme::LESSON_ROW_HEIGHT } else { 0.0 };
    note(ui, strip, &view.lesson, whole.left_bottom() + vec2(0.0, below));
    // There, too, the row has a place of its own; where it would be empty the words have its room.
    let has_row = view.presenter.is_none() && strip.has_row();
    let row_height = if has_row { theme::LESSON_ROW_HEIGHT + 4.0 } else { 0.0 };
    let row_top = whole.bottom() - row_height;
    if has_steps {
        part(ui, "steps", Rect::from_min_max(left.right_top() + vec2(12.0, 0.0), whole.max), |ui| {
            steps::show(ui, strip, view, actions);
        });
    }
    if strip.is_judged {
        let text = Rect::from_min_max(left.min, pos2(left.right(), whole.bottom()));
        part(ui, "verdict", text, |ui| {
            headline(ui, strip, actions);
            verdict::show(ui, inputs);
        });
        return;
    }
    let text = Rect::from_min_max(left.min, pos2(left.right(), row_top));
    part(ui, "text", text, |ui| {
        // In a narrow window the words may need more lines than there are.
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| tell(ui, strip, actions));
    });
    if has_row {
        part(ui, "row", Rect::from_min_max(pos2(left.left(), row_top + 4.0), left.max), |ui| {
            row(ui, inputs, view, actions);
        });
    }
}

/// Draws the row in which the learner answers or acts.
pub(super) fn row(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    answer::show(ui, inputs, view, actions);
}

/// The teacher's note: a card below the strip, so that what the class reads stays where it is.
fn note(ui: &Ui, strip: &Strip, memory: &Memory, below: Pos2) {
    if !memory.note || strip.note.is_empty() {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let face = Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line_strong))
        .corner_radius(10)
        .inner_margin(Margin::symmetric(14, 10));
    Area::new(Id::unique("teacher's note")).order(Order::Middle).fixed_pos(below).show(ui.ctx(), |ui| {
        face.show(ui, |ui| {
            ui.set_max_width(NOTE_WIDTH);
            let title = RichText::new("Teacher's note (N)").size(theme::LESSON_TEXT).color(palette.faint);
            ui.label(title);
            ui.add(Label::new(RichText::new(&strip.note).size(theme::LESSON_TEXT).color(palette.text)).wrap());
        });
    });
}

/// A part of the strip that keeps to its own rectangle, whatever it holds.
fn part(ui: &mut Ui, name: &str, rect: Rect, add: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt(name).max_rect(rect), add);
}

fn tell(ui: &mut Ui, strip: &Strip, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.spacing_mut().item_spacing.y = 3.0;
    headline(ui, strip, actions);
    for text in &strip.body {
        ui.add(Label::new(RichText::new(text).size(theme::LESSON_TEXT).color(palette.text)).wrap());
    }
}

fn headline(ui: &mut Ui, strip: &Strip, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let colour = if strip.harm { palette.failed } else { palette.text };
    let words = RichText::new(&strip.headline).size(theme::LESSON_HEADLINE).color(colour);
    if !strip.can_dismiss {
        ui.add(Label::new(words).wrap());
        return;
    }
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
        let close =
            ui.add(egui::Button::new(RichText::new("×").size(24.0)).frame(false)).on_hover_text("Put this away");
        close.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, "dismiss banner"));
        if close.clicked() {
            actions.push(Action::Lesson(Turn::Dismiss));
        }
        ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| ui.add(Label::new(words).wrap()));
    });
}

/// Draws the ring around what is to be used next, when this is it.
pub(super) fn ring_if(ui: &Ui, strip: &Strip, control: &Control, rect: Rect) {
    if strip.highlight.as_ref() == Some(control) {
        button::ring(ui, rect.expand(1.0), Palette::of(ui.ctx()).accent, 2.0);
    }
}
