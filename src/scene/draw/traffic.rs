//! What links tell of their traffic, for engineers: thickness by rate, the orange share of what fails, and plates with numbers
//! where they cover neither a card nor each other.

use std::fmt::{self, Write as _};

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
/// Fewer failures in a second are not told.
const FAILS: f32 = 0.05;

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
        let plate = |letters: usize| Size { w: scale * (14.0 + 6.6 * letters as f32), h: scale * HEIGHT };
        let Some((rect, all)) = free(wire, letters(state).map(plate), &taken) else { continue };
        // A plate keeps its place on its link, wherever one looks.
        taken.take(rect);
        if !rect.meets(&world) {
            continue;
        }
        sheet.rect(rect, rect.size.h / 2.0, Ink::Card.at(0.94), Pen::new(frame.thick(1.0), Ink::Line));
        written.push((rect, words(state, all)));
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

/// A place for a plate on a link that covers nothing, for the larger of two if there is one, and whether it is for that.
fn free(wire: &Wire, [small, large]: [Size; 2], taken: &Taken) -> Option<(Rect, bool)> {
    let curve = wire.branches.get(wire.branches.len() / 2)?.curve;
    let around = |at: Point, plate: Size| Rect::new(at.x - plate.w / 2.0, at.y - plate.h / 2.0, plate.w, plate.h);
    let is_free = |rect: &Rect| taken.is_free(&rect.shrunk(-AIR));
    let mut first = None;
    for at in PLACES.into_iter().map(|share| curve.at(share)) {
        // Most often there is no room for the smaller one either.
        let it = around(at, small);
        if is_free(&it) {
            let larger = around(at, large);
            if is_free(&larger) {
                return Some((larger, true));
            }
            first = first.or(Some((it, false)));
        }
    }
    first
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

/// What a plate says: where there is no room for everything, the rate is better than nothing.
fn words(state: &LinkState, all: bool) -> Vec<Run> {
    let mut runs = vec![Run::new(Rate(state.rate).to_string(), Ink::Text)];
    if !all {
        return runs;
    }
    if let Some(p95_ms) = state.p95_ms {
        runs.push(Run::new(format!(" · p95 {}", Milliseconds(p95_ms)), Ink::Faint));
    }
    if state.failing >= FAILS {
        runs.push(Run::new(format!(" · {} failing", Rate(state.failing)), Ink::Failed));
    }
    runs
}

/// How many letters the rate has, and how many everything: most plates find no room, so that nothing is written for them.
fn letters(state: &LinkState) -> [usize; 2] {
    let rate = counted(format_args!("{}", Rate(state.rate)));
    let p95 = state.p95_ms.map_or(0, |p95_ms| counted(format_args!(" · p95 {}", Milliseconds(p95_ms))));
    let fails = state.failing >= FAILS;
    let failing = if fails { counted(format_args!(" · {} failing", Rate(state.failing))) } else { 0 };
    [rate, rate + p95 + failing]
}

fn counted(words: fmt::Arguments<'_>) -> usize {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, words: &str) -> fmt::Result {
            self.0 += words.chars().count();
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting does not fail.
    let _ = count.write_fmt(words);
    count.0
}

/// Requests in a second, as short as they can be read.
struct Rate(f32);

impl fmt::Display for Rate {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ..0.05 => write!(to, "0/s"),
            ..9.95 => write!(to, "{:.1}/s", self.0),
            ..10_000.0 => write!(to, "{:.0}/s", self.0),
            _ => write!(to, "{:.1}k/s", self.0 / 1000.0),
        }
    }
}

/// A time, likewise.
struct Milliseconds(f32);

impl fmt::Display for Milliseconds {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ..9.95 => write!(to, "{:.1} ms", self.0),
            ..999.5 => write!(to, "{:.0} ms", self.0),
            _ => write!(to, "{:.1} s", self.0 / 1000.0),
        }
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
        let rate = |rate| Rate(rate).to_string();
        assert_eq!([0.01, 3.21, 9.96, 96.4, 23_456.0].map(rate), ["0/s", "3.2/s", "10/s", "96/s", "23.5k/s"]);
        let milliseconds = |ms| Milliseconds(ms).to_string();
        assert_eq!(
            [0.84, 9.97, 12.4, 999.7, 2_345.0].map(milliseconds),
            ["0.8 ms", "10 ms", "12 ms", "1.0 s", "2.3 s"]
        );
    }

    #[test]
    fn room_is_made_for_as_many_letters_as_are_written() {
        let link = |rate, p95_ms, failing| LinkState {
            id: "gate->shop".parse().unwrap(),
            sent: 9,
            failed: 0,
            received: 9,
            rate,
            failing,
            p95_ms,
        };
        for state in [link(3.21, None, 0.0), link(96.4, Some(12.4), 0.0), link(23_456.0, Some(2_345.0), 7.5)] {
            let written = |all| words(&state, all).iter().map(|run| run.text.chars().count()).sum::<usize>();
            assert_eq!(letters(&state), [false, true].map(written), "{state:?}");
        }
    }
}
