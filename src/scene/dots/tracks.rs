//! The ways that dots can take, each once: a link to a cell, or a cell. A leg names its way by number, so that a hundred
//! thousand dots look nothing up; where the ways lie is found again only when the stage changes.

use super::queue;
use crate::scene::geometry::{Curve, Point, Rect};
use crate::scene::hash::Table;
use crate::scene::layout::Stage;
use crate::scene::{route, visitors};
use crate::topology::{LifeId, LinkId, NodeId, Slot};

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

/// Where a way lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Course {
    /// Along a curve of this length.
    Along(Curve, f32),
    /// In a frame.
    At(Rect),
    /// Nowhere: what it leads to is not drawn.
    Nowhere,
}

/// A life by number: that of the way into its cell, and which life of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    cell: u32,
    life: u32,
}

/// All ways, and the figures where users' requests begin.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// The numbers of ways into cells.
    cells: Table<Slot, u32>,
    /// The numbers of ways over links, by the numbers of both cells: found without hashing, or copying, any name.
    wires: Table<[u32; 2], u32>,
    /// Those to a cell that is not known, or that is not of the node that was asked.
    loose_wires: Table<(u32, NodeId, Option<u32>), u32>,
    /// The numbers of visitors' ways, by the number of the gateway's cell and the seat.
    outside: Table<[u32; 2], u32>,
    ways: Vec<Way>,
    courses: Vec<Course>,
    users: Table<(NodeId, u32), u32>,
    homes: Vec<Option<Point>>,
    /// The frames of the cards that the courses were found on.
    frames: Vec<Rect>,
    /// Where dots are looked for, and whether each way has anything of it; those at the end may be missing.
    sight: Option<Rect>,
    seen: Vec<bool>,
}

impl Tracks {
    /// The number of the way into a cell.
    pub(super) fn inside(&mut self, stage: &Stage, slot: &Slot) -> u32 {
        if let Some(number) = self.cells.get(slot) {
            return *number;
        }
        let number = self.add(stage, Way::Inside(slot.clone()));
        self.cells.insert(slot.clone(), number);
        number
    }

    /// The number of the way over the link from an asker to a node, to a cell where it is known: its slot, and the number of
    /// the way into it.
    pub(super) fn wire(&mut self, stage: &Stage, asker: &Slot, to: &NodeId, cell: Option<(&Slot, u32)>) -> u32 {
        let from = self.inside(stage, asker);
        let known = cell.filter(|(slot, _)| slot.node == *to).map(|(_, cell)| [from, cell]);
        let rare = || (from, to.clone(), cell.map(|(_, cell)| cell));
        let number = match known {
            Some(cells) => self.wires.get(&cells),
            None => self.loose_wires.get(&rare()),
        };
        if let Some(number) = number {
            return *number;
        }
        let link = LinkId { from: asker.node.clone(), to: to.clone() };
        let number = self.add(stage, Way::Wire(link, cell.map(|(slot, _)| slot.clone())));
        match known {
            Some(cells) => drop(self.wires.insert(cells, number)),
            None => drop(self.loose_wires.insert(rare(), number)),
        }
        number
    }

    /// The number of a visitor's way into a gateway's cell.
    pub(super) fn outside(&mut self, stage: &Stage, gateway: &Slot, seat: u32) -> u32 {
        let key = [self.inside(stage, gateway), seat];
        if let Some(number) = self.outside.get(&key) {
            return *number;
        }
        let number = self.add(stage, Way::Outside(gateway.clone(), seat));
        self.outside.insert(key, number);
        number
    }

    /// The number of a user's figure.
    pub(super) fn home_number(&mut self, stage: &Stage, user: &(NodeId, u32)) -> u32 {
        if let Some(number) = self.users.get(user) {
            return *number;
        }
        let number = self.homes.len() as u32;
        self.homes.push(route::figure(stage, &user.0, user.1));
        self.users.insert(user.clone(), number);
        number
    }

    /// A life by number.
    pub(super) fn life(&mut self, stage: &Stage, life: &LifeId) -> Life {
        Life { cell: self.inside(stage, &life.slot), life: life.life }
    }

    /// The way of this number.
    pub(super) fn way(&self, number: u32) -> Option<&Way> {
        self.ways.get(number as usize)
    }

    /// Where it lies.
    pub(super) fn course(&self, number: u32) -> &Course {
        self.courses.get(number as usize).unwrap_or(&Course::Nowhere)
    }

    /// Where the figure of this number is, where it is drawn by itself.
    pub(super) fn home(&self, number: u32) -> Option<Point> {
        self.homes.get(number as usize).copied().flatten()
    }

    /// Finds out which ways lead through this part of the world; `None` for all of it. Whether other ways may be in sight
    /// now than were before.
    pub(super) fn look_at(&mut self, sight: Option<Rect>) -> bool {
        if self.sight != sight {
            self.sight = sight;
            self.seen.clear();
        }
        let anew = self.seen.is_empty();
        let new = self.courses.get(self.seen.len()..).unwrap_or_default();
        self.seen.extend(new.iter().map(|course| sight.is_none_or(|sight| course.may_meet(&sight))));
        anew
    }

    /// Whether a dot on this way can be where is looked.
    pub(super) fn is_in_sight(&self, number: u32) -> bool {
        self.seen.get(number as usize).copied().unwrap_or(true)
    }

    /// Follows the stage: finds every course again if cards have moved.
    pub(super) fn follow(&mut self, stage: &Stage) {
        if self.frames == stage.frames() {
            return;
        }
        self.frames = stage.frames().to_vec();
        self.seen.clear();
        for (way, place) in self.ways.iter().zip(&mut self.courses) {
            *place = course(stage, way);
        }
        for ((node, user), number) in &self.users {
            if let Some(home) = self.homes.get_mut(*number as usize) {
                *home = route::figure(stage, node, *user);
            }
        }
    }

    /// Forgets every way: nobody is on any.
    pub(super) fn clear(&mut self) {
        *self = Self { frames: std::mem::take(&mut self.frames), ..Self::default() };
    }

    fn add(&mut self, stage: &Stage, way: Way) -> u32 {
        let number = self.ways.len() as u32;
        self.courses.push(course(stage, &way));
        self.ways.push(way);
        number
    }
}

impl Course {
    /// Whether a dot on it can be within a rectangle.
    fn may_meet(&self, sight: &Rect) -> bool {
        match self {
            Self::Along(curve, _) => curve.hull().meets(sight),
            Self::At(cell) => queue::reach(cell).meets(sight),
            Self::Nowhere => false,
        }
    }
}

fn course(stage: &Stage, way: &Way) -> Course {
    let found = match way {
        Way::Wire(link, slot) => route::curve(stage, link, slot.as_ref()).map(|it| Course::Along(it, it.length())),
        Way::Outside(gateway, number) => {
            visitors::way(stage, gateway, *number).map(|it| Course::Along(it, it.length()))
        }
        Way::Inside(slot) => {
            let frame = stage.cell(slot).or_else(|| stage.card(&slot.node).map(|card| &card.rect));
            frame.copied().map(Course::At)
        }
    };
    found.unwrap_or(Course::Nowhere)
}
