//! What a role's tests need in place of an app: a control connection whose messages can be waited for.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::wire::{AppMessage, Bootstrap, NodeMessage, PROTOCOL, RunContext};

use super::log::Log;
use super::{Clock, Context, Reporter, app_link};

/// The run that tests are of.
pub(super) const RUN: &str = "run-1";
/// How long a test waits for what must happen.
pub(super) const SOON: Duration = Duration::from_secs(10);

/// The app's end of the control connection.
pub(super) struct App {
    said: mpsc::Receiver<NodeMessage>,
    _to_node: mpsc::Receiver<AppMessage>,
}

impl App {
    /// Waits for a message that `wanted` accepts; others before it are thrown away.
    pub(super) async fn wait<T>(&mut self, mut wanted: impl FnMut(NodeMessage) -> Option<T>) -> T {
        let search = async {
            loop {
                if let Some(found) = wanted(self.said.recv().await.expect("the node said goodbye")) {
                    return found;
                }
            }
        };
        tokio::time::timeout(SOON, search).await.expect("the node did not say it in time")
    }

    /// What was said and not waited for.
    pub(super) fn heard(&mut self) -> Vec<NodeMessage> {
        std::iter::from_fn(|| self.said.try_recv().ok()).collect()
    }
}

/// Runs a test on one thread, as a node runs.
pub(super) fn on_one_thread(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test);
}

/// What a role is given, connected to an app of the test's own.
pub(super) async fn context(life: &str) -> (Context, App) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let control = listener.local_addr().unwrap();
    let (sender, said) = mpsc::channel(1024);
    tokio::task::spawn_local(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (read, _write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let _ = sender.send(serde_json::from_str(&line).unwrap()).await;
        }
    });
    let life: crate::topology::LifeId = life.parse().unwrap();
    let bootstrap =
        Bootstrap { protocol: PROTOCOL, control, token: "secret".into(), life: life.clone(), parent_pid: 0 };
    let (app, to_node) = app_link::dial(&bootstrap, Log::default()).await.unwrap();
    let run = Rc::new(RunContext {
        id: RUN.into(),
        seed: 7,
        epoch_unix_ns: 0,
        epoch_monotonic_ns: None,
        now_us: 0,
        collector: SocketAddr::from(([127, 0, 0, 1], 1)),
        traces_per_second: 10,
    });
    let clock = Clock::new(&run);
    let reporter = Reporter::new(life.clone(), run.clone(), clock.clone(), bootstrap.token);
    (Context { life, run, clock, app, reporter }, App { said, _to_node: to_node })
}
