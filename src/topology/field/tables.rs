//! The tables: every setting of every part of a preset, in the order in which a fresh file has them.

use super::{Field, FieldValue, SettingInfo};
use crate::topology::database::{Audit, Database, DbStep};
use crate::topology::lesson::{Analogy, Answer, Lesson, LessonStep};
use crate::topology::marks::{Group, Note};
use crate::topology::node::{Cache, Gateway, Service, Users};
use crate::topology::preset::{Expectation, Preset, RunSettings, ScenarioStep};
use crate::topology::program::Program;
use crate::topology::release::Deploy;
use crate::topology::software::{Module, Operation, SagaStep, default_call_timeout};
use crate::topology::units::Period;

/// `key => member: type, what it does;` for each setting of a type.
macro_rules! fields {
    ($(#[$doc:meta])* $table:ident of $owner:ty { $($key:literal => $($member:ident).+: $type:ty, $explains:literal;)+ }) => {
        $(#[$doc])*
        pub(crate) static $table: &[Field<$owner>] = &[$(Field {
            info: SettingInfo { key: $key, kind: <$type as FieldValue>::KIND, explains: $explains },
            get: |owner| owner.$($member).+.to_value(),
            set: |owner, value| {
                owner.$($member).+ = FieldValue::from_value(value)?;
                Ok(())
            },
        }),+];
    };
}

fields! {
    /// The keys at the top of the file, after `format`.
    HEAD of Preset {
        "title" => title: String, "What the preset is called";
        "summary" => summary: String, "What it shows, in a sentence or two";
        "pinned" => marks.pinned: std::collections::BTreeSet<crate::topology::NodeId>, "Nodes that automatic layout leaves where they are";
    }
}

fields! {
    /// `[run]`.
    RUN of RunSettings {
        "duration" => duration: Period, "How long the scenario runs, from the first moment at which everything is ready";
        "seed" => seed: u64, "The seed of every random choice";
        "warmup" => warmup: Period, "How long after the start latencies are not yet counted in percentiles";
    }
}

fields! {
    /// `[[module]]`, beside its name and operations.
    MODULE of Module {
        "memory" => memory: crate::topology::Bytes, "Memory that every process hosting the module really touches";
        "startup" => startup: Period, "Time added to the start of every process that hosts the module";
        "contract" => contract: u32, "The version of what others can rely on: the operations and what they answer";
    }
}

fields! {
    /// An operation, beside its name and its steps.
    OPERATION of Operation {
        "transaction" => transaction: bool, "Whether all that it does to one database in its process is done together or not at all";
    }
}

fields! {
    /// What stands in `db`.
    DB of DbStep {
        "op" => op: crate::topology::DbOp, "What is done: insert, update, read or delete";
        "table" => table: crate::topology::TableName, "To which table";
        "key" => key: crate::topology::DbKey, "Which row: that of the request, the user, the item, or one for everybody";
    }
}

fields! {
    /// One of the calls of `saga`.
    SAGA_STEP of SagaStep {
        "call" => call: crate::topology::OperationId, "The operation that is asked for";
        "undo" => undo: Option<crate::topology::OperationId>, "The operation that undoes it";
    }
}

/// What may stand beside `call` in a step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Period,
    pub(crate) retries: u32,
    pub(crate) optional: bool,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout: default_call_timeout(), retries: 0, optional: false }
    }
}

fields! {
    /// The keys beside `call` in a step.
    CALL of CallOptions {
        "timeout" => timeout: Period, "How long to wait for the answer of one attempt";
        "retries" => retries: u32, "How many further attempts may follow when one fails";
        "optional" => optional: bool, "Whether the operation goes on, degraded, when the call fails";
    }
}

fields! {
    /// A node of role `users`.
    USERS of Users {
        "users" => users: u32, "How many virtual users";
        "think" => think: Period, "The mean time that a user thinks between an answer and the next request";
        "think_spread" => think_spread: f64, "How far thinking times spread: 0.5 means from 50 % to 150 % of the mean, evenly";
        "arrivals" => arrivals: crate::topology::Arrivals, "How often a request arrives, whatever became of the last one (open loop); without it, users think";
        "start" => start: Vec<crate::topology::OperationId>, "What a user does once, and again only when told that the session is unknown";
        "journey" => journey: Vec<crate::topology::OperationId>, "What a user does over and over";
        "timeout" => timeout: Period, "How long a user waits for an answer before giving up";
    }
}

