//! What a frame of the canvas costs, beside egui-snarl with the same graph: processor time of one thread for taking in what
//! has come from the run, the picture's step, the interaction, and all shapes tessellated, without the graphics card. Beside
//! it: what planning the requests of a frame takes on its own thread (the median).
//! `cargo bench --bench canvas`; some four minutes. Two numbers choose one graph, nodes and dots, and a word one view (`whole`,
//! `1:1`, `pan`, `drag`); `ours` leaves egui-snarl out, for a profiler.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark ends when it is wrong")]

#[path = "canvas/clock.rs"]
mod clock;
#[path = "canvas/graph.rs"]
mod graph;
#[path = "canvas/ours.rs"]
mod ours;
#[path = "canvas/theirs.rs"]
mod theirs;

use clock::Times;
use graph::Graph;
use ours::Ours;
use theirs::Theirs;

/// As many frames of each are measured, unless a third number says another.
const FRAMES: usize = 300;
/// After so many frames of ours it is their turn: often enough for both to meet the machine as it is, fast or slow, and seldom
/// enough that each finds its own memory in the processor's caches, and not the other's.
const ROUND: usize = 60;
/// The graphs: nodes and dots. Without dots ours draws what egui-snarl draws, which has none.
const CASES: [(usize, usize); 9] = [
    (100, 0),
    (100, 20_000),
    (100, 100_000),
    (1_000, 0),
    (1_000, 20_000),
    (1_000, 100_000),
    (10_000, 0),
    (10_000, 20_000),
    (10_000, 100_000),
];
/// Frames of ours for each of theirs, by nodes: theirs take long, and a few minutes must do.
const THEIRS_EVERY: [(usize, usize); 3] = [(100, 1), (1_000, 1), (10_000, 30)];
/// What is asked for: nodes, dots, what is seen, and the milliseconds that 95 of 100 frames must keep to.
const TARGETS: [(usize, usize, Sight, f64); 3] =
    [(1_000, 20_000, Sight::Whole, 4.0), (1_000, 20_000, Sight::Near, 1.0), (10_000, 100_000, Sight::Whole, 12.0)];
/// Theirs must take so many times as long as ours with 1,000 nodes in full view, with dots on ours and without.
const TIMES_CHEAPER: f64 = 20.0;

/// What is seen, and what is done meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The whole graph.
    Whole,
    /// Its middle at 1:1.
    Near,
    /// The same while it is pushed aside.
    Panned,
    /// The same while a card is dragged.
    Dragged,
}

const SIGHTS: [Sight; 4] = [Sight::Whole, Sight::Near, Sight::Panned, Sight::Dragged];

impl Sight {
    fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Near => "1:1",
            Self::Panned => "pan",
            Self::Dragged => "drag",
        }
    }

    /// Whether theirs is measured, too: it is not touched.
    fn is_compared(self) -> bool {
        matches!(self, Self::Whole | Self::Near)
    }
}

/// What was measured of one view.
struct Row {
    nodes: usize,
    dots: usize,
    sight: Sight,
    ours: Times,
    theirs: Times,
}

impl Row {
    /// How many times as long theirs take, by the medians.
    fn ratio(&self) -> f64 {
        self.theirs.quantile(0.5) / self.ours.quantile(0.5)
    }
}

fn main() {
    let wanted: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let alone = std::env::args().any(|word| word == "ours");
    let is_wanted = |case: &(usize, usize)| wanted.is_empty() || wanted[..2.min(wanted.len())] == [case.0, case.1];
    let frames = wanted.get(2).copied().unwrap_or(FRAMES);
    let chosen = SIGHTS.into_iter().find(|sight| std::env::args().any(|word| word == sight.name()));
    println!(
        "{:>6} {:>7} {:>6} {:>9} {:>9} {:>9}   {:>12} {:>9} {:>7}  {:>9}",
        "nodes", "dots", "view", "median ms", "p95 ms", "beside ms", "snarl median", "p95 ms", "ratio", "vertices"
    );
    let mut rows = Vec::new();
    for (nodes, dots) in CASES.into_iter().filter(is_wanted) {
        let mut ours = Ours::new(nodes, dots);
        for sight in SIGHTS {
            ours.look(sight);
            if chosen.is_none_or(|chosen| chosen == sight) {
                rows.push(measure(&mut ours, (nodes, dots), sight, (frames, alone)));
            }
        }
    }
    println!();
    judge(&rows);
}

/// Measures one view, rounds of both turn by turn. Beside the larger number of dots theirs are not measured again.
fn measure(ours: &mut Ours, (nodes, dots): (usize, usize), sight: Sight, (frames, alone): (usize, bool)) -> Row {
    let every = THEIRS_EVERY.iter().find(|(known, _)| *known == nodes).map_or(1, |(_, every)| *every);
    let compared = dots <= 20_000 && !alone && sight.is_compared();
    let mut theirs = compared.then(|| Theirs::new(&Graph::new(nodes), sight == Sight::Near));
    let mut row = Row { nodes, dots, sight, ours: Times::default(), theirs: Times::default() };
    for round in 0..frames.div_ceil(ROUND) {
        let round = ROUND.min(frames - round * ROUND);
        for _ in 0..round {
            ours.before_frame();
            row.ours.measure(|| ours.measured());
            ours.after_frame();
        }
        if let Some(theirs) = &mut theirs {
            (0..round.div_ceil(every)).for_each(|_| row.theirs.measure(|| theirs.measured()));
        }
    }
    let (median, p95) = (row.ours.quantile(0.5), row.ours.quantile(0.95));
    let beside = std::mem::take(&mut ours.beside).quantile(0.5);
    print!("{nodes:>6} {:>7} {:>6} {median:>9.2} {p95:>9.2} {beside:>9.2}   ", ours.dots(), sight.name());
    if row.theirs.count() > 0 {
        print!("{:>12.2} {:>9.2} {:>6.1}×", row.theirs.quantile(0.5), row.theirs.quantile(0.95), row.ratio());
    } else {
        print!("{:>12} {:>9} {:>7}", "", "", "");
    }
    println!("  {:>9}", ours.vertices);
    row
}

/// Says which targets hold.
fn judge(rows: &[Row]) {
    let verdict = |holds: bool| if holds { "holds" } else { "MISSED" };
    for (nodes, dots, sight, most_ms) in TARGETS {
        let Some(row) = rows.iter().find(|row| (row.nodes, row.dots, row.sight) == (nodes, dots, sight)) else {
            continue;
        };
        let (p95, view) = (row.ours.quantile(0.95), if sight == Sight::Near { "at 1:1" } else { "in full view" });
        println!(
            "{nodes} nodes, {dots} dots {view}: p95 {p95:.2} ms, at most {most_ms} ms: {}",
            verdict(p95 <= most_ms)
        );
    }
    for row in rows.iter().filter(|row| row.nodes == 1_000 && row.sight == Sight::Whole && row.theirs.count() > 0) {
        let (ratio, dots) = (row.ratio(), row.dots);
        println!(
            "1000 nodes in full view, {dots} dots on ours: egui-snarl takes {ratio:.1} times as long, at least \
             {TIMES_CHEAPER}: {}",
            verdict(ratio >= TIMES_CHEAPER)
        );
    }
}
