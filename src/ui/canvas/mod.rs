//! The canvas: paints the scene's shapes, and reads what is done on them. Everything that can be clicked has an accessible
//! name.

pub(crate) mod camera;
mod cells;
mod interact;
mod legend;
mod nodes;
pub(crate) mod painter;
mod users;

use egui::{Painter, Rect, Role, Sense, Ui, WidgetInfo};

use super::action::Action;
use super::command::{self, Spot};
use super::theme::Palette;
use super::{Inputs, View};
use crate::scene::moves::Moves;
use crate::scene::{self, draw};
use camera::Camera;

/// The least radius of a dot on the screen, in points: it must be seen from the back of the room.
const LEAST_DOT: f32 = 4.0;
/// And as a share of the window's height: a dot is at least one percent of it across.
const DOT_SHARE: f32 = 0.005;

/// The canvas in one frame: where it is, and what of the drawing is seen.
struct Ground<'a> {
    painter: Painter,
    frame: Rect,
    camera: Camera,
    palette: &'a Palette,
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

    /// Whether a rectangle of the screen is seen at all.
    fn sees(&self, rect: Rect) -> bool {
        self.frame.intersects(rect)
    }
}

/// The least radius of a dot in this window.
fn least_dot(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() * DOT_SHARE).max(LEAST_DOT)
}

/// Draws the canvas and reads what was done on it.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let frame = ui.available_rect_before_wrap();
    view.camera.fit(frame, inputs.stage.bounds());
    let background = ui.interact(frame, ui.scope_id().with("canvas"), Sense::click_and_drag());
    background.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "canvas"));
    interact::navigate(ui, frame, &background, inputs, view, actions);
    let ground = Ground { painter: ui.painter_at(frame), frame, camera: view.camera, palette: Palette::of(ui.ctx()) };
    background.context_menu(|ui| {
        let spot = ui.input(|input| input.pointer.press_origin()).unwrap_or(frame.center());
        command::context_menu(ui, inputs, view, &Spot::Canvas(view.camera.point(frame, spot)), actions);
    });
    interact::grid(&ground);
    nodes::read(ui, &ground, inputs, view, actions);
    let mut pointed = None;
    for card in &inputs.stage.cards {
        users::read(ui, &ground, card, inputs, &mut pointed, actions);
        cells::read(ui, &ground, card, inputs, &mut pointed, actions);
    }
    let emphasis = interact::emphasis(view, inputs, pointed);
    let counts = view.reduce_motion.then(|| inputs.picture.counts());
    let still = Moves::default();
    let moving = inputs.picture.frame(inputs.preset, &emphasis);
    let drawn = draw::Frame {
        counts: counts.as_deref(),
        moves: if view.reduce_motion { &still } else { moving.moves },
        words: inputs.words(view),
        large: view.presenter.is_some(),
        least_dot: least_dot(ui) / view.camera.zoom(),
        ..moving
    };
    painter::paint(&ground.painter, &draw::sheet(&drawn), view.camera.transform(frame));
    for card in &inputs.stage.cards {
        cells::buttons(ui, &ground, card, inputs, actions);
    }
    legend::show(&ground, inputs, view);
    ui.advance_cursor_after_rect(frame);
}
