//! The page that leaves: one moment of the scene with title, score and legend. Draws nothing itself: `scene::draw` does, as
//! for the window.

use crate::scene::Picture;
use crate::scene::draw::{self, Emphasis, Page};
use crate::topology::Preset;

/// The page of a picture, which was drawn last for this preset.
pub fn of(preset: &Preset, picture: &Picture) -> Page {
    draw::page(&picture.frame(preset, &Emphasis::default()))
}

/// The page of a preset that does not run.
pub fn idle(preset: &Preset) -> Page {
    let mut picture = Picture::default();
    picture.draw(preset);
    of(preset, &picture)
}
