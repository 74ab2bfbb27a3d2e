//! For tests: an app's OTLP receiver on a real socket, which keeps what it was sent.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::telemetry::otlp::{decode_spans, decode_totals};
use crate::telemetry::{Span, Totals};
use crate::wire::RunContext;

/// The run's secret in tests.
pub(in crate::node) const TOKEN: &str = "sesame";
const EPOCH_UNIX_NS: u64 = 1_790_000_000_000_000_000;
const DEADLINE: Duration = Duration::from_secs(10);

/// What was received.
#[derive(Default)]
pub(in crate::node) struct FakeCollector {
    pub(in crate::node) spans: RefCell<Vec<Span>>,
    /// Every report of counters, in the order of arrival.
    pub(in crate::node) totals: RefCell<Vec<Totals>>,
    /// How many connections were made.
    pub(in crate::node) connections: Cell<u32>,
    /// How many of the next requests are turned away with 503.
    pub(in crate::node) turn_away: Cell<u32>,
    /// How many were turned away.
    pub(in crate::node) turned_away: Cell<u32>,
    news: Notify,
}

impl FakeCollector {
    /// Listens, and the run context that names it.
    pub(in crate::node) async fn start(traces_per_second: u32) -> (Rc<Self>, Rc<RunContext>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let collector = listener.local_addr().unwrap();
        let this = Rc::new(Self::default());
        tokio::task::spawn_local(Rc::clone(&this).serve(listener));
        (this, Rc::new(run_context(collector, traces_per_second)))
    }

    /// The newest counters.
    pub(in crate::node) fn newest(&self) -> Totals {
        self.totals.borrow().last().cloned().unwrap_or_default()
    }

    /// Waits until what was received fulfils a condition.
    pub(in crate::node) async fn until(&self, condition: impl Fn(&Self) -> bool) {
        let fulfilled = async {
            while !condition(self) {
                self.news.notified().await;
            }
        };
        tokio::time::timeout(DEADLINE, fulfilled).await.expect("the condition was not fulfilled in time");
    }

    async fn serve(self: Rc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            self.connections.set(self.connections.get() + 1);
            let this = Rc::clone(&self);
            let service = service_fn(move |request| Rc::clone(&this).take(request));
            tokio::task::spawn_local(
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    }

    async fn take(self: Rc<Self>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        assert_eq!(request.headers()[AUTHORIZATION], format!("Bearer {TOKEN}"));
        assert_eq!(request.headers()[CONTENT_TYPE], "application/x-protobuf");
        let mut response = Response::new(Full::default());
        let path = request.uri().path().to_owned();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        if let Some(left) = self.turn_away.get().checked_sub(1) {
            self.turn_away.set(left);
            self.turned_away.set(self.turned_away.get() + 1);
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        } else if path == "/v1/traces" {
            let reported = decode_spans(&body, EPOCH_UNIX_NS).unwrap();
            self.spans.borrow_mut().extend(reported.into_iter().map(|reported| reported.span));
        } else {
            assert_eq!(path, "/v1/metrics");
            let totals = decode_totals(&body, EPOCH_UNIX_NS).unwrap();
            self.totals.borrow_mut().extend(totals.into_iter().map(|(_, totals)| totals));
        }
        self.news.notify_one();
        Ok(response)
    }
}

fn run_context(collector: SocketAddr, traces_per_second: u32) -> RunContext {
    RunContext {
        id: "run-1".to_owned(),
        seed: 7,
        epoch_unix_ns: EPOCH_UNIX_NS,
        epoch_monotonic_ns: None,
        now_us: 1_000,
        collector,
        traces_per_second,
    }
}
