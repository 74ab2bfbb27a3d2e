//! The course of a kept program: until it is ready, while it serves, and how it comes to an end. Follows the app's orders
//! all the while.

use std::process::ExitStatus;
use std::rc::Rc;
use std::time::Duration;

use rustix::process::Signal;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use crate::node::keeper::{self, Program};
use crate::node::{Context, Failure, Order};
use crate::topology;
use crate::wire::{KeeperAct, NodeConfig, RoleConfig};

use super::environment::Ports;
use super::front::Front;
use super::surroundings::Surroundings;

/// How long to wait between two questions whether it is ready.
const PROBE_INTERVAL: Duration = Duration::from_millis(20);

/// How the beginning of a program came out.
pub(super) enum Began {
    /// It takes requests.
    Ready,
    /// The app wants it gone.
    Asked,
    /// It ended by itself.
    Ended(ExitStatus),
}

/// What an order asks of the course.
enum Wish {
    /// To go on.
    On,
    /// To finish what it has, then end.
    Drain,
    /// Nobody sends here any more.
    Released,
    /// To end.
    End,
}

/// Keeps one program.
pub(super) struct Keeping {
    context: Context,
    revision: u64,
    orders: mpsc::Receiver<Order>,
    surroundings: Surroundings,
    /// Whether the app has asked for its end.
    asked: bool,
}

impl Keeping {
    /// A keeper that follows these orders.
    pub(super) fn new(
        context: Context,
        revision: u64,
        orders: mpsc::Receiver<Order>,
        surroundings: Surroundings,
    ) -> Self {
        Self { context, revision, orders, surroundings, asked: false }
    }

    /// What the program is told of its surroundings.
    pub(super) fn ports(&self) -> &Ports {
        &self.surroundings.ports
    }

    /// Says that the newest configuration is in effect.
    pub(super) fn applied(&self) {
        self.context.app.applied(self.revision);
    }

    /// Waits until the program takes requests.
    ///
    /// # Errors
    /// When it does not in time.
    pub(super) async fn until_ready(
        &mut self,
        program: &mut Program,
        front: &Rc<Front>,
        settings: &topology::Program,
    ) -> Result<Began, Failure> {
        let node = self.context.life.node().clone();
        let deadline = Instant::now() + settings.ready_within.duration();
        let ready = answers(front);
        tokio::pin!(ready);
        loop {
            tokio::select! {
                biased;
                status = program.ended() => return Ok(if self.asked { Began::Asked } else { Began::Ended(status?) }),
                () = &mut ready => return Ok(Began::Ready),
                () = sleep_until(deadline) => {
                    program.end().await?;
                    let (within, probe) = (settings.ready_within, &settings.ready);
                    return Err(Failure(format!(
                        "node \"{node}\": {} was not ready within {within} ({probe}): it must listen on 127.0.0.1 at the \
                         port that PORT or {{port}} says, or ready_within must be longer",
                        settings.command.first().map_or("", String::as_str),
                    )));
                }
                order = self.orders.recv() => match self.follow(order, program) {
                    Wish::On | Wish::Released => {}
                    Wish::Drain | Wish::End => {
                        self.context.app.draining();
                        return Ok(Began::Asked);
                    }
                },
            }
        }
    }

    /// Does what it is told with a program that serves, until that ends. One that ends unasked takes this process with
    /// it, without another word: like any node that dies.
    pub(super) async fn attend(
        mut self,
        mut program: Program,
        front: &Rc<Front>,
        drain: Duration,
    ) -> Result<(), Failure> {
        let (mut released, mut deadline) = (false, None);
        loop {
            tokio::select! {
                status = program.ended() => {
                    let status = status?;
                    if self.asked {
                        return self.close(program).await;
                    }
                    self.context.reporter.flush().await;
                    self.context.app.drained().await;
                    std::process::exit(status.code().filter(|code| *code != 0).unwrap_or(1));
                }
                () = front.idle(), if released && deadline.is_some() => return self.close(program).await,
                () = until(deadline) => return self.close(program).await,
                order = self.orders.recv() => match self.follow(order, &program) {
                    Wish::On => {}
                    Wish::Drain => {
                        front.drain();
                        self.context.app.draining();
                        deadline.get_or_insert(Instant::now() + drain);
                    }
                    Wish::Released => released = true,
                    Wish::End => return self.close(program).await,
                },
            }
        }
    }

    /// Ends the program, if it has not ended, and what it left behind; tells the last totals.
    pub(super) async fn close(self, mut program: Program) -> Result<(), Failure> {
        program.end().await?;
        self.context.reporter.flush().await;
        self.context.app.drained().await;
        Ok(())
    }

    fn follow(&mut self, order: Option<Order>, program: &Program) -> Wish {
        match order {
            Some(Order::Configure(config)) => self.configure(*config),
            Some(Order::Settle { .. }) => drop(tokio::task::spawn_local(settle(self.context.clone()))),
            Some(Order::Released) => return Wish::Released,
            Some(Order::Keeper(KeeperAct::Terminate) | Order::Terminate) => {
                self.asked = true;
                return Wish::Drain;
            }
            Some(Order::Keeper(act)) => {
                self.asked |= act == KeeperAct::Kill;
                program.signal(keeper::signal_of(act));
            }
            None => {
                program.signal(Signal::KILL);
                return Wish::End;
            }
        }
        Wish::On
    }

    fn configure(&mut self, config: NodeConfig) {
        let RoleConfig::Program(role) = config.role else { return };
        if config.revision > self.revision {
            self.revision = config.revision;
            self.surroundings.update(&role);
            self.applied();
        }
    }
}

/// Waits until the program takes requests.
async fn answers(front: &Rc<Front>) {
    while !front.is_ready().await {
        sleep(PROBE_INTERVAL).await;
    }
}

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
