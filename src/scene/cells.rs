//! What a cell says: which life is in the slot, how it is, and the marks of the sessions whose only copy is there.

use crate::control::Snapshot;
use crate::control::snapshot::{Death, Holder, LifeState, SlotState, UserState};
use crate::topology::{Node, NodeId, Role, Service, Sessions, Slot, Topology};

/// One replica as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Which slot.
    pub slot: Slot,
    /// Which life of the slot, from 1; 0 when nothing runs.
    pub life: u32,
    /// How the life is.
    pub state: CellState,
    /// The life's process.
    pub pid: Option<u32>,
    /// Seconds until the next life begins, where one is due.
    pub restarts_in_s: Option<f32>,
    /// One mark for each session whose only copy is or was here.
    pub marks: Vec<Mark>,
}

/// How a cell's life is, in the words and patterns of the visual language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellState {
    /// Nothing runs yet.
    Idle,
    /// Not ready yet.
    Starting,
    /// Takes requests.
    Ready,
    /// Lives, takes no requests.
    Unready,
    /// Stopped where it stands.
    Paused,
    /// Finishes what it has.
    Draining,
    /// Gone, and why.
    Dead(Death),
}

impl CellState {
    /// The state in a word; loud for what is gone.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Idle => "not running",
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Unready => "not ready",
            Self::Paused => "paused",
            Self::Draining => "draining",
            Self::Dead(Death::Killed) => "KILLED",
            Self::Dead(Death::Terminated) => "TERMINATED",
            Self::Dead(Death::Deployed) => "REPLACED",
            Self::Dead(Death::ScaledIn) => "REMOVED",
            Self::Dead(Death::Crashed) => "CRASHED",
            Self::Dead(Death::Stopped) => "stopped",
        }
    }

    /// Whether requests over a link to it have nowhere to go.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Dead(_))
    }

    /// Whether there is a process to send a signal to.
    pub const fn has_process(self) -> bool {
        matches!(self, Self::Starting | Self::Ready | Self::Unready | Self::Paused | Self::Draining)
    }
}

impl From<LifeState> for CellState {
    fn from(state: LifeState) -> Self {
        match state {
            LifeState::Starting => Self::Starting,
            LifeState::Ready => Self::Ready,
            LifeState::Unready => Self::Unready,
            LifeState::Paused => Self::Paused,
            LifeState::Draining => Self::Draining,
            LifeState::Dead(death) => Self::Dead(death),
        }
    }
}

/// One session, drawn where its only copy lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The user that it belongs to, from 1.
    pub user: u32,
    /// Whether the holder is alive. If not, the session is lost and its user does not know yet: drawn hollow.
    pub alive: bool,
}

/// A slot as it is drawn.
pub fn cell(slot: &Slot, snapshot: &Snapshot) -> Cell {
    let here = |user: &UserState| mark(user).filter(|(at, _)| *at == slot).map(|(_, mark)| mark);
    of(slot, state_of(slot, snapshot), snapshot.users.iter().filter_map(here).collect(), snapshot.now_us)
}

/// The same, of what was found before.
pub(super) fn of(slot: &Slot, state: Option<&SlotState>, marks: Vec<Mark>, now_us: u64) -> Cell {
    match state {
        None => {
            // A slot that was scaled in is known no more, but its users may still believe in what was there.
            let state = if marks.is_empty() { CellState::Idle } else { CellState::Dead(Death::ScaledIn) };
            Cell { slot: slot.clone(), life: 0, state, pid: None, restarts_in_s: None, marks }
        }
        Some(state) => Cell {
            slot: slot.clone(),
            life: state.life.life,
            state: state.state.into(),
            pid: state.pid,
            restarts_in_s: state.restarts_us.map(|at| at.saturating_sub(now_us) as f32 / 1e6),
            marks,
        },
    }
}

/// A slot's state in a snapshot.
pub fn state_of<'a>(slot: &Slot, snapshot: &'a Snapshot) -> Option<&'a SlotState> {
    let node: &NodeId = &slot.node;
    snapshot.nodes.iter().find(|state| state.id == *node)?.slots.iter().find(|state| state.slot == *slot)
}

/// Whether sessions can be in this node, as it is drawn. In a database they are only where a service wants them.
pub fn keeps_sessions(topology: &Topology, node: &Node) -> bool {
    let wants = |service: &Service| service.sessions == Sessions::Store;
    let is_store_of = |other: &NodeId| topology.store_of(other).is_some_and(|store| store.id == node.id);
    match &node.role {
        Role::Service(service) => service.sessions == Sessions::Memory,
        Role::Cache(_) => true,
        Role::Database(_) => topology
            .upstream(&node.id)
            .into_iter()
            .any(|other| other.service().is_some_and(wants) && is_store_of(&other.id)),
        Role::Users(_) | Role::Gateway(_) | Role::Program(_) => false,
    }
}

/// What a database holds, table by table. What Brownout itself keeps there, sessions and the log of sagas, is no data of
/// the preset's.
pub fn tables(state: &SlotState) -> String {
    let own = state.tables.iter().filter(|(table, _)| !table.starts_with("brownout_"));
    own.map(|(table, rows)| format!("{table} {rows}")).collect::<Vec<_>>().join(" · ")
}

/// Whether this node is a store that holds only items, the sessions being in tokens that the users carry.
pub fn keeps_carts(topology: &Topology, node: &NodeId) -> bool {
    let takes_tokens = |node: &Node| node.service().is_some_and(|service| service.sessions == Sessions::Token);
    let is_store = topology.node(node).is_some_and(|node| node.cache().is_some());
    is_store && topology.upstream(node).into_iter().any(takes_tokens)
}

/// Where a user's session has its mark, and which.
pub(super) fn mark(user: &UserState) -> Option<(&Slot, Mark)> {
    match &user.holder {
        Holder::Life(life) => Some((&life.slot, Mark { user: user.user, alive: true })),
        Holder::Dead(life) => Some((&life.slot, Mark { user: user.user, alive: false })),
        Holder::None | Holder::User => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_marked_where_its_only_copy_is_and_hollow_when_that_is_dead() {
        let user = |user, holder| UserState {
            node: "shoppers".parse().unwrap(),
            user,
            session: None,
            holder,
            items: 0,
            losses: 0,
            items_lost: 0,
            logged_out: false,
        };
        let slot: Slot = "shop.2".parse().unwrap();
        let alive = Mark { user: 1, alive: true };
        let hollow = Mark { user: 2, alive: false };
        let users = [
            user(1, Holder::Life("shop.2#1".parse().unwrap())),
            user(2, Holder::Dead("shop.2#1".parse().unwrap())),
            user(3, Holder::Life("shop.1#1".parse().unwrap())),
            user(4, Holder::User),
        ];
        let snapshot = Snapshot { users: users.into(), ..Snapshot::default() };
        assert_eq!(cell(&slot, &snapshot).marks, [alive, hollow]);
    }

    #[test]
    fn what_does_not_run_is_drawn_as_such() {
        let cell = cell(&"shop.1".parse().unwrap(), &Snapshot::default());
        assert_eq!((cell.state, cell.life), (CellState::Idle, 0));
    }
}
