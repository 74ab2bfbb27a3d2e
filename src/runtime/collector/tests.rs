//! The receiver, asked by hand-written HTTP.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::LocalSet;

use super::*;
use crate::runtime::control_server::listen;
use crate::runtime::events::{self, News};
use crate::telemetry::Totals;
use crate::topology::LifeId;

const RIGHT: &str = "authorization: Bearer secret\r\ncontent-type: application/x-protobuf\r\n";

async fn start() -> (std::net::SocketAddr, mpsc::Receiver<News>) {
    let (queue, news) = events::queue();
    let collector = Collector::new("secret".to_owned(), 0, Events::new(1, queue), Arc::default());
    let (listener, address) = listen().await.unwrap();
    tokio::task::spawn_local(collector.serve(listener));
    (address, news)
}

/// The status of the answer to a request with this first line, these headers, this claimed length and this body.
async fn ask(address: std::net::SocketAddr, line: &str, headers: &str, length: usize, body: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("{line} HTTP/1.1\r\nhost: app\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // Refused before its end, a body may find the connection closed.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_is_not_a_report_of_this_run_is_refused() {
    LocalSet::new()
        .run_until(async {
            let (address, mut news) = start().await;
            let plain = "content-type: application/x-protobuf\r\n";
            let wrong = format!("authorization: Bearer other\r\n{plain}");
            let json = "authorization: Bearer secret\r\ncontent-type: application/json\r\n";
            let zipped = format!("{RIGHT}content-encoding: gzip\r\n");
            for (line, headers, length, status) in [
                ("POST /v1/traces", plain, 0, 401),
                ("POST /v1/traces", wrong.as_str(), 0, 401),
                ("GET /v1/traces", RIGHT, 0, 405),
                ("POST /v1/logs", RIGHT, 0, 404),
                ("POST /v1/traces", json, 0, 415),
                ("POST /v1/metrics", zipped.as_str(), 0, 415),
                ("POST /v1/metrics", RIGHT, MAX_BODY + 1, 413),
            ] {
                assert_eq!(ask(address, line, headers, length, b"").await, status, "{line} {headers}");
            }
            for path in ["POST /v1/traces", "POST /v1/metrics"] {
                assert_eq!(ask(address, path, RIGHT, 3, b"\xff\xff\xff").await, 400, "{path}");
                assert_eq!(ask(address, path, RIGHT, 0, b"").await, 200, "{path}");
            }
            assert!(matches!(news.try_recv().unwrap().event, Event::Spans { count: 0, .. }));
            assert!(news.try_recv().is_err());
        })
        .await;
}

#[tokio::test]
async fn totals_are_known_before_their_sender_is_answered() {
    LocalSet::new()
        .run_until(async {
            let (address, mut news) = start().await;
            let life: LifeId = "shop.1#1".parse().unwrap();
            let totals = Totals { at_us: 5, traces_begun: 3, ..Totals::default() };
            let body = otlp::encode_totals(&life, 0, &totals);
            assert_eq!(ask(address, "POST /v1/metrics", RIGHT, body.len(), &body).await, 200);
            let Event::Totals { life: from, totals: known } = news.try_recv().unwrap().event else { panic!("totals") };
            assert_eq!((from, *known), (life, totals));
        })
        .await;
}
