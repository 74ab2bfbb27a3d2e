//! `SET` with its options, and the older commands that are a `SET` with one of them.

use bytes::Bytes;

use super::expiry::Moment;
use super::{Answer, Call, word};
use crate::node::cache::resp::{Reply, ReplyError};
use crate::node::cache::store::{Lifetime, UnixMs, Value};

/// Whether the key must or must not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Always,
    IfMissing,
    IfPresent,
}

#[derive(Debug)]
struct Options {
    condition: Condition,
    lifetime: Lifetime,
    /// Answer the old value.
    get: bool,
}

impl Options {
    fn parse(options: &[Bytes], now: UnixMs) -> Result<Self, ReplyError> {
        let mut parsed = Self { condition: Condition::Always, lifetime: Lifetime::Forever, get: false };
        // Read last, since Redis complains about syntax before it complains about a time.
        let mut moment = None;
        let mut options = options.iter();
        while let Some(option) = options.next() {
            let free = moment.is_none() && parsed.lifetime == Lifetime::Forever;
            let option = word(option);
            match (option.as_slice(), Moment::option(&option)) {
                (b"nx", _) if parsed.condition != Condition::IfPresent => parsed.condition = Condition::IfMissing,
                (b"xx", _) if parsed.condition != Condition::IfMissing => parsed.condition = Condition::IfPresent,
                (b"get", _) => parsed.get = true,
                (b"keepttl", _) if moment.is_none() => parsed.lifetime = Lifetime::Kept,
                (_, Some(unit)) if free => moment = Some((unit, options.next().ok_or(ReplyError::SYNTAX)?)),
                _ => return Err(ReplyError::SYNTAX),
            }
        }
        if let Some((unit, text)) = moment {
            parsed.lifetime = Lifetime::Until(unit.parse_positive(text, now, "set")?);
        }
        Ok(parsed)
    }
}

pub(super) fn set(call: &mut Call<'_>) -> Answer {
    let arguments = call.arguments;
    let (database, now) = call.database();
    let (key, value) = (&arguments[0], &arguments[1]);
    let options = Options::parse(&arguments[2..], now)?;
    let old = if options.get { database.read::<Bytes>(key, now)?.cloned() } else { None };
    let present = database.get(key, now).is_some();
    let holds = match options.condition {
        Condition::Always => true,
        Condition::IfMissing => !present,
        Condition::IfPresent => present,
    };
    if holds {
        database.put(key, Value::String(value.clone()), options.lifetime, now);
    }
    Ok(match (options.get, holds) {
        (true, _) => old.into(),
        (false, true) => Reply::OK,
        (false, false) => Reply::Null,
    })
}

pub(super) fn setnx(call: &mut Call<'_>) -> Answer {
    let arguments = call.arguments;
    let (database, now) = call.database();
    let missing = database.get(&arguments[0], now).is_none();
    if missing {
        database.put(&arguments[0], Value::String(arguments[1].clone()), Lifetime::Forever, now);
    }
    Ok(Reply::flag(missing))
}

pub(super) fn setex(call: &mut Call<'_>) -> Answer {
    set_for(call, Moment::In)
}

pub(super) fn psetex(call: &mut Call<'_>) -> Answer {
    set_for(call, Moment::InMillis)
}

fn set_for(call: &mut Call<'_>, unit: Moment) -> Answer {
    let (arguments, command) = (call.arguments, call.command.name);
    let (database, now) = call.database();
    let at = unit.parse_positive(&arguments[1], now, command)?;
    database.put(&arguments[0], Value::String(arguments[2].clone()), Lifetime::Until(at), now);
    Ok(Reply::OK)
}
