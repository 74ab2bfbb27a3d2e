//! Drawing a link by hand: from a port to a card, to nothing (where what fits can be made), or an end of a link to
//! another card.

use crate::scene::{Curve, Point, Rect, route};
use crate::topology::edit::{self, End, Step};
use crate::topology::{LinkId, NodeId, Problem};
use crate::ui::Inputs;

/// A link with a loose end.
#[derive(Debug)]
pub(super) struct Wire {
    /// The node at its other end.
    pub(super) fixed: NodeId,
    /// Which end is loose.
    pub(super) loose: End,
    /// The link whose end it is, if it is not a new one.
    pub(super) of: Option<LinkId>,
    /// Where the loose end was taken.
    pub(super) from: Point,
    /// Where it is.
    pub(super) at: Point,
    /// Whether it is over the card that it came from.
    pub(super) home: bool,
    /// The card that it is over, and the step that a release would make, or why none.
    pub(super) over: Option<(NodeId, Result<Step, Problem>)>,
}

impl Wire {
    /// A new link out of a node, or into it.
    pub(super) fn new(fixed: NodeId, loose: End, at: Point) -> Self {
        Self { fixed, loose, of: None, from: at, at, home: true, over: None }
    }

    /// A link whose end is taken elsewhere.
    pub(super) fn reattach(link: LinkId, loose: End, at: Point) -> Self {
        let fixed = if loose == End::To { link.from.clone() } else { link.to.clone() };
        Self { fixed, loose, of: Some(link), from: at, at, home: true, over: None }
    }

    /// Goes where the pointer is.
    pub(super) fn follow(&mut self, inputs: &Inputs<'_>, at: Point) {
        self.at = at;
        self.aim(inputs, inputs.stage.card_at(at).map(|card| card.node.clone()));
    }

    /// Points at this card.
    pub(super) fn aim(&mut self, inputs: &Inputs<'_>, node: Option<NodeId>) {
        // One comes from there: that is no mistake to be told of.
        self.home = node.as_ref() == Some(&self.fixed);
        let node = node.filter(|node| *node != self.fixed);
        if self.over.as_ref().map(|(over, _)| over) == node.as_ref() {
            return;
        }
        self.over = node.map(|node| {
            let step = self.step(inputs, &node);
            (node, step)
        });
    }

    /// Whether it fits to this node, said without a reason: this is asked of every card in sight.
    pub(super) fn fits(&self, inputs: &Inputs<'_>, node: &NodeId) -> bool {
        let (from, to) = if self.loose == End::To { (&self.fixed, node) } else { (node, &self.fixed) };
        let is_its_own = self.of.as_ref().is_some_and(|link| link.from == *from && link.to == *to);
        is_its_own || edit::can_connect(inputs.preset, from, to)
    }

    /// The step that a release over this node makes.
    pub(super) fn step(&self, inputs: &Inputs<'_>, node: &NodeId) -> Result<Step, Problem> {
        match (&self.of, self.loose) {
            (Some(link), loose) => edit::reattach(inputs.preset, link, loose, node),
            (None, End::To) => edit::connect(inputs.preset, &self.fixed, node),
            (None, End::From) => edit::connect(inputs.preset, node, &self.fixed),
        }
    }

    /// How it is drawn: as it will lie on the card that it fits to, else to where the pointer is.
    pub(super) fn curve(&self, inputs: &Inputs<'_>) -> Option<Curve> {
        let fixed = inputs.stage.card(&self.fixed)?.rect;
        let card = self.over.as_ref().filter(|(_, step)| step.is_ok());
        let card = card.and_then(|(node, _)| inputs.stage.card(node)).map(|card| card.rect);
        let end = card.unwrap_or(Rect { min: self.at, ..Rect::default() });
        let (from, to) = if self.loose == End::To { (fixed, end) } else { (end, fixed) };
        Some(route::between(&from, &to, &to))
    }
}
