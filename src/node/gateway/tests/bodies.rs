//! Bodies in every framing, both ways, and connections that are used again.

use super::harness::{Gate, Replica, Reply, ok, ready, settings};
use crate::node::testing::on_one_thread;

#[test]
fn chunks_pass_both_ways_without_extensions_and_trailers() {
    on_one_thread(async {
        let replica = Replica::start(|_| {
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n";
            Reply::Say(format!("{head}3;a=b\r\nfoo\r\n3\r\nbar\r\n0\r\nx-sum: 1\r\n\r\n"))
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut client = gate.client().await;
        for _ in 0..2 {
            let head = "POST /cart/add HTTP/1.1\r\nhost: a\r\ntransfer-encoding: Chunked\r\n\r\n";
            client.send(&format!("{head}5\r\nhello\r\n6;x\r\n world\r\n0\r\nt: 1\r\n\r\n")).await;
            let answer = client.answer().await;
            assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
            assert_eq!((answer.header("trailer"), answer.body.as_slice()), (None, b"foobar".as_slice()));
        }
        let seen = replica.seen();
        assert!(seen.iter().all(|seen| seen.body == b"hello world" && seen.connection == 0), "{seen:?}");
    });
}

#[test]
fn answers_without_a_body_have_none() {
    on_one_thread(async {
        let replica = Replica::start(|seen| {
            Reply::Say(match seen.head.split(' ').nth(1) {
                Some("/cart/none") => "HTTP/1.1 204 No Content\r\n\r\n".into(),
                Some("/cart/same") => "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n".into(),
                Some("/cart/early") => format!("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n{}", ok("late")),
                _ => "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n".into(),
            })
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut client = gate.client().await;
        for (request, status) in [("GET /cart/none", "204"), ("GET /cart/same", "304"), ("HEAD /cart/view", "200")] {
            client.send(&format!("{request} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
            let head = client.head_only().await;
            assert_eq!(&head[9..12], status);
            let length = match status {
                "204" => None,
                "304" => Some("9"),
                _ => Some("5"),
            };
            assert_eq!(head.lines().find_map(|line| line.strip_prefix("content-length: ")), length, "{head}");
        }
        client.send("GET /cart/early HTTP/1.1\r\nhost: a\r\n\r\n").await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"late".as_slice()));
        assert!(replica.seen().iter().all(|seen| seen.connection == 0));
    });
}

#[test]
fn long_bodies_are_streamed() {
    on_one_thread(async {
        let replica = Replica::start(|seen| Reply::Say(ok(std::str::from_utf8(&seen.body).unwrap()))).await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let body: String = (0..300_000).map(|n| char::from(b'a' + (n % 23) as u8)).collect();
        let sized = format!("content-length: {}\r\n\r\n{body}", body.len());
        let half = body.len() / 2;
        let chunk = |part: &str| format!("{:x}\r\n{part}\r\n", part.len());
        let chunks =
            format!("transfer-encoding: chunked\r\n\r\n{}{}0\r\n\r\n", chunk(&body[..half]), chunk(&body[half..]));
        for lines in [sized, chunks] {
            let mut client = gate.client().await;
            client.send(&format!("POST /cart/add HTTP/1.1\r\nhost: a\r\n{lines}")).await;
            let answer = client.answer().await;
            assert_eq!((answer.status, answer.body.len()), (200, body.len()));
            assert!(answer.body == body.as_bytes());
        }
    });
}

#[test]
fn an_answer_that_comes_before_the_body_is_passed_on() {
    on_one_thread(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let gate = Gate::start(settings(), ready(&[listener.local_addr().unwrap()])).await;
        let mut client = gate.client().await;
        client.send("POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\nabc").await;
        let (mut replica, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut replica, ok("enough").as_bytes()).await.unwrap();
        let answer = client.answer().await;
        assert_eq!((answer.body.as_slice(), answer.header("connection")), (b"enough".as_slice(), Some("close")));
    });
}

#[test]
fn connections_are_used_again_and_pipelined_requests_answered_in_order() {
    on_one_thread(async {
        let replica = Replica::start(|seen| Reply::Say(ok(seen.head.split(' ').nth(1).unwrap()))).await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut client = gate.client().await;
        let request = |n: u32| format!("POST /cart/{n} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{{}}");
        client.send(&(0..5).map(request).collect::<String>()).await;
        for n in 0..5 {
            assert_eq!(client.answer().await.body, format!("/cart/{n}").as_bytes());
        }
        let mut other = gate.client().await;
        other.send(&request(5)).await;
        assert_eq!(other.answer().await.status, 200);
        assert!(replica.seen().iter().all(|seen| seen.connection == 0));
    });
}

#[test]
fn old_clients_and_old_replicas_are_understood() {
    on_one_thread(async {
        let replica = Replica::start(|seen| {
            if seen.head.starts_with("GET /cart/old") {
                Reply::SayAndClose("HTTP/1.0 200 OK\r\n\r\nuntil the end".into())
            } else {
                Reply::Say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".into())
            }
        })
        .await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let mut old = gate.client().await;
        old.send("GET /cart/view HTTP/1.0\r\n\r\n").await;
        let answer = String::from_utf8(old.rest().await).unwrap();
        assert!(answer.ends_with("\r\n\r\nok") && !answer.contains("transfer-encoding"), "{answer}");
        let mut client = gate.client().await;
        for _ in 0..2 {
            client.send("GET /cart/old HTTP/1.1\r\nhost: a\r\n\r\n").await;
            assert_eq!(client.answer().await.body, b"until the end");
        }
    });
}

#[test]
fn leave_to_send_a_body_is_given() {
    on_one_thread(async {
        let replica = Replica::named("one").await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        for length in [5, 100_000] {
            let mut client = gate.client().await;
            let head =
                format!("POST /cart/add HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: {length}");
            client.send(&format!("{head}\r\n\r\n")).await;
            assert!(client.head_only().await.starts_with("HTTP/1.1 100 "));
            client.send(&"x".repeat(length)).await;
            assert_eq!(client.answer().await.status, 200);
        }
        assert_eq!(replica.seen().iter().map(|seen| seen.body.len()).collect::<Vec<_>>(), [5, 100_000]);
        assert!(replica.seen().iter().all(|seen| seen.header("expect").is_none()));
    });
}
