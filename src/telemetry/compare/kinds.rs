//! The figures that there are, in the order of the textbook's table: what each is counted in, how it is measured, which
//! way is better, and how much of a difference is chance.

use super::form::Better;

/// One figure of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kind {
    /// The row it belongs to.
    pub row: &'static str,
    /// What is measured.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// How it is measured.
    pub measured_as: &'static str,
    /// Whether it only stands for what the row is about.
    pub proxy: bool,
    /// Which of two values is the better one.
    wanted: Wanted,
    /// Two values are the same if they differ by no more than this …
    chance: f64,
    /// … or by no more than this share of the larger one.
    chance_share: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Less,
    More,
}

impl Kind {
    const fn less(row: &'static str, name: &'static str, unit: &'static str, measured_as: &'static str) -> Self {
        Self { row, name, unit, measured_as, proxy: false, wanted: Wanted::Less, chance: 0.0, chance_share: 0.0 }
    }

    const fn more(row: &'static str, name: &'static str, unit: &'static str, measured_as: &'static str) -> Self {
        Self { wanted: Wanted::More, ..Self::less(row, name, unit, measured_as) }
    }

    const fn proxy(self) -> Self {
        Self { proxy: true, ..self }
    }

    /// Values that differ by less, in the figure's unit or as a share of the larger one, are the same.
    const fn chance(self, chance: f64, chance_share: f64) -> Self {
        Self { chance, chance_share, ..self }
    }

    /// Which of two values is better.
    pub fn better(&self, a: f64, b: f64) -> Better {
        let differ = (a - b).abs();
        if differ <= self.chance || differ <= self.chance_share * a.abs().max(b.abs()) {
            return Better::Same;
        }
        if (a < b) == (self.wanted == Wanted::Less) { Better::A } else { Better::B }
    }
}

/// The rows, in order.
pub const ROWS: &[&str] = &[DEVELOPMENT, DEPLOYMENT, SCALABILITY, TOLERANCE, TECHNOLOGY, COMPLEXITY];

const DEVELOPMENT: &str = "Initial development";
const DEPLOYMENT: &str = "Deployment";
const SCALABILITY: &str = "Scalability";
const TOLERANCE: &str = "Fault tolerance";
const TECHNOLOGY: &str = "Technology stack";
const COMPLEXITY: &str = "Complexity";

/// What is said of figures about a module whose language changes.
const ANEW: &str = "of the node that hosts accounts, when accounts changes its language: one process is one program. \
                    Counted in the drawing";

/// What is said of figures that are read from the drawing.
const COUNTED: &str = "counted in the drawing: a count of moving parts, not a measurement of people";

pub(super) const PROCESSES: Kind = Kind::less(DEVELOPMENT, "processes to start", "processes", COUNTED).proxy();
pub(super) const LINKS: Kind = Kind::less(DEVELOPMENT, "links to draw", "links", COUNTED).proxy();
pub(super) const STORES: Kind = Kind::less(DEVELOPMENT, "stores to look after", "stores", COUNTED).proxy();
pub(super) const SETTINGS: Kind = Kind::less(
    DEVELOPMENT,
    "settings to choose",
    "settings",
    "counted in the drawing: settings that are not what a new node has; a count of moving parts, not a measurement of \
     people",
)
.proxy();
pub(super) const FIRST_SERVED: Kind = Kind::less(
    DEVELOPMENT,
    "from Run to the first served request",
    "ms",
    "from the command to run to the first request that was ok, as users tell five times a second; median of all runs",
)
.chance(200.0, 0.05);

pub(super) const DEPLOY_TOOK: Kind = Kind::less(
    DEPLOYMENT,
    "time to deploy a change to orders",
    "s",
    "from the command until every replica of what hosts orders is of the new version (rolling)",
)
.chance(0.3, 0.1);
pub(super) const DEPLOY_FAILED: Kind = Kind::less(
    DEPLOYMENT,
    "requests failed meanwhile",
    "requests",
    "requests of all users that failed or timed out while that deploy went on",
)
.chance(2.0, 0.0);
pub(super) const REPLACED: Kind = Kind::less(
    DEPLOYMENT,
    "modules replaced with orders",
    "modules",
    "modules in the processes that the deploy replaces, orders itself included",
);
pub(super) const STOPPED_BY_BUG: Kind = Kind::less(
    DEPLOYMENT,
    "operations that fail after a buggy deploy of recommendations",
    "share, 0 to 1",
    "operations of which fewer than 9 in 10 requests were ok, among those asked for from 4 s to 7 s after the deploy began; \
     the new version crashes at its third request",
)
.chance(0.01, 0.0);

