//! How a cell's state looks: frame, word, pattern and sign, so that no state depends on colour.

use crate::control::snapshot::Death;
use crate::scene::CellState;
use crate::scene::geometry::{Point, Rect, Size};
use crate::scene::layout::CELL_HEAD;
use crate::scene::paint::{Ink, Pen, Sheet};

use super::icons::{self, Icon};

/// Corner radius of cells.
pub(super) const RADIUS: f32 = 8.0;
/// The distance between the lines of a hatching.
const HATCH: f32 = 9.0;

/// Draws a cell's face and frame. `display_us` moves what grows.
pub(super) fn frame(sheet: &mut Sheet, rect: &Rect, state: CellState, selected: bool, display_us: u64) {
    let (fill, inner) = (Ink::Cell.at(1.0), rect.shrunk(1.0));
    match state {
        CellState::Ready => sheet.rect(*rect, RADIUS, fill, Pen::new(1.5, Ink::LineStrong)),
        CellState::Idle => sheet.rect(*rect, RADIUS, fill, Pen::new(1.0, Ink::Line)),
        CellState::Starting => {
            sheet.rect(*rect, RADIUS, fill, Pen::new(1.0, Ink::Line));
            let share = (display_us % 1_000_000) as f32 / 1e6;
            sheet.line(outline(&inner, 0.15 + 0.85 * share), Pen::new(2.0, Ink::Accent));
        }
        CellState::Unready => sheet.rect(*rect, RADIUS, fill, Pen::new(1.2, Ink::LineStrong).dashed(5.0, 4.0)),
        CellState::Paused => sheet.rect(*rect, RADIUS, fill, Pen::new(2.0, Ink::Degraded)),
        CellState::Draining => sheet.rect(*rect, RADIUS, fill, Pen::new(2.0, Ink::Degraded).dashed(10.0, 4.0)),
        CellState::Dead(Death::Stopped | Death::ScaledIn | Death::Deployed) => {
            sheet.rect(*rect, RADIUS, fill, Pen::new(1.2, Ink::LineStrong).dashed(5.0, 4.0));
        }
        CellState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => {
            sheet.rect(*rect, RADIUS, Ink::Dead.at(1.0), None);
            let inner = rect.shrunk(2.0);
            hatch(sheet, &inner, Pen::new(1.2, Ink::Failed.at(0.28)));
            // Paler behind the words, which would be hard to read on it.
            let words = Size { h: CELL_HEAD.min(inner.size.h), ..inner.size };
            sheet.rect(Rect { size: words, ..inner }, RADIUS - 2.0, Ink::Dead.at(0.72), None);
            sheet.rect(*rect, RADIUS, None, Pen::new(3.0, Ink::Failed).dashed(9.0, 5.0));
        }
    }
    if selected {
        sheet.rect(rect.shrunk(-3.0), RADIUS + 3.0, None, Pen::new(2.0, Ink::Accent));
    }
}

/// The colour of a state's word and sign.
pub(super) fn ink(state: CellState) -> Ink {
    match state {
        CellState::Ready => Ink::Ok,
        CellState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => Ink::Failed,
        CellState::Idle
        | CellState::Starting
        | CellState::Unready
        | CellState::Paused
        | CellState::Draining
        | CellState::Dead(Death::Stopped | Death::ScaledIn | Death::Deployed) => Ink::Faint,
    }
}

/// Draws the sign of a state around a point: every state has a shape of its own.
pub(super) fn sign(sheet: &mut Sheet, at: Point, state: CellState) {
    let square = |side: f32| Rect::new(at.x - side / 2.0, at.y - side / 2.0, side, side);
    match state {
        CellState::Ready => sheet.circle(at, 4.0, Ink::Ok.at(1.0), None),
        CellState::Idle => sheet.circle(at, 3.6, None, Pen::new(1.2, Ink::LineStrong)),
        CellState::Starting => sheet.circle(at, 3.6, None, Pen::new(1.8, Ink::Accent)),
        CellState::Unready => sheet.circle(at, 3.6, None, Pen::new(1.4, Ink::LineStrong).dashed(3.0, 2.5)),
        CellState::Paused => icons::draw(sheet, Icon::Bars, &square(11.0), Ink::Text),
        CellState::Draining => icons::draw(sheet, Icon::Down, &square(11.0), Ink::Text),
        CellState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => {
            icons::draw(sheet, Icon::Cross, &square(9.5), Ink::Failed);
        }
        CellState::Dead(Death::Stopped | Death::ScaledIn | Death::Deployed) => {
            icons::draw(sheet, Icon::Cross, &square(8.0), Ink::Faint)
        }
    }
}

/// Fills a rectangle with slanted lines, each cut at its edges.
fn hatch(sheet: &mut Sheet, rect: &Rect, pen: Pen) {
    let mut foot = rect.min.x - rect.size.h + HATCH;
    while foot < rect.right() {
        // The line rises by one for each step to the right, from the lower edge at `foot`.
        let from = foot.max(rect.min.x);
        let to = (foot + rect.size.h).min(rect.right());
        let height = |x: f32| rect.bottom() - (x - foot);
        sheet.line(vec![Point::new(from, height(from)), Point::new(to, height(to))], pen);
        foot += HATCH;
    }
}

/// This share of an outline, from the top left corner on clockwise.
fn outline(rect: &Rect, share: f32) -> Vec<Point> {
    let corners = [
        rect.min,
        Point::new(rect.right(), rect.min.y),
        Point::new(rect.right(), rect.bottom()),
        Point::new(rect.min.x, rect.bottom()),
        rect.min,
    ];
    let mut left = share * 2.0 * (rect.size.w + rect.size.h);
    let mut points = vec![corners[0]];
    for pair in corners.windows(2) {
        let side = pair[0].distance(pair[1]);
        points.push(pair[0].towards(pair[1], (left / side).min(1.0)));
        left -= side;
        if left <= 0.0 {
            break;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::paint::Shape;

    #[test]
    fn hatching_stays_within_its_rectangle() {
        let (mut sheet, rect) = (Sheet::default(), Rect::new(10.0, 20.0, 50.0, 30.0));
        hatch(&mut sheet, &rect, Pen::new(1.0, Ink::Failed));
        assert!(sheet.shapes.len() > 5);
        for shape in &sheet.shapes {
            let Shape::Path { points, .. } = shape else { panic!("{shape:?}") };
            for at in points {
                assert!((10.0..=60.0).contains(&at.x) && (20.0..=50.01).contains(&at.y), "{at:?}");
            }
        }
    }

    #[test]
    fn a_whole_outline_comes_back_to_where_it_began() {
        let rect = Rect::new(0.0, 0.0, 10.0, 4.0);
        assert_eq!(outline(&rect, 1.0).last(), Some(&rect.min));
        assert_eq!(outline(&rect, 0.25).last(), Some(&Point::new(7.0, 0.0)));
    }
}
