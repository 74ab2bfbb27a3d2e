//! The program's mark, for the title bar and the task bar: four service lamps, of which one is out. That is a brownout.

use crate::scene::paint::Ink;
use crate::scene::palette::{Rgba, Theme};

/// The side of the picture, in pixels.
const SIDE: u32 = 64;
/// Each pixel is the mean of this many samples, squared.
const SAMPLES: u32 = 4;

/// The mark as a picture.
pub(super) fn icon() -> egui::IconData {
    let pixels = (0..SIDE * SIDE).flat_map(|at| pixel(at % SIDE, at / SIDE));
    egui::IconData { rgba: pixels.collect(), width: SIDE, height: SIDE }
}

/// The mean of a pixel's samples.
fn pixel(x: u32, y: u32) -> Rgba {
    let mut sums = [0u32; 4];
    for at in 0..SAMPLES * SAMPLES {
        let place = |pixel: u32, sample: u32| (pixel as f32 + (sample as f32 + 0.5) / SAMPLES as f32) / SIDE as f32;
        let colour = colour(place(x, at % SAMPLES), place(y, at / SAMPLES));
        let [red, green, blue, opacity] = colour.map(u32::from);
        sums[3] += opacity;
        for (sum, part) in sums.iter_mut().zip([red, green, blue]) {
            *sum += part * opacity;
        }
    }
    let opacity = sums[3].max(1);
    let mean = |sum: u32| (sum / opacity) as u8;
    [mean(sums[0]), mean(sums[1]), mean(sums[2]), (sums[3] / (SAMPLES * SAMPLES)) as u8]
}

/// The colour of a place of the unit square.
fn colour(x: f32, y: f32) -> Rgba {
    const CORNER: f32 = 0.22;
    let (dx, dy) = ((x - 0.5).abs() - (0.5 - CORNER), (y - 0.5).abs() - (0.5 - CORNER));
    if dx.max(0.0).hypot(dy.max(0.0)) > CORNER {
        return [0; 4];
    }
    let (right, below) = (x > 0.5, y > 0.5);
    let centre = |far: bool| if far { 0.69 } else { 0.31 };
    let distance = (x - centre(right)).hypot(y - centre(below));
    let out = right && below;
    match (distance, out) {
        (..=0.135, false) => Theme::Dark.ink(Ink::Session),
        (0.085..=0.135, true) => Theme::Dark.ink(Ink::Failed),
        _ => Theme::Dark.ink(Ink::Canvas),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lamps_are_lit_and_one_is_out() {
        assert_eq!(colour(0.31, 0.31), Theme::Dark.ink(Ink::Session));
        assert_eq!(colour(0.69, 0.31), Theme::Dark.ink(Ink::Session));
        assert_eq!(colour(0.69, 0.69), Theme::Dark.ink(Ink::Canvas));
        assert_eq!(colour(0.69 + 0.11, 0.69), Theme::Dark.ink(Ink::Failed));
    }

    #[test]
    fn corners_are_clear() {
        let icon = icon();
        assert_eq!(icon.rgba.len() as u32, SIDE * SIDE * 4);
        assert_eq!(icon.rgba[3], 0);
    }
}
