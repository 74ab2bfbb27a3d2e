//! Keeps a foreign program: starts it in a process group of its own, signals it when told to, and goes when it goes.
//! The one place in `node` that starts processes.
//!
//! The program must not outlive this node, however that ends. Only the kernel can promise that: the program asks for
//! its parent-death signal before it begins. It cannot ask itself, and code between fork and exec would be unsafe, so
//! what is started is this executable again, as `brownout node-exec`, which asks and then becomes the program.

#![expect(clippy::disallowed_types, reason = "the keeper of foreign programs starts them")]

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::rc::Rc;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::log::Level;
use super::{AppLink, Context, Failure, Order};
use crate::wire::{KEEPER, KeeperAct, LineCutter};

/// The first argument of the mode that becomes the program.
pub const EXEC_MODE: &str = "node-exec";
/// This executable, also when its file was replaced meanwhile.
const OWN_EXECUTABLE: &str = "/proc/self/exe";
/// Exit codes of a program that could not be started, as in shells.
const NOT_FOUND: u8 = 127;
const NOT_STARTED: u8 = 126;
/// How long a program may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(2);
/// How much of the end of a program's output is kept, in bytes.
const LAST_WORDS: usize = 2 << 10;
/// How long to wait for the rest of a dead program's output, which a descendant may hold open.
const REST_OF_OUTPUT: Duration = Duration::from_millis(200);

/// Where a program is started.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Its working folder; this process's own without one.
    pub(super) folder: Option<PathBuf>,
    /// Its environment variables beside those of this process.
    pub(super) variables: Vec<(String, String)>,
}

/// A program that was started.
pub(super) struct Program {
    child: Child,
    last_words: Rc<RefCell<Vec<u8>>>,
    /// The tasks that read its output.
    readers: JoinSet<()>,
    /// Whether its children are in groups of their own, and it ends at once on SIGINT only, as PostgreSQL does.
    is_spread_out: bool,
}

impl Program {
    /// Starts a program, found on the search path, with its arguments. What it writes goes into this process's log, as
    /// grave as `level` says.
    pub(super) fn start(
        app: &AppLink,
        name: &str,
        arguments: impl IntoIterator<Item = OsString>,
        level: fn(&str) -> Level,
    ) -> Result<Self, Failure> {
        Self::start_in(app, name, arguments, &Place::default(), level)
    }

    /// The same, in a folder and with environment variables of its own beside those of this process.
    pub(super) fn start_in(
        app: &AppLink,
        name: &str,
        arguments: impl IntoIterator<Item = OsString>,
        place: &Place,
        level: fn(&str) -> Level,
    ) -> Result<Self, Failure> {
        let failed = |error| Failure(format!("cannot start {name}: {error}"));
        let mut command = Command::new(OWN_EXECUTABLE);
        if let Some(folder) = &place.folder {
            command.current_dir(folder);
        }
        let mut child = command
            .env(KEEPER, std::process::id().to_string())
            .envs(place.variables.iter().map(|(name, value)| (name, value)))
            .arg(EXEC_MODE)
            .arg(std::process::id().to_string())
            .arg("--")
            .arg(name)
            .args(arguments)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let last_words = Rc::default();
        let mut readers = JoinSet::new();
        if let Some(output) = child.stdout.take() {
            readers.spawn_local(pass_on(output, app.clone(), level, Rc::clone(&last_words)));
        }
        if let Some(output) = child.stderr.take() {
            readers.spawn_local(pass_on(output, app.clone(), level, Rc::clone(&last_words)));
        }
        Ok(Self { child, last_words, readers, is_spread_out: false })
    }

    /// Says that its children are in groups of their own, and that SIGTERM lets it wait for its clients, as is so with
    /// PostgreSQL: then signals go to its children one by one, and it is asked to end with SIGINT.
    pub(super) fn spread_out(self) -> Self {
        Self { is_spread_out: true, ..self }
    }

    /// Its process id, until its end is known.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for its end.
    pub(super) async fn ended(&mut self) -> Result<ExitStatus, Failure> {
        self.child.wait().await.map_err(|error| Failure(format!("cannot wait for the program: {error}")))
    }

