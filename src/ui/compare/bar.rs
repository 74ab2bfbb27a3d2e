//! The bar above two systems side by side: the way back, what is compared, and what can be done next.

use egui::{Align, Button, Key, Label, Layout, ProgressBar, RichText, TextEdit, Ui, vec2};

use super::{Inputs, Memory, Progress, Wish};
use crate::scene::words::count;
use crate::telemetry::compare::ONE_AT_A_TIME;
use crate::ui::action::Action;
use crate::ui::button::IconButton;
use crate::ui::glyphs::Glyph;
use crate::ui::icons::Icon;
use crate::ui::theme::Palette;

/// The height of what is in the bar.
pub(super) const HEIGHT: f32 = 42.0;
/// In a window narrower than this, buttons that have a picture show only that.
const WORDY: f32 = 1000.0;

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    ui.allocate_ui_with_layout(vec2(ui.available_width(), HEIGHT), Layout::right_to_left(Align::Center), |ui| {
        match &inputs.progress {
            Some(progress) => cancel(ui, progress, actions),
            None => buttons(ui, inputs, memory, actions),
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| title(ui, inputs, memory, actions));
    });
}

fn title(ui: &mut Ui, inputs: &Inputs<'_>, memory: &Memory, actions: &mut Vec<Action>) {
    let back = IconButton::new(Glyph::Back, "Back to the drawing").bare(true);
    if ui.add(back).on_hover_text("Back to the drawing (Esc): what runs here is ended").clicked() {
        actions.push(Action::Compare(Wish::Leave));
    }
    let [a, b] = inputs.names();
    let table = inputs.table.filter(|_| inputs.shows_table(memory));
    let (large, small) = match (&inputs.progress, table) {
        (None, Some(table)) => (table.title(), ONE_AT_A_TIME.to_owned()),
        (None, None) if inputs.table.is_some() => (format!("{a} and {b}"), ONE_AT_A_TIME.to_owned()),
        (None, None) => (format!("{a} and {b}"), format!("Both run at once, to be looked at. {ONE_AT_A_TIME}")),
        (Some(progress), _) => (
            format!("{}, {} left", first_large(&progress.heading), count(progress.run_left_s, "second")),
            format!("One run at a time. All of it takes about {} more", minutes(progress.left_s)),
        ),
    };
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.add(Label::new(RichText::new(large).size(18.0)).truncate());
        ui.add(Label::new(RichText::new(small).size(13.0).color(Palette::of(ui.ctx()).faint)).truncate());
    });
}

/// What can be done while nothing is measured, the most wanted at the right.
fn buttons(ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    let bare = ui.ctx().content_rect().width() < WORDY;
    let mut wish = |ui: &mut Ui, button: IconButton<'_>, tip: &str, wish: Wish| {
        if ui.add(button).on_hover_text(tip).clicked() {
            actions.push(Action::Compare(wish));
        }
    };
    let tip = "Put both through the same trials, one run at a time, and fill the table";
    if inputs.table.is_none() {
        wish(ui, IconButton::new(Icon::Triangle, "Measure").primary(), tip, Wish::Measure);
    } else {
        wish(ui, IconButton::new(Icon::Sheet, "Save report…"), "As a page (.html) or as figures (.json)", Wish::Save);
        wish(ui, IconButton::new(Icon::Triangle, "Measure again").bare(bare), tip, Wish::Measure);
        let switch = |glyph, words, on| IconButton::new(glyph, words).switch(on).bare(bare);
        if ui.add(switch(Glyph::Lines, "Table", memory.table)).on_hover_text("What was measured").clicked() {
            memory.show_table();
        }
        if ui.add(switch(Glyph::Halves, "Systems", !memory.table)).on_hover_text("Both side by side").clicked() {
            memory.show_systems();
        }
    }
    if !inputs.shows_table(memory) {
        let again = IconButton::new(Icon::Around, "Run again").bare(bare && inputs.table.is_some());
        wish(ui, again, "Both from the beginning, with the same faults at the same second", Wish::Again);
    }
}

/// The field for the path to save to.
pub(super) fn path(ui: &mut Ui, path: &mut String, actions: &mut Vec<Action>) {
    let label = ui.label("Path");
    let width = (ui.available_width() - 120.0).max(120.0);
    let field = TextEdit::singleline(path).desired_width(width).hint_text("table.html or table.json");
    let field = ui.add(field).labelled_by(label.id);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let named = !path.trim().is_empty();
    if ui.add_enabled(named, Button::new("Save path")).clicked() || entered && named {
        actions.push(Action::Compare(Wish::SaveTo(path.trim().into())));
    }
}

/// How far measuring is, and the way out of it.
fn cancel(ui: &mut Ui, progress: &Progress, actions: &mut Vec<Action>) {
    let cancel = IconButton::new(Glyph::Cross, "Cancel");
    if ui.add(cancel).on_hover_text("Give the trials up (Esc): there will be no table").clicked() {
        actions.push(Action::Compare(Wish::Cancel));
    }
    let width = (ui.available_width() * 0.3).clamp(80.0, 260.0);
    let bar = ProgressBar::new(progress.share).desired_width(width).desired_height(12.0);
    let bar = ui.add(bar.fill(Palette::of(ui.ctx()).accent));
    bar.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Measuring");
        info.current_text_value = Some(format!("{:.0} %", progress.share * 100.0));
        info
    });
}

/// A time that nobody needs to know exactly.
fn minutes(seconds: u64) -> String {
    if seconds < 90 { count(seconds, "second") } else { count(seconds.div_ceil(60), "minute") }
}

fn first_large(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
