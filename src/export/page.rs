//! The page that leaves: one moment of the scene with title, score and legend. Draws nothing itself: `scene::draw` does, as
//! for the window.

use crate::scene::Picture;
use crate::scene::draw::{self, Emphasis, Frame, Page, Words};
use crate::topology::Preset;

/// The least radius of a dot, in points.
const LEAST_DOT: f32 = 5.0;

/// The page of a picture, which was drawn last for this preset.
pub fn of(preset: &Preset, picture: &Picture) -> Page {
    let shown = picture.playback.shown();
    draw::page(&Frame {
        preset,
        shown,
        display_us: picture.playback.display_us(),
        stage: &picture.stage,
        dots: &picture.dots,
        counters: &[],
        losses: &picture.losses,
        moves: &picture.moves,
        lamps: &[],
        emphasis: &Emphasis::default(),
        words: Words { item: &preset.lesson.item, ..Words::default() },
        least_dot: LEAST_DOT,
    })
}

/// The page of a preset that does not run.
pub fn idle(preset: &Preset) -> Page {
    let mut picture = Picture::default();
    picture.draw(preset, None);
    of(preset, &picture)
}
