//! What of the drawing is in sight, and how much of it can be told from there.

use crate::scene::geometry::Rect;

/// Below this zoom there is no small text, no mark in a cell, and one line for each link.
const FULL: f32 = 0.4;
/// Below this zoom a card is a plain block.
const PLAIN: f32 = 0.15;

/// What a window shows of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// The part of the world that is seen.
    pub world: Rect,
    /// Points of the screen for each unit of the world.
    pub zoom: f32,
    /// Whether everything is drawn from however far: the marks and bolts of a lesson are what it is about.
    pub whole: bool,
}

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Full,
    /// Cards with their names, cells as blocks.
    Plain,
    /// Cards as blocks in the colour of how they are.
    Blocks,
}

impl Sight {
    /// How much is drawn from here.
    pub fn detail(&self) -> Detail {
        if self.whole || self.zoom >= FULL {
            Detail::Full
        } else if self.zoom >= PLAIN {
            Detail::Plain
        } else {
            Detail::Blocks
        }
    }
}
