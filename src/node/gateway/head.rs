//! Heads of requests: read strictly, because two readers who disagree about where a request ends let one user's bytes
//! become another's request. What is ambiguous is refused, never repaired. No IO.

use std::mem::MaybeUninit;

use bytes::{Buf, BytesMut};

use crate::telemetry::TraceParent;
use crate::wire::headers;

use super::body::Framing;

/// The longest head, in bytes.
const MAX_HEAD: usize = 16 << 10;
/// The most header lines.
pub(super) const MAX_FIELDS: usize = 100;

/// A request that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The status to answer with.
    pub(super) status: u16,
    /// Why, for the sender.
    pub(super) words: &'static str,
}

const fn refuse<T>(status: u16, words: &'static str) -> Result<T, Refusal> {
    Err(Refusal { status, words })
}

/// What a method allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Method {
    /// Only reads; may be repeated.
    Get,
    /// Like GET, without the body of the answer.
    Head,
    /// Anything else: must not be repeated once it was sent.
    #[default]
    Other,
}

/// What becomes of a header line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is passed on as it is.
    Pass,
    /// It belongs to this hop alone, or is written anew.
    Drop,
    /// As `Pass`, even if `connection` names it.
    Host,
    /// As `Pass`; read for affinity.
    Cookie,
    /// Joined with this hop's own entry.
    ForwardedFor,
    /// Joined with this hop's own entry.
    Via,
}

#[derive(Debug, Clone, Copy, Default)]
struct Range {
    start: u16,
    end: u16,
}

#[derive(Debug, Clone, Copy)]
struct Field {
    name: Range,
    value: Range,
    kind: Kind,
}

/// The head of one request. Reused from request to request, so that reading one allocates nothing.
#[derive(Debug, Default)]
pub(super) struct RequestHead {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    method_text: Range,
    target: Range,
    /// What the method allows.
    pub(super) method: Method,
    /// Whether the client speaks HTTP/1.0.
    pub(super) http10: bool,
    /// How the body ends.
    pub(super) framing: Framing,
    /// Whether the client lets the connection stay open.
    pub(super) keep_alive: bool,
    /// Whether the client waits for leave to send the body.
    pub(super) expects_continue: bool,
    /// The trace that the request belongs to.
    pub(super) trace: Option<TraceParent>,
    /// The number of the virtual user.
    pub(super) user: Option<u32>,
    hop: Option<Range>,
    has_host: bool,
}

