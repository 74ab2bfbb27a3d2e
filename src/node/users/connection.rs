//! A user's own connection to one life: one request at a time, kept alive between requests, as a browser would.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::SET_COOKIE;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::node::balancer::Picked;
use crate::telemetry::Cause;
use crate::topology::LifeId;
use crate::wire::headers;

use super::answer::{Answer, Body};
use super::jar::Jar;

/// The longest body that a user reads; the answers of services are far below it.
const LONGEST_BODY: usize = 1 << 20;

/// An open connection.
pub(super) struct Connection {
    life: LifeId,
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Dials a replica.
    ///
    /// # Errors
    /// [`Cause::Refused`] when nobody listens there or it cannot be reached.
    pub(super) async fn open(to: &Picked) -> Result<Self, Cause> {
        let stream = TcpStream::connect(to.address).await.map_err(|_| Cause::Refused)?;
        let _ = stream.set_nodelay(true);
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| Cause::Reset)?;
        tokio::task::spawn_local(connection);
        Ok(Self { life: to.life.clone(), address: to.address, sender })
    }

    /// The life at the other end.
    pub(super) fn life(&self) -> &LifeId {
        &self.life
    }

    /// Where the other end listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether a request can be sent now, as far as is known here: the other end may have closed a moment ago.
    pub(super) async fn is_usable(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    /// Sends a request and reads the answer to its end; cookies go into the jar. On an error the connection is of no
    /// further use.
    ///
    /// # Errors
    /// [`Cause::Reset`] when the connection ended before the answer did, [`Cause::Protocol`] when the answer breaks the
    /// rules of HTTP or is longer than any answer should be.
    pub(super) async fn exchange(&mut self, request: Request<Full<Bytes>>, jar: &mut Jar) -> Result<Answer, Cause> {
        let response = self.send(request).await?;
        let (head, body) = response.into_parts();
        for cookie in head.headers.get_all(SET_COOKIE) {
            if let Ok(cookie) = cookie.to_str() {
                jar.set(cookie);
            }
        }
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        let cause = text(headers::CAUSE).and_then(Cause::parse);
        let by = text(headers::LIFE).and_then(|life| life.parse().ok());
        let body = Limited::new(body, LONGEST_BODY)
            .collect()
            .await
            .map_err(|error| if error.is::<LengthLimitError>() { Cause::Protocol } else { Cause::Reset })?;
        let body = if head.status.is_success() { body_of(&body.to_bytes()) } else { Body::default() };
        Ok(Answer { status: head.status.as_u16(), cause, by, body })
    }

    /// Sends, and once more over a new connection when the first turns out to have been closed before anything of the
    /// request was written: closing an idle connection is every server's right.
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Cause> {
        let mut error = match self.sender.try_send_request(request).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let Some(unsent) = error.take_message() else { return Err(cause_of(error.error())) };
        *self = Self::open(&Picked { life: self.life.clone(), address: self.address }).await?;
        self.sender.send_request(unsent).await.map_err(|error| cause_of(&error))
    }
}

fn cause_of(error: &hyper::Error) -> Cause {
    if error.is_parse() { Cause::Protocol } else { Cause::Reset }
}

fn body_of(bytes: &[u8]) -> Body {
    serde_json::from_slice(bytes).unwrap_or_default()
}
