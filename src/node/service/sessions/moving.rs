//! Moving sessions from memory into the store while requests go on. A session is served from memory until its copy in
//! the store is known to be complete; the check and the removal are one synchronous act. A session that changes faster
//! than it can be copied is copied once more while its requests wait, so that moving always comes to an end.

use std::rc::Rc;
use std::time::Duration;

use crate::telemetry::SessionId;

use super::super::database::Together;
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
        let mut contested = false;
        while self.generation.get() == generation {
            let moved = match leftovers.last() {
                Some(session) => self.remove_leftover(session).await.map(|()| drop(leftovers.pop())),
                None => {
                    let Some(copy) = self.memory.borrow().any() else {
                        self.plan.borrow_mut().settled = true;
                        return true;
                    };
                    let held = contested.then(|| Departure::begin(&self, &copy.session));
                    let moved = self.move_one(&copy).await;
                    drop(held);
                    moved.map(|moved| {
                        contested = moved == Release::Changed;
                        leftovers.extend((moved == Release::Gone).then_some(copy.session));
                    })
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

    /// Copies one session and, if it is still the same, removes it from memory. When it is gone meanwhile, the copy is
    /// of no use.
    async fn move_one(&self, copy: &Copy) -> Result<Release, Refusal> {
        let life = self.stored(None, &mut Together::No, &copy.session).put(copy.user, &copy.items).await?;
        let release = self.memory.borrow_mut().release(copy);
        if release == Release::Released {
            let items = copy.items.len() as u32;
            self.enter_move(Some(self.context.life.clone()), Some(life), &copy.session, items);
        }
        Ok(release)
    }

    async fn remove_leftover(&self, session: &SessionId) -> Result<(), Refusal> {
        self.stored(None, &mut Together::No, session).remove().await.map(drop)
    }
}

/// While it lasts, requests for one session wait: see [`Sessions::has_departed`].
struct Departure<'a>(&'a Sessions);

impl<'a> Departure<'a> {
    fn begin(sessions: &'a Sessions, session: &SessionId) -> Self {
        *sessions.departing.borrow_mut() = Some(session.clone());
        Self(sessions)
    }
}

impl Drop for Departure<'_> {
    fn drop(&mut self) {
        *self.0.departing.borrow_mut() = None;
        self.0.departed.notify_waiters();
    }
}

impl Sessions {
    /// Waits while a session is being moved for good. At most as long as the store may take to answer.
    pub(super) async fn has_departed(&self, session: &SessionId) {
        while self.departing.borrow().as_ref() == Some(session) {
            self.departed.notified().await;
        }
    }
}
