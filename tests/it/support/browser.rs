//! A visitor from outside: a real HTTP client that keeps cookies as a browser does.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use reqwest::header::{COOKIE, SET_COOKIE};

/// A browser at one address.
pub(crate) struct Browser {
    address: SocketAddr,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    cookies: BTreeMap<String, String>,
    /// The life that answered last.
    pub(crate) holder: Option<String>,
}

/// What it was answered.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Browser {
    /// A browser without cookies.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { address, client: reqwest::Client::new(), runtime, cookies: BTreeMap::new(), holder: None }
    }

    pub(crate) fn get(&mut self, path: &str) -> Seen {
        let request = self.client.get(format!("http://{}{path}", self.address));
        self.send(request)
    }

    pub(crate) fn post(&mut self, path: &str, body: &str) -> Seen {
        let request = self.client.post(format!("http://{}{path}", self.address));
        self.send(request.header("content-type", "application/json").body(body.to_owned()))
    }

    fn send(&mut self, mut request: reqwest::RequestBuilder) -> Seen {
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let (status, headers, body) = self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            (status, headers, answer.text().await.unwrap())
        });
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.holder = headers.get("brownout-life").map(|life| life.to_str().unwrap().to_owned()).or(self.holder.take());
        Seen { status, body }
    }
}
