//! The role *service*: hosts modules and does their operations for whoever asks over HTTP. Keeps users' sessions where
//! the drawing says, calls other services, and never does more at once than the drawing allows.

mod answer;
mod ballast;
mod cpu;
mod database;
mod line;
mod port;
mod refusal;
mod routes;
mod saga;
mod server;
mod sessions;
mod steps;
mod version;
mod visit;

#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::wire::{NodeConfig, RoleConfig, ServiceConfig};

use super::caller::Caller;
use super::log::Seldom;
use super::poll::Poll;
use super::{Context, Failure, Order};
use ballast::Ballast;
use database::Database;
use line::Line;
use sessions::Sessions;
use version::Versions;

/// How long a process that is about to exit waits for its last answers to be taken.
const LAST_ANSWERS: Duration = Duration::from_millis(200);
/// How long a process that nobody sends to any more looks for requests that are still on their way.
const LINGER: Duration = Duration::from_millis(200);
/// How long a process that seems to be at rest reads what may have come.
const UNREAD: Duration = Duration::from_millis(20);

/// The service of this process.
struct Service {
    context: Context,
    config: RefCell<Rc<ServiceConfig>>,
    /// The newest configuration's number.
    revision: Cell<u64>,
    line: Line,
    /// Requests that the line had no room for.
    shed: Seldom,
    sessions: Rc<Sessions>,
    database: Database,
    caller: Caller,
    ballast: RefCell<Ballast>,
    versions: Rc<Versions>,
    poll: Poll,
    draining: Cell<bool>,
    /// Requests whose answer is not made yet.
    in_flight: watch::Sender<usize>,
    /// Open connections.
    connections: watch::Sender<usize>,
    /// Becomes true when connections are to be closed.
    closing: watch::Sender<bool>,
}

/// Runs a service until it is terminated or the app is gone.
///
/// # Errors
/// When the modules' memory cannot be had or nothing can be listened on.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: ServiceConfig,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let service = Service::new(context, revision, config);
    if !service.start(&mut orders).await? {
        return Ok(());
    }
    let wanted = service.config.borrow().port;
    let listener = port::listen(&service.context.app, wanted).await?;
    let address = listener.local_addr().map_err(|error| Failure(format!("cannot listen on 127.0.0.1: {error}")))?;
    tokio::task::spawn_local(server::listen(service.clone(), listener));
    service.context.app.applied(service.revision.get());
    service.context.app.ready(Some(address));
    service.work(orders).await;
    service.close().await;
    Ok(())
}

impl Service {
    fn new(context: Context, revision: u64, config: ServiceConfig) -> Rc<Self> {
        let database = Database::new(context.clone(), &config);
        let sessions = Sessions::new(context.clone(), &config, database.clone());
        let caller = Caller::new(context.clone());
        let versions = Rc::new(Versions::new(&context, &config.versions));
        let poll = Poll::start(context.app.clone());
        let service = Rc::new(Self {
            context,
            config: RefCell::new(Rc::new(config)),
            revision: Cell::new(revision),
            line: Line::default(),
            shed: Seldom::default(),
            sessions,
            database,
            caller,
            ballast: RefCell::default(),
            versions,
            poll,
            draining: Cell::new(false),
            in_flight: watch::Sender::new(0),
            connections: watch::Sender::new(0),
            closing: watch::Sender::new(false),
        });
        service.adjust();
        saga::watch(&service);
        service
    }

    /// Does what starting takes. `false` when it was terminated meanwhile.
    async fn start(&self, orders: &mut mpsc::Receiver<Order>) -> Result<bool, Failure> {
        let config = self.config.borrow().clone();
        self.versions.start();
        self.ballast.borrow_mut().fit(&config.modules)?;
        let started = Instant::now() + config.modules.iter().map(|module| module.startup.duration()).sum();
        loop {
            tokio::select! {
                () = sleep_until(started) => return Ok(true),
                order = orders.recv() => match order {
                    Some(Order::Configure(config)) => drop(self.configure(*config)),
                    Some(Order::Settle { .. }) => self.context.app.settled(Vec::new()),
                    Some(Order::Released | Order::Keeper(_)) => {}
                    Some(Order::Terminate) | None => {
                        self.context.app.draining();
                        self.context.app.drained().await;
                        return Ok(false);
                    }
                },
            }
        }
    }

