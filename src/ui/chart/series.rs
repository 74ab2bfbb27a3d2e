//! What each chart shows: its lines, with their colours, dashes and values, thinned out to what a screen can show.

use egui::Color32;
use egui_plot::LineStyle;

use crate::control::Snapshot;
use crate::control::snapshot::TimelinePoint;
use crate::ui::theme::Palette;

/// More points than this are thinned out.
const MOST_POINTS: usize = 1_500;
/// More nodes than this are not shown, for nobody could tell their lines apart: those that use most are.
const MOST_NODES: usize = 6;

/// One of the charts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Answers a second, and what failed.
    #[default]
    Answers,
    /// How long answers took.
    Latency,
    /// Sessions open and lost.
    Sessions,
    /// What the processes of each node use of a core.
    Cpu,
    /// How much memory the processes of each node use.
    Memory,
}

/// Every topic, in the order in which they are offered.
pub(super) const TOPICS: [Topic; 5] = [Topic::Answers, Topic::Latency, Topic::Sessions, Topic::Cpu, Topic::Memory];

impl Topic {
    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Answers => "Answers",
            Self::Latency => "Latency",
            Self::Sessions => "Sessions",
            Self::Cpu => "CPU",
            Self::Memory => "Memory",
        }
    }

    /// What its lines are measured in.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::Answers => "answers a second",
            Self::Latency => "ms",
            Self::Sessions => "sessions",
            Self::Cpu => "% of a core",
            Self::Memory => "MiB",
        }
    }

    /// The same in as few letters as stand at an axis.
    pub(super) const fn sign(self) -> &'static str {
        if let Self::Answers = self { "/s" } else { self.unit() }
    }
}

/// One line of a chart.
pub(super) struct Series {
    /// What it is called.
    pub(super) name: String,
    /// Its colour.
    pub(super) colour: Color32,
    /// Its dashes, for those who do not see the colour.
    pub(super) style: LineStyle,
    /// Second and value, by time.
    pub(super) points: Vec<[f64; 2]>,
}

impl Series {
    /// The value at the last point at or before this second.
    pub(super) fn at(&self, second: f64) -> Option<f64> {
        let behind = self.points.partition_point(|point| point[0] <= second);
        self.points.get(behind.checked_sub(1)?).map(|point| point[1])
    }
}

const LONG: LineStyle = LineStyle::Dashed { length: 9.0 };

/// The lines of a chart.
pub(super) fn of(topic: Topic, shown: &Snapshot, palette: &Palette) -> Vec<Series> {
    let line = |name: &str, colour, style, value: fn(&TimelinePoint) -> Option<f64>| {
        let points = shown.timeline.iter().filter_map(|point| Some([f64::from(point.second) + 1.0, value(point)?]));
        Series { name: name.to_owned(), colour, style, points: thinned(points.collect()) }
    };
    match topic {
        Topic::Answers => vec![
            line("ok/s", palette.ok, LineStyle::Solid, |point| Some(f64::from(point.ok))),
            line("failed/s", palette.failed, LONG, |point| Some(f64::from(point.bad))),
        ],
        Topic::Latency => vec![
            line("p50", palette.ok, LineStyle::Solid, |point| point.p50_ms.map(f64::from)),
            line("p99", palette.degraded, LONG, |point| point.p99_ms.map(f64::from)),
        ],
        Topic::Sessions => vec![
            line("open", palette.ok, LineStyle::Solid, |point| Some(f64::from(point.sessions_open))),
            line("lost", palette.failed, LONG, |point| Some(f64::from(point.sessions_lost))),
        ],
        Topic::Cpu => by_node(shown, palette, |point| f64::from(point.cpu) * 100.0),
        Topic::Memory => by_node(shown, palette, |point| point.pss_kib as f64 / 1024.0),
    }
}

/// A line for each of the nodes that use most.
fn by_node(
    shown: &Snapshot,
    palette: &Palette,
    value: fn(&crate::control::snapshot::UsagePoint) -> f64,
) -> Vec<Series> {
    let step_s = f64::from(shown.usage.step_s);
    let mut nodes: Vec<Series> = shown
        .usage
        .nodes
        .iter()
        .map(|node| {
            let points = node.points.iter().enumerate();
            let points = points.map(|(index, point)| [(index + 1) as f64 * step_s, value(point)]);
            let name = node.node.to_string();
            Series { name, colour: palette.text, style: LineStyle::Solid, points: thinned(points.collect()) }
        })
        .collect();
    let highest = |series: &Series| series.points.iter().map(|point| point[1]).fold(0.0, f64::max);
    nodes.sort_by(|a, b| highest(b).total_cmp(&highest(a)).then_with(|| a.name.cmp(&b.name)));
    nodes.truncate(MOST_NODES);
    // By name, so that a line keeps its look while another overtakes it.
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let colours = [palette.ok, palette.degraded, palette.text];
    for (index, node) in nodes.iter_mut().enumerate() {
        node.colour = colours[index % colours.len()];
        node.style = if index < colours.len() { LineStyle::Solid } else { LONG };
    }
    nodes
}

/// At most [`MOST_POINTS`]: of each stretch the lowest and the highest, so that no peak is lost.
fn thinned(points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    if points.len() <= MOST_POINTS {
        return points;
    }
    let stretch = points.len().div_ceil(MOST_POINTS / 2);
    let mut kept = Vec::with_capacity(MOST_POINTS);
    for stretch in points.chunks(stretch) {
        let by_value = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
        let (Some(low), Some(high)) = (stretch.iter().min_by(by_value), stretch.iter().max_by(by_value)) else {
            continue;
        };
        let (first, second) = if low[0] <= high[0] { (low, high) } else { (high, low) };
        kept.push(*first);
        if first[0] < second[0] {
            kept.push(*second);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_thinned_out_and_keeps_its_peaks_and_its_order() {
        let spike = |second: usize| if second == 77_777 { 500.0 } else { (second % 7) as f64 };
        let thin = thinned((0..100_000).map(|second| [second as f64, spike(second)]).collect());
        assert!(thin.len() <= MOST_POINTS && thin.is_sorted_by(|a, b| a[0] < b[0]), "{}", thin.len());
        assert!(thin.contains(&[77_777.0, 500.0]));
        assert_eq!(thinned(vec![[1.0, 2.0]]), [[1.0, 2.0]]);
    }

    #[test]
    fn the_value_at_a_second_is_that_of_the_last_point_before() {
        let points = vec![[1.0, 10.0], [2.0, 20.0]];
        let series = Series { name: String::new(), colour: Color32::BLACK, style: LineStyle::Solid, points };
        assert_eq!([series.at(0.5), series.at(1.9), series.at(7.0)], [None, Some(10.0), Some(20.0)]);
    }
}
