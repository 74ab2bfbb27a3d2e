//! Programs that were started before a link of theirs was drawn. A running process cannot be told a new environment
//! variable, so each of their replicas is started anew beside the old life, which makes room once the next is ready: one
//! replica after the other, without a request that fails. A next life that does not come up is not tried again: the old
//! one goes on, and the log says so.

use std::collections::BTreeSet;

use crate::topology::{LifeId, NodeId, Slot};

use super::cluster::Cluster;
use super::lives::{Life, Program};
use super::snapshot::Phase;

/// What is to be done next for one slot.
enum Next {
    /// Nothing.
    Fits,
    /// A life starts or ends there.
    Wait,
    /// Begin a life beside the one that does not know all.
    Begin,
    /// A life that knows all is ready, so this one can go.
    MakesRoom(LifeId),
    /// The life that should have known all is gone, so this one goes on as it is.
    GoesOn(LifeId),
}

impl Cluster {
    /// Whether a life was started before a link that leaves its node was drawn, and cannot learn of it.
    pub(super) fn is_outdated(&self, life: &Life) -> bool {
        matches!(life.program, Program::Command(_))
            && life.told_links.as_ref().is_some_and(|told| self.links_out(life.id.node()).any(|to| !told.contains(&to)))
    }

    /// The nodes to which links lead from this one.
    fn links_out(&self, node: &NodeId) -> impl Iterator<Item = NodeId> {
        self.in_force.downstream(node).into_iter().map(|to| to.id.clone())
    }

    /// Takes the next step for every program that does not know all of its links.
    pub(super) fn renew_programs(&mut self) {
        if self.phase != Phase::Running {
            return;
        }
        let outdated = self.lives.alive().filter(|life| life.doom.is_none() && self.is_outdated(life));
        let nodes: BTreeSet<NodeId> = outdated.map(|life| life.id.node().clone()).collect();
        for node in nodes {
            self.renew(&node);
        }
    }

    fn renew(&mut self, node: &NodeId) {
        let slots: Vec<Slot> =
            self.lives.slots_of(node).filter(|(_, entry)| entry.desired).map(|(slot, _)| slot.clone()).collect();
        for slot in slots {
            match self.next_for(&slot) {
                Next::Fits => {}
                Next::GoesOn(old) => self.say_it_goes_on(&old),
                Next::Wait => return,
                Next::MakesRoom(old) => self.retire(&old),
                Next::Begin => {
                    let words =
                        format!("{slot} starts anew beside its old life, which cannot learn of a link drawn since");
                    self.log.info(self.now_us, words);
                    self.begin_life(&slot);
                    return;
                }
            }
        }
    }

    /// Says once what is to be done where no next life came up.
    fn say_it_goes_on(&mut self, id: &LifeId) {
        let Some(life) = self.lives.get_mut(id) else { return };
        if !std::mem::replace(&mut life.told_outdated, true) {
            let words = format!(
                "{id} goes on without the link that was drawn, for its next life did not come up beside it: terminate \
                 {} to start it anew alone",
                id.slot
            );
            self.log.harm(self.now_us, words);
        }
    }

    fn next_for(&self, slot: &Slot) -> Next {
        let Some(old) = self.lives.alive_in(slot).find(|life| life.doom.is_none() && self.is_outdated(life)) else {
            let starts = self.lives.alive_in(slot).any(|life| life.doom.is_none() && !life.is_ready());
            return if starts { Next::Wait } else { Next::Fits };
        };
        match self.lives.newest(slot) {
            Some(newest) if newest.id == old.id && self.lives.alive_in(slot).count() > 1 => Next::Wait,
            Some(newest) if newest.id == old.id => Next::Begin,
            Some(newest) if !newest.is_alive() && !self.is_outdated(newest) => Next::GoesOn(old.id.clone()),
            Some(newest) if newest.is_alive() && newest.is_ready() => Next::MakesRoom(old.id.clone()),
            Some(newest) if newest.is_alive() => Next::Wait,
            _ => Next::Begin,
        }
    }
}
