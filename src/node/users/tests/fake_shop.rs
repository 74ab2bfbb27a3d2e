//! A service on a real socket that keeps sessions as it should, until a test makes it forget, hang or die.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{COOKIE, SET_COOKIE};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::topology::LifeId;
use crate::wire::{Endpoint, EndpointState, headers};

/// The service's sessions, and the switches of the test.
pub(super) struct FakeShop {
    pub(super) endpoint: Endpoint,
    pub(super) sessions: RefCell<BTreeMap<String, BTreeSet<String>>>,
    pub(super) received: Cell<u64>,
    pub(super) checks: Cell<u64>,
    /// Whether requests are swallowed.
    pub(super) hangs: Cell<bool>,
    created: Cell<u32>,
    tasks: RefCell<Vec<JoinHandle<()>>>,
}

impl FakeShop {
    pub(super) async fn start(life: &str) -> Rc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = Endpoint { life: life.parse().unwrap(), address, state: EndpointState::Ready };
        let shop = Rc::new(Self {
            endpoint,
            sessions: RefCell::default(),
            received: Cell::default(),
            checks: Cell::default(),
            hangs: Cell::default(),
            created: Cell::default(),
            tasks: RefCell::default(),
        });
        let serve = tokio::task::spawn_local(Rc::clone(&shop).serve(listener));
        shop.tasks.borrow_mut().push(serve);
        shop
    }

    /// Ends all connections and refuses new ones.
    pub(super) fn die(&self) {
        self.tasks.borrow_mut().drain(..).for_each(|task| task.abort());
        self.sessions.borrow_mut().clear();
    }

    async fn serve(self: Rc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let this = Rc::clone(&self);
            let connection = tokio::task::spawn_local(async move {
                let service = service_fn(move |request| Rc::clone(&this).answer(request));
                let _ =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
            self.tasks.borrow_mut().push(connection);
        }
    }

    async fn answer(self: Rc<Self>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        self.received.set(self.received.get() + 1);
        if self.hangs.get() {
            std::future::pending::<()>().await;
        }
        let hop = request.headers()[headers::HOP].to_str().unwrap();
        let sender: LifeId = hop.strip_prefix("run-1 ").unwrap().parse().unwrap();
        assert_eq!(sender.node().as_str(), "shoppers");
        assert!(request.headers().contains_key(headers::TRACEPARENT) && request.headers().contains_key(headers::USER));
        let cookies = request.headers().get(COOKIE).map_or("", |cookies| cookies.to_str().unwrap());
        let session = cookies.split("; ").find_map(|pair| pair.strip_prefix("brownout-session=")).map(str::to_owned);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let response = Response::builder().header(headers::LIFE, self.endpoint.life.to_string());
        let (response, body) = self.act(&method, &path, session, &body, response);
        Ok(response.body(Full::new(Bytes::from(body.to_string()))).unwrap())
    }

    fn act(
        &self,
        method: &Method,
        path: &str,
        session: Option<String>,
        body: &[u8],
        response: hyper::http::response::Builder,
    ) -> (hyper::http::response::Builder, serde_json::Value) {
        let mut sessions = self.sessions.borrow_mut();
        if path == "/accounts/login" {
            assert_eq!(method, Method::POST);
            self.created.set(self.created.get() + 1);
            let id = format!("{}-{}", self.endpoint.life.slot.index, self.created.get());
            sessions.insert(id.clone(), BTreeSet::new());
            return (response.header(SET_COOKIE, format!("brownout-session={id}; Path=/")), json!({ "session": id }));
        }
        let known = session.as_ref().and_then(|id| sessions.get_mut(id));
        let Some(items) = known else {
            self.checks.set(self.checks.get() + u64::from(path == "/accounts/session.check"));
            let response = response.status(StatusCode::UNAUTHORIZED).header(headers::CAUSE, "unknown_session");
            return (response, json!({ "error": "no such session" }));
        };
        match path {
            "/cart/add" => {
                assert_eq!(method, Method::POST);
                let body: serde_json::Value = serde_json::from_slice(body).unwrap();
                items.insert(body["item"].as_str().unwrap().to_owned());
                (response, json!({ "session": session, "items": null, "degraded": false }))
            }
            "/cart/view" | "/accounts/session.check" => {
                assert_eq!(method, Method::GET);
                self.checks.set(self.checks.get() + u64::from(path == "/accounts/session.check"));
                (response, json!({ "session": session, "items": items }))
            }
            _ => panic!("{path}"),
        }
    }
}
