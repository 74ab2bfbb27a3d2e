//! What a rectangle touches, and what lies next in a direction. Pure geometry.

use super::geometry::{Curve, Point, Rect};

/// How many straight pieces stand for a curve when something is looked for near it.
const CHORDS: u16 = 20;

/// A direction on the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Leftwards.
    Left,
    /// Rightwards.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Direction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// One unit that way.
    pub const fn unit(self) -> Point {
        match self {
            Self::Left => Point::new(-1.0, 0.0),
            Self::Right => Point::new(1.0, 0.0),
            Self::Up => Point::new(0.0, -1.0),
            Self::Down => Point::new(0.0, 1.0),
        }
    }
}

/// How far a point is from a curve, but `None` when it is further than `reach`.
pub fn distance_to(curve: &Curve, at: Point, reach: f32) -> Option<f32> {
    if !hull(curve).shrunk(-reach).contains(at) {
        return None;
    }
    // Most of a long curve is far away: of that no distance is needed.
    let near = chords(curve).filter(|(from, to)| Rect::between(*from, *to).shrunk(-reach).contains(at));
    let distance = near.map(|(from, to)| to_chord(at, from, to)).fold(f32::INFINITY, f32::min);
    (distance <= reach).then_some(distance)
}

/// Whether a curve passes through a rectangle.
pub fn passes(curve: &Curve, rect: &Rect) -> bool {
    // Most often an end of it is there, and else it is far away.
    rect.contains(curve.from)
        || rect.contains(curve.to)
        || hull(curve).meets(rect) && chords(curve).any(|(from, to)| chord_passes(from, to, rect))
}

/// Whether a curve may pass through a rectangle: nearly always whether it does, and never no where it does. The chords that
/// stand for it miss it by less than a five hundredth of its extent.
pub fn may_pass(curve: &Curve, rect: &Rect) -> bool {
    let hull = hull(curve);
    passes(curve, &rect.shrunk(-strays(&hull)))
}

/// A rectangle that may pass where anything may that it holds, as [`may_pass`] says.
pub fn nearly(holds: &Rect) -> Rect {
    holds.shrunk(-strays(holds))
}

/// How far the chords of a curve with this hull may be off it.
fn strays(hull: &Rect) -> f32 {
    (hull.size.w + hull.size.h) / 500.0
}

/// The chords that stand for a curve, from its beginning on.
fn chords(curve: &Curve) -> impl Iterator<Item = (Point, Point)> {
    let mut from = curve.from;
    (1..=CHORDS).map(move |step| {
        let to = curve.at(f32::from(step) / f32::from(CHORDS));
        (std::mem::replace(&mut from, to), to)
    })
}

/// What lies next in a direction: near, and rather straight ahead than aside.
pub fn next<T>(from: Point, others: impl IntoIterator<Item = (T, Point)>, to: Direction) -> Option<T> {
    let unit = to.unit();
    let cost = |at: Point| {
        let (x, y) = (at.x - from.x, at.y - from.y);
        let (ahead, aside) = (x * unit.x + y * unit.y, (x * unit.y - y * unit.x).abs());
        // What is more aside than ahead lies in another direction, but is better than nothing.
        (ahead > 1.0).then_some(ahead + 2.0 * aside + if aside > ahead { 1e6 } else { 0.0 })
    };
    let reached = others.into_iter().filter_map(|(other, at)| Some((other, cost(at)?)));
    reached.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(other, _)| other)
}

/// A rectangle around everything that a curve can reach.
fn hull(curve: &Curve) -> Rect {
    let points = [curve.from, curve.leaving, curve.arriving, curve.to];
    points[1..].iter().fold(Rect::between(points[0], points[0]), |sum, &at| sum.union(&Rect::between(at, at)))
}

/// Whether a straight line passes through a rectangle: what is left of it after cutting at each edge (Liang and Barsky).
fn chord_passes(a: Point, b: Point, rect: &Rect) -> bool {
    let (x, y) = (b.x - a.x, b.y - a.y);
    let edges = [(-x, a.x - rect.min.x), (x, rect.right() - a.x), (-y, a.y - rect.min.y), (y, rect.bottom() - a.y)];
    let (mut enters, mut leaves) = (0.0f32, 1.0f32);
    for (slope, room) in edges {
        if slope == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if slope < 0.0 {
            enters = enters.max(room / slope);
        } else {
            leaves = leaves.min(room / slope);
        }
    }
    enters <= leaves
}

pub(crate) fn to_chord(at: Point, a: Point, b: Point) -> f32 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    let length = x * x + y * y;
    let share = if length > 0.0 { ((at.x - a.x) * x + (at.y - a.y) * y) / length } else { 0.0 };
    at.distance(a.towards(b, share.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bow() -> Curve {
        Curve {
            from: Point::new(0.0, 0.0),
            leaving: Point::new(100.0, 0.0),
            arriving: Point::new(100.0, 100.0),
            to: Point::new(200.0, 100.0),
        }
    }

    #[test]
    fn a_curve_passes_through_what_lies_on_it_not_through_what_only_its_hull_covers() {
        assert!(passes(&bow(), &Rect::new(90.0, 40.0, 20.0, 20.0)));
        assert!(!passes(&bow(), &Rect::new(10.0, 60.0, 20.0, 20.0)));
        assert!(!passes(&bow(), &Rect::new(300.0, 0.0, 20.0, 20.0)));
    }

    #[test]
    fn where_a_curve_may_pass_what_holds_it_may_too() {
        let (curve, mut both) = (bow(), [0, 0]);
        for (x, y) in (-30..=230).flat_map(|x| (-30..=130).map(move |y| (x, y))) {
            let rect = Rect::new(x as f32, y as f32, 0.3, 0.3);
            let [passes, holds] = [may_pass(&curve, &rect), nearly(&curve.hull()).meets(&rect)];
            assert!(holds || !passes, "{rect:?}");
            both = [both[0] + u32::from(passes), both[1] + u32::from(holds)];
        }
        assert!(both[0] > 300 && both[1] > 20 * both[0], "{both:?}");
    }

    #[test]
    fn a_distance_is_that_to_the_nearest_chord_as_far_as_it_is_within_reach() {
        for (x, y) in (0..=220).step_by(10).flat_map(|x| (-20..=120).step_by(10).map(move |y| (x, y))) {
            let at = Point::new(x as f32, y as f32);
            let plain = chords(&bow()).map(|(from, to)| to_chord(at, from, to)).fold(f32::INFINITY, f32::min);
            assert_eq!(distance_to(&bow(), at, 15.0), Some(plain).filter(|it| *it <= 15.0), "{at:?}");
        }
    }

    #[test]
    fn straight_ahead_wins_over_nearer_but_aside() {
        let others = [("aside", Point::new(60.0, 55.0)), ("ahead", Point::new(120.0, 5.0))];
        assert_eq!(next(Point::default(), others, Direction::Right), Some("ahead"));
        assert_eq!(next(Point::default(), others, Direction::Down), Some("aside"));
        assert_eq!(next(Point::default(), others, Direction::Left), None);
    }
}
