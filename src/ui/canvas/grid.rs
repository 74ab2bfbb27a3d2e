//! The grid of points that makes panning visible: all of them as one mesh, of a quad each.

use egui::epaint::{Mesh, Shape};
use egui::{ColorImage, Context, Id, Painter, Rect, TextureHandle, TextureOptions, Vec2, pos2};

use super::painter::Transform;
use crate::scene::Ink;
use crate::ui::theme;

/// The distance between two points of the grid, in world units.
const STEP: f32 = 28.0;
/// Points are no closer together on the screen: they would be a pattern, and no longer a grid.
const LEAST_STEP: f32 = 12.0;
/// The radius of a point, in points of the screen.
const RADIUS: f32 = 1.0;
/// Each pixel of the texture is looked at in so many places across and down.
const SAMPLES: u8 = 8;

/// The points of the grid in what a painter shows; nothing from afar.
pub(super) fn points(painter: &Painter, to: Transform) -> Shape {
    let (step, clip) = (STEP * to.zoom, painter.clip_rect());
    if step < LEAST_STEP {
        return Shape::Noop;
    }
    let stamp = Stamp::of(painter.ctx());
    let colour = theme::colour(theme::current(painter.ctx()), Ink::Grid.into());
    let mut mesh = Mesh::with_texture(stamp.texture.id());
    let first = |origin: f32, min: f32| min + (origin - min).rem_euclid(step);
    let count = |first: f32, max: f32| ((max - first) / step).ceil().max(0.0) as u16;
    let (left, top) = (first(to.origin.x, clip.left()), first(to.origin.y, clip.top()));
    let (across, down) = (count(left, clip.right()), count(top, clip.bottom()));
    let all = usize::from(across) * usize::from(down);
    mesh.reserve_vertices(4 * all);
    mesh.reserve_triangles(2 * all);
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    for row in 0..down {
        for column in 0..across {
            let at = pos2(left + f32::from(column) * step, top + f32::from(row) * step);
            mesh.add_rect_with_uv(Rect::from_center_size(at, Vec2::splat(stamp.side)), uv, colour);
        }
    }
    mesh.into()
}

/// A point of the grid as a texture, for one density of pixels.
#[derive(Clone)]
struct Stamp {
    texture: TextureHandle,
    /// The side of its square, in points of the screen.
    side: f32,
    pixels_per_point: f32,
}

impl Stamp {
    fn of(context: &Context) -> Self {
        let (id, pixels_per_point) = (Id::unique("point of the grid"), context.pixels_per_point());
        let known = context.data(|data| data.get_temp::<Self>(id));
        if let Some(known) = known.filter(|known| known.pixels_per_point.to_bits() == pixels_per_point.to_bits()) {
            return known;
        }
        let image = disc(RADIUS * pixels_per_point);
        let side = image.size[0] as f32 / pixels_per_point;
        let texture = context.load_texture("point", image, TextureOptions::LINEAR);
        let stamp = Self { texture, side, pixels_per_point };
        context.data_mut(|data| data.insert_temp(id, stamp.clone()));
        stamp
    }
}

/// A white disc of this radius in pixels, with a clear edge around it.
fn disc(radius: f32) -> ColorImage {
    let half = radius.ceil() as usize + 1;
    let within = |sample: u8| (f32::from(sample) + 0.5) / f32::from(SAMPLES);
    let cover = |at: usize| {
        let (x, y) = ((at % (2 * half)) as f32 - half as f32, (at / (2 * half)) as f32 - half as f32);
        let samples = (0..SAMPLES).flat_map(|down| (0..SAMPLES).map(move |across| (across, down)));
        let inside = samples.filter(|(across, down)| (x + within(*across)).hypot(y + within(*down)) <= radius);
        (inside.count() * 255 / usize::from(SAMPLES).pow(2)) as u8
    };
    let bytes: Vec<u8> = (0..4 * half * half).flat_map(|at| [cover(at); 4]).collect();
    ColorImage::from_rgba_premultiplied([2 * half, 2 * half], &bytes)
}
