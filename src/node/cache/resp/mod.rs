//! RESP, the protocol of Redis, versions 2 and 3: requests in, replies out. Pure: bytes and values only, no sockets.
//!
//! Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/>, and for the words of errors Redis itself.

mod integer;
mod reply;
mod request;

pub(super) use integer::{parse_integer, parse_unsigned};
pub(super) use reply::{Protocol, Reply, ReplyError};
pub(super) use request::{MAX_ARGUMENT, Parser};
