//! Sessions in the linked database: one row for each, with its items as a list in JSON. A row's version grows with every
//! change, and a change is made only to the version that was read, so that two replicas never undo each other's. What
//! has expired is as good as gone, whether its row is there or not.

use tokio_postgres::types::ToSql;

use crate::telemetry::{Cause, SessionId};
use crate::topology::LifeId;

use super::super::database::{Database, Rows, Together};
use super::super::refusal::Refusal;
use super::Seen;
use super::stored::{Missing, Stored, Usage};

/// How often a change is tried while others change the same session. It has one user, who waits for answers.
const TRIES: u32 = 8;

const READ: &str = "UPDATE brownout_sessions SET expires = $3 WHERE id = $1 AND expires > $2 RETURNING items, version";
const KNOWN: &str = "SELECT version FROM brownout_sessions WHERE id = $1 AND expires > $2";
const CHANGE: &str = "UPDATE brownout_sessions SET items = $3, version = version + 1 WHERE id = $1 AND version = $2 \
     RETURNING version";
const PUT: &str = "INSERT INTO brownout_sessions (id, client, items, version, expires) VALUES ($1, $2, $3, 1, $4) \
     ON CONFLICT (id) DO UPDATE SET client = excluded.client, items = excluded.items, \
     version = brownout_sessions.version + 1, expires = excluded.expires";
const ADD: &str = "INSERT INTO brownout_sessions (id, client, items, version, expires) VALUES ($1, $2, $3, 1, $4) \
     ON CONFLICT (id) DO UPDATE SET client = excluded.client, items = excluded.items, \
     version = brownout_sessions.version + 1, expires = excluded.expires \
     WHERE brownout_sessions.expires <= $5 RETURNING version";
const TAKE: &str = "DELETE FROM brownout_sessions WHERE id = $1 AND expires > $2 RETURNING items";
const EXPIRE: &str = "DELETE FROM brownout_sessions WHERE expires <= $1 RETURNING id, items";

/// A request's use of one session.
pub(super) struct Row<'a> {
    pub(super) database: &'a Database,
    /// The request's transaction.
    pub(super) together: &'a mut Together,
    pub(super) usage: Usage<'a>,
}

/// A session as its row has it.
struct Found {
    items: Vec<String>,
    version: i64,
}

