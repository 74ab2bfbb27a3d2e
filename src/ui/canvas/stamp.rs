//! Dots in a texture: what [`crate::scene::draw::dot`] draws for each look, made into pixels once for a size and a theme,
//! so that a dot of any shape is one triangle: that takes fewer corners than a quad.

use std::fmt;

use egui::{Color32, ColorImage, Context, Pos2, TextureHandle, TextureOptions, Vec2, pos2, vec2};

use super::painter::LEAST_WIDTH;
use crate::scene::paint::{Paint, Pen};
use crate::scene::{self, Ink, Look, Point, Shape, Sheet};

/// The looks, in the order of the texture.
const LOOKS: [Look; 5] = [Look::Ok, Look::Retried, Look::Degraded, Look::Failed, Look::Lost];
/// A look's shapes reach so many radii from its centre at most.
const REACH: f32 = 1.75;
/// Sizes are rounded so that an octave of zoom has this many.
const STEPS: f32 = 8.0;
/// Each pixel is looked at in so many places across and down.
const SAMPLES: u8 = 4;

/// The dots' texture for one size.
pub(super) struct Stamps {
    pub(super) texture: TextureHandle,
    /// The corners of a stamp, seen from its dot, in points: the top, and both ends of the base.
    pub(super) corners: [Vec2; 3],
    key: Key,
}

/// What a texture was made for.
#[derive(Debug, PartialEq)]
struct Key {
    radius: f32,
    zoom: f32,
    pixels_per_point: f32,
    /// The colour of what went well: another one in another theme.
    ok: Color32,
}

impl fmt::Debug for Stamps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stamps").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Stamps {
    /// The stamps for dots of this radius in world units at this zoom: those that are known, where they are for these.
    pub(super) fn of(
        context: &Context,
        known: Option<Self>,
        radius: f32,
        zoom: f32,
        colour: impl Fn(Paint) -> Color32,
    ) -> Self {
        let step = |size: f32| ((size.max(1e-6).log2() * STEPS).round() / STEPS).exp2();
        let (zoom, radius) = (step(zoom), step(radius * zoom) / step(zoom));
        let key = Key { radius, zoom, pixels_per_point: context.pixels_per_point(), ok: colour(Ink::Ok.into()) };
        if let Some(known) = known.filter(|known| known.key == key) {
            return known;
        }
        let scale = zoom * key.pixels_per_point;
        let reach = (radius * scale * REACH + 1.5).ceil() as usize;
        let image = image(radius, scale, key.pixels_per_point, reach, colour);
        let texture = context.load_texture("dots", image, TextureOptions::LINEAR);
        let (reach, aside) = (reach as f32 / key.pixels_per_point, across(reach) as f32 / 2.0 / key.pixels_per_point);
        let corners = [vec2(0.0, -2.0 * reach), vec2(-aside, reach), vec2(aside, reach)];
        Self { texture, corners, key }
    }
    /// Where the corners of a look's stamp are in the texture.
    pub(super) fn uv(&self, look: Look) -> [Pos2; 3] {
        let at = LOOKS.iter().position(|known| *known == look).unwrap_or(0) as f32;
        let width = 1.0 / LOOKS.len() as f32;
        [pos2((at + 0.5) * width, 0.0), pos2(at * width, 1.0), pos2((at + 1.0) * width, 1.0)]
    }
}

/// The width of the triangle around a circle of this radius, in whole pixels; it is three radii high, and the circle lies
/// two of them below its top.
fn across(reach: usize) -> usize {
    2 * (3.0_f32.sqrt() * reach as f32).ceil() as usize
}

/// All looks side by side, each in a rectangle that holds the triangle around it. `scale`: pixels for each unit of the
/// world. `reach`: as many pixels around a dot's centre are its own.
fn image(
    radius: f32,
    scale: f32,
    pixels_per_point: f32,
    reach: usize,
    colour: impl Fn(Paint) -> Color32,
) -> ColorImage {
    let sheets = LOOKS.map(|look| {
        let mut sheet = Sheet::default();
        scene::draw::dot(&mut sheet, Point::default(), radius, look, 1.0);
        sheet
    });
    let least = LEAST_WIDTH * pixels_per_point / scale;
    let (across, down) = (across(reach), 3 * reach);
    let mut bytes = Vec::with_capacity(4 * across * down * LOOKS.len());
    for y in 0..down {
        for sheet in &sheets {
            for x in 0..across {
                // Seen from the centre of the dot.
                let corner = Point::new(x as f32 - across as f32 / 2.0, y as f32 - 2.0 * reach as f32);
                bytes.extend(pixel(sheet, corner, scale, least, &colour));
            }
        }
    }
    ColorImage::from_rgba_premultiplied([across * LOOKS.len(), down], &bytes)
}