pub(super) const EXTRA_PROCESSES: Kind = Kind::less(
    SCALABILITY,
    "extra processes for 4 × video",
    "processes",
    "50 videos a second are wanted, a process serves 20; then four times as many processes of whatever hosts video",
);
pub(super) const EXTRA_MEMORY: Kind = Kind::less(
    SCALABILITY,
    "extra memory for 4 × video",
    "MiB",
    "memory of the added processes (proportional set size), at the end of that run",
)
.chance(0.0, 0.05);
pub(super) const GAINED_PER_MEMORY: Kind = Kind::more(
    SCALABILITY,
    "videos gained per extra MiB",
    "videos/s per MiB",
    "videos served in a second afterwards, less those before, for each MiB of the added processes",
)
.chance(0.0, 0.1);
pub(super) const OTHERS_SERVED: Kind = Kind::more(
    SCALABILITY,
    "everything else served in the rush",
    "share, 0 to 1",
    "requests for anything but video that were ok among those issued, before there are more processes",
)
.chance(0.02, 0.0);
pub(super) const OTHERS_P99: Kind = Kind::less(
    SCALABILITY,
    "p99 of everything else in the rush",
    "ms",
    "highest 99th percentile of any operation but video, before there are more processes",
)
.chance(5.0, 0.2);

pub(super) const SERVED_WITHOUT_MINOR: Kind = Kind::more(
    TOLERANCE,
    "operations served while recommendations is down",
    "share, 0 to 1",
    "operations of which 9 in 10 requests were ok, among those asked for from 1 s to 4 s after the crash",
)
.chance(0.01, 0.0);
pub(super) const SERVED_WITHOUT_VITAL: Kind = Kind::more(
    TOLERANCE,
    "operations served while payments is down",
    "share, 0 to 1",
    "operations of which 9 in 10 requests were ok, among those asked for from 1 s to 4 s after the crash",
)
.chance(0.01, 0.0);
pub(super) const FAILED_IN_CRASHES: Kind = Kind::less(
    TOLERANCE,
    "requests failed in both crashes",
    "requests",
    "requests that failed or timed out in the run with both crashes",
)
.chance(2.0, 0.1);
pub(super) const BACK_AFTER: Kind = Kind::less(
    TOLERANCE,
    "time to recover",
    "ms",
    "from the crash to the moment at which the next process takes requests, the 4 s before it is started included; mean \
     of both crashes",
)
.chance(150.0, 0.0);

pub(super) const LANGUAGES_TOGETHER: Kind = Kind::more(
    TECHNOLOGY,
    "languages running together",
    "languages",
    "languages of the processes that ran: Brownout's own services are in Rust, a program's language is read from its \
     command. polyglot shows what several take",
);
pub(super) const STORES_TOGETHER: Kind = Kind::more(
    TECHNOLOGY,
    "makes of stores running together",
    "makes",
    "makes of the caches and databases that ran, and of programs that others keep their data in",
);
pub(super) const MOVES_ALONG: Kind = Kind::less(
    TECHNOLOGY,
    "modules to write anew when accounts changes its language",
    "modules",
    "modules in the process of accounts, itself included: one process is one program. Counted in the drawing",
)
.proxy();
pub(super) const OPERATIONS_ANEW: Kind =
    Kind::less(TECHNOLOGY, "operations to write anew with it", "operations", ANEW).proxy();
pub(super) const LINKS_ANEW: Kind =
    Kind::less(TECHNOLOGY, "links that the new program must keep up", "links", ANEW).proxy();