impl RequestHead {
    /// Reads a head from the front of the buffer and takes it out. `false`: more bytes are needed.
    ///
    /// # Errors
    /// When it cannot be understood in exactly one way, or is too large.
    pub(super) fn read(&mut self, buffer: &mut BytesMut) -> Result<bool, Refusal> {
        while buffer.starts_with(b"\r\n") {
            buffer.advance(2);
        }
        let mut space = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let mut parsed = httparse::Request::new(&mut []);
        let length = match parsed.parse_with_uninit_headers(buffer, &mut space) {
            Ok(httparse::Status::Complete(length)) if length <= MAX_HEAD => length,
            Ok(httparse::Status::Partial) if buffer.len() <= MAX_HEAD => return Ok(false),
            Ok(_) | Err(httparse::Error::TooManyHeaders) => return refuse(431, "the request's head is too large"),
            Err(httparse::Error::Version) => return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),
            Err(_) => return refuse(400, "the request's head breaks the rules of HTTP"),
        };
        if has_bare_line_feed(&buffer[..length]) {
            return refuse(400, "a line of the request's head does not end with CRLF");
        }
        let base = buffer.as_ptr() as usize;
        let range = |part: &[u8]| {
            let start = (part.as_ptr() as usize).wrapping_sub(base) as u16;
            Range { start, end: start.wrapping_add(part.len() as u16) }
        };
        self.bytes.clear();
        self.bytes.extend_from_slice(&buffer[..length]);
        self.fields.clear();
        let method = parsed.method.unwrap_or_default();
        self.method_text = range(method.as_bytes());
        self.target = range(parsed.path.unwrap_or_default().as_bytes());
        self.method = match method {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "CONNECT" | "TRACE" => return refuse(405, "this method is not allowed here"),
            _ => Method::Other,
        };
        self.http10 = parsed.version == Some(0);
        let outcome = self.read_fields(parsed.headers, range);
        buffer.advance(length);
        outcome?;
        self.check_target()?;
        Ok(true)
    }

    fn read_fields(&mut self, parsed: &[httparse::Header<'_>], range: impl Fn(&[u8]) -> Range) -> Result<(), Refusal> {
        let mut length = None;
        let mut chunked = false;
        (self.hop, self.trace, self.user, self.has_host) = (None, None, None, false);
        (self.keep_alive, self.expects_continue) = (!self.http10, false);
        let mut names_more = false;
        for field in parsed {
            let (name, value) = (field.name.as_bytes(), field.value);
            let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
            let mut kind = kind(name);
            if is("content-length") {
                if length.is_some() {
                    return refuse(400, "content-length is given more than once");
                }
                length = Some(decimal(value).ok_or(Refusal { status: 400, words: "content-length is not a number" })?);
            } else if is("transfer-encoding") {
                if chunked || !value.eq_ignore_ascii_case(b"chunked") || self.http10 {
                    return refuse(400, "the only transfer-encoding understood here is chunked, once, in HTTP/1.1");
                }
                chunked = true;
            } else if is("connection") {
                for option in options(value) {
                    self.keep_alive &= !option.eq_ignore_ascii_case(b"close");
                    names_more |= !option.eq_ignore_ascii_case(b"close") && !option.eq_ignore_ascii_case(b"keep-alive");
                }
            } else if is("expect") {
                if !value.eq_ignore_ascii_case(b"100-continue") {
                    return refuse(417, "only 100-continue can be expected");
                }
                self.expects_continue = !self.http10;
            } else if kind == Kind::Host {
                if self.has_host || !is_host(value) {
                    return refuse(400, "host is given more than once or is not a host");
                }
                self.has_host = true;
            } else if is(headers::TRACEPARENT) {
                (self.trace, kind) = (TraceParent::parse(value), Kind::Drop);
            } else if is(headers::HOP) {
                (self.hop, kind) = ((!value.is_empty()).then(|| range(value)), Kind::Drop);
            } else if is(headers::USER) {
                self.user = decimal(value).and_then(|user| u32::try_from(user).ok());
            }
            let name = range(name);
            // An empty value may lie anywhere; the line then ends with the colon behind the name.
            let empty = Range { start: name.end + 1, end: name.end + 1 };
            self.fields.push(Field { name, value: if value.is_empty() { empty } else { range(value) }, kind });
        }
        if chunked && length.is_some() {
            return refuse(400, "content-length and transfer-encoding contradict each other");
        }
        if !self.has_host && !self.http10 {
            return refuse(400, "host is missing");
        }
        self.framing = match length {
            _ if chunked => Framing::Chunked,
            None | Some(0) => Framing::Empty,
            Some(length) => Framing::Length(length),
        };
        if length == Some(0) && self.method == Method::Other {
            self.framing = Framing::Length(0);
        }
        if names_more {
            self.drop_named();
        }
        Ok(())
    }

    /// Drops what `connection` names, except the host: without it the request would mean something else.
    fn drop_named(&mut self) {
        let text = |range: Range| &self.bytes[usize::from(range.start)..usize::from(range.end)];
        let named: Vec<&[u8]> = self
            .fields
            .iter()
            .filter(|field| text(field.name).eq_ignore_ascii_case(b"connection"))
            .flat_map(|field| options(text(field.value)))
            .collect();
        for field in &mut self.fields {
            let name = &self.bytes[usize::from(field.name.start)..usize::from(field.name.end)];
            if field.kind != Kind::Host && named.iter().any(|named| named.eq_ignore_ascii_case(name)) {
                field.kind = Kind::Drop;
            }
        }
    }

    fn check_target(&self) -> Result<(), Refusal> {
        let target = self.target();
        if !target.starts_with(b"/") || target.contains(&b'#') {
            return refuse(400, "the request's target must be a path");
        }
        if target.iter().any(|byte| !byte.is_ascii_graphic()) {
            return refuse(400, "the request's target has bytes that must be percent-encoded");
        }
        Ok(())
    }

    fn text(&self, range: Range) -> &[u8] {
        &self.bytes[usize::from(range.start)..usize::from(range.end)]
    }

    /// The method as it was written.
    pub(super) fn method_text(&self) -> &[u8] {
        self.text(self.method_text)
    }

    /// Path and query.
    pub(super) fn target(&self) -> &[u8] {
        self.text(self.target)
    }

    /// The path without its query.
    pub(super) fn path(&self) -> &[u8] {
        let target = self.target();
        &target[..target.iter().position(|byte| *byte == b'?').unwrap_or(target.len())]
    }

    /// The value of the hop header.
    pub(super) fn hop(&self) -> Option<&[u8]> {
        self.hop.map(|range| self.text(range))
    }

    /// Whether a host was named; in HTTP/1.0 it need not be.
    pub(super) fn has_host(&self) -> bool {
        self.has_host
    }

    /// The header lines: what becomes of each, the line without its end, and its value.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Kind, &[u8], &[u8])> {
        self.fields.iter().map(|field| {
            let line = Range { start: field.name.start, end: field.value.end };
            (field.kind, self.text(line), self.text(field.value))
        })
    }

    /// The value of a cookie; the first one where it is given more than once.
    pub(super) fn cookie(&self, name: &str) -> Option<&[u8]> {
        let pairs = self
            .lines()
            .filter(|(kind, ..)| *kind == Kind::Cookie)
            .flat_map(|(_, _, value)| value.split(|byte| *byte == b';'));
        pairs.map(<[u8]>::trim_ascii).find_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
    }
}

/// What becomes of a header line with this name, in requests and answers alike.
pub(super) fn kind(name: &[u8]) -> Kind {
    const KNOWN: [(&str, Kind); 13] = [
        ("host", Kind::Host),
        ("cookie", Kind::Cookie),
        ("x-forwarded-for", Kind::ForwardedFor),
        ("via", Kind::Via),
        ("connection", Kind::Drop),
        ("content-length", Kind::Drop),
        ("transfer-encoding", Kind::Drop),
        ("keep-alive", Kind::Drop),
        ("te", Kind::Drop),
        ("trailer", Kind::Drop),
        ("upgrade", Kind::Drop),
        ("expect", Kind::Drop),
        ("http2-settings", Kind::Drop),
    ];
    if name.len() > 6 && name[..6].eq_ignore_ascii_case(b"proxy-") {
        return Kind::Drop;
    }
    KNOWN.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map_or(Kind::Pass, |(_, kind)| *kind)
}

/// The elements of a comma-separated list.
pub(super) fn options(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|option| !option.is_empty())
}

/// A number of digits alone: no sign, no space, no list.
pub(super) fn decimal(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// Whether some line ends with LF alone, which httparse lets through and other readers may not.
pub(super) fn has_bare_line_feed(head: &[u8]) -> bool {
    head.first() == Some(&b'\n') || head.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r')
}

fn is_host(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+;=".contains(byte))
}
