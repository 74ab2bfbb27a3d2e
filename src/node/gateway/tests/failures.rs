//! Replicas that refuse, break off or fall silent: what the client is told, what is tried again, what the app hears.

use std::cell::Cell;
use std::rc::Rc;

use super::harness::{Gate, Replica, Reply, nobody, ok, ready, settings};
use crate::node::Order;
use crate::node::testing::{SOON, on_one_thread};
use crate::topology::{Gateway, Period};
use crate::wire::{EndpointState, NodeMessage, NoticedBy};

#[test]
fn a_refused_request_goes_to_another_replica_whatever_its_method_and_is_noticed_once() {
    on_one_thread(async {
        let replica = Replica::named("two").await;
        let mut gate = Gate::start(settings(), ready(&[nobody().await, replica.address])).await;
        for _ in 0..6 {
            let answer = gate.ask("POST", "content-length: 0\r\n").await;
            assert_eq!((answer.status, answer.body.as_slice()), (200, b"two".as_slice()));
        }
        let noticed = gate.noticed().await;
        assert_eq!((noticed.upstream.to_string().as_str(), noticed.by), ("shop.1#1", NoticedBy::Refused));
        assert!(!gate.app.heard().iter().any(|said| matches!(said, NodeMessage::Noticed(_))));
        gate.configure(ready(&[replica.address])[..0].to_vec()).await;
    });
}

#[test]
fn only_what_reads_is_repeated_after_a_reset() {
    on_one_thread(async {
        for (method, status, cause) in [("GET", 200, None), ("POST", 502, Some("reset"))] {
            let broken = Replica::start(|_| Reply::SayAndClose(String::new())).await;
            let sound = Replica::named("two").await;
            let mut gate = Gate::start(settings(), ready(&[broken.address, sound.address])).await;
            let answer = gate.ask(method, "content-length: 0\r\n").await;
            assert_eq!((answer.status, answer.header("brownout-cause")), (status, cause), "{method}");
            let noticed = gate.noticed().await;
            assert_eq!((noticed.upstream.to_string().as_str(), noticed.by), ("shop.1#1", NoticedBy::Reset));
            assert_eq!(sound.seen().len(), usize::from(method == "GET"));
        }
    });
}

#[test]
fn silence_is_answered_with_504_and_tried_again_elsewhere_if_it_only_reads() {
    on_one_thread(async {
        let silent = Replica::start(|_| Reply::Nothing).await;
        let sound = Replica::named("two").await;
        let settings = Gateway { timeout: Period::millis(100), ..settings() };
        let mut gate = Gate::start(settings.clone(), ready(&[silent.address])).await;
        let answer = gate.ask("GET", "").await;
        assert_eq!((answer.status, answer.header("brownout-cause")), (504, Some("upstream_timed_out")));
        assert_eq!(gate.noticed().await.by, NoticedBy::TimedOut);
        assert_eq!(gate.ask("GET", "").await.status, 503, "the only replica is given up");
        let gate = Gate::start(settings, ready(&[silent.address, sound.address])).await;
        assert_eq!(gate.ask("GET", "").await.body, b"two");
    });
}

#[test]
fn a_connection_that_was_closed_while_idle_costs_nothing() {
    on_one_thread(async {
        let replica = Replica::start(|_| Reply::SayAndClose(ok("one"))).await;
        let mut gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut client = gate.client().await;
        for _ in 0..20 {
            client.send("POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}").await;
            assert_eq!(client.answer().await.status, 200);
            // The replica closes behind its answer: until it has, the connection is still a good one.
            while replica.open() > 0 {
                tokio::task::yield_now().await;
            }
        }
        assert!(!gate.app.heard().iter().any(|said| matches!(said, NodeMessage::Noticed(_))));
    });
}

#[test]
fn an_answer_that_breaks_off_is_not_passed_off_as_whole() {
    on_one_thread(async {
        let replica = Replica::start(|seen| {
            Reply::SayAndClose(match seen.head.split(' ').nth(1) {
                Some("/cart/sized") => "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc".into(),
                Some("/cart/chunks") => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n".into(),
                Some("/cart/both") => {
                    "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0".into()
                }
                Some("/cart/twice") => "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab".into(),
                _ => "SSH-2.0-surprise\r\n".into(),
            })
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        for path in ["sized", "chunks"] {
            let mut client = gate.client().await;
            client.send(&format!("GET /cart/{path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
            let rest = String::from_utf8(client.rest().await).unwrap();
            assert!(rest.contains("abc") && !rest.ends_with("0\r\n\r\n"), "{rest}");
        }
        for path in ["both", "twice", "else"] {
            let mut client = gate.client().await;
            client.send(&format!("GET /cart/{path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
            let answer = client.answer().await;
            assert_eq!((answer.status, answer.header("brownout-cause")), (502, Some("protocol")), "{path}");
        }
    });
}

#[test]
fn health_checks_give_up_and_take_back() {
    on_one_thread(async {
        let fit = Rc::new(Cell::new(false));
        let asked = fit.clone();
        let replica = Replica::start(move |_| {
            let status = if asked.get() { "200 OK" } else { "503 Service Unavailable" };
            Reply::SayAndClose(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"))
        })
        .await;
        let settings = Gateway { health_interval: Period::millis(20), ..settings() };
        let mut gate = Gate::start(settings, ready(&[replica.address])).await;
        assert_eq!(gate.noticed().await.by, NoticedBy::HealthCheck);
        assert_eq!(gate.ask("GET", "").await.status, 503);
        fit.set(true);
        let taken_back = async { while gate.ask("GET", "").await.status != 200 {} };
        tokio::time::timeout(SOON, taken_back).await.expect("the replica is not taken back");
        assert!(
            replica.seen()[0].head.starts_with("GET /-/ready ") && replica.seen()[0].header("brownout-hop").is_none()
        );
    });
}

#[test]
fn what_the_app_takes_off_the_list_was_told() {
    on_one_thread(async {
        let (one, two) = (Replica::named("one").await, Replica::named("two").await);
        let mut gate = Gate::start(settings(), ready(&[one.address, two.address])).await;
        let mut list = ready(&[one.address, two.address]);
        list[0].state = EndpointState::Draining;
        gate.configure(list.clone()).await;
        for _ in 0..4 {
            assert_eq!(gate.ask("GET", "").await.body, b"two", "nothing new goes to a draining replica");
        }
        list.remove(0);
        gate.configure(list).await;
        assert_eq!(gate.ask("GET", "").await.body, b"two");
    });
}

#[test]
fn a_gateway_that_must_end_finishes_what_it_has() {
    on_one_thread(async {
        let replica = Replica::start(|_| Reply::Nothing).await;
        let settings = Gateway { timeout: Period::millis(300), retries: 0, ..settings() };
        let mut gate = Gate::start(settings, ready(&[replica.address])).await;
        let mut waiting = gate.client().await;
        waiting.send("GET /cart/view HTTP/1.1\r\nhost: a\r\n\r\n").await;
        while replica.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        gate.orders.send(Order::Terminate).await.unwrap();
        gate.app.wait(|said| matches!(said, NodeMessage::Draining).then_some(())).await;
        let mut client = gate.client().await;
        client.send("GET /-/ready HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(client.answer().await.status, 503);
        gate.orders.send(Order::Released).await.unwrap();
        assert_eq!(waiting.answer().await.status, 504);
        assert!(tokio::time::timeout(SOON, gate.task).await.unwrap().unwrap().is_ok());
    });
}
