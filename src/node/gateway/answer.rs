//! Heads of answers: read as strictly as requests, and written anew for the client in one go. No IO.

use std::mem::MaybeUninit;

use bytes::{Buf, BytesMut};

use crate::telemetry::Cause;
use crate::wire::headers;

use super::body::{self, Framing};
use super::head::{Kind, MAX_FIELDS, decimal, has_bare_line_feed, kind, options};

/// The longest head, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// An answer that breaks the rules of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadAnswer;

/// What the head of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status code.
    pub(super) status: u16,
    /// How the body ends on the upstream's connection.
    pub(super) framing: Framing,
    /// How the body is framed for the client.
    pub(super) reframed: Framing,
    /// Whether the upstream's connection can take another request afterwards.
    pub(super) reuse: bool,
    /// The cause that the service gave for a bad answer.
    pub(super) cause: Option<Cause>,
}

/// What of the request bears on the form of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The method was HEAD: there is no body.
    pub(super) head: bool,
    /// The client speaks HTTP/1.0: no chunks.
    pub(super) http10: bool,
}

/// Reads the head of the final answer from the front of the buffer, takes it out, and writes it for the client to the
/// end of `out`: without what belongs to the upstream's hop, with the body's new framing, still without the empty line
/// that ends it. Interim answers (1xx) are skipped. `None`: more bytes are needed.
///
/// # Errors
/// When it cannot be understood in exactly one way, or is too large.
pub(super) fn translate(buffer: &mut BytesMut, asked: Asked, out: &mut Vec<u8>) -> Result<Option<Answer>, BadAnswer> {
    loop {
        let mut space = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let mut parsed = httparse::Response::new(&mut []);
        let config = httparse::ParserConfig::default();
        let length = match config.parse_response_with_uninit_headers(&mut parsed, buffer, &mut space) {
            Ok(httparse::Status::Complete(length)) if length <= MAX_HEAD => length,
            Ok(httparse::Status::Partial) if buffer.len() <= MAX_HEAD => return Ok(None),
            _ => return Err(BadAnswer),
        };
        if has_bare_line_feed(&buffer[..length]) {
            return Err(BadAnswer);
        }
        let status = parsed.code.unwrap_or_default();
        // Nothing was upgraded here, so nobody may switch.
        if !(100..=599).contains(&status) || status == 101 {
            return Err(BadAnswer);
        }
        if status < 200 {
            buffer.advance(length);
            continue;
        }
        let answer = Fields::read(&parsed)?.answer(status, asked)?;
        write(&parsed, answer, out);
        buffer.advance(length);
        return Ok(Some(answer));
    }
}

/// What the header lines say.
struct Fields {
    length: Option<u64>,
    chunked: bool,
    close: bool,
    cause: Option<Cause>,
}

impl Fields {
    fn read(parsed: &httparse::Response<'_, '_>) -> Result<Self, BadAnswer> {
        let http10 = parsed.version == Some(0);
        let mut fields = Self { length: None, chunked: false, close: http10, cause: None };
        for field in &*parsed.headers {
            let is = |known: &str| field.name.eq_ignore_ascii_case(known);
            if is("content-length") {
                if fields.length.is_some() {
                    return Err(BadAnswer);
                }
                fields.length = Some(decimal(field.value).ok_or(BadAnswer)?);
            } else if is("transfer-encoding") {
                if fields.chunked || http10 || !field.value.eq_ignore_ascii_case(b"chunked") {
                    return Err(BadAnswer);
                }
                fields.chunked = true;
            } else if is("connection") {
                fields.close |= options(field.value).any(|option| option.eq_ignore_ascii_case(b"close"));
            } else if is(headers::CAUSE) {
                fields.cause = std::str::from_utf8(field.value).ok().and_then(Cause::parse);
            }
        }
        if fields.chunked && fields.length.is_some() { Err(BadAnswer) } else { Ok(fields) }
    }

    fn answer(&self, status: u16, asked: Asked) -> Result<Answer, BadAnswer> {
        let bodyless = asked.head || matches!(status, 204 | 304);
        let framing = match self.length {
            _ if bodyless => Framing::Empty,
            _ if self.chunked => Framing::Chunked,
            Some(length) => Framing::Length(length),
            None => Framing::UntilClose,
        };
        let reframed = match framing {
            // What a body would have been is still told.
            Framing::Empty if status != 204 => self.length.map_or(Framing::Empty, Framing::Length),
            Framing::Chunked | Framing::UntilClose if asked.http10 => Framing::UntilClose,
            Framing::UntilClose => Framing::Chunked,
            Framing::Empty | Framing::Length(_) | Framing::Chunked => framing,
        };
        // What has no body but announces chunks may send some all the same: they must not become the next answer.
        let clean = asked.head || !matches!(status, 204 | 304) || !self.chunked;
        let reuse = !self.close && clean && framing != Framing::UntilClose;
        Ok(Answer { status, framing, reframed, reuse, cause: self.cause })
    }
}

fn write(parsed: &httparse::Response<'_, '_>, answer: Answer, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    body::write_decimal(answer.status.into(), out);
    out.push(b' ');
    out.extend_from_slice(parsed.reason.unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
    let named: Vec<&[u8]> = parsed
        .headers
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case("connection"))
        .flat_map(|field| options(field.value))
        .collect();
    for field in &*parsed.headers {
        let name = field.name.as_bytes();
        if kind(name) == Kind::Drop || named.iter().any(|named| named.eq_ignore_ascii_case(name)) {
            continue;
        }
        out.extend_from_slice(name);
        out.extend_from_slice(b": ");
        out.extend_from_slice(field.value);
        out.extend_from_slice(b"\r\n");
    }
    body::announce(answer.reframed, out);
}
