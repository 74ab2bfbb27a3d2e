//! What a problem comes from, where an edit could mend it: the same as its message, for the program to read.

use super::id::{LinkId, ModuleName, NodeId, OperationId, Slot};

/// What is wrong, with what it is about. Nodes by id, entries of lists by their position in the preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Nobody sends requests.
    NoUsers,
    /// Nothing can be asked of the system.
    NoModules,
    /// These users have nothing to do.
    NoJourney(NodeId),
    /// These users touch sessions, and nothing that they ask for creates one.
    NoLogin(NodeId),
    /// Requests have no way from a node to the service that hosts what they ask for.
    NoWay {
        /// The node that sends them.
        from: NodeId,
        /// The service that hosts the module.
        to: NodeId,
    },
    /// No service hosts these modules.
    NotHosted {
        /// The modules.
        modules: Vec<ModuleName>,
        /// The nodes that send requests to them.
        needed_by: Vec<NodeId>,
    },
    /// Two services host a module, or one names it twice.
    HostedTwice {
        /// The module.
        module: ModuleName,
        /// The service that names it first.
        first: NodeId,
        /// The one that names it again.
        second: NodeId,
    },
    /// A service hosts nothing.
    HostsNothing(NodeId),
    /// A service names a module that is not there.
    UnknownModule {
        /// The service.
        node: NodeId,
        /// What it names.
        module: ModuleName,
    },
    /// Users ask for an operation that is not there.
    UnknownOperation(OperationId),
    /// A gateway leads to no service.
    LeadsNowhere(NodeId),
    /// A service keeps its sessions in a store, and none is linked.
    NoStore(NodeId),
    /// A service does something to a database, and none is linked.
    NoDatabase(NodeId),
    /// One journey needs the same session in services that do not share one.
    SessionsApart(Vec<NodeId>),
    /// Nodes of these roles cannot be linked, or a node is linked to itself.
    CannotLink(LinkId),
    /// A program is not what its callers over this link take it for.
    DoesNotFit(LinkId),
    /// A number or time that is not allowed, in a setting of the node that the problem's path names.
    OutOfBounds {
        /// The setting.
        key: &'static str,
        /// The nearest value that is allowed, as `--set` takes it.
        nearest: String,
    },
    /// A call that does more than read is repeated.
    MayRunTwice {
        /// The module, by position.
        module: usize,
        /// Its operation.
        operation: usize,
        /// The operation's step.
        step: usize,
    },
    /// A step of the scenario points at what is not there, or does what cannot be done.
    BadStep(usize),
    /// A step of the scenario comes when the run is over.
    TooLate(usize),
    /// A replica is named that the node does not have.
    NoReplica(Slot),
    /// An expectation of what is not there or not measured.
    BadExpectation(usize),
    /// The layout has a place for what is no node.
    StalePlace(NodeId),
    /// What is no node is pinned, or in a group.
    StaleMark(NodeId),
    /// A node is in two groups.
    InTwoGroups(NodeId),
    /// A group has nothing in it.
    EmptyGroup,
    /// An entry of the file could not be taken into the drawing; it names these nodes, some of which may not be there.
    LeftOut(Vec<NodeId>),
}
