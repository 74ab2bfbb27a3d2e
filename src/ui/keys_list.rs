//! The list of keys, above everything.

use egui::{Context, Frame, Grid, Id, Margin, Modal, RichText, ScrollArea, Ui};

use super::View;
use super::command::{Section, TABLE, spelled_all};
use super::theme::Palette;

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
        ScrollArea::vertical().max_height(ui.ctx().content_rect().height() - 180.0).show(ui, |ui| {
            let others = OTHERS.iter().map(|(keys, does)| ((*keys).to_owned(), (*does).to_owned())).collect();
            for section in Section::ALL {
                part(ui, palette, section.title(), rows(ui.ctx(), section));
            }
            part(ui, palette, "Everywhere", others);
        });
        ui.add_space(8.0);
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() {
        view.keys = false;
    }
}

/// Keys that are no commands: what they are about is where the focus or the pointer is.
const OTHERS: [(&str, &str); 4] = [
    ("Tab, Enter", "Go to the next control, press it"),
    ("Esc", "Close, or select nothing"),
    ("Space and drag", "Move the drawing; also the middle button, or scrolling"),
    ("Ctrl and scroll", "Zoom around the pointer"),
];

fn part(ui: &mut Ui, palette: &Palette, title: &str, rows: Vec<(String, String)>) {
    if rows.is_empty() {
        return;
    }
    ui.label(RichText::new(title).color(palette.faint));
    Grid::new(title).num_columns(2).spacing([24.0, 5.0]).min_col_width(150.0).show(ui, |ui| {
        for (keys, does) in rows {
            ui.label(RichText::new(keys).strong());
            ui.label(RichText::new(does).color(palette.text));
            ui.end_row();
        }
    });
    ui.add_space(8.0);
}

/// The keys of a section's commands, and what they do.
fn rows(context: &Context, section: Section) -> Vec<(String, String)> {
    let commands = TABLE.iter().filter(|about| about.section == section && !about.keys.is_empty());
    commands
        .map(|about| (spelled_all(context, about), format!("{}: {}", about.title.trim_end_matches('…'), about.does)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_with_keys_is_in_the_list() {
        let context = Context::default();
        let listed: Vec<String> =
            Section::ALL.into_iter().flat_map(|section| rows(&context, section)).map(|(_, does)| does).collect();
        for about in TABLE.iter().filter(|about| !about.keys.is_empty()) {
            let found = listed.iter().any(|does| does.ends_with(about.does));
            assert!(found, "{} is not in the list", about.title);
        }
    }
}
