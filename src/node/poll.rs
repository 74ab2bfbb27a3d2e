//! Asking for the list of endpoints at an interval, for nodes that poll. Asks only; the answer is a configuration like
//! any other.

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::topology::Discovery;

use super::AppLink;

/// Asks until it is dropped.
pub(super) struct Poll {
    discovery: watch::Sender<Discovery>,
    task: JoinHandle<()>,
}

impl Poll {
    /// Asks nothing before it is told to.
    pub(super) fn start(app: AppLink) -> Self {
        let (discovery, told) = watch::channel(Discovery::Push);
        Self { discovery, task: tokio::task::spawn_local(ask(app, told)) }
    }

    /// Asks in this way from now on.
    pub(super) fn set(&self, discovery: Discovery) {
        self.discovery.send_if_modified(|known| std::mem::replace(known, discovery) != discovery);
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ask(app: AppLink, mut told: watch::Receiver<Discovery>) {
    loop {
        let discovery = *told.borrow_and_update();
        match discovery {
            Discovery::Push if told.changed().await.is_err() => return,
            Discovery::Push => {}
            Discovery::Poll(interval) => match timeout(interval.duration(), told.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => app.poll(),
            },
        }
    }
}
