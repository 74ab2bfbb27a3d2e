//! What outlasts a process: a database's rows, sessions among them, are there again in its next life, unless its data
//! was taken away or another engine took its place.

use crate::topology::{LifeId, NodeId, Sessions, Topology};

use super::cluster::Cluster;
use super::lives::{Life, Lives, Program};

impl Lives {
    /// Whether what this life kept is there although its process is gone.
    pub(super) fn outlasts(&self, life: &Life) -> bool {
        let keeps_rows = matches!(life.program, Program::Database(_)) && !life.is_alive() && !life.loses_data;
        keeps_rows && self.next(life).is_none_or(|next| next.program == life.program)
    }

    fn next(&self, life: &Life) -> Option<&Life> {
        self.get(&LifeId { slot: life.id.slot.clone(), life: life.id.life + 1 })
    }

    /// The lives that took over what this one kept, the first of them first.
    pub(super) fn heirs(&self, of: &LifeId) -> impl Iterator<Item = &Life> {
        let heir = |life: &Life| self.next(life).filter(|_| self.outlasts(life));
        std::iter::successors(self.get(of).and_then(heir), move |life| heir(life))
    }

    /// Who had at this moment what was given to this life.
    pub(super) fn keeper_at<'a>(&'a self, given: &'a LifeId, at_us: u64) -> &'a LifeId {
        let heirs = self.heirs(given).take_while(|heir| heir.asked_us <= at_us);
        heirs.last().map_or(given, |heir| &heir.id)
    }
}

impl Cluster {
    /// Notes the databases in which services keep their sessions. Once one does, it stays known: a service that is to
    /// keep them elsewhere later still finds those there.
    pub(super) fn note_session_databases(&mut self, drawing: &Topology) {
        self.session_databases.extend(drawing.nodes().filter_map(|node| session_database(drawing, &node.id)));
    }
}

fn session_database(drawing: &Topology, service: &NodeId) -> Option<NodeId> {
    let is_wanted = drawing.node(service)?.service()?.sessions == Sessions::Store;
    drawing.store_of(service).filter(|store| is_wanted && store.database().is_some()).map(|store| store.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::event::Exit;
    use crate::control::lives::SlotEntry;
    use crate::control::snapshot::Death;
    use crate::topology::{DatabaseEngine, Slot};

    const BUILTIN: Program = Program::Database(DatabaseEngine::Builtin);

    fn life(number: u32) -> LifeId {
        LifeId { slot: slot(), life: number }
    }

    fn slot() -> Slot {
        "db.1".parse().unwrap()
    }

    /// Lives of these programs, each asked for at its number's second and gone half a second later, but the last.
    fn lives(programs: &[Program]) -> Lives {
        let mut lives = Lives::default();
        lives.slots.insert(slot(), SlotEntry::default());
        for (program, second) in programs.iter().zip(1..) {
            if second > 1 {
                let at_us = second * 1_000_000 - 500_000;
                let last = lives.get_mut(&life(second as u32 - 1)).unwrap();
                assert_eq!(last.exited(Exit::Signal(9), at_us, at_us), Death::Crashed);
            }
            lives.begin(&slot(), *program, 1, second * 1_000_000).unwrap();
        }
        lives
    }

    #[test]
    fn what_a_database_kept_is_in_its_next_life() {
        let lives = lives(&[BUILTIN; 3]);
        let keeper = |at_us| lives.keeper_at(&life(1), at_us).life;
        assert_eq!([1_000_000, 1_900_000, 2_000_000, 2_999_999, u64::MAX].map(keeper), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn what_was_taken_away_and_what_another_engine_does_not_find_is_gone() {
        let mut taken = lives(&[BUILTIN; 3]);
        taken.get_mut(&life(2)).unwrap().loses_data = true;
        assert_eq!((taken.keeper_at(&life(1), u64::MAX).life, taken.keeper_at(&life(2), u64::MAX).life), (2, 2));
        let changed = lives(&[BUILTIN, Program::Database(DatabaseEngine::Postgres)]);
        assert_eq!(changed.keeper_at(&life(1), u64::MAX).life, 1);
        assert!(!changed.outlasts(changed.get(&life(1)).unwrap()));
        let service = lives(&[Program::Service; 2]);
        assert_eq!(service.keeper_at(&life(1), u64::MAX).life, 1);
    }
}
