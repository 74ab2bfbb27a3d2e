//! Small pictures, for no font has all of them.

use crate::scene::CardKind;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Paint, Pen, Sheet};

/// A picture that fits a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A bolt: kill.
    Bolt,
    /// Two bars: pause.
    Bars,
    /// A triangle: run, resume.
    Triangle,
    /// A filled square: stop.
    Square,
    /// An arrow around: restart, reset.
    Around,
    /// A key: a session that the user carries.
    Key,
    /// A basket.
    Basket,
    /// An open door: logged out.
    Door,
    /// An arrow downwards: draining.
    Down,
    /// A cross: gone.
    Cross,
    /// A head and shoulders: users.
    Person,
    /// One line that becomes three: a gateway.
    Fork,
    /// A box with two shelves: a service.
    Server,
    /// A chip with its feet: a cache, which keeps things in memory.
    Chip,
    /// A drum: a database.
    Drum,
    /// A terminal with its prompt: a program.
    Prompt,
    /// A sheet with a folded corner: a note.
    Sheet,
    /// A pin: what automatic layout leaves where it is.
    Pin,
}

/// The picture of a kind of node, on the shelf and on its card.
pub const fn of(kind: CardKind) -> Icon {
    match kind {
        CardKind::Users => Icon::Person,
        CardKind::Gateway => Icon::Fork,
        CardKind::Service => Icon::Server,
        CardKind::Cache => Icon::Chip,
        CardKind::Database => Icon::Drum,
        CardKind::Program => Icon::Prompt,
    }
}

/// Draws a picture into a square.
pub fn draw(sheet: &mut Sheet, icon: Icon, rect: &Rect, paint: impl Into<Paint>) {
    let paint = paint.into();
    let at = |x: f32, y: f32| Point::new(rect.min.x + x * rect.size.w, rect.min.y + y * rect.size.h);
    let part = |x0: f32, y0: f32, x1: f32, y1: f32| {
        Rect::new(at(x0, y0).x, at(x0, y0).y, (x1 - x0) * rect.size.w, (y1 - y0) * rect.size.h)
    };
    let pen = Pen::new(rect.size.w * 0.11, paint);
    match icon {
        // Two triangles, because a bolt is not convex.
        Icon::Bolt => {
            sheet.polygon(vec![at(0.62, 0.02), at(0.16, 0.58), at(0.52, 0.58)], paint, None);
            sheet.polygon(vec![at(0.48, 0.42), at(0.84, 0.42), at(0.38, 0.98)], paint, None);
        }
        Icon::Bars => {
            sheet.rect(part(0.18, 0.12, 0.40, 0.88), 0.0, paint, None);
            sheet.rect(part(0.60, 0.12, 0.82, 0.88), 0.0, paint, None);
        }
        Icon::Triangle => sheet.polygon(vec![at(0.2, 0.08), at(0.9, 0.5), at(0.2, 0.92)], paint, None),
        Icon::Square => sheet.rect(part(0.15, 0.15, 0.85, 0.85), rect.size.w * 0.08, paint, None),
        Icon::Around => around(sheet, rect, pen),
        Icon::Key => {
            sheet.circle(at(0.28, 0.5), rect.size.w * 0.2, None, pen);
            sheet.line(vec![at(0.48, 0.5), at(0.98, 0.5)], pen);
            sheet.line(vec![at(0.92, 0.5), at(0.92, 0.78)], pen);
            sheet.line(vec![at(0.72, 0.5), at(0.72, 0.7)], pen);
        }
        Icon::Basket => {
            sheet.polygon(vec![at(0.06, 0.42), at(0.94, 0.42), at(0.8, 0.95), at(0.2, 0.95)], paint, None);
            sheet.line(vec![at(0.26, 0.42), at(0.36, 0.08), at(0.64, 0.08), at(0.74, 0.42)], pen);
        }
        Icon::Door => {
            sheet.line(vec![at(0.2, 0.98), at(0.2, 0.04), at(0.8, 0.04), at(0.8, 0.98)], pen);
            sheet.polygon(vec![at(0.2, 0.04), at(0.56, 0.18), at(0.56, 0.98), at(0.2, 0.98)], paint, None);
        }
        Icon::Down => {
            sheet.line(vec![at(0.5, 0.05), at(0.5, 0.62)], Pen::new(rect.size.w * 0.2, paint));
            sheet.polygon(vec![at(0.12, 0.5), at(0.88, 0.5), at(0.5, 0.96)], paint, None);
        }
        Icon::Cross => {
            let pen = Pen::new(rect.size.w * 0.22, paint);
            sheet.line(vec![at(0.12, 0.12), at(0.88, 0.88)], pen);
            sheet.line(vec![at(0.88, 0.12), at(0.12, 0.88)], pen);
        }
        Icon::Pin => {
            sheet.circle(at(0.5, 0.3), rect.size.w * 0.28, paint, None);
            sheet.line(vec![at(0.5, 0.5), at(0.5, 1.0)], pen);
        }
        Icon::Person | Icon::Fork | Icon::Server | Icon::Chip | Icon::Drum | Icon::Prompt | Icon::Sheet => {
            piece(sheet, icon, rect, paint);
        }
    }
}

