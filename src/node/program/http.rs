//! What the keeper's two proxies have in common: connections, whole requests, and headers that end at this hop. Bodies
//! are held whole, up to a bound, so that a request can be sent to another replica.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName};
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::node::caller::Reply;
use crate::telemetry::Cause;
use crate::wire::headers;

/// The longest body that is passed on, in bytes.
pub(super) const MAX_BODY: usize = 1 << 20;
/// How many connections may be open at once.
const CONNECTIONS: usize = 1024;
/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(10);
/// The pause after a connection could not be taken: most often for lack of descriptors, which others give back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Headers that mean something only between two neighbours (RFC 9110, section 7.6.1), and the body's length, which is
/// written anew.
const OF_ONE_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// An answer as it goes out.
pub(super) type Answer = Response<Full<Bytes>>;

/// Takes connections and answers their requests until it is aborted.
pub(super) async fn serve<H, F>(listener: TcpListener, handle: H)
where
    H: Fn(Request<Incoming>) -> F + 'static,
    F: Future<Output = Answer> + 'static,
{
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let handle = Rc::new(handle);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Ok(place) = room.clone().try_acquire_owned() else { continue };
        let _ = stream.set_nodelay(true);
        let handle = handle.clone();
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| {
                let answer = handle(request);
                async move { Ok::<_, std::convert::Infallible>(answer.await) }
            });
            // A connection that breaks is told of by its other end.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(place);
        });
    }
}

/// Reads a request to its end. The error is what the sender is told.
pub(super) async fn take(request: Request<Incoming>) -> Result<(Parts, Bytes), Answer> {
    let (head, body) = request.into_parts();
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Ok((head, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(refusal(413, Cause::Status, &format!("the body has more than {MAX_BODY} bytes")))
        }
        Err(error) => Err(refusal(400, Cause::Protocol, &format!("the body cannot be read: {error}"))),
    }
}

/// The headers that go on to the next hop.
pub(super) fn passed_on(received: &HeaderMap) -> HeaderMap {
    let named: Vec<String> = received
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_ascii_lowercase()))
        .collect();
    let ends = |name: &HeaderName| {
        OF_ONE_HOP.contains(name) || name.as_str() == "keep-alive" || named.iter().any(|named| named == name.as_str())
    };
    let stays = received.iter().filter(|(name, _)| !ends(name));
    stays.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A reply as it goes on to whoever asked.
pub(super) fn answer(reply: Reply) -> Answer {
    let mut answer = Response::new(Full::new(reply.body));
    *answer.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *answer.headers_mut() = passed_on(&reply.headers);
    answer
}

/// The keeper's own answer when there is no other.
pub(super) fn refusal(status: u16, cause: Cause, words: &str) -> Answer {
    let mut answer = word(status, words);
    answer.headers_mut().insert(headers::CAUSE, HeaderValue::from_static(cause.as_str()));
    answer
}

/// A few words, for people and probes.
pub(super) fn word(status: u16, words: &str) -> Answer {
    let mut answer = Response::new(Full::from(format!("{words}\n")));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_between_neighbours_ends_here() {
        let mut received = HeaderMap::new();
        for (name, value) in
            [("connection", "close, X-Odd"), ("x-odd", "1"), ("content-length", "7"), ("cookie", "a=b")]
        {
            received.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let names: Vec<String> = passed_on(&received).keys().map(ToString::to_string).collect();
        assert_eq!(names, ["cookie"]);
    }
}
