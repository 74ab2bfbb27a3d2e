//! One attempt: a request sent to one replica, up to the head of its answer.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::node::balancer::Picked;
use crate::telemetry::{Cause, TraceParent};
use crate::wire::{NoticedBy, headers};

use super::answer::{Answer, Asked, translate};
use super::body::{self, BodyReader, Framing, Piece};
use super::client::BODY_STALL;
use super::head::{Kind, Method, RequestHead};
use super::routes::{Route, Shared};
use super::socket::Socket;

/// How long a connection may take to come about; on one machine it is there at once or never.
const CONNECT: Duration = Duration::from_secs(1);

/// What an attempt sends.
pub(super) struct Outgoing<'a> {
    /// The head as the client sent it.
    pub(super) head: &'a RequestHead,
    /// The client's address as it is told the replica.
    pub(super) peer: &'a str,
    /// The body, or its beginning, without framing.
    pub(super) body: &'a [u8],
    /// How the body is framed for the replica.
    pub(super) framing: Framing,
    /// Where the rest of the body comes from, if it is not all in `body`.
    pub(super) rest: Option<(&'a mut Socket, &'a mut BodyReader)>,
    /// How long the replica may take.
    pub(super) limit: Duration,
}

/// The head of an answer, and the connection that its body comes from.
pub(super) struct Answered {
    /// The connection, read up to the body.
    pub(super) socket: Socket,
    /// What the head says.
    pub(super) answer: Answer,
    /// Whether the request was sent to its end; if not, neither connection can be used again.
    pub(super) complete: bool,
}

/// An attempt without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed {
    /// Why.
    pub(super) cause: Cause,
    /// What it says about the replica, if it says anything.
    pub(super) by: Option<NoticedBy>,
    /// Whether any byte of the request may have arrived.
    pub(super) sent: bool,
}

impl Failed {
    const fn new(cause: Cause, by: Option<NoticedBy>) -> Self {
        Self { cause, by, sent: true }
    }

    /// The replica's answer broke off before the client got any of it.
    pub(super) const fn answering(cause: Cause) -> Self {
        Self::new(cause, None)
    }

    const RESET: Self = Self::new(Cause::Reset, Some(NoticedBy::Reset));
    const TIMED_OUT: Self = Self::new(Cause::UpstreamTimedOut, Some(NoticedBy::TimedOut));
    const PROTOCOL: Self = Self::new(Cause::Protocol, None);
    /// The client broke off its own request: no word about the replica, and nobody is left to be answered.
    pub(super) const CLIENT: Self = Self::new(Cause::Status, None);
}

/// A connection to the replica: an idle one if there is one that its other side has not closed.
pub(super) async fn connect(shared: &Shared, route: &Route, picked: &Picked) -> Result<Socket, Failed> {
    let idle = route.pool.borrow_mut().take(&picked.life, shared.context.clock.now_us());
    if let Some(socket) = idle {
        return Ok(socket);
    }
    let failed = match timeout(CONNECT, TcpStream::connect(picked.address)).await {
        Ok(Ok(stream)) => return Ok(Socket::new(stream)),
        Ok(Err(error)) if is_of_replica(&error) => Failed::new(Cause::Refused, Some(NoticedBy::Refused)),
        // Out of descriptors or ports: that is this process's own trouble.
        Ok(Err(_)) => Failed::new(Cause::NoUpstream, None),
        Err(_) => Failed::TIMED_OUT,
    };
    Err(Failed { sent: false, ..failed })
}

