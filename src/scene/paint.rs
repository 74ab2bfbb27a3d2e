//! What a picture is made of: a list of shapes in world units, coloured by what they mean. The window and the exporters
//! paint the same list, so that a picture in a file is the picture on the screen.

mod crowd;

use super::geometry::{Curve, Point, Rect};

pub use crowd::{Block, Line, Lines, Spot};

/// What a colour means. Which colour that is, a theme says: [`super::palette`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ink {
    /// Behind the cards.
    Canvas,
    /// The canvas's grid of points.
    Grid,
    /// Bars and side panels.
    Panel,
    /// A card's face.
    Card,
    /// A cell's face within a card.
    Cell,
    /// A dead cell's face.
    Dead,
    /// Frames and separators.
    Line,
    /// Frames of what is ready.
    LineStrong,
    /// Links.
    Link,
    /// Text.
    Text,
    /// Text of less weight, still readable.
    Faint,
    /// What can be pressed first of all; what is selected.
    Accent,
    /// Text on the accent.
    OnAccent,
    /// What went well.
    Ok,
    /// What went well in part, and what waits.
    Degraded,
    /// The outline of amber shapes.
    DegradedEdge,
    /// What failed, and who was hurt.
    Failed,
    /// Text on what failed.
    OnFailed,
    /// The face of a message about harm.
    HarmFace,
    /// A session's mark.
    Session,
    /// Text on a session's mark.
    OnSession,
    /// A card's shadow: translucent.
    Shadow,
}

/// Every ink, for tables and tests.
pub const INKS: [Ink; 22] = [
    Ink::Canvas,
    Ink::Grid,
    Ink::Panel,
    Ink::Card,
    Ink::Cell,
    Ink::Dead,
    Ink::Line,
    Ink::LineStrong,
    Ink::Link,
    Ink::Text,
    Ink::Faint,
    Ink::Accent,
    Ink::OnAccent,
    Ink::Ok,
    Ink::Degraded,
    Ink::DegradedEdge,
    Ink::Failed,
    Ink::OnFailed,
    Ink::HarmFace,
    Ink::Session,
    Ink::OnSession,
    Ink::Shadow,
];

/// An ink, more or less opaque.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paint {
    /// Which colour.
    pub ink: Ink,
    /// From 0, not there, to 1.
    pub opacity: f32,
}

impl Ink {
    /// The ink, this opaque.
    pub const fn at(self, opacity: f32) -> Paint {
        Paint { ink: self, opacity }
    }
}

impl From<Ink> for Paint {
    fn from(ink: Ink) -> Self {
        ink.at(1.0)
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Its thickness. Painters never draw thinner than can be seen.
    pub width: f32,
    /// Its colour.
    pub paint: Paint,
    /// The lengths of dashes and of the gaps between them; `None` for a whole line.
    pub dash: Option<(f32, f32)>,
}

impl Pen {
    /// A whole line.
    pub fn new(width: f32, paint: impl Into<Paint>) -> Self {
        Self { width, paint: paint.into(), dash: None }
    }

    /// The same line in dashes.
    #[must_use]
    pub fn dashed(self, dash: f32, gap: f32) -> Self {
        Self { dash: Some((dash, gap)), ..self }
    }
}

/// Which side of a text is at its place, along the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Begins there.
    Left,
    /// Is centred there.
    Middle,
    /// Ends there.
    Right,
}

/// One line of text. Its place is the middle of its height.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Where.
    pub at: Point,
    /// Which part of it is there.
    pub side: Side,
    /// The size of its letters.
    pub size: f32,
    /// Its parts, one after the other.
    pub runs: Vec<Run>,
    /// The width that it may take: what is longer is cut, and ends in an ellipsis.
    pub room: Option<f32>,
}

/// A part of a line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The letters.
    pub text: String,
    /// Their colour.
    pub paint: Paint,
    /// Whether they are struck out.
    pub struck: bool,
}

impl Run {
    /// Some letters.
    pub fn new(text: impl Into<String>, paint: impl Into<Paint>) -> Self {
        Self { text: text.into(), paint: paint.into(), struck: false }
    }
}

