//! Reads requests out of a stream of bytes, however it is cut: arrays of bulk strings as client libraries send them,
//! and inline commands as people type them. Every length is bounded, and nothing is set aside for what was only
//! announced.

use bytes::{Buf, Bytes, BytesMut};

use super::parse_integer;

/// The longest argument, in bytes. Redis takes 512 MiB; sessions are small, and this node should stay so.
pub(in crate::node::cache) const MAX_ARGUMENT: usize = 16 << 20;
/// The most bytes in the arguments of one request.
const MAX_REQUEST: usize = 64 << 20;
/// The most arguments of one request, as in Redis.
const MAX_ARGUMENTS: i64 = 1 << 20;
/// The longest line, in bytes, as in Redis: an inline command, or a length.
const MAX_LINE: usize = 64 << 10;

/// What ends a connection: after it nothing that follows can be understood. Displays as Redis' reply, without `-ERR`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Protocol error: {0}")]
pub(in crate::node::cache) struct ProtocolError(String);

fn malformed<T>(message: impl Into<String>) -> Result<T, ProtocolError> {
    Err(ProtocolError(message.into()))
}

/// What is known of a request that has not arrived as a whole.
#[derive(Debug, Default)]
pub(in crate::node::cache) struct Parser {
    /// The arguments that have arrived.
    arguments: Vec<Bytes>,
    /// How many are still to come.
    missing: usize,
    /// The length of the next, once it was announced.
    announced: Option<usize>,
    /// The bytes of all arguments so far.
    size: usize,
    /// How much of the buffer was searched for the end of a line, in vain.
    searched: usize,
}

impl Parser {
    /// Takes the next whole request, never empty, out of `buffer`; `None` when more bytes are needed.
    ///
    /// # Errors
    /// What arrived is not RESP or exceeds a bound: the connection is of no more use.
    pub(in crate::node::cache) fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Vec<Bytes>>, ProtocolError> {
        while self.missing == 0 {
            let Some(&first) = buffer.first() else { return Ok(None) };
            let Some(line) = self.line(buffer)? else { return Ok(None) };
            if first == b'*' {
                self.begin(&line)?;
            } else {
                let Some(arguments) = split_inline(&line) else { return malformed("unbalanced quotes in request") };
                if !arguments.is_empty() {
                    return Ok(Some(arguments));
                }
            }
        }
        while self.missing > 0 {
            let Some(argument) = self.argument(buffer)? else { return Ok(None) };
            self.arguments.push(argument);
            self.missing -= 1;
        }
        self.size = 0;
        Ok(Some(std::mem::take(&mut self.arguments)))
    }

    /// Reads the head of an array. An empty array is no request: the next line begins another.
    fn begin(&mut self, line: &[u8]) -> Result<(), ProtocolError> {
        match parse_integer(&line[1..]) {
            Some(count) if count <= MAX_ARGUMENTS => {
                self.missing = usize::try_from(count).unwrap_or(0);
                Ok(())
            }
            _ => malformed("invalid multibulk length"),
        }
    }

    fn argument(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, ProtocolError> {
        let length = match self.announced {
            Some(length) => length,
            None => {
                let Some(line) = self.line(buffer)? else { return Ok(None) };
                let length = self.announcement(&line)?;
                self.announced = Some(length);
                length
            }
        };
        if buffer.len() < length + 2 {
            return Ok(None);
        }
        if &buffer[length..length + 2] != b"\r\n" {
            return malformed("expected CRLF after an argument");
        }
        // A copy, so that a small value that is kept does not keep the whole buffer.
        let argument = Bytes::copy_from_slice(&buffer[..length]);
        buffer.advance(length + 2);
        self.announced = None;
        Ok(Some(argument))
    }

    fn announcement(&mut self, line: &[u8]) -> Result<usize, ProtocolError> {
        let Some(length) = line.strip_prefix(b"$") else {
            let found = line.first().copied().unwrap_or(b' ');
            return malformed(format!("expected '$', got '{}'", found.escape_ascii()));
        };
        let length = parse_integer(length).and_then(|length| usize::try_from(length).ok());
        match length.filter(|length| *length <= MAX_ARGUMENT) {
            Some(length) if self.size + length <= MAX_REQUEST => {
                self.size += length;
                Ok(length)
            }
            _ => malformed("invalid bulk length"),
        }
    }

    /// Takes a line without its end.
    fn line(&mut self, buffer: &mut BytesMut) -> Result<Option<BytesMut>, ProtocolError> {
        let end = buffer[self.searched..].iter().position(|byte| *byte == b'\n').map(|at| self.searched + at);
        let Some(end) = end.filter(|end| *end <= MAX_LINE) else {
            self.searched = buffer.len();
            return if self.searched > MAX_LINE { malformed("too big inline request") } else { Ok(None) };
        };
        self.searched = 0;
        let mut line = buffer.split_to(end + 1);
        line.truncate(end);
        if line.ends_with(b"\r") {
            line.truncate(end - 1);
        }
        Ok(Some(line))
    }
}

/// Splits a typed line at spaces, with the quotes and escapes of redis-cli; `None` when a quote is left open, or is
/// followed by anything but a space.
fn split_inline(line: &[u8]) -> Option<Vec<Bytes>> {
    let mut arguments = Vec::new();
    let mut rest = line.iter().copied().peekable();
    loop {
        while rest.next_if(u8::is_ascii_whitespace).is_some() {}
        if rest.peek().is_none() {
            return Some(arguments);
        }
        let mut argument = Vec::new();
        while let Some(byte) = rest.next_if(|byte| !byte.is_ascii_whitespace()) {
            match byte {
                b'"' | b'\'' => {
                    quoted(byte, &mut rest, &mut argument)?;
                    if rest.peek().is_some_and(|next| !next.is_ascii_whitespace()) {
                        return None;
                    }
                }
                _ => argument.push(byte),
            }
        }
        arguments.push(argument.into());
    }
}

/// Reads up to the closing quote.
fn quoted(quote: u8, rest: &mut impl Iterator<Item = u8>, argument: &mut Vec<u8>) -> Option<()> {
    loop {
        let byte = rest.next()?;
        if byte == quote {
            return Some(());
        }
        if byte != b'\\' {
            argument.push(byte);
            continue;
        }
        let escaped = rest.next()?;
        if quote == b'\'' {
            // Single quotes know one escape, of the quote itself.
            if escaped != b'\'' {
                argument.push(b'\\');
            }
            argument.push(escaped);
            continue;
        }
        argument.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'a' => 0x07,
            b'b' => 0x08,
            b'x' => hexadecimal(rest.next()?)? << 4 | hexadecimal(rest.next()?)?,
            other => other,
        });
    }
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
