//! Sessions in a database: what replicas do to the same one, what a transaction undoes, and what has expired.

use serde_json::json;

use crate::telemetry::LedgerKind;
use crate::topology::{Period, Sessions};
use crate::wire::{ServiceConfig, StoreProtocol};

use super::rig::{LinkedStore, Rig, config, on_one_thread, shop};

#[test]
fn replicas_that_change_a_session_at_once_undo_nothing_of_each_other() {
    on_one_thread(async {
        let kept = LinkedStore::start(StoreProtocol::Postgres).await;
        let one = Rig::start("shop.1#1", kept.linked(shop(Sessions::Store))).await;
        let two = Rig::start("shop.2#1", kept.linked(shop(Sessions::Store))).await;
        let cookie = one.post("/shop/login", "", "").await.cookie().unwrap();
        for round in 0..10 {
            let (a, b) = (format!("a{round}"), format!("b{round}"));
            let (a, b) = tokio::join!(one.post("/shop/add", &cookie, &a), two.post("/shop/add", &cookie, &b));
            assert_eq!((a.status, b.status), (200, 200));
        }
        let seen = two.get("/shop/view", &cookie).await;
        let of = |letter: char| seen.items().into_iter().filter(|item| item.starts_with(letter)).count();
        assert_eq!((of('a'), of('b')), (10, 10));
        assert_eq!(one.post("/shop/empty", &cookie, "").await.status, 200);
        assert!(two.get("/shop/view", &cookie).await.items().is_empty());
        assert_eq!(one.post("/shop/logout", &cookie, "").await.status, 200);
        assert_eq!(two.get("/shop/view", &cookie).await.status, 401);
        assert_eq!(one.ledger().last().map(|line| (line.0.as_str(), line.1)), Some(("kept.1#1", LedgerKind::Ended)));
    });
}

/// Operations that write to the database before they touch the session: all in one transaction.
fn buying() -> ServiceConfig {
    let order = json!({ "db": { "op": "insert", "table": "orders", "key": "request" } });
    let steps = |session: &str| json!([order, { "session": session }, order]);
    let operations = json!([
        { "name": "login", "steps": [{ "session": "create" }] },
        { "name": "view", "steps": [{ "session": "read" }] },
        { "name": "buy", "transaction": true, "steps": steps("append") },
        { "name": "fail", "transaction": true, "steps": [order, { "session": "append" }, { "call": "gone.away" }] },
    ]);
    config(Sessions::Store, json!([{ "name": "shop", "operation": operations }]), &["shop.view"])
}

#[test]
fn what_a_transaction_does_to_the_session_is_kept_with_it_or_undone() {
    on_one_thread(async {
        let kept = LinkedStore::start(StoreProtocol::Postgres).await;
        let rig = Rig::start("shop.1#1", kept.linked(buying())).await;
        let cookie = rig.post("/shop/login", "", "").await.cookie().unwrap();
        let bought = rig.post("/shop/buy", &cookie, "a1").await;
        assert_eq!(bought.status, 200, "it waits for no lock of its own: {bought:?}");
        assert_ne!(rig.post("/shop/fail", &cookie, "a2").await.status, 200);
        assert_eq!(rig.get("/shop/view", &cookie).await.items(), ["a1"]);
    });
}

#[test]
fn what_has_expired_is_as_good_as_gone_whether_its_row_is_there_or_not() {
    on_one_thread(async {
        let kept = LinkedStore::start(StoreProtocol::Postgres).await;
        let mut config = kept.linked(shop(Sessions::Store));
        config.settings.session_ttl = Period::micros(0);
        let rig = Rig::start("shop.1#1", config).await;
        let cookie = rig.post("/shop/login", "", "").await.cookie().unwrap();
        assert_eq!(rig.post("/shop/add", &cookie, "a1").await.status, 401);
        let kinds: Vec<LedgerKind> = rig.ledger().into_iter().map(|line| line.1).collect();
        assert_eq!(kinds, [LedgerKind::Created, LedgerKind::Expired]);
    });
}