/// One shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A rectangle with round corners; its line lies within the frame.
    Rect {
        /// The frame.
        rect: Rect,
        /// The radius of the corners.
        radius: f32,
        /// The face.
        fill: Option<Paint>,
        /// The line around it.
        pen: Option<Pen>,
    },
    /// A circle; its line lies on the edge.
    Circle {
        /// The centre.
        at: Point,
        /// The radius.
        radius: f32,
        /// The face.
        fill: Option<Paint>,
        /// The line around it.
        pen: Option<Pen>,
    },
    /// Straight lines from point to point.
    Path {
        /// The points.
        points: Vec<Point>,
        /// Whether the last point is joined to the first.
        closed: bool,
        /// The face: only of what is closed and convex.
        fill: Option<Paint>,
        /// The line.
        pen: Option<Pen>,
    },
    /// A curve.
    Curve {
        /// Its course.
        curve: Curve,
        /// Its line.
        pen: Pen,
    },
    /// A line of text.
    Text(Text),
    /// Many plain rectangles.
    Blocks(Vec<Block>),
    /// Many lines.
    Lines(Lines),
    /// Many dots of one size; each looks as [`super::draw::dot`] draws it.
    Dots {
        /// The radius.
        radius: f32,
        /// The dots, the later ones above the earlier ones.
        dots: Vec<Spot>,
    },
}

/// A list of shapes, the later ones above the earlier ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// The shapes.
    pub shapes: Vec<Shape>,
}

impl Sheet {
    /// Adds a rectangle.
    pub fn rect(&mut self, rect: Rect, radius: f32, fill: impl Into<Option<Paint>>, pen: impl Into<Option<Pen>>) {
        self.shapes.push(Shape::Rect { rect, radius, fill: fill.into(), pen: pen.into() });
    }

    /// Adds a circle.
    pub fn circle(&mut self, at: Point, radius: f32, fill: impl Into<Option<Paint>>, pen: impl Into<Option<Pen>>) {
        self.shapes.push(Shape::Circle { at, radius, fill: fill.into(), pen: pen.into() });
    }

    /// Adds a line from point to point.
    pub fn line(&mut self, points: Vec<Point>, pen: Pen) {
        self.shapes.push(Shape::Path { points, closed: false, fill: None, pen: Some(pen) });
    }

    /// Adds a convex polygon.
    pub fn polygon(&mut self, points: Vec<Point>, fill: impl Into<Option<Paint>>, pen: impl Into<Option<Pen>>) {
        self.shapes.push(Shape::Path { points, closed: true, fill: fill.into(), pen: pen.into() });
    }

    /// Adds a curve.
    pub fn curve(&mut self, curve: Curve, pen: Pen) {
        self.shapes.push(Shape::Curve { curve, pen });
    }

    /// Adds a line of text in one colour. `room`: the width that it may take.
    pub fn text(
        &mut self,
        at: Point,
        side: Side,
        text: impl ToString,
        size: f32,
        paint: impl Into<Paint>,
        room: impl Into<Option<f32>>,
    ) {
        let runs = vec![Run::new(text.to_string(), paint)];
        self.runs(at, side, size, runs, room);
    }

    /// Adds a line of text in parts.
    pub fn runs(&mut self, at: Point, side: Side, size: f32, runs: Vec<Run>, room: impl Into<Option<f32>>) {
        self.shapes.push(Shape::Text(Text { at, side, size, runs, room: room.into() }));
    }

    /// The same shapes, moved so that the origin is at this place.
    #[must_use]
    pub fn moved(self, by: Point) -> Self {
        Self { shapes: self.shapes.into_iter().map(|shape| shape.moved(by)).collect() }
    }
}

impl Shape {
    fn moved(self, by: Point) -> Self {
        let at = |point: Point| Point::new(point.x + by.x, point.y + by.y);
        match self {
            Self::Rect { rect, radius, fill, pen } => {
                Self::Rect { rect: Rect { min: at(rect.min), ..rect }, radius, fill, pen }
            }
            Self::Circle { at: centre, radius, fill, pen } => Self::Circle { at: at(centre), radius, fill, pen },
            Self::Path { points, closed, fill, pen } => {
                Self::Path { points: points.into_iter().map(at).collect(), closed, fill, pen }
            }
            Self::Curve { curve, pen } => {
                let Curve { from, leaving, arriving, to } = curve;
                let curve = Curve { from: at(from), leaving: at(leaving), arriving: at(arriving), to: at(to) };
                Self::Curve { curve, pen }
            }
            Self::Text(text) => Self::Text(Text { at: at(text.at), ..text }),
            Self::Blocks(mut blocks) => {
                blocks.iter_mut().for_each(|block| block.rect.min = at(block.rect.min));
                Self::Blocks(blocks)
            }
            Self::Lines(lines) => Self::Lines(lines.moved(by)),
            Self::Dots { radius, mut dots } => {
                dots.iter_mut().for_each(|dot| dot.at = at(dot.at));
                Self::Dots { radius, dots }
            }
        }
    }
}
