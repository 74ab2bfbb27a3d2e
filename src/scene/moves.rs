//! Marks on their way: when a session's only copy goes from one living place to another, its mark is seen to travel.

use std::collections::BTreeMap;

use crate::control::Snapshot;
use crate::control::snapshot::Holder;
use crate::topology::{LifeId, NodeId, Slot};

/// How long a mark travels, in microseconds of run time.
const TRAVELS_US: u64 = 900_000;

/// Who lives where, and whose mark travels.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    lives: BTreeMap<(NodeId, u32), LifeId>,
    moves: Vec<Move>,
}

#[derive(Debug, Clone)]
struct Move {
    user: u32,
    from: Slot,
    to: Slot,
    since_us: u64,
}

/// A mark on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<'a> {
    /// Whose it is.
    pub user: u32,
    /// Where it comes from.
    pub from: &'a Slot,
    /// Where it goes.
    pub to: &'a Slot,
    /// How far it is, 0 to 1.
    pub share: f32,
}

impl Moves {
    /// Takes a snapshot in.
    pub fn observe(&mut self, snapshot: &Snapshot) {
        if snapshot.users.is_empty() {
            *self = Self::default();
        }
        let now_us = snapshot.now_us;
        self.moves.retain(|it| it.since_us <= now_us && now_us - it.since_us < TRAVELS_US);
        for user in snapshot.users.iter() {
            let key = (user.node.clone(), user.user);
            let Holder::Life(life) = &user.holder else {
                self.lives.remove(&key);
                continue;
            };
            let before = self.lives.insert(key, life.clone());
            if let Some(before) = before.filter(|before| before.slot != life.slot) {
                self.moves.retain(|it| it.user != user.user);
                self.moves.push(Move { user: user.user, from: before.slot, to: life.slot.clone(), since_us: now_us });
            }
        }
    }

    /// The marks that are on their way at this moment.
    pub fn under_way(&self, display_us: u64) -> impl Iterator<Item = Step<'_>> {
        self.moves.iter().filter_map(move |it| {
            let share = display_us.saturating_sub(it.since_us) as f32 / TRAVELS_US as f32;
            (share < 1.0).then_some(Step { user: it.user, from: &it.from, to: &it.to, share })
        })
    }

    /// Whether a user's mark is on its way to this slot.
    pub fn is_moving(&self, to: &Slot, user: u32) -> bool {
        self.moves.iter().any(|it| it.user == user && it.to == *to)
    }

    /// Whether any mark is on its way.
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::snapshot::UserState;

    fn at(now_us: u64, holder: Holder) -> Snapshot {
        let user = UserState {
            node: "shoppers".parse().unwrap(),
            user: 1,
            session: None,
            holder,
            items: 0,
            losses: 0,
            items_lost: 0,
            logged_out: false,
        };
        Snapshot { now_us, users: vec![user].into(), ..Snapshot::default() }
    }

    fn life(text: &str) -> Holder {
        Holder::Life(text.parse().unwrap())
    }

    #[test]
    fn a_session_that_is_copied_to_the_store_travels_there_and_arrives() {
        let mut moves = Moves::default();
        moves.observe(&at(0, life("shop.1#1")));
        moves.observe(&at(1_000_000, life("store.1#1")));
        let share = |moves: &Moves, now_us| moves.under_way(now_us).map(|step| step.share).next();
        assert_eq!(share(&moves, 1_450_000), Some(0.5));
        assert_eq!(share(&moves, 1_900_000), None);
        moves.observe(&at(2_000_000, life("store.1#1")));
        assert!(moves.is_empty());
    }

    #[test]
    fn a_session_that_was_lost_and_made_anew_did_not_travel() {
        let mut moves = Moves::default();
        moves.observe(&at(0, life("shop.1#1")));
        moves.observe(&at(1, Holder::Dead("shop.1#1".parse().unwrap())));
        moves.observe(&at(2, life("shop.2#1")));
        assert!(moves.is_empty());
    }
}
