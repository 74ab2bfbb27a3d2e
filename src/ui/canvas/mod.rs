//! The canvas: paints the scene's shapes, and reads what is done on them. Everything that can be clicked has an accessible
//! name.

mod age;
mod blocks;
mod brush;
mod buttons;
pub(crate) mod camera;
mod cells;
mod chips;
mod choice;
mod connect;
mod context;
mod crowd;
mod cut;
mod delta;
mod drop;
mod ghost;
mod grid;
mod hand;
mod interact;
pub(crate) mod kept;
mod keyboard;
mod legend;
mod letters;
mod listed;
mod made;
mod marquee;
mod moving;
mod nodes;
mod offer;
mod overlay;
pub(crate) mod painter;
mod plugs;
mod ports;
mod rename;
mod replacing;
mod round;
mod stamp;
mod touch;
mod users;
mod visitors;
mod wire;

use egui::{Painter, Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View, minimap};
use crate::scene::moves::Moves;
use crate::scene::{self, draw};
use camera::Camera;
use kept::Look;

pub(crate) use cut::Recut;
pub(crate) use hand::{Hand, keep_up, read_first_keys};
pub(crate) use moving::settled;

/// The least radius of a dot on the screen, in points: it must be seen from the back of the room.
const LEAST_DOT: f32 = 4.0;
/// And as a share of the window's height: a dot is at least one percent of it across.
const DOT_SHARE: f32 = 0.005;

/// Zoomed in at least so far, a lesson's drawing is drawn whole.
const LEAST_LESSON: f32 = 0.25;
/// A lesson's drawing has no more cards than this.
const MOST_OF_LESSON: usize = 16;

/// Dots are found in so much more of the drawing than is seen, on each side, as a share of the larger side: while the camera
/// moves, and while it stands still.
const MARGINS: (f32, f32) = (0.1, 0.01);
/// While the camera moves, what they are found in stays as it is as long as it is larger than what is seen by a share
/// between these two: it is that of the next frame.
const KEPT_MARGINS: (f32, f32) = (0.03, 0.3);
/// At least in so much, in world units: a dot reaches so far.
const LEAST_MARGIN: f32 = 20.0;

/// The canvas in one frame: where it is, and what of the drawing is seen.
struct Ground<'a> {
    ui: &'a Ui,
    inputs: &'a Inputs<'a>,
    painter: Painter,
    frame: Rect,
    camera: Camera,
    palette: &'a Palette,
    /// What lies below the minimap.
    covered: Option<Rect>,
}

impl Ground<'_> {
    /// A length on the screen.
    fn len(&self, length: f32) -> f32 {
        length * self.camera.zoom()
    }

    /// A rectangle on the screen.
    fn rect(&self, rect: &scene::Rect) -> Rect {
        self.camera.transform(self.frame).rect(rect)
    }

    /// A place on the screen.
    fn pos(&self, at: scene::Point) -> Pos2 {
        self.camera.transform(self.frame).pos(at)
    }

    /// Which point of the drawing is there on the screen.
    fn point(&self, at: Pos2) -> scene::Point {
        self.camera.point(self.frame, at)
    }

    /// The part of the drawing that is in sight.
    fn seen(&self) -> scene::Rect {
        scene::Rect::between(self.point(self.frame.min), self.point(self.frame.max))
    }

    /// Whether a rectangle of the screen is seen at all.
    fn sees(&self, rect: Rect) -> bool {
        self.frame.intersects(rect)
    }

    /// Where the pointer is, if it is on the canvas and nothing lies above it there.
    fn pointer(&self) -> Option<Pos2> {
        let at = self.ui.input(|input| input.pointer.hover_pos())?;
        let is_covered = self.covered.is_some_and(|covered| covered.contains(at));
        (self.frame.contains(at) && !is_covered && self.ui.rect_contains_pointer(self.frame)).then_some(at)
    }
}

/// The least radius of a dot in this window.
fn least_dot(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() * DOT_SHARE).max(LEAST_DOT)
}

