//! Dots: shape first, colour second.

use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Pen, Shape, Sheet, Spot};
use crate::scene::{Dot, Look};

use super::{Frame, Sight};

/// Radius of a dot, in world units.
const RADIUS: f32 = 5.0;

/// With more dots than this they are drawn all at once.
const MANY: usize = 1000;
/// Zoomed out further than this, dots become smaller on the screen.
const NEAR: f32 = 0.4;
/// No dot is smaller on the screen than this radius, in points.
const LEAST: f32 = 1.5;

/// Dots, and after them those that tell of harm, which are the last of all.
pub(super) fn apart(dots: &[Dot]) -> (&[Dot], &[Dot]) {
    dots.split_at(dots.partition_point(|dot| !matches!(dot.look(), Look::Failed | Look::Lost)))
}

/// Draws those of these dots that are in sight, or none where they are counted.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, dots: &[Dot]) {
    if frame.counts.is_some() || dots.is_empty() {
        return;
    }
    let radius = radius(frame);
    let sight = frame.sight.map(|sight| sight.world.shrunk(-3.0 * radius));
    let seen = dots.iter().filter(|dot| sight.is_none_or(|sight| sight.contains(dot.at())));
    if frame.dots.all > MANY {
        let mut spots = Vec::with_capacity(dots.len());
        let spot = |dot: &Dot| Spot { at: dot.at(), look: dot.look(), opacity: dot.opacity() };
        let afar = frame.sight.filter(|sight| sight.zoom < NEAR);
        let mut carpet = afar.map(|sight| Carpet::new(&sight, radius));
        let shows = |dot: &&Dot| carpet.as_mut().is_none_or(|carpet| carpet.shows(dot));
        match followed(frame) {
            false => spots.extend(seen.filter(shows).map(spot)),
            true => spots.extend(seen.inspect(|dot| halo(sheet, frame, dot, radius)).filter(shows).map(spot)),
        }
        sheet.shapes.push(Shape::Dots { radius, dots: spots });
        return;
    }
    for it in seen {
        halo(sheet, frame, it, radius);
        dot(sheet, it.at(), radius, it.look(), it.opacity());
    }
}

/// The radius of dots, in world units. Seen from afar they are smaller, so that the stream is seen and not a carpet.
fn radius(frame: &Frame<'_>) -> f32 {
    let near = RADIUS.max(frame.least_dot);
    match frame.sight {
        Some(sight) if sight.zoom < NEAR => (near * sight.zoom / NEAR).max(LEAST / sight.zoom),
        Some(_) | None => near,
    }
}

/// Where dots are, as squares of half a dot's width: of many in one square those that are well are drawn once. A hundred
/// thousand from afar mostly lie on each other.
struct Carpet {
    corner: Point,
    /// Squares in a unit of length.
    per_unit: f32,
    across: i32,
    down: i32,
    /// One bit for each square, row by row.
    squares: Vec<u64>,
}

impl Carpet {
    /// Of what is seen of the drawing.
    fn new(sight: &Sight, radius: f32) -> Self {
        let world = sight.world.shrunk(-3.0 * radius);
        let squares = |length: f32| (length / radius).ceil() as i32 + 1;
        let (across, down) = (squares(world.size.w), squares(world.size.h));
        let words = (across as usize * down as usize).div_ceil(64);
        Self { corner: world.min, per_unit: 1.0 / radius, across, down, squares: vec![0; words] }
    }

    /// Whether a dot is drawn: it tells something of its own, or is the first in its square.
    fn shows(&mut self, dot: &Dot) -> bool {
        let place = |at: f32, corner: f32, end: i32| (((at - corner) * self.per_unit) as i32).clamp(0, end - 1);
        let (x, y) = (place(dot.at().x, self.corner.x, self.across), place(dot.at().y, self.corner.y, self.down));
        let at = (y * self.across + x) as usize;
        let bit = 1_u64 << (at % 64);
        let word = &mut self.squares[at / 64];
        let first = *word & bit == 0;
        *word |= bit;
        first || dot.look() != Look::Ok
    }
}

/// Whether anything is followed.
fn followed(frame: &Frame<'_>) -> bool {
    frame.emphasis.trace.is_some() || frame.emphasis.users.len() == 1
}

/// Draws what is around a dot that is followed.
fn halo(sheet: &mut Sheet, frame: &Frame<'_>, dot: &Dot, radius: f32) {
    if frame.emphasis.trace == Some(dot.trace()) || dot.user().is_some_and(|user| is_followed(frame, user)) {
        sheet.circle(dot.at(), radius * 2.1, Ink::Accent.at(0.18 * dot.opacity()), Pen::new(1.5, Ink::Accent));
    }
}

