//! Finds a small picture (a dot, an icon) again among the shapes of a sheet: the same shapes in the same inks, elsewhere.

use brownout::scene::paint::{Pen, Shape, Sheet};
use brownout::scene::{Paint, Point};

/// Two lengths that no eye tells apart.
pub(super) fn near(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.05
}

pub(super) fn at_once(one: Point, other: Point) -> bool {
    near(one.x, other.x) && near(one.y, other.y)
}

/// A picture whose own place is the origin.
pub(super) struct Stamp(Vec<Shape>);

impl Stamp {
    /// The stamp that this draws around the origin.
    pub(super) fn of(draw: impl FnOnce(&mut Sheet)) -> Self {
        let mut sheet = Sheet::default();
        draw(&mut sheet);
        Self(sheet.shapes)
    }

    /// How many shapes it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where it is, if these shapes begin with it, however opaque.
    pub(super) fn find(&self, shapes: &[Shape]) -> Option<Point> {
        let (first, own) = (place(shapes.first()?), place(self.0.first()?));
        let by = Point::new(first.x - own.x, first.y - own.y);
        let same =
            shapes.len() >= self.0.len() && self.0.iter().zip(shapes).all(|(own, shape)| is_same(own, shape, by));
        same.then_some(by)
    }
}

/// A shape's first point.
fn place(shape: &Shape) -> Point {
    match shape {
        Shape::Rect { rect, .. } => rect.min,
        Shape::Circle { at, .. } => *at,
        Shape::Path { points, .. } => points[0],
        Shape::Curve { curve, .. } => curve.from,
        Shape::Text(text) => text.at,
        // From near there are no crowds.
        Shape::Blocks(_) | Shape::Lines(_) | Shape::Dots { .. } => Point::default(),
    }
}

fn is_same(own: &Shape, shape: &Shape, by: Point) -> bool {
    let moved = |point: Point| Point::new(point.x + by.x, point.y + by.y);
    if !at_once(moved(place(own)), place(shape)) {
        return false;
    }
    match (own, shape) {
        (Shape::Rect { rect: a, radius: b, fill: c, pen: d }, Shape::Rect { rect: e, radius: f, fill: g, pen: h }) => {
            near(a.size.w, e.size.w) && near(a.size.h, e.size.h) && near(*b, *f) && inks(c, g) && pens(d, h)
        }
        (Shape::Circle { radius: a, fill: b, pen: c, .. }, Shape::Circle { radius: d, fill: e, pen: f, .. }) => {
            near(*a, *d) && inks(b, e) && pens(c, f)
        }
        (
            Shape::Path { points: a, closed: b, fill: c, pen: d },
            Shape::Path { points: e, closed: f, fill: g, pen: h },
        ) => {
            let points = a.len() == e.len() && a.iter().zip(e).all(|(own, there)| at_once(moved(*own), *there));
            points && b == f && inks(c, g) && pens(d, h)
        }
        _ => false,
    }
}

fn inks(one: &Option<Paint>, other: &Option<Paint>) -> bool {
    one.map(|paint| paint.ink) == other.map(|paint| paint.ink)
}

fn pens(one: &Option<Pen>, other: &Option<Pen>) -> bool {
    let parts = |pen: &Option<Pen>| pen.map(|pen| (pen.paint.ink, pen.dash));
    parts(one) == parts(other) && near(one.map_or(0.0, |pen| pen.width), other.map_or(0.0, |pen| pen.width))
}
