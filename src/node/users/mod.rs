//! The role `users`: virtual users, each a closed loop of thinking and asking, each with its own connection, cookies,
//! random stream, and memory of what was acknowledged. They send the load and they are the judges of session truth.
//! This role listens nowhere.

use std::rc::Rc;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use crate::telemetry::Standing;
use crate::wire::{Load, RoleConfig, UsersConfig};

use super::{Context, Failure, Order};

mod answer;
mod connection;
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

use shared::Shared;
use user::{Phase, User, whole_millis};

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
        tokio::select! {
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
        let (phase, _) = watch::channel(Phase::Acting { population: 0 });
        let mut crowd =
            Self { shared, users: JoinSet::new(), phase, standings: Vec::new(), settling: false, leaving: false };
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
        self.phase.send_if_modified(|phase| {
            let next = Phase::Acting { population };
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

    fn settle(&mut self, since_us: Option<u64>) {
        self.settling = true;
        self.phase.send_replace(Phase::Settling { since_us });
    }

    /// Lets everybody leave as soon as what it asked for is answered, or its patience ends. Who settles goes on settling.
    fn leave(&mut self) {
        self.leaving = true;
        self.phase.send_if_modified(|phase| {
            let acts = matches!(phase, Phase::Acting { .. });
            if acts {
                *phase = Phase::Acting { population: 0 };
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
