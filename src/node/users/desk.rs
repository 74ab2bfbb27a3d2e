//! Where arrivals of an open loop and free users meet: a free user waits for an arrival, or an arrival, while every user
//! is busy, for the first that comes free. Both lines are first come, first served, and bounded by the number of users.

use std::collections::VecDeque;

use tokio::sync::oneshot;

/// The two lines; at most one of them is not empty.
#[derive(Debug, Default)]
pub(super) struct Desk {
    free: VecDeque<oneshot::Sender<u64>>,
    waiting: VecDeque<u64>,
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admitted {
    /// A free user has it.
    Served,
    /// It waits for a user.
    Waits,
    /// Too many wait already.
    Refused,
}

/// What a user who is free gets.
#[derive(Debug)]
pub(super) enum Next {
    /// An arrival that has waited, by its scheduled time in microseconds of run time.
    Waited(u64),
    /// The next arrival, when it comes.
    Later(oneshot::Receiver<u64>),
}

impl Desk {
    /// An arrival, scheduled for this moment; at most `most` may wait.
    pub(super) fn admit(&mut self, scheduled_us: u64, most: usize) -> Admitted {
        while let Some(user) = self.free.pop_front() {
            // Who has left meanwhile takes nothing.
            if user.send(scheduled_us).is_ok() {
                return Admitted::Served;
            }
        }
        if self.waiting.len() >= most {
            return Admitted::Refused;
        }
        self.waiting.push_back(scheduled_us);
        Admitted::Waits
    }

    /// A user is free.
    pub(super) fn next(&mut self) -> Next {
        if let Some(scheduled_us) = self.waiting.pop_front() {
            return Next::Waited(scheduled_us);
        }
        let (user, arrival) = oneshot::channel();
        self.free.retain(|user| !user.is_closed());
        self.free.push_back(user);
        Next::Later(arrival)
    }

    /// Sends home what waits. Answers with how many arrivals that are.
    pub(super) fn clear(&mut self) -> usize {
        std::mem::take(&mut self.waiting).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(desk: &mut Desk) -> oneshot::Receiver<u64> {
        match desk.next() {
            Next::Later(arrival) => arrival,
            Next::Waited(at_us) => panic!("{at_us} has waited"),
        }
    }

    #[test]
    fn who_has_been_free_longest_is_served_first() {
        let mut desk = Desk::default();
        let (mut first, gone, mut third) = (later(&mut desk), later(&mut desk), later(&mut desk));
        drop(gone);
        assert_eq!([desk.admit(1, 2), desk.admit(2, 2)], [Admitted::Served; 2]);
        assert_eq!((first.try_recv(), third.try_recv()), (Ok(1), Ok(2)));
    }

    #[test]
    fn arrivals_wait_in_line_and_no_longer_than_the_line_may_be() {
        let mut desk = Desk::default();
        let admitted: Vec<Admitted> = (1..=3).map(|at_us| desk.admit(at_us, 2)).collect();
        assert_eq!(admitted, [Admitted::Waits, Admitted::Waits, Admitted::Refused]);
        assert!(matches!(desk.next(), Next::Waited(1)));
        assert_eq!((desk.clear(), desk.clear()), (1, 0));
        later(&mut desk);
    }
}
