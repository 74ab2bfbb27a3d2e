//! Draws the scene as shapes: what the window shows and what pictures in files show. Pure; the order of drawing is the
//! order of the calls in [`sheet`].

mod cards;
mod cells;
mod dots;
mod groups;
pub mod icons;
mod lamps;
mod legend;
mod links;
mod marks;
mod notes;
mod page;
mod people;
mod states;
mod visitors;

use std::collections::BTreeSet;

use crate::control::Snapshot;
use crate::telemetry::TraceId;
use crate::topology::edit::Item;
use crate::topology::{NodeId, Preset, Slot};

use super::dots::{Count, Dots};
use super::lamps::Lamp;
use super::moves::Moves;
use super::paint::Sheet;
use super::people::RecentLosses;
use super::words::Words;
use super::{Live, Stage};

pub use dots::dot;
pub use legend::{HEIGHT as LEGEND_HEIGHT, legend, width as legend_width};
pub use page::{Page, page};

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
}

impl Frame<'_> {
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

/// The whole drawing, in world units.
pub fn sheet(frame: &Frame<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    groups::draw(&mut sheet, frame);
    notes::draw(&mut sheet, frame);
    for card in &frame.stage.cards {
        cards::draw(&mut sheet, frame, card);
    }
    links::draw(&mut sheet, frame);
    for (at, card) in frame.stage.cards.iter().enumerate() {
        people::draw(&mut sheet, frame, card);
        cells::draw(&mut sheet, frame, at, card);
    }
    visitors::draw(&mut sheet, frame);
    marks::travelling(&mut sheet, frame);
    dots::draw(&mut sheet, frame);
    sheet
}