fields! {
    /// A node of role `gateway`.
    GATEWAY of Gateway {
        "replicas" => replicas: u32, "How many gateway processes";
        "policy" => policy: crate::topology::Policy, "How a replica is chosen for a request that nothing ties to one";
        "affinity" => affinity: crate::topology::Affinity, "What ties a user's requests to one replica (sticky sessions)";
        "repoint" => repoint: crate::topology::Repoint, "Whether a tie to a replica that is gone is replaced";
        "timeout" => timeout: Period, "How long the gateway waits for a replica's answer";
        "retries" => retries: u32, "How many further attempts the gateway may make, on other replicas, where repeating is safe";
        "discovery" => discovery: crate::topology::Discovery, "How the gateway learns of replicas that come and go";
        "health_interval" => health_interval: Period, "The time between two health checks of a replica";
        "health_failures" => health_failures: u32, "How many failed health checks in a row take a replica out";
        "restart" => restart: crate::topology::Restart, "When a process that died is followed by the next";
    }
}

fields! {
    /// A node of role `service`.
    SERVICE of Service {
        "modules" => modules: Vec<crate::topology::ModuleName>, "The modules that every replica hosts";
        "replicas" => replicas: u32, "How many processes";
        "policy" => policy: crate::topology::Policy, "How a replica is chosen for each call to another service";
        "discovery" => discovery: crate::topology::Discovery, "How it learns of replicas of other services that come and go";
        "address" => address: crate::topology::Address, "Whether the next life of a replica listens where the last one did";
        "sessions" => sessions: crate::topology::Sessions, "Where sessions are kept: in the process, in the linked cache or database, or in a signed token";
        "session_ttl" => session_ttl: Period, "How long a session that nobody touches is kept";
        "concurrency" => concurrency: u32, "How many requests a replica works on at once; more wait in line";
        "backlog" => backlog: u32, "How many requests may wait in line; more are refused with 503";
        "drain" => drain: Period, "The longest time that a terminated replica finishes its requests before it exits";
        "restart" => restart: crate::topology::Restart, "When a process that died is followed by the next";
    }
}

fields! {
    /// A node of role `cache`.
    CACHE of Cache {
        "engine" => engine: crate::topology::Engine, "Which program keeps the data: Brownout's own, or an installed redis-server";
        "restart" => restart: crate::topology::Restart, "When a process that died is followed by the next";
    }
}

fields! {
    /// A node of role `database`.
    DATABASE of Database {
        "engine" => engine: crate::topology::DatabaseEngine, "Which program keeps the data: Brownout's own, or an installed PostgreSQL";
        "restart" => restart: crate::topology::Restart, "When a process that died is followed by the next";
    }
}

fields! {
    /// A node of role `program`.
    PROGRAM of Program {
        "command" => command: Vec<String>, "The program and its arguments, one each; {port} becomes the port";
        "modules" => modules: Vec<crate::topology::ModuleName>, "The modules that it serves over HTTP";
        "operations" => operations: Vec<crate::topology::OperationId>, "The operations of these modules that it knows; without any, all";
        "contract" => contract: u32, "The version of the modules' contract that it speaks";
        "ready" => ready: crate::topology::Readiness, "What tells that it takes requests: tcp, or the path of an HTTP request";
        "ready_within" => ready_within: Period, "How long it may take until it takes requests";
        "replicas" => replicas: u32, "How many processes";
        "install" => install: String, "What to do when the program is missing, as in apt install golang";
        "drain" => drain: Period, "The longest time that a terminated replica finishes its requests before it is killed";
        "restart" => restart: crate::topology::Restart, "When a process that died is followed by the next";
    }
}

