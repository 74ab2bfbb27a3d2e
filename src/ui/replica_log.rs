//! What processes wrote, to be read and searched: of one replica or of all, dead lives included, with a line for each
//! death, so that one can read why it died.

mod rows;

use egui::text::{LayoutJob, TextFormat};
use egui::{Button, Color32, ComboBox, FontId, Key, RichText, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};

use super::glyphs::Glyph;
use super::theme::Palette;
use super::{Inputs, button};
use crate::control::snapshot::{Death, OutputLevel};
use crate::topology::Slot;
use rows::{Filter, Row, Rows, What, finds};

/// What the log remembers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    filter: Filter,
    rows: Rows,
    /// Which of the lines that have what is sought is looked at.
    at: usize,
    /// Whether that line is to be brought into sight.
    jump: bool,
}

impl Memory {
    /// Shows what the lives of this slot wrote.
    pub(super) fn only(&mut self, slot: &Slot) {
        self.filter = Filter { slot: Some(slot.clone()), ..Filter::default() };
    }
}

/// The colour of a line. A warning has a mark instead, for its colour is no text's colour on a light ground.
pub(super) fn colour(palette: &Palette, level: Option<OutputLevel>) -> Color32 {
    match level {
        Some(OutputLevel::Error) => palette.failed,
        Some(OutputLevel::Warning | OutputLevel::Info) | None => palette.text,
    }
}

/// The mark before a line: how grave it is, by shape and colour. Without one the room stays free.
pub(super) fn mark(ui: &mut Ui, level: Option<OutputLevel>) {
    let palette = Palette::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(11.0, 12.0), egui::Sense::hover());
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    match level {
        Some(OutputLevel::Warning) => {
            let corners = vec![at(0.5, 0.1), at(1.0, 0.9), at(0.0, 0.9)];
            let edge = egui::Stroke::new(1.0, palette.text);
            ui.painter().add(egui::Shape::convex_polygon(corners, palette.degraded, edge));
        }
        Some(OutputLevel::Error) => {
            let stroke = egui::Stroke::new(2.0, palette.failed);
            ui.painter().line_segment([at(0.1, 0.15), at(0.9, 0.85)], stroke);
            ui.painter().line_segment([at(0.9, 0.15), at(0.1, 0.85)], stroke);
        }
        Some(OutputLevel::Info) | None => {}
    }
}

/// Draws what is to be chosen and sought, in the row of the tabs.
pub(super) fn controls(ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory) {
    filters(ui, inputs, memory);
    search(ui, memory);
    copy(ui, inputs, memory);
}

/// Draws the log.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory) {
    let palette = Palette::of(ui.ctx());
    memory.rows.refresh(&inputs.shown.outputs, &memory.filter);
    memory.at = memory.at.min(memory.rows.found.len().saturating_sub(1));
    if memory.rows.all.is_empty() {
        let text = match inputs.shown.outputs.is_empty() {
            true => "Nothing was written yet. Run, and every process writes here what it does.",
            false => "No line is like that.",
        };
        ui.label(RichText::new(text).color(palette.faint));
        return;
    }
    // As high as a line of text is, not as something that is pressed.
    let height = ui.text_style_height(&egui::TextStyle::Body);
    ui.spacing_mut().interact_size.y = height;
    ui.spacing_mut().item_spacing.y = 2.0;
    let mut area = ScrollArea::vertical().id_salt("replica log").auto_shrink(false).stick_to_bottom(true);
    let target = memory.rows.found.get(memory.at).copied().filter(|_| !memory.filter.words.is_empty());
    if let Some(row) = target.filter(|_| std::mem::take(&mut memory.jump)) {
        let pitch = height + ui.spacing().item_spacing.y;
        area = area.vertical_scroll_offset((row as f32 * pitch - ui.available_height() / 2.0).max(0.0));
    }
    area.show_rows(ui, height, memory.rows.all.len(), |ui, shown| {
        for index in shown {
            if let Some(row) = memory.rows.all.get(index) {
                line(ui, row, inputs, &memory.filter, target == Some(index));
            }
        }
    });
}

