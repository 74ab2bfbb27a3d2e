//! Places for the dots that wait at a cell's edge, so that each is seen by itself. A dot gets its place when it sets out
//! and keeps it: nobody hops because somebody else comes or goes.

use std::collections::VecDeque;

use super::super::geometry::{Point, Rect};
use super::journey::{Kind, Leg};

/// The distance between two neighbours, in world units: a dot and a little air.
const STEP: f32 = 11.0;
/// As many have a place of their own; the rest stand on the last one. One bit for each fits a word.
const MOST_PLACES: usize = 64;
/// The last place.
const LAST: u8 = MOST_PLACES as u8 - 1;
/// As many stays in one cell are remembered.
const MOST_STAYS: usize = 512;
/// The time in which a dot goes from the end of its link to its place, and back, in microseconds.
const SETTLES_US: u64 = 30_000;

/// Who waits where, and from when to when: at the number of the cell's way.
#[derive(Debug, Default)]
pub(super) struct Queues(Vec<Queue>);

/// Who waits in one cell, or will.
#[derive(Debug, Default)]
struct Queue {
    /// In the order in which they begin. A busy cell is asked for places far ahead, and hundreds are remembered: in order,
    /// only those about the moment in question have to be looked at.
    stays: VecDeque<Stay>,
    /// How long the longest of them is.
    longest_us: u32,
    /// When the last of them is over, in microseconds of run time.
    over_us: u64,
}

/// From when, how long and where one waits, in eight bytes: there are as many stays as requests times the cells ahead of them.
#[derive(Debug, Clone, Copy)]
struct Stay {
    /// The lower half of the moment, in microseconds of run time: minutes from now while anything is remembered.
    from_us: u32,
    /// How long, in microseconds, shifted by the place.
    lasts_us_and_place: u32,
}

impl Stay {
    /// The longest stay, of 16 seconds.
    const LONGEST_US: u32 = (1 << 24) - 1;

    fn new(from_us: u32, lasts_us: u32, place: u8) -> Self {
        Self { from_us, lasts_us_and_place: lasts_us.min(Self::LONGEST_US) << 8 | u32::from(place) }
    }

    /// How long after this moment it begins; less than 0 where it has begun.
    fn begins_in_us(&self, now_us: u32) -> i64 {
        i64::from(self.from_us.wrapping_sub(now_us).cast_signed())
    }

    fn ends_in_us(&self, now_us: u32) -> i64 {
        self.begins_in_us(now_us) + i64::from(self.lasts_us_and_place >> 8)
    }

    fn place(&self) -> u8 {
        self.lasts_us_and_place as u8
    }
}

impl Queues {
    /// Gives every stay of a journey that sets out now a place.
    pub(super) fn enter(&mut self, now_us: u64, legs: &mut [Leg]) {
        let mut last = 0;
        for leg in legs {
            if leg.kind == Kind::Inside {
                let at = leg.track as usize;
                if self.0.len() <= at {
                    self.0.resize_with(at + 1, Queue::default);
                }
                last = self.0[at].enter(now_us, leg.from_us, leg.to_us - leg.from_us);
            }
            // What fails within a cell stops where it waited.
            leg.place = last;
        }
    }
}

impl Queue {
    /// Takes the first place that is free, for one who begins to wait so long after now and waits for so long.
    fn enter(&mut self, now_us: u64, in_us: u32, lasts_us: u32) -> u8 {
        // What nobody has come to for long may remember stays of which half a moment says nothing any more.
        if self.over_us <= now_us {
            (self.longest_us, self.over_us) = (0, 0);
            self.stays.clear();
        }
        let over_us = now_us + u64::from(in_us) + u64::from(lasts_us);
        let now_us = now_us as u32;
        while self.stays.pop_front_if(|stay| stay.ends_in_us(now_us) <= 0).is_some() {}
        // In such a crowd all places are taken but the last.
        if self.stays.len() >= MOST_STAYS {
            return LAST;
        }
        let (from, to, longest) =
            (i64::from(in_us), i64::from(in_us) + i64::from(lasts_us), i64::from(self.longest_us));
        // What began earlier than this is over, however long it was.
        let begin = self.stays.partition_point(|stay| stay.begins_in_us(now_us) + longest <= from);
        let (mut taken, mut at) = (0_u64, begin);
        for stay in self.stays.range(begin..).take_while(|stay| stay.begins_in_us(now_us) < to) {
            taken |= u64::from(from < stay.ends_in_us(now_us)) << stay.place();
            at += usize::from(stay.begins_in_us(now_us) <= from);
        }
        let place = LAST.min(taken.trailing_ones() as u8);
        self.stays.insert(at, Stay::new(now_us.wrapping_add(in_us), lasts_us, place));
        (self.longest_us, self.over_us) = (self.longest_us.max(lasts_us), self.over_us.max(over_us));
        place
    }
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
pub(super) fn settled(since_us: u32, left_us: u32) -> f32 {
    (since_us.min(left_us) as f32 / SETTLES_US as f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_while_others_wait_stands_beside_them_and_who_comes_later_takes_a_free_place() {
        let mut queue = Queue::default();
        let places =
            [(0, 100), (10, 50), (20, 200), (60, 300), (100, 110)].map(|(from, to)| queue.enter(0, from, to - from));
        assert_eq!(places, [0, 1, 2, 1, 0]);
    }

    #[test]
    fn a_place_is_never_given_to_two_at_once_in_whatever_order_they_ask() {
        let (mut queue, mut stays): (Queue, Vec<(u64, u64, u8)>) = Default::default();
        // The lower half of the clock turns over meanwhile.
        let begin = u64::from(u32::MAX) - 2_000;
        for at in 0..400_u64 {
            // Each asks for a moment somewhere ahead, some long and some short.
            let from = 10 * at + 7919 * at % 1_000;
            let to = from + 20 + 104_729 * at % 150;
            let place = queue.enter(begin + 10 * at, (from - 10 * at) as u32, (to - from) as u32);
            let taken = |place| stays.iter().any(|other| other.2 == place && other.0 < to && from < other.1);
            assert_eq!((0..LAST).find(|place| !taken(*place)), Some(place), "from {from} to {to}");
            stays.push((from, to, place));
        }
        assert!(stays.iter().any(|stay| stay.2 > 5) && queue.stays.len() < 150, "{}", queue.stays.len());
    }

    #[test]
    fn a_cell_that_nobody_came_to_for_an_hour_is_empty() {
        let mut queue = Queue::default();
        assert_eq!([0, 10, 20].map(|in_us| queue.enter(5, in_us, 100)), [0, 1, 2]);
        let later = 5 + 3_600_000_000;
        assert_eq!([0, 10].map(|in_us| queue.enter(later, in_us, 100)), [0, 1]);
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
        let mut queue = Queue::default();
        let most = (0..1_000).map(|_| queue.enter(0, 0, 100)).max();
        assert_eq!((most, queue.stays.len()), (Some(LAST), MOST_STAYS));
        assert_eq!((queue.enter(100, 0, 100), queue.stays.len()), (0, 1));
    }
}
