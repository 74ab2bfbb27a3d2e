//! Moving sessions from memory into the store while requests go on. A session is served from memory until its copy in
//! the store is known to be complete; the check and the removal are one synchronous act.

use std::rc::Rc;
use std::time::Duration;

use crate::telemetry::SessionId;

use super::super::refusal::Refusal;
use super::Sessions;
use super::memory::{Copy, Release};

/// The shortest and the longest wait before a store that did not answer is tried again.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

impl Sessions {
    /// Moves every session into the store. `true` once memory is empty and the store is where new sessions begin;
    /// `false` when a newer configuration came first. Waits for a store that cannot be reached for as long as it takes.
    pub(in super::super) async fn settle(self: Rc<Self>) -> bool {
        let generation = self.generation.get();
        let mut backoff = BACKOFF.0;
        // Copies of sessions that ended meanwhile: they must not outlive them.
        let mut leftovers = Vec::new();
        while self.generation.get() == generation {
            let moved = match leftovers.last() {
                Some(session) => self.remove_leftover(session).await.map(|()| drop(leftovers.pop())),
                None => {
                    let Some(copy) = self.memory.borrow().any() else {
                        self.plan.borrow_mut().settled = true;
                        return true;
                    };
                    self.move_one(&copy).await.map(|leftover| leftovers.extend(leftover))
                }
            };
            match moved {
                Ok(()) => backoff = BACKOFF.0,
                Err(_) => {
                    tokio::time::sleep(backoff).await;
                    backoff = (backoff * 2).min(BACKOFF.1);
                }
            }
        }
        false
    }

    /// Copies one session and, if it is still the same, removes it from memory. Answers with its id when it ended
    /// meanwhile, so that the copy is of no use.
    async fn move_one(&self, copy: &Copy) -> Result<Option<SessionId>, Refusal> {
        let life = self.hash(None, &copy.session).put(copy.user, &copy.items).await?;
        let release = self.memory.borrow_mut().release(copy);
        match release {
            Release::Released => {
                let items = copy.items.len() as u32;
                self.enter_move(Some(self.context.life.clone()), Some(life), &copy.session, items);
                Ok(None)
            }
            Release::Changed => Ok(None),
            Release::Gone => Ok(Some(copy.session.clone())),
        }
    }

    async fn remove_leftover(&self, session: &SessionId) -> Result<(), Refusal> {
        self.hash(None, session).remove().await.map(drop)
    }
}