/// Draws the canvas and reads what was done on it.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let frame = ui.available_rect_before_wrap();
    // What is on its way must not make the drawing jump.
    if view.hand.is_free() {
        view.camera.fit(frame, inputs.stage.bounds());
    } else {
        view.camera.stay(frame);
    }
    on_ground(ui, frame, inputs, view, actions);
    ui.advance_cursor_after_rect(frame);
}

/// What follows from all that was done in a frame, on the canvas or beside it: cards stay where they are, and what an edit
/// calls for is shown from the next frame on.
pub(super) fn follow_up(inputs: &Inputs<'_>, view: &mut View, actions: &mut [Action]) {
    moving::settle(inputs, actions);
    offer::watch(inputs, actions, view);
    delta::watch(inputs, actions, view);
    made::watch(inputs, actions, view);
}

/// Draws the canvas of a system that is only looked at: it can be pushed about and enlarged, who is pointed at stands out,
/// and everything has its name, but nothing is done to it.
pub(super) fn watch(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    let frame = ui.available_rect_before_wrap();
    view.camera.in_window(frame.size(), true);
    view.camera.fit(frame, inputs.stage.bounds());
    let (background, ground) = lay_ground(ui, frame, inputs, view);
    view.camera.pan(background.drag_delta());
    let mut actions = Vec::new();
    let pointed = parts(&ground, &background, view, &mut actions);
    // What a press would begin elsewhere begins nothing here.
    view.hand = Hand::default();
    for action in actions {
        if let Action::Select(selection) = action {
            view.selection = selection;
        }
    }
    let sight = sight(&ground, view);
    paint(&ground, view, sight, pointed);
    ui.advance_cursor_after_rect(frame);
}

/// The canvas's background, and what is found on it in this frame.
fn lay_ground<'a>(ui: &'a Ui, frame: Rect, inputs: &'a Inputs<'a>, view: &mut View) -> (egui::Response, Ground<'a>) {
    let background = ui.interact(frame, ui.scope_id().with("canvas"), Sense::click_and_drag());
    background.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "canvas"));
    interact::zoom(ui, frame, view);
    let palette = Palette::of(ui.ctx());
    let (camera, covered) = (view.camera, minimap::covered(frame, inputs, view));
    let ground = Ground { ui, inputs, painter: ui.painter_at(frame), frame, camera, palette, covered };
    ground.painter.rect_filled(frame, 0.0, palette.canvas);
    let seen = ground.seen();
    let still = view.seen.replace(seen) == Some(seen);
    view.sight = Some(look_around(seen, still, view.sight));
    (background, ground)
}

/// In which part of the drawing dots are found. Another one is looked over from the beginning, so that it stays as it was
/// before where that will do.
fn look_around(seen: scene::Rect, still: bool, before: Option<scene::Rect>) -> scene::Rect {
    let around = |share: f32| seen.shrunk(-(share * seen.size.w.max(seen.size.h)).max(LEAST_MARGIN));
    let will_do = |sight: &scene::Rect| sight.covers(&around(KEPT_MARGINS.0)) && around(KEPT_MARGINS.1).covers(sight);
    match before.filter(|sight| !still && will_do(sight)) {
        Some(sight) => sight,
        None => around(if still { MARGINS.1 } else { MARGINS.0 }),
    }
}

fn on_ground(ui: &Ui, frame: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let (background, ground) = lay_ground(ui, frame, inputs, view);
    let panning = hand::pan(&ground, view);
    let pointed = if panning { None } else { parts(&ground, &background, view, actions) };
    hand::go_on(&ground, view, actions);
    keyboard::read(&ground, view, actions);
    let sight = sight(&ground, view);
    paint(&ground, view, sight, pointed);
    // Where cells are not drawn one by one, they have no buttons either.
    let whole = sight.is_none_or(|sight| sight.detail() == draw::Detail::Full);
    if whole {
        buttons::show(&ground, view, actions);
    }
    ports::read(&ground, view, actions);
    drop::read(&ground, view, actions);
    overlay::paint(&ground, view);
    context::read_keys(&ground, view);
    context::show(&ground, view, actions);
    choice::show(&ground, view, actions);
    rename::show(&ground, view, actions);
    offer::show(&ground, view, actions);
    delta::show(&ground, view);
    made::show(&ground, view);
    legend::show(&ground, inputs, view);
}

