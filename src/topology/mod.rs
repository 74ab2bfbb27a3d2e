//! What was drawn: the model of a preset, its edits with undo, its validation and its file format. Pure: no IO, no clock.

pub mod blast;
pub mod builtin;
pub mod calls;
pub mod cause;
pub mod choice;
pub mod contract;
pub mod database;
pub mod discovery;
pub mod edit;
pub mod field;
pub mod format;
pub mod graph;
pub mod id;
pub mod kind;
pub mod lesson;
pub mod marks;
pub mod metrics;
pub mod modules;
mod near;
pub mod node;
pub mod preset;
pub mod problem;
pub mod program;
mod ramp;
pub mod release;
pub mod schema;
pub mod settings;
pub mod software;
mod text;
pub mod units;
pub mod validate;
mod walk;
mod wiring;

pub use cause::Cause;
pub use database::{Audit, Database, DatabaseEngine, DbKey, DbOp, DbStep, TableName, TablePath};
pub use discovery::Discovery;
pub use graph::Topology;
pub use id::{BadId, GroupId, LifeId, LinkId, ModuleName, NodeId, NoteId, OperationId, Slot, Target};
pub use kind::RoleKind;
pub use lesson::{Analogy, Answer, Lesson, LessonStep, Measure, Until};
pub use marks::{Group, Marks, Note};
pub use modules::Modules;
pub use node::{
    Address, Affinity, Arrivals, Cache, Engine, Gateway, Link, Node, Policy, Repoint, Restart, Role, Service, Sessions,
    Users,
};
pub use preset::{Act, Expectation, Preset, RunSettings, ScenarioStep, Window};
pub use problem::{Place, Problem, Severity};
pub use program::{Program, Readiness};
pub use release::{Bug, Deploy, Strategy};
pub use software::{Module, Operation, SagaStep, SessionStep, Step};
pub use units::{BadUnit, Bytes, Period, Rate};
