//! Active health checks: asks every replica now and then whether it takes requests, gives up those that do not answer,
//! and takes back those that do again. Closes pooled connections that are too old on the way. Its requests carry no hop header, so they are in nobody's books.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::topology::LifeId;
use crate::wire::headers::READY_PATH;
use crate::wire::{EndpointState, NoticedBy};

use super::attempt::is_of_replica;
use super::routes::{Route, Shared};
use super::socket::Socket;

/// The shortest interval: a configuration of zero would never let anything else run.
const MIN_INTERVAL: Duration = Duration::from_millis(10);

/// What a health check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It takes requests.
    Ready,
    /// It answered that it does not.
    NotReady,
    /// It did not answer.
    Silent,
    /// Nothing: it could not be asked, for want of descriptors or ports. That says nothing about the replica.
    Unasked,
}

/// Checks all replicas for as long as the gateway runs.
pub(super) async fn watch(shared: Rc<Shared>) {
    let mut checks: BTreeMap<LifeId, tokio::task::JoinHandle<()>> = BTreeMap::new();
    loop {
        let mut listed = Vec::new();
        for route in shared.routes() {
            route.pool.borrow_mut().expire(shared.context.clock.now_us());
            for replica in route.balancer.borrow().replicas() {
                listed.push((replica.life.clone(), route.clone()));
            }
        }
        checks.retain(|_, check| !check.is_finished());
        for (life, route) in listed {
            let watch = || tokio::task::spawn_local(watch_life(shared.clone(), route, life.clone()));
            checks.entry(life.clone()).or_insert_with(watch);
        }
        sleep(interval(&shared)).await;
    }
}

fn interval(shared: &Shared) -> Duration {
    shared.settings().health_interval.duration().max(MIN_INTERVAL)
}

/// Checks one life until it is off the list.
async fn watch_life(shared: Rc<Shared>, route: Rc<Route>, life: LifeId) {
    let mut failures = 0;
    loop {
        let interval = interval(&shared);
        sleep(interval).await;
        let Some(address) = route.balancer.borrow().life(&life).map(|replica| replica.address) else { return };
        let found = timeout(interval, check(address)).await.unwrap_or(Found::Silent);
        let Some(state) = route.balancer.borrow().life(&life).map(|replica| replica.state) else { return };
        match found {
            Found::Ready => {
                failures = 0;
                let is_back = route.balancer.borrow_mut().readmit(&life);
                if is_back {
                    shared.context.app.readmitted(&life);
                }
            }
            // The app said so already. Those tied to it may stay until it ends.
            Found::NotReady if state != EndpointState::Ready => failures = 0,
            Found::Unasked => {}
            Found::NotReady | Found::Silent => {
                failures += 1;
                if failures >= shared.settings().health_failures.max(1) {
                    shared.eject(&route, &life, NoticedBy::HealthCheck);
                }
            }
        }
    }
}

async fn check(address: std::net::SocketAddr) -> Found {
    let stream = match TcpStream::connect(address).await {
        Ok(stream) => stream,
        Err(error) if is_of_replica(&error) => return Found::Silent,
        Err(_) => return Found::Unasked,
    };
    let mut socket = Socket::new(stream);
    let request = format!("GET {READY_PATH} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    if socket.write_within(request.as_bytes(), Duration::from_secs(60)).await.is_err() {
        return Found::Silent;
    }
    loop {
        if let Some(line) = socket.buffer.get(..13) {
            return match line.strip_prefix(b"HTTP/1.").and_then(|line| line.get(1..5)) {
                Some(b" 200") => Found::Ready,
                _ => Found::NotReady,
            };
        }
        if !matches!(socket.fill().await, Ok(count) if count > 0) {
            return Found::Silent;
        }
    }
}
