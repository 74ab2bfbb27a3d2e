//! Visitors from outside: where they stand, below the gateway that they visit, and the way of their requests. Places depend
//! on the card and the visitor's seat alone, so that nobody moves when somebody else comes.

use crate::topology::Slot;

use super::geometry::{Curve, Point, Rect, Size};
use super::layout::{Card, CardKind, Stage};

/// The space between the card and the line of a replica's address.
const BELOW: f32 = 8.0;
/// The height of that line.
const LINE: f32 = 18.0;
/// The room for one visitor.
const FIGURE: (f32, f32) = (34.0, 38.0);
/// How far left of the card their requests go around its corner.
const AROUND: f32 = 34.0;

/// Room is kept for the visitors of so many replicas; most gateways have one.
const MOST_ROWS: usize = 3;

/// A card with the room for visitors below it, which is kept free whether somebody visits or not: nothing moves when
/// somebody comes.
pub fn footprint(card: &Card) -> Rect {
    let foot = match card.kind {
        CardKind::Gateway => BELOW + card.cells.len().clamp(1, MOST_ROWS) as f32 * (LINE + FIGURE.1),
        CardKind::Users | CardKind::Service | CardKind::Cache | CardKind::Database | CardKind::Program => 0.0,
    };
    Rect { size: Size { h: card.rect.size.h + foot, ..card.rect.size }, ..card.rect }
}

/// The line that says where a gateway's replica can be visited.
pub fn address_line(stage: &Stage, gateway: &Slot) -> Option<Rect> {
    let card = stage.card(&gateway.node)?.rect;
    let row = gateway.index.saturating_sub(1) as f32;
    let y = card.bottom() + BELOW + row * (LINE + FIGURE.1);
    Some(Rect::new(card.min.x, y, card.size.w, LINE))
}

/// The place of a visitor, by seat.
pub fn place(stage: &Stage, gateway: &Slot, number: u32) -> Option<Rect> {
    let line = address_line(stage, gateway)?;
    let x = line.min.x + number.saturating_sub(1) as f32 * FIGURE.0;
    Some(Rect::new(x, line.bottom(), FIGURE.0, FIGURE.1))
}

/// The way from a visitor to the gateway's replica.
pub fn way(stage: &Stage, gateway: &Slot, number: u32) -> Option<Curve> {
    let home = place(stage, gateway, number)?;
    let card = stage.card(&gateway.node)?;
    let to = card.cell(gateway).copied().unwrap_or(card.rect).left_middle();
    let left = card.rect.min.x - AROUND;
    let from = Point::new(home.center().x, home.min.y);
    Some(Curve { from, leaving: Point::new(left, from.y), arriving: Point::new(left, to.y), to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::scene::Moved;
    use crate::scene::dots::tests::sticky;
    use crate::telemetry::MOST_VISITORS;

    #[test]
    fn visitors_stand_below_their_gateway_side_by_side_and_lead_into_its_cell() {
        let stage = Stage::new(&sticky(), &Snapshot::default(), &Moved::default());
        let gate: Slot = "gate.1".parse().unwrap();
        let card = stage.card(&gate.node).unwrap().rect;
        let places: Vec<Rect> = (1..=MOST_VISITORS).map(|number| place(&stage, &gate, number).unwrap()).collect();
        assert!(places.iter().all(|place| place.min.y >= card.bottom()));
        assert!(places.windows(2).all(|pair| pair[1].min.x >= pair[0].right()));
        let room = footprint(stage.card(&gate.node).unwrap());
        assert!(places.iter().all(|place| place.bottom() <= room.bottom()));
        assert!(stage.bounds().unwrap().bottom() >= room.bottom());
        let way = way(&stage, &gate, 3).unwrap();
        assert_eq!(way.to, stage.cell(&gate).unwrap().left_middle());
        assert!((places[2].center().x - way.from.x).abs() < 0.1);
        assert_eq!(place(&stage, &"nowhere.1".parse().unwrap(), 1), None);
    }
}