impl Row<'_> {
    /// Reads the session, and keeps it for longer.
    pub(super) async fn read(&mut self) -> Result<Stored, Refusal> {
        let (found, life) = self.find().await?;
        Ok(stored(life, found.is_some(), found.map(|found| found.items).unwrap_or_default(), false))
    }

    /// Adds an item, unless it is there.
    pub(super) async fn append(&mut self, item: &str, missing: Missing) -> Result<Stored, Refusal> {
        for _ in 0..TRIES {
            let (found, life) = self.find().await?;
            let Some(Found { mut items, version }) = found else {
                if missing == Missing::Unknown {
                    return Ok(stored(life, false, Vec::new(), false));
                }
                let items = vec![item.to_owned()];
                match self.add(&items).await? {
                    Some(life) => return Ok(stored(life, false, items, true)),
                    None => continue,
                }
            };
            if items.iter().any(|known| known == item) {
                return Ok(stored(life, true, items, false));
            }
            items.push(item.to_owned());
            if let Some(life) = self.change(version, &items).await? {
                return Ok(stored(life, true, items, true));
            }
        }
        Err(contested())
    }

    /// Takes out the items that are there.
    pub(super) async fn clear(&mut self) -> Result<Stored, Refusal> {
        for _ in 0..TRIES {
            let (found, life) = self.find().await?;
            let Some(found) = found else { return Ok(stored(life, false, Vec::new(), false)) };
            if found.items.is_empty() {
                return Ok(stored(life, true, Vec::new(), false));
            }
            if let Some(life) = self.change(found.version, &[]).await? {
                return Ok(stored(life, true, Vec::new(), true));
            }
        }
        Err(contested())
    }

    /// Whether the session is there.
    pub(super) async fn exists(&mut self) -> Result<bool, Refusal> {
        let (id, now) = (self.id(), time(self.usage.now_us));
        Ok(!self.query("find session", KNOWN, &[&id, &now]).await?.rows.is_empty())
    }

    /// Puts the session there with these items and no others.
    pub(super) async fn put(&mut self, user: Option<u32>, items: &[String]) -> Result<LifeId, Refusal> {
        let (id, client, items, expires) = (self.id(), client(user), text(items)?, self.expires());
        Ok(self.query("put session", PUT, &[&id, &client, &items, &expires]).await?.life)
    }

    /// Takes the session out of the database, and says who acknowledged it. No items where it is not there.
    pub(super) async fn take(&mut self) -> Result<(Option<Vec<String>>, LifeId), Refusal> {
        let (id, now) = (self.id(), time(self.usage.now_us));
        let Rows { rows, life } = self.query("take session", TAKE, &[&id, &now]).await?;
        Ok((rows.first().map(|row| items_of(row, 0)).transpose()?, life))
    }

    async fn find(&mut self) -> Result<(Option<Found>, LifeId), Refusal> {
        let (id, now, expires) = (self.id(), time(self.usage.now_us), self.expires());
        let Rows { rows, life } = self.query("read session", READ, &[&id, &now, &expires]).await?;
        let found = |row: &tokio_postgres::Row| Ok(Found { items: items_of(row, 0)?, version: column(row, 1)? });
        Ok((rows.first().map(found).transpose()?, life))
    }

    /// Makes the change if the session still is what was read; else `None`.
    async fn change(&mut self, version: i64, items: &[String]) -> Result<Option<LifeId>, Refusal> {
        let (id, items) = (self.id(), text(items)?);
        let Rows { rows, life } = self.query("change session", CHANGE, &[&id, &version, &items]).await?;
        Ok((!rows.is_empty()).then_some(life))
    }

    /// Makes the session unless it is there; then `None`.
    async fn add(&mut self, items: &[String]) -> Result<Option<LifeId>, Refusal> {
        let (id, client) = (self.id(), client(self.usage.ask.and_then(|ask| ask.user)));
        let (items, expires, now) = (text(items)?, self.expires(), time(self.usage.now_us));
        let Rows { rows, life } = self.query("add session", ADD, &[&id, &client, &items, &expires, &now]).await?;
        Ok((!rows.is_empty()).then_some(life))
    }

    async fn query(&mut self, name: &str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Rows, Refusal> {
        self.database.query(self.usage.ask, self.together, name, sql, values).await.map_err(unavailable)
    }

    fn id(&self) -> String {
        self.usage.session.to_string()
    }

    fn expires(&self) -> i64 {
        time(self.usage.now_us.saturating_add(self.usage.ttl_us))
    }
}

/// Removes every session whose time was over at this moment of run time: which, with how many items, and who kept them.
pub(super) async fn expire(
    database: &Database,
    together: &mut Together,
    now_us: u64,
) -> Result<(Vec<(SessionId, u32)>, LifeId), Refusal> {
    let Rows { rows, life } =
        database.query(None, together, "expire sessions", EXPIRE, &[&time(now_us)]).await.map_err(unavailable)?;
    let expired = rows.iter().map(|row| {
        let id: String = column(row, 0)?;
        Ok((SessionId(id.into()), items_of(row, 1)?.len() as u32))
    });
    Ok((expired.collect::<Result<_, Refusal>>()?, life))
}

fn stored(life: LifeId, known: bool, items: Vec<String>, changed: bool) -> Stored {
    Stored { life, known, seen: Seen { count: items.len() as u32, items, changed } }
}

fn unavailable(refusal: Refusal) -> Refusal {
    Refusal::new(Cause::StoreUnavailable, format!("the session store did not answer: {}", refusal.words))
}

fn contested() -> Refusal {
    Refusal::new(Cause::StoreUnavailable, format!("the session was changed by others {TRIES} times meanwhile"))
}

fn unreadable(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(Cause::StoreUnavailable, format!("the session store has a row that is none of a session: {error}"))
}

fn column<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a tokio_postgres::Row, at: usize) -> Result<T, Refusal> {
    row.try_get(at).map_err(|error| unreadable(&error))
}

fn items_of(row: &tokio_postgres::Row, at: usize) -> Result<Vec<String>, Refusal> {
    serde_json::from_str(column(row, at)?).map_err(|error| unreadable(&error))
}

fn text(items: &[String]) -> Result<String, Refusal> {
    serde_json::to_string(items).map_err(|error| unreadable(&error))
}

/// Microseconds of run time as a `bigint`.
fn time(us: u64) -> i64 {
    i64::try_from(us).unwrap_or(i64::MAX)
}

fn client(user: Option<u32>) -> Option<i64> {
    user.map(i64::from)
}
