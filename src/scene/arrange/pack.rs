//! Putting what was laid out by itself beside each other, and making way for what must not move.

use crate::scene::geometry::{Point, Rect, Size};

/// How much wider than high a drawing may become.
const ASPECT: f32 = 1.6;

/// More areas than this leave so much of their shelves free that these must be longer than their sum tells.
const FEW: usize = 8;
/// So often the length of shelves is corrected.
const TRIES: usize = 6;

/// The upper left corner of each area, on shelves from left to right and then below, in order, with so much room between.
pub(super) fn shelves(areas: &[Size], gap: Size) -> Vec<Point> {
    let filled: f32 = areas.iter().map(|area| (area.w + gap.w) * (area.h + gap.h)).sum();
    let widest = areas.iter().map(|area| area.w).fold(0.0, f32::max);
    let mut width = widest.max((filled * ASPECT).sqrt());
    let (mut corners, mut height) = fill(areas, gap, width);
    for _ in 0..TRIES {
        if areas.len() <= FEW || width >= ASPECT * height {
            break;
        }
        width = (width * ASPECT * height).sqrt();
        (corners, height) = fill(areas, gap, width);
    }
    corners
}

/// The corners on shelves of this length, and how high all shelves are.
fn fill(areas: &[Size], gap: Size, width: f32) -> (Vec<Point>, f32) {
    let (mut at, mut tallest) = (Point::default(), 0.0_f32);
    let mut corners = Vec::with_capacity(areas.len());
    for area in areas {
        if at.x > 0.0 && at.x + area.w > width {
            at = Point::new(0.0, at.y + tallest + gap.h);
            tallest = 0.0;
        }
        corners.push(at);
        at.x += area.w + gap.w;
        tallest = tallest.max(area.h);
    }
    (corners, at.y + tallest)
}

/// Moves the whole so that blocks with a fixed place are on average where they must be, puts those there, and lets the
/// others make way downwards until nothing is nearer to them, or to an obstacle, than the gap.
pub(super) fn make_way(at: &mut [Point], sizes: &[Size], fixed: &[Option<Point>], obstacles: &[Rect], gap: Size) {
    let pairs = || fixed.iter().zip(at.iter()).filter_map(|(fixed, at)| Some(((*fixed)?, *at)));
    let count = pairs().count().max(1) as f32;
    let shift = pairs().fold(Point::default(), |sum, (fixed, at)| {
        Point::new(sum.x + (fixed.x - at.x) / count, sum.y + (fixed.y - at.y) / count)
    });
    let unmoved = fixed.iter().zip(sizes).filter_map(|(fixed, &size)| Some(Rect { min: (*fixed)?, size }));
    let mut placed: Vec<Rect> = obstacles.iter().copied().chain(unmoved).collect();
    let mut order: Vec<usize> = (0..at.len()).filter(|&block| fixed[block].is_none()).collect();
    order.sort_by(|&a, &b| at[a].y.total_cmp(&at[b].y).then(at[a].x.total_cmp(&at[b].x)).then(a.cmp(&b)));
    for block in order {
        let mut rect = Rect { min: Point::new(at[block].x + shift.x, at[block].y + shift.y), size: sizes[block] };
        // Rounding to whole points must not bring two blocks together.
        let least = Size { w: gap.w / 2.0, h: gap.h - 1.0 };
        while let Some(lowest) = placed
            .iter()
            .filter(|other| rect.closer_than(other, least))
            .map(|other| other.bottom() + gap.h)
            .filter(|&bottom| bottom > rect.min.y)
            .max_by(f32::total_cmp)
        {
            rect.min.y = lowest;
        }
        at[block] = rect.min;
        placed.push(rect);
    }
    for (at, fixed) in at.iter_mut().zip(fixed) {
        *at = fixed.unwrap_or(*at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_small_areas_fill_shelves_and_none_overlap() {
        let areas = vec![Size { w: 100.0, h: 60.0 }; 30];
        let gap = Size { w: 20.0, h: 10.0 };
        let corners = shelves(&areas, gap);
        let rects: Vec<Rect> = corners.iter().zip(&areas).map(|(&min, &size)| Rect { min, size }).collect();
        for (at, rect) in rects.iter().enumerate() {
            assert!(rects[..at].iter().all(|other| !rect.closer_than(other, Size { w: 19.0, h: 9.0 })));
        }
        assert!(corners.iter().any(|corner| corner.x > 0.0) && corners.iter().any(|corner| corner.y > 0.0));
    }
}
