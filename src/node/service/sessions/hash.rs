//! Sessions in the store: one hash for each, `brownout:session:<id>`, with a field `user` that says that the session
//! exists and a field `item:<id>` for each item, whose value orders them. Every change checks in the same transaction
//! that the session is there, so that a late append cannot bring a lost session back to life.

use redis::Pipeline;

use crate::topology::LifeId;

use super::super::refusal::Refusal;
use super::Seen;
use super::store::StoreLink;
use super::stored::{Missing, Stored, Usage};

const USER: &str = "user";
const ITEM: &str = "item:";

/// A request's use of one stored session.
pub(super) struct Hash<'a> {
    /// The way to the store.
    pub(super) store: &'a StoreLink,
    pub(super) usage: Usage<'a>,
}

type Fields = Vec<(String, String)>;

impl Hash<'_> {
    /// Whether the session is there.
    pub(super) async fn exists(&self) -> Result<bool, Refusal> {
        let mut commands = redis::pipe();
        commands.hget(self.key(), USER);
        let ((user,), _): ((Option<String>,), _) = self.store.query(self.usage.ask, "HGET", &commands).await?;
        Ok(user.is_some())
    }

    /// Puts the session there with these items and no others.
    pub(super) async fn put(&self, user: Option<u32>, items: &[String]) -> Result<LifeId, Refusal> {
        let mut commands = redis::pipe();
        commands.atomic().del(self.key()).ignore().hset(self.key(), USER, user_text(user)).ignore();
        for (at, item) in items.iter().enumerate() {
            commands.hset(self.key(), format!("{ITEM}{item}"), order(at as u64)).ignore();
        }
        self.expire(&mut commands);
        let ((), life) = self.store.query(self.usage.ask, "HSET", &commands).await?;
        Ok(life)
    }

    /// Takes the session out of the store, and says who acknowledged it. No items where it is not there.
    pub(super) async fn take(&self) -> Result<(Option<Vec<String>>, LifeId), Refusal> {
        let mut commands = redis::pipe();
        commands.atomic().hgetall(self.key()).del(self.key()).ignore();
        let ((fields,), life): ((Fields,), _) = self.store.query(self.usage.ask, "DEL", &commands).await?;
        Ok((knows_user(&fields).then(|| items_of(fields)), life))
    }

    /// Reads the session, and keeps it for longer.
    pub(super) async fn read(&self) -> Result<Stored, Refusal> {
        let mut commands = redis::pipe();
        commands.atomic().hgetall(self.key());
        self.expire(&mut commands);
        let ((fields,), life): ((Fields,), _) = self.store.query(self.usage.ask, "HGETALL", &commands).await?;
        Ok(stored(life, knows_user(&fields), fields, false))
    }

    /// Adds an item, unless it is there.
    pub(super) async fn append(&self, item: &str, missing: Missing) -> Result<Stored, Refusal> {
        let mut commands = redis::pipe();
        commands.atomic().hget(self.key(), USER);
        if missing == Missing::Empty {
            commands.hset(self.key(), USER, user_text(self.usage.ask.and_then(|ask| ask.user))).ignore();
        }
        commands.hset(self.key(), format!("{ITEM}{item}"), order(self.usage.now_us)).hgetall(self.key());
        self.expire(&mut commands);
        let ((user, added, fields), life): ((Option<String>, u32, Fields), _) =
            self.store.query(self.usage.ask, "HSET", &commands).await?;
        if user.is_none() && missing == Missing::Unknown {
            // The session was gone: what the transaction made instead has no user and must go as well.
            self.take().await?;
        }
        Ok(stored(life, user.is_some(), fields, added > 0))
    }

    /// Takes out the items that are there.
    pub(super) async fn clear(&self) -> Result<Stored, Refusal> {
        let before = self.read().await?;
        if !before.known || before.seen.items.is_empty() {
            return Ok(before);
        }
        let mut commands = redis::pipe();
        commands.atomic();
        for item in &before.seen.items {
            // Field by field: an item that came in between stays.
            commands.hdel(self.key(), format!("{ITEM}{item}")).ignore();
        }
        commands.hgetall(self.key());
        self.expire(&mut commands);
        let ((fields,), life): ((Fields,), _) = self.store.query(self.usage.ask, "HDEL", &commands).await?;
        Ok(stored(life, knows_user(&fields), fields, true))
    }

    fn expire(&self, commands: &mut Pipeline) {
        commands.pexpire(self.key(), i64::try_from(self.usage.ttl_us / 1_000).unwrap_or(i64::MAX).max(1)).ignore();
    }

    fn key(&self) -> String {
        format!("brownout:session:{}", self.usage.session)
    }
}

fn stored(life: LifeId, known: bool, fields: Fields, changed: bool) -> Stored {
    let items = items_of(fields);
    Stored { life, known, seen: Seen { count: items.len() as u32, items, changed } }
}

fn knows_user(fields: &Fields) -> bool {
    fields.iter().any(|(field, _)| field == USER)
}

/// The items in the order in which they came.
fn items_of(fields: Fields) -> Vec<String> {
    let mut items: Vec<(String, String)> = fields
        .into_iter()
        .filter_map(|(field, order)| field.strip_prefix(ITEM).map(|item| (order, item.to_owned())))
        .collect();
    items.sort();
    items.into_iter().map(|(_, item)| item).collect()
}

/// A number as text that sorts as the number does.
fn order(number: u64) -> String {
    format!("{number:020}")
}

fn user_text(user: Option<u32>) -> String {
    user.map_or_else(|| "-".to_owned(), |user| user.to_string())
}
