//! What the window needs of whatever runs the system: the real runtime, or a script in a test.

use std::io;
use std::sync::Arc;

use crate::control::{Command, Snapshot};
use crate::telemetry::Span;

/// A running system, seen from the window. Nothing here may wait.
pub trait Backend {
    /// Passes a wish on.
    fn send(&self, command: Command);
    /// The newest snapshot; the same `Arc` as before when nothing has changed.
    fn snapshot(&self) -> Arc<Snapshot>;
    /// The spans that have come since the last time.
    fn take_spans(&self) -> Vec<Span>;
    /// Another running system beside this one, of which nothing runs yet. Whoever drops it ends what runs of it.
    ///
    /// # Errors
    /// When the system gives no threads for it.
    fn beside(&self) -> io::Result<Box<dyn Backend>>;
}
