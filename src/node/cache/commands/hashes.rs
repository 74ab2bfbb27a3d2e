//! Commands on hashes.

use bytes::Bytes;

use super::numbers::OVERFLOW;
use super::{Answer, Call};
use crate::node::cache::resp::{Reply, ReplyError, parse_integer};
use crate::node::cache::store::{Edit, Hash};

pub(super) fn hset(call: &mut Call<'_>) -> Answer {
    Ok(Reply::count(set_fields(call)?))
}

pub(super) fn hmset(call: &mut Call<'_>) -> Answer {
    set_fields(call)?;
    Ok(Reply::OK)
}

/// Sets fields and says how many are new.
fn set_fields(call: &mut Call<'_>) -> Result<usize, ReplyError> {
    let (key, pairs) = (&call.arguments[0], &call.arguments[1..]);
    if !pairs.len().is_multiple_of(2) {
        return Err(call.wrong_arity());
    }
    let (database, now) = call.database();
    database.edit(key, now, |hash: &mut Hash| {
        let pairs = pairs.chunks_exact(2);
        let new = pairs.filter(|pair| hash.insert(pair[0].clone(), pair[1].clone()).is_none()).count();
        Ok(Edit::Changed(new))
    })
}

pub(super) fn hsetnx(call: &mut Call<'_>) -> Answer {
    let arguments = call.arguments;
    let (database, now) = call.database();
    database.edit(&arguments[0], now, |hash: &mut Hash| {
        let missing = !hash.contains_key(&arguments[1]);
        if missing {
            hash.insert(arguments[1].clone(), arguments[2].clone());
        }
        Ok(Edit::when(missing, Reply::flag(missing)))
    })
}

pub(super) fn hget(call: &mut Call<'_>) -> Answer {
    let field = &call.arguments[1];
    read(call, |hash| hash.get(field).cloned().into(), Reply::Null)
}

pub(super) fn hmget(call: &mut Call<'_>) -> Answer {
    let fields = &call.arguments[1..];
    let missing = Reply::Array(vec![Reply::Null; fields.len()]);
    read(call, |hash| Reply::Array(fields.iter().map(|field| hash.get(field).cloned().into()).collect()), missing)
}

pub(super) fn hgetall(call: &mut Call<'_>) -> Answer {
    let pair = |(field, value): (&Bytes, &Bytes)| (Reply::Bulk(field.clone()), Reply::Bulk(value.clone()));
    read(call, |hash| Reply::Map(hash.iter().map(pair).collect()), Reply::Map(Vec::new()))
}

pub(super) fn hkeys(call: &mut Call<'_>) -> Answer {
    read(call, |hash| Reply::bulks(hash.keys().cloned()), Reply::Array(Vec::new()))
}

pub(super) fn hvals(call: &mut Call<'_>) -> Answer {
    read(call, |hash| Reply::bulks(hash.values().cloned()), Reply::Array(Vec::new()))
}

pub(super) fn hlen(call: &mut Call<'_>) -> Answer {
    read(call, |hash| Reply::count(hash.len()), Reply::Integer(0))
}

pub(super) fn hexists(call: &mut Call<'_>) -> Answer {
    let field = &call.arguments[1];
    read(call, |hash| Reply::flag(hash.contains_key(field)), Reply::Integer(0))
}

pub(super) fn hdel(call: &mut Call<'_>) -> Answer {
    let (key, fields) = (&call.arguments[0], &call.arguments[1..]);
    let (database, now) = call.database();
    database.edit(key, now, |hash: &mut Hash| {
        let removed = fields.iter().filter(|field| hash.remove(*field).is_some()).count();
        Ok(Edit::when(removed > 0, Reply::count(removed)))
    })
}

pub(super) fn hincrby(call: &mut Call<'_>) -> Answer {
    let arguments = call.arguments;
    let by = parse_integer(&arguments[2]).ok_or(ReplyError::NOT_AN_INTEGER)?;
    let (database, now) = call.database();
    database.edit(&arguments[0], now, |hash: &mut Hash| {
        let number = match hash.get(&arguments[1]) {
            None => 0,
            Some(text) => parse_integer(text).ok_or(const { ReplyError::new("ERR hash value is not an integer") })?,
        };
        let sum = number.checked_add(by).ok_or(OVERFLOW)?;
        hash.insert(arguments[1].clone(), sum.to_string().into());
        Ok(Edit::Changed(Reply::Integer(sum)))
    })
}

/// Answers from the hash, or with `missing` if there is none.
fn read(call: &mut Call<'_>, answer: impl FnOnce(&Hash) -> Reply, missing: Reply) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(database.read::<Hash>(key, now)?.map_or(missing, answer))
}
