//! The edges of thin lines: a texture with the cross-sections of lines of some widths, so that a line of two vertices for
//! each point is as smooth as one of four.

use egui::{ColorImage, Context, Id, Pos2, TextureHandle, TextureOptions, pos2};

/// The widths that have a cross-section, in pixels.
const WIDTHS: [f32; 9] = [0.75, 1.0, 1.4, 2.0, 2.8, 4.0, 6.0, 9.0, 14.0];
/// The length of a cross-section in texels, with an empty one at each end.
const ACROSS: usize = 34;
/// Each cross-section has so many rows, of which the middle one is used: the others keep neighbours away.
const ROWS: usize = 3;

/// The cross-sections, for one density of pixels.
#[derive(Clone)]
pub(super) struct Brushes {
    pub(super) texture: TextureHandle,
    pixels_per_point: f32,
}

/// How a line of one width is drawn.
pub(super) struct Brush {
    /// How far to each side of the line its quads go, in points.
    pub(super) reach: f32,
    /// The ends of the cross-section in the texture.
    pub(super) uv: (Pos2, Pos2),
}

/// The brushes of this window.
pub(super) fn of(context: &Context) -> Brushes {
    let (id, pixels_per_point) = (Id::unique("brushes of lines"), context.pixels_per_point());
    let known = context.data(|data| data.get_temp::<Brushes>(id));
    // The widths are in pixels, so that one texture is right for every density.
    let texture = known.map(|known| known.texture);
    let texture = texture.unwrap_or_else(|| context.load_texture("brushes", image(), TextureOptions::LINEAR));
    let brushes = Brushes { texture, pixels_per_point };
    context.data_mut(|data| data.insert_temp(id, brushes.clone()));
    brushes
}

impl Brushes {
    /// The brush for lines of this width in points; `None` where its edges would be stretched until they were no longer
    /// sharp.
    pub(super) fn wide(&self, width: f32) -> Option<Brush> {
        let widest = WIDTHS[WIDTHS.len() - 1];
        (width * self.pixels_per_point <= widest).then(|| self.brush(width))
    }

    /// The brush for lines of this width in points.
    pub(super) fn brush(&self, width: f32) -> Brush {
        let pixels = width * self.pixels_per_point;
        let larger = WIDTHS.iter().position(|known| *known >= pixels * 0.85).unwrap_or(WIDTHS.len() - 1);
        let row = (larger * ROWS) as f32 + ROWS as f32 / 2.0;
        let v = row / (WIDTHS.len() * ROWS) as f32;
        let reach = (pixels / 2.0 + 1.0) / self.pixels_per_point;
        let inset = 0.5 / ACROSS as f32;
        Brush { reach, uv: (pos2(inset, v), pos2(1.0 - inset, v)) }
    }
}

/// The cross-sections: opaque within the line, clear one pixel outside.
fn image() -> ColorImage {
    let mut bytes = Vec::with_capacity(4 * ACROSS * ROWS * WIDTHS.len());
    for width in WIDTHS {
        for _ in 0..ROWS {
            for at in 0..ACROSS {
                let across = (at as f32 - 0.5) / (ACROSS - 2) as f32 * 2.0 - 1.0;
                let distance = across.abs() * (width / 2.0 + 1.0);
                let cover = (width / 2.0 + 0.5 - distance).clamp(0.0, 1.0) * width.min(1.0);
                bytes.extend([(cover * 255.0).round() as u8; 4]);
            }
        }
    }
    ColorImage::from_rgba_premultiplied([ACROSS, ROWS * WIDTHS.len()], &bytes)
}
