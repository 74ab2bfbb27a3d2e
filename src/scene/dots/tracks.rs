//! The ways that dots can take, each once: a link to a cell, or a cell. A leg names its way by number, so that a hundred
//! thousand dots look nothing up; where the ways lie is found again only when the stage changes.

use super::queue;
use crate::scene::geometry::{Curve, Point, Rect};
use crate::scene::hash::Table;
use crate::scene::layout::{Edition, Stage};
use crate::scene::news::Who;
use crate::scene::{pick, route, visitors};
use crate::topology::{LifeId, LinkId, NodeId, Slot};

/// Where more cards than this have moved, every way is found again.
const MOST_MOVED: usize = 16;

/// A way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// Over a link, to a cell where it is known.
    Wire(LinkId, Option<Slot>),
    /// From a visitor outside, by gateway and seat, into the gateway's cell.
    Outside(Slot, u32),
    /// Staying in a cell.
    Inside(Slot),
}

impl Way {
    /// The nodes that it leads from and to.
    fn nodes(&self) -> impl Iterator<Item = &NodeId> {
        let (ends, slot) = match self {
            Self::Wire(link, slot) => (Some([&link.from, &link.to]), slot.as_ref()),
            Self::Outside(slot, _) | Self::Inside(slot) => (None, Some(slot)),
        };
        ends.into_iter().flatten().chain(slot.map(|slot| &slot.node))
    }
}

/// What is to be looked up again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Everything: other ways may be in sight now than were before.
    All,
    /// What is on these ways, in order: they lie elsewhere.
    Ways(Vec<u32>),
}

/// Where a way lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Course {
    /// Along a curve.
    Along(Curve),
    /// In a frame.
    At(Rect),
    /// Nowhere: what it leads to is not drawn.
    Nowhere,
}

/// A life by number: that of the way into its cell, and which life of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) cell: u32,
    pub(super) life: u32,
}

/// All ways, and the figures where users' requests begin, by number.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// The numbers of ways into cells.
    cells: Table<Slot, u32>,
    ways: Vec<Way>,
    courses: Vec<Course>,
    /// How long each is, in world units: apart, for who moves dots does not ask.
    lengths: Vec<f32>,
    users: Vec<Who>,
    homes: Vec<Option<Point>>,
    /// The frames of the cards that the courses were found on, and the state of the stage that had them.
    frames: Vec<Rect>,
    /// How many cells each of these cards had: a card may have room for one more.
    cells_of: Vec<usize>,
    edition: Edition,
    /// What that was made from.
    origin: Edition,
    /// The ways that lie elsewhere since somebody looked, in order.
    moved: Vec<u32>,
    /// Where dots are looked for, and whether each way has anything of it; those at the end may be missing.
    sight: Option<Rect>,
    seen: Vec<bool>,
}

impl Tracks {
    /// Adds a way. Returns its number.
    pub(super) fn add(&mut self, stage: &Stage, way: Way) -> u32 {
        let number = self.ways.len() as u32;
        if let Way::Inside(slot) = &way {
            self.cells.insert(slot.clone(), number);
        }
        let course = course(stage, &way);
        self.lengths.push(course.length());
        self.courses.push(course);
        self.ways.push(way);
        number
    }

    /// Adds a user's figure. Returns its number.
    pub(super) fn add_user(&mut self, stage: &Stage, user: Who) -> u32 {
        let number = self.homes.len() as u32;
        self.homes.push(route::figure(stage, &user.0, user.1));
        self.users.push(user);
        number
    }

    /// The number of the way into a cell, if it is known.
    pub(super) fn cell(&self, slot: &Slot) -> Option<u32> {
        self.cells.get(slot).copied()
    }

    /// A life by number; `None` where nothing leads into its cell.
    pub(super) fn life(&self, life: &LifeId) -> Option<Life> {
        Some(Life { cell: self.cell(&life.slot)?, life: life.life })
    }

