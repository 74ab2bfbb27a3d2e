//! The line before the operations: so many are worked on at once, so many wait, first come first served, and whoever
//! comes beyond that is sent away. Capacity is a property of the drawing, so that lessons hold on any machine.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::oneshot;

/// The limit of a service. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Line {
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    concurrency: usize,
    backlog: usize,
    working: usize,
    waiting: VecDeque<oneshot::Sender<Pass>>,
}

/// The right to work on one operation. Dropping it lets the next one in.
pub(super) struct Pass {
    line: Line,
}

/// The line is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Line {
    /// Sets how many are worked on at once (at least one) and how many may wait, from now on. Nobody who is in already
    /// is sent away.
    pub(super) fn set_limits(&self, concurrency: u32, backlog: u32) {
        {
            let mut state = self.state.borrow_mut();
            state.concurrency = concurrency.max(1) as usize;
            state.backlog = backlog as usize;
        }
        self.admit();
    }

    /// Waits for a turn; refuses at once when the line is full.
    pub(super) async fn enter(&self) -> Result<Pass, Full> {
        let turn = {
            let mut state = self.state.borrow_mut();
            state.waiting.retain(|waiting| !waiting.is_closed());
            if state.working < state.concurrency && state.waiting.is_empty() {
                state.working += 1;
                return Ok(Pass { line: self.clone() });
            }
            if state.waiting.len() >= state.backlog {
                return Err(Full);
            }
            let (sender, turn) = oneshot::channel();
            state.waiting.push_back(sender);
            turn
        };
        turn.await.map_err(|_| Full)
    }

    fn admit(&self) {
        loop {
            let next = {
                let mut state = self.state.borrow_mut();
                if state.working >= state.concurrency {
                    return;
                }
                let Some(next) = state.waiting.pop_front() else { return };
                state.working += 1;
                next
            };
            // A pass that nobody takes any more comes back here by its own drop, which admits the one behind.
            drop(next.send(Pass { line: self.clone() }));
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.line.state.borrow_mut().working -= 1;
        self.line.admit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    fn poll<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T>>>) -> Poll<T> {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn first_come_first_served_and_the_rest_are_sent_away() {
        let line = Line::default();
        line.set_limits(1, 2);
        let enter = || Box::pin(line.enter());
        let (mut a, mut b, mut c, mut d) = (enter(), enter(), enter(), enter());
        let Poll::Ready(Ok(first)) = poll(&mut a) else { panic!("the first is let in") };
        assert!(poll(&mut b).is_pending());
        assert!(poll(&mut c).is_pending());
        assert!(matches!(poll(&mut d), Poll::Ready(Err(Full))));
        drop(first);
        assert!(poll(&mut c).is_pending());
        let Poll::Ready(Ok(_second)) = poll(&mut b) else { panic!("the second is next") };
        line.set_limits(2, 2);
        assert!(matches!(poll(&mut c), Poll::Ready(Ok(_))));
    }

    #[test]
    fn who_leaves_the_line_holds_up_nobody() {
        let line = Line::default();
        line.set_limits(1, 1);
        let mut first = Box::pin(line.enter());
        let Poll::Ready(Ok(pass)) = poll(&mut first) else { panic!("the first is let in") };
        let mut gone = Box::pin(line.enter());
        assert!(poll(&mut gone).is_pending());
        drop(gone);
        let mut next = Box::pin(line.enter());
        assert!(poll(&mut next).is_pending());
        drop(pass);
        assert!(matches!(poll(&mut next), Poll::Ready(Ok(_))));
    }
}
