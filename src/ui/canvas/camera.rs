//! What part of the drawing is seen, and how large. Moves only when the user moves it.

use egui::{Pos2, Rangef, Rect, Vec2, vec2};

use super::painter::Transform;
use crate::scene;

/// The least shows some ten thousand nodes at once.
const ZOOMS: (f32, f32) = (0.004, 4.0);
/// A small drawing is not made larger than this to fill the canvas.
const LARGEST_FIT: f32 = 1.25;
/// The free margin around everything when it is fitted in.
const MARGIN: f32 = 24.0;
/// The same where the room is needed more: in front of a class.
const TIGHT: f32 = 8.0;
/// The room there for the line that says how honest the picture is.
const TIGHT_BELOW: f32 = 18.0;
/// What may be taken of the margin before everything is fitted in again.
const SLACK: f32 = 20.0;
/// The room that the legend takes at the bottom.
const LEGEND: f32 = 48.0;

/// The view onto the drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    origin: Vec2,
    zoom: f32,
    /// Whether the user has moved it; until then it fits everything in.
    touched: bool,
    /// The canvas's top left corner when it was last drawn.
    corner: Pos2,
    /// The size of the window that everything was fitted into.
    window: Vec2,
    /// Whether the drawing is to fill the window as far as it can.
    tight: bool,
    /// How everything was fitted in at first: the place of the world's origin on the screen, and the zoom.
    home: Option<(Pos2, f32)>,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            origin: Vec2::ZERO,
            zoom: 1.0,
            touched: false,
            corner: Pos2::ZERO,
            window: Vec2::ZERO,
            tight: false,
            home: None,
        }
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

    /// Which point of the world is there on the screen.
    pub(crate) fn point(&self, frame: Rect, at: Pos2) -> scene::Point {
        let from = (at - (frame.min + self.origin)) / self.zoom.max(f32::EPSILON);
        scene::Point::new(from.x, from.y)
    }

    /// Forgets where the user moved it: everything is fitted in again.
    pub(crate) fn fit_again(&mut self) {
        self.touched = false;
        self.home = None;
    }

    /// Says how large the window is, and whether the drawing is to fill it as far as it can: in another window everything
    /// is fitted in again.
    pub(crate) fn in_window(&mut self, size: Vec2, tight: bool) {
        if (size - self.window).abs().max_elem() > 0.5 || tight != self.tight {
            self.window = size;
            self.tight = tight;
            self.home = None;
        }
    }

    /// The part of a frame that everything is fitted into.
    fn free(&self, frame: Rect) -> Rect {
        let (below, margin) = if self.tight { (TIGHT_BELOW, TIGHT) } else { (LEGEND, MARGIN) };
        frame.with_max_y(frame.bottom() - below).shrink(margin)
    }

    /// Keeps the world where it is on the screen when the canvas gets another frame.
    pub(crate) fn stay(&mut self, frame: Rect) {
        self.origin += self.corner - frame.min;
        self.corner = frame.min;
    }

    /// The same, but unless the user has moved it, everything is fitted in once, and again only as long as something would
    /// be out of sight.
    pub(crate) fn fit(&mut self, frame: Rect, bounds: Option<scene::Rect>) {
        self.stay(frame);
        if self.touched {
            return;
        }
        let Some(bounds) = bounds else {
            // What is drawn first is drawn in its own size, whatever was looked at before.
            (self.origin, self.zoom) = (Vec2::ZERO, 1.0);
            return;
        };
        if let Some((origin, zoom)) = self.home {
            (self.origin, self.zoom) = (origin - frame.min, zoom);
            if self.free(frame).expand(SLACK).contains_rect(self.transform(frame).rect(&bounds)) {
                return;
            }
        }
        self.fit_into(frame, bounds);
        if self.home.is_none() {
            self.home = Some((frame.min + self.origin, self.zoom));
        }
    }

    fn fit_into(&mut self, frame: Rect, bounds: scene::Rect) {
        let free = self.free(frame);
        let zoom = (free.width() / bounds.size.w.max(1.0)).min(free.height() / bounds.size.h.max(1.0));
        self.zoom = zoom.clamp(ZOOMS.0, LARGEST_FIT);
        let centre = bounds.center();
        self.origin = free.center() - frame.min - self.zoom * vec2(centre.x, centre.y);
    }

    /// Shows this part of the drawing, as large as it can be.
    pub(crate) fn look_at(&mut self, frame: Rect, bounds: scene::Rect) {
        self.fit_into(frame, bounds);
        self.touched = true;
    }

    /// The view this share of the way to another, in a canvas with this frame.
    pub(crate) fn towards(&self, to: &Self, share: f32, frame: Rect) -> Self {
        let middle = |camera: &Self| camera.point(frame, frame.center());
        let zoom = self.zoom * (to.zoom / self.zoom.max(f32::EPSILON)).powf(share);
        let centre = middle(self).towards(middle(to), share);
        let origin = frame.center() - frame.min - zoom * vec2(centre.x, centre.y);
        Self { origin, zoom, touched: true, ..*self }
    }

    /// The shortest way that the drawing must be moved for a part of it to be in sight, and not below the legend; of what
    /// is larger than that, the upper left corner.
    pub(crate) fn way_into_sight(&self, frame: Rect, part: scene::Rect) -> Vec2 {
        let (free, part) = (self.free(frame).expand(SLACK), self.transform(frame).rect(&part));
        let way = |free: Rangef, part: Rangef| {
            let to_begin = free.min - part.min;
            if to_begin > 0.0 { to_begin } else { (free.max - part.max).min(0.0).max(to_begin) }
        };
        vec2(way(free.x_range(), part.x_range()), way(free.y_range(), part.y_range()))
    }

    /// Leaves the drawing where it is from now on, even if some of it is out of sight.
    pub(crate) fn hold(&mut self) {
        self.touched = true;
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

    #[test]
    fn a_panel_at_the_side_or_below_does_not_move_what_stays_in_sight() {
        let bounds = scene::Rect::new(0.0, 0.0, 300.0, 200.0);
        let wide = Rect::from_min_size(pos2(0.0, 100.0), vec2(1000.0, 600.0));
        let mut camera = Camera::default();
        camera.in_window(vec2(1000.0, 700.0), false);
        camera.fit(wide, Some(bounds));
        let before = camera.transform(wide).rect(&bounds);
        let beside = wide.with_min_x(250.0);
        camera.fit(beside, Some(bounds));
        assert_eq!(camera.transform(beside).rect(&bounds), before);
        // What would be hidden is fitted in, and is where it was when the panel goes.
        let small = wide.with_max_y(400.0);
        camera.fit(small, Some(bounds));
        assert!(small.contains_rect(camera.transform(small).rect(&bounds)));
        camera.fit(wide, Some(bounds));
        assert_eq!(camera.transform(wide).rect(&bounds), before);
    }

    #[test]
    fn what_was_put_beyond_an_edge_is_brought_back_by_the_shortest_way() {
        let frame = Rect::from_min_size(pos2(100.0, 50.0), vec2(800.0, 600.0));
        let way = |x, y, w, h| Camera::default().way_into_sight(frame, scene::Rect::new(x, y, w, h));
        assert_eq!(way(10.0, 10.0, 200.0, 100.0), Vec2::ZERO);
        // Above the legend, and with a little of the margin.
        assert_eq!(way(10.0, 500.0, 200.0, 100.0), vec2(0.0, 600.0 - LEGEND - MARGIN + SLACK - 600.0));
        assert_eq!(way(-30.0, 10.0, 200.0, 100.0), vec2(30.0 + MARGIN - SLACK, 0.0));
        // The upper left corner of what is larger.
        assert_eq!(way(50.0, 10.0, 2000.0, 100.0), vec2(MARGIN - SLACK - 50.0, 0.0));
    }

    #[test]
    fn a_window_of_another_size_is_filled_again() {
        let bounds = scene::Rect::new(0.0, 0.0, 900.0, 200.0);
        let mut camera = Camera::default();
        camera.in_window(vec2(500.0, 400.0), false);
        camera.fit(Rect::from_min_size(Pos2::ZERO, vec2(500.0, 400.0)), Some(bounds));
        let before = camera.zoom();
        camera.in_window(vec2(1000.0, 800.0), false);
        camera.fit(Rect::from_min_size(Pos2::ZERO, vec2(1000.0, 800.0)), Some(bounds));
        assert!(camera.zoom() > before);
    }
}
