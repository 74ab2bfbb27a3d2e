//! What was drawn: the model of a preset, its edits with undo, its validation and its file format. Pure: no IO, no clock.

pub mod builtin;
pub mod calls;
pub mod cause;
pub mod choice;
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
mod ramp;
pub mod schema;
pub mod settings;
pub mod software;
mod text;
pub mod units;
pub mod validate;

pub use cause::Cause;
pub use graph::Topology;
pub use id::{BadId, GroupId, LifeId, LinkId, ModuleName, NodeId, NoteId, OperationId, Slot, Target};
pub use kind::RoleKind;
pub use lesson::{Analogy, Answer, Lesson, LessonStep, Measure, Until};
pub use marks::{Group, Marks, Note};
pub use modules::Modules;
pub use node::{
    Affinity, Arrivals, Cache, Engine, Gateway, Link, Node, Policy, Repoint, Restart, Role, Service, Sessions, Users,
};
pub use preset::{Act, Expectation, Preset, RunSettings, ScenarioStep, Window};
pub use problem::{Place, Problem, Severity};
pub use software::{Module, Operation, SessionStep, Step};
pub use units::{BadUnit, Bytes, Period, Rate};
