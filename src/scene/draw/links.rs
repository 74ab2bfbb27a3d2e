//! Links: a gentle curve to each cell of the asked card, with the rate; a gap where what it leads to is gone.

use crate::control::snapshot::{LinkState, Phase};
use crate::scene::cells::CellState;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Paint, Pen, Run, Sheet, Side};
use crate::scene::{Branch, Wire, pick};
use crate::topology::edit::Item;

use super::{Frame, LEAST_LETTERS, text, traffic};

/// The piece of a broken branch that is missing, as shares of its length.
const GAP: (f32, f32) = (0.74, 0.90);
/// Where a broken branch begins to be drawn as such.
const BREAKS: f32 = 0.66;

/// The largest letters that a plate between cards has room for.
const LARGEST: f32 = 18.0;

/// Draws the links of which anything can be in this part of the world, below all cards: a line through somebody else's name
/// would make it hard to read.
pub(super) fn beneath(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    for at in frame.stage.wire_places_in(world) {
        each_beneath(sheet, frame, world, at, None);
    }
}

/// Draws the links that are selected or pointed at once more, with what is behind them.
pub(super) fn outstanding(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    let halo = |ink| Pen::new(frame.thick(8.0), ink);
    for (item, pen) in frame.outstanding(halo(Ink::Accent.at(0.45)), halo(Ink::LineStrong.at(0.28))) {
        if let Item::Link(link) = item
            && let Some(at) = frame.stage.wire_place(link)
        {
            each_beneath(sheet, frame, world, at, Some(pen));
        }
    }
}

fn each_beneath(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect, at: usize, halo: Option<Pen>) {
    let wire = &frame.stage.wires[at];
    let told = told(frame, at);
    // A long one can go around what is in sight with both ends out of it.
    for branch in wire.branches.iter().filter(|branch| pick::may_pass(&branch.curve, &world)) {
        if let Some(pen) = halo {
            sheet.curve(branch.curve, pen);
        }
        if !is_broken(wire, branch, frame) {
            whole(sheet, branch, told, 0.0);
        }
    }
}

/// Draws the last pieces of the links that are whole, inside the cards that they lead to.
pub(super) fn ends(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    let mut entering = Vec::new();
    for at in frame.stage.wire_places_in(world) {
        let wire = &frame.stage.wires[at];
        let Some(card) = frame.stage.cards.get(wire.to).filter(|card| card.rect.meets(&world)) else { continue };
        for branch in wire.branches.iter().filter(|branch| !is_broken(wire, branch, frame)) {
            entering.push(branch);
            whole(sheet, branch, told(frame, at), enters(branch, &card.rect));
        }
    }
    // Lines first, and then all arrows: one kind after the other is painted faster.
    entering.into_iter().for_each(|branch| arrow(sheet, branch, Ink::Link.at(1.0)));
}

/// Draws what else of the links lies over cards: what is broken, above all that is whole, and the numbers beside them.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    for at in frame.stage.wire_places_in(world) {
        let wire = &frame.stage.wires[at];
        let broken = wire.branches.iter().filter(|branch| is_broken(wire, branch, frame));
        broken.for_each(|branch| torn(sheet, branch));
    }
    for at in frame.stage.wire_places_in(world) {
        let branches = &frame.stage.wires[at].branches;
        let state = frame.live.link(at).filter(|_| is_busy(frame));
        if let (Some(state), false) = (state, frame.large || frame.traffic || frame.counts.is_some()) {
            rate(sheet, frame, state, branches);
        }
        counts(sheet, branches, frame);
    }
}

/// The traffic of the link at this place, where links tell of it.
fn told<'a>(frame: &Frame<'a>, at: usize) -> Option<&'a LinkState> {
    frame.live.link(at).filter(|_| is_busy(frame) && frame.traffic)
}

/// At which share of its length a branch is inside the card that it leads to for good.
fn enters(branch: &Branch, card: &Rect) -> f32 {
    let is_outside = |share: f32| !card.contains(branch.curve.at(share));
    let Some(step) = (0_u8..=32).rev().find(|step| is_outside(f32::from(*step) / 32.0)) else { return 0.0 };
    // On a long way a step is longer than what is inside: without a closer look the line would have a gap at the edge.
    let (mut outside, mut inside) = (f32::from(step) / 32.0, f32::from(step + 1) / 32.0);
    for _ in 0..8 {
        let middle = (outside + inside) / 2.0;
        let end = if is_outside(middle) { &mut outside } else { &mut inside };
        *end = middle;
    }
    inside
}

fn is_busy(frame: &Frame<'_>) -> bool {
    matches!(frame.shown.phase, Phase::Running | Phase::Settling)
}

fn is_broken(wire: &Wire, branch: &Branch, frame: &Frame<'_>) -> bool {
    let Some(slot) = &branch.slot else { return false };
    let running = matches!(frame.shown.phase, Phase::Starting | Phase::Running | Phase::Settling);
    running && frame.live.state(wire.to, slot).is_some_and(|state| CellState::from(state.state).is_gone())
}