/// What can be put on the canvas, in thin lines.
#[expect(clippy::wildcard_enum_match_arm, reason = "`draw` asks only for these")]
fn piece(sheet: &mut Sheet, icon: Icon, rect: &Rect, paint: Paint) {
    let at = |x: f32, y: f32| Point::new(rect.min.x + x * rect.size.w, rect.min.y + y * rect.size.h);
    let part = |x0: f32, y0: f32, x1: f32, y1: f32| {
        Rect::new(at(x0, y0).x, at(x0, y0).y, (x1 - x0) * rect.size.w, (y1 - y0) * rect.size.h)
    };
    let side = rect.size.w;
    let pen = Pen::new(side * 0.085, paint);
    match icon {
        Icon::Person => {
            sheet.circle(at(0.5, 0.28), side * 0.2, None, pen);
            let shoulders = [(0.14, 0.95), (0.2, 0.68), (0.38, 0.58), (0.62, 0.58), (0.8, 0.68), (0.86, 0.95)];
            sheet.line(shoulders.map(|(x, y)| at(x, y)).to_vec(), pen);
        }
        Icon::Fork => {
            sheet.line(vec![at(0.02, 0.5), at(0.4, 0.5)], pen);
            for y in [0.12, 0.5, 0.88] {
                sheet.line(vec![at(0.4, 0.5), at(0.62, y), at(0.82, y)], pen);
                sheet.circle(at(0.9, y), side * 0.09, paint, None);
            }
        }
        Icon::Server => {
            for (top, bottom) in [(0.1, 0.47), (0.53, 0.9)] {
                sheet.rect(part(0.05, top, 0.95, bottom), side * 0.1, None, pen);
                sheet.circle(at(0.22, (top + bottom) / 2.0), side * 0.06, paint, None);
            }
        }
        Icon::Chip => {
            sheet.rect(part(0.2, 0.08, 0.8, 0.92), side * 0.1, None, pen);
            for y in [0.26, 0.5, 0.74] {
                sheet.line(vec![at(0.02, y), at(0.2, y)], pen);
                sheet.line(vec![at(0.8, y), at(0.98, y)], pen);
            }
            sheet.circle(at(0.5, 0.28), side * 0.07, paint, None);
        }
        Icon::Drum => {
            let arc = |middle: f32, from: f32, to: f32| -> Vec<Point> {
                let turn = move |step: u8| (from + (to - from) * f32::from(step) / 16.0) * std::f32::consts::PI;
                (0..=16).map(turn).map(|turn| at(0.5 + 0.4 * turn.cos(), middle + 0.14 * turn.sin())).collect()
            };
            sheet.line(arc(0.2, 0.0, 2.0), pen);
            let mut below = vec![at(0.9, 0.2)];
            below.extend(arc(0.8, 0.0, 1.0));
            below.push(at(0.1, 0.2));
            sheet.line(below, pen);
        }
        Icon::Prompt => {
            sheet.rect(part(0.02, 0.1, 0.98, 0.9), side * 0.12, None, pen);
            sheet.line(vec![at(0.2, 0.32), at(0.4, 0.5), at(0.2, 0.68)], pen);
            sheet.line(vec![at(0.5, 0.68), at(0.78, 0.68)], pen);
        }
        Icon::Sheet => {
            let edge = [(0.62, 0.95), (0.08, 0.95), (0.08, 0.05), (0.92, 0.05), (0.92, 0.66), (0.62, 0.95)];
            sheet.line(edge.map(|(x, y)| at(x, y)).to_vec(), pen);
            sheet.line(vec![at(0.62, 0.95), at(0.62, 0.66), at(0.92, 0.66)], pen);
        }
        _ => {}
    }
}

fn around(sheet: &mut Sheet, rect: &Rect, pen: Pen) {
    let (centre, radius) = (rect.center(), rect.size.w * 0.36);
    let on = |turn: f32| Point::new(centre.x + radius * turn.cos(), centre.y + radius * turn.sin());
    let (from, to) = (-0.6_f32, 4.3_f32);
    sheet.line((0..=20).map(|step| on(from + (to - from) * step as f32 / 20.0)).collect(), pen);
    let (tip, size) = (on(from), rect.size.w * 0.26);
    let beside = |x: f32, y: f32| Point::new(tip.x + x * size, tip.y + y * size);
    sheet.polygon(vec![beside(-1.0, -0.1), beside(0.35, 0.5), beside(0.5, -1.0)], pen.paint, None);
}
