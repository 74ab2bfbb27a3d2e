//! Points, rectangles and curves in world units (points at zoom 1), independent of any drawing library.

/// A place.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// Rightwards.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    /// The point at these coordinates.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The point that lies this share of the way to another.
    #[must_use]
    pub fn towards(self, other: Self, share: f32) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// The point that lies this much further right and down.
    #[must_use]
    pub fn plus(self, by: Self) -> Self {
        Self::new(self.x + by.x, self.y + by.y)
    }

    /// How much further right and down this is than another point.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    /// The straight distance to another point.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// A width and a height.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Size {
    /// The width.
    pub w: f32,
    /// The height.
    pub h: f32,
}

/// A rectangle by its top left corner and size.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    /// The top left corner.
    pub min: Point,
    /// Width and height.
    pub size: Size,
}

impl Rect {
    /// The rectangle with this top left corner.
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { min: Point::new(x, y), size: Size { w, h } }
    }

    /// The rectangle that has these two as opposite corners.
    pub const fn between(a: Point, b: Point) -> Self {
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Self::new(x, y, a.x.max(b.x) - x, a.y.max(b.y) - y)
    }

    /// The right edge.
    pub fn right(&self) -> f32 {
        self.min.x + self.size.w
    }

    /// The lower edge.
    pub fn bottom(&self) -> f32 {
        self.min.y + self.size.h
    }

    /// The middle.
    pub fn center(&self) -> Point {
        Point::new(self.min.x + self.size.w / 2.0, self.min.y + self.size.h / 2.0)
    }

    /// The same rectangle, smaller by this much on each side; larger where it is negative.
    #[must_use]
    pub fn shrunk(&self, by: f32) -> Self {
        Self::new(self.min.x + by, self.min.y + by, self.size.w - 2.0 * by, self.size.h - 2.0 * by)
    }

    /// The middle of the left edge.
    pub fn left_middle(&self) -> Point {
        Point::new(self.min.x, self.center().y)
    }

    /// The middle of the right edge.
    pub fn right_middle(&self) -> Point {
        Point::new(self.right(), self.center().y)
    }

    /// Whether a point is inside, or on an edge.
    pub fn contains(&self, at: Point) -> bool {
        (self.min.x..=self.right()).contains(&at.x) && (self.min.y..=self.bottom()).contains(&at.y)
    }

    /// Whether another rectangle is inside as a whole.
    pub fn covers(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(Point::new(other.right(), other.bottom()))
    }

    /// Whether the two have a point in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.right()
            && other.min.x <= self.right()
            && self.min.y <= other.bottom()
            && other.min.y <= self.bottom()
    }

    /// The same rectangle elsewhere.
    #[must_use]
    pub fn moved(&self, by: Point) -> Self {
        Self { min: self.min.plus(by), ..*self }
    }

    /// Whether the two come closer to each other than this, sideways and upright at once.
    pub fn closer_than(&self, other: &Self, gap: Size) -> bool {
        self.min.x < other.right() + gap.w
            && other.min.x < self.right() + gap.w
            && self.min.y < other.bottom() + gap.h
            && other.min.y < self.bottom() + gap.h
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.min.x.min(other.min.x), self.min.y.min(other.min.y));
        Self::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }
}

/// A cubic Bézier curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Where it begins.
    pub from: Point,
    /// What it leaves towards.
    pub leaving: Point,
    /// What it arrives from.
    pub arriving: Point,
    /// Where it ends.
    pub to: Point,
}

impl Curve {
    /// The point at this share of the parameter, 0 to 1.
    pub fn at(&self, share: f32) -> Point {
        let t = share.clamp(0.0, 1.0);
        let a = self.from.towards(self.leaving, t);
        let b = self.leaving.towards(self.arriving, t);
        let c = self.arriving.towards(self.to, t);
        a.towards(b, t).towards(b.towards(c, t), t)
    }

    /// The piece of it between two shares of the parameter, by de Casteljau's algorithm.
    #[must_use]
    pub fn part(&self, from: f32, to: f32) -> Self {
        let (from, to) = (from.clamp(0.0, 1.0), to.clamp(0.0, 1.0));
        // Each control point by its blossom: how often the one and the other share is meant.
        let blossom = |shares: [f32; 3]| {
            let [first, second, third] = shares;
            let a = self.from.towards(self.leaving, first);
            let b = self.leaving.towards(self.arriving, first);
            let c = self.arriving.towards(self.to, first);
            a.towards(b, second).towards(b.towards(c, second), third)
        };
        Self {
            from: self.at(from),
            leaving: blossom([from, from, to]),
            arriving: blossom([from, to, to]),
            to: self.at(to),
        }
    }

    /// Its length, measured along 16 chords; a little short of the truth, by less than 1 % for gentle curves.
    pub fn length(&self) -> f32 {
        let points = self.points(16);
        points.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
    }

    /// A rectangle that holds it: that of its four points, within whose hull it stays.
    pub fn hull(&self) -> Rect {
        Rect::between(self.from, self.leaving).union(&Rect::between(self.arriving, self.to))
    }

    /// The curve as this many chords.
    pub fn points(&self, chords: u16) -> Vec<Point> {
        let chords = chords.max(1);
        (0..=chords).map(|step| self.at(f32::from(step) / f32::from(chords))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_begins_and_ends_where_it_says() {
        let curve = Curve {
            from: Point::new(0.0, 0.0),
            leaving: Point::new(50.0, 0.0),
            arriving: Point::new(50.0, 100.0),
            to: Point::new(100.0, 100.0),
        };
        assert_eq!((curve.at(0.0), curve.at(1.0)), (curve.from, curve.to));
        assert!(curve.length() > curve.from.distance(curve.to));
    }

    #[test]
    fn a_piece_of_a_curve_lies_on_it() {
        let curve = Curve {
            from: Point::new(0.0, 0.0),
            leaving: Point::new(80.0, -20.0),
            arriving: Point::new(10.0, 100.0),
            to: Point::new(100.0, 70.0),
        };
        let part = curve.part(0.2, 0.7);
        for step in 0..=10 {
            let share = step as f32 / 10.0;
            let (on_part, on_whole) = (part.at(share), curve.at(0.2 + 0.5 * share));
            assert!(on_part.distance(on_whole) < 1e-3, "{on_part:?} {on_whole:?}");
        }
        assert_eq!(curve.part(0.0, 1.0), curve);
    }

    #[test]
    fn rectangles_side_by_side_are_as_far_apart_as_the_gap() {
        let left = Rect::new(0.0, 0.0, 100.0, 50.0);
        let right = Rect::new(140.0, 10.0, 100.0, 50.0);
        assert!(left.closer_than(&right, Size { w: 50.0, h: 0.0 }));
        assert!(!left.closer_than(&right, Size { w: 30.0, h: 0.0 }));
    }
}
