//! Sessions that move while requests go on: nothing is lost, nothing restarts, the ledger follows.

use std::cell::Cell;

use crate::telemetry::LedgerKind;
use crate::topology::Sessions;
use crate::wire::StoreProtocol;

use super::rig::{LinkedStore, Rig, on_one_thread, shop};

const BOTH: [StoreProtocol; 2] = [StoreProtocol::Resp, StoreProtocol::Postgres];

/// A user who goes on appending until told to stop, and counts in `appends`; answers with the last cookie and what was
/// acknowledged.
async fn user(rig: &Rig, number: u32, appends: &Cell<u32>, stop: &Cell<bool>) -> (String, Vec<String>) {
    let mut cookie = rig.post("/shop/login", "", "").await.cookie().unwrap();
    let mut acknowledged = Vec::new();
    while !stop.get() {
        let item = format!("u{number}-{}", acknowledged.len());
        let added = rig.post("/shop/add", &cookie, &item).await;
        assert_eq!(added.status, 200, "{added:?}");
        cookie = added.cookie().unwrap_or(cookie);
        acknowledged.push(item);
        appends.set(appends.get() + 1);
    }
    (cookie, acknowledged)
}

#[test]
fn memory_to_store_and_back_under_load_loses_nothing() {
    on_one_thread(async {
        for protocol in BOTH {
            let kept = LinkedStore::start(protocol).await;
            let rig = Rig::start("shop.1#1", shop(Sessions::Memory)).await;
            let (appends, stop) = (Cell::new(0), Cell::new(false));
            let switching = async {
                for sessions in [Sessions::Store, Sessions::Memory, Sessions::Store] {
                    rig.configure(kept.linked(shop(sessions))).await;
                    let before = appends.get();
                    while appends.get() < before + 12 {
                        tokio::task::yield_now().await;
                    }
                }
                stop.set(true);
            };
            let user = |number| user(&rig, number, &appends, &stop);
            let (one, two, three, ()) = tokio::join!(user(1), user(2), user(3), switching);
            for (cookie, acknowledged) in [one, two, three] {
                assert_eq!(rig.get("/shop/view", &cookie).await.items(), acknowledged);
            }
            let ledger = rig.ledger();
            let held = |holder: &str| {
                let count = |kind| ledger.iter().filter(|line| line.0 == holder && line.1 == kind).count();
                count(LedgerKind::Created) - count(LedgerKind::Moved)
            };
            assert_eq!((held("shop.1#1"), held("kept.1#1")), (0, 3));
        }
    });
}

#[test]
fn a_session_goes_into_a_token_and_its_items_stay_in_the_store() {
    on_one_thread(async {
        for protocol in BOTH {
            let kept = LinkedStore::start(protocol).await;
            let rig = Rig::start("shop.1#1", kept.linked(shop(Sessions::Store))).await;
            let id = rig.post("/shop/login", "", "").await.cookie().unwrap();
            rig.post("/shop/add", &id, "a1").await;
            rig.configure(kept.linked(shop(Sessions::Token))).await;
            let seen = rig.get("/shop/view", &id).await;
            assert_eq!(seen.items(), ["a1"]);
            let token = seen.cookie().unwrap();
            assert!(token.contains('.'));
            rig.post("/shop/add", &token, "a2").await;
            assert_eq!(rig.get("/shop/view", &token).await.items(), ["a1", "a2"]);
            rig.configure(kept.linked(shop(Sessions::Memory))).await;
            let back = rig.get("/shop/view", &token).await;
            assert_eq!((back.items(), back.cookie()), (vec!["a1", "a2"], Some(id.clone())));
            assert_eq!(rig.get("/shop/view", &id).await.items(), ["a1", "a2"]);
        }
    });
}

#[test]
fn a_cache_that_is_linked_later_gets_the_sessions_of_the_database() {
    on_one_thread(async {
        let [cache, database] = [LinkedStore::start(BOTH[0]).await, LinkedStore::start(BOTH[1]).await];
        let rig = Rig::start("shop.1#1", database.linked(shop(Sessions::Store))).await;
        let id = rig.post("/shop/login", "", "").await.cookie().unwrap();
        rig.post("/shop/add", &id, "a1").await;
        let mut both = database.linked(shop(Sessions::Store));
        (both.store, both.leaves_database) = (Some(cache.store.clone()), true);
        rig.configure(both).await;
        assert_eq!(rig.post("/shop/add", &id, "a2").await.status, 200);
        rig.configure(cache.linked(shop(Sessions::Store))).await;
        assert_eq!(rig.get("/shop/view", &id).await.items(), ["a1", "a2"], "it is in the cache now");
    });
}

#[test]
fn a_session_in_memory_goes_into_a_token_and_its_id_still_counts_until_the_token_comes_back() {
    on_one_thread(async {
        let rig = Rig::start("shop.1#1", shop(Sessions::Memory)).await;
        let id = rig.post("/shop/login", "", "").await.cookie().unwrap();
        rig.post("/shop/add", &id, "a1").await;
        rig.configure(shop(Sessions::Token)).await;
        assert_eq!(rig.get("/shop/view", &id).await.items(), ["a1"]);
        let token = rig.post("/shop/add", &id, "a2").await.cookie().unwrap();
        assert_eq!(rig.get("/shop/view", &token).await.items(), ["a1", "a2"]);
        assert_eq!(rig.get("/shop/view", &id).await.status, 401);
    });
}

#[test]
fn a_lost_session_is_not_brought_back_by_an_append() {
    on_one_thread(async {
        for protocol in BOTH {
            let kept = LinkedStore::start(protocol).await;
            let rig = Rig::start("shop.1#1", kept.linked(shop(Sessions::Store))).await;
            let cookie = "brownout-session=0123456789abcdef0123456789abcdef";
            for _ in 0..2 {
                assert_eq!(rig.post("/shop/add", cookie, "a1").await.status, 401);
                assert_eq!(rig.get("/shop/view", cookie).await.status, 401);
            }
            assert_eq!(rig.ledger(), []);
            let mut alone = kept.linked(shop(Sessions::Store));
            for store in alone.store.iter_mut().chain(&mut alone.database) {
                store.endpoint = None;
            }
            rig.configure(alone).await;
            let down = rig.get("/shop/view", cookie).await;
            assert_eq!((down.status, down.header("brownout-cause")), (503, "store_unavailable"));
        }
    });
}
