//! Users tied to replicas.

use std::collections::BTreeMap;

use super::harness::{Answer, Gate, Replica, ready, settings};
use crate::node::testing::on_one_thread;
use crate::topology::{Affinity, Gateway, Repoint};
use crate::wire::EndpointState;

fn tied(affinity: Affinity, repoint: Repoint) -> Gateway {
    Gateway { affinity, repoint, ..settings() }
}

/// The `name=value` of the cookie that an answer gives.
fn given(answer: &Answer) -> Option<String> {
    let cookie = answer.cookies().next()?;
    assert!(
        cookie.starts_with("brownout-gate-shop=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    cookie.split(';').next().map(str::to_owned)
}

fn body(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[test]
fn a_cookie_names_the_life_and_is_replaced_when_the_life_is_gone() {
    on_one_thread(async {
        let (one, two) = (Replica::named("one").await, Replica::named("two").await);
        let mut list = ready(&[one.address, two.address]);
        let mut gate = Gate::start(tied(Affinity::Cookie, Repoint::OnEject), list.clone()).await;
        let first = gate.ask("GET", "").await;
        assert_eq!((body(&first).as_str(), given(&first).as_deref()), ("one", Some("brownout-gate-shop=shop.1#1")));
        let cookie = "cookie: other=1; brownout-gate-shop=shop.1#1\r\n";
        list[0].state = EndpointState::Draining;
        gate.configure(list).await;
        for _ in 0..3 {
            let answer = gate.ask("GET", cookie).await;
            assert_eq!((body(&answer).as_str(), given(&answer)), ("one", None), "also while it drains");
        }
        one.kill().await;
        let answer = gate.ask("POST", &format!("{cookie}content-length: 0\r\n")).await;
        assert_eq!((body(&answer).as_str(), given(&answer).as_deref()), ("two", Some("brownout-gate-shop=shop.2#1")));
        let answer = gate.ask("GET", "cookie: brownout-gate-shop=nonsense\r\n").await;
        assert_eq!(given(&answer).as_deref(), Some("brownout-gate-shop=shop.2#1"));
    });
}

#[test]
fn a_tie_for_ever_waits_for_its_slot() {
    on_one_thread(async {
        let (one, two) = (Replica::named("one").await, Replica::named("two").await);
        let mut gate = Gate::start(tied(Affinity::Cookie, Repoint::Never), ready(&[one.address, two.address])).await;
        let first = gate.ask("GET", "").await;
        assert_eq!((body(&first).as_str(), given(&first).as_deref()), ("one", Some("brownout-gate-shop=shop.1")));
        one.kill().await;
        let cookie = "cookie: brownout-gate-shop=shop.1\r\n";
        let refused = gate.ask("GET", cookie).await;
        assert_eq!((refused.status, refused.header("brownout-cause")), (502, Some("refused")));
        let ejected = gate.ask("GET", cookie).await;
        assert_eq!((ejected.status, ejected.header("brownout-cause")), (503, Some("no_upstream")));
        let next = Replica::named("one again").await;
        let mut list = ready(&[next.address, two.address]);
        list[0].life.life = 2;
        gate.configure(list).await;
        let back = gate.ask("GET", cookie).await;
        assert_eq!((body(&back).as_str(), given(&back)), ("one again", None));
    });
}

#[test]
fn a_cookie_given_under_the_other_setting_still_leads_to_its_session() {
    on_one_thread(async {
        let (one, two) = (Replica::named("one").await, Replica::named("two").await);
        let list = ready(&[one.address, two.address]);
        let gate = Gate::start(tied(Affinity::Cookie, Repoint::OnEject), list.clone()).await;
        for _ in 0..3 {
            let answer = gate.ask("GET", "cookie: brownout-gate-shop=shop.2\r\n").await;
            let new = Some("brownout-gate-shop=shop.2#1");
            assert_eq!((body(&answer).as_str(), given(&answer).as_deref()), ("two", new));
        }
        let answer = gate.ask("GET", "cookie: brownout-gate-shop=shop.7\r\n").await;
        assert_eq!(answer.status, 200, "a slot that is not there ties nobody");
        let gate = Gate::start(tied(Affinity::Cookie, Repoint::Never), list).await;
        for _ in 0..3 {
            let answer = gate.ask("GET", "cookie: brownout-gate-shop=shop.2#1\r\n").await;
            assert_eq!((body(&answer).as_str(), given(&answer)), ("two", None));
        }
    });
}

#[test]
fn a_key_stays_with_its_slot_and_only_keys_of_a_dead_slot_move() {
    on_one_thread(async {
        let (one, two) = (Replica::named("one").await, Replica::named("two").await);
        let three = Replica::named("three").await;
        let list = ready(&[one.address, two.address, three.address]);
        let gate = Gate::start(tied(Affinity::SessionHash, Repoint::OnEject), list).await;
        let mut users = BTreeMap::new();
        for _ in 0..24 {
            let answer = gate.ask("GET", "").await;
            users.insert(given(&answer).expect("a new visitor is given a key"), body(&answer));
        }
        assert_eq!(users.len(), 24);
        two.kill().await;
        for (cookie, before) in users {
            let answer = gate.ask("GET", &format!("cookie: {cookie}\r\n")).await;
            assert_eq!(given(&answer), None);
            assert_eq!(body(&answer) == before, before != "two", "{cookie}");
        }
    });
}
