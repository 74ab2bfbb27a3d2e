//! Small pictures, for no font has all of them.

use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Paint, Pen, Sheet};

/// A picture that fits a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A flash: kill.
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
        // Two triangles, because a flash is not convex.
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
