//! Clients who are slow, many, gone, or not of the run.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::super::limits::Limits;
use super::harness::{Gate, Replica, Reply, ok, ready, settings};
use crate::node::Order;
use crate::node::testing::{RUN, on_one_thread};
use crate::telemetry::TraceParent;

const AMPLE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn a_head_that_takes_too_long_is_refused_and_an_idle_connection_closed() {
    on_one_thread(async {
        let limits = Limits { clients: 8, idle: AMPLE, head: SHORT };
        let gate = Gate::start_within(limits, settings(), Vec::new()).await;
        for beginning in ["G", "\r\n", "GET /cart/view HTTP/1.1\r\nhost: a\r\n"] {
            let mut slow = gate.client().await;
            slow.send(beginning).await;
            let answer = slow.answer().await;
            assert_eq!((answer.status, answer.header("connection")), (408, Some("close")), "{beginning:?}");
            assert_eq!(slow.rest().await, b"");
        }
        let limits = Limits { clients: 8, idle: SHORT, head: AMPLE };
        let gate = Gate::start_within(limits, settings(), Vec::new()).await;
        let mut idle = gate.client().await;
        idle.send("GET /-/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(idle.answer().await.status, 200);
        assert_eq!(idle.rest().await, b"");
    });
}

#[test]
fn clients_beyond_the_limit_are_turned_away_until_one_leaves() {
    on_one_thread(async {
        let limits = Limits { clients: 2, idle: AMPLE, head: AMPLE };
        let replica = Replica::named("one").await;
        let gate = Gate::start_within(limits, settings(), ready(&[replica.address])).await;
        let request = "GET /cart/view HTTP/1.1\r\nhost: a\r\n\r\n";
        let (mut first, mut second) = (gate.client().await, gate.client().await);
        for client in [&mut first, &mut second] {
            client.send(request).await;
            assert_eq!(client.answer().await.status, 200);
        }
        let mut third = gate.client().await;
        let answer = third.answer().await;
        assert_eq!((answer.status, answer.header("brownout-cause")), (503, Some("shed")));
        assert_eq!(third.rest().await, b"");
        drop(first);
        let served = async {
            loop {
                let answer = gate.client().await.ask(request).await;
                if answer.status == 200 {
                    return;
                }
            }
        };
        timeout(AMPLE, served).await.expect("the place of who left is free");
        second.send(request).await;
        assert_eq!(second.answer().await.status, 200);
    });
}

#[test]
fn clients_who_leave_leave_nothing_behind() {
    on_one_thread(async {
        let body = "x".repeat(10 << 20);
        let replica = Replica::start(
            move |seen| {
                if seen.head.starts_with("GET") { Reply::Say(ok(&body)) } else { Reply::Nothing }
            },
        )
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        for request in [
            "GET /cart/vi",
            "POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc",
            "POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: 900000\r\n\r\nabc",
            "POST /cart/add HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
            "GET /cart/view HTTP/1.1\r\nhost: a\r\n\r\n",
        ] {
            for _ in 0..5 {
                let mut client = gate.client().await;
                client.send(request).await;
            }
        }
        let mut last = gate.client().await;
        last.send("GET /-/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(last.answer().await.status, 200);
        gate.orders.send(Order::Terminate).await.unwrap();
        gate.orders.send(Order::Released).await.unwrap();
        // It would wait for five seconds if it believed that something is in flight.
        let ended = timeout(Duration::from_secs(4), gate.task).await.expect("something is still in flight");
        assert!(ended.unwrap().is_ok());
    });
}

#[test]
fn who_is_not_of_the_run_does_not_decide_what_is_sampled() {
    on_one_thread(async {
        let replica = Replica::named("one").await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let trace = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
        let mut sampled = Vec::new();
        for hop in ["", "brownout-hop: other-run users.1#1\r\n", &format!("brownout-hop: {RUN} users.1#1\r\n")] {
            for _ in 0..50 {
                gate.ask("GET", &format!("{trace}{hop}")).await;
            }
            let seen = replica.seen().split_off(50 * sampled.len());
            let contexts = seen.iter().map(|seen| seen.header("traceparent").unwrap().to_owned());
            let contexts = contexts.map(|context| TraceParent::parse(context.as_bytes()).unwrap());
            sampled.push(contexts.filter(|context| context.sampled).count());
        }
        assert!(sampled[0] < 50 && sampled[1] < 50 && sampled[2] == 50, "{sampled:?}");
    });
}

#[test]
fn chunks_where_no_body_can_be_do_not_become_the_next_answer() {
    on_one_thread(async {
        let replica = Replica::start(|seen| {
            Reply::Say(if seen.head.contains("/cart/none") {
                "HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n".into()
            } else {
                ok("mine")
            })
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut client = gate.client().await;
        client.send("GET /cart/none HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert!(client.head_only().await.starts_with("HTTP/1.1 204 "));
        assert_eq!(client.ask("GET /cart/view HTTP/1.1\r\nhost: a\r\n\r\n").await.body, b"mine");
        assert_eq!(replica.seen().iter().map(|seen| seen.connection).collect::<Vec<_>>(), [0, 1]);
    });
}

#[test]
fn long_bodies_pass_while_they_come() {
    const LENGTH: usize = 10 << 20;
    on_one_thread(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let gate = Gate::start(settings(), ready(&[listener.local_addr().unwrap()])).await;
        let mut client = gate.client().await;
        client.send(&format!("POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: {LENGTH}\r\n\r\n")).await;
        let (mut replica, _) = listener.accept().await.unwrap();
        let mut read = super::harness::Reader::default();
        assert!(read.head(&mut replica).await.contains(&format!("content-length: {LENGTH}")));
        let piece = vec![b'x'; 64 << 10];
        for _ in 0..LENGTH / piece.len() {
            // Each piece arrives before the next is sent: nobody keeps the whole.
            client.stream.write_all(&piece).await.unwrap();
            read.bytes(&mut replica, piece.len()).await;
        }
        replica.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n").as_bytes()).await.unwrap();
        let mut read = super::harness::Reader::default();
        assert!(read.head(&mut client.stream).await.starts_with("HTTP/1.1 200 "));
        for _ in 0..LENGTH / piece.len() {
            replica.write_all(&piece).await.unwrap();
            read.bytes(&mut client.stream, piece.len()).await;
        }
        client.send("GET /-/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(client.answer().await.status, 200);
    });
}
