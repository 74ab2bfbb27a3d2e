//! Finding a session wherever it is, and bringing it to where the configuration wants it when a request touches it.
//!
//! Memory is looked at first in every regime: as long as a session is there, that copy is the one that counts.

use crate::telemetry::LedgerKind;

use super::super::refusal::Refusal;
use super::super::visit::{Ask, Visit};
use super::stored::{Missing, Stored};
use super::{Carried, Regime, Seen, Sessions, Touch};

impl Sessions {
    /// Does to the session what a step asks; `None` when nobody knows it.
    pub(super) async fn find_and_touch(
        &self,
        ask: &Ask,
        visit: &mut Visit,
        carried: &Carried,
        touch: &Touch,
    ) -> Result<Option<Seen>, Refusal> {
        self.has_departed(&carried.session).await;
        if let Some(seen) = self.touch_memory(visit, carried, touch) {
            return Ok(Some(seen));
        }
        let regime = self.plan.borrow().regime;
        let seen = match regime {
            Regime::Memory => {
                self.adopt(ask, visit, carried).await?;
                None
            }
            Regime::Store => self.touch_store(ask, visit, carried, touch).await?,
            Regime::TokenAndStore => self.touch_beside_token(ask, visit, carried, touch).await?,
            Regime::Token => self.touch_token(visit, carried, touch)?,
        };
        // Again: it was adopted, or another request has brought it here while this one asked elsewhere.
        Ok(seen.or_else(|| self.touch_memory(visit, carried, touch)))
    }

    /// Touches a session in memory: synchronous from finding to ledger.
    fn touch_memory(&self, visit: &mut Visit, carried: &Carried, touch: &Touch) -> Option<Seen> {
        let session = &carried.session;
        let own = Some(self.context.life.clone());
        let regime = self.plan.borrow().regime;
        let mut memory = self.memory.borrow_mut();
        let handed_out = memory.find(session)?;
        if let Some(items) = memory.expire_one(session, self.expired_before_us()) {
            if !handed_out {
                self.enter(own, session, LedgerKind::Expired, items);
            }
            return None;
        }
        if handed_out && carried.claims.is_some() {
            // The token came back, so the user has what was handed out: from now on the token counts.
            memory.forget(session);
            return None;
        }
        let seen = memory.touch(session, touch, self.context.clock.now_us())?;
        let kind = if *touch == Touch::End { LedgerKind::Ended } else { LedgerKind::Changed };
        if handed_out && regime != Regime::Token && *touch != Touch::End {
            memory.set_handed_out(session, false);
            self.enter_move(None, own.clone(), session, seen.count);
        } else if seen.changed {
            self.enter(if handed_out { None } else { own.clone() }, session, kind, seen.count);
        }
        if *touch == Touch::End {
            return Some(seen);
        }
        if regime == Regime::Token {
            // A session that is too large for a token stays here, and its user keeps the id.
            if let Ok(token) = self.issue(session, Some(seen.items.clone())) {
                if !handed_out {
                    memory.set_handed_out(session, true);
                    self.enter_move(own, None, session, seen.count);
                }
                visit.set_session_cookie(&token);
            }
        } else if carried.claims.is_some() && regime != Regime::TokenAndStore {
            visit.set_session_cookie(&session.0);
        }
        Some(seen)
    }

    /// Takes a session into memory, out of the store or the user's token. Leaves memory as it is when nobody has it.
    async fn adopt(&self, ask: &Ask, visit: &mut Visit, carried: &Carried) -> Result<(), Refusal> {
        let session = &carried.session;
        let is_linked = self.plan.borrow().store.is_some();
        let stored = if is_linked { self.stored(Some(ask), &mut visit.together, session).take().await? } else { None };
        let carries = carried.claims.as_ref().map(|claims| claims.items.clone().unwrap_or_default());
        let (from, items) = match (stored, carries) {
            (Some((items, life)), _) => (Some(life), items),
            (None, Some(items)) => (None, items),
            (None, None) => return Ok(()),
        };
        let count = items.len() as u32;
        let mut memory = self.memory.borrow_mut();
        if memory.find(session).is_none() {
            memory.insert(session.clone(), ask.user, items, self.context.clock.now_us());
            self.enter_move(from, Some(self.context.life.clone()), session, count);
        }
        Ok(())
    }

