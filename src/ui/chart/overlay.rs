//! What is written over a chart: names at the markers of faults, all values at the second under the pointer, and, for those
//! who do not see it, what it shows in words.

use egui::{Align2, FontId, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::series::{Series, Topic};
use crate::control::Snapshot;
use crate::scene::words::count;
use crate::ui::theme::Palette;

/// How many names of faults may stand one below the other before they are left out.
const ROWS: usize = 3;

/// A number in few digits.
pub(super) fn short(value: f64) -> String {
    let small = value.abs() < 10.0 && (value - value.round()).abs() > 0.05;
    if small { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// When faults were, in seconds, and what they were.
pub(super) fn faults(shown: &Snapshot) -> impl Iterator<Item = (f64, String)> {
    let start = shown.started_us.unwrap_or(0);
    let at = move |at_us: u64| at_us as f64 / 1e6 - start as f64 / 1e6;
    shown.faults.iter().map(move |fault| (at(fault.at_us), format!("{} {}", fault.kind, fault.on)))
}

/// What the values are measured in, in the upper left corner, and the names of faults at the top of their markers, one below
/// the other where they would lie on each other.
pub(super) fn labels(ui: &Ui, rect: Rect, transform: &PlotTransform, topic: Topic, shown: &Snapshot) {
    let palette = Palette::of(ui.ctx());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mut ends = [f32::NEG_INFINITY; ROWS];
    let corner = rect.min + vec2(5.0, 3.0);
    let unit = painter.layout_no_wrap(topic.sign().to_owned(), FontId::proportional(11.5), palette.faint);
    let behind = Rect::from_min_size(corner, unit.size()).expand2(vec2(3.0, 1.0));
    ends[0] = behind.right() + 4.0;
    painter.rect_filled(behind, 2.0, palette.panel);
    painter.galley(corner, unit, palette.faint);
    for (at, name) in faults(shown) {
        let x = transform.position_from_point(&PlotPoint::new(at, 0.0)).x;
        if !rect.x_range().contains(x) {
            continue;
        }
        let galley = painter.layout_no_wrap(name, FontId::proportional(11.0), palette.accent);
        let to_left = x + galley.size().x + 6.0 > rect.right();
        let left = if to_left { x - galley.size().x - 4.0 } else { x + 4.0 };
        let Some(row) = ends.iter().position(|end| *end <= left) else { continue };
        ends[row] = left + galley.size().x + 6.0;
        let at = pos2(left, rect.top() + 2.0 + row as f32 * 13.0);
        let behind = Rect::from_min_size(at, galley.size()).expand2(vec2(2.0, 0.0));
        painter.rect_filled(behind, 2.0, palette.panel);
        painter.galley(at, galley, palette.accent);
    }
}

/// All values at a second, in a box beside the pointer.
pub(super) fn readout(
    ui: &Ui,
    rect: Rect,
    (transform, second): (&PlotTransform, f64),
    lines: &[&Series],
    topic: Topic,
    shown: &Snapshot,
) {
    // Values belong to whole seconds: the one that ended last.
    let second = second.floor();
    let values = lines.iter().filter_map(|series| Some((*series, series.at(second)?)));
    let values: Vec<(&Series, f64)> = values.collect();
    let last = lines.iter().filter_map(|series| series.points.last()).map(|point| point[0]).fold(0.0, f64::max);
    if values.is_empty() || second > last {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let x = transform.position_from_point(&PlotPoint::new(second, 0.0)).x;
    painter.vline(x, rect.y_range(), Stroke::new(1.0, palette.line_strong));
    let font = FontId::proportional(12.0);
    let mut rows = vec![(format!("At {second:.0} s, {}", topic.unit()), palette.faint, None)];
    for (series, value) in values {
        rows.push((format!("{}  {}", series.name, short(value)), palette.text, Some(series.colour)));
        let y = transform.position_from_point(&PlotPoint::new(second, value)).y;
        painter.circle(pos2(x, y), 3.5, series.colour, Stroke::new(1.0, palette.panel));
    }
    let now = faults(shown).filter(|(at, _)| (at - second).abs() < 1.0);
    rows.extend(now.map(|(_, name)| (name, palette.accent, None)));
    let galleys: Vec<_> =
        rows.iter().map(|(text, colour, _)| painter.layout_no_wrap(text.clone(), font.clone(), *colour)).collect();
    let width = galleys.iter().map(|galley| galley.size().x).fold(0.0, f32::max) + 28.0;
    let height = galleys.len() as f32 * 16.0 + 8.0;
    let left = if x + 12.0 + width > rect.right() { x - 12.0 - width } else { x + 12.0 };
    let face = Rect::from_min_size(pos2(left, (rect.top() + 8.0).min(rect.bottom() - height)), vec2(width, height));
    painter.rect(face, 6.0, palette.card, Stroke::new(1.0, palette.line_strong), StrokeKind::Inside);
    for (index, (galley, (_, colour, mark))) in galleys.into_iter().zip(&rows).enumerate() {
        let y = face.top() + 12.0 + index as f32 * 16.0;
        if let Some(mark) = mark {
            painter.circle_filled(pos2(face.left() + 11.0, y), 3.5, *mark);
        }
        let indent = if mark.is_some() { 20.0 } else { 8.0 };
        let place = Align2::LEFT_CENTER.anchor_size(pos2(face.left() + indent, y), galley.size());
        painter.galley(place.min, galley, *colour);
    }
}

/// What the chart shows, in words.
pub(super) fn summary(lines: &[&Series], topic: Topic, shown: &Snapshot) -> String {
    let seconds = shown.timeline.len() as u64;
    if seconds == 0 {
        return format!("Chart of {}: nothing was measured yet", topic.name());
    }
    let mut text = format!("Chart of {} ({}), {}", topic.name(), topic.unit(), count(seconds, "second"));
    for series in lines {
        let highest = series.points.iter().map(|point| point[1]).fold(0.0, f64::max);
        if let Some([_, now]) = series.points.last() {
            text.push_str(&format!("; {} now {}, at most {}", series.name, short(*now), short(highest)));
        }
    }
    for (at, name) in faults(shown) {
        text.push_str(&format!("; {name} at {at:.0} s"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.0, 0.35, 2.0, 12.34, 1234.0].map(short), ["0", "0.3", "2", "12", "1234"]);
    }
}
