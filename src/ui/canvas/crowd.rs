//! Paints crowds: all blocks, lines or dots of a list as one mesh, of as few triangles as will do. A shape of its own for each
//! would cost ten times as much.

use std::sync::Arc;

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Context, Id, Painter, Pos2, Rect, Vec2, pos2, vec2};

use super::brush;
use super::painter::{LEAST_WIDTH, Transform};
use super::stamp;
use crate::scene::Ink;
use crate::scene::paint::{Block, Lines, Paint, Spot};

/// No block is smaller on the screen than this, in points.
const LEAST_BLOCK: f32 = 1.5;
/// The mesh of lines with so many points is worth being kept.
const MANY: usize = 1_000;

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

/// The mesh of the last long list of lines: links change when news of the run comes, not in every frame.
struct Kept {
    lines: Lines,
    to: Transform,
    pixels_per_point: f32,
    /// The colour of links: another one in another theme.
    link: Color32,
    mesh: Arc<Mesh>,
}

/// Paints lines as strips of quads, whose soft edges are in their texture.
pub(super) fn lines(painter: &Painter, lines: &Lines, to: Transform, colour: impl Fn(Paint) -> Color32) {
    if lines.is_empty() {
        return;
    }
    let context = painter.ctx();
    if lines.points() < MANY {
        painter.add(strips(context, lines, to, colour));
        return;
    }
    let (id, link, pixels_per_point) =
        (Id::unique("mesh of many lines"), colour(Ink::Link.into()), context.pixels_per_point());
    let is_same = |kept: &Kept| {
        (kept.to, kept.link, kept.pixels_per_point) == (to, link, pixels_per_point) && kept.lines == *lines
    };
    let known = context.data(|data| data.get_temp::<Arc<Kept>>(id));
    let known = known.filter(|kept| is_same(kept)).map(|kept| Arc::clone(&kept.mesh));
    let mesh = known.unwrap_or_else(|| {
        let mesh = Arc::new(strips(context, lines, to, colour));
        let kept = Kept { lines: lines.clone(), to, pixels_per_point, link, mesh: Arc::clone(&mesh) };
        context.data_mut(|data| data.insert_temp(id, Arc::new(kept)));
        mesh
    });
    painter.add(mesh);
}

fn strips(context: &Context, lines: &Lines, to: Transform, colour: impl Fn(Paint) -> Color32) -> Mesh {
    let brushes = brush::of(context);
    let mut mesh = Mesh::with_texture(brushes.texture.id());
    mesh.vertices.reserve_exact(2 * lines.points());
    mesh.indices.reserve_exact(6 * lines.points());
    let mut last = None;
    for (line, points) in lines.iter() {
        let width = (line.width * to.zoom).max(LEAST_WIDTH);
        let brush = brushes.brush(width);
        strip(&mut mesh, points, to, &brush, same(&mut last, line.paint, &colour));
    }
    mesh
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
    mesh.vertices.reserve_exact(3 * dots.len());
    let clip = painter.clip_rect().expand(stamps.corners[2].x);
    let mut last = (dots[0].look, stamps.uv(dots[0].look));
    for dot in dots {
        let at = to.pos(dot.at);
        if clip.contains(at) {
            if last.0 != dot.look {
                last = (dot.look, stamps.uv(dot.look));
            }
            let color = if dot.opacity < 1.0 { Color32::WHITE.gamma_multiply(dot.opacity) } else { Color32::WHITE };
            let corner = |number: usize| Vertex { pos: at + stamps.corners[number], uv: last.1[number], color };
            mesh.vertices.extend([corner(0), corner(1), corner(2)]);
        }
    }
    mesh.indices = (0..mesh.vertices.len() as u32).collect();
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
