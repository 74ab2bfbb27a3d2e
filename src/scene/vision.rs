//! How people with other colour vision see a colour, and how well two colours can be told apart. Nothing here draws:
//! exporters show a picture through these eyes, and the palette's tests measure with them.

use super::palette::Rgba;

/// Whose eyes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Vision {
    /// All three cones.
    #[default]
    Normal,
    /// No cones for medium waves: the most common deficiency of its kind in full strength.
    Deuteranopia,
    /// No cones for long waves.
    Protanopia,
    /// No cones for short waves.
    Tritanopia,
}

/// Every kind of vision, for lists and tests.
pub const VISIONS: [Vision; 4] = [Vision::Normal, Vision::Deuteranopia, Vision::Protanopia, Vision::Tritanopia];

/// Three numbers: red, green and blue in linear light, or the axes of another space.
type Triple = [f32; 3];

impl Vision {
    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Deuteranopia => "deuteranopia",
            Self::Protanopia => "protanopia",
            Self::Tritanopia => "tritanopia",
        }
    }

    /// The colour that these eyes see.
    pub fn see(self, colour: Rgba) -> Rgba {
        let Some(matrix) = self.matrix() else { return colour };
        let [red, green, blue] = product(matrix, linear(colour)).map(encoded);
        [red, green, blue, colour[3]]
    }

    /// G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: *A Physiologically-based Model for Simulation of Color Vision
    /// Deficiency*, IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009; severity 1.0. To be applied
    /// to linear light.
    const fn matrix(self) -> Option<&'static [Triple; 3]> {
        match self {
            Self::Normal => None,
            Self::Deuteranopia => Some(&[
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ]),
            Self::Protanopia => Some(&[
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ]),
            Self::Tritanopia => Some(&[
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ]),
        }
    }
}

/// Relative luminance from 0, black, to 1, white, by WCAG 2.2.
pub fn luminance(colour: Rgba) -> f32 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Contrast ratio from 1, none, to 21, by WCAG 2.2. Text needs 4.5, marks that carry meaning 3.
pub fn contrast(one: Rgba, other: Rgba) -> f32 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    (one / other).max(other / one)
}

/// How different two colours look: the distance in Björn Ottosson's `OKLab` space (2020), in which black and white are 1
/// apart and about 0.02 is just noticeable.
pub fn distance(one: Rgba, other: Rgba) -> f32 {
    let (one, other) = (ok_lab(one), ok_lab(other));
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

/// The grey that is as light as a colour.
pub fn grey(colour: Rgba) -> Rgba {
    let level = encoded(luminance(colour));
    [level, level, level, colour[3]]
}

fn ok_lab(colour: Rgba) -> Triple {
    const TO_CONES: [Triple; 3] = [
        [0.412_221_46, 0.536_332_55, 0.051_445_995],
        [0.211_903_5, 0.680_699_5, 0.107_396_96],
        [0.088_302_46, 0.281_718_85, 0.629_978_7],
    ];
    const TO_LAB: [Triple; 3] = [
        [0.210_454_26, 0.793_617_8, -0.004_072_047],
        [1.977_998_5, -2.428_592_2, 0.450_593_7],
        [0.025_904_037, 0.782_771_77, -0.808_675_77],
    ];
    product(&TO_LAB, product(&TO_CONES, linear(colour)).map(f32::cbrt))
}

fn product(matrix: &[Triple; 3], by: Triple) -> Triple {
    matrix.map(|row| row.iter().zip(by).map(|(a, b)| a * b).sum())
}

/// The linear light of a colour, 0 to 1 (IEC 61966-2-1).
fn linear(colour: Rgba) -> Triple {
    [colour[0], colour[1], colour[2]].map(|level| {
        let level = f32::from(level) / 255.0;
        if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    })
}

/// The level, 0 to 255, of linear light.
fn encoded(light: f32) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let level = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (level * 255.0).round() as u8
}

#[cfg(test)]
mod tests;
