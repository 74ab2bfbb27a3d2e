//! A node's whole configuration. The app pushes all of it at every change; a node applies the newest and says so.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::topology::{
    Bug, Cache, Database, Gateway, LifeId, Module, ModuleName, NodeId, OperationId, Program, Service, SessionStep,
    Users,
};

/// Everything that one life needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeConfig {
    /// Grows with every change. A node ignores one that is not newer than what it has.
    pub revision: u64,
    /// What is the same for all nodes of the run.
    pub run: RunContext,
    /// What this node does.
    pub role: RoleConfig,
}

/// What is the same for all nodes of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunContext {
    /// The run's tag, for the hop header. Not secret.
    pub id: String,
    /// The seed of every random choice.
    pub seed: u64,
    /// The run's epoch on the wall clock, in nanoseconds since 1970, for OTLP's times.
    pub epoch_unix_ns: u64,
    /// The run's epoch on the machine's monotonic clock, in nanoseconds, where app and node share one; then run time
    /// is exact on both sides.
    pub epoch_monotonic_ns: Option<u64>,
    /// Run time when this was written, in microseconds: the best guess where no monotonic clock is shared.
    pub now_us: u64,
    /// Where OTLP/HTTP reports go.
    pub collector: SocketAddr,
    /// How many traces a users or gateway node may sample each second.
    pub traces_per_second: u32,
}

/// What a node does, with all that it needs for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleConfig {
    /// Virtual users.
    Users(UsersConfig),
    /// Load balancer and router.
    Gateway(GatewayConfig),
    /// Hosts modules.
    Service(ServiceConfig),
    /// The built-in cache, or the keeper of a real one.
    Cache(CacheConfig),
    /// The built-in database, or the keeper of a real one.
    Database(DatabaseConfig),
    /// The keeper of a program.
    Program(ProgramConfig),
}

/// Configuration of a users node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsersConfig {
    /// The settings that were drawn.
    pub settings: Users,
    /// What is known of every operation of `start` and `journey`, and of `session.check`.
    pub operations: Vec<PlannedOperation>,
    /// Where requests go.
    pub upstreams: Vec<Upstream>,
    /// Whether users act.
    pub load: Load,
}

/// An operation as its callers know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedOperation {
    /// Which operation.
    pub id: OperationId,
    /// Whether it only reads: then it is GET, else POST.
    pub reads: bool,
    /// What it and the operations that it calls do to the user's session, in order: what an answer must agree with.
    pub session: Vec<SessionStep>,
}

/// Whether users act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// Not yet: not everything is ready.
    Idle,
    /// Since this moment of run time, t = 0.
    Since {
        /// In microseconds of run time.
        start_us: u64,
        /// Latencies of requests sent before are not counted; in microseconds of run time.
        warm_us: u64,
    },
}

/// Configuration of a gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GatewayConfig {
    /// The settings that were drawn.
    pub settings: Gateway,
    /// Where requests go.
    pub upstreams: Vec<Upstream>,
    /// What can be asked for there, for visitors from outside.
    pub operations: Vec<PlannedOperation>,
}

/// Configuration of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceConfig {
    /// The settings that were drawn.
    pub settings: Service,
    /// The modules that it hosts, with their steps.
    pub modules: Vec<Module>,
    /// Which operations, here and elsewhere, only read.
    pub reads: BTreeSet<OperationId>,
    /// Where calls to other modules go.
    pub upstreams: Vec<Upstream>,
    /// The store for sessions, if one is linked.
    pub store: Option<Store>,
    /// The database for the modules' data, if one is linked.
    pub database: Option<Store>,
    /// Whether sessions may still be in the database although the store is a cache: they were kept there before.
    pub leaves_database: bool,
    /// The key that tokens are signed with: the same for the whole run, in hexadecimal.
    pub token_key: String,
    /// The versions of the modules, where this life runs others than the first. They stay the same for all
    /// its time, but for modules that move in.
    pub versions: Vec<ModuleVersion>,
    /// The port at which the slot's last life listened, where this one is to listen there, too.
    pub port: Option<u16>,
}

/// Which version of a module a life runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModuleVersion {
    /// Which module.
    pub module: ModuleName,
    /// Its version, from 1.
    pub number: u32,
    /// What is wrong with it.
    pub bug: Option<Bug>,
}

/// A linked node that keeps data for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The cache or database node.
    pub node: NodeId,
    /// What it speaks.
    pub protocol: StoreProtocol,
    /// Its life and address; `None` while it has no ready life.
    pub endpoint: Option<Endpoint>,
}

/// What a store speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreProtocol {
    /// A cache: the Redis protocol.
    Resp,
    /// A database: the PostgreSQL protocol.
    Postgres,
}

/// Configuration of a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatabaseConfig {
    /// The settings that were drawn.
    pub settings: Database,
    /// Where its data is: a folder of its own, which outlives its process but not the run.
    pub folder: PathBuf,
    /// A folder that all runs of the app share, for what takes long to make.
    pub shared: PathBuf,
}

/// Configuration of a program's keeper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgramConfig {
    /// The settings that were drawn.
    pub settings: Program,
    /// The linked nodes that answer HTTP: where its requests to each of them go.
    pub upstreams: Vec<Upstream>,
    /// The linked caches and databases, in the order of the drawing.
    pub stores: Vec<Store>,
    /// The folder in which the command is started: the preset file's, where its programs are.
    pub home: PathBuf,
    /// A folder of the node's own for what its lives write, which is gone with the run.
    pub data: PathBuf,
}

/// Configuration of a cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CacheConfig {
    /// The settings that were drawn.
    pub settings: Cache,
}

/// A node that requests are sent to, with its replicas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upstream {
    /// Which node.
    pub node: NodeId,
    /// The modules that it serves or routes to.
    pub modules: Vec<ModuleName>,
    /// Its replicas that have an address, in the order of their slots.
    pub endpoints: Vec<Endpoint>,
    /// How many slots it has, with or without a life: what a hash over slots needs to stay the same.
    pub slots: u32,
}

/// One replica that can be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Which life.
    pub life: LifeId,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it takes requests.
    pub state: EndpointState,
}

/// Whether a replica takes requests, as the app knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointState {
    /// It does.
    Ready,
    /// It says that it does not, for now.
    Unready,
    /// It finishes what it has and then exits: nothing new goes there.
    Draining,
}
