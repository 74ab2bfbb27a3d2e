//! Visitors from outside: who they are, by a cookie, and what the gateway sees of how they fare. Bounded: there are
//! [`MOST_VISITORS`] seats, and a newcomer takes that of who was silent longest. It never changes what a visitor is
//! answered but for that cookie, and tells the app of changes a few times a second at most.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::node::Context;
use crate::telemetry::{Cause, MOST_VISITORS, Visitor, Visits};
use crate::wire::{NodeMessage, headers};

use super::routes::Shared;

/// How long news of visitors waits for more news.
const PERIOD: Duration = Duration::from_millis(200);

/// The visitors of this process.
#[derive(Debug)]
pub(super) struct Visitors {
    cookie: String,
    state: RefCell<State>,
    news: Notify,
}

#[derive(Debug)]
struct State {
    seats: BTreeMap<u32, Seat>,
    visits: Visits,
    random: Xoshiro256PlusPlus,
}

#[derive(Debug)]
struct Seat {
    key: String,
    peer: String,
    /// Whether the visitor has ever brought the cookie back.
    returned: bool,
    visitor: Visitor,
}

/// A visitor whose request is being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guest {
    /// The visitor's seat.
    pub(super) number: u32,
    key: String,
    /// The cookie line that the answer must have, for who does not have the cookie yet.
    pub(super) cookie_line: Option<String>,
}

impl Visitors {
    /// Nobody yet.
    pub(super) fn new(context: &Context, seed: u64) -> Self {
        let random = Xoshiro256PlusPlus::seed_from_u64(seed);
        Self {
            cookie: headers::visitor_cookie(&context.life.slot.to_string()),
            state: RefCell::new(State { seats: BTreeMap::new(), visits: Visits::default(), random }),
            news: Notify::new(),
        }
    }

    /// The name of the cookie.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Who sent this request. A program that keeps no cookies is known by its address: whoever comes without one from
    /// where the last cookie was never brought back is the same visitor.
    pub(super) fn greet(&self, cookie: Option<&[u8]>, peer: &str, now_us: u64) -> Guest {
        let mut state = self.state.borrow_mut();
        let brought = cookie.and_then(|cookie| std::str::from_utf8(cookie).ok()).filter(|key| is_key(key));
        let known = state.seats.iter_mut().find(|(_, seat)| match brought {
            Some(key) => seat.key == key,
            None => !seat.returned && seat.peer == peer,
        });
        if let Some((&number, seat)) = known {
            seat.returned |= brought.is_some();
            let key = seat.key.clone();
            let cookie_line = brought.is_none().then(|| self.cookie_line(&key));
            return Guest { number, key, cookie_line };
        }
        let key = brought.map_or_else(|| format!("{:016x}", state.random.random::<u64>()), str::to_owned);
        let number = state.free_seat();
        let visitor = Visitor { number, requests: 0, failed: 0, session: false, lost: 0, last_us: now_us };
        let seat = Seat { key: key.clone(), peer: peer.to_owned(), returned: brought.is_some(), visitor };
        state.seats.insert(number, seat);
        state.visits.visitors += 1;
        let cookie_line = brought.is_none().then(|| self.cookie_line(&key));
        Guest { number, key, cookie_line }
    }

    fn cookie_line(&self, key: &str) -> String {
        format!("set-cookie: {}={key}; Path=/; HttpOnly; SameSite=Lax\r\n", self.cookie)
    }

    /// Reads what an answer's head does to the visitor's session, as a browser would.
    pub(super) fn hears(&self, guest: &Guest, head: &[u8], cause: Option<Cause>) {
        let mut state = self.state.borrow_mut();
        let Some(seat) = state.seats.get_mut(&guest.number).filter(|seat| seat.key == guest.key) else { return };
        let is_lost = seat.visitor.session && cause == Some(Cause::UnknownSession);
        if let Some(given) = session_set(head) {
            seat.visitor.session = given;
        }
        if is_lost {
            seat.visitor.session = false;
            seat.visitor.lost += 1;
            state.visits.lost += 1;
        }
    }

    /// Counts a request that was answered with this status; 0 without an answer.
    pub(super) fn served(&self, guest: &Guest, status: u16, now_us: u64) {
        let mut state = self.state.borrow_mut();
        let failed = u64::from(!(200..400).contains(&status));
        state.visits.requests += 1;
        state.visits.failed += failed;
        if let Some(seat) = state.seats.get_mut(&guest.number).filter(|seat| seat.key == guest.key) {
            seat.visitor.requests += 1;
            seat.visitor.failed += failed;
            seat.visitor.last_us = now_us;
        }
        drop(state);
        self.news.notify_one();
    }

    /// What the app is told.
    pub(super) fn visits(&self) -> Visits {
        let state = self.state.borrow();
        let present = state.seats.values().map(|seat| seat.visitor.clone()).collect();
        Visits { present, ..state.visits.clone() }
    }
}

