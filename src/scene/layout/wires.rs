//! Where links lie: the curve to each cell, and one line for all of them where a link is too small for more.

use crate::scene::geometry::{Point, Rect};
use crate::scene::pick;
use crate::scene::route::{self, Branch};
use crate::topology::{LinkId, Slot};

use super::Card;

/// Which share of its way a link has behind it at its plug.
const PLUG_AT: f32 = 0.72;

/// The chords of a trunk.
pub const CHORDS: usize = 8;

/// A link as it lies on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    /// Which link.
    pub link: LinkId,
    /// The place of the asking card among the stage's cards.
    pub from: usize,
    /// The place of the asked card.
    pub to: usize,
    /// One branch for each cell, or one for the card where cells are too many to tell apart.
    pub branches: Vec<Branch>,
    /// One line from card to card, in the place of all branches.
    pub trunk: [Point; CHORDS + 1],
    /// What holds all of it.
    pub bounds: Rect,
    /// Why the plug at its end does not fit, in a sentence, where it does not.
    pub misfit: Option<String>,
}

impl Wire {
    /// Lays a link between two cards.
    pub(super) fn new(link: LinkId, from: usize, to: usize, cards: &[Card]) -> Self {
        let mut wire = Self {
            link,
            from,
            to,
            branches: Vec::new(),
            trunk: Default::default(),
            bounds: Rect::default(),
            misfit: None,
        };
        wire.lay(cards);
        wire
    }

    /// Lays it anew, its cards having moved.
    pub(super) fn lay(&mut self, cards: &[Card]) {
        let (from, to) = (&cards[self.from], &cards[self.to]);
        let branch = |slot: Option<&Slot>| Branch {
            link: self.link.clone(),
            slot: slot.cloned(),
            curve: route::lay(from, to, slot),
        };
        self.branches = if to.compact || to.cells.is_empty() {
            vec![branch(None)]
        } else {
            to.cells.iter().map(|(slot, _)| branch(Some(slot))).collect()
        };
        let trunk = route::between(&from.rect, &to.rect, &to.rect);
        for (at, point) in self.trunk.iter_mut().enumerate() {
            *point = trunk.at(at as f32 / CHORDS as f32);
        }
        self.bounds =
            self.branches.iter().map(|branch| branch.curve.hull()).fold(trunk.hull(), |sum, it| sum.union(&it));
    }

    /// Where the mark of a plug that does not fit is: before the card that is asked.
    pub fn plug(&self) -> Option<Point> {
        self.branches.first().map(|branch| branch.curve.at(PLUG_AT))
    }

    /// How far a point is from the nearest branch; `None` when it is further than `reach`.
    pub fn distance(&self, at: Point, reach: f32) -> Option<f32> {
        let near = self.branches.iter().filter_map(|branch| pick::distance_to(&branch.curve, at, reach));
        near.min_by(f32::total_cmp)
    }
}
