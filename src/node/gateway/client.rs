//! A client's connection: one request after the other, for as long as both sides want.

use std::io::ErrorKind;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::telemetry::{Outcome, Span, SpanId, SpanKind, TraceParent};
use crate::topology::LifeId;
use crate::wire::headers::{LIVE_PATH, READY_PATH};

use super::body::{BodyReader, Framing, Piece};
use super::head::{Method, Refusal, RequestHead};
use super::limits::Limits;
use super::own::Own;
use super::page;
use super::routes::Shared;
use super::socket::Socket;
use super::visitors::Guest;

/// How long a body, or whoever reads an answer, may stall.
pub(super) const BODY_STALL: Duration = Duration::from_secs(30);
/// How much of a body is kept, so that an attempt can be repeated; a longer one is passed on as it comes.
const MAX_BUFFERED: usize = 64 << 10;
/// The longest name of an operation in spans, in bytes; visitors may ask for paths of any length.
const MAX_NAME: usize = 128;

/// A client's connection with what is reused from request to request.
pub(super) struct Client {
    /// The connection.
    pub(super) socket: Socket,
    /// The head of the request that is being answered.
    pub(super) head: RequestHead,
    /// Its body, or the beginning of it.
    pub(super) body: Vec<u8>,
    /// What is about to be written, to either side.
    pub(super) out: Vec<u8>,
    /// The client's address, without its port.
    pub(super) peer: String,
    /// The value of the hop header that came last, and what it says: it is the same again nearly always.
    hop: (Vec<u8>, Option<LifeId>),
    /// Who sent the request that is being answered, if it came from outside.
    pub(super) guest: Option<Guest>,
}

/// How a request's body goes on to the replica.
pub(super) struct BodyPlan {
    /// How it is framed.
    pub(super) framing: Framing,
    /// What reads the rest of it, if it is too long to be kept.
    pub(super) rest: Option<BodyReader>,
}

/// How a request ended for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    /// Whether the connection may take another request.
    pub(super) keep: bool,
    /// The status that the client was given; 0 without one.
    pub(super) status: u16,
    /// How it ended.
    pub(super) outcome: Outcome,
}

/// Why no body was read.
enum NoBody {
    Refused(Refusal),
    Gone,
}

/// Serves a connection until either side has had enough.
pub(super) async fn serve(shared: Rc<Shared>, stream: TcpStream, peer: String) {
    let mut client = Client {
        socket: Socket::new(stream),
        head: RequestHead::default(),
        body: Vec::new(),
        out: Vec::new(),
        peer,
        hop: (Vec::new(), None),
        guest: None,
    };
    loop {
        match client.read_head(shared.limits).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(refusal) => {
                let _ = client.say(Own::refused(refusal), false, false).await;
                return client.socket.close_gently().await;
            }
        }
        let in_flight = shared.begin();
        let keep = client.answer(&shared).await;
        drop(in_flight);
        if !keep {
            return client.socket.close_gently().await;
        }
    }
}

impl Client {
    /// Reads the next head. `false`: the client has left, or said nothing for too long.
    async fn read_head(&mut self, limits: Limits) -> Result<bool, Refusal> {
        let mut deadline = None;
        loop {
            if !self.socket.buffer.is_empty() {
                if self.head.read(&mut self.socket.buffer)? {
                    return Ok(true);
                }
                deadline.get_or_insert_with(|| Instant::now() + limits.head);
            }
            let limit = deadline.unwrap_or_else(|| Instant::now() + limits.idle);
            match timeout_at(limit, self.socket.fill()).await {
                Ok(Ok(count)) if count > 0 => {}
                Err(_) if deadline.is_some() => {
                    return Err(Refusal { status: 408, words: "the request's head took too long" });
                }
                _ => return Ok(false),
            }
        }
    }