/// Draws a branch from one share of its length to its end: as thick as its link is busy, and the share that fails in orange,
/// where that is told.
fn whole(sheet: &mut Sheet, branch: &Branch, told: Option<&LinkState>, from: f32) {
    let width = traffic::width(told.map_or(0.0, |state| state.rate));
    let pen = Pen::new(width, Ink::Link);
    if from <= 0.0 {
        sheet.curve(branch.curve, pen);
    } else if from < 1.0 {
        sheet.curve(branch.curve.part(from, 1.0), pen);
    }
    if let Some(share) = told.map(traffic::failing_share).filter(|share| *share > 0.0) {
        let fails = (1.0 - share.max(0.05)).max(from.min(0.95));
        sheet.curve(branch.curve.part(fails, 1.0), Pen::new(width, Ink::Failed));
    }
}

fn torn(sheet: &mut Sheet, branch: &Branch) {
    let harm = Pen::new(2.4, Ink::Failed);
    part(sheet, branch, 0.0, BREAKS, Pen::new(2.0, Ink::Link));
    part(sheet, branch, BREAKS, GAP.0, harm);
    part(sheet, branch, GAP.1, 1.0, harm);
    for share in [GAP.0, GAP.1] {
        let at = branch.curve.at(share);
        sheet.line(vec![Point::new(at.x, at.y - 7.0), Point::new(at.x, at.y + 7.0)], harm);
    }
}

/// Draws a piece of a branch, from one share of it to another.
fn part(sheet: &mut Sheet, branch: &Branch, from: f32, to: f32, pen: Pen) {
    sheet.line((0..=16).map(|step| branch.curve.at(from + (to - from) * step as f32 / 16.0)).collect(), pen);
}

fn arrow(sheet: &mut Sheet, branch: &Branch, paint: Paint) {
    let (tip, back) = (branch.curve.to, branch.curve.at(0.95));
    let length = tip.distance(back).max(0.01);
    let (x, y) = ((tip.x - back.x) / length * 8.0, (tip.y - back.y) / length * 8.0);
    let foot = Point::new(tip.x - x, tip.y - y);
    let points =
        vec![tip, Point::new(foot.x - y * 0.5, foot.y + x * 0.5), Point::new(foot.x + y * 0.5, foot.y - x * 0.5)];
    sheet.polygon(points, paint, None);
}

/// Writes the rate beside the beginning of a link, where all branches are still one and no dot passes.
fn rate(sheet: &mut Sheet, frame: &Frame<'_>, state: &LinkState, branches: &[Branch]) {
    let Some(branch) = branches.first() else { return };
    let words = format!("{:.0}/s", state.rate);
    let width = 10.0 + 7.0 * words.len() as f32;
    let at = Point::new(branch.curve.from.x + 6.0 + width / 2.0, branch.curve.from.y - 30.0);
    plate(sheet, frame, at, vec![Run::new(words, Ink::Text)], width);
}

/// Writes what passed each branch in the last second, where that is counted instead of drawn.
fn counts(sheet: &mut Sheet, branches: &[Branch], frame: &Frame<'_>) {
    for count in frame.counts.into_iter().flatten() {
        if !branches.iter().any(|branch| branch.link == count.link && branch.slot == count.slot) {
            continue;
        }
        // One below the other: between cards there is no room for them side by side.
        let harm = [(count.failed, "failed"), (count.lost, "lost")].into_iter().filter(|(number, _)| *number > 0);
        let lines =
            std::iter::once((count.sent, "sent", Ink::Text)).chain(harm.map(|(n, word)| (n, word, Ink::Failed)));
        for (at, (number, word, ink)) in lines.enumerate() {
            let at = Point::new(count.at.x, count.at.y + 19.0 * at as f32);
            plate(sheet, frame, at, vec![Run::new(format!("{number} {word}"), ink)], 60.0);
        }
    }
}

/// Writes a few letters on a plate, around a point; nothing where they could not be read.
pub(super) fn plate(sheet: &mut Sheet, frame: &Frame<'_>, at: Point, runs: Vec<Run>, width: f32) {
    let size = frame.legible(text::SMALL, LARGEST);
    if frame.on_screen(size) < LEAST_LETTERS {
        return;
    }
    let scale = size / text::SMALL;
    let (w, h) = (scale * width, scale * 18.0);
    sheet.rect(Rect::new(at.x - w / 2.0, at.y - h / 2.0, w, h), h / 2.0, Ink::Card.at(0.92), Pen::new(1.0, Ink::Line));
    sheet.runs(at, Side::Middle, size, runs, w - 6.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geometry::Curve;

    #[test]
    fn a_long_way_enters_its_card_at_the_edge() {
        let to = Point::new(409.0, 900.0);
        let card = Rect::new(400.0, 850.0, 180.0, 100.0);
        let curve =
            Curve { from: Point::default(), leaving: Point::new(200.0, 0.0), arriving: Point::new(200.0, 900.0), to };
        let branch = Branch { curve, link: "gate->shop".parse().unwrap(), slot: None };
        let share = enters(&branch, &card);
        let at = curve.at(share);
        assert!((at.x - 400.0).abs() < 0.2 && card.contains(at), "{at:?} at {share}");
    }
}
