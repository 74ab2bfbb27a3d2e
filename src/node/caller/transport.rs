//! Connections to other services, kept for the next call, one set for each life. One exchange at a time on each.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::node::Context;
use crate::node::balancer::Picked;
use crate::telemetry::Cause;
use crate::topology::LifeId;
use crate::wire::headers;

use super::meter::{Carried, Metered};
use super::{Call, Reply};

/// How many idle connections to one life are kept.
const MAX_IDLE: usize = 64;
/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// Why an attempt got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::node) enum Broken {
    /// No connection came about: nothing was sent.
    Refused,
    /// The connection ended before the answer was complete.
    Reset,
    /// The time limit passed.
    TimedOut,
    /// The answer was no HTTP, or too long.
    Protocol,
    /// There was no replica to send to.
    NoUpstream,
}

impl Broken {
    /// What the books call it.
    pub(in crate::node) const fn cause(self) -> Cause {
        match self {
            Self::Refused => Cause::Refused,
            Self::Reset => Cause::Reset,
            Self::TimedOut => Cause::UpstreamTimedOut,
            Self::Protocol => Cause::Protocol,
            Self::NoUpstream => Cause::NoUpstream,
        }
    }
}

/// An answer, read to its end.
pub(in crate::node) struct Answer {
    pub(super) status: u16,
    pub(super) cause: Option<Cause>,
    headers: HeaderMap,
    body: Bytes,
    /// Bytes written for the request and read of the answer.
    pub(super) carried: (u64, u64),
}

impl Answer {
    pub(in crate::node) fn into_reply(self) -> Reply {
        Reply { status: self.status, cause: self.cause, headers: self.headers, body: self.body }
    }
}

/// A connection, and what it carries.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    carries: Rc<Carried>,
}

/// Idle connections by life.
#[derive(Default)]
pub(in crate::node) struct Pool {
    idle: RefCell<HashMap<LifeId, Vec<Connection>>>,
}

impl Pool {
    /// Closes the idle connections to all lives but these.
    pub(super) fn keep_only(&self, listed: impl Fn(&LifeId) -> bool) {
        self.idle.borrow_mut().retain(|life, _| listed(life));
    }

    /// Sends a request and reads its answer. `sent` says at every moment whether the request may have left.
    pub(in crate::node) async fn exchange(
        &self,
        to: &Picked,
        mut request: Request<Full<Bytes>>,
        sent: &Cell<bool>,
    ) -> Result<Answer, Broken> {
        loop {
            let (mut connection, pooled) = match self.idle_connection(&to.life).await {
                Some(connection) => (connection, true),
                None => (connect(to.address).await?, false),
            };
            sent.set(true);
            connection.carries.take();
            match connection.sender.try_send_request(request).await {
                Ok(response) => {
                    let mut answer = read(response).await?;
                    answer.carried = connection.carries.take();
                    self.put_back(&to.life, connection);
                    return Ok(answer);
                }
                Err(mut error) => match error.take_message() {
                    // The peer had closed the idle connection and the request never left: not an attempt of its own.
                    Some(unsent) if pooled => {
                        sent.set(false);
                        request = unsent;
                    }
                    _ if error.error().is_parse() => return Err(Broken::Protocol),
                    _ => return Err(Broken::Reset),
                },
            }
        }
    }

    async fn idle_connection(&self, life: &LifeId) -> Option<Connection> {
        loop {
            let mut connection = self.idle.borrow_mut().get_mut(life)?.pop()?;
            if connection.sender.ready().await.is_ok() {
                return Some(connection);
            }
        }
    }

    fn put_back(&self, life: &LifeId, connection: Connection) {
        let mut idle = self.idle.borrow_mut();
        let of_life = idle.entry(life.clone()).or_default();
        if of_life.len() < MAX_IDLE && !connection.sender.is_closed() {
            of_life.push(connection);
        }
    }
}

async fn connect(address: SocketAddr) -> Result<Connection, Broken> {
    let stream = TcpStream::connect(address).await.map_err(|_| Broken::Refused)?;
    let _ = stream.set_nodelay(true);
    let (stream, carries) = Metered::new(stream);
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| Broken::Refused)?;
    tokio::task::spawn_local(async move {
        // How a connection ends is told to whoever waits for an answer on it.
        let _ = connection.await;
    });
    Ok(Connection { sender, carries })
}

async fn read(response: http::Response<hyper::body::Incoming>) -> Result<Answer, Broken> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_ANSWER).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() { Broken::Protocol } else { Broken::Reset }
    })?;
    Ok(Answer {
        status: head.status.as_u16(),
        cause: head.headers.get(headers::CAUSE).and_then(|value| Cause::parse(value.to_str().ok()?)),
        headers: head.headers,
        body: body.to_bytes(),
        carried: (0, 0),
    })
}

/// The request of one attempt. `None` when a value cannot stand in a header.
pub(super) fn request(
    context: &Context,
    call: &Call<'_>,
    address: SocketAddr,
    traceparent: &str,
) -> Option<Request<Full<Bytes>>> {
    let mut request = Request::builder()
        .method(if call.reads { Method::GET } else { Method::POST })
        .uri(call.operation.path())
        .header(header::HOST, address.to_string())
        .header(headers::TRACEPARENT, traceparent)
        .header(headers::HOP, format!("{} {}", context.run.id, context.life));
    if let Some(cookie) = &call.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    if let Some(user) = call.user {
        request = request.header(headers::USER, user);
    }
    let body = if call.reads {
        Bytes::new()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        if call.body.is_empty() { Bytes::from_static(b"{}") } else { call.body.clone() }
    };
    request.body(Full::new(body)).ok()
}

/// Asks a replica whether it takes requests, over a connection of its own.
pub(super) async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = connect(address).await else { return false };
    let request = Request::get(headers::READY_PATH).header(header::HOST, address.to_string());
    let Ok(request) = request.body(Full::new(Bytes::new())) else { return false };
    connection.sender.send_request(request).await.is_ok_and(|response| response.status() == StatusCode::OK)
}
