//! Paints crowds: all blocks, lines or dots of a list as one mesh, of as few triangles as will do. A shape of its own for each
//! would cost ten times as much.

use std::sync::Arc;

use egui::epaint::{CubicBezierShape, Mesh, Vertex, WHITE_UV};
use egui::{Color32, Context, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

use super::brush;
use super::painter::{LEAST_WIDTH, Transform};
use super::stamp::Stamps;
use crate::scene::paint::{Block, Lines, Paint, Spot};

/// No block is smaller on the screen than this, in points.
const LEAST_BLOCK: f32 = 1.5;

/// Paints plain rectangles.
pub(super) fn blocks(clip: Rect, blocks: &[Block], to: Transform, colour: impl Fn(Paint) -> Color32) -> Shape {
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(4 * blocks.len());
    mesh.reserve_triangles(2 * blocks.len());
    let mut last = None;
    for block in blocks {
        let rect = to.rect(&block.rect);
        let rect = Rect::from_min_size(rect.min, rect.size().max(Vec2::splat(LEAST_BLOCK)));
        if clip.intersects(rect) {
            quad(&mut mesh, rect, Rect::from_min_max(WHITE_UV, WHITE_UV), same(&mut last, block.paint, &colour));
        }
    }
    mesh.into()
}

/// Paints lines as strips of quads, whose soft edges are in their texture.
pub(super) fn lines(
    context: &Context,
    lines: &Lines,
    to: Transform,
    colour: impl Fn(Paint) -> Color32,
) -> Option<Shape> {
    if lines.is_empty() {
        return None;
    }
    let brushes = brush::of(context);
    let mut mesh = Mesh::with_texture(brushes.texture.id());
    mesh.vertices.reserve_exact(2 * lines.points());
    mesh.indices.reserve_exact(6 * lines.points());
    let mut last = None;
    for (line, points) in lines.iter() {
        let width = (line.width * to.zoom).max(LEAST_WIDTH);
        let brush = brushes.brush(width);
        let points = points.iter().map(|at| to.pos(*at));
        strip(&mut mesh, points, &brush, same(&mut last, line.paint, &colour));
    }
    Some(mesh.into())
}

/// Paints the part of a curve that is in sight as a strip, and joins it to the strips before it.
pub(super) fn curve(painter: &Painter, shapes: &mut Vec<Shape>, points: [Pos2; 4], stroke: Stroke) {
    let brushes = brush::of(painter.ctx());
    let Some(brush) = brushes.wide(stroke.width) else {
        shapes.push(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke).into());
        return;
    };
    let joined = match shapes.last_mut() {
        Some(Shape::Mesh(mesh)) if mesh.texture_id == brushes.texture.id() => Arc::get_mut(mesh),
        Some(_) | None => None,
    };
    if let Some(mesh) = joined {
        bend(mesh, painter.clip_rect(), points, &brush, stroke.color);
    } else {
        let mut mesh = Mesh::with_texture(brushes.texture.id());
        bend(&mut mesh, painter.clip_rect(), points, &brush, stroke.color);
        shapes.push(mesh.into());
    }
}

/// Adds the chords of a curve that meet what is in sight.
fn bend(mesh: &mut Mesh, clip: Rect, [from, leaving, arriving, to]: [Pos2; 4], brush: &brush::Brush, colour: Color32) {
    let clip = clip.expand(brush.reach);
    // As many chords as keep within a fifth of a point of the curve: Wang's formula (1984), for a cubic one.
    let bent = |a: Pos2, b: Pos2, c: Pos2| (a.to_vec2() - 2.0 * b.to_vec2() + c.to_vec2()).length();
    let bend = bent(from, leaving, arriving).max(bent(leaving, arriving, to));
    let chords = (0.75 * bend / 0.2).sqrt().ceil().clamp(1.0, 256.0) as u16;
    let at = |step: u16| {
        let share = f32::from(step) / f32::from(chords);
        let (a, b, c) = (from.lerp(leaving, share), leaving.lerp(arriving, share), arriving.lerp(to, share));
        a.lerp(b, share).lerp(b.lerp(c, share), share)
    };
    let points: Vec<Pos2> = (0..=chords).map(at).collect();
    let seen = |ends: &[Pos2]| clip.intersects(Rect::from_two_pos(ends[0], ends[1]));
    // It may leave the sight and come back: what lies between is drawn, too.
    if let (Some(first), Some(last)) = (points.windows(2).position(seen), points.windows(2).rposition(seen)) {
        strip(mesh, points[first..=last + 1].iter().copied(), brush, colour);
    }
}

