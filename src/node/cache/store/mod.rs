//! The keyspace: keys with values of three types and moments at which they expire. Pure: the time is an argument, and
//! every change goes through here, so that watched keys notice it.

mod value;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use bytes::Bytes;

pub(super) use value::{Hash, Kind, Set, Value, WrongType};

/// Milliseconds since 1970, as Redis counts absolute times.
pub(super) type UnixMs = u64;

/// When a value that is written expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Never.
    Forever,
    /// When the value before it would have.
    Kept,
    /// At this moment.
    Until(UnixMs),
}

/// What became of a value that was offered for changing.
#[derive(Debug)]
pub(super) enum Edit<T> {
    /// It was changed, which whoever watches the key notices.
    Changed(T),
    /// It is as it was.
    Same(T),
}

impl<T> Edit<T> {
    /// An edit that changed something or not.
    pub(super) fn when(changed: bool, answer: T) -> Self {
        if changed { Self::Changed(answer) } else { Self::Same(answer) }
    }
}

/// One of the numbered databases.
#[derive(Debug, Default)]
pub(super) struct Database {
    entries: HashMap<Bytes, Entry>,
    /// Keys in the order in which they came. A scan's cursor is a place in it, so keys that stay are seen exactly once,
    /// whatever comes and goes meanwhile.
    places: BTreeMap<u64, Bytes>,
    last_place: u64,
    /// Keys that expire, soonest first.
    deadlines: BTreeSet<(UnixMs, Bytes)>,
    watched: HashMap<Bytes, Watched>,
}

#[derive(Debug)]
struct Entry {
    value: Value,
    expires: Option<UnixMs>,
    place: u64,
}

/// A key that transactions watch.
#[derive(Debug, Default)]
struct Watched {
    watchers: usize,
    /// Grows with every change of the key.
    version: u64,
}

impl Database {
    /// The value of a key.
    pub(super) fn get(&mut self, key: &[u8], now: UnixMs) -> Option<&Value> {
        self.entry(key, now).map(|entry| &entry.value)
    }

    /// The value of a key that should be of type `K`.
    pub(super) fn read<K: Kind>(&mut self, key: &[u8], now: UnixMs) -> Result<Option<&K>, WrongType> {
        self.get(key, now).map(|value| K::of(value).ok_or(WrongType)).transpose()
    }

    /// When a key expires: the outer option is whether it exists.
    pub(super) fn expires(&mut self, key: &[u8], now: UnixMs) -> Option<Option<UnixMs>> {
        self.entry(key, now).map(|entry| entry.expires)
    }

    /// Sets a key, whatever it held.
    pub(super) fn put(&mut self, key: &Bytes, value: Value, lifetime: Lifetime, now: UnixMs) {
        let kept = self.expires(key, now).flatten();
        let expires = match lifetime {
            Lifetime::Forever => None,
            Lifetime::Kept => kept,
            Lifetime::Until(at) => Some(at),
        };
        if let Some(entry) = self.entries.get_mut(key) {
            entry.value = value;
        } else {
            self.last_place += 1;
            self.places.insert(self.last_place, key.clone());
            self.entries.insert(key.clone(), Entry { value, expires: None, place: self.last_place });
        }
        self.set_deadline(key, expires);
        self.touch(key);
    }

    /// Offers the value of a key for changing, an empty one if there is none. A collection that is left empty goes.
    /// When `edit` fails it must not have changed anything.
    pub(super) fn edit<K: Kind, T, E: From<WrongType>>(
        &mut self,
        key: &Bytes,
        now: UnixMs,
        edit: impl FnOnce(&mut K) -> Result<Edit<T>, E>,
    ) -> Result<T, E> {
        self.drop_expired(key, now);
        let (outcome, vanishes) = match self.entries.get_mut(key) {
            Some(entry) => {
                let value = K::of_mut(&mut entry.value).ok_or(WrongType)?;
                (edit(value)?, value.vanishes())
            }
            None => {
                let mut value = K::default();
                let outcome = edit(&mut value)?;
                if matches!(outcome, Edit::Changed(_)) && !value.vanishes() {
                    self.put(key, value.into(), Lifetime::Forever, now);
                }
                (outcome, false)
            }
        };
        match outcome {
            Edit::Same(answer) => Ok(answer),
            Edit::Changed(answer) => {
                if vanishes {
                    self.take(key);
                }
                self.touch(key);
                Ok(answer)
            }
        }
    }

