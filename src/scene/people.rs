//! The users as figures: who is logged in, who does not know yet, who was hurt. Up to [`MOST_FIGURES`] are drawn one by
//! one; above that the hurt ones are kept among those that are drawn.

use std::collections::BTreeMap;

use crate::control::Snapshot;
use crate::control::snapshot::{Holder, UserState};
use crate::topology::{NodeId, Topology};

use super::cells;

/// As many users are drawn one by one.
pub const MOST_FIGURES: u32 = 120;

/// How long a loss stands beside its figure, in microseconds of run time.
const LOSS_SHOWN_US: u64 = 1_500_000;

/// One user as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The user's number, from 1.
    pub user: u32,
    /// How the user is.
    pub mood: Mood,
    /// Items that the user believes in.
    pub basket: u32,
    /// Whether the user ever lost something: stays until the run is reset.
    pub hurt: bool,
    /// Whether the user carries the session as a token.
    pub key: bool,
    /// Items that were lost just now.
    pub just_lost: Option<u32>,
}

/// How a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Has no session.
    Out,
    /// Has a session.
    In,
    /// Has a session that is lost already, and does not know.
    Unaware,
    /// Was logged out and has not come back yet.
    LoggedOut,
}

/// Remembers losses for as long as they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecentLosses {
    known: BTreeMap<(NodeId, u32), u32>,
    shown: BTreeMap<(NodeId, u32), (u32, u64)>,
}

impl RecentLosses {
    /// Looks at a moment; each user's new losses are shown from now on.
    pub fn observe(&mut self, snapshot: &Snapshot, display_us: u64) {
        if snapshot.users.is_empty() {
            *self = Self::default();
        }
        for user in snapshot.users.iter() {
            let key = (user.node.clone(), user.user);
            let before = self.known.insert(key.clone(), user.items_lost).unwrap_or(user.items_lost);
            if user.items_lost > before {
                self.shown.insert(key, (user.items_lost - before, display_us + LOSS_SHOWN_US));
            }
        }
        self.pass(display_us);
    }

    /// Forgets what has been shown for long enough.
    pub fn pass(&mut self, display_us: u64) {
        self.shown.retain(|_, (_, until)| *until > display_us);
    }

    /// Whether no loss is shown now.
    pub fn are_none(&self) -> bool {
        self.shown.is_empty()
    }
}

/// Which of so many users are drawn, in their order: all, or in a crowd the hurt and as many others as there is room for.
pub fn shown(node: &NodeId, users: u32, snapshot: &Snapshot) -> impl Iterator<Item = u32> + use<> {
    let hurt = snapshot.users.iter().filter(|state| state.losses > 0 && state.node == *node).map(|state| state.user);
    let mut hurt: Vec<u32> =
        if users > MOST_FIGURES { hurt.filter(|user| *user <= users).collect() } else { Vec::new() };
    hurt.sort_unstable();
    hurt.truncate(MOST_FIGURES as usize);
    // Who is beyond them is drawn only if hurt.
    let room = users.min(MOST_FIGURES) - hurt.len() as u32;
    let (mut left, mut at, mut next) = (room, 0, 1);
    std::iter::from_fn(move || {
        let user = if left > 0 { next } else { *hurt.get(at)? };
        next = user + 1;
        if hurt.get(at) == Some(&user) {
            at += 1
        } else {
            left -= 1
        }
        Some(user)
    })
}

/// The figures of a users node that has this many users.
pub fn figures(
    topology: &Topology,
    node: &NodeId,
    users: u32,
    snapshot: &Snapshot,
    recent: &RecentLosses,
) -> Vec<Figure> {
    let states: BTreeMap<u32, &UserState> =
        snapshot.users.iter().filter(|state| state.node == *node).map(|state| (state.user, state)).collect();
    shown(node, users, snapshot)
        .map(|user| {
            let just_lost = recent.shown.get(&(node.clone(), user)).map(|(items, _)| *items);
            states.get(&user).map_or_else(|| stranger(user), |state| figure(topology, state, just_lost))
        })
        .collect()
}

fn stranger(user: u32) -> Figure {
    Figure { user, mood: Mood::Out, basket: 0, hurt: false, key: false, just_lost: None }
}

/// Whether a user carries the session as a token, be its items in a store or not.
fn has_key(topology: &Topology, state: &UserState) -> bool {
    match &state.holder {
        Holder::Life(life) | Holder::Dead(life) => cells::keeps_carts(topology, &life.slot.node),
        Holder::User => true,
        Holder::None => false,
    }
}

fn figure(topology: &Topology, state: &UserState, just_lost: Option<u32>) -> Figure {
    let mood = match (&state.holder, state.logged_out) {
        (Holder::Dead(_), _) => Mood::Unaware,
        (_, true) => Mood::LoggedOut,
        (Holder::None, false) if state.session.is_none() => Mood::Out,
        (Holder::None | Holder::Life(_) | Holder::User, false) => Mood::In,
    };
    Figure {
        user: state.user,
        mood,
        basket: state.items,
        hurt: state.losses > 0,
        key: has_key(topology, state),
        just_lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(user: u32, losses: u32, items_lost: u32) -> UserState {
        UserState {
            node: "shoppers".parse().unwrap(),
            user,
            session: None,
            holder: Holder::None,
            items: 0,
            losses,
            items_lost,
            logged_out: losses > 0,
        }
    }

    #[test]
    fn the_hurt_are_drawn_even_in_a_crowd() {
        let snapshot = Snapshot { users: vec![user(499, 1, 3)].into(), ..Snapshot::default() };
        let figures =
            figures(&Topology::default(), &"shoppers".parse().unwrap(), 500, &snapshot, &RecentLosses::default());
        assert_eq!(figures.len(), MOST_FIGURES as usize);
        assert!(figures.iter().any(|figure| figure.user == 499 && figure.hurt && figure.mood == Mood::LoggedOut));
    }

    #[test]
    fn who_is_drawn_are_the_hurt_and_the_first_of_the_others_in_their_order() {
        let drawn = |users: u32, hurt: &[u32]| {
            let users_then: Vec<UserState> = hurt.iter().map(|number| user(*number, 1, 1)).collect();
            let snapshot = Snapshot { users: users_then.into(), ..Snapshot::default() };
            shown(&"shoppers".parse().unwrap(), users, &snapshot).collect::<Vec<u32>>()
        };
        assert_eq!(drawn(3, &[2]), [1, 2, 3]);
        let crowd = drawn(500, &[7, 400, 300]);
        assert_eq!(crowd[..118], (1..=118).collect::<Vec<u32>>());
        assert_eq!(crowd[118..], [300, 400]);
        let all: Vec<u32> = (201..=500).collect();
        assert_eq!(drawn(500, &all), (201..=320).collect::<Vec<u32>>());
        assert!(drawn(0, &[]).is_empty());
    }

    #[test]
    fn a_loss_stands_beside_the_figure_for_a_while() {
        let node: NodeId = "shoppers".parse().unwrap();
        let mut recent = RecentLosses::default();
        let at = |now_us, lost| Snapshot { now_us, users: vec![user(1, 1, lost)].into(), ..Snapshot::default() };
        for (now_us, lost, beside) in [(0, 0, None), (1, 3, Some(3)), (1_000_000, 3, Some(3)), (2_000_000, 3, None)] {
            let snapshot = at(now_us, lost);
            recent.observe(&snapshot, now_us);
            assert_eq!(figures(&Topology::default(), &node, 1, &snapshot, &recent)[0].just_lost, beside, "at {now_us}");
        }
    }
}
