//! `SCAN`, `HSCAN`, `SSCAN`.

use bytes::Bytes;

use super::{Answer, Call, word};
use crate::node::cache::glob;
use crate::node::cache::resp::{Reply, ReplyError, parse_integer, parse_unsigned};
use crate::node::cache::store::{Hash, Set};

/// How many keys a call looks at when it is not told.
const DEFAULT_COUNT: usize = 10;

#[derive(Debug)]
struct Options<'a> {
    pattern: Option<&'a [u8]>,
    count: usize,
    kind: Option<Vec<u8>>,
}

impl<'a> Options<'a> {
    fn parse(options: &'a [Bytes], of_keys: bool) -> Result<Self, ReplyError> {
        let mut parsed = Self { pattern: None, count: DEFAULT_COUNT, kind: None };
        for option in options.chunks(2) {
            let [name, value] = option else { return Err(ReplyError::SYNTAX) };
            match word(name).as_slice() {
                b"match" => parsed.pattern = Some(value),
                b"type" if of_keys => parsed.kind = Some(word(value)),
                b"count" => {
                    let count = parse_integer(value).ok_or(ReplyError::NOT_AN_INTEGER)?;
                    parsed.count = usize::try_from(count).ok().filter(|count| *count > 0).ok_or(ReplyError::SYNTAX)?;
                }
                _ => return Err(ReplyError::SYNTAX),
            }
        }
        Ok(parsed)
    }

    fn admits(&self, name: &[u8]) -> bool {
        self.pattern.is_none_or(|pattern| glob::matches(pattern, name))
    }
}

fn parse_cursor(text: &[u8]) -> Result<u64, ReplyError> {
    parse_unsigned(text).ok_or(ReplyError::new("ERR invalid cursor"))
}

fn page(cursor: u64, elements: impl IntoIterator<Item = Bytes>) -> Reply {
    Reply::Array(vec![Reply::text(cursor.to_string()), Reply::bulks(elements)])
}

pub(super) fn scan(call: &mut Call<'_>) -> Answer {
    let cursor = parse_cursor(&call.arguments[0])?;
    let options = Options::parse(&call.arguments[1..], true)?;
    let (database, now) = call.database();
    let (next, keys) = database.scan(cursor, options.count, now);
    let keys = keys.into_iter().filter(|(key, value)| {
        options.admits(key) && options.kind.as_ref().is_none_or(|kind| kind == value.type_name().as_bytes())
    });
    Ok(page(next, keys.map(|(key, _)| key.clone())))
}

/// Answers the whole hash at once, as Redis does for small ones: `COUNT` is only a hint.
pub(super) fn hscan(call: &mut Call<'_>) -> Answer {
    parse_cursor(&call.arguments[1])?;
    let (key, options) = (&call.arguments[0], Options::parse(&call.arguments[2..], false)?);
    let (database, now) = call.database();
    let fields = database.read::<Hash>(key, now)?.into_iter().flatten().filter(|(field, _)| options.admits(field));
    Ok(page(0, fields.flat_map(|(field, value)| [field.clone(), value.clone()])))
}

/// Answers the whole set at once, as Redis does for small ones: `COUNT` is only a hint.
pub(super) fn sscan(call: &mut Call<'_>) -> Answer {
    parse_cursor(&call.arguments[1])?;
    let (key, options) = (&call.arguments[0], Options::parse(&call.arguments[2..], false)?);
    let (database, now) = call.database();
    let members = database.read::<Set>(key, now)?.into_iter().flatten().filter(|member| options.admits(member));
    Ok(page(0, members.cloned()))
}
