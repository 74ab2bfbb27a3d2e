//! The headers that requests and answers carry through the running system, lower-case.

/// W3C Trace Context.
pub const TRACEPARENT: &str = "traceparent";
/// On requests: `<run id> <life>`, this run's tag and the life that sent the attempt. What lacks it is traffic from
/// outside and stays out of the link's books.
pub const HOP: &str = "brownout-hop";
/// On a user's requests: the number of the virtual user.
pub const USER: &str = "brownout-user";
/// On answers of services: the life that answered.
pub const LIFE: &str = "brownout-life";
/// On answers that are not 2xx: the cause, in the words of the report.
pub const CAUSE: &str = "brownout-cause";
/// The cookie that carries a session id, or in token mode the signed token.
pub const SESSION_COOKIE: &str = "brownout-session";

/// The affinity cookie of one gateway for one upstream. Cookie jars ignore ports, so names must differ.
pub fn affinity_cookie(gateway: &str, upstream: &str) -> String {
    format!("brownout-{gateway}-{upstream}")
}

/// The cookie by which one gateway process knows a visitor from outside again.
pub fn visitor_cookie(slot: &str) -> String {
    format!("brownout-visitor-{slot}")
}

/// Answers 200 while the replica takes requests, 503 otherwise.
pub const READY_PATH: &str = "/-/ready";
/// Answers 200 while the process lives.
pub const LIVE_PATH: &str = "/-/live";
