//! What is painted above the drawing while the hand is at work: guides, the frame around what is to be selected, the frame
//! that something is dropped into, and the ring of the keyboard's focus.

use egui::{Pos2, Rect, Stroke, StrokeKind, vec2};

use super::Ground;
use super::hand::Gesture;
use crate::scene::snap::Guide;
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
        Some(Gesture::Nudge(_) | Gesture::Pan(..)) | None => {}
    }
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

fn focus_ring(ground: &Ground<'_>, rect: Rect) {
    let stroke = Stroke::new(2.0, ground.palette.accent);
    ground.painter.rect_stroke(rect.expand(4.0), ground.len(12.0) + 4.0, stroke, StrokeKind::Outside);
}
