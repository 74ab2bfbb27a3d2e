//! What links tell of their traffic, for engineers: thickness by rate, the red share of what fails, and plates with numbers
//! where they cover neither a card nor each other.

use crate::control::snapshot::{LinkState, Phase};
use crate::scene::Wire;
use crate::scene::geometry::Rect;
use crate::scene::paint::{Ink, Pen, Run, Sheet, Side};

use super::{Frame, text};

/// The thickness of a link without traffic, and of the busiest.
const WIDTH: (f32, f32) = (2.0, 7.0);
/// The thickness grows by this much for each tenfold of the rate.
const TENFOLD: f32 = 1.4;
/// Where on a link its plate may be, as shares of its length, the best first.
const PLACES: [f32; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
/// The height of a plate.
const HEIGHT: f32 = 20.0;
/// How far a plate is from its link: more than a dot's radius.
const BESIDE: f32 = 9.0;
/// The least distance between a plate and what it must not cover.
const AIR: f32 = 3.0;

/// The thickness of a link over which so many requests go in a second: gentle, so that one busy link hides no other.
pub fn width(rate: f32) -> f32 {
    (WIDTH.0 + TENFOLD * (1.0 + rate.max(0.0)).log10()).min(WIDTH.1)
}

/// Which share of what is sent over a link fails, 0 to 1.
pub(super) fn failing_share(state: &LinkState) -> f32 {
    if state.rate > 0.0 { (state.failing / state.rate).clamp(0.0, 1.0) } else { 0.0 }
}

/// Writes rate, 95th percentile and failures of each link in sight on a plate.
pub(super) fn plates(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    if !frame.traffic || !matches!(frame.shown.phase, Phase::Running | Phase::Settling) {
        return;
    }
    let mut taken: Vec<Rect> = frame.stage.cards_in(world).map(|card| card.rect).collect();
    for (at, wire) in frame.stage.wires.iter().enumerate().filter(|(_, wire)| wire.bounds.meets(&world)) {
        let Some(state) = frame.live.link(at) else { continue };
        // Where not all of it has room, the rate alone.
        let fitting = [words(state), vec![Run::new(rate(state.rate), Ink::Text)]].into_iter().find_map(|runs| {
            let letters: usize = runs.iter().map(|run| run.text.chars().count()).sum();
            let width = 14.0 + 6.6 * letters as f32;
            Some((runs, width, free(wire, width, &taken)?))
        });
        let Some((runs, width, rect)) = fitting else { continue };
        taken.push(rect);
        sheet.rect(rect, HEIGHT / 2.0, Ink::Card.at(0.94), Pen::new(1.0, Ink::Line));
        sheet.runs(rect.center(), Side::Middle, text::SMALL, runs, width - 6.0);
    }
}

/// A place for a plate beside a link, where the dots on it do not cover the plate, and where it covers nothing; none where
/// there is none.
fn free(wire: &Wire, width: f32, taken: &[Rect]) -> Option<Rect> {
    let curve = wire.branches.get(wire.branches.len() / 2)?.curve;
    let beside = |share: f32| {
        let (at, ahead) = (curve.at(share), curve.at(share + 0.02));
        let is_steep = (ahead.y - at.y).abs() > (ahead.x - at.x).abs();
        if is_steep {
            Rect::new(at.x + BESIDE, at.y - HEIGHT / 2.0, width, HEIGHT)
        } else {
            Rect::new(at.x - width / 2.0, at.y - BESIDE - HEIGHT, width, HEIGHT)
        }
    };
    let covers = |rect: &Rect| taken.iter().any(|other| other.meets(&rect.shrunk(-AIR)));
    PLACES.into_iter().map(beside).find(|rect| !covers(rect))
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
        ..10.0 => format!("{rate:.1}/s"),
        ..10_000.0 => format!("{rate:.0}/s"),
        _ => format!("{:.1}k/s", rate / 1000.0),
    }
}

fn milliseconds(ms: f32) -> String {
    match ms {
        ..10.0 => format!("{ms:.1} ms"),
        ..1000.0 => format!("{ms:.0} ms"),
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
        assert_eq!([0.01, 3.21, 96.4, 23_456.0].map(rate), ["0/s", "3.2/s", "96/s", "23.5k/s"]);
        assert_eq!([0.84, 12.4, 2_345.0].map(milliseconds), ["0.8 ms", "12 ms", "2.3 s"]);
    }
}
