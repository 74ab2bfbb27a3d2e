//! Requests that two readers could read differently: each is refused, its connection is closed, and no byte of it
//! reaches a replica.

use super::harness::{Gate, Replica, ready, settings};
use crate::node::testing::on_one_thread;

/// Name, status, and the request.
const REFUSED: [(&str, u16, &str); 33] = [
    (
        "length and chunks",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunks and length",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    ),
    ("two lengths", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    (
        "two equal lengths",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    ),
    ("list of lengths", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc"),
    ("signed length", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"),
    ("negative length", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc"),
    ("hexadecimal length", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc"),
    ("empty length", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"),
    (
        "length beyond 64 bits",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ),
    ("unknown coding", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("coding list", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (
        "coding twice",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("coding in 1.0", 400, "POST /cart/add HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (
        "coding with vertical tab",
        400,
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    ),
    ("space before colon", 400, "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc"),
    ("folded line", 400, "GET /cart/view HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
    ("leading space", 400, "GET /cart/view HTTP/1.1\r\n Host: a\r\n\r\n"),
    ("bare line feed", 400, "GET /cart/view HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
    ("bare line feeds at the end", 400, "GET /cart/view HTTP/1.1\r\nHost: a\n\n"),
    ("bare carriage return", 400, "GET /cart/view HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
    ("zero byte", 400, "GET /cart/view HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
    ("no host", 400, "GET /cart/view HTTP/1.1\r\n\r\n"),
    ("two hosts", 400, "GET /cart/view HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    ("host with a path", 400, "GET /cart/view HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    ("absolute target", 400, "GET http://a/cart/view HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("asterisk", 400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("tunnel", 405, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("version 2", 505, "GET /cart/view HTTP/2.0\r\nHost: a\r\n\r\n"),
    ("version 1.2", 505, "GET /cart/view HTTP/1.2\r\nHost: a\r\n\r\n"),
    ("no version", 400, "GET /cart/view\r\n\r\n"),
    ("other expectation", 417, "POST /cart/add HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\na"),
    ("binary", 400, "\x16\x03\x01\x02\r\n\r\n"),
];

/// Bodies whose chunks are not as they must be.
const BAD_CHUNKS: [(&str, &str); 11] = [
    ("bare line feed after the size", "3\nabc\r\n0\r\n\r\n"),
    ("bare line feed after the data", "3\r\nabc\n0\r\n\r\n"),
    ("data longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
    ("prefixed size", "0x3\r\nabc\r\n0\r\n\r\n"),
    ("signed size", "+3\r\nabc\r\n0\r\n\r\n"),
    ("no size", "\r\nabc\r\n0\r\n\r\n"),
    ("size that overflows", "ffffffffffffffff1\r\nabc\r\n0\r\n\r\n"),
    ("space before the size", " 3\r\nabc\r\n0\r\n\r\n"),
    ("something behind the size", "3 abc\r\nabc\r\n0\r\n\r\n"),
    ("bare line feed at the end", "3\r\nabc\r\n0\r\n\n"),
    ("bare line feed in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
];

#[test]
fn what_is_ambiguous_is_refused_and_the_connection_closed() {
    on_one_thread(async {
        let replica = Replica::named("one").await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        for (name, status, request) in REFUSED {
            let mut client = gate.client().await;
            client.send(request).await;
            let answer = client.answer().await;
            assert_eq!(answer.status, status, "{name}");
            assert_eq!(answer.header("connection"), Some("close"), "{name}");
            assert_eq!(answer.header("brownout-cause"), Some("protocol"), "{name}");
            assert_eq!(client.rest().await, b"", "{name}");
        }
        assert!(replica.seen().is_empty());
    });
}

#[test]
fn chunks_that_are_ambiguous_are_refused() {
    on_one_thread(async {
        let replica = Replica::named("one").await;
        let gate = Gate::start(settings(), ready(&[replica.address])).await;
        let long = format!("3;{}\r\nabc\r\n0\r\n\r\n", "x".repeat(300));
        for (name, body) in BAD_CHUNKS.into_iter().chain([("long extension", long.as_str())]) {
            let mut client = gate.client().await;
            client
                .send(&format!("POST /cart/add HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{body}"))
                .await;
            assert_eq!(client.answer().await.status, 400, "{name}");
            assert_eq!(client.rest().await, b"", "{name}");
        }
        assert!(replica.seen().is_empty());
    });
}

#[test]
fn heads_that_are_too_large_are_refused() {
    on_one_thread(async {
        let gate = Gate::start(settings(), Vec::new()).await;
        let long = format!("GET /cart/view HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(20 << 10));
        let many = format!("GET /cart/view HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(120));
        for request in [long, many] {
            let mut client = gate.client().await;
            client.send(&request).await;
            assert_eq!(client.answer().await.status, 431);
        }
    });
}