/// One pixel, by its corner: the mean of its samples.
fn pixel(sheet: &Sheet, corner: Point, scale: f32, least: f32, colour: &impl Fn(Paint) -> Color32) -> [u8; 4] {
    let mut sum = [0.0_f32; 4];
    for sample in 0..SAMPLES * SAMPLES {
        let within = |at: u8| (f32::from(at) + 0.5) / f32::from(SAMPLES);
        let (x, y) = (corner.x + within(sample % SAMPLES), corner.y + within(sample / SAMPLES));
        let at = Point::new(x / scale, y / scale);
        let mut seen = [0.0_f32; 4];
        for paint in sheet.shapes.iter().flat_map(|shape| layers(shape, at, least)).flatten() {
            let over = colour(paint).to_array().map(f32::from);
            seen = std::array::from_fn(|channel| over[channel] + seen[channel] * (1.0 - over[3] / 255.0));
        }
        sum = std::array::from_fn(|channel| sum[channel] + seen[channel]);
    }
    sum.map(|channel| (channel / f32::from(SAMPLES * SAMPLES)).round().clamp(0.0, 255.0) as u8)
}

/// The face and the line of a shape, as far as they cover a point.
fn layers(shape: &Shape, at: Point, least: f32) -> [Option<Paint>; 2] {
    let on = |distance: f32, pen: &Option<Pen>| {
        pen.filter(|pen| distance.abs() <= pen.width.max(least) / 2.0).map(|pen| pen.paint)
    };
    match shape {
        Shape::Circle { at: centre, radius, fill, pen } => {
            let distance = at.distance(*centre);
            [fill.filter(|_| distance <= *radius), on(distance - radius, pen)]
        }
        Shape::Path { points, closed, fill, pen } => {
            let ends = points.iter().zip(points.iter().cycle().skip(1));
            let chords = points.len() - usize::from(!closed);
            let distance =
                ends.take(chords).map(|(a, b)| scene::pick::to_chord(at, *a, *b)).fold(f32::INFINITY, f32::min);
            [fill.filter(|_| *closed && is_inside(points, at)), on(distance, pen)]
        }
        Shape::Rect { rect, fill, .. } => [fill.filter(|_| rect.contains(at)), None],
        // A dot is drawn with none of these.
        Shape::Curve { .. } | Shape::Text(_) | Shape::Blocks(_) | Shape::Lines(_) | Shape::Dots { .. } => [None, None],
    }
}

/// Whether a convex polygon holds a point: it is on one side of all edges.
fn is_inside(points: &[Point], at: Point) -> bool {
    let turn = |(a, b): (&Point, &Point)| (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x);
    let mut turns = points.iter().zip(points.iter().cycle().skip(1)).map(turn);
    let right = turns.clone().all(|turn| turn >= 0.0);
    right || turns.all(|turn| turn <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many pixels around a dot of radius 5 are its own.
    const OWN: usize = 11;

    /// A dot's pixels in one colour: how much of each is covered.
    fn covered(look: Look) -> Vec<u8> {
        let inks = |paint: Paint| if paint.ink == Ink::Card { Color32::TRANSPARENT } else { Color32::WHITE };
        let image = image(5.0, 1.0, 1.0, OWN, inks);
        let at = LOOKS.iter().position(|known| *known == look).unwrap();
        let row = |y: usize| (0..across(OWN)).map(move |x| (y, x));
        let pixels = (0..3 * OWN).flat_map(row);
        pixels.map(|(y, x)| image.pixels[(y * LOOKS.len() + at) * across(OWN) + x].a()).collect()
    }

    #[test]
    fn every_look_has_pixels_of_its_own_without_any_colour() {
        for (at, one) in LOOKS.into_iter().enumerate() {
            let pixels = covered(one);
            assert!(pixels.iter().any(|pixel| *pixel > 200), "{one:?}");
            for other in &LOOKS[..at] {
                let differ = pixels.iter().zip(covered(*other)).filter(|(a, b)| a.abs_diff(*b) > 64).count();
                assert!(differ > 12, "{one:?} and {other:?} differ in {differ} pixels");
            }
        }
    }

    #[test]
    fn a_stamp_holds_all_of_its_dot() {
        let (width, centre) = (across(OWN) as f32, 2.0 * OWN as f32);
        for look in LOOKS {
            for (at, _) in covered(look).iter().enumerate().filter(|(_, pixel)| **pixel > 0) {
                let (x, y) = ((at % across(OWN)) as f32 + 0.5, (at / across(OWN)) as f32 + 0.5);
                // The circle around the dot lies within the triangle.
                let from_centre = (x - width / 2.0).hypot(y - centre);
                assert!(from_centre < OWN as f32, "{look:?} {from_centre}");
            }
        }
    }
}
