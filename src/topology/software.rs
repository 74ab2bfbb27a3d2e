//! What the software does: modules, their operations, and the steps of an operation. Nothing here says where it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{ModuleName, OperationId};
use super::units::{Bytes, Period};

/// A business capability with its operations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// The module's name, unique in the preset.
    pub name: ModuleName,
    /// Memory that every process hosting the module really touches.
    #[serde(default)]
    pub memory: Bytes,
    /// Time added to the start of every process that hosts the module.
    #[serde(default)]
    pub startup: Period,
    /// What the module can be asked to do.
    #[serde(rename = "operation", default)]
    pub operations: Vec<Operation>,
}

/// One thing that a module can be asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The operation's name, unique in its module.
    pub name: String,
    /// What happens, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One step of an operation: exactly one kind of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Step {
    /// Burns CPU time of the process's thread, in slices of at most 1 ms.
    Cpu {
        /// How much thread CPU time.
        cpu: Period,
    },
    /// Waits without using the CPU, as for a disk or a partner.
    Wait {
        /// How long.
        wait: Period,
    },
    /// Touches the user's session.
    Session {
        /// What is done to it.
        session: SessionStep,
    },
    /// Asks another module: a function call in the same process, HTTP anywhere else.
    Call {
        /// The operation that is asked for.
        call: OperationId,
        /// How long to wait for the answer of one attempt.
        #[serde(default = "default_call_timeout")]
        timeout: Period,
        /// How many further attempts after the first may follow when one fails.
        #[serde(default)]
        retries: u32,
        /// Whether the operation goes on, degraded, when the call fails.
        #[serde(default)]
        optional: bool,
    },
}

/// The time limit of a call whose preset names none.
pub const fn default_call_timeout() -> Period {
    Period::secs(1)
}

/// What a step does to the user's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SessionStep {
    /// Starts a session for the user who asks.
    Create,
    /// Puts the item that the request carries into the session; twice is once.
    Append,
    /// Reads the session's items into the answer.
    Read,
    /// Takes all items out of the session, which stays.
    Clear,
    /// Ends the session.
    End,
}

impl SessionStep {
    /// Whether the step leaves the session as it was.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }
}
