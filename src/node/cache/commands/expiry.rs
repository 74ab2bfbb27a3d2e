//! When keys expire: the `EXPIRE` and `TTL` families, and the options that other commands share with them.

use super::{Answer, Call, quote, word};
use crate::node::cache::resp::{Reply, ReplyError, parse_integer};
use crate::node::cache::store::UnixMs;

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Seconds from now.
    In,
    /// Milliseconds from now.
    InMillis,
    /// Seconds since 1970.
    At,
    /// Milliseconds since 1970.
    AtMillis,
}

impl Moment {
    /// The option of `SET` and `GETEX` with this meaning.
    pub(super) fn option(name: &[u8]) -> Option<Self> {
        match name {
            b"ex" => Some(Self::In),
            b"px" => Some(Self::InMillis),
            b"exat" => Some(Self::At),
            b"pxat" => Some(Self::AtMillis),
            _ => None,
        }
    }

    /// Milliseconds since 1970, perhaps before; `None` when they do not fit.
    fn unix_ms(self, number: i64, now: UnixMs) -> Option<i64> {
        let now = i64::try_from(now).ok()?;
        match self {
            Self::In => number.checked_mul(1_000)?.checked_add(now),
            Self::InMillis => number.checked_add(now),
            Self::At => number.checked_mul(1_000),
            Self::AtMillis => Some(number),
        }
    }

    /// Reads the moment at which a value that is written now shall expire: it must be positive.
    pub(super) fn parse_positive(self, text: &[u8], now: UnixMs, command: &str) -> Result<UnixMs, ReplyError> {
        let number = parse_integer(text).ok_or(ReplyError::NOT_AN_INTEGER)?;
        let at = self.unix_ms(number, now).and_then(|at| UnixMs::try_from(at).ok());
        at.filter(|_| number > 0).ok_or_else(|| invalid_time(command))
    }
}

fn invalid_time(command: &str) -> ReplyError {
    ReplyError::quoting(format!("ERR invalid expire time in '{command}' command"))
}

pub(super) fn expire(call: &mut Call<'_>) -> Answer {
    set_expiry(call, Moment::In)
}

pub(super) fn pexpire(call: &mut Call<'_>) -> Answer {
    set_expiry(call, Moment::InMillis)
}

pub(super) fn expireat(call: &mut Call<'_>) -> Answer {
    set_expiry(call, Moment::At)
}

pub(super) fn pexpireat(call: &mut Call<'_>) -> Answer {
    set_expiry(call, Moment::AtMillis)
}

/// When `EXPIRE` acts.
#[derive(Debug, Default)]
struct Conditions {
    /// Only if the key does not expire yet.
    nx: bool,
    /// Only if it does.
    xx: bool,
    /// Only if that makes it live longer.
    gt: bool,
    /// Only if that makes it live shorter.
    lt: bool,
}

impl Conditions {
    fn parse(options: &[bytes::Bytes]) -> Result<Self, ReplyError> {
        let mut conditions = Self::default();
        for option in options {
            match word(option).as_slice() {
                b"nx" => conditions.nx = true,
                b"xx" => conditions.xx = true,
                b"gt" => conditions.gt = true,
                b"lt" => conditions.lt = true,
                _ => return Err(ReplyError::quoting(format!("ERR Unsupported option {}", quote(option, 64)))),
            }
        }
        if conditions.nx && (conditions.xx || conditions.gt || conditions.lt) {
            return Err(ReplyError::new("ERR NX and XX, GT or LT options at the same time are not compatible"));
        }
        if conditions.gt && conditions.lt {
            return Err(ReplyError::new("ERR GT and LT options at the same time are not compatible"));
        }
        Ok(conditions)
    }

    /// A key that never expires counts as one that lives for ever.
    fn hold(&self, current: Option<UnixMs>, at: UnixMs) -> bool {
        !(self.nx && current.is_some()
            || self.xx && current.is_none()
            || self.gt && current.is_none_or(|current| at <= current)
            || self.lt && current.is_some_and(|current| at >= current))
    }
}

fn set_expiry(call: &mut Call<'_>, moment: Moment) -> Answer {
    let (arguments, command) = (call.arguments, call.command.name);
    let (database, now) = call.database();
    let conditions = Conditions::parse(&arguments[2..])?;
    let number = parse_integer(&arguments[1]).ok_or(ReplyError::NOT_AN_INTEGER)?;
    let at = moment.unix_ms(number, now).ok_or_else(|| invalid_time(command))?;
    // What is before 1970 has passed like any other moment.
    let at = UnixMs::try_from(at).unwrap_or(0);
    let Some(current) = database.expires(&arguments[0], now) else { return Ok(Reply::Integer(0)) };
    Ok(Reply::flag(conditions.hold(current, at) && database.expire(&arguments[0], Some(at), now)))
}

pub(super) fn persist(call: &mut Call<'_>) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    let expires = database.expires(key, now).flatten().is_some();
    Ok(Reply::flag(expires && database.expire(key, None, now)))
}

pub(super) fn ttl(call: &mut Call<'_>) -> Answer {
    expiry(call, |at, now| (at.saturating_sub(now) + 500) / 1_000)
}

pub(super) fn pttl(call: &mut Call<'_>) -> Answer {
    expiry(call, UnixMs::saturating_sub)
}

pub(super) fn expiretime(call: &mut Call<'_>) -> Answer {
    expiry(call, |at, _| at.saturating_add(500) / 1_000)
}

pub(super) fn pexpiretime(call: &mut Call<'_>) -> Answer {
    expiry(call, |at, _| at)
}

/// Answers when a key expires, −1 for never and −2 for no such key.
fn expiry(call: &mut Call<'_>, written: fn(UnixMs, UnixMs) -> u64) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(Reply::Integer(match database.expires(key, now) {
        None => -2,
        Some(None) => -1,
        Some(Some(at)) => i64::try_from(written(at, now)).unwrap_or(i64::MAX),
    }))
}
