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
        Ink::Canvas => rgb(0xF3_F5_F8),
        Ink::Grid => rgb(0xDD_E2_E9),
        Ink::Panel | Ink::Card | Ink::OnAccent | Ink::OnFailed | Ink::OnSession => rgb(0xFF_FF_FF),
        Ink::Cell => rgb(0xF5_F8_FC),
        Ink::Dead => rgb(0xFB_F1_EC),
        Ink::Line => rgb(0xD3_DA_E3),
        Ink::LineStrong => rgb(0x75_84_9A),
        Ink::Link => rgb(0x7A_88_9D),
        Ink::Text => rgb(0x1B_25_33),
        Ink::Faint => rgb(0x57_65_78),
        Ink::Accent => rgb(0x00_5F_99),
        Ink::Ok | Ink::Session => rgb(0x00_72_B2),
        Ink::Degraded => rgb(0xE6_9F_00),
        Ink::DegradedEdge => rgb(0x5C_40_00),
        Ink::Failed => rgb(0xAF_45_00),
        Ink::HarmFace => rgb(0xFD_EF_E6),
        Ink::Shadow => [0, 0, 0, 22],
    }
}

const fn dark(ink: Ink) -> Rgba {
    match ink {
        Ink::Canvas => rgb(0x11_16_1E),
        Ink::Grid => rgb(0x21_29_35),
        Ink::Panel => rgb(0x18_1F_2A),
        Ink::Card => rgb(0x001D_2532),
        Ink::Cell => rgb(0x25_30_40),
        Ink::Dead => rgb(0x30_25_22),
        Ink::Line => rgb(0x36_43_55),
        Ink::LineStrong => rgb(0x81_94_AB),
        Ink::Link => rgb(0x6C_80_9B),
        Ink::Text => rgb(0xEA_F0_F7),
        Ink::Faint => rgb(0xA6_B4_C6),
        Ink::Accent | Ink::Ok | Ink::Session => rgb(0x56_B4_E9),
        Ink::OnAccent | Ink::OnSession => rgb(0x07_1A_28),
        Ink::Degraded => rgb(0xF0_B4_29),
        Ink::DegradedEdge => rgb(0x1A_12_00),
        Ink::Failed => rgb(0xFF_7A_33),
        Ink::OnFailed => rgb(0x1E_0C_02),
        Ink::HarmFace => rgb(0x3A_25_1B),
        Ink::Shadow => [0, 0, 0, 90],
    }
}
