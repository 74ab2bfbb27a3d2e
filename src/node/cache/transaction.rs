//! Transactions of one connection: commands queued between `MULTI` and `EXEC`, and keys watched before.

use bytes::Bytes;

use super::commands::Command;
use super::resp::ReplyError;
use super::state::Cache;
use super::store::UnixMs;

/// The most bytes that one transaction may queue: arguments, and what it takes to hold them.
const MAX_QUEUED: usize = 64 << 20;
/// What an argument costs beside its bytes.
const ARGUMENT_COST: usize = size_of::<Bytes>();

/// A command that waits for `EXEC`.
#[derive(Debug)]
pub(super) struct Queued {
    /// Which command.
    pub(super) command: &'static Command,
    /// Its arguments, without its name.
    pub(super) arguments: Vec<Bytes>,
}

/// The transaction of one connection, begun or not.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    queue: Option<Queue>,
    watches: Vec<Watch>,
}

#[derive(Debug, Default)]
struct Queue {
    commands: Vec<Queued>,
    size: usize,
    /// A command could not be queued, so nothing of it may run.
    spoiled: bool,
}

#[derive(Debug)]
struct Watch {
    database: usize,
    key: Bytes,
    version: u64,
}

/// What `EXEC` found.
#[derive(Debug)]
pub(super) enum Execution {
    /// No key that was watched has changed: run these.
    Run(Vec<Queued>),
    /// A watched key was changed by somebody, or expired.
    Touched,
    /// A command was refused while queueing.
    Spoiled,
}

impl Transaction {
    /// Whether commands are queued now.
    pub(super) fn is_open(&self) -> bool {
        self.queue.is_some()
    }

    /// `MULTI`.
    ///
    /// # Errors
    /// One is open already.
    pub(super) fn begin(&mut self) -> Result<(), ReplyError> {
        if self.is_open() {
            return Err(ReplyError::new("ERR MULTI calls can not be nested"));
        }
        self.queue = Some(Queue::default());
        Ok(())
    }

    /// Queues a command for `EXEC`.
    ///
    /// # Errors
    /// The transaction is too large: it is spoiled.
    pub(super) fn queue(&mut self, command: &'static Command, arguments: Vec<Bytes>) -> Result<(), ReplyError> {
        let Some(queue) = &mut self.queue else { return Ok(()) };
        queue.size += size_of::<Queued>() + arguments.iter().map(|it| it.len() + ARGUMENT_COST).sum::<usize>();
        if queue.size > MAX_QUEUED {
            queue.commands.clear();
            queue.spoiled = true;
            return Err(ReplyError::new("ERR transaction is too large: at most 64 MiB can be queued"));
        }
        if !queue.spoiled {
            queue.commands.push(Queued { command, arguments });
        }
        Ok(())
    }

    /// A command was refused: an open transaction can only be discarded from now on.
    pub(super) fn spoil(&mut self) {
        if let Some(queue) = &mut self.queue {
            queue.spoiled = true;
        }
    }

    /// `EXEC`: ends the transaction and all watches. `None` if none is open.
    pub(super) fn end(&mut self, cache: &mut Cache, now: UnixMs) -> Option<Execution> {
        let queue = self.queue.take()?;
        let untouched = self
            .watches
            .iter()
            .all(|watch| cache.databases[watch.database].is_untouched(&watch.key, watch.version, now));
        self.unwatch(cache);
        Some(match (queue.spoiled, untouched) {
            (true, _) => Execution::Spoiled,
            (false, false) => Execution::Touched,
            (false, true) => Execution::Run(queue.commands),
        })
    }

    /// `DISCARD`: forgets what is queued and watched. `false` if no transaction is open.
    pub(super) fn discard(&mut self, cache: &mut Cache) -> bool {
        self.unwatch(cache);
        self.queue.take().is_some()
    }

    /// `WATCH` of one key.
    ///
    /// # Errors
    /// A transaction is open: what it reads is read already.
    pub(super) fn watch(
        &mut self,
        cache: &mut Cache,
        database: usize,
        key: &Bytes,
        now: UnixMs,
    ) -> Result<(), ReplyError> {
        if self.is_open() {
            return Err(ReplyError::new("ERR WATCH inside MULTI is not allowed"));
        }
        if !self.watches.iter().any(|watch| watch.database == database && watch.key == key) {
            let version = cache.databases[database].watch(key, now);
            self.watches.push(Watch { database, key: key.clone(), version });
        }
        Ok(())
    }

    /// `UNWATCH`; also when the connection ends, else its watches would stay for ever.
    pub(super) fn unwatch(&mut self, cache: &mut Cache) {
        for watch in self.watches.drain(..) {
            cache.databases[watch.database].unwatch(&watch.key);
        }
    }
}
