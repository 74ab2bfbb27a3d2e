//! Where something that is being moved comes to lie neatly beside the rest: in line with the edges and middles of other
//! frames, or with equal gaps between them. Pure geometry; whether to snap at all is the canvas's question.

use super::geometry::{Point, Rect};

/// What is off by no more than this is drawn as exact.
const EXACT: f32 = 0.5;

/// No gap is less than this: the layout takes apart what is nearer.
const APART: f32 = 4.0;

/// A line that shows why something snapped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guide {
    /// Frames are in line along this.
    Line(Point, Point),
    /// One of some equal gaps.
    Gap(Point, Point),
}

/// How much further something is to be moved, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snap {
    /// Rightwards and downwards.
    pub by: Point,
    /// What lines it up there.
    pub guides: Vec<Guide>,
}

/// Looks where `moving` snaps to, each axis for itself and no further away than `reach` says for it; negative, and that
/// axis is left as it is.
pub fn snap(moving: &Rect, others: &[Rect], reach: Point) -> Snap {
    let dx = nearest(Axis::X, moving, others, reach.x);
    let dy = nearest(Axis::Y, moving, others, reach.y);
    let by = Point::new(dx.unwrap_or(0.0), dy.unwrap_or(0.0));
    let there = moving.moved(by);
    let mut guides = Vec::new();
    for (axis, found) in [(Axis::X, dx), (Axis::Y, dy)] {
        if found.is_some() {
            lines(axis, &there, others, &mut guides);
            gaps(axis, &there, others, &mut guides);
        }
    }
    Snap { by, guides }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    X,
    Y,
}

/// From where to where something reaches along an axis.
#[derive(Debug, Clone, Copy)]
struct Span {
    low: f32,
    high: f32,
}

impl Span {
    fn middle(self) -> f32 {
        f32::midpoint(self.low, self.high)
    }

    fn length(self) -> f32 {
        self.high - self.low
    }

    fn meets(self, other: Self) -> bool {
        self.low < other.high && other.low < self.high
    }

    /// Whether there is no more than this between them.
    fn nears(self, other: Self, gap: f32) -> bool {
        self.low - gap < other.high && other.low - gap < self.high
    }

    /// What both have in common.
    fn common(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }
}

impl Axis {
    const fn across(self) -> Self {
        match self {
            Self::X => Self::Y,
            Self::Y => Self::X,
        }
    }

    fn span(self, rect: &Rect) -> Span {
        match self {
            Self::X => Span { low: rect.min.x, high: rect.right() },
            Self::Y => Span { low: rect.min.y, high: rect.bottom() },
        }
    }

    /// The point that is here along the axis and there across it.
    fn point(self, along: f32, across: f32) -> Point {
        match self {
            Self::X => Point::new(along, across),
            Self::Y => Point::new(across, along),
        }
    }
}

/// The smallest move that brings `moving` in line or makes gaps equal. Lines win over gaps that are as near.
fn nearest(axis: Axis, moving: &Rect, others: &[Rect], reach: f32) -> Option<f32> {
    let mine = axis.span(moving);
    let cross = axis.across();
    let near = |other: &Rect| cross.span(moving).nears(cross.span(other), reach + APART);
    let to_line = others.iter().flat_map(|other| pairs(mine, axis.span(other), near(other)));
    let to_line = to_line.map(|(mine, theirs)| theirs - mine);
    let to_gap = equal_gaps(axis, moving, others).into_iter().map(|equal| equal.low - mine.low);
    to_line.chain(to_gap).filter(|by| by.abs() <= reach).min_by(|a, b| a.abs().total_cmp(&b.abs()))
}

/// What of one frame may lie in line with what of another: edges with edges, the middle with the middle. Beside each other
/// they are not brought edge to edge: there the layout would take them apart again.
fn pairs(mine: Span, theirs: Span, beside: bool) -> impl Iterator<Item = (f32, f32)> {
    let along = [(mine.low, theirs.low), (mine.high, theirs.high), (mine.middle(), theirs.middle())];
    let touching = [(mine.low, theirs.high), (mine.high, theirs.low)];
    along.into_iter().chain(touching.into_iter().filter(move |_| !beside))
}

/// A place that makes two gaps equal: where the moving frame begins, and the gaps then.
struct Equal {
    low: f32,
    gaps: [Span; 2],
    across: Span,
}

/// The places beside or between two neighbours of the same row (or column) where gaps are equal.
fn equal_gaps(axis: Axis, moving: &Rect, others: &[Rect]) -> Vec<Equal> {
    let cross = axis.across().span(moving);
    let length = axis.span(moving).length();
    let mut row: Vec<&Rect> = others.iter().filter(|other| axis.across().span(other).meets(cross)).collect();
    row.sort_by(|a, b| axis.span(a).low.total_cmp(&axis.span(b).low));
    let mut found = Vec::new();
    for pair in row.windows(2) {
        let (a, b) = (axis.span(pair[0]), axis.span(pair[1]));
        let gap = b.low - a.high;
        if gap < APART {
            continue;
        }
        let between = Span { low: a.high, high: b.low };
        let across = axis.across().span(pair[0]).common(cross);
        let after = Span { low: b.high, high: b.high + gap };
        found.push(Equal { low: after.high, gaps: [between, after], across });
        let before = Span { low: a.low - gap, high: a.low };
        found.push(Equal { low: before.low - length, gaps: [before, between], across });
        if gap >= length + 2.0 * APART {
            let half = (gap - length) / 2.0;
            let (left, right) = (Span { low: a.high, high: a.high + half }, Span { low: b.low - half, high: b.low });
            found.push(Equal { low: left.high, gaps: [left, right], across });
        }
    }
    found
}

