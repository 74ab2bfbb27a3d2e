//! Idle connections to replicas, by life. Never hands out one that its other side has closed.

use crate::topology::LifeId;

use super::socket::Socket;

/// How many idle connections are kept for each life.
const MAX_IDLE: usize = 256;
/// How long one is kept, in microseconds: less than any service waits, so that closing it is not a race.
const MAX_AGE_US: u64 = 10_000_000;

/// Idle connections to the replicas of one node.
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Vec<(LifeId, Vec<Idle>)>,
}

#[derive(Debug)]
struct Idle {
    since_us: u64,
    socket: Socket,
}

impl Pool {
    /// Takes a connection to this life that can be used, the youngest first.
    pub(super) fn take(&mut self, life: &LifeId, now_us: u64) -> Option<Socket> {
        let (_, idle) = self.idle.iter_mut().find(|(of, _)| of == life)?;
        while let Some(Idle { since_us, socket }) = idle.pop() {
            if since_us + MAX_AGE_US >= now_us && socket.is_quiet() {
                return Some(socket);
            }
        }
        None
    }

    /// Keeps a connection for later. The life must be on the list.
    pub(super) fn put(&mut self, life: &LifeId, socket: Socket, now_us: u64) {
        let at = self.idle.iter().position(|(of, _)| of == life).unwrap_or_else(|| {
            self.idle.push((life.clone(), Vec::new()));
            self.idle.len() - 1
        });
        let idle = &mut self.idle[at].1;
        if idle.len() < MAX_IDLE {
            idle.push(Idle { since_us: now_us, socket });
        }
    }

    /// Closes the connections to lives for which `stays` does not hold.
    pub(super) fn retain(&mut self, stays: impl Fn(&LifeId) -> bool) {
        self.idle.retain(|(life, _)| stays(life));
    }
}
