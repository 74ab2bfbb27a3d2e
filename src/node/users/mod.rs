//! The role `users`: virtual users, each with its own connection, cookies, random stream, and memory of what was
//! acknowledged. Each is a closed loop of thinking and asking, or all together take what arrives in an open loop. They send the load and they are the judges of session truth.
//! This role listens nowhere.

use std::rc::Rc;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use crate::telemetry::Standing;
use crate::topology;
use crate::wire::{Load, RoleConfig, UsersConfig};

use super::{Context, Failure, Order};

mod answer;
mod arrivals;
mod connection;
mod desk;
mod jar;
mod memory;
mod request;
mod routes;
mod script;
mod shared;
mod stream;
#[cfg(test)]
mod tests;
mod user;

use arrivals::Arrivals;
use desk::Admitted;
use shared::Shared;
use stream::Stream;
use user::{Phase, User, whole_millis};

/// Whoever comes so late after t = 0, in microseconds, was not there at the beginning.
const LATE_US: u64 = 1_000_000;

/// Runs the role until it is told to end.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: UsersConfig,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let app = context.app.clone();
    let reporter = context.reporter.clone();
    let mut applied = revision;
    let mut crowd = Crowd::new(context, &config);
    app.applied(revision);
    app.ready(None);
    loop {
        let arrival = crowd.next_arrival();
        tokio::select! {
            () = sleep_until(arrival.unwrap_or_else(Instant::now)), if arrival.is_some() => crowd.arrive(),
            order = orders.recv() => match order {
                Some(Order::Configure(newer)) => {
                    if let RoleConfig::Users(config) = &newer.role
                        && newer.revision > applied
                    {
                        applied = newer.revision;
                        crowd.configure(config);
                        app.applied(applied);
                    }
                }
                Some(Order::Settle { since_us }) => crowd.settle(since_us),
                Some(Order::Terminate) => {
                    app.draining();
                    crowd.leave();
                }
                Some(Order::Released | Order::Keeper(_)) => {}
                None => return Ok(()),
            },
            Some(left) = crowd.users.join_next() => crowd.left(left),
        }
        if let Some(standings) = crowd.settled() {
            reporter.flush().await;
            app.settled(standings);
        }
        if crowd.leaving && crowd.users.is_empty() {
            reporter.flush().await;
            app.drained().await;
            return Ok(());
        }
    }
}

/// All users of the node.
struct Crowd {
    shared: Rc<Shared>,
    users: JoinSet<Option<Standing>>,
    phase: watch::Sender<Phase>,
    /// When requests arrive, in an open loop.
    arrivals: Arrivals,
    /// How the open sessions of the users that have settled stand.
    standings: Vec<Standing>,
    /// Whether it was asked to settle and has not said yet that it did.
    settling: bool,
    /// Whether everybody is to leave for good.
    leaving: bool,
}

impl Crowd {
    fn new(context: Context, config: &UsersConfig) -> Self {
        let shared = Rc::new(Shared::new(context, config));
        let (phase, _) = watch::channel(Phase::Acting { population: 0, open: false });
        let stream = Stream::new(shared.context.run.seed, shared.context.life.node(), 0);
        let mut crowd = Self {
            shared,
            users: JoinSet::new(),
            phase,
            arrivals: Arrivals::new(stream),
            standings: Vec::new(),
            settling: false,
            leaving: false,
        };
        crowd.gather(config);
        crowd
    }

    fn configure(&mut self, config: &UsersConfig) {
        self.shared.update(config);
        self.gather(config);
    }

