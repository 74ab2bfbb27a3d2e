//! The curves that links and requests follow: from the asking card's right edge to each cell of the asked card, so that
//! a request visibly bends to the replica that answers it.

use crate::topology::{LinkId, NodeId, Slot};

use super::geometry::{Curve, Point, Rect};
use super::layout::{Card, Stage};

/// One branch of a link: to one cell of the asked node, or to its card where cells are too many to tell apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Which link.
    pub link: LinkId,
    /// Which cell; `None` for the card as a whole.
    pub slot: Option<Slot>,
    /// The curve that it follows.
    pub curve: Curve,
}

/// The curve over a link to a cell, or to the card where the cell is not known or not drawn by itself. A card's only cell
/// is always known.
pub fn curve(stage: &Stage, link: &LinkId, slot: Option<&Slot>) -> Option<Curve> {
    Some(lay(stage.card(&link.from)?, stage.card(&link.to)?, slot))
}

/// The same between two cards.
pub(super) fn lay(from: &Card, to: &Card, slot: Option<&Slot>) -> Curve {
    let cell = match slot {
        Some(slot) if !to.compact => to.cell(slot).copied().unwrap_or(to.rect),
        None if !to.compact && to.cells.len() == 1 => to.cells[0].1,
        Some(_) | None => to.rect,
    };
    between(&from.rect, &cell, &to.rect)
}

/// The middle of a figure, where a user's requests begin and end.
pub fn figure(stage: &Stage, node: &NodeId, user: u32) -> Option<Point> {
    let card = stage.card(node)?;
    let at = usize::try_from(user.checked_sub(1)?).ok()?;
    Some(card.figures.get(at)?.center())
}

/// A gentle curve from one frame to another: out of the side that faces the other card, in at the side that faces back.
pub fn between(from: &Rect, to: &Rect, card: &Rect) -> Curve {
    let beside = card.min.x >= from.right() || card.right() <= from.min.x;
    if !beside {
        let down = card.min.y >= from.min.y;
        let start = Point::new(from.center().x, if down { from.bottom() } else { from.min.y });
        let end = Point::new(card.center().x, if down { card.min.y } else { card.bottom() });
        let reach = (end.y - start.y) * 0.5;
        return Curve {
            from: start,
            leaving: Point::new(start.x, start.y + reach),
            arriving: Point::new(end.x, end.y - reach),
            to: end,
        };
    }
    let rightwards = card.min.x >= from.right();
    let (start, end) =
        if rightwards { (from.right_middle(), to.left_middle()) } else { (from.left_middle(), to.right_middle()) };
    let reach = (end.x - start.x) * 0.5;
    Curve {
        from: start,
        leaving: Point::new(start.x + reach, start.y),
        arriving: Point::new(end.x - reach, end.y),
        to: end,
    }
}

#[cfg(test)]
mod tests {
    use crate::scene::Moved;

    use super::*;
    use crate::control::Snapshot;
    use crate::scene::dots::tests::sticky;

    #[test]
    fn a_link_branches_to_every_cell_and_each_branch_ends_at_its_cells_edge() {
        let stage = Stage::new(&sticky(), &Snapshot::default(), &Moved::default());
        let wire = stage.wire(&"gate->shop".parse().unwrap()).unwrap();
        assert_eq!(wire.branches.len(), 3);
        for branch in &wire.branches {
            let cell = stage.cell(branch.slot.as_ref().unwrap()).unwrap();
            assert_eq!(branch.curve.to, cell.left_middle());
        }
    }
}
