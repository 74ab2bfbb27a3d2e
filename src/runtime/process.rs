//! The only file of the desktop side that starts or signals processes.
//!
//! The kernel sends a child its parent-death signal when the *thread* that started it ends. So one dedicated thread, the
//! spawner, starts every process and lives until none is left. It also reaps and signals: a signal is sent only to a
//! child that this thread has not reaped yet, so it can never hit a stranger who was given the same process id.

#![expect(clippy::disallowed_types, reason = "this is the file that starts processes")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::rc::Rc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};

use crate::control::{Event, Exit, Signal};
use crate::topology::LifeId;

use super::clock::Clock;
use super::events::Events;
use super::folder;
use super::output;

/// How many requests may wait for the spawner: more than a run of thousands of processes asks for at once.
const REQUESTS: usize = 16_384;
/// How long the end of the app waits for its children to be reaped after SIGKILL.
const REAP: Duration = Duration::from_secs(5);
/// How long the last words of a process are waited for after its end.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// How long the warden may take until it watches.
#[cfg(target_os = "linux")]
const WARDEN: Duration = Duration::from_secs(2);

/// What the spawner is asked to do.
pub(super) enum Request {
    /// Start the process of a life and write this line to its standard input.
    Spawn {
        /// Which life.
        life: LifeId,
        /// The start-up line, without its end.
        bootstrap: String,
        /// The run's clock.
        clock: Clock,
        /// Where to report.
        events: Events,
    },
    /// Send a signal to the process of a life; without effect when it is gone.
    Signal {
        /// The run's number.
        run: u64,
        /// Which life.
        life: LifeId,
        /// Which signal.
        signal: Signal,
    },
    /// The process of this life keeps a program: what that leaves behind is to end with it.
    Keeps {
        /// The run's number.
        run: u64,
        /// Which life.
        life: LifeId,
    },
    /// Report which lives of the run have a process.
    Census {
        /// Where to report.
        events: Events,
    },
}

/// The thread that starts processes. When this is dropped every child is killed and reaped.
pub(super) struct Spawner {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    folder: PathBuf,
}

impl Spawner {
    /// Starts the thread. Every process that it starts runs this program with these arguments.
    ///
    /// # Errors
    /// When the system gives no thread or no event loop.
    pub(super) fn start(program: PathBuf, arguments: &'static [&'static str]) -> io::Result<Self> {
        raise_descriptor_limit();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (requests, queue) = mpsc::channel(REQUESTS);
        let program = Program::new(program, arguments)?;
        let folder = folder::of_app(&program.mark);
        let thread = std::thread::Builder::new().name("spawner".to_owned()).spawn(move || {
            tokio::task::LocalSet::new().block_on(&runtime, serve(program, queue));
        })?;
        Ok(Self { requests: Some(requests), thread: Some(thread), folder })
    }

    /// Where what is started may keep data. Removed when this is dropped.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hands a request over, in order, without waiting. `false` when too many wait already.
    pub(super) fn ask(&self, request: Request) -> bool {
        self.requests.as_ref().is_some_and(|requests| requests.try_send(request).is_ok())
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        folder::remove(&self.folder);
    }
}

/// What every child runs.
struct Program {
    path: PathBuf,
    arguments: &'static [&'static str],
    /// Marks everything that this app starts: see `warden.rs`.
    mark: String,
}

impl Program {
    fn new(path: PathBuf, arguments: &'static [&'static str]) -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mark = format!("{}-{:016x}", std::process::id(), u64::from_ne_bytes(random));
        Ok(Self { path, arguments, mark })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        #[cfg(target_os = "linux")]
        command.env(super::warden::MARK, &self.mark);
        // A group of its own: Ctrl-C in the terminal is the app's to handle, and what a keeper starts can be killed
        // with it.
        #[cfg(unix)]
        command.process_group(0);
        command.kill_on_drop(true);
        command
    }
}

/// The children that are not reaped, by run and life.
#[derive(Default)]
struct Children {
    table: RefCell<BTreeMap<(u64, LifeId), Entry>>,
    reaped: Notify,
}

struct Entry {
    pid: u32,
    clock: Clock,
    events: Events,
    kill: Rc<Notify>,
    /// Whether it keeps a program.
    keeps: bool,
}

async fn serve(program: Program, mut requests: mpsc::Receiver<Request>) {
    #[cfg(target_os = "linux")]
    let mut warden = start_warden(&program).await;
    let children = Rc::new(Children::default());
    while let Some(request) = requests.recv().await {
        match request {
            Request::Spawn { life, bootstrap, clock, events } => {
                spawn(&program, &children, life, bootstrap, clock, events).await;
            }
            Request::Signal { run, life, signal } => children.signal(run, life, signal).await,
            Request::Keeps { run, life } => children.keeps(run, life),
            Request::Census { events } => {
                let lives = children.of_run(events.run);
                events.send(Event::Actual { lives }).await;
            }
        }
    }
    children.kill_all();
    let _ = tokio::time::timeout(REAP, children.all_reaped()).await;
    #[cfg(target_os = "linux")]
    if let Some(warden) = &mut warden {
        let _ = warden.kill().await;
    }
}

