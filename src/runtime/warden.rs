//! The warden: a process that the app starts before all others, and that outlives it by a moment when it is killed.
//!
//! A node asks the kernel to be killed with its app, but only once it runs its own code. A child that is stopped
//! (SIGSTOP) between `fork` and `exec` has not asked yet, and would stay for ever. Such a child can be told without
//! guessing: it still holds everything that the app had open, among it the app's end of the warden's standard input,
//! which is closed on `exec`. So when the app is gone, whoever holds the other end of this pipe is such a child. What
//! the app's children started in turn is told by a mark in its environment. The folder of the app's data goes with it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};
use tokio::signal::unix::{SignalKind, signal};

use super::folder;
use crate::wire::KEEPER;

/// The first argument that makes the executable a warden; the second is the app's process id.
pub const MODE: &str = "warden";

/// The environment variable that marks everything that one app started. Its value is unique, and no secret.
pub(super) const MARK: &str = "BROWNOUT_APP";

/// How often what is left is looked for after the app's end, and how long to wait in between: a child that was
/// hidden by another shows in a later round.
const ROUNDS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// Watches the app that is this process's parent; when it ends, ends what it left behind.
pub fn main() -> ExitCode {
    let app = std::env::args().nth(2).and_then(|app| app.parse().ok()).and_then(Pid::from_raw);
    // SIGCONT, not SIGKILL: it must wake up, even if it is stopped itself, and then still has its work to do.
    let asked = set_parent_process_death_signal(Some(Signal::CONT)).is_ok();
    let (Some(app), true) = (app, asked) else { return ExitCode::FAILURE };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    runtime.block_on(watch(app))
}

async fn watch(app: Pid) -> ExitCode {
    let Ok(mut woken) = signal(SignalKind::from_raw(Signal::CONT.as_raw())) else { return ExitCode::FAILURE };
    // The app starts nothing else before it has read this.
    let said = writeln!(std::io::stdout(), "watching");
    while said.is_ok() && getppid() == Some(app) {
        woken.recv().await;
    }
    let (Ok(pipe), Ok(mark)) = (fs::read_link("/proc/self/fd/0"), std::env::var(MARK)) else {
        return ExitCode::FAILURE;
    };
    let folder = folder::of_app(&mark);
    let mark = format!("{MARK}={mark}");
    for _ in 0..ROUNDS {
        for process in left_by_the_app(pipe.as_os_str(), mark.as_bytes()) {
            let _ = kill_process(process, Signal::KILL);
        }
        // In each round, for what is not dead yet still writes.
        folder::remove(&folder);
        tokio::time::sleep(PAUSE).await;
    }
    ExitCode::SUCCESS
}

/// Ends what the program of a keeper that is gone has left: it dies with its keeper, but what it started in turn does
/// not ask to. All of it bears the keeper's mark.
pub(super) fn end_what_was_kept(keeper: u32) {
    let mark = format!("{KEEPER}={keeper}");
    for process in others(|process| bears(process, mark.as_bytes())) {
        let _ = kill_process(process, Signal::KILL);
    }
}

/// The other processes that hold the pipe or bear the mark.
fn left_by_the_app(pipe: &OsStr, mark: &[u8]) -> Vec<Pid> {
    others(|process| holds(process, pipe) || bears(process, mark))
}

/// The processes other than this one of which that is so, by their folders in `/proc`.
fn others(wanted: impl Fn(&Path) -> bool) -> Vec<Pid> {
    let own = rustix::process::getpid();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| {
            let process = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
            (process != own && wanted(&entry.path())).then_some(process)
        })
        .collect()
}

fn bears(process: &Path, mark: &[u8]) -> bool {
    fs::read(process.join("environ"))
        .is_ok_and(|environment| environment.split(|&byte| byte == 0).any(|one| one == mark))
}

fn holds(process: &Path, pipe: &OsStr) -> bool {
    let descriptors = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    descriptors.filter_map(|descriptor| fs::read_link(descriptor.path()).ok()).any(|target| target.as_os_str() == pipe)
}
