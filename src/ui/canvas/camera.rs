//! What part of the drawing is seen, and how large. Moves only when the user moves it.

use egui::{Pos2, Rect, Vec2, vec2};

use super::painter::Transform;
use crate::scene;

const ZOOMS: (f32, f32) = (0.2, 4.0);
/// The free margin around everything when it is fitted in.
const MARGIN: f32 = 24.0;
/// The room that the legend takes at the bottom.
const LEGEND: f32 = 48.0;

/// The view onto the drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    origin: Vec2,
    zoom: f32,
    /// Whether the user has moved it; until then it fits everything in.
    touched: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { origin: Vec2::ZERO, zoom: 1.0, touched: false }
    }
}

impl Camera {
    /// Screen points per world unit.
    pub(crate) fn zoom(&self) -> f32 {
        self.zoom
    }

    /// The view as a transform, with the canvas's top left corner at the origin of `frame`.
    pub(crate) fn transform(&self, frame: Rect) -> Transform {
        Transform { origin: frame.min + self.origin, zoom: self.zoom }
    }

    /// Forgets where the user moved it: everything is fitted in again.
    pub(crate) fn fit_again(&mut self) {
        self.touched = false;
    }

    /// Fits everything in, unless the user has moved it.
    pub(crate) fn fit(&mut self, frame: Rect, bounds: Option<scene::Rect>) {
        let (false, Some(bounds)) = (self.touched, bounds) else { return };
        let free = frame.size() - vec2(0.0, LEGEND);
        let room = free - Vec2::splat(2.0 * MARGIN);
        let zoom = (room.x / bounds.size.w.max(1.0)).min(room.y / bounds.size.h.max(1.0));
        self.zoom = zoom.clamp(ZOOMS.0, 1.25);
        let centre = bounds.center();
        self.origin = free / 2.0 - self.zoom * vec2(centre.x, centre.y);
    }

    /// Moves the drawing by this much of the screen.
    pub(crate) fn pan(&mut self, by: Vec2) {
        if by != Vec2::ZERO {
            self.touched = true;
            self.origin += by;
        }
    }

    /// Zooms by a factor around a place of the screen, which stays where it is.
    pub(crate) fn zoom_by(&mut self, factor: f32, around: Pos2, frame: Rect) {
        let zoom = (self.zoom * factor).clamp(ZOOMS.0, ZOOMS.1);
        if (zoom - self.zoom).abs() < f32::EPSILON {
            return;
        }
        let anchor = around - frame.min - self.origin;
        self.origin += anchor * (1.0 - zoom / self.zoom);
        self.zoom = zoom;
        self.touched = true;
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn zooming_keeps_the_place_under_the_pointer() {
        let frame = Rect::from_min_size(pos2(10.0, 20.0), vec2(800.0, 600.0));
        let mut camera = Camera::default();
        camera.pan(vec2(33.0, 44.0));
        let at = scene::Point::new(120.0, 90.0);
        let before = camera.transform(frame).pos(at);
        camera.zoom_by(1.7, before, frame);
        assert!((camera.transform(frame).pos(at) - before).length() < 0.01);
    }

    #[test]
    fn everything_is_fitted_in_until_the_user_moves() {
        let frame = Rect::from_min_size(Pos2::ZERO, vec2(500.0, 400.0));
        let mut camera = Camera::default();
        camera.fit(frame, Some(scene::Rect::new(-100.0, 0.0, 1000.0, 300.0)));
        assert!(frame.contains_rect(camera.transform(frame).rect(&scene::Rect::new(-100.0, 0.0, 1000.0, 300.0))));
        camera.pan(vec2(5.0, 0.0));
        let zoom = camera.zoom();
        camera.fit(frame, Some(scene::Rect::new(0.0, 0.0, 10.0, 10.0)));
        assert_eq!(camera.zoom().to_bits(), zoom.to_bits());
    }
}
