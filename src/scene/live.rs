//! Which node of a run is which card of the stage, found once for each snapshot instead of once for each cell and frame; where
//! requests are planned beside the thread that draws, that is done there, too.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::{Death, LifeState, LinkState, SlotState};
use crate::topology::Slot;

use super::cells::{self, Cell, Mark};
use super::hash::Quick;
use super::layout::{Edition, Stage};

/// How a node is, all replicas taken together: the worst of them, for what is drawn too small for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Nothing runs, or nothing is known.
    #[default]
    Idle,
    /// Every replica takes requests.
    Ready,
    /// Some are not there yet.
    Starting,
    /// Some are paused, drain, or take no requests.
    Degraded,
    /// Some are gone that should not be.
    Failed,
}

/// A snapshot, by the places of the stage.
#[derive(Debug, Clone, Default)]
pub struct Live {
    of: Arc<Snapshot>,
    /// Which stage these are the places of, and whether it would be laid out anew for this snapshot.
    origin: Edition,
    is_outgrown: bool,
    /// The place of each card's node among the snapshot's.
    nodes: Vec<Option<usize>>,
    /// The place of each wire's link.
    links: Vec<Option<usize>>,
    /// Whose sessions are where: by card and number of the slot.
    marks: BTreeMap<(usize, u32), Vec<Mark>>,
    health: Vec<Health>,
    states: u64,
}

impl Live {
    /// A snapshot on this stage.
    pub fn new(stage: &Stage, snapshot: &Arc<Snapshot>) -> Self {
        let nodes = found(stage.cards.iter().map(|card| &card.node), &snapshot.nodes, |state| &state.id);
        let links = found(stage.wires.iter().map(|wire| &wire.link), &snapshot.links, |state| &state.id);
        let mut states = Quick::default();
        let of_node = |at: &Option<usize>| {
            let slots = at.and_then(|at| snapshot.nodes.get(at)).map_or(&[][..], |node| &node.slots[..]);
            states.write_usize(slots.len());
            slots.iter().for_each(|slot| slot.state.hash(&mut states));
            slots.iter().map(|slot| Health::from(slot.state)).max().unwrap_or_default()
        };
        let health = nodes.iter().map(of_node).collect();
        let mut marks: BTreeMap<(usize, u32), Vec<Mark>> = BTreeMap::new();
        for user in snapshot.users.iter() {
            let Some((slot, mark)) = cells::mark(user) else { continue };
            if let Some(card) = stage.place(&slot.node) {
                marks.entry((card, slot.index)).or_default().push(mark);
            }
        }
        let (origin, is_outgrown) = (stage.origin().clone(), !stage.has_slots_of(snapshot));
        let states = states.finish();
        Self { of: Arc::clone(snapshot), origin, is_outgrown, nodes, links, marks, health, states }
    }

    /// Whether it is of this snapshot on this stage, wherever cards have been dragged to.
    pub fn is_of(&self, stage: &Stage, snapshot: &Arc<Snapshot>) -> bool {
        Arc::ptr_eq(&self.of, snapshot) && self.origin == *stage.origin()
    }

    /// Whether a node has other slots than the stage was laid out for.
    pub(super) fn is_outgrown(&self) -> bool {
        self.is_outgrown
    }

    /// The moment that it is of, in microseconds of run time.
    pub(super) fn now_us(&self) -> u64 {
        self.of.now_us
    }

    /// A slot of the card at this place, as it is drawn.
    pub fn cell(&self, card: usize, slot: &Slot) -> Cell {
        let marks = self.marks.get(&(card, slot.index)).cloned().unwrap_or_default();
        cells::of(slot, self.state(card, slot), marks, self.of.now_us)
    }

    /// The state of a slot of the card at this place.
    pub fn state(&self, card: usize, slot: &Slot) -> Option<&SlotState> {
        let node = self.of.nodes.get((*self.nodes.get(card)?)?)?;
        // Slots stand in order, so that the first look nearly always finds it.
        let likely = usize::try_from(slot.index.checked_sub(1)?).ok().and_then(|at| node.slots.get(at));
        likely.filter(|state| state.slot == *slot).or_else(|| node.slots.iter().find(|state| state.slot == *slot))
    }

    /// The traffic of the wire at this place.
    pub fn link(&self, wire: usize) -> Option<&LinkState> {
        self.of.links.get((*self.links.get(wire)?)?)
    }

    /// A number that is another one when any replica is in another state: one died, or is ready again.
    pub fn states(&self) -> u64 {
        self.states
    }

    /// How the node of the card at this place is.
    pub fn health(&self, card: usize) -> Health {
        self.health.get(card).copied().unwrap_or_default()
    }
}

impl From<LifeState> for Health {
    fn from(state: LifeState) -> Self {
        match state {
            LifeState::Ready => Self::Ready,
            LifeState::Starting => Self::Starting,
            LifeState::Unready | LifeState::Paused | LifeState::Draining => Self::Degraded,
            LifeState::Dead(Death::Killed | Death::Terminated | Death::Crashed) => Self::Failed,
            LifeState::Dead(Death::ScaledIn | Death::Deployed | Death::Stopped) => Self::Idle,
        }
    }
}

/// The place of each wanted thing in a list. Both nearly always have one order; where they do not, a table helps.
fn found<'a, T, K: Ord + 'a>(
    wanted: impl Iterator<Item = &'a K>,
    list: &'a [T],
    key: impl Fn(&'a T) -> &'a K,
) -> Vec<Option<usize>> {
    let mut table: Option<BTreeMap<&K, usize>> = None;
    let mut next = 0;
    let place = |wanted: &'a K| {
        if list.get(next).is_some_and(|there| key(there) == wanted) {
            next += 1;
            return Some(next - 1);
        }
        let table = table.get_or_insert_with(|| list.iter().enumerate().map(|(at, there)| (key(there), at)).collect());
        let at = table.get(wanted).copied()?;
        next = at + 1;
        Some(at)
    };
    wanted.map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_found_in_whatever_order_they_are() {
        let list = ["a", "b", "c", "d"].map(str::to_owned);
        let of = |wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|&it| it.to_owned()).collect();
            found(wanted.iter(), &list, |it| it)
        };
        assert_eq!(of(&["a", "b", "d"]), [Some(0), Some(1), Some(3)]);
        assert_eq!(of(&["d", "x", "a", "b"]), [Some(3), None, Some(0), Some(1)]);
    }
}