/// Makes everything that can be clicked, from the back to the front, and reads what was done there.
fn parts(
    ground: &Ground<'_>,
    background: &egui::Response,
    view: &mut View,
    actions: &mut Vec<Action>,
) -> Option<interact::Pointed> {
    let (ui, inputs) = (ground.ui, ground.inputs);
    view.hand.focus = view.hand.focus.take().filter(|item| ui.memory(|memory| memory.has_focus(nodes::id(ui, item))));
    let pressed = hand::pressed_at(ground);
    let under = pressed.map_or(touch::Target::Background, |at| touch::at(ground, at, view.build));
    touch::read(ground, under, background, view, actions);
    let mut pointed = None;
    let dense = nodes::are_dense(ground);
    nodes::groups(ground, view, actions);
    nodes::notes(ground, view, actions);
    nodes::cards(ground, dense, view, actions);
    if !dense {
        for card in inputs.stage.cards_in(ground.seen()) {
            users::read(ui, ground, card, inputs, view, &mut pointed, actions);
            cells::read(ui, ground, card, inputs, view, &mut pointed, actions);
            chips::read(ui, ground, card, view, actions);
        }
        nodes::links(ground, view, actions);
        plugs::read(ground);
    }
    visitors::read(ground);
    let hovered = ground.pointer().map(|at| touch::at(ground, ground.point(at), view.build));
    view.hand.hovered = match hovered {
        Some(touch::Target::Item(item)) if view.build && view.hand.is_free() && view.placing.is_none() => Some(item),
        _ => None,
    };
    pointed
}

/// From where the drawing is seen. A lesson's small drawing is drawn whole even in a small window: its marks and bolts are
/// what the lesson is about.
fn sight(ground: &Ground<'_>, view: &View) -> Option<draw::Sight> {
    // What can be read depends on how large it is for the eye, and in front of a class a point is large.
    let zoom = view.camera.zoom() * ground.ui.ctx().zoom_factor();
    let whole = !view.build && zoom >= LEAST_LESSON && ground.inputs.stage.cards.len() <= MOST_OF_LESSON;
    Some(draw::Sight { world: ground.seen(), zoom, whole })
}

fn paint(ground: &Ground<'_>, view: &mut View, sight: Option<draw::Sight>, pointed: Option<interact::Pointed>) {
    let inputs = ground.inputs;
    let emphasis = interact::emphasis(view, inputs, pointed);
    let counts = view.reduce_motion.then(|| inputs.picture.counts());
    let still = Moves::default();
    let moving = inputs.picture.frame(inputs.preset, &emphasis);
    let drawn = draw::Frame {
        counts: counts.as_deref(),
        moves: if view.reduce_motion { &still } else { moving.moves },
        words: inputs.words(view),
        large: view.presenter.is_some(),
        least_dot: least_dot(ground.ui) / view.camera.zoom(),
        sight,
        traffic: view.build,
        ..moving
    };
    let to = ground.camera.transform(ground.frame);
    let look = Look::of(&ground.painter, &drawn, to, view.lesson.analogy);
    let now_s = ground.ui.input(|input| input.time);
    view.kept.paint(&ground.painter, &drawn, inputs.picture.seen(), look, now_s);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_a_long_way_dots_are_looked_for_anew_now_and_then_and_always_where_one_looks() {
        let (mut sight, mut changes) = (None, 0);
        for step in 0..100 {
            let seen = scene::Rect::new(20.0 * step as f32, 0.0, 1600.0, 900.0);
            let now = look_around(seen, false, sight);
            assert!(now.covers(&seen), "{now:?} at {seen:?}");
            changes += u32::from(sight.replace(now) != Some(now));
        }
        assert!((12..=25).contains(&changes), "{changes} changes in 100 frames");
        let seen = scene::Rect::new(2000.0, 0.0, 1600.0, 900.0);
        let rest = look_around(seen, true, sight);
        assert!(rest.size.w < 1650.0 && look_around(seen, true, Some(rest)) == rest);
        // Far enough in, what was seen before is too much.
        let near = scene::Rect::new(2500.0, 300.0, 400.0, 225.0);
        assert!(look_around(near, false, Some(rest)).size.w < 500.0);
    }
}
