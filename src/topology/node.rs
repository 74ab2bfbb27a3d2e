//! Where the software runs: nodes with their roles and settings, and the links between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::database::Database;
use super::discovery::Discovery;
use super::id::{LinkId, ModuleName, NodeId, OperationId};
use super::program::Program;
use super::text::as_text;
use super::units::{BadUnit, Period, Rate};

/// A node of the drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// The node's id, unique in the preset.
    pub id: NodeId,
    /// What the node does, with the settings of that role.
    #[serde(flatten)]
    pub role: Role,
}

impl Node {
    /// How many processes the node wants: its replicas, or one.
    pub fn replicas(&self) -> u32 {
        match &self.role {
            Role::Gateway(gateway) => gateway.replicas,
            Role::Service(service) => service.replicas,
            Role::Program(program) => program.replicas,
            Role::Users(_) | Role::Cache(_) | Role::Database(_) => 1,
        }
    }

    /// When a life of the node that ended on its own or by a fault is followed by the next one.
    pub fn restart(&self) -> Restart {
        match &self.role {
            Role::Gateway(gateway) => gateway.restart,
            Role::Service(service) => service.restart,
            Role::Cache(cache) => cache.restart,
            Role::Database(database) => database.restart,
            Role::Program(program) => program.restart,
            Role::Users(_) => Restart::Never,
        }
    }
}

/// What a node does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "role", rename_all = "lowercase")]
pub enum Role {
    /// Virtual users who send the load.
    Users(Users),
    /// A load balancer and router.
    Gateway(Gateway),
    /// Hosts modules.
    Service(Service),
    /// A key-value store that speaks RESP.
    Cache(Cache),
    /// Tables, behind the PostgreSQL protocol.
    Database(Database),
    /// Any command.
    Program(Program),
}

/// Settings of a `users` node: one process with that many virtual users, each a closed loop unless requests arrive at a
/// rate of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Users {
    /// How many virtual users.
    pub users: u32,
    /// The mean time that a user thinks between an answer and the next request.
    pub think: Period,
    /// How far thinking times spread around the mean: 0.5 means from 50 % to 150 % of it, evenly.
    pub think_spread: f64,
    /// How often a request arrives, whatever became of those before it: an open loop. Without, users think instead.
    pub arrivals: Arrivals,
    /// What a user does once, and again only when told that the session is unknown.
    pub start: Vec<OperationId>,
    /// What a user does over and over.
    pub journey: Vec<OperationId>,
    /// How long a user waits for an answer before giving up.
    pub timeout: Period,
}

impl Users {
    /// Every operation that a user asks for, once each, in the order in which they first come.
    pub fn operations(&self) -> Vec<&OperationId> {
        let mut operations = Vec::new();
        for operation in self.start.iter().chain(&self.journey) {
            if !operations.contains(&operation) {
                operations.push(operation);
            }
        }
        operations
    }
}

impl Default for Users {
    fn default() -> Self {
        Self {
            users: 10,
            think: Period::secs(1),
            think_spread: 0.5,
            arrivals: Arrivals::default(),
            start: Vec::new(),
            journey: Vec::new(),
            timeout: Period::secs(2),
        }
    }
}

/// Whether requests arrive by themselves, and how often: `none`, or a rate such as `50/s`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arrivals {
    /// Closed loop: each user sends the next request after it has thought about the answer to the last one.
    #[default]
    None,
    /// Open loop: requests arrive at random moments (a Poisson process) at this mean rate, and whichever user is free
    /// sends them.
    Rate(Rate),
}

impl std::fmt::Display for Arrivals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Rate(rate) => rate.fmt(f),
        }
    }
}

impl std::str::FromStr for Arrivals {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        if text == "none" { Ok(Self::None) } else { text.parse().map(Self::Rate) }
    }
}
as_text!(Arrivals, "Arrivals", "^(none|[0-9]+(\\.[0-9]+)?\\s*k?/(s|min))$");

/// Settings of a `gateway` node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// How many gateway processes.
    pub replicas: u32,
    /// How a replica is chosen for a request that nothing ties to one.
    pub policy: Policy,
    /// What ties a user's requests to one replica.
    pub affinity: Affinity,
    /// Whether a tie to a replica that is gone is replaced.
    pub repoint: Repoint,
    /// How long the gateway waits for a replica's answer.
    pub timeout: Period,
    /// How many further attempts the gateway may make, on other replicas, where repeating is safe.
    pub retries: u32,
    /// How the gateway learns of replicas that come and go.
    pub discovery: Discovery,
    /// The time between two health checks of a replica.
    pub health_interval: Period,
    /// How many failed health checks in a row take a replica out.
    pub health_failures: u32,
    /// When a gateway process that died is followed by the next.
    pub restart: Restart,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            replicas: 1,
            policy: Policy::default(),
            affinity: Affinity::default(),
            repoint: Repoint::default(),
            timeout: Period::secs(1),
            retries: 1,
            discovery: Discovery::default(),
            health_interval: Period::millis(500),
            health_failures: 2,
            restart: Restart::default(),
        }
    }
}

