//! Message bodies: where one ends (RFC 9112, section 6), strictly, and how it is framed again. Chunk extensions and
//! trailers are read and dropped. No IO: works on a buffer that others fill.

use bytes::{Buf, BytesMut};

/// The longest line with a chunk's size, extensions included, in bytes.
const MAX_CHUNK_LINE: usize = 256;
/// The longest trailer section, in bytes.
const MAX_TRAILERS: usize = 8 << 10;

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is no body.
    #[default]
    Empty,
    /// It has this many bytes.
    Length(u64),
    /// It comes in chunks.
    Chunked,
    /// It ends with the connection.
    UntilClose,
}

/// A body that breaks the rules of its framing, or ends too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadBody;

/// What the front of the buffer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// This many bytes of the body; the caller takes them out.
    Data(usize),
    /// Nothing yet: more bytes are needed.
    More,
    /// The body is over; what follows belongs to the next message.
    End,
}

/// Finds the bytes of a body in a stream of bytes.
#[derive(Debug)]
pub(super) struct BodyReader {
    state: State,
}

#[derive(Debug)]
enum State {
    Length(u64),
    UntilClose,
    ChunkLine,
    ChunkData(u64),
    ChunkEnd,
    Trailers(usize),
    Done,
}

impl BodyReader {
    /// Reads a body that is framed like this.
    pub(super) fn new(framing: Framing) -> Self {
        let state = match framing {
            Framing::Empty | Framing::Length(0) => State::Done,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::ChunkLine,
            Framing::UntilClose => State::UntilClose,
        };
        Self { state }
    }

    /// Says what is at the front of the buffer, after taking framing out of it.
    ///
    /// # Errors
    /// When the chunks are not written exactly as the standard has it; a bare LF is such a case.
    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Result<Piece, BadBody> {
        loop {
            match self.state {
                State::Done => return Ok(Piece::End),
                State::UntilClose if buffer.is_empty() => return Ok(Piece::More),
                State::UntilClose => return Ok(Piece::Data(buffer.len())),
                State::Length(0) => self.state = State::Done,
                State::Length(ref mut left) | State::ChunkData(ref mut left) if *left > 0 => {
                    let count = buffer.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= count as u64;
                    return Ok(if count == 0 { Piece::More } else { Piece::Data(count) });
                }
                State::Length(_) => self.state = State::Done,
                State::ChunkData(_) => self.state = State::ChunkEnd,
                State::ChunkEnd | State::ChunkLine | State::Trailers(_) => {
                    let Some(length) = line(buffer, self.longest_line())? else { return Ok(Piece::More) };
                    self.state = self.after_line(&buffer[..length])?;
                    buffer.advance(length + 2);
                }
            }
        }
    }

    fn longest_line(&self) -> usize {
        match self.state {
            State::ChunkLine => MAX_CHUNK_LINE,
            State::Trailers(seen) => MAX_TRAILERS - seen,
            _ => 2,
        }
    }

    fn after_line(&self, line: &[u8]) -> Result<State, BadBody> {
        match self.state {
            State::ChunkLine => Ok(match chunk_size(line)? {
                0 => State::Trailers(0),
                size => State::ChunkData(size),
            }),
            State::Trailers(_) if line.is_empty() => Ok(State::Done),
            State::Trailers(seen) => Ok(State::Trailers((seen + line.len() + 2).min(MAX_TRAILERS))),
            _ if line.is_empty() => Ok(State::ChunkLine),
            _ => Err(BadBody),
        }
    }

    /// The connection ended where the buffer ends.
    ///
    /// # Errors
    /// When the body was not over by then.
    pub(super) fn closed(&self) -> Result<(), BadBody> {
        matches!(self.state, State::Done | State::UntilClose).then_some(()).ok_or(BadBody)
    }
}

/// The length of the line at the front of the buffer, without the CRLF that ends it; with it, it has at most `most`
/// bytes.
fn line(buffer: &[u8], most: usize) -> Result<Option<usize>, BadBody> {
    let Some(end) = buffer.iter().take(most).position(|byte| *byte == b'\n') else {
        return if buffer.len() >= most { Err(BadBody) } else { Ok(None) };
    };
    let line = buffer[..end].strip_suffix(b"\r").ok_or(BadBody)?;
    let clean = !line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
    clean.then_some(Some(line.len())).ok_or(BadBody)
}

fn chunk_size(line: &[u8]) -> Result<u64, BadBody> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let after = line[digits..].trim_ascii_start();
    if !(1..=15).contains(&digits) || !(line.len() == digits || after.starts_with(b";")) {
        return Err(BadBody);
    }
    let digits = std::str::from_utf8(&line[..digits]).map_err(|_| BadBody)?;
    u64::from_str_radix(digits, 16).map_err(|_| BadBody)
}

/// Moves the first `count` bytes of a body from `from` to the end of `out`, framed.
pub(super) fn pass(framing: Framing, from: &mut BytesMut, count: usize, out: &mut Vec<u8>) {
    write(framing, &from[..count], out);
    from.advance(count);
}

/// Writes a part of a body to the end of `out`, framed.
pub(super) fn write(framing: Framing, data: &[u8], out: &mut Vec<u8>) {
    if data.is_empty() {
        return;
    }
    if framing == Framing::Chunked {
        write_hex(data.len(), out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(data);
        out.extend_from_slice(b"\r\n");
    } else {
        out.extend_from_slice(data);
    }
}

/// Writes the end of a body.
pub(super) fn finish(framing: Framing, out: &mut Vec<u8>) {
    if framing == Framing::Chunked {
        out.extend_from_slice(b"0\r\n\r\n");
    }
}

/// Writes the header that announces the framing, if one does.
pub(super) fn announce(framing: Framing, out: &mut Vec<u8>) {
    match framing {
        Framing::Empty | Framing::UntilClose => {}
        Framing::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
        Framing::Length(length) => {
            out.extend_from_slice(b"content-length: ");
            write_decimal(length, out);
            out.extend_from_slice(b"\r\n");
        }
    }
}

fn write_hex(number: usize, out: &mut Vec<u8>) {
    let digits = (usize::BITS - number.leading_zeros()).div_ceil(4).max(1);
    out.extend((0..digits).rev().map(|digit| b"0123456789abcdef"[(number >> (4 * digit)) & 15]));
}

/// Writes a number in decimal digits.
pub(super) fn write_decimal(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}