fn filters(ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory) {
    let everybody = "All replicas";
    let now = memory.filter.slot.as_ref().map_or_else(|| everybody.to_owned(), ToString::to_string);
    let combo = ComboBox::from_id_salt("whose log").selected_text(now.as_str()).width(104.0).show_ui(ui, |ui| {
        ui.selectable_value(&mut memory.filter.slot, None, everybody);
        let mut slots: Vec<&Slot> = inputs.shown.outputs.iter().map(|output| &output.life.slot).collect();
        slots.dedup();
        for slot in slots {
            ui.selectable_value(&mut memory.filter.slot, Some(slot.clone()), slot.to_string());
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Log of: {now}")));
    let levels = [(None, "All lines"), (Some(OutputLevel::Warning), "Warnings"), (Some(OutputLevel::Error), "Errors")];
    let now = levels.iter().find(|(level, _)| *level == memory.filter.least).map_or("", |(_, text)| text);
    let combo = ComboBox::from_id_salt("level").selected_text(now).width(82.0).show_ui(ui, |ui| {
        for (level, text) in levels {
            ui.selectable_value(&mut memory.filter.least, level, text);
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Lines: {now}")));
}

fn search(ui: &mut Ui, memory: &mut Memory) {
    let field = TextEdit::singleline(&mut memory.filter.words).desired_width(120.0).hint_text("Search");
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Search the log"));
    if response.has_focus() {
        button::ring(ui, response.rect.shrink(2.0), Palette::of(ui.ctx()).accent, 1.5);
    }
    let found = memory.rows.found.len();
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let back = entered && ui.input(|input| input.modifiers.shift);
    if response.changed() {
        // The newest line that has it is the one that was sought, most of the time.
        memory.at = usize::MAX;
        memory.jump = true;
    }
    if memory.filter.words.is_empty() {
        return;
    }
    let previous = button::small(ui, Glyph::Up, "Previous match", found > 0) || back;
    let next = button::small(ui, Glyph::Down, "Next match", found > 0) || entered && !back;
    if found > 0 && (previous || next) {
        memory.at = (memory.at.min(found - 1) + if next { 1 } else { found - 1 }) % found;
        memory.jump = true;
    }
    if entered {
        response.request_focus();
    }
    let text = if found == 0 { "no match".to_owned() } else { format!("{} of {found}", memory.at.min(found - 1) + 1) };
    ui.label(RichText::new(text).size(12.5).color(Palette::of(ui.ctx()).faint));
}

fn copy(ui: &mut Ui, inputs: &Inputs<'_>, memory: &Memory) {
    let response = ui.add_enabled(!memory.rows.all.is_empty(), Button::new("Copy"));
    if response.on_hover_text("Copy all lines that are shown").clicked() {
        let lines = memory.rows.all.iter().map(|row| {
            let (who, text) = (row.life(&inputs.shown.outputs), words(row, inputs));
            format!("{:.3} {who} {text}\n", since_start(row.at_us, inputs))
        });
        ui.ctx().copy_text(lines.collect());
    }
}

fn since_start(at_us: u64, inputs: &Inputs<'_>) -> f64 {
    at_us as f64 / 1e6 - inputs.shown.started_us.unwrap_or(0) as f64 / 1e6
}

fn line(ui: &mut Ui, row: &Row, inputs: &Inputs<'_>, filter: &Filter, is_at: bool) {
    let palette = Palette::of(ui.ctx());
    let text = words(row, inputs);
    let colour = match row.what {
        What::Line(_) => colour(palette, row.level),
        What::LeftOut => palette.faint,
        What::End => palette.accent,
    };
    let who = row.life(&inputs.shown.outputs);
    ui.horizontal(|ui| {
        let time = format!("{:7.1} s", since_start(row.at_us, inputs));
        ui.label(RichText::new(time).monospace().color(palette.faint));
        let name = egui::Label::new(RichText::new(&who).size(12.5).color(palette.faint)).truncate();
        ui.allocate_ui_with_layout(vec2(92.0, 16.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(92.0);
            ui.add(name);
        });
        mark(ui, row.level);
        let job = highlighted(&text, &filter.words, colour, palette, is_at);
        ui.add(egui::Label::new(job).truncate()).on_hover_text(&text);
    });
}

/// The line with what is sought in it marked.
fn highlighted(text: &str, words: &str, colour: Color32, palette: &Palette, is_at: bool) -> LayoutJob {
    let font = FontId::proportional(13.0);
    let plain = TextFormat { font_id: font.clone(), color: colour, ..TextFormat::default() };
    let face = if is_at { palette.accent } else { palette.line_strong };
    let ink = if is_at { palette.on_accent } else { palette.canvas };
    let marked = TextFormat { font_id: font, color: ink, background: face, ..TextFormat::default() };
    let mut job = LayoutJob::default();
    let mut from = 0;
    for range in finds(text, words) {
        job.append(&text[from..range.start], 0.0, plain.clone());
        job.append(&text[range.clone()], 0.0, marked.clone());
        from = range.end;
    }
    job.append(&text[from..], 0.0, plain);
    job
}

fn words(row: &Row, inputs: &Inputs<'_>) -> String {
    let Some(output) = inputs.shown.outputs.get(row.output) else { return String::new() };
    match row.what {
        What::Line(line) => output.lines.get(line).map(|line| line.text.to_string()).unwrap_or_default(),
        What::LeftOut => format!("{} earlier lines are not kept", output.left_out),
        What::End => match output.end.map(|(_, death)| death) {
            Some(Death::Killed) => "— killed (SIGKILL) —",
            Some(Death::Terminated) => "— terminated (SIGTERM) —",
            Some(Death::Deployed) => "— made room for a new version —",
            Some(Death::ScaledIn) => "— taken out of the drawing —",
            Some(Death::Crashed) => "— crashed —",
            Some(Death::Stopped) => "— ended with the run —",
            None => "",
        }
        .to_owned(),
    }
}