impl State {
    /// A seat that nobody has; the one of who was silent longest, if there is none.
    fn free_seat(&mut self) -> u32 {
        if let Some(free) = (1..=MOST_VISITORS).find(|number| !self.seats.contains_key(number)) {
            return free;
        }
        let silent = self.seats.iter().min_by_key(|(_, seat)| seat.visitor.last_us).map_or(1, |(number, _)| *number);
        self.seats.remove(&silent);
        self.visits.forgotten += 1;
        silent
    }
}

/// Tells the app of visitors for as long as the gateway runs.
pub(super) async fn report(shared: Rc<Shared>) {
    loop {
        shared.visitors.news.notified().await;
        sleep(PERIOD).await;
        shared.context.app.say(&NodeMessage::Visits(shared.visitors.visits()));
    }
}

fn is_key(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether an answer's head gives (`true`) or takes (`false`) the session cookie; `None` when it does neither.
fn session_set(head: &[u8]) -> Option<bool> {
    let lines = head.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let values = lines.filter_map(|line| {
        let (_, value) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))?;
        value.trim().strip_prefix(headers::SESSION_COOKIE)?.strip_prefix('=')
    });
    values.last().map(|value| !value.starts_with(';') && !value.contains("Max-Age=0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitors() -> Visitors {
        let random = Xoshiro256PlusPlus::seed_from_u64(7);
        let state = State { seats: BTreeMap::new(), visits: Visits::default(), random };
        Visitors { cookie: "brownout-visitor-gate.1".to_owned(), state: RefCell::new(state), news: Notify::new() }
    }

    #[test]
    fn who_brings_the_cookie_is_known_and_who_never_does_is_one_visitor() {
        let visitors = visitors();
        let first = visitors.greet(None, "127.0.0.1", 1);
        assert!(first.cookie_line.as_ref().unwrap().contains(&first.key));
        assert_eq!(visitors.greet(None, "127.0.0.1", 2), first, "a program without cookies");
        let known = visitors.greet(Some(first.key.as_bytes()), "127.0.0.1", 3);
        assert_eq!((known.number, known.cookie_line), (1, None));
        assert_eq!(visitors.greet(None, "127.0.0.1", 4).number, 2, "somebody else");
        assert_eq!(visitors.greet(Some(b"0123456789abcdef"), "127.0.0.1", 5).number, 3, "from an earlier run");
        assert_eq!(visitors.greet(Some(b"nonsense"), "127.0.0.1", 6).number, 2);
        assert_eq!(visitors.visits().visitors, 3);
    }

    #[test]
    fn a_newcomer_takes_the_seat_of_who_was_silent_longest() {
        let visitors = visitors();
        let keys: Vec<String> = (0..=MOST_VISITORS).map(|number| format!("{number:016x}")).collect();
        for (at_us, key) in (1..).zip(&keys[..MOST_VISITORS as usize]) {
            let guest = visitors.greet(Some(key.as_bytes()), "127.0.0.1", at_us);
            visitors.served(&guest, 200, at_us);
        }
        let third = visitors.greet(Some(keys[0].as_bytes()), "127.0.0.1", 50);
        visitors.served(&third, 404, 50);
        let gone = visitors.greet(Some(keys[1].as_bytes()), "127.0.0.1", 51);
        let newest = visitors.greet(Some(keys[MOST_VISITORS as usize].as_bytes()), "127.0.0.1", 60);
        assert_eq!(newest.number, 2);
        // The answer to who has left meanwhile is counted, but not as the newcomer's.
        visitors.served(&gone, 200, 61);
        let visits = visitors.visits();
        assert_eq!((visits.visitors, visits.forgotten, visits.requests, visits.failed), (9, 1, 10, 1));
        assert_eq!((visits.present.len(), visits.present[1].requests), (8, 0));
    }

    #[test]
    fn a_session_is_given_taken_and_lost_as_answers_say() {
        let visitors = visitors();
        let guest = visitors.greet(None, "127.0.0.1", 1);
        let session = || visitors.visits().present[0].session;
        visitors.hears(
            &guest,
            b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\nSet-Cookie: brownout-session=s1; Path=/\r\n",
            None,
        );
        assert!(session());
        visitors.hears(&guest, b"HTTP/1.1 401 Unauthorized\r\n", Some(Cause::UnknownSession));
        visitors.hears(&guest, b"HTTP/1.1 401 Unauthorized\r\n", Some(Cause::UnknownSession));
        assert_eq!((session(), visitors.visits().lost, visitors.visits().present[0].lost), (false, 1, 1));
        visitors.hears(&guest, b"HTTP/1.1 200 OK\r\nset-cookie: brownout-session=s2\r\n", None);
        visitors.hears(&guest, b"HTTP/1.1 200 OK\r\nset-cookie: brownout-session=; Max-Age=0\r\n", None);
        assert_eq!((session(), visitors.visits().lost), (false, 1), "logging out is no loss");
    }
}
