//! What the software does: modules, their operations, and the steps of an operation. Nothing here says where it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::database::{DbOp, DbStep};
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
    /// The version of what others can rely on: the operations and what they answer.
    #[serde(default = "first_contract")]
    pub contract: u32,
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
    /// Whether all that the operation, and what it calls in the same process, does to one database is done together or
    /// not at all.
    #[serde(default)]
    pub transaction: bool,
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
    /// One statement on the database that is linked to the node.
    Db {
        /// Which.
        db: DbStep,
    },
    /// Calls that are done all or not at all, without a transaction: when one fails for good, those before it are
    /// undone. Its log is in the linked database, so that any replica goes on with it after a crash.
    Saga {
        /// The calls, in order.
        saga: Vec<SagaStep>,
        /// How long to wait for the answer of one attempt.
        #[serde(default = "default_call_timeout")]
        timeout: Period,
    },
}

/// One call of a saga.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SagaStep {
    /// The operation that is asked for.
    pub call: OperationId,
    /// The operation that undoes it (compensation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<OperationId>,
}

impl Step {
    /// The operations that the step asks for, those that undo others included.
    pub fn calls(&self) -> Vec<&OperationId> {
        match self {
            Self::Call { call, .. } => vec![call],
            Self::Saga { saga, .. } => {
                saga.iter().flat_map(|step| [Some(&step.call), step.undo.as_ref()]).flatten().collect()
            }
            Self::Cpu { .. } | Self::Wait { .. } | Self::Session { .. } | Self::Db { .. } => Vec::new(),
        }
    }

    /// Whether the step itself needs a database beside its process.
    pub const fn needs_database(&self) -> bool {
        matches!(self, Self::Db { .. } | Self::Saga { .. })
    }

    /// Whether the step itself, whatever it calls, changes nothing that outlives the request.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Cpu { .. } | Self::Wait { .. } | Self::Call { .. } => true,
            Self::Session { session } => session.only_reads(),
            Self::Db { db } => DbOp::only_reads(db.op),
            Self::Saga { .. } => false,
        }
    }
}

/// The contract of a module whose preset names none.
pub const fn first_contract() -> u32 {
    1
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
