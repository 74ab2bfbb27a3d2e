//! A real `redis-server` as the cache. It writes no file, so nothing is left behind whatever happens to it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::node::keeper::{self, Program};
use crate::node::log::Level;
use crate::node::{Context, Failure, Order};

const PROGRAM: &str = "redis-server";
/// How many ports are tried: between choosing a free one and redis-server's taking it, another program may.
const ATTEMPTS: u32 = 5;
/// How long redis-server may take to answer. It takes some 30 ms on an idle machine.
const START_TIME: Duration = Duration::from_secs(10);
/// How long to wait between two questions whether it answers yet.
const PROBE_INTERVAL: Duration = Duration::from_millis(5);
/// How long one answer may take.
const PROBE_TIME: Duration = Duration::from_millis(500);
/// The most bytes of an answer that are read.
const PROBE_LENGTH: u64 = 16 << 10;

/// Runs redis-server until it ends or is told to.
pub(super) async fn run(context: Context, revision: u64, orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
    let (program, address) = start(&context).await?;
    context.app.applied(revision);
    context.app.ready(Some(address));
    keeper::attend(context, revision, program, orders).await
}

async fn start(context: &Context) -> Result<(Program, SocketAddr), Failure> {
    let node = context.life.node();
    for _ in 0..ATTEMPTS {
        let address = keeper::free_address()?;
        let mut program = Program::start(&context.app, PROGRAM, arguments(address.port()), level)?;
        let id = program.id();
        let status = tokio::select! {
            () = answers(address, id) => return Ok((program, address)),
            status = program.ended() => status?,
            () = tokio::time::sleep(START_TIME) => {
                return Err(Failure(format!("node \"{node}\": {PROGRAM} did not answer within {START_TIME:?}")));
            }
        };
        if keeper::was_not_found(status) {
            return Err(Failure(format!(
                "node \"{node}\" wants engine = \"redis\", but {PROGRAM} is not installed: \
                 install it (apt-get install {PROGRAM}) or use engine = \"builtin\""
            )));
        }
        let last_words = program.last_words().await;
        if !last_words.contains("Address already in use") {
            return Err(Failure(format!("node \"{node}\": {PROGRAM} ended at its start ({status}): {last_words}")));
        }
    }
    Err(Failure(format!("node \"{node}\": {PROGRAM} found its port taken {ATTEMPTS} times; try again")))
}

/// Loopback only, and never a file: neither snapshots nor a log of changes.
fn arguments(port: u16) -> impl Iterator<Item = OsString> {
    let port = port.to_string();
    let directory = std::env::temp_dir().into_os_string();
    let fixed = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"];
    let fixed = fixed.into_iter().chain(["--protected-mode", "yes", "--loglevel", "notice"]).map(OsString::from);
    fixed.chain(["--port".into(), port.into(), "--dir".into(), directory])
}

/// redis-server writes `12:M 22 Nov 2026 19:20:13.123 # text`, where `#` is a warning.
fn level(line: &str) -> Level {
    if line.split_whitespace().nth(5) == Some("#") { Level::Warning } else { Level::Info }
}

/// Waits until the process with this id answers there: not another that took the port before it.
async fn answers(address: SocketAddr, id: Option<u32>) {
    let sought = format!("process_id:{}\r\n", id.unwrap_or(0));
    loop {
        let probe = tokio::time::timeout(PROBE_TIME, answers_with(address, sought.as_bytes())).await;
        if matches!(probe, Ok(Ok(true))) {
            return;
        }
        tokio::time::sleep(PROBE_INTERVAL).await;
    }
}

async fn answers_with(address: SocketAddr, sought: &[u8]) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"INFO server\r\nQUIT\r\n").await?;
    let mut answer = Vec::new();
    stream.take(PROBE_LENGTH).read_to_end(&mut answer).await?;
    Ok(answer.windows(sought.len()).any(|window| window == sought))
}
