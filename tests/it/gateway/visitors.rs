//! What visitors from outside do to a running gateway: ambiguous requests, forged headers, many idle connections, and
//! leaving in the middle.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use brownout::control::Snapshot;

use super::{assert_balanced, stateless};
use crate::support::live::{Live, lively, set};

/// How long a visitor waits for an answer.
const SOON: Duration = Duration::from_secs(10);

/// What follows each ambiguous request, to become a request of its own wherever the two readers disagree.
const SMUGGLED: &str = "GET /cart/view HTTP/1.1\r\nHost: a\r\n\r\n";

/// Names and requests of which two readers could see two different ends.
const AMBIGUOUS: [(&str, &str); 16] = [
    (
        "length and chunks",
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunks and length",
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ),
    ("two lengths", "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n"),
    ("list of lengths", "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 40\r\n\r\n"),
    ("signed length", "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n"),
    ("space before the colon", "POST /cart/add HTTP/1.1\r\nHost: a\r\nContent-Length : 40\r\n\r\n"),
    ("folded coding", "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    ("unknown coding", "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("coding list", "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    ("coding in 1.0", "POST /cart/add HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("bare line feeds", "GET /cart/view HTTP/1.1\nHost: a\n\n"),
    ("bare carriage return", "GET /cart/view HTTP/1.1\r\nHost: a\rContent-Length: 40\r\n\r\n"),
    ("zero byte", "GET /cart/view HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
    ("two hosts", "GET /cart/view HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("chunk size with a sign", "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+0\r\n\r\n"),
    (
        "chunk with a bare line feed",
        "POST /cart/add HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\r\n\r\n",
    ),
];

/// A system with one user who says next to nothing.
fn quiet() -> Live {
    let mut preset = lively("shared-session-store");
    set(&mut preset, "shoppers.users", "1");
    set(&mut preset, "shoppers.think", "300s");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run
}

/// What all replicas of a node received.
fn received(snapshot: &Snapshot, node: &str) -> u64 {
    let node = snapshot.nodes.iter().find(|found| found.id.as_str() == node).unwrap();
    node.slots.iter().map(|slot| slot.requests).sum()
}

fn visit(gate: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(gate).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
}

/// Sends this over a connection of its own and reads until the gateway closes it.
fn say(gate: SocketAddr, text: &str) -> String {
    let mut stream = visit(gate);
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the gateway closes the connection");
    String::from_utf8(answer).unwrap()
}

/// A good request, after which the connection is closed.
fn ask(gate: SocketAddr, lines: &str) -> String {
    say(
        gate,
        &format!("POST /accounts/login HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nconnection: close\r\n{lines}\r\n"),
    )
}

#[test]
fn no_byte_of_an_ambiguous_request_reaches_a_replica() {
    let run = quiet();
    let gate = run.slot("gate.1").address.unwrap();
    let before =
        run.until("the log-in is in the books", |snapshot| Some(received(snapshot, "shop")).filter(|&n| n > 0));
    for (name, request) in AMBIGUOUS {
        let answer = say(gate, &format!("{request}{SMUGGLED}"));
        assert!(answer.starts_with("HTTP/1.1 4"), "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: {answer}");
        assert!(answer.contains("connection: close\r\n"), "{name}: {answer}");
    }
    // Counts arrive in order: with this one, all others before it would have come.
    assert!(ask(gate, "").starts_with("HTTP/1.1 200 "));
    let after = run.until("the good request is in the books", |snapshot| {
        Some(received(snapshot, "shop")).filter(|&count| count > before)
    });
    assert_eq!(after, before + 1);
}

#[test]
fn a_visitors_forged_headers_stay_out_of_the_books() {
    let run = quiet();
    let gate = run.slot("gate.1").address.unwrap();
    let forged = "brownout-hop: another-run shoppers.1#1\r\nbrownout-user: 1\r\nbrownout-life: shop.9#9\r\n";
    for _ in 0..5 {
        assert!(ask(gate, forged).starts_with("HTTP/1.1 200 "));
    }
    let users = run.until("the shop counted them", |snapshot| {
        (received(snapshot, "shop") >= 6).then(|| snapshot.sessions.clone())
    });
    assert_eq!((users.users, users.started, users.lost), (1, 1, 0));
    let report = run.stop();
    assert_eq!(report.requests.issued, report.requests.ok);
    assert_balanced(&report);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let run = quiet();
    let gate = run.slot("gate.1").address.unwrap();
    let request = |path: &str, close: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n{close}\r\n");
    let all = request("/-/live", "") + &request("/cart/view", "") + &request("/nowhere/x", "connection: close\r\n");
    let answers = say(gate, &all);
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "401", "404"], "{answers}");
}

#[test]
fn visitors_who_idle_or_leave_do_not_disturb_the_traffic() {
    let run = Live::start(stateless("round-robin"), false, false);
    run.until_all_logged_in();
    let gate = run.slot("gate.1").address.unwrap();
    let idle: Vec<TcpStream> = (0..1_000).map(|_| visit(gate)).collect();
    for request in ["GET /cart/vi", "POST /cart/add HTTP/1.1\r\nhost: a\r\ncontent-length: 900\r\n\r\nabc", SMUGGLED] {
        for _ in 0..20 {
            let mut stream = visit(gate);
            stream.write_all(request.as_bytes()).unwrap();
            // Gone before its answer.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
    let before = run.until("there are requests", |snapshot| Some(snapshot.total.ok));
    run.until("traffic goes on", |snapshot| (snapshot.total.ok > before + 300).then_some(()));
    for mut stream in idle.into_iter().step_by(100) {
        stream.write_all(b"GET /-/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let report = run.stop();
    assert_eq!((report.requests.failed, report.requests.timed_out), (0, 0), "{:?}", report.requests);
    assert_balanced(&report);
}
