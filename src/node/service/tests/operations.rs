//! Routing, steps, limits, draining, and sessions that stay where they are.

use std::time::Duration;

use serde_json::json;

use crate::node::Order;
use crate::telemetry::LedgerKind::{Changed, Created, Ended};
use crate::topology::Sessions;
use crate::wire::NodeMessage;

use super::rig::{Rig, config, on_one_thread, shop};

#[test]
fn what_is_asked_wrongly_is_told_so() {
    on_one_thread(async {
        let rig = Rig::start("shop.1#1", shop(Sessions::Memory)).await;
        let wrong = rig.get("/shop/add", "").await;
        assert_eq!((wrong.status, wrong.header("brownout-cause")), (405, "status"));
        assert!(wrong.json["error"].as_str().unwrap().contains("POST"));
        for path in ["/shop/nothing", "/other/view", "/", "/shop/add/more"] {
            let lost = rig.get(path, "").await;
            assert_eq!((lost.status, lost.header("brownout-cause")), (404, "no_route"), "{path}");
        }
        let stranger = rig.post("/shop/add", "", "a1").await;
        assert_eq!((stranger.status, stranger.header("brownout-cause")), (401, "unknown_session"));
        assert_eq!(stranger.header("brownout-life"), "shop.1#1");
        assert_eq!(rig.get("/shop/session.check", "brownout-session=x").await.status, 401);
        assert_eq!(rig.ask("POST", "/shop/add", "", &"x".repeat(70_000)).await.status, 413);
        assert_eq!(rig.get("/-/ready", "").await.status, 200);
        assert_eq!(rig.get("/-/live", "").await.status, 200);
    });
}

#[test]
fn a_session_in_memory_is_in_the_ledger_before_its_answers() {
    on_one_thread(async {
        let rig = Rig::start("shop.1#1", shop(Sessions::Memory)).await;
        let login = rig.post("/shop/login", "", "").await;
        let cookie = login.cookie().unwrap();
        assert_eq!(login.json["session"].as_str().unwrap(), cookie.strip_prefix("brownout-session=").unwrap());
        for item in ["a1", "a2", "a1"] {
            assert_eq!(rig.post("/shop/add", &cookie, item).await.status, 200);
        }
        assert_eq!(rig.get("/shop/view", &cookie).await.items(), ["a1", "a2"]);
        assert_eq!(rig.get("/shop/session.check", &cookie).await.items(), ["a1", "a2"]);
        assert_eq!(rig.post("/shop/empty", &cookie, "").await.status, 200);
        let logout = rig.post("/shop/logout", &cookie, "").await;
        assert!(logout.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(rig.get("/shop/view", &cookie).await.status, 401);
        rig.hears(|message| matches!(message, NodeMessage::Ledger(line) if line.kind == Ended).then_some(())).await;
        let kinds: Vec<_> = rig.ledger().into_iter().map(|(_, kind, items)| (kind, items)).collect();
        assert_eq!(kinds, [(Created, 0), (Changed, 1), (Changed, 2), (Changed, 0), (Ended, 0)]);
        assert!(rig.ledger().iter().all(|(holder, _, _)| holder == "shop.1#1"));
    });
}

#[test]
fn a_token_is_all_there_is_of_a_session_and_cannot_be_forged() {
    on_one_thread(async {
        let one = Rig::start("shop.1#1", shop(Sessions::Token)).await;
        let two = Rig::start("shop.2#1", shop(Sessions::Token)).await;
        let login = one.post("/shop/login", "", "").await.cookie().unwrap();
        let token = two.post("/shop/add", &login, "a1").await.cookie().unwrap();
        assert_eq!(one.get("/shop/view", &token).await.items(), ["a1"]);
        let signature = token.rfind('.').unwrap();
        let forged = format!("{}.{}", &login[..login.rfind('.').unwrap()], &token[signature + 1..]);
        assert_eq!(one.get("/shop/view", &forged).await.status, 401);
        assert_eq!(one.ledger(), [("user".to_owned(), Created, 0)]);
    });
}

#[test]
fn calls_are_functions_here_and_http_elsewhere() {
    on_one_thread(async {
        let cart = Rig::start("cart.1#1", {
            let operation = json!({ "name": "view", "steps": [{ "cpu": "200us" }, { "session": "create" }] });
            config(Sessions::Memory, json!([{ "name": "cart", "operation": [operation] }]), &[])
        });
        let cart = cart.await;
        let steps = json!([
            { "call": "shop.inner" },
            { "call": "cart.view" },
            { "call": "nowhere.at-all", "optional": true },
        ]);
        let operations = json!([
            { "name": "outer", "steps": steps },
            { "name": "inner", "steps": [{ "wait": "1ms" }] },
            { "name": "broken", "steps": [{ "call": "nowhere.at-all" }] },
            { "name": "circle", "steps": [{ "call": "shop.circle" }] },
        ]);
        let mut config = config(Sessions::Memory, json!([{ "name": "shop", "operation": operations }]), &[]);
        config.upstreams = vec![cart.as_upstream(&["cart"])];
        let rig = Rig::start("shop.1#1", config).await;
        let done = rig.post("/shop/outer", "a=b", "").await;
        assert_eq!((done.status, done.json["degraded"].as_bool()), (200, Some(true)));
        let session = done.json["session"].as_str().unwrap();
        assert_eq!(done.cookie().unwrap(), format!("brownout-session={session}"));
        for path in ["/shop/broken", "/shop/circle"] {
            let failed = rig.post(path, "", "").await;
            assert_eq!((failed.status, failed.header("brownout-cause")), (502, "call_failed"));
        }
        cart.ended.abort();
    });
}

#[test]
fn more_than_the_line_holds_is_shed() {
    on_one_thread(async {
        let operation = json!({ "name": "slow", "steps": [{ "wait": "300ms" }] });
        let mut config =
            config(Sessions::Memory, json!([{ "name": "shop", "operation": [operation] }]), &["shop.slow"]);
        (config.settings.concurrency, config.settings.backlog) = (1, 1);
        let rig = Rig::start("shop.1#1", config).await;
        let ask = || rig.get("/shop/slow", "");
        let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
        let mut statuses = [a.status, b.status, c.status, d.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 503, 503]);
        let shed = [a, b, c, d].into_iter().find(|got| got.status == 503).unwrap();
        assert_eq!(shed.header("brownout-cause"), "shed");
    });
}

#[test]
fn what_is_in_flight_is_finished_before_the_end() {
    on_one_thread(async {
        let operation = json!({ "name": "slow", "steps": [{ "wait": "200ms" }] });
        let modules = json!([{ "name": "shop", "operation": [operation], "memory": "64KiB", "startup": "5ms" }]);
        let rig = Rig::start("shop.1#1", config(Sessions::Memory, modules, &["shop.slow"])).await;
        let talk = async {
            rig.order(Order::Terminate).await;
            rig.hears(|message| (*message == NodeMessage::Draining).then_some(())).await;
            assert_eq!(rig.get("/-/ready", "").await.status, 503);
            rig.order(Order::Released).await;
        };
        let (slow, ()) = tokio::join!(rig.get("/shop/slow", ""), talk);
        assert_eq!(slow.status, 200);
        let ended = tokio::time::timeout(Duration::from_secs(2), rig.ended).await;
        assert!(ended.unwrap().unwrap().is_ok());
    });
}
