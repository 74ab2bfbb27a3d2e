//! The catalogue of metrics: what an expectation can ask for, with units. How each is counted: `telemetry::books`,
//! `telemetry::outcome` and the report.

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The name in presets and reports.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it says, in one sentence without a full stop.
    pub says: &'static str,
    /// What `of` may name.
    pub of: Of,
    /// Whether `during` may name a window.
    pub windowed: bool,
}

/// What a metric is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Sessions.
    Sessions,
    /// Users.
    Users,
    /// Items in carts.
    Items,
    /// Log-ins.
    Logins,
    /// Rows of tables.
    Rows,
    /// Requests.
    Requests,
    /// Lives of processes.
    Lives,
    /// A share from 0 to 1.
    Share,
    /// Milliseconds.
    Millis,
    /// 1,048,576 bytes of memory.
    Mebibytes,
    /// Seconds.
    Seconds,
    /// Deploys.
    Deploys,
    /// Replicas, times for how many seconds.
    ReplicaSeconds,
}

impl Unit {
    /// The unit's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Users => "users",
            Self::Items => "items",
            Self::Logins => "log-ins",
            Self::Rows => "rows",
            Self::Requests => "requests",
            Self::Lives => "lives",
            Self::Share => "share, 0 to 1",
            Self::Millis => "ms",
            Self::Mebibytes => "MiB",
            Self::Seconds => "s",
            Self::Deploys => "deploys",
            Self::ReplicaSeconds => "replica seconds",
        }
    }
}

/// What the `of` of an expectation may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Nothing: the metric is of the whole run.
    Run,
    /// An operation, as in `cart.add`; without it, all together.
    Operation,
    /// A replica, as in `shop.4`, or a node, as in `shop`; required.
    Place,
    /// An audit, by its name; required.
    Audit,
}

const fn run(name: &'static str, unit: Unit, says: &'static str) -> Metric {
    Metric { name, unit, says, of: Of::Run, windowed: false }
}

const fn operation(name: &'static str, unit: Unit, says: &'static str) -> Metric {
    Metric { name, unit, says, of: Of::Operation, windowed: true }
}

const fn place(name: &'static str, unit: Unit, says: &'static str) -> Metric {
    Metric { name, unit, says, of: Of::Place, windowed: true }
}

/// Every metric that there is.
pub const METRICS: &[Metric] = &[
    run("sessions.started", Unit::Sessions, "Sessions whose creation was acknowledged to a user"),
    run("sessions.lost", Unit::Sessions, "Sessions that a user believed in and that were logged out or lost items"),
    run("sessions.logged_out", Unit::Sessions, "Lost sessions that the system no longer knew"),
    run("sessions.cart_lost", Unit::Sessions, "Lost sessions that the system knew, with fewer items than acknowledged"),
    run("sessions.duplicated", Unit::Sessions, "Sessions in which a user saw more items than were sent"),
    run("sessions.held_by_killed", Unit::Sessions, "Sessions that killed lives held and some user still believed in"),
    run("sessions.recovered", Unit::Sessions, "Sessions held by a dead life that were whole afterwards"),
    run("sessions.unverified", Unit::Sessions, "Sessions held by a dead life that no answer has shown lost or whole"),
    run("sessions.users_hurt", Unit::Users, "Users who lost a session at least once"),
    run("sessions.items_lost", Unit::Items, "Acknowledged items that were lost"),
    run("sessions.relogins", Unit::Logins, "Times that a user had to log in again"),
    run("sessions.lost.killed", Unit::Sessions, "Sessions lost with a life that was killed"),
    run("sessions.lost.terminated", Unit::Sessions, "Sessions lost with a life that was terminated"),
    run("sessions.lost.scaled_in", Unit::Sessions, "Sessions lost with a life that scaling in removed"),
    run("sessions.lost.deployed", Unit::Sessions, "Sessions lost with a life that made room for a new version"),
    run("sessions.lost.crashed", Unit::Sessions, "Sessions lost with a life that ended on its own"),
    run(
        "sessions.lost.misrouted",
        Unit::Sessions,
        "Sessions lost because a request reached a replica that does not hold them",
    ),
    run(
        "sessions.lost.holder_unreachable",
        Unit::Sessions,
        "Sessions lost because the life that holds them did not answer",
    ),
    run("sessions.lost.store_lost", Unit::Sessions, "Sessions lost with the store that kept them"),
    run("sessions.lost.expired", Unit::Sessions, "Sessions lost because nobody touched them for their time to live"),
    run("sessions.lost.unknown", Unit::Sessions, "Sessions lost for a reason that neither ledger tells"),
    run("sessions.lost_share", Unit::Share, "Lost sessions among those open at the first kill"),
    operation("requests.issued", Unit::Requests, "Requests that users began"),
    operation("requests.ok", Unit::Requests, "Requests answered with 2xx that passed the user's own check"),
    operation("requests.failed", Unit::Requests, "Requests that failed, timeouts not counted"),
    operation("requests.timed_out", Unit::Requests, "Requests without an answer in the user's time"),
    operation("requests.ok_ratio", Unit::Share, "Requests that were ok among those issued"),
    operation("requests.failed_idempotent", Unit::Requests, "Requests that only read, and failed or timed out"),
    run(
        "requests.unsent",
        Unit::Requests,
        "Arrivals of an open loop that were not sent: too many waited for a free user",
    ),
    operation("latency.p50_ms", Unit::Millis, "Half of the requests were answered within this time"),
    Metric {
        windowed: false,
        ..operation("latency.p95_ms", Unit::Millis, "95 of 100 requests were answered within this time")
    },
    operation("latency.p99_ms", Unit::Millis, "99 of 100 requests were answered within this time"),
    Metric { windowed: false, ..operation("latency.max_ms", Unit::Millis, "The longest time until an answer") },
    place("replicas.requests", Unit::Requests, "Requests that reached the replica, or all replicas of the node"),
    place("replicas.request_share", Unit::Share, "What part of the requests to its node reached the replica"),
    Metric {
        of: Of::Audit,
        ..run("audit.unmatched", Unit::Rows, "Rows of the audit's table that had no partner when all had settled")
    },
    Metric { of: Of::Audit, ..run("audit.rows", Unit::Rows, "Rows of the audit's table when all had settled") },
    Metric {
        windowed: false,
        ..place(
            "replicas.memory_mib",
            Unit::Mebibytes,
            "Memory of the replica, or of all replicas of the node (proportional set size), when last measured",
        )
    },
    run("replicas.restarted", Unit::Lives, "Lives begun beyond the first of each slot"),
    run("deploys.done", Unit::Deploys, "Deploys and roll backs after which every replica ran the wanted version"),
    run("deploys.stuck", Unit::Deploys, "Deploys whose new version crashed on start"),
    run("deploys.rolled_back", Unit::Deploys, "Deploys that went back to the version before"),
    run("deploys.took_s", Unit::Seconds, "The longest time that a deploy took, whatever became of it"),
    run("deploys.requests_failed", Unit::Requests, "Requests that failed or timed out while a deploy went on"),
    run(
        "deploys.capacity_lost_replica_s",
        Unit::ReplicaSeconds,
        "Replicas that took no requests while a deploy went on, times for how long",
    ),
    run(
        "discovery.lag_p95_ms",
        Unit::Millis,
        "Within this time consumers acted on 95 of 100 replicas that came or went",
    ),
];

/// The metric of that name.
pub fn by_name(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}
