//! The one line that a node reads from its standard input before anything else: where to dial, and with what secret.
//! Never in arguments or environment, which other users of the machine can read.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::topology::LifeId;

/// What a node needs to find its app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// The version of the protocol that the app speaks.
    pub protocol: u32,
    /// Where the app listens for control connections.
    pub control: SocketAddr,
    /// The run's secret.
    pub token: String,
    /// Which life this process is.
    pub life: LifeId,
    /// The app's process id. A node whose parent is another process was orphaned before it could ask to be told, and
    /// exits. 0 where the app is no parent (another engine).
    pub parent_pid: u32,
}
