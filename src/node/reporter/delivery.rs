//! The HTTP connection to the app's collector: one, kept alive, opened again when it broke.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

/// The longest answer that is read; the answers to OTLP requests are empty or nearly so.
const LONGEST_ANSWER: usize = 64 << 10;

/// The app's OTLP receiver.
pub(super) struct Collector {
    address: SocketAddr,
    authorization: String,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Collector {
    /// The collector at this address, not yet connected.
    pub(super) fn new(address: SocketAddr, token: String) -> Self {
        Self { address, authorization: format!("Bearer {token}"), connection: None }
    }

    /// Posts an OTLP request; whether it was answered with 200 before the deadline.
    pub(super) async fn post(&mut self, path: &str, body: Vec<u8>, deadline: Instant) -> bool {
        // A connection on which anything went wrong, the deadline included, is not put back.
        let connection = self.connection.take();
        match timeout_at(deadline, self.exchange(connection, path, body)).await {
            Ok(Some((connection, status))) => {
                self.connection = Some(connection);
                status == StatusCode::OK
            }
            _ => false,
        }
    }

    async fn exchange(
        &self,
        connection: Option<SendRequest<Full<Bytes>>>,
        path: &str,
        body: Vec<u8>,
    ) -> Option<(SendRequest<Full<Bytes>>, StatusCode)> {
        let still_open = match connection {
            Some(mut open) => open.ready().await.is_ok().then_some(open),
            None => None,
        };
        let mut connection = match still_open {
            Some(open) => open,
            None => self.connect().await?,
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, self.address.to_string())
            .header(AUTHORIZATION, &self.authorization)
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(Full::new(Bytes::from(body)))
            .ok()?;
        let (head, body) = connection.send_request(request).await.ok()?.into_parts();
        Limited::new(body, LONGEST_ANSWER).collect().await.ok()?;
        Some((connection, head.status))
    }

    async fn connect(&self) -> Option<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        let _ = stream.set_nodelay(true);
        let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
        tokio::task::spawn_local(connection);
        Some(sender)
    }
}
