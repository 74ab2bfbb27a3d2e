//! Bringing something into sight: where what is selected is, and the short way there, unless motion is reduced.

use egui::{Context, Rect};

use crate::scene;
use crate::topology::NodeId;
use crate::topology::edit::Item;

use super::canvas::camera::Camera;
use super::selection::Selection;
use super::{Inputs, View, minimap};

/// How long the way takes, in seconds.
const WAY_S: f64 = 0.22;

/// The camera on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glide {
    from: Camera,
    to: Camera,
    /// When it began, in seconds of the window's time.
    since_s: f64,
}

impl View {
    /// The smallest rectangle around what is selected, as far as it has a place.
    pub(crate) fn selected_bounds(&self, inputs: &Inputs<'_>) -> Option<scene::Rect> {
        bounds(inputs, &self.selection)
    }

    /// Selects something and brings it into sight, where it is not.
    pub(crate) fn show_selected(&mut self, context: &Context, inputs: &Inputs<'_>, selection: Selection) {
        let seen = |rect: Rect| self.frame.shrink(8.0).contains_rect(rect);
        let readable = self.camera.zoom() > 0.4;
        let place = bounds(inputs, &selection);
        self.selection = selection;
        match place {
            Some(place) if !readable || !seen(self.camera.transform(self.frame).rect(&place)) => {
                self.look_at(context, inputs, place);
            }
            // What is there already is at most pushed from under the minimap.
            Some(place) if self.minimap_on(inputs, &self.camera, place).is_some() => {
                self.pan_into_sight(context, inputs, &self.selection.clone());
            }
            Some(_) | None => {}
        }
    }

    /// Shows this part of the drawing, as large as it can be, and beside the minimap.
    pub(crate) fn look_at(&mut self, context: &Context, inputs: &Inputs<'_>, place: scene::Rect) {
        let at = |frame: Rect| {
            let mut to = self.camera;
            to.look_at(frame, place);
            to
        };
        let mut to = at(self.frame);
        if let Some(minimap) = self.minimap_on(inputs, &to, place) {
            let [left, above] = self.beside(minimap).map(at);
            to = if left.zoom() > above.zoom() { left } else { above };
        }
        self.go_to(context, to);
    }

    /// The minimap, if it would hide some of this part of the drawing from this camera.
    fn minimap_on(&self, inputs: &Inputs<'_>, camera: &Camera, place: scene::Rect) -> Option<Rect> {
        let hides = |minimap: &Rect| minimap.intersects(camera.transform(self.frame).rect(&place));
        minimap::covered(self.frame, inputs, self).filter(hides)
    }

    /// The canvas without what is at the right of the minimap's left edge, or below its upper one.
    fn beside(&self, minimap: Rect) -> [Rect; 2] {
        [self.frame.with_max_x(minimap.left()), self.frame.with_max_y(minimap.top())]
    }

    /// Shows this part of the drawing, unless all of it is in sight.
    pub(crate) fn look_at_unless_seen(&mut self, context: &Context, place: scene::Rect) {
        if !self.frame.contains_rect(self.camera.transform(self.frame).rect(&place)) {
            let mut to = self.camera;
            to.look_at(self.frame, place);
            self.go_to(context, to);
        }
    }

    /// Moves the drawing by as little as brings all of this into sight.
    pub(crate) fn pan_into_sight(&mut self, context: &Context, inputs: &Inputs<'_>, what: &Selection) {
        let Some(place) = bounds(inputs, what) else { return };
        let way = |frame: Rect| self.camera.way_into_sight(frame, place);
        let mut by = way(self.frame);
        let mut there = self.camera;
        there.pan(by);
        if let Some(minimap) = self.minimap_on(inputs, &there, place) {
            let [left, above] = self.beside(minimap).map(way);
            by = if left.length() < above.length() { left } else { above };
        }
        if by != egui::Vec2::ZERO {
            let mut to = self.camera;
            to.pan(by);
            self.go_to(context, to);
        }
    }