/// Settings of a `service` node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Service {
    /// The modules that every replica hosts.
    pub modules: Vec<ModuleName>,
    /// How many processes.
    pub replicas: u32,
    /// How a replica is chosen for each call to another service.
    pub policy: Policy,
    /// How the service learns of replicas of other services that come and go.
    pub discovery: Discovery,
    /// Whether each life has a port of its own.
    pub address: Address,
    /// Where sessions are kept.
    pub sessions: Sessions,
    /// How long a session that nobody touches is kept.
    pub session_ttl: Period,
    /// How many requests a replica works on at once; more wait in line.
    pub concurrency: u32,
    /// How many requests may wait in line; more are refused with 503 (shed).
    pub backlog: u32,
    /// The longest time that a terminated replica finishes its requests before it exits.
    pub drain: Period,
    /// When a process that died is followed by the next.
    pub restart: Restart,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            modules: Vec::new(),
            replicas: 1,
            policy: Policy::default(),
            discovery: Discovery::default(),
            address: Address::default(),
            sessions: Sessions::default(),
            session_ttl: Period::secs(1800),
            concurrency: 16,
            backlog: 128,
            drain: Period::secs(5),
            restart: Restart::default(),
        }
    }
}

/// Settings of a `cache` node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// Which program keeps the data.
    pub engine: Engine,
    /// When a process that died is followed by the next.
    pub restart: Restart,
}

/// How a replica is chosen among those that may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// One after the other.
    #[default]
    RoundRobin,
    /// The one with the fewest requests in flight.
    LeastRequests,
    /// Any, by chance.
    Random,
    /// Of two drawn by chance, the one with the lower latency times requests in flight: the power of two choices with
    /// peak EWMA.
    P2cEwma,
}

/// What ties a user's requests to one replica (sticky sessions).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Affinity {
    /// Nothing: every request is balanced by itself.
    #[default]
    None,
    /// A cookie that names the replica.
    Cookie,
    /// A hash of a key that the gateway gave the visitor (rendezvous hashing over the slots).
    SessionHash,
}

/// Whether a tie to a replica that is gone is replaced by a tie to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repoint {
    /// The user is given another replica as soon as the gateway has noticed.
    #[default]
    OnEject,
    /// Never: the user waits for that slot to come back.
    Never,
}

/// Where a service keeps its sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sessions {
    /// In the process: the only copy dies with it.
    #[default]
    Memory,
    /// In the linked cache, or, where no cache is linked, in the linked database.
    Store,
    /// Identity in a token signed with a key of the run that the user carries; items in the linked cache, or, without
    /// one, in the token as well.
    Token,
}

/// Where the next life of a replica listens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// At a port of its own, which whoever sends to it must learn.
    #[default]
    New,
    /// Where the last one did.
    Stable,
}

/// Which program a cache node runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Brownout's own RESP server.
    #[default]
    Builtin,
    /// A real `redis-server`, which must be installed.
    Redis,
}

/// When a process that died is followed by the next: `never`, `now`, or a delay such as `8s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Only when asked to.
    Never,
    /// At once.
    Now,
    /// After this long.
    After(Period),
}

impl Default for Restart {
    /// Eight seconds: long enough for the loss to be seen.
    fn default() -> Self {
        Self::After(Period::secs(8))
    }
}

impl std::fmt::Display for Restart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Now => f.write_str("now"),
            Self::After(delay) => delay.fmt(f),
        }
    }
}

impl std::str::FromStr for Restart {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        match text {
            "never" => Ok(Self::Never),
            "now" => Ok(Self::Now),
            delay => delay.parse().map(Self::After).map_err(|_| BadUnit {
                text: text.to_owned(),
                expected: "never, now or a delay with its unit, as in 8s",
            }),
        }
    }
}
as_text!(Restart, "Restart", "^(never|now|[0-9]+(\\.[0-9]+)?\\s*(us|\u{b5}s|\u{3bc}s|ms|s|m|h))$");

/// A directed link between two nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The node that sends the requests.
    pub from: NodeId,
    /// The node that answers them.
    pub to: NodeId,
}

impl Link {
    /// The link's id.
    pub fn id(&self) -> LinkId {
        LinkId { from: self.from.clone(), to: self.to.clone() }
    }
}
