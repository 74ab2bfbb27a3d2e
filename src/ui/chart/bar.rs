//! Above a chart: which one it is, what its lines are, and how closely one looks.

use egui::{Button, ComboBox, RichText, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};
use egui_plot::LineStyle;

use super::series::{Series, TOPICS};
use super::{CLOSER, Memory, Sight};
use crate::ui::theme::Palette;

/// Draws the row.
pub(super) fn show(ui: &mut Ui, all: &[Series], live: Sight, memory: &mut Memory) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 3.0);
        ui.spacing_mut().button_padding = vec2(8.0, 3.0);
        topic(ui, memory);
        let step = |ui: &mut Ui, sign: &str, label: &str| {
            let response = ui.add(Button::new(sign).min_size(vec2(24.0, 22.0)));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, label));
            response.on_hover_text(label).clicked()
        };
        let sight = memory.still.unwrap_or(live);
        if step(ui, "−", "See more time") {
            memory.still = Some(sight.looked(1.0 / CLOSER, None, 0.0));
        }
        if step(ui, "+", "See less time, closer") {
            memory.still = Some(sight.looked(CLOSER, None, 0.0));
        }
        let (text, about) = match memory.still {
            Some(_) => ("Live", "Let the chart follow the run"),
            None => ("Pause", "Let the chart stand still, while the run goes on"),
        };
        let response = ui.add(Button::new(text).min_size(vec2(54.0, 22.0)));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, about));
        if response.on_hover_text(about).clicked() {
            memory.still = if memory.still.is_some() { None } else { Some(live) };
        }
        for series in all {
            entry(ui, series, memory);
        }
    });
}

fn topic(ui: &mut Ui, memory: &mut Memory) {
    let before = memory.topic;
    let combo = ComboBox::from_id_salt("chart's topic").selected_text(before.name()).width(92.0).show_ui(ui, |ui| {
        for topic in TOPICS {
            ui.selectable_value(&mut memory.topic, topic, topic.name());
        }
    });
    let label = format!("Chart of: {}", before.name());
    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, &label));
    if memory.topic != before {
        memory.top = 0.0;
        memory.hidden.clear();
        // The seconds stay in sight, the values are others.
        memory.still = None;
    }
}

/// A line's look and name; a click switches it off or on.
fn entry(ui: &mut Ui, series: &Series, memory: &mut Memory) {
    let palette = Palette::of(ui.ctx());
    let is_on = !memory.hidden.contains(&series.name);
    let font = egui::FontId::proportional(12.5);
    let galley = ui.painter().layout_no_wrap(series.name.clone(), font, egui::Color32::PLACEHOLDER);
    let (rect, response) = ui.allocate_exact_size(vec2(28.0 + galley.size().x, 22.0), Sense::click());
    let label = format!("Line {}", series.name);
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, is_on, &label));
    let y = rect.center().y;
    let ends = [egui::pos2(rect.left(), y), egui::pos2(rect.left() + 22.0, y)];
    let stroke = Stroke::new(2.0, if is_on { series.colour } else { palette.line_strong });
    if let LineStyle::Dashed { length } = series.style {
        ui.painter().extend(Shape::dashed_line(&ends, stroke, length, length * 0.6));
    } else {
        ui.painter().line_segment(ends, stroke);
    }
    let colour = if is_on { palette.text } else { palette.faint };
    let at = egui::pos2(rect.left() + 26.0, y - galley.size().y / 2.0);
    if !is_on {
        let ends = [egui::pos2(at.x, y), egui::pos2(at.x + galley.size().x, y)];
        ui.painter().line_segment(ends, Stroke::new(1.0, palette.faint));
    }
    ui.painter().galley(at, galley, colour);
    if response.has_focus() {
        crate::ui::button::ring(ui, rect.shrink(1.0), palette.text, 1.0);
    }
    if response.on_hover_ui(|ui| drop(ui.label(RichText::new("Show or hide this line")))).clicked() {
        if is_on {
            memory.hidden.push(series.name.clone());
        } else {
            memory.hidden.retain(|name| *name != series.name);
        }
    }
}
