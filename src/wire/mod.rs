//! What app and nodes say to each other: the start-up line on a node's standard input, the messages of the control
//! connection, the configuration in them, and the headers that requests carry. Versioned; pure types, no IO.
//!
//! The control connection is TCP on loopback, dialled by the node. Both sides send one JSON document a line (at most
//! [`MAX_LINE`] bytes). When it ends, the node exits.

pub mod bootstrap;
pub mod config;
pub mod headers;
pub mod lines;
mod message;

pub use bootstrap::Bootstrap;
pub use config::{
    CacheConfig, DatabaseConfig, Endpoint, EndpointState, GatewayConfig, Load, ModuleVersion, NodeConfig,
    PlannedOperation, ProgramConfig, RoleConfig, RunContext, ServiceConfig, Store, StoreProtocol, Upstream,
    UsersConfig,
};
pub use lines::LineCutter;
pub use message::{AppMessage, KeeperAct, NodeMessage, Noticed, NoticedBy};

/// The version of everything in this folder. It rises with every change of a message, of the configuration or of the
/// headers; a node that is told another one in its start-up line says so and ends.
pub const PROTOCOL: u32 = 2;

/// The environment variable that marks a keeper's program and all that it starts with the keeper's process id, so that
/// none of them outlives it.
pub const KEEPER: &str = "BROWNOUT_KEEPER";

/// The longest line on the control connection, in bytes.
pub const MAX_LINE: usize = 8 << 20;
