//! A run of the role under an app that keeps what it is told: a control connection and a collector on real sockets.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

use super::fake_shop::FakeShop;
use crate::node::log::Log;
use crate::node::reporter::fake_collector::{FakeCollector, TOKEN};
use crate::node::{Clock, Context, Failure, Order, Reporter, app_link};
use crate::telemetry::{Belief, BeliefKind, Standing};
use crate::topology::{Arrivals, Period, SessionStep, Users};
use crate::wire::{
    Bootstrap, Load, NodeConfig, NodeMessage, PROTOCOL, PlannedOperation, RoleConfig, Upstream, UsersConfig,
};

const DEADLINE: Duration = Duration::from_secs(10);

/// What the role said over the control connection.
#[derive(Default)]
struct Said {
    messages: RefCell<Vec<NodeMessage>>,
    news: Notify,
}

/// The role, running.
pub(super) struct Run {
    pub(super) collector: Rc<FakeCollector>,
    said: Rc<Said>,
    orders: mpsc::Sender<Order>,
    context: Context,
    revision: u64,
    config: UsersConfig,
    role: JoinHandle<Result<(), Failure>>,
}

impl Run {
    /// Starts the role and lets the users act.
    pub(super) async fn start(users: u32, shops: &[&Rc<FakeShop>]) -> Self {
        let mut run = Self::idle(users, shops).await;
        run.begin().await;
        run
    }

    /// Lets the users act.
    pub(super) async fn begin(&mut self) {
        let start_us = self.now_us();
        self.configure(|config| config.load = Load::Since { start_us, warm_us: start_us }).await;
    }

    /// Starts the role; users do not act yet.
    pub(super) async fn idle(users: u32, shops: &[&Rc<FakeShop>]) -> Self {
        let (collector, run) = FakeCollector::start(10_000).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bootstrap = Bootstrap {
            protocol: PROTOCOL,
            control: listener.local_addr().unwrap(),
            token: TOKEN.to_owned(),
            life: "shoppers.1#1".parse().unwrap(),
            parent_pid: 0,
        };
        let said = Rc::new(Said::default());
        tokio::task::spawn_local(Rc::clone(&said).listen(listener));
        let (app, _) = app_link::dial(&bootstrap, Log::default()).await.unwrap();
        let clock = Clock::new(&run);
        let life = bootstrap.life;
        let reporter = Reporter::new(life.clone(), run.clone(), clock.clone(), bootstrap.token);
        let context = Context { life, run, clock, app, reporter };
        let config = config(users, shops);
        let (orders, received) = mpsc::channel(8);
        let role = tokio::task::spawn_local(crate::node::users::run(context.clone(), 1, config.clone(), received));
        let run = Self { collector, said, orders, context, revision: 1, config, role };
        run.until(|said| said.contains(&NodeMessage::Ready { address: None })).await;
        run
    }

    pub(super) fn now_us(&self) -> u64 {
        self.context.clock.now_us()
    }

    /// Pushes a changed configuration and waits until it is applied.
    pub(super) async fn configure(&mut self, change: impl FnOnce(&mut UsersConfig)) {
        change(&mut self.config);
        self.revision += 1;
        let run = self.context.run.as_ref().clone();
        let role = RoleConfig::Users(self.config.clone());
        let config = Box::new(NodeConfig { revision: self.revision, run, role });
        self.orders.send(Order::Configure(config)).await.unwrap();
        let applied = NodeMessage::Applied { revision: self.revision };
        self.until(|said| said.contains(&applied)).await;
    }

    /// Lets the role settle.
    pub(super) async fn settle(&mut self, since_us: Option<u64>) -> Vec<Standing> {
        self.orders.send(Order::Settle { since_us }).await.unwrap();
        self.until(|said| matches!(said.last(), Some(NodeMessage::Settled { .. }))).await;
        match self.said.messages.borrow().last() {
            Some(NodeMessage::Settled { standings }) => standings.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Ends the role.
    pub(super) async fn terminate(self) {
        self.orders.send(Order::Terminate).await.unwrap();
        self.role.await.unwrap().unwrap();
    }

    /// The beliefs of one kind.
    pub(super) fn beliefs(&self, kind: impl Fn(&BeliefKind) -> bool) -> Vec<Belief> {
        beliefs(&self.said.messages.borrow(), kind)
    }

    /// Waits for that many beliefs of one kind.
    pub(super) async fn until_beliefs(&self, count: usize, kind: impl Fn(&BeliefKind) -> bool) {
        self.until(|said| beliefs(said, &kind).len() >= count).await;
    }

    async fn until(&self, condition: impl Fn(&[NodeMessage]) -> bool) {
        let fulfilled = async {
            while !condition(&self.said.messages.borrow()) {
                self.said.news.notified().await;
            }
        };
        let in_time = tokio::time::timeout(DEADLINE, fulfilled).await;
        assert!(in_time.is_ok(), "only this was said: {:#?}", self.said.messages.borrow());
    }
}

impl Said {
    async fn listen(self: Rc<Self>, listener: TcpListener) {
        let (stream, _) = listener.accept().await.unwrap();
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            self.messages.borrow_mut().push(serde_json::from_str(&line).unwrap());
            self.news.notify_one();
        }
    }
}

fn beliefs(said: &[NodeMessage], kind: impl Fn(&BeliefKind) -> bool) -> Vec<Belief> {
    let beliefs =
        said.iter().filter_map(|message| if let NodeMessage::Belief(belief) = message { Some(belief) } else { None });
    beliefs.filter(|belief| kind(&belief.kind)).cloned().collect()
}

fn config(users: u32, shops: &[&Rc<FakeShop>]) -> UsersConfig {
    let operation = |id: &str, reads, session: &[SessionStep]| PlannedOperation {
        id: id.parse().unwrap(),
        reads,
        session: session.to_vec(),
    };
    UsersConfig {
        settings: Users {
            users,
            think: Period::millis(20),
            think_spread: 0.5,
            arrivals: Arrivals::None,
            start: vec!["accounts.login".parse().unwrap()],
            journey: vec!["cart.add".parse().unwrap(), "cart.view".parse().unwrap()],
            timeout: Period::millis(300),
        },
        operations: vec![
            operation("accounts.login", false, &[SessionStep::Create]),
            operation("cart.add", false, &[SessionStep::Append]),
            operation("cart.view", true, &[SessionStep::Read]),
            operation("accounts.session.check", true, &[SessionStep::Read]),
        ],
        upstreams: vec![Upstream {
            node: "shop".parse().unwrap(),
            modules: vec!["accounts".parse().unwrap(), "cart".parse().unwrap()],
            endpoints: shops.iter().map(|shop| shop.endpoint.clone()).collect(),
            slots: u32::try_from(shops.len()).unwrap(),
        }],
        load: Load::Idle,
    }
}