    /// Shows everything.
    pub(crate) fn fit(&mut self, context: &Context, inputs: &Inputs<'_>) {
        let mut to = self.camera;
        to.fit_again();
        to.fit(self.frame, inputs.stage.bounds());
        self.go_to(context, to);
    }

    /// Zooms by a factor around the middle.
    pub(crate) fn zoom_by(&mut self, context: &Context, factor: f32) {
        // A key that is held goes on from where it has got to, not from where the camera is on its way there.
        let mut to = self.headed();
        to.zoom_by(factor, self.frame.center(), self.frame);
        self.go_to(context, to);
    }

    /// Zooms to so many points of the screen for one of the drawing.
    pub(crate) fn zoom_to(&mut self, context: &Context, zoom: f32) {
        self.zoom_by(context, zoom / self.headed().zoom());
    }

    /// Where the camera is, or will be.
    fn headed(&self) -> Camera {
        self.glide.map_or(self.camera, |glide| glide.to)
    }

    fn go_to(&mut self, context: &Context, to: Camera) {
        if self.reduce_motion {
            self.camera = to;
        } else {
            self.glide = Some(Glide { from: self.camera, to, since_s: context.input(|input| input.time) });
        }
        context.request_repaint();
    }

    /// Moves the camera on, if it is on its way. Whoever takes hold of the drawing meanwhile, has it.
    pub(crate) fn glide_on(&mut self, context: &Context) {
        let Some(glide) = self.glide else { return };
        let gone_s = context.input(|input| input.time) - glide.since_s;
        // A quick click that began it is pressed and released in one frame.
        let touched = gone_s > 0.0
            && context.input(|input| input.pointer.any_pressed() || input.smooth_scroll_delta() != egui::Vec2::ZERO);
        let share = (gone_s / WAY_S).clamp(0.0, 1.0);
        if touched || share >= 1.0 {
            self.glide = None;
        }
        if share >= 1.0 {
            self.camera = glide.to;
        } else if !touched {
            // Slow at both ends.
            let eased = share * share * (3.0 - 2.0 * share);
            self.camera = glide.from.towards(&glide.to, eased as f32, self.frame);
            context.request_repaint();
        }
    }
}

/// Where something drawn is.
pub(super) fn place_of(inputs: &Inputs<'_>, item: &Item) -> Option<scene::Rect> {
    bounds(inputs, &Selection::item(item.clone()))
}

/// The smallest rectangle around what would be selected.
fn bounds(inputs: &Inputs<'_>, selection: &Selection) -> Option<scene::Rect> {
    let stage = inputs.stage;
    let card = |node: &NodeId| stage.card(node).map(|card| card.rect);
    match selection {
        Selection::Nothing => None,
        Selection::Cell(slot) => stage.cell(slot).copied(),
        Selection::User(node, _) => card(node),
        Selection::Request(trace) => card(&inputs.picture.follow.request(*trace)?.user.as_ref()?.0),
        Selection::Items(items) => {
            let place = |item: &Item| match item {
                Item::Node(node) => card(node),
                Item::Link(link) => Some(card(&link.from)?.union(&card(&link.to)?)),
                Item::Group(id) => stage.groups.iter().find(|(group, ..)| group == id).map(|(_, frame, _)| *frame),
                Item::Note(id) => stage.notes.iter().find(|(note, _)| note == id).map(|(_, sheet)| *sheet),
            };
            items.iter().filter_map(place).reduce(|sum, rect| sum.union(&rect))
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, vec2};

    use super::*;

    #[test]
    fn a_step_of_the_zoom_that_comes_on_the_way_goes_on_from_where_the_last_one_leads() {
        let context = Context::default();
        let mut view = View { frame: Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0)), ..View::default() };
        for _ in 0..3 {
            view.zoom_by(&context, 1.2);
        }
        assert!((view.headed().zoom() - 1.728).abs() < 0.001, "{}", view.headed().zoom());
        assert!(view.zoom() < 1.01, "it has not set out yet");
        view.zoom_to(&context, 0.5);
        assert!((view.headed().zoom() - 0.5).abs() < 0.001);
    }
}
