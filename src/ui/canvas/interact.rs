//! Moving about on the canvas: pan by dragging the background or scrolling, zoom by pinch, ctrl and scroll, or keys.

use egui::{Key, Modifiers, Rect, Response, Ui, Vec2};

use super::brush::Brush;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::theme::DOT_RADIUS;
use crate::ui::{Inputs, View, keys};

/// One press of + or −.
const ZOOM_STEP: f32 = 1.2;
/// So near a dot, in pixels, a click hits it.
const NEAR_DOT: f32 = 14.0;
/// The distance between two points of the grid, in world units.
const GRID: f32 = 28.0;

/// Reads what moves the camera, and a click on the background: on a dot it selects that request, else nothing.
pub(super) fn navigate(
    ui: &Ui,
    frame: Rect,
    background: &Response,
    inputs: &Inputs<'_>,
    view: &mut View,
    actions: &mut Vec<Action>,
) {
    if background.clicked() {
        // A moving dot is hard to hit, so near it counts as hit.
        let dot = background.interact_pointer_pos().and_then(|at| {
            let zoom = view.camera.zoom();
            inputs.dots.dot_at(view.camera.point(frame, at), (NEAR_DOT / zoom).max(DOT_RADIUS))
        });
        let selection = dot.map_or(Selection::Nothing, Selection::Request);
        if selection != view.selection {
            actions.push(Action::Select(selection));
        }
    }
    if background.dragged() {
        view.camera.pan(background.drag_delta());
    }
    if let Some(pointer) = ui.input(|input| input.pointer.hover_pos()).filter(|at| frame.contains(*at))
        && ui.rect_contains_pointer(frame)
    {
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
        if (zoom - 1.0).abs() > f32::EPSILON {
            view.camera.zoom_by(zoom, pointer, frame);
        } else if scroll != Vec2::ZERO {
            view.camera.pan(scroll);
        }
    }
    if !keys::are_free(ui) {
        return;
    }
    let centre = frame.center();
    let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::Plus) || pressed(Key::Equals) {
        view.camera.zoom_by(ZOOM_STEP, centre, frame);
    }
    if pressed(Key::Minus) {
        view.camera.zoom_by(1.0 / ZOOM_STEP, centre, frame);
    }
    if pressed(Key::Num0) {
        view.camera.fit_again();
    }
}

/// Draws the grid of points that makes panning visible.
pub(super) fn grid(brush: &Brush<'_>) {
    brush.painter.rect_filled(brush.frame, 0.0, brush.palette.canvas);
    let step = brush.len(GRID);
    if step < 12.0 {
        return;
    }
    let origin = brush.pos(crate::scene::Point::default());
    let first = |origin: f32, min: f32| min + (origin - min).rem_euclid(step);
    let mut y = first(origin.y, brush.frame.top());
    while y < brush.frame.bottom() {
        let mut x = first(origin.x, brush.frame.left());
        while x < brush.frame.right() {
            brush.painter.circle_filled(egui::pos2(x, y), 1.0, brush.palette.grid);
            x += step;
        }
        y += step;
    }
}
