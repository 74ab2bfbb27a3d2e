//! Commands on strings, except `SET` and arithmetic.

use bytes::{Bytes, BytesMut};

use super::expiry::Moment;
use super::{Answer, Call, word};
use crate::node::cache::resp::{MAX_ARGUMENT, Reply, ReplyError};
use crate::node::cache::store::{Edit, Kind, Lifetime, Value};

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(database.read::<Bytes>(key, now)?.cloned().into())
}

pub(super) fn getset(call: &mut Call<'_>) -> Answer {
    let (key, value) = (&call.arguments[0], &call.arguments[1]);
    let (database, now) = call.database();
    let old = database.read::<Bytes>(key, now)?.cloned();
    database.put(key, Value::String(value.clone()), Lifetime::Forever, now);
    Ok(old.into())
}

pub(super) fn getdel(call: &mut Call<'_>) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    let old = database.read::<Bytes>(key, now)?.cloned();
    database.remove(key, now);
    Ok(old.into())
}

pub(super) fn getex(call: &mut Call<'_>) -> Answer {
    let arguments = call.arguments;
    let (database, now) = call.database();
    let key = &arguments[0];
    // The outer option: whether the lifetime changes at all.
    let expires = match &arguments[1..] {
        [] => None,
        [option] if word(option) == b"persist" => Some(None),
        [option, text] => {
            let unit = Moment::option(&word(option)).ok_or(ReplyError::SYNTAX)?;
            Some(Some(unit.parse_positive(text, now, "getex")?))
        }
        _ => return Err(ReplyError::SYNTAX),
    };
    let Some(value) = database.read::<Bytes>(key, now)?.cloned() else { return Ok(Reply::Null) };
    if let Some(expires) = expires
        && database.expires(key, now) != Some(expires)
    {
        database.expire(key, expires, now);
    }
    Ok(Reply::Bulk(value))
}

/// A key of another type answers null here, as in Redis.
pub(super) fn mget(call: &mut Call<'_>) -> Answer {
    let keys = call.arguments;
    let (database, now) = call.database();
    let values = keys.iter().map(|key| database.get(key, now).and_then(Bytes::of).cloned().into());
    Ok(Reply::Array(values.collect()))
}

pub(super) fn mset(call: &mut Call<'_>) -> Answer {
    let pairs = call.arguments;
    if !pairs.len().is_multiple_of(2) {
        return Err(call.wrong_arity());
    }
    let (database, now) = call.database();
    for pair in pairs.chunks_exact(2) {
        database.put(&pair[0], Value::String(pair[1].clone()), Lifetime::Forever, now);
    }
    Ok(Reply::OK)
}

pub(super) fn append(call: &mut Call<'_>) -> Answer {
    let (key, tail) = (&call.arguments[0], &call.arguments[1]);
    let (database, now) = call.database();
    let length = database.edit(key, now, |value: &mut Bytes| {
        if value.len() + tail.len() > MAX_ARGUMENT {
            return Err(ReplyError::new("ERR string exceeds maximum allowed size (16MB)"));
        }
        // In place while nobody else holds it, so that appending again and again does not copy again and again.
        let mut longer = std::mem::take(value).try_into_mut().unwrap_or_else(|shared| BytesMut::from(&*shared));
        longer.extend_from_slice(tail);
        *value = longer.freeze();
        Ok(Edit::Changed(value.len()))
    })?;
    Ok(Reply::count(length))
}

pub(super) fn strlen(call: &mut Call<'_>) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(Reply::count(database.read::<Bytes>(key, now)?.map_or(0, Bytes::len)))
}