/// The lines along which `there` lies with others, one for each coordinate, as long as what they join.
fn lines(axis: Axis, there: &Rect, others: &[Rect], guides: &mut Vec<Guide>) {
    let (mine, across) = (axis.span(there), axis.across().span(there));
    for at in [mine.low, mine.middle(), mine.high] {
        let mut reach: Option<Span> = None;
        for other in others {
            let beside = across.nears(axis.across().span(other), APART);
            let lined_up =
                pairs(mine, axis.span(other), beside).any(|(a, b)| (a - at).abs() < EXACT && (b - at).abs() < EXACT);
            if lined_up {
                let (so_far, theirs) = (reach.unwrap_or(across), axis.across().span(other));
                reach = Some(Span { low: so_far.low.min(theirs.low), high: so_far.high.max(theirs.high) });
            }
        }
        if let Some(reach) = reach {
            guides.push(Guide::Line(axis.point(at, reach.low), axis.point(at, reach.high)));
        }
    }
}

fn gaps(axis: Axis, there: &Rect, others: &[Rect], guides: &mut Vec<Guide>) {
    let low = axis.span(there).low;
    for equal in equal_gaps(axis, there, others).iter().filter(|equal| (equal.low - low).abs() < EXACT) {
        let across = equal.across.middle();
        for gap in &equal.gaps {
            let guide = Guide::Gap(axis.point(gap.low, across), axis.point(gap.high, across));
            if !guides.contains(&guide) {
                guides.push(guide);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: Point = Point::new(6.0, 6.0);

    #[test]
    fn a_frame_snaps_to_the_nearest_edge_or_middle_and_shows_the_line() {
        let other = Rect::new(0.0, 0.0, 100.0, 40.0);
        let found = snap(&Rect::new(300.0, 3.0, 80.0, 40.0), &[other], NEAR);
        assert_eq!(found.by, Point::new(0.0, -3.0));
        // Being as high, they are in line at the top, the middle and the bottom.
        assert_eq!(found.guides.len(), 3);
        assert_eq!(found.guides[0], Guide::Line(Point::new(0.0, 0.0), Point::new(380.0, 0.0)));
    }

    #[test]
    fn middles_line_up_whatever_the_sizes() {
        let found = snap(&Rect::new(300.0, 28.0, 80.0, 100.0), &[Rect::new(0.0, 0.0, 100.0, 150.0)], NEAR);
        assert_eq!(found.by, Point::new(0.0, -3.0));
        assert_eq!(found.guides, [Guide::Line(Point::new(0.0, 75.0), Point::new(380.0, 75.0))]);
    }

    #[test]
    fn beside_another_a_frame_does_not_snap_to_its_edge_but_below_it_does() {
        let other = [Rect::new(0.0, 0.0, 100.0, 50.0)];
        let beside = snap(&Rect::new(103.0, 20.0, 61.0, 40.0), &other, NEAR);
        assert_eq!(beside, Snap::default());
        // The corner would touch after a snap of the other axis.
        let at_the_corner = snap(&Rect::new(103.0, 53.0, 61.0, 40.0), &other, NEAR);
        assert_eq!(at_the_corner, Snap::default());
        let below = snap(&Rect::new(103.0, 90.0, 61.0, 40.0), &other, NEAR);
        assert_eq!(below.by, Point::new(-3.0, 0.0));
    }

    #[test]
    fn a_gap_that_is_hardly_one_is_not_made_again() {
        let row = [Rect::new(0.0, 0.0, 100.0, 50.0), Rect::new(102.0, 0.0, 100.0, 50.0)];
        assert_eq!(snap(&Rect::new(207.0, 20.0, 61.0, 50.0), &row, NEAR).by.x, 0.0);
    }

    #[test]
    fn an_axis_that_is_held_does_not_snap() {
        let found = snap(&Rect::new(4.0, 3.0, 80.0, 40.0), &[Rect::new(0.0, 0.0, 100.0, 40.0)], Point::new(-1.0, 6.0));
        assert_eq!(found.by, Point::new(0.0, -3.0));
    }

    #[test]
    fn out_of_reach_nothing_snaps() {
        let found = snap(&Rect::new(300.0, 12.0, 83.0, 17.0), &[Rect::new(0.0, 0.0, 100.0, 100.0)], NEAR);
        assert_eq!(found, Snap::default());
    }

    #[test]
    fn a_third_frame_takes_the_gap_of_the_first_two() {
        let row = [Rect::new(0.0, 0.0, 100.0, 50.0), Rect::new(140.0, 0.0, 100.0, 50.0)];
        let found = snap(&Rect::new(284.0, 60.0 - 40.0, 90.0, 50.0), &row, NEAR);
        assert_eq!(found.by.x, -4.0);
        let shown: Vec<_> = found.guides.iter().filter(|guide| matches!(guide, Guide::Gap(..))).collect();
        assert_eq!(shown.len(), 2);
    }

    #[test]
    fn between_two_frames_the_middle_is_found() {
        let row = [Rect::new(0.0, 0.0, 100.0, 50.0), Rect::new(300.0, 0.0, 100.0, 50.0)];
        let found = snap(&Rect::new(152.0, 0.0, 101.0, 50.0), &row, NEAR);
        assert_eq!(found.by.x, -2.5);
    }
}
