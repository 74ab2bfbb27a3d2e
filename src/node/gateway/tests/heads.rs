//! What the gateway changes in heads, and what it keeps.

use super::harness::{Gate, Replica, Reply, ready, settings};
use crate::node::testing::{RUN, on_one_thread};
use crate::telemetry::TraceParent;

#[test]
fn what_belongs_to_one_hop_stays_there() {
    on_one_thread(async {
        let replica = Replica::start(|_| {
            let lines =
                "connection: x-mine\r\nx-mine: 1\r\nkeep-alive: timeout=5\r\nx-kept: 2\r\nbrownout-life: shop.1#1";
            Reply::Say(format!("HTTP/1.1 201 Made It\r\n{lines}\r\ncontent-length: 2\r\n\r\nok"))
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let lines = "connection: x-yours, host, keep-alive\r\nx-yours: 1\r\nkeep-alive: 5\r\nproxy-authorization: p\r\n\
                     te: trailers\r\nupgrade: h2c\r\nx-kept:\r\nx-forwarded-for: 10.0.0.1\r\ncookie: a=b\r\n\
                     brownout-hop: run-1 users.1#1\r\nbrownout-user: 7\r\nvia: 1.1 edge\r\n";
        let answer = gate.ask("GET", lines).await;
        assert!(answer.head.starts_with("HTTP/1.1 201 Made It\r\n"), "{}", answer.head);
        assert_eq!((answer.header("x-mine"), answer.header("keep-alive")), (None, None));
        assert_eq!((answer.header("x-kept"), answer.header("brownout-life")), (Some("2"), Some("shop.1#1")));
        let seen = &replica.seen()[0];
        for gone in ["x-yours", "keep-alive", "proxy-authorization", "te", "upgrade", "connection"] {
            assert_eq!(seen.header(gone), None, "{gone}");
        }
        let hop = format!("{RUN} gate.1#1");
        for (name, value) in [
            ("host", "shop"),
            ("x-kept", ""),
            ("cookie", "a=b"),
            ("brownout-user", "7"),
            ("brownout-hop", hop.as_str()),
            ("x-forwarded-for", "10.0.0.1, 127.0.0.1"),
            ("via", "1.1 edge, 1.1 gate"),
        ] {
            assert_eq!(seen.header(name), Some(value), "{name}");
        }
        assert_eq!(seen.head.matches("brownout-hop").count(), 1);
    });
}

#[test]
fn traces_go_on_and_begin_here_when_there_is_none() {
    on_one_thread(async {
        let replica = Replica::named("one").await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        gate.ask("GET", &format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n")).await;
        gate.ask("GET", "traceparent: 00-nonsense\r\n").await;
        gate.ask("GET", "").await;
        let contexts: Vec<TraceParent> = replica
            .seen()
            .iter()
            .map(|seen| TraceParent::parse(seen.header("traceparent").unwrap().as_bytes()).unwrap())
            .collect();
        assert_eq!(contexts[0].trace.to_string(), trace);
        assert!(contexts[0].sampled);
        assert_ne!(contexts[0].parent.to_string(), "00f067aa0ba902b7");
        assert_ne!(contexts[1].trace, contexts[0].trace);
    });
}

#[test]
fn the_gateway_answers_for_itself() {
    on_one_thread(async {
        let gate = Gate::start(settings(), Vec::new()).await;
        let mut client = gate.client().await;
        for (path, status, cause) in [
            ("/-/live", 200, None),
            ("/-/ready", 200, None),
            ("/nothing/here", 404, Some("no_route")),
            ("/cart/view", 503, Some("no_upstream")),
        ] {
            client.send(&format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
            let answer = client.answer().await;
            assert_eq!((answer.status, answer.header("brownout-cause")), (status, cause), "{path}");
            assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok(), "{path}");
        }
    });
}

#[test]
fn who_looks_at_the_gateway_itself_gets_a_page_and_who_is_of_the_run_does_not() {
    on_one_thread(async {
        let gate = Gate::start(settings(), Vec::new()).await;
        let page = gate.client().await.ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        let text = String::from_utf8(page.body.clone()).unwrap();
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(text.contains("visitor 1 of gate") && !text.contains("{buttons}"), "{text}");
        let add = "<button data-method=\"POST\" data-path=\"/cart/add\" data-item=\"1\">cart.add</button>";
        let view = "<button data-method=\"GET\" data-path=\"/cart/view\">cart.view</button>";
        assert!(text.contains(add) && text.contains(view), "{text}");
        let of_run = format!("GET / HTTP/1.1\r\nhost: a\r\nbrownout-hop: {RUN} users.1#1\r\n\r\n");
        let ours = gate.client().await.ask(&of_run).await;
        assert_eq!((ours.status, ours.header("set-cookie")), (404, None));
    });
}

#[test]
fn the_bytes_of_a_users_request_are_counted_as_the_replica_got_and_gave_them() {
    const ANSWER: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    on_one_thread(async {
        let replica = Replica::start(|_| Reply::Say(ANSWER.to_owned())).await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let body = "x".repeat(3_000);
        let mut client = gate.client().await;
        for hop in ["brownout-hop: run-1 users.1#1\r\n", "brownout-hop: run-1 users.1#1\r\n", ""] {
            client
                .ask(&format!("POST /cart/add HTTP/1.1\r\nhost: shop\r\n{hop}content-length: 3000\r\n\r\n{body}"))
                .await;
        }
        // The last one came from outside, and is nobody's of this run.
        let wanted: usize = replica.seen().iter().take(2).map(|seen| seen.head.len() + seen.body.len()).sum();
        let calls = gate.calls();
        let books: Vec<_> = calls.iter().collect();
        let [(to, operation, books)] = books[..] else { panic!("{calls:?}") };
        assert_eq!((to.as_str(), operation, books.answered), ("shop", "cart.add", 2));
        assert_eq!((books.request_bytes, books.answer_bytes), (wanted as u64, 2 * ANSWER.len() as u64));
    });
}
