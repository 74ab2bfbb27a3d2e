//! Which colour an ink is: the one place with colours. Outcome colours are of the Okabe–Ito set, which people with any
//! common colour vision can tell apart; shapes tell the same.

use super::paint::{Ink, Paint};

/// Red, green, blue and opacity, 0 to 255 each, in the sRGB space, not premultiplied.
pub type Rgba = [u8; 4];

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light: for bright rooms and for paper.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The colour of a paint.
    pub fn colour(self, paint: Paint) -> Rgba {
        let [red, green, blue, opacity] = self.ink(paint.ink);
        [red, green, blue, (f32::from(opacity) * paint.opacity.clamp(0.0, 1.0)).round() as u8]
    }

    /// The colour of an ink.
    pub const fn ink(self, ink: Ink) -> Rgba {
        match self {
            Self::Light => light(ink),
            Self::Dark => dark(ink),
        }
    }
}

/// An opaque colour.
const fn rgb(hex: u32) -> Rgba {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8, 255]
}

const fn light(ink: Ink) -> Rgba {
    match ink {
        Ink::Canvas => rgb(0xF3F5F8),
        Ink::Grid => rgb(0xDDE2E9),
        Ink::Panel | Ink::Card | Ink::OnAccent | Ink::OnFailed | Ink::OnSession => rgb(0xFFFFFF),
        Ink::Cell => rgb(0xF5F8FC),
        Ink::Dead => rgb(0xFBF1EC),
        Ink::Line => rgb(0xD3DAE3),
        Ink::LineStrong => rgb(0x75849A),
        Ink::Link => rgb(0x7A889D),
        Ink::Text => rgb(0x1B2533),
        Ink::Faint => rgb(0x576578),
        Ink::Accent => rgb(0x005F99),
        Ink::Ok | Ink::Session => rgb(0x0072B2),
        Ink::Degraded => rgb(0xE69F00),
        Ink::DegradedEdge => rgb(0x5C4000),
        Ink::Failed => rgb(0xAF4500),
        Ink::HarmFace => rgb(0xFDEFE6),
        Ink::Shadow => [0, 0, 0, 22],
    }
}

const fn dark(ink: Ink) -> Rgba {
    match ink {
        Ink::Canvas => rgb(0x11161E),
        Ink::Grid => rgb(0x212935),
        Ink::Panel => rgb(0x181F2A),
        Ink::Card => rgb(0x1D2532),
        Ink::Cell => rgb(0x253040),
        Ink::Dead => rgb(0x302522),
        Ink::Line => rgb(0x364355),
        Ink::LineStrong => rgb(0x8194AB),
        Ink::Link => rgb(0x6C809B),
        Ink::Text => rgb(0xEAF0F7),
        Ink::Faint => rgb(0xA6B4C6),
        Ink::Accent | Ink::Ok | Ink::Session => rgb(0x56B4E9),
        Ink::OnAccent | Ink::OnSession => rgb(0x071A28),
        Ink::Degraded => rgb(0xF0B429),
        Ink::DegradedEdge => rgb(0x1A1200),
        Ink::Failed => rgb(0xFF7A33),
        Ink::OnFailed => rgb(0x1E0C02),
        Ink::HarmFace => rgb(0x3A251B),
        Ink::Shadow => [0, 0, 0, 90],
    }
}
