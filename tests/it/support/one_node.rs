//! Acts as the app for one real `brownout node`: starts it, takes its control connection, configures it, and hears what
//! it says. For tests of one role alone.
//!
//! ```text
//! let mut node = OneNode::start("store.1#1", RoleConfig::Cache(CacheConfig { settings: Cache::default() }));
//! let address = node.ready().unwrap();            // Applied and Ready were said
//! node.say(&AppMessage::Settle { since_us: None });
//! node.expect(|message| matches!(message, NodeMessage::Settled { .. }));
//! node.signal(Signal::TERM);
//! assert!(node.ended().success());
//! ```
//!
//! Everything waited for has a deadline of [`DEADLINE`], after which the test fails. Times are those of the wire: run
//! time began when the node was configured. The process ends with its `OneNode`, and, since the kernel ends it with the
//! thread that started it, with the test's thread.

#![expect(clippy::disallowed_types, reason = "this is where tests start nodes")]

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use brownout::topology::LifeId;
use brownout::wire::{AppMessage, Bootstrap, NodeConfig, NodeMessage, PROTOCOL, RoleConfig, RunContext};
use rustix::process::{Pid, Signal};

use super::collector;

/// How long anything may take before the test fails: far longer than it takes on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
/// The run's secret; long and odd enough to be searched for.
pub(crate) const TOKEN: &str = "8d1f-one-node-secret-c0ffee";
/// Where run time begins on the wall clock: fixed, so that tests do not depend on the day.
pub(crate) const EPOCH_UNIX_NS: u64 = 1_750_000_000_000_000_000;

/// A node process with its control connection.
pub(crate) struct OneNode {
    child: Child,
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    run: RunContext,
    revision: u64,
}

impl OneNode {
    /// Starts a node as this life, checks its hello, and sends it its first configuration.
    pub(crate) fn start(life: &str, role: RoleConfig) -> Self {
        Self::start_with(life, role, |_| {})
    }

    /// Like [`OneNode::start`], after changing how the process is started, such as its environment.
    pub(crate) fn start_with(life: &str, role: RoleConfig, change: impl FnOnce(&mut Command)) -> Self {
        let life: LifeId = life.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_brownout"));
        command.arg("node").stdin(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().unwrap();
        let bootstrap = Bootstrap {
            protocol: PROTOCOL,
            control: listener.local_addr().unwrap(),
            token: TOKEN.to_owned(),
            life: life.clone(),
            parent_pid: std::process::id(),
        };
        let line = serde_json::to_string(&bootstrap).unwrap() + "\n";
        child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
        let writer = accept(listener);
        writer.set_read_timeout(Some(DEADLINE)).unwrap();
        let reader = BufReader::new(writer.try_clone().unwrap());
        let run = RunContext {
            id: "test-run".to_owned(),
            seed: 7,
            epoch_unix_ns: EPOCH_UNIX_NS,
            epoch_monotonic_ns: None,
            now_us: 0,
            collector: collector::start(),
            traces_per_second: 0,
        };
        let mut node = Self { child, reader, writer, run, revision: 0 };
        let hello = NodeMessage::Hello { protocol: PROTOCOL, token: TOKEN.to_owned(), life, pid: node.pid() };
        assert_eq!(node.hear(), Some(hello), "the first thing said");
        node.configure(role);
        node
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a new configuration and returns its revision. Does not wait for the node to apply it.
    pub(crate) fn configure(&mut self, role: RoleConfig) -> u64 {
        self.revision += 1;
        let config = NodeConfig { revision: self.revision, run: self.run.clone(), role };
        self.say(&AppMessage::Configure(Box::new(config)));
        self.revision
    }

    /// Says something to the node.
    pub(crate) fn say(&mut self, message: &AppMessage) {
        let line = serde_json::to_string(message).unwrap() + "\n";
        self.writer.write_all(line.as_bytes()).unwrap();
    }

    /// The next thing that the node says; `None` when its connection has ended.
    pub(crate) fn hear(&mut self) -> Option<NodeMessage> {
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_str(&line).unwrap()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
            Err(error) => panic!("the node said nothing for {DEADLINE:?}: {error}"),
        }
    }

    /// Hears until the message that is waited for, and returns it.
    pub(crate) fn expect(&mut self, wanted: impl Fn(&NodeMessage) -> bool) -> NodeMessage {
        let mut heard = Vec::new();
        while let Some(message) = self.hear() {
            if wanted(&message) {
                return message;
            }
            heard.push(message);
        }
        panic!("the node ended after saying {heard:?}");
    }

    /// Waits until the node takes requests: where it listens.
    pub(crate) fn ready(&mut self) -> Option<SocketAddr> {
        let revision = self.revision;
        self.expect(|message| *message == NodeMessage::Applied { revision });
        let ready = self.expect(|message| matches!(message, NodeMessage::Ready { .. }));
        let NodeMessage::Ready { address } = ready else { return None };
        address
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the process to end, ignoring what it says meanwhile.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        while self.hear().is_some() {}
        self.child.wait().unwrap()
    }
}

impl Drop for OneNode {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes one connection, with a deadline.
fn accept(listener: TcpListener) -> TcpStream {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || sender.send(listener.accept()));
    let (stream, _) = receiver.recv_timeout(DEADLINE).expect("the node dials").unwrap();
    stream
}
