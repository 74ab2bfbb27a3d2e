//! Replies as values, and their written forms in both versions of the protocol.

use std::borrow::Cow;

use bytes::{BufMut, Bytes, BytesMut};

/// Which version of RESP a connection speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::node::cache) enum Protocol {
    /// What every connection begins with.
    #[default]
    Resp2,
    /// After `HELLO 3`: maps, sets and null have forms of their own.
    Resp3,
}

impl Protocol {
    /// The number in `HELLO` and `CLIENT INFO`.
    pub(in crate::node::cache) const fn number(self) -> i64 {
        match self {
            Self::Resp2 => 2,
            Self::Resp3 => 3,
        }
    }
}

/// A refusal, beginning with its code, such as `ERR` or `WRONGTYPE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::cache) struct ReplyError(Cow<'static, str>);

impl ReplyError {
    /// A refusal with fixed words.
    pub(in crate::node::cache) const fn new(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }

    /// A refusal that quotes the request.
    pub(in crate::node::cache) fn quoting(words: String) -> Self {
        Self(Cow::Owned(words))
    }

    /// The options of a command make no sense.
    pub(in crate::node::cache) const SYNTAX: Self = Self::new("ERR syntax error");
    /// An argument should have been an integer.
    pub(in crate::node::cache) const NOT_AN_INTEGER: Self = Self::new("ERR value is not an integer or out of range");
}

/// What a command answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::cache) enum Reply {
    /// A short fixed word, such as `OK`.
    Status(&'static str),
    /// A refusal.
    Error(ReplyError),
    /// A number.
    Integer(i64),
    /// Any bytes.
    Bulk(Bytes),
    /// Text for people.
    Verbatim(String),
    /// No such value.
    Null,
    /// No such list: what `EXEC` answers when a watched key was touched.
    NullArray,
    /// A list.
    Array(Vec<Reply>),
    /// Pairs; a flat list in RESP2.
    Map(Vec<(Reply, Reply)>),
    /// Members; a list in RESP2.
    Set(Vec<Reply>),
}

impl Reply {
    /// The word that most commands answer.
    pub(in crate::node::cache) const OK: Self = Self::Status("OK");

    /// Text as a bulk string.
    pub(in crate::node::cache) fn text(text: impl Into<String>) -> Self {
        Self::Bulk(text.into().into())
    }

    /// A count of things in memory.
    pub(in crate::node::cache) fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// 1 or 0.
    pub(in crate::node::cache) fn flag(flag: bool) -> Self {
        Self::Integer(flag.into())
    }

    /// A list of bulk strings.
    pub(in crate::node::cache) fn bulks(bulks: impl IntoIterator<Item = Bytes>) -> Self {
        Self::Array(bulks.into_iter().map(Self::Bulk).collect())
    }

    /// Appends the written form to `out`.
    pub(in crate::node::cache) fn write(&self, protocol: Protocol, out: &mut BytesMut) {
        let resp3 = protocol == Protocol::Resp3;
        match self {
            Self::Status(word) => line(out, b'+', word.as_bytes()),
            Self::Error(ReplyError(words)) => line(out, b'-', words.as_bytes()),
            Self::Integer(number) => line(out, b':', number.to_string().as_bytes()),
            Self::Bulk(bytes) => {
                head(out, b'$', bytes.len());
                out.put_slice(bytes);
                out.put_slice(b"\r\n");
            }
            Self::Verbatim(text) if resp3 => {
                head(out, b'=', text.len() + 4);
                out.put_slice(b"txt:");
                out.put_slice(text.as_bytes());
                out.put_slice(b"\r\n");
            }
            Self::Verbatim(text) => {
                head(out, b'$', text.len());
                out.put_slice(text.as_bytes());
                out.put_slice(b"\r\n");
            }
            Self::Null | Self::NullArray if resp3 => out.put_slice(b"_\r\n"),
            Self::Null => out.put_slice(b"$-1\r\n"),
            Self::NullArray => out.put_slice(b"*-1\r\n"),
            Self::Array(items) => write_all(items, b'*', protocol, out),
            Self::Set(items) => write_all(items, if resp3 { b'~' } else { b'*' }, protocol, out),
            Self::Map(pairs) => {
                if resp3 {
                    head(out, b'%', pairs.len());
                } else {
                    head(out, b'*', pairs.len() * 2);
                }
                for (key, value) in pairs {
                    key.write(protocol, out);
                    value.write(protocol, out);
                }
            }
        }
    }
}

impl From<Option<Bytes>> for Reply {
    fn from(value: Option<Bytes>) -> Self {
        value.map_or(Self::Null, Self::Bulk)
    }
}

fn write_all(items: &[Reply], kind: u8, protocol: Protocol, out: &mut BytesMut) {
    head(out, kind, items.len());
    for item in items {
        item.write(protocol, out);
    }
}

fn head(out: &mut BytesMut, kind: u8, length: usize) {
    line(out, kind, length.to_string().as_bytes());
}

/// Writes a line. Errors may quote the request: a line break in it would end the line, so it becomes a space.
fn line(out: &mut BytesMut, kind: u8, content: &[u8]) {
    out.reserve(content.len() + 3);
    out.put_u8(kind);
    out.extend(content.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte }));
    out.put_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reply: Reply, resp2: &str, resp3: &str) {
        for (protocol, expected) in [(Protocol::Resp2, resp2), (Protocol::Resp3, resp3)] {
            let mut out = BytesMut::new();
            reply.write(protocol, &mut out);
            assert_eq!(out, expected, "{protocol:?}");
        }
    }

    #[test]
    fn both_versions_write_simple_replies_alike() {
        check(Reply::OK, "+OK\r\n", "+OK\r\n");
        check(Reply::Integer(i64::MIN), ":-9223372036854775808\r\n", ":-9223372036854775808\r\n");
        check(Reply::text("a\r\nb"), "$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n");
        check(Reply::bulks([Bytes::new()]), "*1\r\n$0\r\n\r\n", "*1\r\n$0\r\n\r\n");
    }

    #[test]
    fn version_3_has_forms_of_its_own() {
        check(Reply::Null, "$-1\r\n", "_\r\n");
        check(Reply::NullArray, "*-1\r\n", "_\r\n");
        check(Reply::Set(vec![Reply::Integer(1)]), "*1\r\n:1\r\n", "~1\r\n:1\r\n");
        check(Reply::Map(vec![(Reply::text("k"), Reply::Null)]), "*2\r\n$1\r\nk\r\n$-1\r\n", "%1\r\n$1\r\nk\r\n_\r\n");
        check(Reply::Verbatim("hi".into()), "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n");
    }

    #[test]
    fn a_quoted_request_cannot_forge_a_reply() {
        let error = Reply::Error(ReplyError::quoting("ERR unknown command 'x\r\n+OK'".into()));
        check(error, "-ERR unknown command 'x  +OK'\r\n", "-ERR unknown command 'x  +OK'\r\n");
    }
}
