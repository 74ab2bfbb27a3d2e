//! Shapes of which there are so many that a painter takes them all at once: plain blocks, thin lines, and dots.

use crate::scene::dots::Look;
use crate::scene::geometry::{Point, Rect};

use super::Paint;

/// A rectangle with neither line nor round corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// The frame.
    pub rect: Rect,
    /// The face.
    pub paint: Paint,
}

/// One of many lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Its points are those of the list from where the line before it ends up to this one, which is not its own.
    pub end: u32,
    /// Its thickness.
    pub width: f32,
    /// Its colour.
    pub paint: Paint,
}

/// Many lines, with their points in one list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    points: Vec<Point>,
    lines: Vec<Line>,
}

impl Lines {
    /// Adds a line from point to point.
    pub fn add(&mut self, points: impl IntoIterator<Item = Point>, width: f32, paint: impl Into<Paint>) {
        self.points.extend(points);
        self.lines.push(Line { end: self.points.len() as u32, width, paint: paint.into() });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// As many points as all of them have.
    pub fn points(&self) -> usize {
        self.points.len()
    }

    /// The lines with their points.
    pub fn iter(&self) -> impl Iterator<Item = (&Line, &[Point])> {
        let mut start = 0;
        self.lines.iter().map(move |line| {
            let points = self.points.get(start..line.end as usize).unwrap_or_default();
            start = line.end as usize;
            (line, points)
        })
    }

    /// The same lines elsewhere.
    #[must_use]
    pub(super) fn moved(mut self, by: Point) -> Self {
        self.points.iter_mut().for_each(|at| *at = at.plus(by));
        self
    }
}

/// One of many dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Where.
    pub at: Point,
    /// What it says.
    pub look: Look,
    /// From 0, not there, to 1.
    pub opacity: f32,
}