fields! {
    /// What `deploy` takes in `with`.
    DEPLOY of Deploy {
        "strategy" => strategy: crate::topology::Strategy, "How the new version takes the place of the old";
        "bug" => bug: Option<crate::topology::Bug>, "What is wrong with the new version; without it, nothing";
    }
}

fields! {
    /// `[[audit]]`, beside its name.
    AUDIT of Audit {
        "each" => each: crate::topology::TablePath, "Every row of this table should have a partner";
        "has" => has: crate::topology::TablePath, "Where the partner is, a row of the same key";
        "key" => key: crate::topology::TableName, "The column that is compared";
        "says" => says: String, "What it means when every row has its partner, in words for people";
    }
}

fields! {
    /// `[[scenario]]`, beside `do`, `on` and `with`.
    SCENARIO of ScenarioStep {
        "at" => at: Period, "When, from the first moment at which everything is ready";
        "for" => lasts: Option<Period>, "How long it lasts, for what can be lifted (pause, set)";
        "over" => over: Option<Period>, "How long numbers take to get there, in even steps (set)";
    }
}

fields! {
    /// `[[expect]]`.
    EXPECT of Expectation {
        "metric" => metric: String, "What is measured: a name of the metrics catalogue, as in sessions.lost";
        "of" => of: Option<String>, "Of which operation, as in cart.add, replica, as in shop.2, or node; without it, of the whole run";
        "during" => during: Option<crate::topology::Window>, "In which window after the start, as in 10s..15s; without it, over the whole run";
        "at_least" => at_least: Option<f64>, "The value may not be lower";
        "at_most" => at_most: Option<f64>, "The value may not be higher";
        "equals" => equals: Option<f64>, "The value must be this";
        "says" => says: String, "What it means when it holds, in words for people";
    }
}

fields! {
    /// `[lesson]`, beside its analogy and its steps.
    LESSON of Lesson {
        "try" => attempt: String, "What to try";
        "watch" => watch: String, "What to watch";
        "why" => why: String, "Why it happens";
        "item" => item: String, "What one item of a cart is called, in the singular";
    }
}

fields! {
    /// `[lesson.analogy]`.
    ANALOGY of Analogy {
        "user" => user: String, "Another word for a user";
        "gateway" => gateway: String, "Another word for the gateway";
        "service" => service: String, "Another word for a service";
        "replica" => replica: String, "Another word for a replica";
        "session" => session: String, "Another word for a session";
        "store" => store: String, "Another word for the store";
        "item" => item: String, "Another word for an item of a cart";
        "kill" => kill: String, "Another word for killing";
    }
}

fields! {
    /// `[[lesson.step]]`, beside its choices.
    LESSON_STEP of LessonStep {
        "say" => say: String, "What is said";
        "do" => act: String, "What the learner is asked to do";
        "predict" => predict: String, "The question that the learner answers before doing it";
        "measure" => measure: crate::topology::Measure, "What the answer is compared with, counted from the step's beginning";
        "until" => until: Option<crate::topology::Until>, "What ends the doing; without it the learner presses Next";
        "after" => after: String, "What is explained once it happened, with blanks for what was measured";
        "analogy" => analogy: String, "The same as say, in the words of the analogy";
        "note" => note: String, "What only the teacher reads";
    }
}

fields! {
    /// One of `choices` of a lesson's step.
    ANSWER of Answer {
        "says" => says: String, "The answer in words";
        "at_least" => at_least: Option<u64>, "The answer is right when the number is not lower";
        "at_most" => at_most: Option<u64>, "The answer is right when the number is not higher";
        "equals" => equals: Option<u64>, "The answer is right when the number is this";
    }
}

fields! {
    /// `[[group]]`, beside its id.
    GROUP of Group {
        "title" => title: String, "What is written on the frame";
        "nodes" => nodes: std::collections::BTreeSet<crate::topology::NodeId>, "What is in it; a node is in at most one group";
    }
}

fields! {
    /// `[[note]]`, beside its id.
    NOTE of Note {
        "text" => text: String, "What it says";
        "at" => at: [f32; 2], "Where its upper left corner is, in points";
    }
}
