//! What is painted above the drawing while the hand is at work: guides, the frame around what is to be selected, the frame
//! that something is dropped into, and the ring of the keyboard's focus.

use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, FontId, Pos2, Rect, Role, Sense, Stroke, StrokeKind, WidgetInfo, vec2};

use super::hand::Gesture;
use super::wire::Wire;
use super::{Ground, chips, connect, drop, nodes};
use crate::scene::Curve;
use crate::scene::snap::Guide;
use crate::topology::LinkId;
use crate::topology::edit::Item;
use crate::ui::View;

/// Half the length of the ends of a gap's guide, in points of the screen.
const TICK: f32 = 4.0;

/// Paints it all.
pub(super) fn paint(ground: &Ground<'_>, view: &View) {
    if let Some(rect) = view.hand.focus.as_ref().and_then(|item| place(ground, item)) {
        focus_ring(ground, rect);
    }
    match &view.hand.gesture {
        Some(Gesture::Move(moving)) => {
            let frame = moving.into.as_ref().and_then(|id| place(ground, &Item::Group(id.clone())));
            if let Some(rect) = frame {
                target(ground, rect);
            }
            guides(ground, &moving.snap.guides);
        }
        Some(Gesture::Marquee(marquee)) => {
            let rect = ground.rect(&marquee.rect());
            let colour = ground.palette.accent;
            let stroke = Stroke::new(1.0, colour);
            ground.painter.rect(rect, 0.0, colour.gamma_multiply(0.10), stroke, StrokeKind::Inside);
        }
        Some(Gesture::Wire(held)) => wire(ground, held, true),
        Some(Gesture::Connect(held)) => {
            wire(ground, held, false);
            plate(ground, ground.frame.center_top() + vec2(0.0, 30.0), &connect::words(held), ground.palette.text);
        }
        Some(Gesture::Chip(carried)) => chips::paint(ground, carried),
        Some(Gesture::Nudge(_) | Gesture::Pan(..)) | None => {}
    }
    if let Some(choice) = &view.hand.choice {
        wire(ground, &choice.wire(), false);
    }
    if let Some(ghost) = &view.hand.ghost {
        drop::paint(ground, ghost);
    }
}

/// A link with a loose end, the cards that it fits to, and why it does not fit to the one it is over.
fn wire(ground: &Ground<'_>, wire: &Wire, held: bool) {
    let palette = ground.palette;
    let over = wire.over.as_ref();
    if held || over.is_some() {
        for card in ground.inputs.stage.cards_in(ground.seen()) {
            if card.node != wire.fixed && wire.fits(ground.inputs, &card.node) {
                let rect = ground.rect(&card.rect);
                let meant = over.is_some_and(|(node, _)| *node == card.node);
                let stroke = Stroke::new(if meant { 3.0 } else { 1.5 }, palette.accent);
                let face = if meant { palette.accent.gamma_multiply(0.10) } else { Color32::TRANSPARENT };
                ground.painter.rect(rect.expand(2.0), ground.len(13.0), face, stroke, StrokeKind::Outside);
            }
        }
    }
    let refused = over.and_then(|(node, step)| Some((node, step.as_ref().err()?)));
    let colour = if refused.is_some() { palette.failed } else { palette.accent };
    if let Some(curve) = wire.curve(ground.inputs) {
        let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| ground.pos(at));
        let stroke = Stroke::new(2.5, colour);
        ground.painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
        ground.painter.circle_filled(points[0], 4.0, colour);
        ground.painter.circle_filled(points[3], 4.0, colour);
    }
    if let Some((node, problem)) = refused {
        if let Some(rect) = place(ground, &Item::Node(node.clone())) {
            let stroke = Stroke::new(2.0, palette.failed);
            ground.painter.rect_stroke(rect.expand(2.0), ground.len(13.0), stroke, StrokeKind::Outside);
        }
        plate(ground, ground.pos(wire.at) + vec2(0.0, 34.0), &problem.message, palette.failed);
    }
}

