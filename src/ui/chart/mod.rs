//! The charts: the run second by second from t = 0, with faults as markers. Live, a chart follows the run; as soon as one
//! looks closer it stands still, until it is told to follow again.

mod bar;
mod overlay;
mod series;

use egui::{EventFilter, Key, Rangef, Role, Ui, WidgetInfo};
use egui_plot::{AxisHints, GridMark, Line, LineStyle, Plot, PlotPoint, PlotPoints, VLine};

use super::theme::Palette;
use super::{Inputs, View};
use series::{Series, Topic};

/// The time axis shows at least this many seconds, so that it does not run at the start.
const LEAST_SECONDS: f64 = 30.0;
/// How much closer one step of zooming is.
const CLOSER: f64 = 1.4;
/// The least distance between two values at the axis, in points.
const APART: f32 = 20.0;
/// No more values than this stand there.
const MOST_VALUES: f32 = 5.0;
/// The room for the half of the last second's words that is beyond the axis.
const BEYOND: f32 = 16.0;
/// How far one step of panning goes, as a share of what is in sight.
const FURTHER: f64 = 0.2;

/// What the charts remember from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    topic: Topic,
    /// Lines that were switched off, by name.
    hidden: Vec<String>,
    /// What is in sight while the chart stands still; `None` while it follows the run.
    still: Option<Sight>,
    /// How high the chart is that follows; it only grows, in steps, so that it does not jump during a fault.
    top: f64,
}

/// The part of a chart that is in sight: seconds and values.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sight {
    x: (f64, f64),
    y: (f64, f64),
}

impl Sight {
    /// Closer by this factor around a second, and later by a share of what is in sight.
    fn looked(self, closer: f64, around: Option<f64>, later: f64) -> Self {
        let (from, to) = self.x;
        let middle = around.unwrap_or((from + to) / 2.0);
        // Between half a second and a day, so that no figure ever overflows.
        let closer = closer.clamp((to - from) / 86_400.0, (to - from).max(0.5) / 0.5);
        let shift = (to - from) * later;
        Self { x: (middle + (from - middle) / closer + shift, middle + (to - middle) / closer + shift), ..self }
    }
}

/// Draws the chart that was chosen.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    let memory = &mut view.bottom.chart;
    let all = series::of(memory.topic, inputs.shown, Palette::of(ui.ctx()));
    let live = follow(&all, inputs, memory);
    bar::show(ui, &all, live, memory);
    let lines: Vec<&Series> = all.iter().filter(|series| !memory.hidden.contains(&series.name)).collect();
    plot(ui, &lines, live, inputs, memory);
}

/// What is in sight of a chart that follows the run.
fn follow(all: &[Series], inputs: &Inputs<'_>, memory: &mut Memory) -> Sight {
    let last = inputs.shown.timeline.last().map_or(0.0, |point| f64::from(point.second) + 1.0);
    if last == 0.0 {
        // Nothing was measured yet, or a new run began.
        memory.top = if memory.topic == Topic::Sessions { f64::from(inputs.shown.sessions.users) } else { 0.0 };
        memory.still = None;
    }
    let shown = all.iter().filter(|series| !memory.hidden.contains(&series.name));
    let highest = shown.flat_map(|series| &series.points).map(|point| point[1]).fold(0.0, f64::max);
    memory.top = memory.top.max(10.0);
    while memory.top < highest * 1.1 {
        memory.top *= 1.5;
    }
    Sight { x: (0.0, last.max(LEAST_SECONDS)), y: (0.0, memory.top) }
}

fn plot(ui: &mut Ui, lines: &[&Series], live: Sight, inputs: &Inputs<'_>, memory: &mut Memory) {
    let palette = Palette::of(ui.ctx());
    let sight = memory.still.unwrap_or(live);
    // The 0 is the time axis's: two would cover each other.
    let value = |mark: GridMark, _: &_| if mark.value <= 0.0 { String::new() } else { overlay::short(mark.value) };
    // A chart is low: with more room between its marks a high one would have none.
    let height = ui.available_height() - 20.0;
    let values = AxisHints::new_y().min_thickness(30.0).label_spacing(Rangef::new(10.0, 14.0)).formatter(value);
    let drawn = Plot::new("chart")
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .width(ui.available_width() - BEYOND)
        .custom_y_axes(vec![values])
        .y_grid_spacer(move |input| marks(input.bounds, height))
        .grid_color(palette.line)
        .show_x(false)
        .show_y(false)
        .label_formatter(|_| None)
        .x_axis_formatter(|mark, _| format!("{} s", overlay::short(mark.value)))
        .show(ui, |plot| {
            plot.set_plot_bounds_x(sight.x.0..=sight.x.1);
            plot.set_plot_bounds_y(sight.y.0..=sight.y.1);
            for series in lines {
                let points: PlotPoints<'_> = series.points.iter().copied().collect();
                let line = Line::new(series.name.as_str(), points).color(series.colour).style(series.style);
                plot.line(line.width(2.0).allow_hover(false));
            }
            for (at, name) in overlay::faults(inputs.shown) {
                let line = VLine::new(name, at).color(palette.accent).width(1.0).style(LineStyle::dotted_dense());
                plot.vline(line.allow_hover(false));
            }
        });
    let plot = &drawn.response;
    let bounds = drawn.transform.bounds();
    let (min, max) = (bounds.min(), bounds.max());
    let seen = Sight { x: (min[0], max[0]), y: (min[1], max[1]) };
    // Dragging moved it, or a box was drawn with the other button.
    if plot.dragged_by(egui::PointerButton::Primary) || plot.drag_stopped() && seen != sight {
        memory.still = Some(seen);
    }
    let pointer = plot.hover_pos().map(|at| drawn.transform.value_from_position(at));
    look_closer(ui, plot, seen, pointer, memory);
    overlay::labels(ui, plot.rect, &drawn.transform, memory.topic, inputs.shown);
    if let Some(PlotPoint { x, .. }) = pointer.filter(|_| !plot.dragged()) {
        overlay::readout(ui, plot.rect, (&drawn.transform, x), lines, memory.topic, inputs.shown);
    }
    let text = overlay::summary(lines, memory.topic, inputs.shown);
    plot.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &text));
}

