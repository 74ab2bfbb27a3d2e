//! Visitors from outside: where to visit a gateway, and who does. A visitor is drawn as a tag, not as one of the users: a
//! head and a shield with its number, filled while it has a session.

use crate::control::snapshot::{NodeState, SlotState, VisitorState};
use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::CardKind;
use crate::scene::paint::{Ink, Paint, Pen, Sheet, Side};
use crate::scene::visitors;
use crate::telemetry::Visitor;

use super::icons::{self, Icon};
use super::{Frame, people, text};

/// Draws the addresses of gateways that run, and their visitors.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>) {
    let gateways = frame.stage.cards.iter().filter(|card| card.kind == CardKind::Gateway);
    for node in gateways.filter_map(|card| frame.shown.nodes.iter().find(|node| node.id == card.node)) {
        addresses(sheet, frame, node);
    }
    for state in frame.shown.visitors.iter() {
        let Some(place) = visitors::place(frame.stage, &state.gateway, state.visitor.number) else { continue };
        if let Some(way) = visitors::way(frame.stage, &state.gateway, state.visitor.number) {
            sheet.curve(way, Pen::new(1.0, Ink::Line).dashed(3.0, 4.0));
        }
        one(sheet, &place, &state.visitor);
    }
}

/// Says where a browser finds the gateway: each replica that has visitors, and the first one in any case.
fn addresses(sheet: &mut Sheet, frame: &Frame<'_>, node: &NodeState) {
    let visited = |slot: &SlotState| frame.shown.visitors.iter().any(|state| is_at(state, slot));
    for slot in node.slots.iter().filter(|slot| slot.slot.index == 1 || visited(slot)) {
        let (Some(address), Some(line)) = (slot.address, visitors::address_line(frame.stage, &slot.slot)) else {
            continue;
        };
        let words = format!("http://{address}");
        sheet.text(line.left_middle(), Side::Left, words, text::SMALL, Ink::Faint, line.size.w);
    }
}

fn is_at(state: &VisitorState, slot: &SlotState) -> bool {
    state.gateway == slot.slot
}

fn one(sheet: &mut Sheet, place: &Rect, visitor: &Visitor) {
    let at = |x: f32, y: f32| Point::new(place.min.x + x, place.min.y + y);
    let (fill, edge, number): (Option<Paint>, Ink, Ink) = if visitor.session {
        (Some(Ink::Session.at(1.0)), Ink::Session, Ink::OnSession)
    } else if visitor.lost > 0 {
        (Some(Ink::HarmFace.at(1.0)), Ink::Failed, Ink::Failed)
    } else {
        (Some(Ink::Card.at(1.0)), Ink::LineStrong, Ink::Text)
    };
    let pen = Pen::new(1.4, edge);
    sheet.circle(at(13.0, 7.0), 4.6, fill, pen);
    // A shield where users have a square.
    let shield = [(4.0, 13.0), (22.0, 13.0), (22.0, 24.0), (13.0, 33.0), (4.0, 24.0)];
    sheet.polygon(shield.map(|(x, y)| at(x, y)).to_vec(), fill, pen);
    sheet.text(at(13.0, 20.5), Side::Middle, visitor.number, text::MARK, number, 16.0);
    if visitor.lost > 0 {
        people::notch(sheet, &Rect::new(at(4.0, 13.0).x, at(4.0, 13.0).y, 18.0, 16.0), 0.7);
        let door = at(23.0, 12.0);
        if !visitor.session {
            icons::draw(sheet, Icon::Door, &Rect::new(door.x, door.y, 11.0, 11.0), Ink::Failed);
        }
    }
}