    /// The ways and the users that were added after the first so many.
    pub(super) fn since(&self, (ways, users): (usize, usize)) -> (Vec<Way>, Vec<Who>) {
        (self.ways[ways..].to_vec(), self.users[users..].to_vec())
    }

    /// How many ways and users there are.
    pub(super) fn len(&self) -> (usize, usize) {
        (self.ways.len(), self.users.len())
    }

    /// The way of this number.
    pub(super) fn way(&self, number: u32) -> Option<&Way> {
        self.ways.get(number as usize)
    }

    /// Where it lies.
    pub(super) fn course(&self, number: u32) -> &Course {
        self.courses.get(number as usize).unwrap_or(&Course::Nowhere)
    }

    /// How long it is, in world units; `None` where it does not lead along a link.
    pub(super) fn length(&self, number: u32) -> Option<f32> {
        let is_link = matches!(self.course(number), Course::Along(_));
        self.lengths.get(number as usize).copied().filter(|_| is_link)
    }

    /// Where the figure of this number is, where it is drawn by itself.
    pub(super) fn home(&self, number: u32) -> Option<Point> {
        self.homes.get(number as usize).copied().flatten()
    }

    /// Finds out which ways lead through this part of the world; `None` for all of it.
    pub(super) fn look_at(&mut self, sight: Option<Rect>) -> Change {
        if self.sight != sight {
            self.sight = sight;
            self.seen.clear();
        }
        let moved = std::mem::take(&mut self.moved);
        let mut anew = self.seen.is_empty();
        let is_seen = |course: &Course| sight.is_none_or(|sight| course.may_meet(&sight));
        for &number in &moved {
            if let Some(seen) = self.seen.get_mut(number as usize) {
                let before = std::mem::replace(seen, is_seen(&self.courses[number as usize]));
                anew |= *seen && !before;
            }
        }
        let new = self.courses.get(self.seen.len()..).unwrap_or_default();
        self.seen.extend(new.iter().map(is_seen));
        if anew { Change::All } else { Change::Ways(moved) }
    }

    /// Whether anything of this part of the world is looked at: of what holds ways never less than of these.
    pub(super) fn is_looked_at(&self, part: &Rect) -> bool {
        self.sight.is_none_or(|sight| pick::nearly(part).meets(&sight))
    }

    /// Which state of the stage the ways lie on.
    pub(super) fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Whether a dot on this way can be where is looked.
    pub(super) fn is_in_sight(&self, number: u32) -> bool {
        self.seen.get(number as usize).copied().unwrap_or(true)
    }

    /// Follows the stage: finds every course again if cards have moved. Whether it is in another state than before.
    pub(super) fn follow(&mut self, stage: &Stage) -> bool {
        if self.edition == *stage.edition() {
            return false;
        }
        self.edition = stage.edition().clone();
        if self.origin == *stage.origin() {
            self.follow_cards(stage);
            return true;
        }
        self.origin = stage.origin().clone();
        let cells = || stage.cards.iter().map(|card| card.cells.len());
        if self.frames != stage.frames() || !cells().eq(self.cells_of.iter().copied()) {
            self.cells_of = cells().collect();
            self.find_all(stage);
        }
        true
    }

    /// Follows cards that are dragged: finds the courses again that lead to them.
    fn follow_cards(&mut self, stage: &Stage) {
        let frames = self.frames.iter().zip(stage.frames()).zip(&stage.cards);
        let moved: Vec<&NodeId> =
            frames.filter(|((known, frame), _)| known != frame).map(|(_, card)| &card.node).collect();
        let is_moved = |node: &NodeId| moved.contains(&node);
        let has_figures = || self.users.iter().any(|(node, _)| is_moved(node));
        match moved.len() {
            0 => {}
            // From a figure that is moved begins every way of its user.
            1..=MOST_MOVED if !has_figures() => {
                for (number, way) in self.ways.iter().enumerate().filter(|(_, way)| way.nodes().any(is_moved)) {
                    self.courses[number] = course(stage, way);
                    self.lengths[number] = self.courses[number].length();
                    self.moved.push(number as u32);
                }
                self.moved.sort_unstable();
                self.moved.dedup();
                self.frames.clone_from_slice(stage.frames());
            }
            _ => self.find_all(stage),
        }
    }

