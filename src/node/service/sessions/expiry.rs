//! Sessions that nobody has touched for as long as they are kept. A cache removes its own by itself.

use std::rc::Rc;
use std::time::Duration;

use crate::telemetry::LedgerKind;
use crate::wire::StoreProtocol;

use super::super::database::Together;
use super::super::refusal::Refusal;
use super::{Sessions, row};

/// How often memory is searched for them.
const SWEEP: Duration = Duration::from_secs(1);
/// After how many searches of memory the database is searched, too: there a search is a statement that writes.
const SWEEPS_OF_MEMORY: u32 = 30;

/// Looks for them until the sessions are dropped.
pub(super) fn watch(sessions: &Rc<Sessions>) {
    let watched = Rc::downgrade(sessions);
    tokio::task::spawn_local(async move {
        for sweep in (0..SWEEPS_OF_MEMORY).cycle() {
            tokio::time::sleep(SWEEP).await;
            let Some(sessions) = watched.upgrade() else { return };
            sessions.expire_in_memory();
            if sweep + 1 == SWEEPS_OF_MEMORY {
                // Where the database does not answer, the next search finds them.
                let _ = sessions.expire_stored(&mut Together::No).await;
            }
        }
    });
}

impl Sessions {
    /// Sessions touched before this moment of run time have expired.
    pub(super) fn expired_before_us(&self) -> u64 {
        let ttl_us = u64::try_from(self.plan.borrow().ttl.as_micros()).unwrap_or(u64::MAX);
        self.context.clock.now_us().saturating_sub(ttl_us)
    }

    fn expire_in_memory(&self) {
        let expired = self.memory.borrow_mut().expire(self.expired_before_us());
        for (session, items) in expired {
            self.enter(Some(self.context.life.clone()), &session, LedgerKind::Expired, items);
        }
    }

    /// Removes what has expired from the linked database, if sessions are kept in one.
    pub(super) async fn expire_stored(&self, together: &mut Together) -> Result<(), Refusal> {
        if self.plan.borrow().store != Some(StoreProtocol::Postgres) {
            return Ok(());
        }
        let (expired, life) = row::expire(&self.database, together, self.context.clock.now_us()).await?;
        for (session, items) in expired {
            self.enter(Some(life.clone()), &session, LedgerKind::Expired, items);
        }
        Ok(())
    }
}
