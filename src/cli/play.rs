//! One run from its beginning to its report, for every command that makes some; and Ctrl-C, which settles the first time
//! and stops at once the second time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::control::snapshot::Phase;
use crate::control::{Command, Plan, Snapshot};
use crate::runtime::{Handle, Options};
use crate::telemetry::report::Report;

/// How long to wait for news before looking at Ctrl-C again.
const LOOK: Duration = Duration::from_millis(100);

/// Runs a plan to its end. `watch` sees every news of it.
///
/// # Errors
/// One clear message when there is nothing to report.
pub(super) fn play(
    plan: Plan,
    interrupts: &Interrupts,
    mut watch: impl FnMut(&Handle, &Arc<Snapshot>),
) -> Result<Arc<Report>, String> {
    let handle = Options::this_program().and_then(Handle::start).map_err(|error| format!("cannot start: {error}"))?;
    handle.send(Command::Start(Box::new(plan)));
    let mut heard = interrupts.count();
    let before = heard;
    loop {
        let snapshot = handle.wait(LOOK);
        watch(&handle, &snapshot);
        if snapshot.phase == Phase::Finished {
            return match (&snapshot.report, &snapshot.trouble) {
                (_, Some(trouble)) => Err(trouble.clone()),
                (Some(report), None) => Ok(report.clone()),
                (None, None) => Err("stopped before there was anything to report".to_owned()),
            };
        }
        let interrupted = interrupts.count();
        if interrupted > heard {
            handle.send(if heard == before { Command::Stop } else { Command::Abort });
            heard = interrupted;
        }
    }
}

/// How often Ctrl-C was pressed.
pub(super) struct Interrupts(Arc<AtomicU32>);

impl Interrupts {
    /// Counts from now on.
    pub(super) fn listen() -> Self {
        let count = Arc::new(AtomicU32::new(0));
        let counter = count.clone();
        // Without this thread Ctrl-C ends the program at once, which leaves nothing behind either.
        let _ = std::thread::Builder::new().name("interrupts".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                while tokio::signal::ctrl_c().await.is_ok() {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        });
        Self(count)
    }

    /// So far.
    pub(super) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
