//! Requests as numbers in place of dots, for those who want nothing to move: how many passed each branch of a link in the
//! last second.

use super::journey::{Kind, Leg};
use super::tracks::Way;
use super::{COUNTED_US, Look, Traffic};
use crate::scene::geometry::Point;
use crate::scene::layout::Stage;
use crate::scene::route;
use crate::topology::{LinkId, Slot};

/// What passed one branch of a link in the last second.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Which link.
    pub link: LinkId,
    /// To which replica, where that is known.
    pub slot: Option<Slot>,
    /// The middle of the branch, in world units.
    pub at: Point,
    /// Attempts that were sent.
    pub sent: u32,
    /// Attempts that failed on it.
    pub failed: u32,
    /// Answers that told of a lost session or basket.
    pub lost: u32,
}

impl Traffic {
    /// The counts of every branch that anything passed in the last second, in the order in which it was first passed.
    pub fn counts(&self, stage: &Stage, display_us: u64) -> Vec<Count> {
        let mut counts = Vec::new();
        for journey in self.of_late() {
            let begun = journey.legs.iter().filter(|leg| {
                let at_us = journey.start_us + u64::from(leg.from_us);
                at_us <= display_us && display_us < at_us + COUNTED_US
            });
            for leg in begun {
                self.count(&mut counts, stage, leg);
            }
        }
        counts
    }

    fn count(&self, counts: &mut Vec<Count>, stage: &Stage, leg: &Leg) {
        let Some(Way::Wire(link, slot)) = self.tracks.way(leg.track) else { return };
        let Some(count) = find(counts, stage, link, slot.as_ref()) else { return };
        match leg.kind {
            Kind::Out => count.sent += 1,
            Kind::Back if leg.look == Look::Lost => count.lost += 1,
            Kind::Back | Kind::Inside => {}
            Kind::StoppedOn | Kind::StoppedIn => count.failed += 1,
        }
    }
}

fn find<'a>(counts: &'a mut Vec<Count>, stage: &Stage, link: &LinkId, slot: Option<&Slot>) -> Option<&'a mut Count> {
    let known = counts.iter().position(|count| count.link == *link && count.slot.as_ref() == slot);
    let at = match known {
        Some(at) => at,
        None => {
            let at = route::curve(stage, link, slot)?.at(0.5);
            counts.push(Count { link: link.clone(), slot: slot.cloned(), at, sent: 0, failed: 0, lost: 0 });
            counts.len() - 1
        }
    };
    counts.get_mut(at)
}
