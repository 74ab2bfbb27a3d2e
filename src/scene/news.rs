//! Bad news on its way: a user's loss is shown when the dot that tells of it has come home, not while it is drawn on the
//! wire. So cause is seen before effect, although drawn wire time is many times the real one. Nothing is left out:
//! what is held back is shown within the time of one dot's way, and at the end of a run at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::{Holder, SessionCounts, UserState};
use crate::topology::NodeId;

/// A user: the users node and the user's number.
pub type Who = (NodeId, u32);

/// What every user was last seen as.
#[derive(Debug, Default)]
pub struct News {
    settled: BTreeMap<Who, UserState>,
    /// The snapshot that was looked at last, and who was held back then.
    looked_at: Option<(Arc<Snapshot>, BTreeSet<Who>)>,
    seen: Arc<Snapshot>,
}

impl News {
    /// Looks at a moment, in which the news of a loss is on its way to these users.
    pub fn look(&mut self, shown: &Arc<Snapshot>, on_their_way: BTreeSet<Who>) {
        let same =
            |(before, held): &(Arc<Snapshot>, BTreeSet<Who>)| Arc::ptr_eq(before, shown) && *held == on_their_way;
        if self.looked_at.as_ref().is_some_and(same) {
            return;
        }
        if shown.users.is_empty() {
            self.settled.clear();
        }
        let mut users = Vec::with_capacity(shown.users.len());
        let mut sessions = shown.sessions.clone();
        for now in shown.users.iter() {
            let who = (now.node.clone(), now.user);
            let before = self.settled.get(&who).filter(|before| before.losses < now.losses);
            if let Some(before) = before.filter(|_| on_their_way.contains(&who)) {
                take_back(&mut sessions, before, now);
                users.push(before.clone());
            } else {
                self.settled.insert(who, now.clone());
                users.push(now.clone());
            }
        }
        let nothing_held = sessions == shown.sessions;
        self.seen = if nothing_held {
            Arc::clone(shown)
        } else {
            Arc::new(Snapshot { users: users.into(), sessions, ..Snapshot::clone(shown) })
        };
        self.looked_at = Some((Arc::clone(shown), on_their_way));
    }

    /// The run as it is to be seen.
    pub fn seen(&self) -> &Arc<Snapshot> {
        &self.seen
    }
}

/// Takes what happened to a user since then out of the sums.
fn take_back(sessions: &mut SessionCounts, before: &UserState, now: &UserState) {
    let losses = u64::from(now.losses - before.losses);
    sessions.lost = sessions.lost.saturating_sub(losses);
    sessions.items_lost =
        sessions.items_lost.saturating_sub(u64::from(now.items_lost.saturating_sub(before.items_lost)));
    if before.losses == 0 {
        sessions.users_hurt = sessions.users_hurt.saturating_sub(1);
    }
    if now.logged_out || now.session != before.session {
        sessions.logged_out = sessions.logged_out.saturating_sub(losses);
        let again = u64::from(!now.logged_out && now.session.is_some());
        sessions.relogins = sessions.relogins.saturating_sub(again);
    } else {
        sessions.cart_lost = sessions.cart_lost.saturating_sub(losses);
    }
    if matches!(before.holder, Holder::Dead(_)) && !matches!(now.holder, Holder::Dead(_)) {
        sessions.doomed += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(losses: u32, holder: Holder) -> Arc<Snapshot> {
        let user = UserState {
            node: "shoppers".parse().unwrap(),
            user: 1,
            session: None,
            holder,
            items: 3 - 3 * losses,
            losses,
            items_lost: 3 * losses,
            logged_out: losses > 0,
        };
        let mut snapshot = Snapshot { users: vec![user].into(), ..Snapshot::default() };
        let hurt = u64::from(losses);
        let doomed = 1 - hurt;
        snapshot.sessions = SessionCounts {
            lost: hurt,
            logged_out: hurt,
            users_hurt: hurt,
            items_lost: 3 * hurt,
            doomed,
            ..Default::default()
        };
        Arc::new(snapshot)
    }

    #[test]
    fn a_loss_is_seen_when_the_dot_that_tells_of_it_is_home() {
        let who = BTreeSet::from([("shoppers".parse().unwrap(), 1)]);
        let doomed = at(0, Holder::Dead("shop.2#1".parse().unwrap()));
        let lost = at(1, Holder::None);
        let mut news = News::default();
        news.look(&doomed, BTreeSet::new());
        news.look(&lost, who);
        assert_eq!(news.seen().users, doomed.users);
        assert_eq!(news.seen().sessions, doomed.sessions);
        news.look(&lost, BTreeSet::new());
        assert!(Arc::ptr_eq(news.seen(), &lost));
    }

    #[test]
    fn a_loss_that_no_dot_tells_of_is_seen_at_once() {
        let mut news = News::default();
        news.look(&at(0, Holder::None), BTreeSet::new());
        news.look(&at(1, Holder::None), BTreeSet::new());
        assert_eq!(news.seen().sessions.users_hurt, 1);
    }
}
