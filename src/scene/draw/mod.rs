//! Draws the scene as shapes: what the window shows and what pictures in files show. Pure; the order of drawing is the
//! order of the [`LAYERS`].

mod cards;
mod cells;
mod chips;
mod dots;
mod far;
mod groups;
pub mod icons;
mod lamps;
mod layer;
mod legend;
mod links;
mod marks;
mod names;
mod notes;
mod page;
mod people;
mod plugs;
mod releases;
mod sight;
mod states;
pub mod traffic;
mod visitors;

use std::collections::BTreeSet;

use crate::control::Snapshot;
use crate::telemetry::TraceId;
use crate::topology::edit::Item;
use crate::topology::{NodeId, Preset, Slot};

use super::dots::{Count, Dots};
use super::geometry::Rect;
use super::lamps::Lamp;
use super::moves::Moves;
use super::paint::{Pen, Sheet};
use super::people::RecentLosses;
use super::words::Words;
use super::{Live, Stage};

pub use dots::dot;
pub use lamps::lamp_sign;
pub use layer::{LAYERS, Layer};
pub use legend::{HEIGHT as LEGEND_HEIGHT, legend, width as legend_width};
pub use page::{Page, page};
pub use sight::{Detail, Sight};

/// Sizes of text on the canvas, in world units.
mod text {
    /// A card's title.
    pub(super) const TITLE: f32 = 16.0;
    /// A cell's name.
    pub(super) const NAME: f32 = 14.0;
    /// A second line.
    pub(super) const SMALL: f32 = 12.0;
    /// Numbers in marks.
    pub(super) const MARK: f32 = 11.0;
}

/// How much larger letters are for a class.
const LARGE: f32 = 1.45;

/// Everything that a picture is drawn from: one moment of the scene.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The document.
    pub preset: &'a Preset,
    /// The run as it was at the moment on the screen.
    pub shown: &'a Snapshot,
    /// The moment on the screen, in microseconds of run time.
    pub display_us: u64,
    /// Where cards and cells are.
    pub stage: &'a Stage,
    /// Which node of the run is which card.
    pub live: &'a Live,
    /// The requests under way.
    pub dots: &'a Dots,
    /// What passed each branch of a link in the last second, in place of moving dots; `None` when dots move.
    pub counts: Option<&'a [Count]>,
    /// Who lost what just now.
    pub losses: &'a RecentLosses,
    /// Marks that are on their way from one place to another.
    pub moves: &'a Moves,
    /// Which operations are served.
    pub lamps: &'a [Lamp],
    /// What stands out.
    pub emphasis: &'a Emphasis,
    /// The words for things.
    pub words: Words<'a>,
    /// Whether letters are as large as their places allow, for a class: then what only engineers read is left out.
    pub large: bool,
    /// The least radius of a dot, in world units, so that it is seen from the back of the room.
    pub least_dot: f32,
    /// What is in sight, and from how far; `None` draws everything as from near, for files.
    pub sight: Option<Sight>,
    /// Whether links tell of their traffic, for engineers: thickness by rate, failures, latency.
    pub traffic: bool,
}

/// No title is smaller on the screen, in points.
const READABLE: f32 = 11.0;
/// Smaller letters on the screen could not be read, and are left out.
const LEAST_LETTERS: f32 = 6.0;
/// Small letters that have room are no smaller on the screen.
const LEGIBLE: f32 = 7.5;

impl Frame<'_> {
    /// At least this size, and larger where it could not be read from here.
    fn readable(&self, size: f32) -> f32 {
        self.sight.map_or(size, |sight| size.max(READABLE / sight.zoom))
    }

    /// This size, or, where that could not be read from here, as much more as its place leaves room for.
    fn legible(&self, size: f32, most: f32) -> f32 {
        self.sight.map_or(size, |sight| size.max((LEGIBLE / sight.zoom).min(most)))
    }

    /// How large this is on the screen, in points; in a file as large as it is.
    fn on_screen(&self, size: f32) -> f32 {
        self.sight.map_or(size, |sight| size * sight.zoom)
    }

    /// What is selected and what is only pointed at, each with the pen that shows it; what is selected first.
    fn outstanding(&self, selected: Pen, hovered: Pen) -> impl Iterator<Item = (&Item, Pen)> {
        let (items, pointed) = (&self.emphasis.items, &self.emphasis.hovered);
        let pointed = pointed.iter().filter(|item| !items.contains(*item));
        items.iter().map(move |item| (item, selected)).chain(pointed.map(move |item| (item, hovered)))
    }

    /// A line's thickness: in points of the screen where that is more than in the world, so that no edge fades from afar.
    fn thick(&self, width: f32) -> f32 {
        self.sight.map_or(width, |sight| width.max(width / sight.zoom))
    }

    /// The size of letters that are `size` high for one person at a desk.
    fn letters(&self, size: f32) -> f32 {
        if self.large { size * LARGE } else { size }
    }
}

/// What stands out of the picture, because it was selected, is followed or is pointed at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emphasis {
    /// Selected nodes, links, groups and notes.
    pub items: BTreeSet<Item>,
    /// What the pointer is on.
    pub hovered: Option<Item>,
    /// A selected replica.
    pub slot: Option<Slot>,
    /// Users to be found among the others: one that is followed, or who lives in a replica that is pointed at.
    pub users: BTreeSet<(NodeId, u32)>,
    /// A request whose dot is followed.
    pub trace: Option<TraceId>,
}

/// What a card's or link's picture may take outside its bounds, in world units.
const OVERHANG: f32 = 48.0;
/// More than any drawing has.
const EVERYWHERE: Rect = Rect::new(-1e9, -1e9, 2e9, 2e9);

/// The whole drawing, in world units; where there is a sight, what can be seen of it from there.
pub fn sheet(frame: &Frame<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    for layer in LAYERS {
        layer.draw(&mut sheet, frame);
    }
    sheet
}