/// A link that something would be put into.
pub(super) fn link(ground: &Ground<'_>, link: &LinkId) {
    let wire = ground.inputs.stage.wire(link);
    for branch in wire.into_iter().flat_map(|wire| &wire.branches) {
        curve(ground, &branch.curve);
    }
}

/// A link that is meant.
pub(super) fn curve(ground: &Ground<'_>, curve: &Curve) {
    let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| ground.pos(at));
    let stroke = Stroke::new(5.0, ground.palette.accent.gamma_multiply(0.7));
    ground.painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
}

/// The shade of something that is not there yet.
pub(super) fn ghost(ground: &Ground<'_>, rect: Rect, name: &str) {
    let palette = ground.palette;
    let (radius, stroke) = (ground.len(12.0), Stroke::new(2.0, palette.accent));
    ground.painter.rect(rect, radius, palette.card.gamma_multiply(0.85), stroke, StrokeKind::Inside);
    let font = FontId::proportional(ground.len(16.0).max(11.0));
    let at = rect.left_top() + vec2(ground.len(14.0), ground.len(9.0));
    ground.painter.text(at, Align2::LEFT_TOP, name, font, palette.text);
}

/// A few words on a plate, around a point but within the canvas. Screen readers find them, too.
pub(super) fn plate(ground: &Ground<'_>, at: Pos2, words: &str, colour: Color32) {
    let font = FontId::proportional(13.0);
    let galley = ground.painter.layout(words.to_owned(), font, colour, 420.0);
    let size = galley.size() + vec2(20.0, 12.0);
    let room = ground.frame.shrink(6.0);
    let corner = (at - size / 2.0).max(room.min).min((room.max - size).max(room.min));
    let rect = Rect::from_min_size(corner, size);
    let response = ground.ui.interact(rect, nodes::named(ground.ui, "plate"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let palette = ground.palette;
    ground.painter.rect(rect, 8.0, palette.panel, Stroke::new(1.0, colour), StrokeKind::Inside);
    ground.painter.galley(corner + vec2(10.0, 6.0), galley, colour);
}

/// Where an item is on the screen; links have no frame.
pub(super) fn place(ground: &Ground<'_>, item: &Item) -> Option<Rect> {
    let stage = ground.inputs.stage;
    let rect = match item {
        Item::Node(id) => stage.card(id)?.rect,
        Item::Group(id) => stage.groups.iter().find(|(other, ..)| other == id)?.1,
        Item::Note(id) => stage.notes.iter().find(|(other, _)| other == id)?.1,
        Item::Link(_) => return None,
    };
    Some(ground.rect(&rect))
}

/// The frame around what something would be dropped into.
pub(super) fn target(ground: &Ground<'_>, rect: Rect) {
    let colour = ground.palette.accent;
    let radius = ground.len(18.0);
    ground.painter.rect(rect, radius, colour.gamma_multiply(0.12), Stroke::new(2.0, colour), StrokeKind::Outside);
}

/// The lines that show why something snapped.
pub(super) fn guides(ground: &Ground<'_>, guides: &[Guide]) {
    let stroke = Stroke::new(1.0, ground.palette.accent);
    for guide in guides {
        match guide {
            Guide::Line(from, to) => {
                let (from, to) = (crisp(ground.pos(*from)), crisp(ground.pos(*to)));
                let over = (to - from).normalized() * 8.0;
                ground.painter.line_segment([from - over, to + over], stroke);
            }
            Guide::Gap(from, to) => {
                let (from, to) = (ground.pos(*from), ground.pos(*to));
                let across = (to - from).normalized().rot90() * TICK;
                ground.painter.line_segment([from, to], stroke);
                for end in [from, to] {
                    ground.painter.line_segment([end - across, end + across], stroke);
                }
            }
        }
    }
}

/// The middle of a pixel, so that a thin line is not smeared over two.
fn crisp(at: Pos2) -> Pos2 {
    at.floor() + vec2(0.5, 0.5)
}

pub(super) fn focus_ring(ground: &Ground<'_>, rect: Rect) {
    let stroke = Stroke::new(2.0, ground.palette.accent);
    ground.painter.rect_stroke(rect.expand(4.0), ground.len(12.0) + 4.0, stroke, StrokeKind::Outside);
}
