//! What all users of a node share: the newest plan, and the way to where requests go.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::node::Context;
use crate::telemetry::books::SESSION_CHECK;
use crate::telemetry::{Belief, OperationBooks};
use crate::topology::{OperationId, SessionStep, Users};
use crate::wire::{Load, NoticedBy, PlannedOperation, UsersConfig};

use super::desk::Desk;
use super::memory::Learned;
use super::routes::Routes;

/// Shared by the users of one node, which all run on one thread.
pub(super) struct Shared {
    pub(super) context: Context,
    plan: RefCell<Rc<Plan>>,
    pub(super) routes: RefCell<Routes>,
    /// Where arrivals and free users meet.
    pub(super) desk: RefCell<Desk>,
    /// The numbers of the users that are there.
    pub(super) present: RefCell<BTreeSet<u32>>,
}

/// What users do, as the newest configuration says.
pub(super) struct Plan {
    pub(super) settings: Users,
    operations: BTreeMap<OperationId, Planned>,
    /// What a user asks at the end to see whether its session is still there.
    pub(super) check: Option<Planned>,
    /// Latencies of requests sent before are not counted; in microseconds of run time.
    pub(super) warm_us: u64,
}

/// An operation as a user sends it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) id: OperationId,
    /// Its name in the books.
    pub(super) name: Rc<str>,
    /// Whether it is GET.
    pub(super) reads: bool,
    /// What it does to the session.
    pub(super) steps: Rc<[SessionStep]>,
}

impl Planned {
    fn new(operation: &PlannedOperation) -> Self {
        let check = operation.id.operation.as_ref() == SESSION_CHECK;
        let name = if check { SESSION_CHECK.into() } else { operation.id.to_string().into() };
        let steps = operation.session.as_slice().into();
        Self { id: operation.id.clone(), name, reads: operation.reads, steps }
    }
}

impl Plan {
    fn new(config: &UsersConfig) -> Self {
        let planned: Vec<Planned> = config.operations.iter().map(Planned::new).collect();
        let check = planned.iter().find(|planned| planned.name.as_ref() == SESSION_CHECK).cloned();
        let warm_us = match config.load {
            Load::Idle => 0,
            Load::Since { warm_us, .. } => warm_us,
        };
        let operations = planned.into_iter().map(|planned| (planned.id.clone(), planned)).collect();
        Self { settings: config.settings.clone(), operations, check, warm_us }
    }

    /// An operation of `start` or `journey`. One that the configuration says nothing about is sent all the same, as one
    /// that may change anything but the session.
    pub(super) fn operation(&self, id: &OperationId) -> Planned {
        self.operations.get(id).cloned().unwrap_or_else(|| Planned {
            id: id.clone(),
            name: id.to_string().into(),
            reads: false,
            steps: Rc::default(),
        })
    }
}

impl Shared {
    /// Shared state under a first configuration.
    pub(super) fn new(context: Context, config: &UsersConfig) -> Self {
        let shared = Self {
            context,
            plan: RefCell::new(Rc::new(Plan::new(config))),
            routes: RefCell::default(),
            desk: RefCell::default(),
            present: RefCell::default(),
        };
        shared.update_routes(config);
        shared
    }

    /// Takes a newer configuration.
    pub(super) fn update(&self, config: &UsersConfig) {
        *self.plan.borrow_mut() = Rc::new(Plan::new(config));
        self.update_routes(config);
    }

    /// The newest plan.
    pub(super) fn plan(&self) -> Rc<Plan> {
        Rc::clone(&self.plan.borrow())
    }

    /// The moment, in microseconds of run time.
    pub(super) fn now_us(&self) -> u64 {
        self.context.clock.now_us()
    }

    /// Changes the books of an operation.
    pub(super) fn books<T>(&self, name: &str, change: impl FnOnce(&mut OperationBooks) -> T) -> T {
        self.context.reporter.totals(|totals| {
            change(match totals.operations.get_mut(name) {
                Some(books) => books,
                None => totals.operations.entry(name.to_owned()).or_default(),
            })
        })
    }

    /// Enters what a user learned into the users' ledger.
    pub(super) fn believe(&self, user: u32, learned: Vec<Learned>) {
        let at_us = self.now_us();
        for (session, kind) in learned {
            self.context.app.belief(Belief { at_us, user, session, kind });
        }
    }

    fn update_routes(&self, config: &UsersConfig) {
        let gone = self.routes.borrow_mut().update(&config.upstreams, self.context.run.seed);
        for life in gone {
            self.context.app.noticed(life, self.now_us(), NoticedBy::Told);
        }
    }
}