    /// Lets the users in that should be there and are not, and tells those to leave that should not.
    fn gather(&mut self, config: &UsersConfig) {
        let Load::Since { start_us, .. } = config.load else { return };
        if self.leaving || matches!(*self.phase.borrow(), Phase::Settling { .. }) {
            return;
        }
        let population = config.settings.users;
        // What came before this change came at the old rate.
        self.arrive();
        let (open, per_second) = match config.settings.arrivals {
            topology::Arrivals::None => (false, 0.0),
            topology::Arrivals::Rate(rate) => (true, rate.as_per_second()),
        };
        // What holds from the beginning holds from t = 0 on, so that what arrives depends on the seed alone. What comes later
        // owes nothing for the time before.
        let now_us = self.shared.now_us();
        let begins = matches!(*self.phase.borrow(), Phase::Acting { population: 0, .. });
        let in_time = now_us < start_us.saturating_add(LATE_US);
        self.arrivals.set_rate(per_second, if begins && in_time { start_us } else { now_us });
        if !open {
            self.send_home();
        }
        self.phase.send_if_modified(|phase| {
            let next = Phase::Acting { population, open };
            std::mem::replace(phase, next) != next
        });
        let missing: Vec<u32> = {
            let present = self.shared.present.borrow();
            (1..=population).filter(|number| !present.contains(number)).collect()
        };
        // Spread evenly over one thinking time, so that the start is not a herd.
        let base_us = start_us.max(self.shared.now_us());
        let think_us = config.settings.think.as_micros();
        let count = missing.len() as u64;
        for (at, number) in (0..).zip(missing) {
            self.shared.present.borrow_mut().insert(number);
            let first_us = whole_millis(base_us + think_us * at / count);
            let user = User::new(number, Rc::clone(&self.shared));
            self.users.spawn_local(user.live(first_us, self.phase.subscribe()));
        }
    }

    /// When the next request arrives in an open loop.
    fn next_arrival(&self) -> Option<Instant> {
        let open = matches!(*self.phase.borrow(), Phase::Acting { open: true, .. });
        let next_us = self.arrivals.next_us().filter(|_| open)?;
        Some(self.shared.context.clock.instant(next_us))
    }

    /// Hands every arrival that is due to a user, or lets it wait for one.
    fn arrive(&mut self) {
        let Phase::Acting { population, open: true } = *self.phase.borrow() else { return };
        let now_us = self.shared.now_us();
        let mut desk = self.shared.desk.borrow_mut();
        while let Some(scheduled_us) = self.arrivals.take(now_us) {
            let admitted = desk.admit(scheduled_us, population as usize);
            self.shared.context.reporter.totals(|totals| {
                totals.arrivals.scheduled += 1;
                totals.arrivals.waited += u64::from(admitted == Admitted::Waits);
                totals.arrivals.unsent += u64::from(admitted == Admitted::Refused);
                if admitted != Admitted::Served {
                    totals.lateness.record(now_us.saturating_sub(scheduled_us));
                }
            });
        }
    }

    /// Gives up the arrivals that wait for a user: there will be no request of them.
    fn send_home(&mut self) {
        let unsent = self.shared.desk.borrow_mut().clear() as u64;
        if unsent > 0 {
            self.shared.context.reporter.totals(|totals| totals.arrivals.unsent += unsent);
        }
    }

    fn settle(&mut self, since_us: Option<u64>) {
        self.settling = true;
        self.send_home();
        self.phase.send_replace(Phase::Settling { since_us });
    }

    /// Lets everybody leave as soon as what it asked for is answered, or its patience ends. Who settles goes on settling.
    fn leave(&mut self) {
        self.leaving = true;
        self.send_home();
        self.phase.send_if_modified(|phase| {
            let acts = matches!(phase, Phase::Acting { .. });
            if acts {
                *phase = Phase::Acting { population: 0, open: false };
            }
            acts
        });
    }

    fn left(&mut self, left: Result<Option<Standing>, JoinError>) {
        self.standings.extend(left.ok().flatten());
    }

    /// The standings, once, when every user has settled after it was asked to.
    fn settled(&mut self) -> Option<Vec<Standing>> {
        if !self.settling || !self.users.is_empty() {
            return None;
        }
        self.settling = false;
        self.standings.sort_by_key(|standing| standing.user);
        Some(self.standings.clone())
    }
}