pub(super) const NODES_ANEW: Kind = Kind::less(
    TECHNOLOGY,
    "nodes that meet the new program",
    "nodes",
    "the node that is written anew and those that it is linked to. Counted in the drawing",
)
.proxy();
pub(super) const REPLICAS_ANEW: Kind = Kind::less(TECHNOLOGY, "replicas to restart for it", "replicas", ANEW).proxy();
pub(super) const STORE_KINDS: Kind = Kind::more(
    TECHNOLOGY,
    "stores that could each be of another make",
    "stores",
    "caches and databases of their own, counted in the drawing; polyglot shows what running several takes",
)
.proxy();
pub(super) const LANGUAGES: Kind = Kind::more(
    TECHNOLOGY,
    "languages that could run together",
    "processes",
    "nodes that host modules, each of which could be a program in another language. Counted in the drawing; polyglot \
     shows what running several takes",
)
.proxy();

pub(super) const HOPS: Kind = Kind::less(
    COMPLEXITY,
    "hops of a checkout",
    "requests over links",
    "requests over all links for each request of a user, in a run in which users log in once and then only check out",
)
.chance(0.2, 0.0);
pub(super) const CHECKOUT_P50: Kind =
    Kind::less(COMPLEXITY, "p50 of a checkout", "ms", "median in that run, the first second left out")
        .chance(1.0, 0.05);
pub(super) const CHECKOUT_P99: Kind =
    Kind::less(COMPLEXITY, "p99 of a checkout", "ms", "99th percentile in that run, the first second left out")
        .chance(10.0, 0.5);

pub(super) const SERIALISED: Kind = Kind::less(
    COMPLEXITY,
    "serialised bytes of a checkout",
    "bytes",
    "bytes of requests and answers, heads and bodies, of every call between processes that checkouts led to, for each \
     checkout; counted at the connections of those who call, in the same run. What users send is not in it, nor is what \
     caches and databases are told",
)
.chance(0.0, 0.02);

pub(super) const DISCOVERY_LAG: Kind = Kind::less(
    COMPLEXITY,
    "discovery lag",
    "ms",
    "median time from a replica's coming or going until those who send to it act on it; median of all runs",
)
.chance(100.0, 0.0);
pub(super) const INCONSISTENT: Kind = Kind::less(
    COMPLEXITY,
    "inconsistent orders after crashes",
    "rows",
    "charges without their order, read in the databases after everything has settled",
);

/// Every figure, row by row.
pub const KINDS: &[&Kind] = &[
    &PROCESSES,
    &LINKS,
    &STORES,
    &SETTINGS,
    &FIRST_SERVED,
    &DEPLOY_TOOK,
    &DEPLOY_FAILED,
    &REPLACED,
    &STOPPED_BY_BUG,
    &EXTRA_PROCESSES,
    &EXTRA_MEMORY,
    &GAINED_PER_MEMORY,
    &OTHERS_SERVED,
    &OTHERS_P99,
    &SERVED_WITHOUT_MINOR,
    &SERVED_WITHOUT_VITAL,
    &FAILED_IN_CRASHES,
    &BACK_AFTER,
    &LANGUAGES_TOGETHER,
    &STORES_TOGETHER,
    &LANGUAGES,
    &STORE_KINDS,
    &MOVES_ALONG,
    &OPERATIONS_ANEW,
    &NODES_ANEW,
    &LINKS_ANEW,
    &REPLICAS_ANEW,
    &HOPS,
    &CHECKOUT_P50,
    &CHECKOUT_P99,
    &SERIALISED,
    &DISCOVERY_LAG,
    &INCONSISTENT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_no_difference() {
        assert_eq!(BACK_AFTER.better(4_300.0, 4_400.0), Better::Same);
        assert_eq!(BACK_AFTER.better(4_300.0, 6_000.0), Better::A);
        assert_eq!(SERVED_WITHOUT_MINOR.better(0.0, 0.86), Better::B);
        assert_eq!(PROCESSES.better(3.0, 10.0), Better::A);
        assert_eq!(STORES.better(1.0, 1.0), Better::Same);
    }

    #[test]
    fn figures_are_named_once_and_stand_row_by_row() {
        let mut rows: Vec<&str> = KINDS.iter().map(|kind| kind.row).collect();
        rows.dedup();
        assert!(
            rows.iter().all(|row| ROWS.contains(row))
                && rows.is_sorted_by_key(|row| ROWS.iter().position(|r| r == row))
        );
        let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len());
    }
}