    /// The end of what it wrote, once it has ended.
    pub(super) async fn last_words(mut self) -> String {
        let all_read = async { while self.readers.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(REST_OF_OUTPUT, all_read).await;
        String::from_utf8_lossy(&self.last_words.borrow()).trim().to_owned()
    }

    /// Signals its whole group. Does nothing once its end is known, for then its id may be another's.
    pub(super) fn signal(&self, signal: Signal) {
        let group = self.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let Some(group) = group else { return };
        let signal = if self.is_spread_out && signal == Signal::TERM { Signal::INT } else { signal };
        let reaches_children = self.is_spread_out && signal != Signal::INT;
        // Nobody else may start any between looking and signalling; one that just ended is still its parent's to reap.
        let children = if reaches_children { children_of(group) } else { Vec::new() };
        // It can only fail when the group has just ended, which is noticed anyway.
        let _ = rustix::process::kill_process_group(group, signal);
        for child in children {
            let _ = rustix::process::kill_process(child, signal);
        }
    }

    /// Asks it to end, and makes it end when it takes too long, as a stopped one does.
    pub(super) async fn end(&mut self) -> Result<(), Failure> {
        self.signal(Signal::TERM);
        if tokio::time::timeout(GRACE, self.ended()).await.is_err() {
            self.signal(Signal::KILL);
            self.ended().await?;
        }
        Ok(())
    }
}

/// The processes that a process has started and not reaped.
fn children_of(parent: Pid) -> Vec<Pid> {
    let id = parent.as_raw_nonzero();
    let listed = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|child| Pid::from_raw(child.parse().ok()?)).collect()
}

/// An address that nobody listens on at this moment.
pub(super) fn free_address() -> Result<SocketAddr, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Failure(format!("cannot find a free port on 127.0.0.1: {error}")))
}

/// The signal that does what a keeper is asked for.
pub(super) const fn signal_of(act: KeeperAct) -> Signal {
    match act {
        KeeperAct::Kill => Signal::KILL,
        KeeperAct::Crash => Signal::ABORT,
        KeeperAct::Terminate => Signal::TERM,
        KeeperAct::Pause => Signal::STOP,
        KeeperAct::Resume => Signal::CONT,
    }
}

/// Whether the program was not found on the search path.
pub(super) fn was_not_found(status: ExitStatus) -> bool {
    status.code() == Some(NOT_FOUND.into())
}

/// Does what it is told with a running program until that ends. A program that ends unasked takes this process with it,
/// without another word: like any node that dies.
pub(super) async fn attend(
    context: Context,
    mut revision: u64,
    mut program: Program,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let mut asked = false;
    loop {
        let order = tokio::select! {
            status = program.ended() => {
                let status = status?;
                context.reporter.flush().await;
                context.app.drained().await;
                if asked {
                    return Ok(());
                }
                std::process::exit(status.code().filter(|code| *code != 0).unwrap_or(1));
            }
            order = orders.recv() => order,
        };
        match order {
            Some(Order::Configure(config)) if config.revision > revision => {
                revision = config.revision;
                context.app.applied(revision);
            }
            Some(Order::Configure(_) | Order::Released) => {}
            Some(Order::Settle { .. }) => {
                context.reporter.flush().await;
                context.app.settled(Vec::new());
            }
            Some(Order::Keeper(act)) => {
                asked |= matches!(act, KeeperAct::Kill | KeeperAct::Terminate);
                program.signal(signal_of(act));
            }
            Some(Order::Terminate) => {
                context.app.draining();
                asked = true;
                program.end().await?;
            }
            None => return program.end().await,
        }
    }
}

/// Passes on what a program writes, keeps the end of it, and so also keeps it from blocking on a full pipe.
async fn pass_on(
    mut output: impl AsyncRead + Unpin,
    app: AppLink,
    level: fn(&str) -> Level,
    last_words: Rc<RefCell<Vec<u8>>>,
) {
    let mut chunk = [0; 4 << 10];
    let mut lines = LineCutter::default();
    while let Ok(count @ 1..) = output.read(&mut chunk).await {
        for line in lines.feed(&chunk[..count]) {
            app.log(level(&line), &line);
        }
        let mut words = last_words.borrow_mut();
        words.extend_from_slice(&chunk[..count]);
        let excess = words.len().saturating_sub(LAST_WORDS);
        words.drain(..excess);
    }
}

/// Becomes a program: `brownout node-exec <parent's pid> -- <program> <arguments>…`. Returns only if that fails.
pub fn exec() -> ExitCode {
    let mut arguments = std::env::args_os().skip(2);
    let parent = arguments.next().and_then(|parent| parent.into_string().ok()?.parse::<i32>().ok());
    let separator = arguments.next();
    let (Some(parent), Some(program)) = (parent, arguments.next().filter(|_| separator.is_some_and(|it| it == "--")))
    else {
        let _ = writeln!(std::io::stderr(), "brownout {EXEC_MODE}: this is a part that only Brownout itself starts");
        return ExitCode::from(2);
    };
    let asked = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    // The parent may have ended before it was asked for: then nobody will ever send the signal.
    if asked.is_err() || rustix::process::getppid() != Pid::from_raw(parent) {
        return ExitCode::FAILURE;
    }
    let error = std::process::Command::new(&program).args(arguments).exec();
    let _ = writeln!(std::io::stderr(), "cannot start {}: {error}", program.display());
    ExitCode::from(if error.kind() == std::io::ErrorKind::NotFound { NOT_FOUND } else { NOT_STARTED })
}