    /// Answers the request whose head was read. Whether the connection may take another.
    async fn answer(&mut self, shared: &Shared) -> bool {
        let path = self.head.path();
        if path == LIVE_PATH.as_bytes() || path == READY_PATH.as_bytes() {
            let fit = path == LIVE_PATH.as_bytes() || !shared.draining.get();
            let keep = self.head.keep_alive && self.head.framing == Framing::Empty;
            return self.say(Own::health(fit), self.head.method == Method::Head, keep).await.is_ok() && keep;
        }
        let start_us = shared.context.clock.now_us();
        let of_run = self.count_hop(shared);
        let reporter = &shared.context.reporter;
        let received = self.head.trace;
        let trace = received.filter(|_| of_run).unwrap_or_else(|| {
            // Whoever is not of the run may name a trace, but not decide how many are sampled.
            let (new, sampled) = reporter.begin_trace();
            let trace = received.map_or(new, |received| received.trace);
            TraceParent { trace, parent: SpanId(0), sampled }
        });
        let id = reporter.span_id();
        self.guest = (!of_run).then(|| {
            let cookie = self.head.cookie(shared.visitors.cookie());
            shared.visitors.greet(cookie, &self.peer, start_us)
        });
        // The trace of who comes from outside begins here, with a request of its own as a user's does.
        let request = self.guest.as_ref().map(|_| reporter.span_id());
        let context = TraceParent { parent: id, ..trace };
        let name = operation(self.head.path());
        let ended = match self.read_body().await {
            Ok(_) if self.asks_for_page() => self.show_page(shared).await,
            Ok(plan) => self.forward(shared, plan, context, &name).await,
            Err(NoBody::Refused(refusal)) => self.fail(Own::refused(refusal), false).await,
            Err(NoBody::Gone) => Ended { keep: false, status: 0, outcome: Outcome::TimedOut },
        };
        let span = Span {
            trace: trace.trace,
            id,
            parent: request.or(received.map(|received| received.parent)),
            life: shared.context.life.clone(),
            kind: SpanKind::Server,
            name,
            to: None,
            peer: None,
            start_us,
            end_us: shared.context.clock.now_us(),
            outcome: ended.outcome,
            status: ended.status,
            attempt: 0,
            user: self.user(),
        };
        if let (Some(guest), Some(request)) = (&self.guest, request) {
            shared.visitors.served(guest, ended.status, span.end_us);
            let root = Span {
                id: request,
                parent: received.map(|received| received.parent),
                kind: SpanKind::Request,
                user: Some(guest.number),
                ..span.clone()
            };
            if ended.outcome.is_ok() {
                reporter.span(root, trace.sampled);
            } else {
                reporter.bad_span(root, trace.sampled);
            }
        }
        reporter.span(span, trace.sampled);
        ended.keep
    }

    /// The virtual user who sent the request. Who is not of the run may name none.
    pub(super) fn user(&self) -> Option<u32> {
        self.head.user.filter(|_| self.guest.is_none())
    }

    /// Whether somebody from outside looks at the gateway itself.
    fn asks_for_page(&self) -> bool {
        self.guest.is_some() && self.head.path() == b"/" && self.head.method != Method::Other
    }

    /// Answers with the page for visitors.
    async fn show_page(&mut self, shared: &Shared) -> Ended {
        let keep = self.head.keep_alive && !shared.draining.get();
        let (number, cookie_line) = match &self.guest {
            Some(guest) => (guest.number, guest.cookie_line.as_deref().unwrap_or_default()),
            None => (0, ""),
        };
        self.out.clear();
        let form = (self.head.method == Method::Head, !keep);
        page::write(&shared.node, number, &shared.operations(), cookie_line, form, &mut self.out);
        let said = self.socket.write_within(&self.out, BODY_STALL).await;
        Ended { keep: keep && said.is_ok(), status: 200, outcome: Outcome::Ok }
    }

