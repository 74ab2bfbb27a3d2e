//! The canvas without the window around it, for whoever wants to show or to measure a drawing alone.

use egui::Ui;

use super::action::Action;
use super::{Inputs, View, canvas, time};
use crate::scene::Picture;
use crate::scene::lesson::Strip;
use crate::topology::Preset;

/// Draws a picture, which was drawn last for this preset, into all the room that there is, and reads what the user does.
pub fn show_canvas(ui: &mut Ui, preset: &Preset, picture: &Picture, view: &mut View) -> Vec<Action> {
    let mut actions = Vec::new();
    canvas::show(ui, &inputs(preset, picture, &Strip::default()), view, &mut actions);
    actions
}

/// The same for a picture that is only looked at: nothing can be done to the system or to the drawing.
pub(super) fn watch_canvas(ui: &mut Ui, preset: &Preset, picture: &Picture, view: &mut View) {
    canvas::watch(ui, &inputs(preset, picture, &Strip::default()), view);
}

/// A window in which there is nothing but this picture.
fn inputs<'a>(preset: &'a Preset, picture: &'a Picture, strip: &'a Strip) -> Inputs<'a> {
    Inputs {
        preset,
        revision: 0,
        problems: &[],
        latest: picture.playback.latest(),
        shown: picture.seen(),
        display_us: picture.playback.display_us(),
        awaited: false,
        stage: &picture.stage,
        strip,
        dots: &picture.dots,
        losses: &picture.losses,
        picture,
        moment: time::Moment::default(),
        undrawn_spans: picture.undrawn(),
        gallery: &[],
        chosen: None,
        question: None,
        recent: &[],
        path: None,
        dirty: false,
        undo: None,
        redo: None,
        notice: None,
        laying_out: false,
    }
}
