//! Sessions in this process: the only copy, gone with it. Synchronous, so that no two requests can lose each other's
//! change. Keeps no clock and writes no ledger; whoever calls does.

use std::collections::HashMap;

use crate::telemetry::SessionId;

use super::{Seen, Touch};

/// The sessions that this life holds.
#[derive(Debug, Default)]
pub(super) struct Memory {
    held: HashMap<SessionId, Held>,
    /// The version that the next change gets. Never given twice, so that a session that went and came back differs.
    next_version: u64,
}

/// One session.
#[derive(Debug, Clone)]
struct Held {
    user: Option<u32>,
    /// In the order in which they came, each once.
    items: Vec<String>,
    touched_us: u64,
    version: u64,
    /// Whether the user has been sent it all in a token. Then this copy only bridges the time until the token comes
    /// back: had its answer been lost, the user would still ask by id.
    handed_out: bool,
}

/// A session as it was at one moment, to be copied elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    pub(super) session: SessionId,
    pub(super) user: Option<u32>,
    pub(super) items: Vec<String>,
    version: u64,
}

/// What became of a session while it was copied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// Nothing: the copy is all there is now.
    Released,
    /// It changed: the copy is worthless, copy again.
    Changed,
    /// It ended: the copy must go, too.
    Gone,
}

impl Memory {
    /// Takes a session in.
    pub(super) fn insert(&mut self, session: SessionId, user: Option<u32>, items: Vec<String>, now_us: u64) {
        let version = self.version();
        self.held.insert(session, Held { user, items, touched_us: now_us, version, handed_out: false });
    }

    /// Does to a session what a step asks; `None` when it is not here.
    pub(super) fn touch(&mut self, session: &SessionId, touch: &Touch, now_us: u64) -> Option<Seen> {
        let version = self.version();
        let held = self.held.get_mut(session)?;
        held.touched_us = now_us;
        let changed = match touch {
            Touch::Read => false,
            Touch::Append(item) if held.items.iter().any(|known| **known == **item) => false,
            Touch::Append(item) => {
                held.items.push(item.to_string());
                true
            }
            Touch::Clear => !std::mem::take(&mut held.items).is_empty(),
            Touch::End => {
                let held = self.held.remove(session)?;
                return Some(Seen { items: Vec::new(), count: held.items.len() as u32, changed: true });
            }
        };
        if changed {
            held.version = version;
        }
        Some(Seen { items: held.items.clone(), count: held.items.len() as u32, changed })
    }

    /// The user of a session, and whether it was sent out in a token.
    pub(super) fn find(&self, session: &SessionId) -> Option<bool> {
        self.held.get(session).map(|held| held.handed_out)
    }

    /// Notes that the user was sent the session in a token, or that the id counts again.
    pub(super) fn set_handed_out(&mut self, session: &SessionId, handed_out: bool) {
        if let Some(held) = self.held.get_mut(session) {
            held.handed_out = handed_out;
        }
    }

    /// Forgets a session.
    pub(super) fn forget(&mut self, session: &SessionId) {
        self.held.remove(session);
    }

    /// Any session that is only here.
    pub(super) fn any(&self) -> Option<Copy> {
        self.held.iter().find(|(_, held)| !held.handed_out).map(|(session, held)| Copy {
            session: session.clone(),
            user: held.user,
            items: held.items.clone(),
            version: held.version,
        })
    }

    /// Lets a session go if it is still as it was copied.
    pub(super) fn release(&mut self, copy: &Copy) -> Release {
        match self.held.get(&copy.session) {
            None => Release::Gone,
            Some(held) if held.version != copy.version => Release::Changed,
            Some(_) => {
                self.held.remove(&copy.session);
                Release::Released
            }
        }
    }

    /// Forgets what nobody touched since `before_us`; answers with those that were only here, and their item counts.
    /// Goes over all sessions: some 10 ms for a million of them.
    pub(super) fn expire(&mut self, before_us: u64) -> Vec<(SessionId, u32)> {
        let mut expired = Vec::new();
        self.held.retain(|session, held| {
            let stays = held.touched_us >= before_us;
            if !stays && !held.handed_out {
                expired.push((session.clone(), held.items.len() as u32));
            }
            stays
        });
        expired
    }

    /// Forgets one session if nobody touched it since `before_us`; answers with its item count.
    pub(super) fn expire_one(&mut self, session: &SessionId, before_us: u64) -> Option<u32> {
        let held = self.held.get(session).filter(|held| held.touched_us < before_us)?;
        let items = held.items.len() as u32;
        self.held.remove(session);
        Some(items)
    }

    fn version(&mut self) -> u64 {
        self.next_version += 1;
        self.next_version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> SessionId {
        SessionId(text.into())
    }

    #[test]
    fn items_keep_their_order_and_come_once() {
        let mut memory = Memory::default();
        memory.insert(id("s"), None, Vec::new(), 0);
        for item in ["b", "a", "b"] {
            memory.touch(&id("s"), &Touch::Append(item.into()), 1);
        }
        let seen = memory.touch(&id("s"), &Touch::Read, 2).unwrap();
        assert_eq!((seen.items, seen.count), (vec!["b".to_owned(), "a".to_owned()], 2));
    }

    #[test]
    fn a_copy_counts_only_if_nothing_changed_meanwhile() {
        let mut memory = Memory::default();
        memory.insert(id("s"), None, Vec::new(), 0);
        let stale = memory.any().unwrap();
        memory.touch(&id("s"), &Touch::Append("a".into()), 1);
        assert_eq!(memory.release(&stale), Release::Changed);
        let copy = memory.any().unwrap();
        memory.touch(&id("s"), &Touch::Read, 2);
        assert_eq!(memory.release(&copy), Release::Released);
        assert_eq!(memory.release(&copy), Release::Gone);
        assert_eq!(memory.any(), None);
    }

    #[test]
    fn what_nobody_touches_expires() {
        let mut memory = Memory::default();
        memory.insert(id("old"), None, vec!["a".to_owned()], 10);
        memory.insert(id("new"), None, Vec::new(), 20);
        assert_eq!(memory.expire(15), [(id("old"), 1)]);
        assert_eq!(memory.expire_one(&id("new"), 15), None);
        assert_eq!(memory.expire_one(&id("new"), 21), Some(0));
    }
}
