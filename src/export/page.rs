//! The page that leaves: one moment of the scene with title, score and legend. Draws nothing itself: `scene::draw` does, as
//! for the window.

use crate::scene::Picture;
use crate::scene::draw::{self, Emphasis, Frame, Page};
use crate::topology::Preset;

/// The least radius of a dot, in points.
const LEAST_DOT: f32 = 5.0;

/// The page of a picture, which was drawn last for this preset.
pub fn of(preset: &Preset, picture: &Picture) -> Page {
    let emphasis = Emphasis::default();
    let frame = picture.frame(preset, &emphasis);
    draw::page(&Frame { least_dot: LEAST_DOT, ..frame })
}

/// The page of a preset that does not run.
pub fn idle(preset: &Preset) -> Page {
    let mut picture = Picture::default();
    picture.draw(preset, None);
    of(preset, &picture)
}
