//! The list of keys, above everything.

use egui::{Frame, Grid, Id, Margin, Modal, RichText, Ui};

use super::theme::Palette;
use super::{View, keys};

/// Draws the list while it is asked for.
pub(super) fn show(ui: &Ui, view: &mut View) {
    if !view.keys {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(22));
    let modal = Modal::new(Id::unique("keys")).frame(frame).show(ui.ctx(), |ui| {
        ui.heading("Keys");
        ui.add_space(6.0);
        Grid::new("keys").num_columns(2).spacing([24.0, 5.0]).show(ui, |ui| {
            for (key, does) in rows(ui) {
                ui.label(RichText::new(key).strong());
                ui.label(RichText::new(does).color(palette.text));
                ui.end_row();
            }
        });
        ui.add_space(8.0);
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() {
        view.keys = false;
    }
}

/// Every key and what it does.
fn rows(ui: &Ui) -> Vec<(String, &'static str)> {
    let shortcut = |keys| ui.ctx().format_shortcut(keys);
    let key = str::to_owned;
    vec![
        (shortcut(&keys::RUN), "Run"),
        (shortcut(&keys::STOP), "Stop: settle what is in flight, then end"),
        (key("R"), "Reset: back to the beginning"),
        (key("Space"), "Freeze the picture, or let it go on"),
        (key("S"), "Slow motion ×1/8, or its own speed"),
        (key("W"), "Watch the last fault again"),
        (key("[  ]"), "Slower pace, faster pace: how fast users act"),
        (key("Page Down, Page Up"), "Next step of the lesson, previous step"),
        (key(",  ."), "Select the user before, the user after"),
        (key("Tab, Enter"), "Go to the next control, press it"),
        (key("B"), "Build: change the drawing, see figures and the log"),
        (key("F5"), "Present: everything large, for a class; Esc leaves"),
        (key("L"), "Legend"),
        (key("A"), "Everyday words, where the lesson has some"),
        (key("N"), "Teacher's note"),
        (key("+  −  0"), "Zoom in, zoom out, see everything"),
        (shortcut(&keys::UNDO), "Undo an edit"),
        (shortcut(&keys::REDO), "Redo it"),
        (shortcut(&keys::OPEN), "Open a file"),
        (shortcut(&keys::SAVE), "Save to a file"),
        (key("Esc"), "Close, or select nothing"),
        (key("?"), "This list"),
    ]
}