/// Starts the warden and waits until it watches, so that no other child can exist without it. See `warden.rs`. Without
/// one everything works, but a child that is stopped before its first instruction may outlive a killed app.
#[cfg(target_os = "linux")]
async fn start_warden(program: &Program) -> Option<Child> {
    let mut command = program.command();
    command.arg(super::warden::MODE).arg(std::process::id().to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut warden = command.spawn().ok()?;
    let mut said = [0; 1];
    let heard = tokio::time::timeout(WARDEN, warden.stdout.as_mut()?.read_exact(&mut said)).await;
    matches!(heard, Ok(Ok(_))).then_some(warden)
}

impl Children {
    fn of_run(&self, run: u64) -> Vec<(LifeId, u32)> {
        let table = self.table.borrow();
        table.iter().filter(|((of, _), _)| *of == run).map(|((_, life), entry)| (life.clone(), entry.pid)).collect()
    }

    fn keeps(&self, run: u64, life: LifeId) {
        if let Some(entry) = self.table.borrow_mut().get_mut(&(run, life)) {
            entry.keeps = true;
        }
    }

    async fn signal(&self, run: u64, life: LifeId, signal: Signal) {
        let sent = {
            let table = self.table.borrow();
            let Some(entry) = table.get(&(run, life.clone())) else { return };
            let at_us = entry.clock.now_us();
            deliver(entry, signal).then(|| (entry.events.clone(), at_us))
        };
        if let Some((events, at_us)) = sent {
            events.send(Event::Signalled { life, signal, at_us }).await;
        }
    }

    fn kill_all(&self) {
        for entry in self.table.borrow().values() {
            deliver(entry, Signal::Kill);
        }
    }

    async fn all_reaped(&self) {
        while !self.table.borrow().is_empty() {
            self.reaped.notified().await;
        }
    }
}

/// Starts one process and a task that reaps it.
async fn spawn(
    program: &Program,
    children: &Rc<Children>,
    life: LifeId,
    bootstrap: String,
    clock: Clock,
    events: Events,
) {
    let mut command = program.command();
    command.args(program.arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let message = format!("cannot start {}: {error}", program.path.display());
            events.send(Event::SpawnFailed { life, message }).await;
            return;
        }
    };
    let pid = child.id().unwrap_or_default();
    if let Some(mut stdin) = child.stdin.take() {
        tokio::task::spawn_local(async move {
            // It fails only when the process is gone, which its exit tells.
            let _ = stdin.write_all(format!("{bootstrap}\n").as_bytes()).await;
        });
    }
    let kill = Rc::new(Notify::new());
    let entry = Entry { pid, clock, events: events.clone(), kill: kill.clone(), keeps: false };
    children.table.borrow_mut().insert((events.run, life.clone()), entry);
    events.send(Event::Spawned { life: life.clone(), pid }).await;
    tokio::task::spawn_local(reap(children.clone(), life, child, kill, clock, events));
}

/// Waits for the end of a process and reports it.
async fn reap(children: Rc<Children>, life: LifeId, mut child: Child, kill: Rc<Notify>, clock: Clock, events: Events) {
    let stderr = child.stderr.take();
    let read = |stderr| tokio::task::spawn_local(output::read(stderr, life.clone(), clock, events.clone()));
    let words = stderr.map(read);
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.notified() => {
            let _ = child.start_kill();
            child.wait().await
        }
    };
    // No other task has run since the child was reaped, so no signal can go to its process id any more.
    let entry = children.table.borrow_mut().remove(&(events.run, life.clone()));
    #[cfg(target_os = "linux")]
    if let Some(entry) = entry.filter(|entry| entry.keeps) {
        super::warden::end_what_was_kept(entry.pid);
    }
    #[cfg(not(target_os = "linux"))]
    drop(entry);
    let at_us = clock.now_us();
    let exit = status.map_or(Exit::Unknown, exit);
    if let (Exit::Code(code), Some(words)) = (exit, words)
        && code != 0
        && let Ok(Ok(message)) = tokio::time::timeout(LAST_WORDS, words).await
        && !message.is_empty()
    {
        events.send(Event::Failed { life: life.clone(), message }).await;
    }
    events.send(Event::Exited { life, exit, at_us }).await;
    children.reaped.notify_one();
}

#[cfg(unix)]
fn exit(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt;
    status.code().map(Exit::Code).or_else(|| status.signal().map(Exit::Signal)).unwrap_or(Exit::Unknown)
}

#[cfg(not(unix))]
fn exit(status: ExitStatus) -> Exit {
    status.code().map_or(Exit::Unknown, Exit::Code)
}

/// Sends a signal to a child that is not reaped. Whether it could be sent.
#[cfg(unix)]
fn deliver(entry: &Entry, signal: Signal) -> bool {
    use rustix::process::{Pid, Signal as Number, kill_process, kill_process_group};
    let Some(pid) = i32::try_from(entry.pid).ok().and_then(Pid::from_raw) else { return false };
    match signal {
        // The whole group: what a keeper started goes with it.
        Signal::Kill => {
            entry.kill.notify_one();
            kill_process_group(pid, Number::KILL)
        }
        Signal::Terminate => kill_process(pid, Number::TERM),
        Signal::Pause => kill_process(pid, Number::STOP),
        Signal::Resume => kill_process(pid, Number::CONT),
    }
    .is_ok()
}

/// Without Unix signals a process can be ended at once and nothing else.
#[cfg(not(unix))]
fn deliver(entry: &Entry, signal: Signal) -> bool {
    let can = matches!(signal, Signal::Kill | Signal::Terminate);
    if can {
        entry.kill.notify_one();
    }
    can
}

/// Raises the limit of open files to the highest allowed: three for each process and its connection.
#[cfg(unix)]
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(not(unix))]
fn raise_descriptor_limit() {}

#[cfg(unix)]
#[cfg(test)]
mod tests;