/// Whether a connection that did not come about says something about the replica, not about this process.
pub(super) fn is_of_replica(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Sends the request and reads the head of the answer, which is written for the client to the end of `out`.
pub(super) async fn exchange(
    mut socket: Socket,
    mut outgoing: Outgoing<'_>,
    shared: &Shared,
    span: TraceParent,
    out: &mut Vec<u8>,
) -> Result<Answered, Failed> {
    let asked = Asked { head: outgoing.head.method == Method::Head, http10: outgoing.head.http10 };
    out.clear();
    write_head(&outgoing, shared, span, out);
    body::write(outgoing.framing, outgoing.body, out);
    let rest = outgoing.rest.take();
    if rest.is_none() {
        body::finish(outgoing.framing, out);
    }
    socket.write_within(out, outgoing.limit).await.map_err(|error| failure(&error))?;
    let complete = match rest {
        None => true,
        Some((client, reader)) => upload(&mut socket, client, reader, &outgoing, out).await?,
    };
    out.clear();
    let deadline = Instant::now() + outgoing.limit;
    loop {
        match translate(&mut socket.buffer, asked, out) {
            Ok(Some(answer)) => return Ok(Answered { socket, answer, complete }),
            Ok(None) => {}
            Err(_) => return Err(Failed::PROTOCOL),
        }
        match timeout_at(deadline, socket.fill()).await {
            Ok(Ok(0)) => return Err(Failed::RESET),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(failure(&error)),
            Err(_) => return Err(Failed::TIMED_OUT),
        }
    }
}

fn failure(error: &std::io::Error) -> Failed {
    if error.kind() == ErrorKind::TimedOut { Failed::TIMED_OUT } else { Failed::RESET }
}

/// Passes the rest of a long body on. `false` when the replica answered before it had all.
async fn upload(
    socket: &mut Socket,
    client: &mut Socket,
    reader: &mut BodyReader,
    outgoing: &Outgoing<'_>,
    out: &mut Vec<u8>,
) -> Result<bool, Failed> {
    out.clear();
    loop {
        let over = match reader.next(&mut client.buffer) {
            Ok(Piece::Data(count)) => {
                body::pass(outgoing.framing, &mut client.buffer, count, out);
                false
            }
            Ok(Piece::End) => {
                body::finish(outgoing.framing, out);
                true
            }
            Ok(Piece::More) => {
                tokio::select! {
                    answered = socket.fill() => {
                        return if matches!(answered, Ok(count) if count > 0) { Ok(false) } else { Err(Failed::RESET) };
                    }
                    more = client.fill_within(BODY_STALL) => match more {
                        Ok(count) if count > 0 => continue,
                        _ => return Err(Failed::CLIENT),
                    },
                }
            }
            Err(_) => return Err(Failed::CLIENT),
        };
        if !send(socket, out, outgoing.limit).await? {
            return Ok(false);
        }
        out.clear();
        if over {
            return Ok(true);
        }
    }
}

/// Writes, and reads meanwhile: a replica that answers before it has read everything may have stopped reading.
async fn send(socket: &mut Socket, data: &[u8], limit: Duration) -> Result<bool, Failed> {
    let mut written = 0;
    while written < data.len() {
        match socket.try_write(&data[written..]) {
            Ok(count) => written += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let ready = socket.stream.ready(Interest::WRITABLE | Interest::READABLE);
                let ready = timeout(limit, ready).await.map_err(|_| Failed::TIMED_OUT)?.map_err(|_| Failed::RESET)?;
                if ready.is_readable() {
                    match socket.try_fill() {
                        Ok(0) => return Err(Failed::RESET),
                        Ok(_) => return Ok(false),
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        Err(_) => return Err(Failed::RESET),
                    }
                }
            }
            Err(_) => return Err(Failed::RESET),
        }
    }
    Ok(true)
}

/// Writes the head as the replica gets it: without what belongs to the client's hop, with this hop's own lines.
fn write_head(outgoing: &Outgoing<'_>, shared: &Shared, span: TraceParent, out: &mut Vec<u8>) {
    let head = outgoing.head;
    for part in [head.method_text(), b" ", head.target(), b" HTTP/1.1\r\n"] {
        out.extend_from_slice(part);
    }
    let (mut forwarded, mut via) = (false, false);
    for (kind, line, _) in head.lines() {
        match kind {
            Kind::Pass | Kind::Host | Kind::Cookie => {
                out.extend_from_slice(line);
                out.extend_from_slice(b"\r\n");
            }
            Kind::ForwardedFor => forwarded = true,
            Kind::Via => via = true,
            Kind::Drop => {}
        }
    }
    if !head.has_host() {
        // An upstream that speaks HTTP/1.1 demands one.
        let _ = write!(out, "host: {}\r\n", shared.node);
    }
    body::announce(outgoing.framing, out);
    out.extend_from_slice(b"x-forwarded-for: ");
    join(head, forwarded, Kind::ForwardedFor, out);
    let _ = write!(out, "{}\r\nvia: ", outgoing.peer);
    join(head, via, Kind::Via, out);
    let version = if head.http10 { "1.0" } else { "1.1" };
    let _ = write!(out, "{version} {}\r\n{}: {span}\r\n", shared.node, headers::TRACEPARENT);
    out.extend_from_slice(&shared.hop_line);
    out.extend_from_slice(b"\r\n");
}

/// Writes the entries that came with the request, ready for one more.
fn join(head: &RequestHead, any: bool, kind: Kind, out: &mut Vec<u8>) {
    if any {
        for (_, _, value) in head.lines().filter(|(of, _, value)| *of == kind && !value.is_empty()) {
            out.extend_from_slice(value);
            out.extend_from_slice(b", ");
        }
    }
}
