//! Commands on keys whatever they hold: `DEL`, `EXISTS`, `TYPE`, `KEYS`, `RENAME`.

use bytes::Bytes;

use super::{Answer, Call};
use crate::node::cache::glob;
use crate::node::cache::resp::{Reply, ReplyError};
use crate::node::cache::store::Lifetime;

/// `DEL` and `UNLINK`.
pub(super) fn del(call: &mut Call<'_>) -> Answer {
    let keys = call.arguments;
    let (database, now) = call.database();
    Ok(Reply::count(keys.iter().filter(|key| database.remove(key, now).is_some()).count()))
}

/// `EXISTS` and `TOUCH`: a key named twice counts twice.
pub(super) fn exists(call: &mut Call<'_>) -> Answer {
    let keys = call.arguments;
    let (database, now) = call.database();
    Ok(Reply::count(keys.iter().filter(|key| database.get(key, now).is_some()).count()))
}

/// `TYPE`.
pub(super) fn key_type(call: &mut Call<'_>) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(Reply::Status(database.get(key, now).map_or("none", |value| value.type_name())))
}

pub(super) fn keys(call: &mut Call<'_>) -> Answer {
    let pattern = &call.arguments[0];
    let (database, now) = call.database();
    let (_, all) = database.scan(0, usize::MAX, now);
    Ok(Reply::bulks(all.into_iter().map(|(key, _)| key).filter(|key| glob::matches(pattern, key)).cloned()))
}

pub(super) fn rename(call: &mut Call<'_>) -> Answer {
    move_value(call, true)?;
    Ok(Reply::OK)
}

pub(super) fn renamenx(call: &mut Call<'_>) -> Answer {
    Ok(Reply::flag(move_value(call, false)?))
}

/// Gives the first key's value and lifetime to the second, unless that exists and must not be written over.
fn move_value(call: &mut Call<'_>, overwrite: bool) -> Result<bool, ReplyError> {
    let (from, to): (&Bytes, &Bytes) = (&call.arguments[0], &call.arguments[1]);
    let (database, now) = call.database();
    if database.get(from, now).is_none() {
        return Err(ReplyError::new("ERR no such key"));
    }
    if from == to {
        return Ok(overwrite);
    }
    if !overwrite && database.get(to, now).is_some() {
        return Ok(false);
    }
    if let Some((value, expires)) = database.remove(from, now) {
        database.put(to, value, expires.map_or(Lifetime::Forever, Lifetime::Until), now);
    }
    Ok(true)
}
