//! Arithmetic on strings that are integers.

use bytes::Bytes;

use super::{Answer, Call};
use crate::node::cache::resp::{Reply, ReplyError, parse_integer};
use crate::node::cache::store::Edit;

/// What arithmetic beyond 64 bits is refused with.
pub(super) const OVERFLOW: ReplyError = ReplyError::new("ERR increment or decrement would overflow");

pub(super) fn incr(call: &mut Call<'_>) -> Answer {
    add(call, 1)
}

pub(super) fn decr(call: &mut Call<'_>) -> Answer {
    add(call, -1)
}

pub(super) fn incrby(call: &mut Call<'_>) -> Answer {
    let by = parse_integer(&call.arguments[1]).ok_or(ReplyError::NOT_AN_INTEGER)?;
    add(call, by)
}

pub(super) fn decrby(call: &mut Call<'_>) -> Answer {
    let by = parse_integer(&call.arguments[1]).ok_or(ReplyError::NOT_AN_INTEGER)?;
    let by = by.checked_neg().ok_or(const { ReplyError::new("ERR decrement would overflow") })?;
    add(call, by)
}

/// Adds to the key, which counts as 0 when it is missing. Its lifetime stays.
fn add(call: &mut Call<'_>, by: i64) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    let missing = database.get(key, now).is_none();
    let sum = database.edit(key, now, |value: &mut Bytes| {
        let number = if missing { 0 } else { parse_integer(value).ok_or(ReplyError::NOT_AN_INTEGER)? };
        let sum = number.checked_add(by).ok_or(OVERFLOW)?;
        *value = sum.to_string().into();
        Ok::<_, ReplyError>(Edit::Changed(sum))
    })?;
    Ok(Reply::Integer(sum))
}
