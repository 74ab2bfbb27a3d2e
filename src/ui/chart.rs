//! One chart: good and bad answers a second, sessions open and lost, on one time axis from t = 0, with faults as markers.

use egui::{Color32, RichText, Sense, Shape, Stroke, Ui, vec2};
use egui_plot::{Line, LineStyle, Plot, PlotPoints, VLine};

use crate::control::snapshot::TimelinePoint;

use super::theme::Palette;
use super::{Inputs, View};

/// More points than this are thinned out.
const MOST_POINTS: usize = 1_500;
/// The time axis shows at least this many seconds, so that it does not run at the start.
const LEAST_SECONDS: f64 = 30.0;

/// Draws the chart. The y axis only grows, in steps, so that it does not jump during a fault.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    let palette = Palette::of(ui.ctx());
    legend(ui, palette);
    let points = &inputs.shown.timeline;
    if points.is_empty() {
        view.chart_top = f64::from(inputs.shown.sessions.users.max(10));
    }
    let highest = points
        .iter()
        .map(|point| point.ok.max(point.bad).max(point.sessions_open).max(point.sessions_lost))
        .max()
        .map_or(10.0, f64::from);
    while view.chart_top < highest * 1.1 {
        view.chart_top = (view.chart_top * 1.5).max(10.0);
    }
    let seconds = points.last().map_or(0.0, |point| f64::from(point.second) + 1.0).max(LEAST_SECONDS);
    let top = view.chart_top;
    Plot::new("answers and sessions")
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .y_axis_min_width(28.0)
        .x_axis_formatter(|mark, _| format!("{:.0} s", mark.value))
        // The 0 is the time axis's: two would cover each other.
        .y_axis_formatter(|mark, _| if mark.value < 0.5 { String::new() } else { format!("{:.0}", mark.value) })
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.0..=seconds);
            plot.set_plot_bounds_y(0.0..=top);
            for (name, colour, style, value) in series(palette) {
                plot.line(Line::new(name, line(points, value)).color(colour).width(2.0).style(style));
            }
            let start = inputs.shown.started_us.unwrap_or(0);
            for fault in inputs.shown.faults.iter() {
                let at = fault.at_us.saturating_sub(start) as f64 / 1e6;
                let name = format!("{} {}", fault.kind, fault.on);
                plot.vline(VLine::new(name, at).color(palette.failed).width(1.0).style(LineStyle::dotted_dense()));
            }
        });
}

/// One line of the chart: its name, colour, dashes and value.
type Series = (&'static str, Color32, LineStyle, fn(&TimelinePoint) -> u32);

fn series(palette: &Palette) -> [Series; 4] {
    [
        ("ok/s", palette.ok, LineStyle::Solid, |point| point.ok),
        ("bad/s", palette.failed, LineStyle::Solid, |point| point.bad),
        ("open", palette.faint, LineStyle::Dashed { length: 9.0 }, |point| point.sessions_open),
        ("lost", palette.degraded, LineStyle::Dashed { length: 4.0 }, |point| point.sessions_lost),
    ]
}

/// What each line is, above the chart, where it covers none of them.
fn legend(ui: &mut Ui, palette: &Palette) {
    ui.horizontal(|ui| {
        for (name, colour, style, _) in series(palette) {
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 14.0), Sense::hover());
            let ends = [rect.left_center(), rect.right_center()];
            let stroke = Stroke::new(2.0, colour);
            match style {
                LineStyle::Dashed { length } => {
                    ui.painter().extend(Shape::dashed_line(&ends, stroke, length, length * 0.6));
                }
                LineStyle::Solid | LineStyle::Dotted { .. } => {
                    ui.painter().line_segment(ends, stroke);
                }
            }
            ui.label(RichText::new(name).size(12.5).color(palette.text));
            ui.add_space(2.0);
        }
    });
}

fn line(points: &[TimelinePoint], value: fn(&TimelinePoint) -> u32) -> PlotPoints<'static> {
    let every = points.len().div_ceil(MOST_POINTS).max(1);
    points.iter().step_by(every).map(|point| [f64::from(point.second) + 1.0, f64::from(value(point))]).collect()
}
