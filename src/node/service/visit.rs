//! One request on its way through the steps of an operation: what it carries, and what its answer will say.

use std::rc::Rc;

use bytes::Bytes;

use crate::telemetry::{Cause, SessionId, TraceParent};
use crate::wire::headers::SESSION_COOKIE;

use super::database::Together;
use super::refusal::Refusal;

/// The longest item id, in bytes. Ids are made by users' programs and end up in keys, tokens and answers.
const MAX_ITEM: usize = 128;

/// What a request brings along; the same for all its steps.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Its trace, with this service's own span as the parent of whatever the steps send.
    pub(super) trace: TraceParent,
    /// The virtual user whose request it is, from 1.
    pub(super) user: Option<u32>,
    /// The body as it came, to be passed on.
    pub(super) body: Bytes,
    /// The item that the body names.
    pub(super) item: Option<Rc<str>>,
}

/// The body of a POST.
#[derive(serde::Deserialize)]
struct Body {
    item: Option<String>,
}

/// Reads the item out of a request's body. No body means no item.
pub(super) fn item_of(body: &[u8]) -> Result<Option<Rc<str>>, Refusal> {
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let wrong = |what: String| Refusal::new(Cause::Protocol, what);
    let body: Body = serde_json::from_slice(body)
        .map_err(|error| wrong(format!("the body is not JSON like {{\"item\":\"a1\"}}: {error}")))?;
    match body.item {
        Some(item) if item.is_empty() || item.len() > MAX_ITEM => {
            Err(wrong(format!("an item's id has 1 to {MAX_ITEM} bytes, not {}", item.len())))
        }
        item => Ok(item.map(Rc::from)),
    }
}

/// What changes while the steps of a request run.
#[derive(Default)]
pub(super) struct Visit {
    /// The user's cookies, in their order, as a callee would be sent them now.
    cookies: Vec<(String, String)>,
    /// The `set-cookie` values of the answer, at most one for each cookie.
    set: Vec<(String, String)>,
    /// The session that the steps touched, unless they ended it.
    pub(super) session: Option<SessionId>,
    /// What the last read step saw.
    pub(super) items: Option<Vec<String>>,
    /// Whether an optional call failed, here or further down.
    pub(super) degraded: bool,
    /// Whether what the steps do to the database belongs together.
    pub(super) together: Together,
}

impl Visit {
    /// A visit with the cookies of a request's `cookie` headers.
    pub(super) fn new<'a>(cookie_headers: impl Iterator<Item = &'a str>) -> Self {
        let cookies = cookie_headers
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Self { cookies, ..Self::default() }
    }

    /// The session cookie as it is now.
    pub(super) fn session_cookie(&self) -> Option<&str> {
        self.cookies.iter().find(|(name, _)| name == SESSION_COOKIE).map(|(_, value)| value.as_str())
    }

    /// Gives the user a session cookie.
    pub(super) fn set_session_cookie(&mut self, value: &str) {
        self.keep(SESSION_COOKIE, Some(value));
        self.answer_with(SESSION_COOKIE, format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax"));
    }

    /// Takes the session cookie away from the user.
    pub(super) fn end_session_cookie(&mut self) {
        self.keep(SESSION_COOKIE, None);
        self.answer_with(SESSION_COOKIE, format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    }

    /// Takes over a cookie that a callee set: later calls carry it, and the user gets it too.
    pub(super) fn adopt_cookie(&mut self, set_cookie: &str) {
        let mut parts = set_cookie.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        let ended = parts.any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        self.keep(name, (!ended).then_some(value));
        self.answer_with(name, set_cookie.to_owned());
    }

    /// The `cookie` header for a callee.
    pub(super) fn cookie_header(&self) -> Option<String> {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The values of the answer's `set-cookie` headers.
    pub(super) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|(_, header)| header.as_str())
    }

    fn keep(&mut self, name: &str, value: Option<&str>) {
        self.cookies.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    fn answer_with(&mut self, name: &str, header: String) {
        self.set.retain(|(known, _)| known != name);
        self.set.push((name.to_owned(), header));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_callees_are_carried_on_and_given_to_the_user() {
        let mut visit = Visit::new(["brownout-session=one; a=b", "c=d"].into_iter());
        assert_eq!(visit.session_cookie(), Some("one"));
        visit.adopt_cookie("brownout-session=two; Path=/; HttpOnly");
        visit.adopt_cookie("brownout-session=three; Path=/; HttpOnly");
        assert_eq!(visit.cookie_header().as_deref(), Some("a=b; c=d; brownout-session=three"));
        assert_eq!(visit.set_cookies().collect::<Vec<_>>(), ["brownout-session=three; Path=/; HttpOnly"]);
        visit.end_session_cookie();
        assert_eq!(visit.cookie_header().as_deref(), Some("a=b; c=d"));
        assert!(visit.set_cookies().all(|cookie| cookie.contains("Max-Age=0")));
    }

    #[test]
    fn a_body_names_an_item_or_none_or_is_refused() {
        assert_eq!(item_of(b""), Ok(None));
        assert_eq!(item_of(b"{}"), Ok(None));
        assert_eq!(item_of(br#"{"item":"a1"}"#), Ok(Some("a1".into())));
        for body in [&b"item=a1"[..], br#"{"item":7}"#, br#"{"item":""}"#] {
            assert_eq!(item_of(body).map_err(|refusal| refusal.status), Err(400));
        }
        let long = format!(r#"{{"item":"{}"}}"#, "x".repeat(MAX_ITEM + 1));
        assert!(item_of(long.as_bytes()).is_err());
    }
}