    /// Finds every course again.
    fn find_all(&mut self, stage: &Stage) {
        self.frames = stage.frames().to_vec();
        self.seen.clear();
        for ((way, place), length) in self.ways.iter().zip(&mut self.courses).zip(&mut self.lengths) {
            *place = course(stage, way);
            *length = place.length();
        }
        for ((node, user), home) in self.users.iter().zip(&mut self.homes) {
            *home = route::figure(stage, node, *user);
        }
    }

    /// Forgets every way: nobody is on any.
    pub(super) fn clear(&mut self) {
        let Self { frames, cells_of, edition, origin, .. } = std::mem::take(self);
        *self = Self { frames, cells_of, edition, origin, ..Self::default() };
    }
}

impl Course {
    /// Whether a dot on it can be within a rectangle.
    fn may_meet(&self, sight: &Rect) -> bool {
        match self {
            Self::Along(curve) => pick::may_pass(curve, sight),
            Self::At(_) | Self::Nowhere => self.reach().is_some_and(|reach| reach.meets(sight)),
        }
    }

    fn length(&self) -> f32 {
        if let Self::Along(curve) = self { curve.length() } else { 0.0 }
    }

    /// What a dot on it does not leave; `None` where there is none.
    pub(super) fn reach(&self) -> Option<Rect> {
        match self {
            Self::Along(curve) => Some(curve.hull()),
            Self::At(cell) => Some(queue::reach(cell)),
            Self::Nowhere => None,
        }
    }
}

fn course(stage: &Stage, way: &Way) -> Course {
    let found = match way {
        Way::Wire(link, slot) => route::curve(stage, link, slot.as_ref()).map(Course::Along),
        Way::Outside(gateway, number) => visitors::way(stage, gateway, *number).map(Course::Along),
        Way::Inside(slot) => {
            let frame = stage.cell(slot).or_else(|| stage.card(&slot.node).map(|card| &card.rect));
            frame.copied().map(Course::At)
        }
    };
    found.unwrap_or(Course::Nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::scene::Moved;
    use crate::scene::dots::tests::sticky_with;

    #[test]
    fn a_way_to_a_replica_that_is_drawn_later_leads_into_its_cell_then() {
        let stage = |replicas| Stage::new(&sticky_with(replicas), &Snapshot::default(), &Moved::default());
        let twelfth = Slot::new("shop".parse().unwrap(), 12);
        // The card has room for one more, so that its frame stays.
        let (before, after) = (stage(11), stage(12));
        assert_eq!(before.frames(), after.frames());
        let mut tracks = Tracks::default();
        tracks.follow(&before);
        let number = tracks.add(&before, Way::Inside(twelfth.clone()));
        tracks.follow(&after);
        assert_eq!(*tracks.course(number), Course::At(*after.cell(&twelfth).unwrap()));
    }

    #[test]
    fn where_a_card_is_dragged_only_the_ways_to_it_are_found_again() {
        let preset = sticky_with(3);
        let mut stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        let inside = |node: &str| Way::Inside(Slot::new(node.parse().unwrap(), 1));
        let mut tracks = Tracks::default();
        tracks.follow(&stage);
        let ways = [inside("gate"), inside("shop"), Way::Wire("gate->shop".parse().unwrap(), None)];
        let numbers = ways.clone().map(|way| tracks.add(&stage, way));
        assert_eq!(tracks.look_at(None), Change::All);
        let moved = Moved { nodes: [("shop".parse().unwrap(), Point::new(900.0, 500.0))].into(), ..Moved::default() };
        stage.drag(&preset, &moved);
        tracks.follow(&stage);
        assert_eq!(tracks.look_at(None), Change::Ways(vec![numbers[1], numbers[2]]));
        for (way, number) in ways.iter().zip(numbers) {
            assert_eq!(*tracks.course(number), course(&stage, way));
        }
    }
}
