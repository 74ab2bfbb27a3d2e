//! How a cell's state looks: frame, word and pattern, so that no state depends on colour.

use egui::{Color32, Rect};

use super::brush::Brush;
use crate::control::snapshot::Death;
use crate::scene::CellState;
use crate::ui::theme::CELL_RADIUS;

/// Draws a cell's face and frame. `display_us` moves what grows.
pub(super) fn frame(brush: &Brush<'_>, rect: Rect, state: CellState, selected: bool, display_us: u64) {
    let palette = brush.palette;
    let (fill, none) = (palette.cell, egui::Stroke::NONE);
    match state {
        CellState::Ready => brush.face(rect, CELL_RADIUS, fill, brush.stroke(1.5, palette.line_strong)),
        CellState::Idle => brush.face(rect, CELL_RADIUS, fill, brush.stroke(1.0, palette.line)),
        CellState::Starting => {
            brush.face(rect, CELL_RADIUS, fill, brush.stroke(1.0, palette.line));
            let share = (display_us % 1_000_000) as f32 / 1e6;
            grow(brush, rect, 0.15 + 0.85 * share);
        }
        CellState::Unready => {
            brush.face(rect, CELL_RADIUS, fill, none);
            brush.dashed(rect, brush.stroke(1.2, palette.line_strong), 5.0, 4.0);
        }
        CellState::Paused => {
            brush.face(rect, CELL_RADIUS, fill, brush.stroke(2.0, palette.degraded));
        }
        CellState::Draining => {
            brush.face(rect, CELL_RADIUS, fill, none);
            brush.dashed(rect, brush.stroke(2.0, palette.degraded), 10.0, 4.0);
        }
        CellState::Dead(Death::Stopped | Death::ScaledIn) => {
            brush.face(rect, CELL_RADIUS, fill, none);
            brush.dashed(rect, brush.stroke(1.2, palette.line_strong), 5.0, 4.0);
        }
        CellState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => {
            brush.face(rect, CELL_RADIUS, palette.dead, none);
            brush.hatch(rect.shrink(brush.len(2.0)), palette.failed.gamma_multiply(0.2));
            brush.dashed(rect, brush.stroke(2.5, palette.failed), 9.0, 5.0);
        }
    }
    if selected {
        let around = rect.expand(brush.len(2.5));
        brush.face(around, CELL_RADIUS + 2.5, Color32::TRANSPARENT, brush.stroke(2.0, palette.accent));
    }
}

/// The colour of a state's word.
pub(super) fn word_colour(brush: &Brush<'_>, state: CellState) -> Color32 {
    let palette = brush.palette;
    match state {
        CellState::Ready => palette.ok,
        CellState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => palette.failed,
        CellState::Idle
        | CellState::Starting
        | CellState::Unready
        | CellState::Paused
        | CellState::Draining
        | CellState::Dead(Death::Stopped | Death::ScaledIn) => palette.faint,
    }
}

/// Draws this share of an outline, from the top left corner on clockwise.
fn grow(brush: &Brush<'_>, rect: Rect, share: f32) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    let mut left = share * 2.0 * (rect.width() + rect.height());
    let mut points = vec![corners[0]];
    for pair in corners.windows(2) {
        let side = pair[1] - pair[0];
        let step = side.length().min(left);
        points.push(pair[0] + side.normalized() * step);
        left -= step;
        if left <= 0.0 {
            break;
        }
    }
    brush.painter.line(points, brush.stroke(2.0, brush.palette.accent));
}
