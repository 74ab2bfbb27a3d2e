//! The grid of points that makes panning visible: one quad, over which the texture of one point is laid as tiles.

use std::fmt;

use egui::epaint::{Mesh, Shape};
use egui::{ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, pos2};

use super::painter::Transform;
use crate::scene::Ink;
use crate::ui::theme;

/// The distance between two points of the grid, in world units.
const STEP: f32 = 28.0;
/// Points are no closer together on the screen: they would be a pattern, and no longer a grid.
const LEAST_STEP: f32 = 12.0;
/// The radius of a point, in points of the screen.
const RADIUS: f32 = 1.0;
/// The tile's side is rounded so that an octave of zoom has this many.
const STEPS: f32 = 8.0;
/// Each pixel of the texture is looked at in so many places across and down.
const SAMPLES: u8 = 8;

/// The points of the grid in what a painter shows; nothing from afar. The tile is kept for as long as the shape is, and made
/// anew for another zoom.
pub(super) fn points(painter: &Painter, to: Transform, tile: &mut Option<Tile>) -> Shape {
    let (step, clip) = (STEP * to.zoom, painter.clip_rect());
    if step < LEAST_STEP {
        return Shape::Noop;
    }
    let known = tile.take();
    let tile = tile.insert(Tile::of(painter.ctx(), known, step));
    let colour = theme::colour(theme::current(painter.ctx()), Ink::Grid.into());
    let mut mesh = Mesh::with_texture(tile.texture.id());
    // Each tile has its point in the middle; from the first one in sight on, so that no number becomes large.
    let first = |min: f32, origin: f32| ((min - origin) / step + 0.5).rem_euclid(1.0);
    let from = pos2(first(clip.left(), to.origin.x), first(clip.top(), to.origin.y));
    mesh.add_rect_with_uv(clip, Rect::from_min_size(from, clip.size() / step), colour);
    mesh.into()
}

/// A point of the grid in the middle of its tile, for one zoom and one density of pixels.
pub(super) struct Tile {
    texture: TextureHandle,
    /// Its side in pixels, and the radius of the point.
    size: (usize, f32),
}

impl fmt::Debug for Tile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tile").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Tile {
    /// The tile for this distance between two points, on the screen: the known one, where it is for this.
    fn of(context: &Context, known: Option<Self>, step: f32) -> Self {
        let pixels_per_point = context.pixels_per_point();
        let rounded = ((step * pixels_per_point).log2() * STEPS).round() / STEPS;
        let size = (rounded.exp2().round() as usize, RADIUS * pixels_per_point);
        known.filter(|known| known.size == size).unwrap_or_else(|| {
            let texture = context.load_texture("grid", disc(size), TextureOptions::LINEAR_REPEAT);
            Self { texture, size }
        })
    }
}

/// A white disc of this radius in the middle of a clear square of this side, both in pixels.
fn disc((side, radius): (usize, f32)) -> ColorImage {
    let half = side as f32 / 2.0;
    let within = |sample: u8| (f32::from(sample) + 0.5) / f32::from(SAMPLES);
    let cover = |at: usize| {
        let (x, y) = ((at % side) as f32 - half, (at / side) as f32 - half);
        let samples = (0..SAMPLES).flat_map(|down| (0..SAMPLES).map(move |across| (across, down)));
        let inside = samples.filter(|(across, down)| (x + within(*across)).hypot(y + within(*down)) <= radius);
        (inside.count() * 255 / usize::from(SAMPLES).pow(2)) as u8
    };
    let bytes: Vec<u8> = (0..side * side).flat_map(|at| [cover(at); 4]).collect();
    ColorImage::from_rgba_premultiplied([side, side], &bytes)
}