    /// Takes a key out with its value and the moment at which it would have expired.
    pub(super) fn remove(&mut self, key: &[u8], now: UnixMs) -> Option<(Value, Option<UnixMs>)> {
        self.drop_expired(key, now);
        let entry = self.take(key)?;
        self.touch(key);
        Some((entry.value, entry.expires))
    }

    /// Changes when a key expires; a moment that has passed removes it. `false` if there is no such key.
    pub(super) fn expire(&mut self, key: &Bytes, at: Option<UnixMs>, now: UnixMs) -> bool {
        if self.entry(key, now).is_none() {
            return false;
        }
        if at.is_some_and(|at| at <= now) {
            self.take(key);
        } else {
            self.set_deadline(key, at);
        }
        self.touch(key);
        true
    }

    /// Removes at most `limit` keys whose time has come, and says how many it were.
    pub(super) fn drop_all_expired(&mut self, now: UnixMs, limit: usize) -> usize {
        let due: Vec<Bytes> =
            self.deadlines.iter().take_while(|(at, _)| *at <= now).take(limit).map(|(_, key)| key.clone()).collect();
        for key in &due {
            self.drop_expired(key, now);
        }
        due.len()
    }

    /// How many keys there are, and how many of them expire. Counts what has expired and was not removed yet, as Redis
    /// does.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.entries.len(), self.deadlines.len())
    }

    /// Removes everything.
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.deadlines.clear();
        for key in std::mem::take(&mut self.entries).into_keys() {
            self.touch(&key);
        }
    }

    /// Up to `count` keys from `cursor` on, 0 at first, and the cursor to go on with, 0 at the end.
    pub(super) fn scan(&self, cursor: u64, count: usize, now: UnixMs) -> (u64, Vec<(&Bytes, &Value)>) {
        let mut seen = self.places.range((Bound::Excluded(cursor), Bound::Unbounded));
        let mut last = 0;
        let mut keys = Vec::new();
        for (place, key) in seen.by_ref().take(count) {
            last = *place;
            let live = self.entries.get(key).filter(|entry| !entry.has_expired(now));
            keys.extend(live.map(|entry| (key, &entry.value)));
        }
        (if seen.next().is_some() { last } else { 0 }, keys)
    }

    /// Begins to watch a key: the version that it has now. Every call needs its [`Database::unwatch`].
    pub(super) fn watch(&mut self, key: &Bytes, now: UnixMs) -> u64 {
        self.drop_expired(key, now);
        let watched = self.watched.entry(key.clone()).or_default();
        watched.watchers += 1;
        watched.version
    }

    /// Whether a watched key still has the version that it had when [`Database::watch`] was called.
    pub(super) fn is_untouched(&mut self, key: &[u8], version: u64, now: UnixMs) -> bool {
        self.drop_expired(key, now);
        self.watched.get(key).is_some_and(|watched| watched.version == version)
    }

    /// Ends one watch of a key.
    pub(super) fn unwatch(&mut self, key: &[u8]) {
        if let Some(watched) = self.watched.get_mut(key) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                self.watched.remove(key);
            }
        }
    }

    fn entry(&mut self, key: &[u8], now: UnixMs) -> Option<&Entry> {
        self.drop_expired(key, now);
        self.entries.get(key)
    }

    fn drop_expired(&mut self, key: &[u8], now: UnixMs) {
        if self.entries.get(key).is_some_and(|entry| entry.has_expired(now)) {
            self.take(key);
            self.touch(key);
        }
    }

    fn take(&mut self, key: &[u8]) -> Option<Entry> {
        let (key, entry) = self.entries.remove_entry(key)?;
        self.places.remove(&entry.place);
        if let Some(at) = entry.expires {
            self.deadlines.remove(&(at, key));
        }
        Some(entry)
    }

    fn set_deadline(&mut self, key: &Bytes, at: Option<UnixMs>) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if let Some(old) = std::mem::replace(&mut entry.expires, at) {
            self.deadlines.remove(&(old, key.clone()));
        }
        if let Some(at) = at {
            self.deadlines.insert((at, key.clone()));
        }
    }

    fn touch(&mut self, key: &[u8]) {
        if let Some(watched) = self.watched.get_mut(key) {
            watched.version += 1;
        }
    }
}

impl Entry {
    fn has_expired(&self, now: UnixMs) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests;