    /// Follows orders until this process is to end.
    async fn work(self: &Rc<Self>, mut orders: mpsc::Receiver<Order>) {
        let mut released = None;
        let mut deadline = None;
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Configure(config)) => self.follow(*config),
                    Some(Order::Settle { .. }) => drop(tokio::task::spawn_local(settle(self.context.clone()))),
                    Some(Order::Terminate) => {
                        self.draining.set(true);
                        self.context.app.draining();
                        let drain = self.config.borrow().settings.drain.duration();
                        deadline.get_or_insert(Instant::now() + drain);
                    }
                    Some(Order::Released) => released = Some(Instant::now() + LINGER),
                    Some(Order::Keeper(_)) => {}
                    None => return,
                },
                () = self.is_quiet_after(released), if deadline.is_some() => return,
                () = until(deadline) => return,
            }
        }
    }

    /// Waits until nothing is in flight after that moment; never ends without one.
    async fn is_quiet_after(&self, moment: Option<Instant>) {
        until(moment).await;
        let mut in_flight = self.in_flight.subscribe();
        loop {
            // It fails only when nobody counts any more.
            let _ = in_flight.wait_for(|count| *count == 0).await;
            // A process that was not let run for a while finds its time over before it has read what came meanwhile.
            tokio::time::sleep(UNREAD).await;
            if *in_flight.borrow() == 0 {
                return;
            }
        }
    }

    /// Lets the last answers out, tells the last totals, and is gone.
    async fn close(&self) {
        self.closing.send_replace(true);
        let mut connections = self.connections.subscribe();
        let _ = timeout(LAST_ANSWERS, connections.wait_for(|open| *open == 0)).await;
        self.context.reporter.flush().await;
        self.context.app.drained().await;
    }

    /// Applies a newer configuration and says so, at once or when the sessions are where it wants them.
    fn follow(self: &Rc<Self>, config: NodeConfig) {
        let revision = config.revision;
        match self.configure(config) {
            None => {}
            Some(false) => self.context.app.applied(revision),
            Some(true) => {
                let service = self.clone();
                tokio::task::spawn_local(async move {
                    if service.sessions.clone().settle().await {
                        service.context.app.applied(revision);
                    }
                });
            }
        }
    }

    /// Takes a configuration if it is newer; then whether sessions must be moved.
    fn configure(&self, config: NodeConfig) -> Option<bool> {
        let RoleConfig::Service(role) = config.role else { return None };
        if config.revision <= self.revision.get() {
            return None;
        }
        self.revision.set(config.revision);
        *self.config.borrow_mut() = Rc::new(role);
        self.adjust();
        let config = self.config.borrow().clone();
        if let Err(Failure(message)) = self.ballast.borrow_mut().fit(&config.modules) {
            self.context.app.unready(message);
        }
        self.versions.update(&config.versions);
        self.database.configure(&config);
        Some(self.sessions.configure(&config))
    }

    fn adjust(&self) {
        let config = self.config.borrow().clone();
        self.line.set_limits(config.settings.concurrency, config.settings.backlog);
        self.caller.update(&config.upstreams, config.settings.policy);
        self.poll.set(config.settings.discovery);
    }

    fn begin(&self) -> Counted {
        Counted::new(&self.in_flight)
    }

    fn begin_connection(&self) -> Counted {
        Counted::new(&self.connections)
    }
}

/// Delivers final totals; what a service does when a run comes to its end. It goes on serving.
async fn settle(context: Context) {
    context.reporter.flush().await;
    context.app.settled(Vec::new());
}

/// Never, without a deadline.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// One of those that a counter counts, until it is dropped.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(counter: &watch::Sender<usize>) -> Self {
        counter.send_modify(|count| *count += 1);
        Self(counter.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
