//! How many clients a gateway serves at once and how long they may take, so that none of them can take it from the
//! others.

use std::time::Duration;

/// Descriptors that clients never get: listener, control connection, reports, health checks.
const RESERVED: usize = 128;
/// The most connections at once, however many descriptors there are: each may hold about 100 KiB.
const MOST_CLIENTS: usize = 10_000;

/// What clients may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// How many may be connected; more are turned away with 503.
    pub(super) clients: usize,
    /// How long a connection may be idle between two requests.
    pub(super) idle: Duration,
    /// How long a head may take from its first byte to its last.
    pub(super) head: Duration,
}

impl Limits {
    /// The limits of a process that may have this many descriptors: every client may need a second one, to a replica.
    pub(super) fn of_process(descriptors: usize) -> Self {
        let clients = (descriptors.saturating_sub(RESERVED) / 2).clamp(1, MOST_CLIENTS);
        Self { clients, idle: Duration::from_secs(60), head: Duration::from_secs(10) }
    }
}

/// How many descriptors this process may have.
#[cfg(unix)]
pub(super) fn descriptors() -> usize {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::Nofile).current;
    limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
pub(super) fn descriptors() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_leave_descriptors_for_replicas() {
        for (descriptors, clients) in [(0, 1), (256, 64), (1_024, 448), (usize::MAX, MOST_CLIENTS)] {
            assert_eq!(Limits::of_process(descriptors).clients, clients, "{descriptors}");
        }
    }
}
