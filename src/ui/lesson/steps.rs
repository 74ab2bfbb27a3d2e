//! The steps at the strip's right end: where the learner is, back and next, teacher's note and analogy.

use egui::{Align, Button, Layout, RichText, Ui, WidgetInfo, vec2};

use crate::scene::lesson::{Control, Strip, Turn};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::theme::{self, Palette};

/// Draws them.
pub(super) fn show(ui: &mut Ui, strip: &Strip, view: &mut View, actions: &mut Vec<Action>) {
    let Some((at, of)) = strip.place else { return };
    let palette = Palette::of(ui.ctx());
    row(ui, |ui| {
        let next = step(ui, "Next", "next step", "Page Down", strip.can_go_on);
        super::ring_if(ui, strip, &Control::Next, next.rect);
        if next.clicked() {
            actions.push(Action::Lesson(Turn::Next));
        }
        if step(ui, "Back", "previous step", "Page Up", strip.can_go_back).clicked() {
            actions.push(Action::Lesson(Turn::Back));
        }
        ui.label(RichText::new(format!("{at} of {of}")).size(theme::LESSON_TEXT).color(palette.faint));
    });
    row(ui, |ui| {
        if strip.has_analogy {
            let button = Button::new("Analogy").selected(view.lesson.analogy);
            if ui.add(button).on_hover_text("Say it in another world's words (A)").clicked() {
                view.lesson.analogy = !view.lesson.analogy;
            }
        }
        if !strip.note.is_empty() {
            let button = ui.add(Button::new("Note").selected(view.lesson.note)).on_hover_text("Teacher's note (N)");
            let on = view.lesson.note;
            button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, on, "Teacher's note"));
            if button.clicked() {
                view.lesson.note = !on;
            }
        }
    });
}

/// A line of buttons at the right edge.
fn row(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), theme::LESSON_ROW_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), add);
}

fn step(ui: &mut Ui, text: &str, name: &str, key: &str, possible: bool) -> egui::Response {
    let button = ui.add_enabled(possible, Button::new(text).min_size(vec2(0.0, theme::LESSON_ROW_HEIGHT)));
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, possible, name));
    button.on_hover_text(format!("{name} ({key})"))
}
