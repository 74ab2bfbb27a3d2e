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

    /// Closes the connections that are too old to be taken: otherwise the oldest would stay open for ever, since the
    /// youngest are taken first.
    pub(super) fn expire(&mut self, now_us: u64) {
        for (_, idle) in &mut self.idle {
            idle.retain(|idle| idle.since_us + MAX_AGE_US >= now_us);
        }
    }

    /// Closes the connections to lives for which `stays` does not hold.
    pub(super) fn retain(&mut self, stays: impl Fn(&LifeId) -> bool) {
        self.idle.retain(|(life, _)| stays(life));
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::node::testing::on_one_thread;

    #[test]
    fn old_connections_are_closed_though_nobody_takes_them() {
        on_one_thread(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let life: LifeId = "shop.1#1".parse().unwrap();
            let mut pool = Pool::default();
            let mut ends = Vec::new();
            for since_us in [0, 1_000] {
                let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
                pool.put(&life, Socket::new(stream), since_us);
                ends.push(listener.accept().await.unwrap().0);
            }
            pool.expire(MAX_AGE_US + 1);
            assert_eq!(ends[0].read(&mut [0; 1]).await.unwrap(), 0);
            assert!(pool.take(&life, MAX_AGE_US + 1).is_some());
            assert!(pool.take(&life, MAX_AGE_US + 1).is_none());
        });
    }
}
