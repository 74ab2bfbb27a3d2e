//! The numbers of ways and users, looked up while requests are planned: each is found by what the spans say.

use super::tracks::{Life, Tracks, Way};
use crate::scene::hash::Table;
use crate::scene::layout::Stage;
use crate::scene::news::Who;
use crate::topology::{LifeId, LinkId, NodeId, Slot};

/// The ways that were met so far, and how each is found.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) tracks: Tracks,
    /// The numbers of ways over links, by the numbers of both cells: found without hashing, or copying, any name.
    wires: Table<[u32; 2], u32>,
    /// Those to a cell that is not known, or that is not of the node that was asked.
    loose_wires: Table<(u32, NodeId, Option<u32>), u32>,
    /// The numbers of visitors' ways, by the number of the gateway's cell and the seat.
    outside: Table<[u32; 2], u32>,
    users: Table<Who, u32>,
}

impl Numbers {
    /// The number of the way into a cell.
    pub(super) fn inside(&mut self, stage: &Stage, slot: &Slot) -> u32 {
        self.tracks.cell(slot).unwrap_or_else(|| self.tracks.add(stage, Way::Inside(slot.clone())))
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
        let number = self.tracks.add(stage, Way::Wire(link, cell.map(|(slot, _)| slot.clone())));
        match known {
            Some(cells) => drop(self.wires.insert(cells, number)),
            None => drop(self.loose_wires.insert(rare(), number)),
        }
        number
    }

    /// The number of a visitor's way into a gateway's cell.
    pub(super) fn outside(&mut self, stage: &Stage, gateway: &Slot, seat: u32) -> u32 {
        let key = [self.inside(stage, gateway), seat];
        let tracks = &mut self.tracks;
        *self.outside.entry(key).or_insert_with(|| tracks.add(stage, Way::Outside(gateway.clone(), seat)))
    }

    /// The number of a user's figure.
    pub(super) fn home(&mut self, stage: &Stage, user: &Who) -> u32 {
        if let Some(number) = self.users.get(user) {
            return *number;
        }
        let number = self.tracks.add_user(stage, user.clone());
        self.users.insert(user.clone(), number);
        number
    }

    /// A life by number.
    pub(super) fn life(&mut self, stage: &Stage, life: &LifeId) -> Life {
        Life { cell: self.inside(stage, &life.slot), life: life.life }
    }

    /// Forgets every number.
    pub(super) fn clear(&mut self) {
        self.tracks.clear();
        let tracks = std::mem::take(&mut self.tracks);
        *self = Self { tracks, ..Self::default() };
    }
}