/// Whether this user's requests are to be found among the others: only where one user is followed.
fn is_followed(frame: &Frame<'_>, user: u32) -> bool {
    frame.emphasis.users.len() == 1 && frame.emphasis.users.iter().any(|(_, number)| *number == user)
}

/// Draws one dot; the legend draws the same.
pub fn dot(sheet: &mut Sheet, at: Point, radius: f32, look: Look, opacity: f32) {
    let (colour, halo) = (ink(look).at(opacity), Ink::Card.at(opacity));
    match look {
        Look::Ok => sheet.circle(at, radius, colour, Pen::new(1.2, halo)),
        Look::Retried => {
            sheet.circle(at, radius + 0.5, halo, Pen::new(radius * 0.42, colour));
            sheet.circle(at, radius * 0.36, colour, None);
        }
        Look::Degraded => {
            let edge = Pen::new(1.2, Ink::DegradedEdge.at(opacity));
            let r = radius * 1.35;
            let corner = |x: f32, y: f32| Point::new(at.x + x * r, at.y + y * r);
            sheet.polygon(vec![corner(0.0, -1.0), corner(0.9, 0.65), corner(-0.9, 0.65)], colour, edge);
        }
        Look::Failed => {
            let r = radius * 1.15;
            for pen in [Pen::new(r * 0.95, halo), Pen::new(r * 0.5, colour)] {
                let arm = r * 0.85;
                sheet.line(vec![Point::new(at.x - arm, at.y - arm), Point::new(at.x + arm, at.y + arm)], pen);
                sheet.line(vec![Point::new(at.x + arm, at.y - arm), Point::new(at.x - arm, at.y + arm)], pen);
            }
        }
        Look::Lost => {
            let r = radius * 1.15;
            let ground = Rect::new(at.x - 1.3 * r, at.y - 1.3 * r, 2.6 * r, 2.6 * r);
            sheet.rect(ground, 2.0, halo, None);
            gapped(sheet, &Rect::new(at.x - r, at.y - r, 2.0 * r, 2.0 * r), Pen::new(r * 0.42, colour));
        }
    }
}

/// A rectangle's outline with a gap at its lower right corner: something is missing.
pub(super) fn gapped(sheet: &mut Sheet, rect: &Rect, pen: Pen) {
    let points = vec![
        Point::new(rect.right(), rect.min.y + rect.size.h * 0.55),
        Point::new(rect.right(), rect.min.y),
        rect.min,
        Point::new(rect.min.x, rect.bottom()),
        Point::new(rect.min.x + rect.size.w * 0.55, rect.bottom()),
    ];
    sheet.line(points, pen);
}

