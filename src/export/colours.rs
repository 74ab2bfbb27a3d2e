//! With which colours a picture leaves: those of a theme through somebody's eyes, or the greys of a printer. Makes no
//! colour of its own; `scene::palette` has them.

use crate::scene::palette::Rgba;
use crate::scene::vision::{self, Vision};
use crate::scene::{Ink, Paint, Theme};

/// The colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// As on the screen.
    Screen(Theme, Vision),
    /// Black and grey on white paper: the light theme's lightness, without its hues, and without its tinted faces,
    /// which a printer would draw as raster.
    Paper,
}

impl Default for Colours {
    fn default() -> Self {
        Self::Screen(Theme::default(), Vision::default())
    }
}

impl Colours {
    /// The colour of a paint.
    pub fn of(self, paint: Paint) -> Rgba {
        match self {
            Self::Screen(theme, vision) => vision.see(theme.colour(paint)),
            Self::Paper if is_face(paint.ink) => Theme::Light.colour(Ink::Card.at(paint.opacity)),
            Self::Paper => vision::grey(Theme::Light.colour(paint)),
        }
    }
}

fn is_face(ink: Ink) -> bool {
    matches!(ink, Ink::Canvas | Ink::Panel | Ink::Card | Ink::Cell | Ink::Dead | Ink::HarmFace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::paint::INKS;

    #[test]
    fn paper_has_no_colour_and_no_tinted_face() {
        for ink in INKS {
            let [red, green, blue, _] = Colours::Paper.of(ink.into());
            assert!(red == green && green == blue, "{ink:?}");
        }
        assert_eq!(Colours::Paper.of(Ink::Canvas.into()), Colours::Paper.of(Ink::Card.into()));
    }

    #[test]
    fn opacity_passes_through_every_pair_of_eyes() {
        for vision in vision::VISIONS {
            assert_eq!(Colours::Screen(Theme::Dark, vision).of(Ink::Failed.at(0.5))[3], 128);
        }
    }
}
