//! Paints crowds: all blocks, lines or dots of a list as one mesh, two triangles for each. A shape of its own for each would
//! cost ten times as much.

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Painter, Pos2, Rect, Vec2, pos2, vec2};

use super::brush;
use super::painter::{LEAST_WIDTH, Transform};
use super::stamp;
use crate::scene::paint::{Block, Lines, Paint, Spot};

/// No block is smaller on the screen than this, in points.
const LEAST_BLOCK: f32 = 1.5;

/// Paints plain rectangles.
pub(super) fn blocks(painter: &Painter, blocks: &[Block], to: Transform, colour: impl Fn(Paint) -> Color32) {
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(4 * blocks.len());
    mesh.reserve_triangles(2 * blocks.len());
    let clip = painter.clip_rect();
    let mut last = None;
    for block in blocks {
        let rect = to.rect(&block.rect);
        let rect = Rect::from_min_size(rect.min, rect.size().max(Vec2::splat(LEAST_BLOCK)));
        if clip.intersects(rect) {
            quad(&mut mesh, rect, Rect::from_min_max(WHITE_UV, WHITE_UV), same(&mut last, block.paint, &colour));
        }
    }
    painter.add(mesh);
}

/// Paints lines as strips of quads, whose soft edges are in their texture.
pub(super) fn lines(painter: &Painter, lines: &Lines, to: Transform, colour: impl Fn(Paint) -> Color32) {
    if lines.is_empty() {
        return;
    }
    let brushes = brush::of(painter.ctx());
    let mut mesh = Mesh::with_texture(brushes.texture.id());
    mesh.reserve_vertices(2 * lines.points());
    mesh.reserve_triangles(2 * lines.points());
    let mut last = None;
    for (line, points) in lines.iter() {
        let width = (line.width * to.zoom).max(LEAST_WIDTH);
        let brush = brushes.brush(width);
        strip(&mut mesh, points, to, &brush, same(&mut last, line.paint, &colour));
    }
    painter.add(mesh);
}

/// Adds one line: two vertices at each point, aside by the brush's reach.
fn strip(mesh: &mut Mesh, points: &[crate::scene::Point], to: Transform, brush: &brush::Brush, colour: Color32) {
    if points.len() < 2 {
        return;
    }
    let first = mesh.vertices.len() as u32;
    let mut before: Option<Vec2> = None;
    for (at, point) in points.iter().enumerate() {
        let here = to.pos(*point);
        let after = points.get(at + 1).map(|next| (to.pos(*next) - here).normalized()).filter(|way| *way != Vec2::ZERO);
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
    for at in 0..points.len() as u32 - 1 {
        let corner = first + 2 * at;
        mesh.indices.extend([corner, corner + 1, corner + 2, corner + 2, corner + 1, corner + 3]);
    }
}

/// Paints dots as stamps of the shapes that their looks have.
pub(super) fn dots(
    painter: &Painter,
    radius: f32,
    dots: &[Spot],
    to: Transform,
    colour: impl Fn(Paint) -> Color32 + Copy,
) {
    if dots.is_empty() {
        return;
    }
    let stamps = stamp::of(painter.ctx(), radius, to.zoom, colour);
    let mut mesh = Mesh::with_texture(stamps.texture.id());
    mesh.reserve_vertices(4 * dots.len());
    mesh.reserve_triangles(2 * dots.len());
    let half = vec2(stamps.half, stamps.half);
    let clip = painter.clip_rect().expand(stamps.half);
    for dot in dots {
        let at = to.pos(dot.at);
        if clip.contains(at) {
            let faded = if dot.opacity < 1.0 { Color32::WHITE.gamma_multiply(dot.opacity) } else { Color32::WHITE };
            quad(&mut mesh, Rect::from_min_max(at - half, at + half), stamps.uv(dot.look), faded);
        }
    }
    painter.add(mesh);
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