    async fn touch_store(
        &self,
        ask: &Ask,
        visit: &mut Visit,
        carried: &Carried,
        touch: &Touch,
    ) -> Result<Option<Seen>, Refusal> {
        if let Some(claims) = &carried.claims {
            self.bring_to_store(ask, visit, carried, claims.items.as_deref().unwrap_or_default()).await?;
            visit.set_session_cookie(&carried.session.0);
        }
        let session = &carried.session;
        let mut stored = self.stored(Some(ask), &mut visit.together, session).touch(touch, Missing::Unknown).await?;
        if stored.is_none() && self.bring_from_database(ask, &mut visit.together, session).await? {
            stored = self.stored(Some(ask), &mut visit.together, session).touch(touch, Missing::Unknown).await?;
        }
        let Some(stored) = stored else {
            self.expire_stored(&mut visit.together).await?;
            return Ok(None);
        };
        self.enter_stored(carried, touch, &stored);
        Ok(Some(stored.seen))
    }

    /// The user carries the identity, the store the items; a session that the store does not have has no items.
    async fn touch_beside_token(
        &self,
        ask: &Ask,
        visit: &mut Visit,
        carried: &Carried,
        touch: &Touch,
    ) -> Result<Option<Seen>, Refusal> {
        let session = &carried.session;
        let fresh_token = match &carried.claims {
            // An id from before tokens: good for a token if the store knows it.
            None if !self.stored(Some(ask), &mut visit.together, session).exists().await? => return Ok(None),
            None => true,
            Some(claims) => {
                let items = claims.items.as_deref().unwrap_or_default();
                if !items.is_empty() {
                    self.bring_to_store(ask, visit, carried, items).await?;
                }
                claims.items.is_some() || self.ages(claims.exp)
            }
        };
        let mut found = self.stored(Some(ask), &mut visit.together, session);
        let Some(stored) = found.touch(touch, Missing::Empty).await? else { return Ok(None) };
        let life = Some(stored.life.clone());
        match touch {
            Touch::Append(_) if !stored.known => self.enter_move(None, life, session, stored.seen.count),
            // Without items the token is all there is of the session.
            Touch::Clear if stored.known => self.enter_move(life, None, session, 0),
            Touch::End if !stored.known => self.enter(None, session, LedgerKind::Ended, 0),
            Touch::Clear => {}
            Touch::Read | Touch::Append(_) | Touch::End => self.enter_stored(carried, touch, &stored),
        }
        if fresh_token && *touch != Touch::End {
            visit.set_session_cookie(&self.issue(session, None)?);
        }
        Ok(Some(stored.seen))
    }

    /// The user carries everything.
    fn touch_token(&self, visit: &mut Visit, carried: &Carried, touch: &Touch) -> Result<Option<Seen>, Refusal> {
        let Some(claims) = &carried.claims else { return Ok(None) };
        let mut items = claims.items.clone().unwrap_or_default();
        let changed = match touch {
            Touch::Read => false,
            Touch::Append(item) if items.iter().any(|known| **known == **item) => false,
            Touch::Append(item) => {
                items.push(item.to_string());
                true
            }
            Touch::Clear => !std::mem::take(&mut items).is_empty(),
            Touch::End => true,
        };
        let seen = Seen { count: items.len() as u32, items, changed };
        if *touch == Touch::End {
            self.enter(None, &carried.session, LedgerKind::Ended, seen.count);
            return Ok(Some(seen));
        }
        if changed || claims.items.is_none() || self.ages(claims.exp) {
            visit.set_session_cookie(&self.issue(&carried.session, Some(seen.items.clone()))?);
        }
        if changed {
            self.enter(None, &carried.session, LedgerKind::Changed, seen.count);
        }
        Ok(Some(seen))
    }

    /// Puts what a token carried into the store, unless the store has the session already.
    async fn bring_to_store(
        &self,
        ask: &Ask,
        visit: &mut Visit,
        carried: &Carried,
        items: &[String],
    ) -> Result<(), Refusal> {
        let mut session = self.stored(Some(ask), &mut visit.together, &carried.session);
        if !session.exists().await? {
            let life = session.put(ask.user, items).await?;
            self.enter_move(None, Some(life), &carried.session, items.len() as u32);
        }
        Ok(())
    }

    fn enter_stored(&self, carried: &Carried, touch: &Touch, stored: &Stored) {
        if stored.seen.changed {
            let kind = if *touch == Touch::End { LedgerKind::Ended } else { LedgerKind::Changed };
            self.enter(Some(stored.life.clone()), &carried.session, kind, stored.seen.count);
        }
    }

    /// Whether a token is past half its time, so that one in use never runs out.
    fn ages(&self, exp: u64) -> bool {
        exp.saturating_sub(self.now_s()) < self.plan.borrow().ttl.as_secs().div_ceil(2)
    }
}