/// The marks at the axis of values: two at least, however short the run and however low the chart.
fn marks((from, to): (f64, f64), height: f32) -> Vec<GridMark> {
    let step_size = step(to - from, height);
    let first = (from / step_size).floor();
    let value = |at: u32| (first + f64::from(at)) * step_size;
    let all = (0..=2 * MOST_VALUES as u32).map(value).filter(|value| (from..=to * 1.000_1).contains(value));
    all.map(|value| GridMark { value, step_size }).collect()
}

/// The distance between two marks: 1, 2 or 5 and zeros, or half of what is in sight where that is too much.
fn step(range: f64, height: f32) -> f64 {
    let most = (height / APART).floor().clamp(2.0, MOST_VALUES);
    let least = range.max(1e-9) / f64::from(most);
    let ten = 10.0_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * ten).into_iter().find(|step| *step >= least * 0.999);
    step.filter(|step| range / step >= 2.0).unwrap_or(range.max(1e-9) / 2.0)
}

/// The wheel looks closer, the keys too while the chart has the focus; a double click follows the run again.
fn look_closer(ui: &Ui, plot: &egui::Response, seen: Sight, pointer: Option<PlotPoint>, memory: &mut Memory) {
    let wheel = if pointer.is_some() { ui.input(|input| input.smooth_scroll_delta()) } else { egui::Vec2::ZERO };
    if wheel != egui::Vec2::ZERO {
        let later = -f64::from(wheel.x) / f64::from(plot.rect.width().max(1.0));
        memory.still = Some(seen.looked((f64::from(wheel.y) / 200.0).exp(), pointer.map(|at| at.x), later));
    }
    if plot.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(plot.id, arrows));
        crate::ui::button::ring(ui, plot.rect.shrink(4.0), Palette::of(ui.ctx()).accent, 1.5);
        let pressed = |key: Key| ui.input(|input| input.key_pressed(key));
        for (key, closer, later) in [
            (Key::ArrowLeft, 1.0, -FURTHER),
            (Key::ArrowRight, 1.0, FURTHER),
            (Key::Plus, CLOSER, 0.0),
            (Key::Equals, CLOSER, 0.0),
            (Key::Minus, 1.0 / CLOSER, 0.0),
        ] {
            if pressed(key) {
                memory.still = Some(seen.looked(closer, None, later));
            }
        }
        if pressed(Key::Home) {
            memory.still = None;
        }
    }
    if plot.double_clicked() {
        memory.still = None;
    }
    if plot.hovered() {
        let about = "Wheel: closer. Drag: earlier or later. Right drag: a box. Double click: live";
        plot.ctx.accesskit_node_builder(plot.id, |node| node.set_description(about));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_two_values_at_the_axis_at_least_and_five_at_most() {
        for top in [0.4, 10.0, 15.0, 22.5, 33.75, 50.6, 76.0, 114.0, 4321.0] {
            for height in [40.0, 70.0, 110.0, 400.0] {
                let above = marks((0.0, top), height).into_iter().filter(|mark| mark.value > 0.0).count();
                assert!((2..=5).contains(&above), "{above} up to {top} in {height}");
            }
        }
        assert_eq!([10.0, 22.5, 50.6].map(|top| step(top, 110.0)), [2.0, 5.0, 20.0]);
    }

    #[test]
    fn looking_closer_keeps_what_the_pointer_is_on_and_never_overflows() {
        let sight = Sight { x: (0.0, 100.0), y: (0.0, 10.0) };
        assert_eq!(sight.looked(2.0, Some(50.0), 0.0).x, (25.0, 75.0));
        assert_eq!(sight.looked(2.0, Some(0.0), 0.0).x, (0.0, 50.0));
        assert_eq!(sight.looked(1.0, None, 0.2).x, (20.0, 120.0));
        let mut near = sight;
        let mut far = sight;
        for _ in 0..10_000 {
            near = near.looked(CLOSER, None, 0.0);
            far = far.looked(1.0 / CLOSER, None, 0.0);
        }
        assert!((near.x.1 - near.x.0 - 0.5).abs() < 1e-6, "{near:?}");
        assert!((far.x.1 - far.x.0 - 86_400.0).abs() < 1.0, "{far:?}");
    }
}
