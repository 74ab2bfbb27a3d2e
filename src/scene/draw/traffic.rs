//! What links tell of their traffic, for engineers: thickness by rate, the orange share of what fails, and plates with numbers
//! where they cover neither a card nor each other.

use crate::control::snapshot::{LinkState, Phase};
use crate::scene::geometry::{Point, Rect, Size};
use crate::scene::hash::Table;
use crate::scene::paint::{Ink, Pen, Run, Sheet, Side};
use crate::scene::{Wire, pick};

use super::{Detail, EVERYWHERE, Frame, text};

/// The thickness of a link without traffic, and of the busiest.
const WIDTH: (f32, f32) = (2.0, 7.0);
/// The thickness grows by this much for each tenfold of the rate.
const TENFOLD: f32 = 1.4;
/// The least difference between two thicknesses.
const STEP: f32 = 0.5;
/// Where on a link its plate may be, as shares of its length, the best first.
const PLACES: [f32; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
/// The height of a plate.
const HEIGHT: f32 = 20.0;
/// The side of the squares in which neighbours are looked for.
const SQUARE: f32 = 256.0;
/// The least distance between a plate and what it must not cover.
const AIR: f32 = 3.0;

/// The thickness of a link over which so many requests go in a second: gentle, so that one busy link hides no other, and in
/// steps that are seen, so that a link whose rate hardly changes stays as it is drawn.
pub fn width(rate: f32) -> f32 {
    let width = WIDTH.0 + TENFOLD * (1.0 + rate.max(0.0)).log10();
    ((width / STEP).round() * STEP).min(WIDTH.1)
}

/// Which share of what is sent over a link fails, 0 to 1.
pub(super) fn failing_share(state: &LinkState) -> f32 {
    if state.rate > 0.0 { (state.failing / state.rate).clamp(0.0, 1.0) } else { 0.0 }
}

/// Writes rate, 95th percentile and failures of each link in sight on a plate. Dots pass behind it.
pub(super) fn plates(sheet: &mut Sheet, frame: &Frame<'_>) {
    if frame.sight.is_some_and(|sight| sight.detail() != Detail::Full) {
        return;
    }
    if !frame.traffic || !matches!(frame.shown.phase, Phase::Running | Phase::Settling) {
        return;
    }
    let world = frame.sight.map_or(EVERYWHERE, |sight| sight.world);
    // From afar plates grow against the drawing, and fewer find room: those that do can be read.
    let size = frame.readable(text::SMALL);
    let scale = size / text::SMALL;
    let mut taken = Taken::of(scale * SQUARE);
    frame.stage.cards_in(world).for_each(|card| taken.take(card.rect));
    let mut written = Vec::new();
    // The plate of a link that does not pass here is elsewhere, too.
    let around = world.shrunk(-scale * SQUARE);
    for at in frame.stage.wire_places_in(world) {
        let wire = &frame.stage.wires[at];
        let Some(state) = frame.live.link(at).filter(|_| is_near(wire, around)) else { continue };
        let place = |runs: &[Run]| {
            let letters: usize = runs.iter().map(|run| run.text.chars().count()).sum();
            free(wire, Size { w: scale * (14.0 + 6.6 * letters as f32), h: scale * HEIGHT }, &taken)
        };
        // Where there is no room for everything, the rate is better than nothing; most often there is none for it either.
        let short = vec![Run::new(rate(state.rate), Ink::Text)];
        let Some(short) = place(&short).map(|rect| (rect, short)) else { continue };
        let long = words(state);
        let (rect, runs) = place(&long).map_or(short, |rect| (rect, long));
        // A plate keeps its place on its link, wherever one looks.
        taken.take(rect);
        if !rect.meets(&world) {
            continue;
        }
        sheet.rect(rect, rect.size.h / 2.0, Ink::Card.at(0.94), Pen::new(frame.thick(1.0), Ink::Line));
        written.push((rect, runs));
    }
    // None lies on another. Numbers change all the time, plates rarely: what is drawn of them can be kept.
    for (rect, runs) in written {
        sheet.runs(rect.center(), Side::Middle, size, runs, rect.size.w - scale * 6.0);
    }
}

/// Whether the branch that has a link's plate passes through this part of the world.
fn is_near(wire: &Wire, world: Rect) -> bool {
    wire.branches.get(wire.branches.len() / 2).is_some_and(|branch| pick::passes(&branch.curve, &world))
}

/// A place for a plate on a link that covers nothing; none where there is none.
fn free(wire: &Wire, plate: Size, taken: &Taken) -> Option<Rect> {
    let curve = wire.branches.get(wire.branches.len() / 2)?.curve;
    let around = |at: Point| Rect::new(at.x - plate.w / 2.0, at.y - plate.h / 2.0, plate.w, plate.h);
    PLACES.into_iter().map(|share| around(curve.at(share))).find(|rect| taken.is_free(&rect.shrunk(-AIR)))
}

/// Where something is already: by squares of the drawing, so that only neighbours are compared.
struct Taken {
    square: f32,
    by_square: Table<(i32, i32), Vec<Rect>>,
}

impl Taken {
    /// Nothing, in squares with sides of this length.
    fn of(square: f32) -> Self {
        Self { square, by_square: Table::default() }
    }

    fn take(&mut self, rect: Rect) {
        for square in squares(&rect, self.square) {
            self.by_square.entry(square).or_default().push(rect);
        }
    }

    fn is_free(&self, rect: &Rect) -> bool {
        let mut there = squares(rect, self.square).filter_map(|square| self.by_square.get(&square)).flatten();
        !there.any(|other| other.meets(rect))
    }
}

/// The squares that a rectangle has a part in.
fn squares(rect: &Rect, side: f32) -> impl Iterator<Item = (i32, i32)> {
    let square = move |at: f32| (at / side).floor() as i32;
    let (top, bottom) = (square(rect.min.y), square(rect.bottom()));
    (square(rect.min.x)..=square(rect.right())).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

fn words(state: &LinkState) -> Vec<Run> {
    let mut runs = vec![Run::new(rate(state.rate), Ink::Text)];
    if let Some(p95_ms) = state.p95_ms {
        runs.push(Run::new(format!(" · p95 {}", milliseconds(p95_ms)), Ink::Faint));
    }
    if state.failing >= 0.05 {
        runs.push(Run::new(format!(" · {} failing", rate(state.failing)), Ink::Failed));
    }
    runs
}

fn rate(rate: f32) -> String {
    match rate {
        ..0.05 => "0/s".to_owned(),
        ..9.95 => format!("{rate:.1}/s"),
        ..10_000.0 => format!("{rate:.0}/s"),
        _ => format!("{:.1}k/s", rate / 1000.0),
    }
}

fn milliseconds(ms: f32) -> String {
    match ms {
        ..9.95 => format!("{ms:.1} ms"),
        ..999.5 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_link_is_thicker_but_never_a_wall() {
        let widths = [0.0, 10.0, 100.0, 1e4, 1e9].map(width);
        assert!(widths.is_sorted(), "{widths:?}");
        assert_eq!((widths[0], widths[4]), WIDTH);
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be_read() {
        assert_eq!([0.01, 3.21, 9.96, 96.4, 23_456.0].map(rate), ["0/s", "3.2/s", "10/s", "96/s", "23.5k/s"]);
        assert_eq!(
            [0.84, 9.97, 12.4, 999.7, 2_345.0].map(milliseconds),
            ["0.8 ms", "10 ms", "12 ms", "1.0 s", "2.3 s"]
        );
    }
}