    /// Enters the request into the books of the link that it came over, if it is of this run. Whether it is.
    fn count_hop(&mut self, shared: &Shared) -> bool {
        let Some(hop) = self.head.hop() else { return false };
        if self.hop.0 != hop {
            let of_run = std::str::from_utf8(hop).ok().and_then(|hop| hop.split_once(' '));
            let life = of_run.filter(|(run, _)| *run == shared.context.run.id).and_then(|(_, life)| life.parse().ok());
            self.hop = (hop.to_vec(), life);
        }
        if let Some(life) = &self.hop.1 {
            shared.context.reporter.received(life);
        }
        self.hop.1.is_some()
    }

    /// Reads the body, as far as it is kept.
    async fn read_body(&mut self) -> Result<BodyPlan, NoBody> {
        self.body.clear();
        let mut reader = BodyReader::new(self.head.framing);
        let mut waits = self.head.expects_continue && self.socket.buffer.is_empty();
        loop {
            let too_long = matches!(self.head.framing, Framing::Length(length) if length > MAX_BUFFERED as u64);
            if too_long && !waits {
                return Ok(BodyPlan { framing: self.head.framing, rest: Some(reader) });
            }
            match reader.next(&mut self.socket.buffer) {
                Ok(Piece::Data(count)) => {
                    super::body::pass(Framing::UntilClose, &mut self.socket.buffer, count, &mut self.body);
                    if self.body.len() > MAX_BUFFERED {
                        return Ok(BodyPlan { framing: Framing::Chunked, rest: Some(reader) });
                    }
                }
                Ok(Piece::End) => {
                    let has_body = self.head.framing != Framing::Empty;
                    let framing = if has_body { Framing::Length(self.body.len() as u64) } else { Framing::Empty };
                    return Ok(BodyPlan { framing, rest: None });
                }
                Ok(Piece::More) => {
                    if std::mem::take(&mut waits) {
                        let leave = b"HTTP/1.1 100 Continue\r\n\r\n";
                        self.socket.write_within(leave, BODY_STALL).await.map_err(|_| NoBody::Gone)?;
                        continue;
                    }
                    self.read_more().await?;
                }
                Err(_) => {
                    let words = "the request's body is not framed as the rules of HTTP have it";
                    return Err(NoBody::Refused(Refusal { status: 400, words }));
                }
            }
        }
    }

    async fn read_more(&mut self) -> Result<(), NoBody> {
        match self.socket.fill_within(BODY_STALL).await {
            Ok(count) if count > 0 => Ok(()),
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                Err(NoBody::Refused(Refusal { status: 408, words: "the request's body took too long" }))
            }
            _ => Err(NoBody::Gone),
        }
    }

    /// Gives the gateway's own answer.
    async fn say(&mut self, own: Own, head: bool, keep: bool) -> std::io::Result<()> {
        self.out.clear();
        own.write(head, !keep, &mut self.out);
        self.socket.write_within(&self.out, BODY_STALL).await
    }

    /// Gives the gateway's own answer to a request that it could not have answered.
    pub(super) async fn fail(&mut self, own: Own, keep: bool) -> Ended {
        let keep = keep && self.head.keep_alive;
        let said = self.say(own, self.head.method == Method::Head, keep).await;
        let outcome = own.cause.map_or(Outcome::Ok, Outcome::Failed);
        Ended { keep: keep && said.is_ok(), status: own.status, outcome }
    }
}

/// Tells a client that there is no place for it.
pub(super) async fn turn_away(stream: TcpStream) {
    let mut socket = Socket::new(stream);
    let mut out = Vec::new();
    Own::full().write(false, true, &mut out);
    if socket.write_within(&out, BODY_STALL).await.is_ok() {
        socket.close_gently().await;
    }
}

/// The operation that a path names, as reports write it: `/cart/add` is `cart.add`.
fn operation(path: &[u8]) -> String {
    let path = path.strip_prefix(b"/").unwrap_or(path);
    let path = String::from_utf8_lossy(&path[..path.len().min(MAX_NAME)]);
    path.replacen('/', ".", 1)
}
