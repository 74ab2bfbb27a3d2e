//! The keeper's port in front of the program: what callers are given as its address. It counts who sent what, answers
//! the health checks that every replica answers, says which life answered, and lets requests end while the program is
//! drained. A foreign program knows of none of this. It changes nothing else, and repeats nothing.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::node::Context;
use crate::node::balancer::Picked;
use crate::node::caller::{Broken, Pool};
use crate::telemetry::Cause;
use crate::topology::{LifeId, Readiness};
use crate::wire::headers;

use super::http::{self as hop, Answer};

/// How long the program may take to say that it is ready.
const PROBE: Duration = Duration::from_secs(1);

/// The way to a program.
pub(super) struct Front {
    context: Context,
    to: Picked,
    readiness: Readiness,
    pool: Pool,
    draining: Cell<bool>,
    in_flight: watch::Sender<usize>,
}

impl Front {
    /// In front of a program that listens there.
    pub(super) fn new(context: Context, address: SocketAddr, readiness: Readiness) -> Rc<Self> {
        let to = Picked { life: context.life.clone(), address };
        let (pool, in_flight) = (Pool::default(), watch::Sender::new(0));
        Rc::new(Self { context, to, readiness, pool, draining: Cell::new(false), in_flight })
    }

    /// Says from now on that nothing new is taken; what comes all the same is still passed on.
    pub(super) fn drain(&self) {
        self.draining.set(true);
    }

    /// Waits until no request is under way.
    pub(super) async fn idle(&self) {
        let _ = self.in_flight.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Whether the program says that it takes requests.
    pub(super) async fn is_ready(&self) -> bool {
        let probe = async {
            match &self.readiness {
                Readiness::Tcp => TcpStream::connect(self.to.address).await.is_ok(),
                Readiness::Http(path) => self.answers(path).await,
            }
        };
        timeout(PROBE, probe).await.unwrap_or(false)
    }

    async fn answers(&self, path: &str) -> bool {
        let request = Request::get(path).header(header::HOST, self.to.address.to_string()).body(Full::default());
        let Ok(request) = request else { return false };
        let answer = self.pool.exchange(&self.to, request, &Cell::new(false)).await;
        answer.is_ok_and(|answer| (200..300).contains(&answer.into_reply().status))
    }

    /// Answers a request.
    pub(super) async fn answer(self: Rc<Self>, request: Request<Incoming>) -> Answer {
        match request.uri().path() {
            headers::LIVE_PATH => return hop::word(200, "live"),
            headers::READY_PATH if self.draining.get() => return hop::word(503, "draining"),
            headers::READY_PATH if self.is_ready().await => return hop::word(200, "ready"),
            headers::READY_PATH => return hop::word(503, "the program does not say that it is ready"),
            _ => {}
        }
        let _counted = Counted::new(&self.in_flight);
        if let Some(from) = self.sender(request.headers()) {
            self.context.reporter.received(&from);
        }
        let mut answer = match hop::take(request).await {
            Ok((head, body)) => self.pass_on(&head, body).await,
            Err(refusal) => refusal,
        };
        if let Ok(life) = HeaderValue::from_str(&self.context.life.to_string()) {
            answer.headers_mut().insert(headers::LIFE, life);
        }
        answer
    }

    /// The life that sent a request of this run.
    fn sender(&self, headers: &http::HeaderMap) -> Option<LifeId> {
        let (run, life) = headers.get(headers::HOP)?.to_str().ok()?.split_once(' ')?;
        (run == self.context.run.id).then(|| life.parse().ok())?
    }

    async fn pass_on(&self, head: &http::request::Parts, body: Bytes) -> Answer {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = head.method.clone();
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let Ok(uri) = target.parse() else { return hop::refusal(400, Cause::Protocol, "this is no path") };
        *request.uri_mut() = uri;
        *request.headers_mut() = hop::passed_on(&head.headers);
        request.headers_mut().remove(headers::HOP);
        if let Ok(host) = HeaderValue::from_str(&self.to.address.to_string()) {
            request.headers_mut().insert(header::HOST, host);
        }
        match self.pool.exchange(&self.to, request, &Cell::new(false)).await {
            Ok(answer) => hop::answer(answer.into_reply()),
            Err(broken) => hop::refusal(broken.cause().http_status(), broken.cause(), words(broken)),
        }
    }
}

const fn words(broken: Broken) -> &'static str {
    match broken {
        Broken::Refused => "the program refused the connection",
        Broken::Reset => "the program closed the connection before its answer was complete",
        Broken::TimedOut => "the program did not answer in time",
        Broken::Protocol => "the program's answer breaks the rules of HTTP, or is too long",
        Broken::NoUpstream => "the program is not there",
    }
}

/// One of those that a counter counts, until it is dropped.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(counter: &watch::Sender<usize>) -> Self {
        counter.send_modify(|count| *count += 1);
        Self(counter.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
