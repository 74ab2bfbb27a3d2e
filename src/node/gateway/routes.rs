//! What the gateway knows: where requests go, and what all its connections share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use tokio::sync::Notify;

use crate::node::Context;
use crate::node::balancer::Balancer;
use crate::node::poll::Poll;
use crate::topology::{Gateway, LifeId, ModuleName, NodeId};
use crate::wire::{GatewayConfig, NoticedBy, PlannedOperation, Upstream, headers};

use super::limits::Limits;
use super::pool::Pool;
use super::visitors::Visitors;

/// What all connections share.
pub(super) struct Shared {
    /// This node's life, clock, reporter and app.
    pub(super) context: Context,
    /// What clients may take.
    pub(super) limits: Limits,
    /// The line that tells the next hop who sent the attempt.
    pub(super) hop_line: Vec<u8>,
    /// This gateway's name in `via`.
    pub(super) node: NodeId,
    /// Makes the keys of new visitors.
    pub(super) random: RefCell<Xoshiro256PlusPlus>,
    /// Whether SIGTERM came.
    pub(super) draining: Cell<bool>,
    /// Wakes whoever waits for requests or connections to end.
    pub(super) ended: Notify,
    /// Asks for endpoints, where the drawing says so.
    poll: Poll,
    /// Who comes from outside.
    pub(super) visitors: Visitors,
    operations: RefCell<Rc<[PlannedOperation]>>,
    settings: RefCell<Rc<Gateway>>,
    routes: RefCell<Vec<Rc<Route>>>,
    modules: RefCell<Vec<(ModuleName, Rc<Route>)>>,
    in_flight: Cell<u32>,
}

/// One node that requests are sent to.
pub(super) struct Route {
    /// Which node.
    pub(super) node: NodeId,
    /// The name of the affinity cookie.
    pub(super) cookie: String,
    /// Chooses among its replicas.
    pub(super) balancer: RefCell<Balancer>,
    /// Idle connections to its replicas.
    pub(super) pool: RefCell<Pool>,
}

/// A request in flight, until dropped.
pub(super) struct InFlight<'a>(&'a Shared);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
        self.0.ended.notify_waiters();
    }
}

impl Shared {
    /// Knows no routes yet.
    pub(super) fn new(context: Context, limits: Limits) -> Self {
        let node = context.life.node().clone();
        let hop_line = format!("{}: {} {}\r\n", headers::HOP, context.run.id, context.life).into_bytes();
        let random = RefCell::new(Xoshiro256PlusPlus::seed_from_u64(stream(&context, "keys")));
        let visitors = Visitors::new(&context, stream(&context, "visitors"));
        let poll = Poll::start(context.app.clone());
        Self {
            poll,
            context,
            limits,
            hop_line,
            node,
            random,
            visitors,
            operations: RefCell::new(Rc::from(Vec::new())),
            draining: Cell::new(false),
            ended: Notify::new(),
            settings: RefCell::default(),
            routes: RefCell::default(),
            modules: RefCell::default(),
            in_flight: Cell::new(0),
        }
    }

    /// Acts on a configuration from now on. Requests in flight keep the replica that they have.
    pub(super) fn configure(&self, config: GatewayConfig) {
        let mut modules = Vec::new();
        let mut routes = self.routes.borrow_mut();
        for upstream in &config.upstreams {
            let known = routes.iter().find(|route| route.node == upstream.node).cloned();
            let route = known.unwrap_or_else(|| {
                let route = Rc::new(self.new_route(&upstream.node, &config.settings));
                routes.push(route.clone());
                route
            });
            route.balancer.borrow_mut().set_policy(config.settings.policy);
            let left = route.balancer.borrow_mut().update(upstream);
            self.left(&route, left);
            modules.extend(upstream.modules.iter().map(|module| (module.clone(), route.clone())));
        }
        routes.retain(|route| {
            let stays = config.upstreams.iter().any(|upstream| upstream.node == route.node);
            if !stays {
                let none = Upstream { node: route.node.clone(), modules: vec![], endpoints: vec![], slots: 0 };
                let left = route.balancer.borrow_mut().update(&none);
                self.left(route, left);
            }
            stays
        });
        self.poll.set(config.settings.discovery);
        *self.modules.borrow_mut() = modules;
        *self.operations.borrow_mut() = config.operations.into();
        *self.settings.borrow_mut() = Rc::new(config.settings);
    }

    fn new_route(&self, node: &NodeId, settings: &Gateway) -> Route {
        Route {
            node: node.clone(),
            cookie: headers::affinity_cookie(self.node.as_str(), node.as_str()),
            balancer: RefCell::new(Balancer::new(settings.policy, stream(&self.context, node.as_str()))),
            pool: RefCell::default(),
        }
    }

    /// Says that the app's word was the first news of these lives' end, and closes connections to what is gone.
    fn left(&self, route: &Route, lives: Vec<LifeId>) {
        for life in lives {
            self.context.app.noticed(life, self.context.clock.now_us(), NoticedBy::Told);
        }
        let balancer = route.balancer.borrow();
        route.pool.borrow_mut().retain(|life| balancer.life(life).is_some());
    }

    /// The settings of the newest configuration.
    pub(super) fn settings(&self) -> Rc<Gateway> {
        self.settings.borrow().clone()
    }

    /// What can be asked for.
    pub(super) fn operations(&self) -> Rc<[PlannedOperation]> {
        self.operations.borrow().clone()
    }

    /// All nodes that requests are sent to.
    pub(super) fn routes(&self) -> Vec<Rc<Route>> {
        self.routes.borrow().clone()
    }

    /// Where a request with this path goes: its first segment names a module.
    pub(super) fn route(&self, path: &[u8]) -> Option<Rc<Route>> {
        let module = path.strip_prefix(b"/")?.split(|byte| *byte == b'/').next()?;
        let modules = self.modules.borrow();
        modules.iter().find(|(name, _)| name.as_str().as_bytes() == module).map(|(_, route)| route.clone())
    }

    /// Gives a replica up, and says so if it was not given up before.
    pub(super) fn eject(&self, route: &Route, life: &LifeId, by: NoticedBy) {
        if route.balancer.borrow_mut().eject(life) {
            self.context.app.noticed(life.clone(), self.context.clock.now_us(), by);
        }
        route.pool.borrow_mut().retain(|of| of != life);
    }

    /// Counts a request until the answer is dropped.
    pub(super) fn begin(&self) -> InFlight<'_> {
        self.in_flight.set(self.in_flight.get() + 1);
        InFlight(self)
    }

    /// Waits until no request is in flight.
    pub(super) async fn idle(&self) {
        while self.in_flight.get() > 0 {
            self.ended.notified().await;
        }
    }
}

/// The seed of one of this life's random streams.
fn stream(context: &Context, name: &str) -> u64 {
    let text = format!("{} {name}", context.life);
    text.bytes().fold(context.run.seed, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