/// Adds one line: two vertices at each point, aside by the brush's reach.
fn strip(mesh: &mut Mesh, points: impl Iterator<Item = Pos2>, brush: &brush::Brush, colour: Color32) {
    let first = mesh.vertices.len() as u32;
    let mut points = points.peekable();
    let mut before: Option<Vec2> = None;
    while let Some(here) = points.next() {
        let after = points.peek().map(|next| (*next - here).normalized()).filter(|way| *way != Vec2::ZERO);
        let way = match (before, after) {
            (Some(before), Some(after)) => (before + after).normalized(),
            (Some(way), None) | (None, Some(way)) => way,
            (None, None) => vec2(1.0, 0.0),
        };
        before = after.or(before);
        let aside = way.rot90() * brush.reach;
        mesh.vertices.push(Vertex { pos: here - aside, uv: brush.uv.0, color: colour });
        mesh.vertices.push(Vertex { pos: here + aside, uv: brush.uv.1, color: colour });
    }
    let end = mesh.vertices.len() as u32;
    for corner in (first..end.saturating_sub(2)).step_by(2) {
        mesh.indices.extend([corner, corner + 1, corner + 2, corner + 2, corner + 1, corner + 3]);
    }
}

/// What painting dots leaves to the next frame, which needs as much again.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    corners: Arc<Mesh>,
    stamps: Option<Stamps>,
}

impl Crowd {
    /// Paints dots as stamps of the shapes that their looks have.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        radius: f32,
        dots: &[Spot],
        to: Transform,
        colour: impl Fn(Paint) -> Color32 + Copy,
    ) -> Shape {
        let stamps = Stamps::of(painter.ctx(), self.stamps.take(), radius, to.zoom, colour);
        if Arc::get_mut(&mut self.corners).is_none() {
            // Somebody still reads the last ones.
            self.corners = Arc::default();
        }
        if let Some(mesh) = Arc::get_mut(&mut self.corners) {
            mesh.texture_id = stamps.texture.id();
            lay(mesh, painter.clip_rect(), &stamps, dots, to);
        }
        self.stamps = Some(stamps);
        Shape::Mesh(Arc::clone(&self.corners))
    }
}

/// Lays a stamp for each dot in sight.
fn lay(mesh: &mut Mesh, clip: Rect, stamps: &Stamps, dots: &[Spot], to: Transform) {
    mesh.vertices.clear();
    mesh.vertices.reserve(3 * dots.len());
    let clip = clip.expand(stamps.corners[2].x);
    let mut last = dots.first().map(|first| (first.look, stamps.uv(first.look)));
    for dot in dots {
        let at = to.pos(dot.at);
        if clip.contains(at) {
            let (look, uv) = last.filter(|(look, _)| *look == dot.look).unwrap_or((dot.look, stamps.uv(dot.look)));
            last = Some((look, uv));
            let color = if dot.opacity < 1.0 { Color32::WHITE.gamma_multiply(dot.opacity) } else { Color32::WHITE };
            let corner = |number: usize| Vertex { pos: at + stamps.corners[number], uv: uv[number], color };
            mesh.vertices.extend([corner(0), corner(1), corner(2)]);
        }
    }
    // Every corner belongs to one triangle, so that the list of corners only grows and shrinks at its end.
    let (known, all) = (mesh.indices.len() as u32, mesh.vertices.len());
    mesh.indices.extend(known..all as u32);
    mesh.indices.truncate(all);
}

/// The colour of a paint; neighbours mostly have one, which is looked up once.
fn same(last: &mut Option<(Paint, Color32)>, paint: Paint, colour: &impl Fn(Paint) -> Color32) -> Color32 {
    match last {
        Some((before, known)) if *before == paint => *known,
        Some(_) | None => {
            let found = colour(paint);
            *last = Some((paint, found));
            found
        }
    }
}

fn quad(mesh: &mut Mesh, rect: Rect, uv: Rect, colour: Color32) {
    let first = mesh.vertices.len() as u32;
    let corner = |pos: Pos2, uv: Pos2| Vertex { pos, uv, color: colour };
    mesh.vertices.extend([
        corner(rect.min, uv.min),
        corner(pos2(rect.max.x, rect.min.y), pos2(uv.max.x, uv.min.y)),
        corner(pos2(rect.min.x, rect.max.y), pos2(uv.min.x, uv.max.y)),
        corner(rect.max, uv.max),
    ]);
    mesh.indices.extend([first, first + 1, first + 2, first + 2, first + 1, first + 3]);
}
