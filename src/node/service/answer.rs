//! The answers of a service: JSON, with the life that gave them and, when something is wrong, its cause.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde::{Deserialize, Serialize};

use crate::topology::LifeId;
use crate::wire::headers as names;

use super::refusal::Refusal;
use super::visit::Visit;

/// The body of an answer to an operation that was done; also what a caller reads of a callee's.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    /// The session that the operation touched.
    pub(super) session: Option<String>,
    /// What its last read step saw.
    pub(super) items: Option<Vec<String>>,
    /// Whether an optional call failed.
    pub(super) degraded: bool,
}

#[derive(Serialize)]
struct Wrong<'a> {
    error: &'a str,
}

/// The answer to an operation.
pub(super) fn of_operation(life: &LifeId, visit: Visit, result: Result<(), Refusal>) -> Response<Full<Bytes>> {
    if let Err(refusal) = result {
        return refused(life, &refusal);
    }
    let cookies: Vec<HeaderValue> = visit.set_cookies().filter_map(|value| value.parse().ok()).collect();
    let session = visit.session.map(|session| session.to_string());
    let mut response = json(life, 200, &Done { session, items: visit.items, degraded: visit.degraded });
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The answer when it is not done.
pub(super) fn refused(life: &LifeId, refusal: &Refusal) -> Response<Full<Bytes>> {
    let mut response = json(life, refusal.status, &Wrong { error: &refusal.words });
    response.headers_mut().insert(names::CAUSE, HeaderValue::from_static(refusal.cause.as_str()));
    response
}

/// A plain word, for probes.
pub(super) fn word(life: &LifeId, status: u16, word: &'static str) -> Response<Full<Bytes>> {
    build(life, status, "text/plain; charset=utf-8", Bytes::from_static(word.as_bytes()))
}

fn json(life: &LifeId, status: u16, body: &impl Serialize) -> Response<Full<Bytes>> {
    build(life, status, "application/json", serde_json::to_vec(body).unwrap_or_default().into())
}

fn build(life: &LifeId, status: u16, kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(life) = HeaderValue::from_str(&life.to_string()) {
        headers.insert(names::LIFE, life);
    }
    response
}