fn ink(look: Look) -> Ink {
    match look {
        Look::Ok | Look::Retried => Ink::Ok,
        Look::Degraded => Ink::Degraded,
        Look::Failed | Look::Lost => Ink::Failed,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Emphasis, sheet};
    use super::*;
    use crate::control::Snapshot;
    use crate::control::snapshot::{LinkState, Phase};
    use crate::scene::dots::tests::{request, sticky};
    use crate::scene::paint::Paint;
    use crate::scene::{Drawing, Picture};
    use crate::telemetry::{Cause, Outcome};

    /// A dot's shapes with every colour taken away: only whether there is a face or a line is left.
    fn colourless(look: Look) -> Vec<Shape> {
        let mut sheet = Sheet::default();
        dot(&mut sheet, Point::default(), 5.0, look, 1.0);
        let blank = |paint: &mut Paint| paint.ink = Ink::Text;
        for shape in &mut sheet.shapes {
            match shape {
                Shape::Rect { fill, pen, .. } | Shape::Circle { fill, pen, .. } | Shape::Path { fill, pen, .. } => {
                    fill.iter_mut().for_each(blank);
                    pen.iter_mut().for_each(|pen| blank(&mut pen.paint));
                }
                Shape::Curve { pen, .. } => blank(&mut pen.paint),
                Shape::Text(text) => text.runs.iter_mut().for_each(|run| blank(&mut run.paint)),
                Shape::Blocks(_) | Shape::Lines(_) | Shape::Dots { .. } => panic!("a dot is no crowd"),
            }
        }
        sheet.shapes
    }

    #[test]
    fn every_outcome_has_a_shape_of_its_own_without_any_colour() {
        let looks = [Look::Ok, Look::Retried, Look::Degraded, Look::Failed, Look::Lost];
        for (at, one) in looks.into_iter().enumerate() {
            for other in &looks[..at] {
                assert_ne!(colourless(one), colourless(*other), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn of_dots_that_lie_on_each_other_from_afar_one_is_drawn_and_each_that_tells_of_trouble() {
        let preset = sticky();
        let mut picture = Picture::default();
        let running = Snapshot { phase: Phase::Running, now_us: 10_000_000, ..Snapshot::default() };
        let degraded = |trace: u128| if trace.is_multiple_of(100) { Outcome::Degraded } else { Outcome::Ok };
        let spans = (1..=2_000).flat_map(|trace| request(trace, 9_000_000 + trace as u64 * 10, degraded(trace)));
        picture.receive(Arc::new(running), spans.collect::<Vec<_>>());
        // On their way back the degraded are seen to be so.
        picture.go_to(9_000_000);
        picture.draw(Drawing { most_dots: 5_000, ..Drawing::from(&preset) });
        picture.go_to(10_000_000);
        let is_back = |picture: &Picture| picture.dots.dots.iter().any(|dot| dot.look() == Look::Degraded);
        for at_us in (10_000_000..14_000_000).step_by(10_000) {
            picture.go_to(at_us);
            picture.draw(Drawing { most_dots: 5_000, ..Drawing::from(&preset) });
            if is_back(&picture) {
                break;
            }
        }
        let emphasis = Emphasis::default();
        let drawn = |zoom: f32| {
            let sight = Sight { world: Rect::new(-5_000.0, -5_000.0, 10_000.0, 10_000.0), zoom, whole: false };
            let mut sheet = Sheet::default();
            draw(&mut sheet, &Frame { sight: Some(sight), ..picture.frame(&preset, &emphasis) }, &picture.dots.dots);
            let Some(Shape::Dots { dots, .. }) = sheet.shapes.pop() else { panic!("no crowd") };
            dots
        };
        let looks = |dots: &[Spot], look: Look| dots.iter().filter(|dot| dot.look == look).count();
        let (dots, all) = (drawn(0.05), picture.dots.dots.len());
        let degraded = picture.dots.dots.iter().filter(|dot| dot.look() == Look::Degraded).count();
        assert!(all > 1_500 && dots.len() < all / 4, "{} of {all}", dots.len());
        assert_eq!(looks(&dots, Look::Degraded), degraded);
        assert!(degraded > 0);
    }

    #[test]
    fn a_plate_hides_dots_that_are_well_and_none_that_tells_of_harm() {
        let preset = sticky();
        let link = |id: &str| LinkState {
            id: id.parse().unwrap(),
            sent: 9,
            failed: 0,
            received: 9,
            rate: 15.0,
            failing: 0.0,
            p95_ms: Some(4.0),
        };
        let links = vec![link("shoppers->gate"), link("gate->shop")];
        let running = Snapshot { phase: Phase::Running, now_us: 10_000_000, links, ..Snapshot::default() };
        let mut picture = Picture::default();
        let mut spans = request(1, 9_000_000, Outcome::Failed(Cause::UnknownSession));
        spans.extend(request(2, 9_000_000, Outcome::Ok));
        picture.receive(Arc::new(running), spans);
        // Until the bad news is on its way back.
        for at_us in (9_000_000..13_000_000).step_by(10_000) {
            picture.go_to(at_us);
            picture.draw(&preset);
            if picture.dots.dots.len() == 2 && picture.dots.dots[1].look() == Look::Lost {
                break;
            }
        }
        let emphasis = Emphasis::default();
        let sheet = sheet(&Frame { traffic: true, ..picture.frame(&preset, &emphasis) });
        let is_plate =
            |shape: &Shape| matches!(shape, Shape::Rect { fill: Some(fill), .. } if *fill == Ink::Card.at(0.94));
        let of = |look: Look| {
            let mut alone = Sheet::default();
            let it = picture.dots.dots.iter().find(|dot| dot.look() == look).unwrap();
            dot(&mut alone, it.at(), RADIUS, look, it.opacity());
            sheet.shapes.iter().position(|shape| *shape == alone.shapes[0]).unwrap()
        };
        let first = sheet.shapes.iter().position(is_plate).unwrap();
        let last = sheet.shapes.iter().rposition(is_plate).unwrap();
        assert!(of(Look::Ok) < first && of(Look::Lost) > last);
    }
}
