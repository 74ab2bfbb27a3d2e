//! The one queue on which everything that happened reaches the conductor. Bounded: whoever reports waits, so nothing is
//! lost, and a flood slows its source down instead of the app.

use tokio::sync::mpsc;

use crate::control::Event;

/// How many events may wait for the conductor.
const EVENTS: usize = 4096;

/// An event and the run that it belongs to: life ids start afresh with each run, so late news of an earlier run must
/// not be taken for news of this one.
#[derive(Debug)]
pub(super) struct News {
    /// The run's number.
    pub(super) run: u64,
    /// What happened.
    pub(super) event: Event,
}

/// Where the parts that serve one run put what happened. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Events {
    /// The run's number.
    pub(super) run: u64,
    queue: mpsc::Sender<News>,
}

/// The queue: its entrance and the conductor's end.
pub(super) fn queue() -> (mpsc::Sender<News>, mpsc::Receiver<News>) {
    mpsc::channel(EVENTS)
}

impl Events {
    /// The entrance for one run.
    pub(super) fn new(run: u64, queue: mpsc::Sender<News>) -> Self {
        Self { run, queue }
    }

    /// Puts an event in, waiting while the queue is full. `false` when the conductor has ended and nobody will know.
    pub(super) async fn send(&self, event: Event) -> bool {
        self.queue.send(News { run: self.run, event }).await.is_ok()
    }
}
