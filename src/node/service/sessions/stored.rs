//! One session in the linked store, whatever that speaks: a hash in a cache, a row in a database. Here is what both mean;
//! how each does it is in `hash` and `row`.

use crate::telemetry::SessionId;
use crate::topology::LifeId;
use crate::wire::StoreProtocol;

use super::super::database::Together;
use super::super::refusal::Refusal;
use super::super::visit::Ask;
use super::hash::Hash;
use super::row::Row;
use super::{Seen, Sessions, Touch};

/// What a session that the store does not have means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// There is no such session.
    Unknown,
    /// The session is the user's token, and has no items.
    Empty,
}

/// What a touch of a stored session did.
#[derive(Debug)]
pub(super) struct Stored {
    /// The store's life that acknowledged it.
    pub(super) life: LifeId,
    /// Whether the store had the session before.
    pub(super) known: bool,
    /// What is there now.
    pub(super) seen: Seen,
}

/// A request's use of one session, or that of a move in the background.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage<'a> {
    /// The request, unless it is a move.
    pub(super) ask: Option<&'a Ask>,
    /// Which session.
    pub(super) session: &'a SessionId,
    /// How long it is kept from now on, in microseconds.
    pub(super) ttl_us: u64,
    /// The moment of the use, in microseconds of run time.
    pub(super) now_us: u64,
}

/// One session in the store.
pub(super) enum StoredSession<'a> {
    InCache(Hash<'a>),
    InDatabase(Row<'a>),
}

impl StoredSession<'_> {
    /// Does to the session what a step asks; `None` when it is not there and that means that it is unknown.
    pub(super) async fn touch(&mut self, touch: &Touch, missing: Missing) -> Result<Option<Stored>, Refusal> {
        let stored = match (touch, self) {
            (Touch::Read, Self::InCache(hash)) => hash.read().await?,
            (Touch::Read, Self::InDatabase(row)) => row.read().await?,
            (Touch::Append(item), Self::InCache(hash)) => hash.append(item, missing).await?,
            (Touch::Append(item), Self::InDatabase(row)) => row.append(item, missing).await?,
            (Touch::Clear, Self::InCache(hash)) if missing == Missing::Unknown => hash.clear().await?,
            (Touch::Clear, Self::InDatabase(row)) if missing == Missing::Unknown => row.clear().await?,
            // Beside a token, a session without items is not in the store.
            (Touch::Clear | Touch::End, session) => session.remove().await?,
        };
        Ok((stored.known || missing == Missing::Empty).then_some(stored))
    }

    /// Whether the session is there.
    pub(super) async fn exists(&mut self) -> Result<bool, Refusal> {
        match self {
            Self::InCache(hash) => hash.exists().await,
            Self::InDatabase(row) => row.exists().await,
        }
    }

    /// Puts the session there with these items and no others.
    pub(super) async fn put(&mut self, user: Option<u32>, items: &[String]) -> Result<LifeId, Refusal> {
        match self {
            Self::InCache(hash) => hash.put(user, items).await,
            Self::InDatabase(row) => row.put(user, items).await,
        }
    }

    /// Takes the session out of the store; `None` when it is not there.
    pub(super) async fn take(&mut self) -> Result<Option<(Vec<String>, LifeId)>, Refusal> {
        let (items, life) = match self {
            Self::InCache(hash) => hash.take().await?,
            Self::InDatabase(row) => row.take().await?,
        };
        Ok(items.map(|items| (items, life)))
    }

    /// Removes the session, if it is there.
    pub(super) async fn remove(&mut self) -> Result<Stored, Refusal> {
        let (items, life) = match self {
            Self::InCache(hash) => hash.take().await?,
            Self::InDatabase(row) => row.take().await?,
        };
        let known = items.is_some();
        let count = items.unwrap_or_default().len() as u32;
        Ok(Stored { life, known, seen: Seen { items: Vec::new(), count, changed: known } })
    }
}

impl Sessions {
    /// A session in the store. In a database what is done to it belongs to the request's transaction, if one has begun.
    pub(super) fn stored<'a>(
        &'a self,
        ask: Option<&'a Ask>,
        together: &'a mut Together,
        session: &'a SessionId,
    ) -> StoredSession<'a> {
        match self.plan.borrow().store {
            Some(StoreProtocol::Postgres) => StoredSession::InDatabase(self.row(ask, together, session)),
            // Without any store this says that none is linked.
            Some(StoreProtocol::Resp) | None => {
                StoredSession::InCache(Hash { store: &self.store, usage: self.usage(ask, session) })
            }
        }
    }

    /// Brings a session into the cache that was linked to a service whose database kept its sessions until then. Whether
    /// there was one.
    pub(super) async fn bring_from_database(
        &self,
        ask: &Ask,
        together: &mut Together,
        session: &SessionId,
    ) -> Result<bool, Refusal> {
        if !self.plan.borrow().leaves_database {
            return Ok(false);
        }
        let (Some(items), from) = self.row(Some(ask), together, session).take().await? else { return Ok(false) };
        let to = self.stored(Some(ask), together, session).put(ask.user, &items).await?;
        self.enter_move(Some(from), Some(to), session, items.len() as u32);
        Ok(true)
    }

    fn row<'a>(&'a self, ask: Option<&'a Ask>, together: &'a mut Together, session: &'a SessionId) -> Row<'a> {
        Row { database: &self.database, together, usage: self.usage(ask, session) }
    }

    fn usage<'a>(&self, ask: Option<&'a Ask>, session: &'a SessionId) -> Usage<'a> {
        let ttl_us = u64::try_from(self.plan.borrow().ttl.as_micros()).unwrap_or(u64::MAX);
        Usage { ask, session, ttl_us, now_us: self.context.clock.now_us() }
    }
}
