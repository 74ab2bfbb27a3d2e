//! Places for the dots that wait at a cell's edge, so that each is seen by itself. A dot gets its place when it sets out
//! and keeps it: nobody hops because somebody else comes or goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::geometry::{Point, Rect};
use super::journey::{Journey, Kind};

/// The distance between two neighbours, in world units: a dot and a little air.
const STEP: f32 = 11.0;
/// As many have a place of their own; the rest stand on the last one.
const MOST_PLACES: usize = 64;
/// The last place.
const LAST: u8 = MOST_PLACES as u8 - 1;
/// As many stays in one cell are remembered.
const MOST_STAYS: usize = 512;
/// The time in which a dot goes from the end of its link to its place, and back, in microseconds.
const SETTLES_US: u64 = 30_000;

/// Who waits where, and from when to when: by the number of the cell's way.
#[derive(Debug, Default)]
pub(super) struct Queues(BTreeMap<u32, Queue>);

/// Who waits in one cell.
#[derive(Debug, Default)]
struct Queue {
    stays: Vec<Stay>,
    /// Those that are over are taken out once there are so many.
    full: usize,
}

#[derive(Debug)]
struct Stay {
    from_us: u64,
    to_us: u64,
    place: u8,
}

impl Queues {
    /// Gives every stay of a journey a place.
    pub(super) fn enter(&mut self, journey: &mut Journey) {
        let now_us = journey.start_us;
        let mut last = 0;
        // Nobody else holds the legs of a journey that sets out.
        for leg in Arc::get_mut(&mut journey.legs).unwrap_or_default() {
            if leg.kind == Kind::Inside {
                let queue = self.0.entry(leg.track).or_default();
                last = queue.enter(now_us, now_us + leg.from_us, now_us + leg.to_us);
            }
            // What fails within a cell stops where it waited.
            leg.place = last;
        }
    }
}

impl Queue {
    fn enter(&mut self, now_us: u64, from_us: u64, to_us: u64) -> u8 {
        if self.stays.len() >= self.full {
            self.stays.retain(|stay| stay.to_us > now_us);
            self.full = 2 * self.stays.len().max(MOST_PLACES);
        }
        // In such a crowd all places are taken but the last.
        if self.stays.len() >= MOST_STAYS { LAST } else { take(&mut self.stays, from_us, to_us) }
    }
}

/// Takes the first place that is free from one moment to another.
fn take(stays: &mut Vec<Stay>, from_us: u64, to_us: u64) -> u8 {
    let mut taken = [false; MOST_PLACES];
    for stay in stays.iter().filter(|stay| stay.from_us < to_us && from_us < stay.to_us) {
        taken[usize::from(stay.place)] = true;
    }
    let free = taken.iter().position(|taken| !taken).and_then(|place| u8::try_from(place).ok());
    let place = free.unwrap_or(LAST);
    stays.push(Stay { from_us, to_us, place });
    place
}

/// Where a place is: the first in the middle of the left edge, then in turn below and above it, then further out.
pub(super) fn spot(cell: &Rect, place: usize) -> Point {
    let aside = ((cell.size.h / 2.0 - STEP / 2.0) / STEP).max(0.0) as usize;
    let rows = 2 * aside + 1;
    let (column, row) = (place / rows, place % rows);
    let down = row.div_ceil(2) as f32 * if row % 2 == 1 { STEP } else { -STEP };
    let middle = cell.left_middle();
    Point::new(middle.x - column as f32 * STEP, middle.y + down)
}

/// What holds all places of a cell.
pub(super) fn reach(cell: &Rect) -> Rect {
    Rect::between(spot(cell, MOST_PLACES), Point::new(cell.right(), cell.bottom())).union(cell)
}

/// Which share of the way to its place a dot has gone, so long after it came and before it leaves.
pub(super) fn settled(since_us: u64, left_us: u64) -> f32 {
    (since_us.min(left_us) as f32 / SETTLES_US as f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_while_others_wait_stands_beside_them_and_who_comes_later_takes_a_free_place() {
        let mut stays = Vec::new();
        let places =
            [(0, 100), (10, 50), (20, 200), (60, 300), (100, 110)].map(|(from, to)| take(&mut stays, from, to));
        assert_eq!(places, [0, 1, 2, 1, 0]);
    }

    #[test]
    fn places_lie_on_the_edge_first_and_never_on_each_other() {
        let cell = Rect::new(100.0, 0.0, 260.0, 60.0);
        let spots: Vec<Point> = (0..MOST_PLACES).map(|place| spot(&cell, place)).collect();
        assert_eq!(spots[..3], [Point::new(100.0, 30.0), Point::new(100.0, 41.0), Point::new(100.0, 19.0)]);
        for (at, one) in spots.iter().enumerate() {
            assert!((5.0..=55.0).contains(&one.y) && one.x <= 100.0, "{one:?}");
            assert!(spots[..at].iter().all(|other| one.distance(*other) >= STEP - 0.01));
        }
    }

    #[test]
    fn a_crowd_without_end_stays_within_bounds() {
        let mut stays = Vec::new();
        let most = (0..1_000).map(|_| take(&mut stays, 0, 100)).max();
        assert_eq!(most, Some(LAST));
    }
}
