//! What waits to be said to one life. A newer configuration replaces one that waits, so a paused node costs one slot and
//! never blocks anybody; the next one goes out when the last was applied, or after a moment when the node does not say.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::control::View;
use crate::wire::AppMessage;

/// How many messages other than configurations may wait for one life.
const MESSAGES: usize = 256;
/// Of these, how many may be wishes for spans: they may be dropped, the others may not.
const WANTS: usize = 128;
/// How long a configuration that is not acknowledged holds back the next.
const UNACKNOWLEDGED: Duration = Duration::from_millis(250);

/// What waits to be said to one life.
#[derive(Default)]
pub(super) struct Outbox {
    view: RefCell<Option<Arc<View>>>,
    messages: RefCell<VecDeque<AppMessage>>,
    /// The revision that was sent last and not yet applied, and until when it holds back the next.
    unapplied: Cell<Option<(u64, Instant)>>,
    /// Whether a configuration was sent: it is the first thing that a node must hear.
    configured: Cell<bool>,
    dropped: Cell<u64>,
    changed: Notify,
}

/// What is said next.
#[derive(Debug)]
pub(super) enum Next {
    /// The configuration that follows from this view.
    Configure(Arc<View>),
    /// This.
    Say(AppMessage),
}

impl Outbox {
    /// Puts a configuration in, in place of one that waits.
    pub(super) fn configure(&self, view: Arc<View>) {
        *self.view.borrow_mut() = Some(view);
        self.changed.notify_one();
    }

    /// Puts a message in. One that finds no room is dropped and counted.
    pub(super) fn say(&self, message: AppMessage) {
        let room = if matches!(message, AppMessage::Want { .. }) { WANTS } else { MESSAGES };
        let mut messages = self.messages.borrow_mut();
        if messages.len() < room {
            messages.push_back(message);
            self.changed.notify_one();
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
    }

    /// The node says that it applied this revision.
    pub(super) fn applied(&self, revision: u64) {
        if self.unapplied.get().is_some_and(|(sent, _)| sent <= revision) {
            self.unapplied.set(None);
            self.changed.notify_one();
        }
    }

    /// How many messages found no room.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.get()
    }

    /// Waits for what is to be said next. Configurations go first.
    pub(super) async fn next(&self) -> Next {
        loop {
            let held_until = self.unapplied.get().map(|(_, until)| until).filter(|&until| until > Instant::now());
            if held_until.is_none()
                && let Some(view) = self.view.borrow_mut().take()
            {
                self.unapplied.set(Some((view.revision, Instant::now() + UNACKNOWLEDGED)));
                self.configured.set(true);
                return Next::Configure(view);
            }
            if self.configured.get()
                && let Some(message) = self.messages.borrow_mut().pop_front()
            {
                return Next::Say(message);
            }
            match held_until {
                Some(until) if self.view.borrow().is_some() => {
                    let _ = tokio::time::timeout_at(until, self.changed.notified()).await;
                }
                _ => self.changed.notified().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::TraceId;
    use crate::topology::{RunSettings, Topology};

    fn view(revision: u64) -> Arc<View> {
        Arc::new(View {
            revision,
            topology: Arc::new(Topology::default()),
            run: RunSettings::default(),
            endpoints: std::collections::BTreeMap::new(),
            guests: std::collections::BTreeMap::new(),
            session_databases: Default::default(),
            started_us: None,
            tempo: 1.0,
            own: std::collections::BTreeMap::new(),
        })
    }

    fn revision(next: &Next) -> Option<u64> {
        if let Next::Configure(view) = next { Some(view.revision) } else { None }
    }

    #[tokio::test]
    async fn a_newer_configuration_replaces_one_that_waits_and_goes_first() {
        let outbox = Outbox::default();
        outbox.say(AppMessage::Released);
        outbox.configure(view(1));
        outbox.configure(view(2));
        assert_eq!(revision(&outbox.next().await), Some(2));
        assert!(matches!(outbox.next().await, Next::Say(AppMessage::Released)));
        assert!(tokio::time::timeout(Duration::from_millis(1), outbox.next()).await.is_err(), "nothing is left");
    }

    #[tokio::test]
    async fn the_next_configuration_waits_for_the_last_to_be_applied_but_not_for_ever() {
        let outbox = Outbox::default();
        outbox.configure(view(1));
        outbox.next().await;
        outbox.configure(view(2));
        outbox.say(AppMessage::Released);
        assert!(matches!(outbox.next().await, Next::Say(AppMessage::Released)), "other messages do not wait");
        outbox.applied(1);
        assert_eq!(revision(&outbox.next().await), Some(2));
        outbox.configure(view(3));
        assert_eq!(revision(&outbox.next().await), Some(3), "after a moment without an acknowledgement");
    }

    #[test]
    fn a_full_outbox_drops_wishes_first_and_counts() {
        let outbox = Outbox::default();
        for trace in 0..200 {
            outbox.say(AppMessage::Want { trace: TraceId(trace) });
        }
        assert_eq!(outbox.dropped(), 200 - WANTS as u64);
        outbox.say(AppMessage::Settle { since_us: None });
        assert_eq!(outbox.dropped(), 200 - WANTS as u64);
    }
}
