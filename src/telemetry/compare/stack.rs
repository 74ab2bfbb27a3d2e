//! Which languages and stores run together: read from the commands and engines of a drawing, and confirmed by the report
//! of a run.

use std::path::Path;

use crate::telemetry::report::{NodeReport, Report};
use crate::topology::{DatabaseEngine, Engine, Node, Preset, Program, Role, Topology, builtin, format};

use super::form::Stack;
use super::trial::bare;

/// The built-in preset whose parts are in several languages.
pub const POLYGLOT: &str = "polyglot";
/// How long it is run, in seconds.
const LENGTH: u64 = 8;

/// What Brownout's own processes are written in.
const OWN_LANGUAGE: &str = "Rust";

/// What programs are written in, by the ending of a file that their command names.
const LANGUAGES: &[(&str, &str)] = &[
    ("py", "Python"),
    ("go", "Go"),
    ("js", "JavaScript"),
    ("mjs", "JavaScript"),
    ("ts", "TypeScript"),
    ("rb", "Ruby"),
    ("php", "PHP"),
    ("pl", "Perl"),
    ("jar", "Java"),
    ("java", "Java"),
    ("ex", "Elixir"),
    ("lua", "Lua"),
    ("sh", "shell"),
];

/// What one node brings along.
enum Brings {
    Language(String),
    Store(String),
    Nothing,
}

/// The preset that shows several languages together, for as long as a look takes and with nothing that happens to it.
/// `None` would mean that a built-in preset cannot be read.
pub fn polyglot() -> Option<Preset> {
    let document = format::read(builtin::by_name(POLYGLOT)?.text).ok()?;
    Some(bare(&document.into_preset(), LENGTH))
}

impl Stack {
    /// What a drawing would run together, and why it was not run.
    pub(super) fn drawn(system: &str, topology: &Topology, why_not: &str) -> Self {
        Self { why_not_run: Some(why_not.to_owned()), ..Self::of(system, topology, |_| true) }
    }

    /// What a run of a preset had running together.
    pub(super) fn ran(system: &str, preset: &Preset, report: &Report) -> Self {
        let at_work =
            |node: &Node| report.nodes.iter().any(|it| *it.id == *node.id.to_string() && was_at_work(node, it));
        Self::of(system, &preset.topology, at_work)
    }

    fn of(system: &str, topology: &Topology, counts: impl Fn(&Node) -> bool) -> Self {
        let (mut languages, mut stores) = (Vec::new(), Vec::new());
        for node in topology.nodes().filter(|node| counts(node)) {
            let (list, name) = match brings(topology, node) {
                Brings::Language(name) => (&mut languages, name),
                Brings::Store(name) => (&mut stores, name),
                Brings::Nothing => continue,
            };
            if !list.contains(&name) {
                list.push(name);
            }
        }
        Self { system: system.to_owned(), languages, stores, why_not_run: None }
    }
}

/// Whether a node's processes did something. A program's process is its keeper's: that it was there says nothing.
fn was_at_work(node: &Node, report: &NodeReport) -> bool {
    let is_program = node.program().is_some();
    report.replicas.iter().any(|replica| replica.pid.is_some() && (!is_program || replica.requests > 0))
}

fn brings(topology: &Topology, node: &Node) -> Brings {
    match &node.role {
        Role::Users(_) => Brings::Nothing,
        Role::Gateway(_) | Role::Service(_) => Brings::Language(OWN_LANGUAGE.to_owned()),
        Role::Cache(cache) => Brings::Store(match cache.engine {
            Engine::Builtin => "built-in cache".to_owned(),
            Engine::Redis => "Redis".to_owned(),
        }),
        Role::Database(database) => Brings::Store(match database.engine {
            DatabaseEngine::Builtin => "built-in database (SQLite)".to_owned(),
            DatabaseEngine::Postgres => "PostgreSQL".to_owned(),
        }),
        // Who serves no module and asks nobody keeps what others bring.
        Role::Program(program) if program.modules.is_empty() && topology.downstream(&node.id).is_empty() => {
            Brings::Store(executable(program))
        }
        Role::Program(program) => Brings::Language(language(program)),
    }
}

/// The language of the first file with a known ending, else the executable's name.
fn language(program: &Program) -> String {
    let ending = |part: &String| Path::new(part).extension()?.to_str().map(str::to_owned);
    let known =
        |ending: String| LANGUAGES.iter().find(|(known, _)| *known == ending).map(|(_, name)| (*name).to_owned());
    program.command.iter().filter_map(ending).find_map(known).unwrap_or_else(|| executable(program))
}

fn executable(program: &Program) -> String {
    let name = program.command.first().and_then(|command| Path::new(command).file_name());
    name.map_or_else(|| "a program".to_owned(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        serde_json::from_str(include_str!("tally/report.json")).unwrap()
    }

    #[test]
    fn languages_and_stores_are_read_from_commands_and_engines() {
        let mut polyglot = polyglot().unwrap();
        let drawn = |preset: &Preset| Stack::drawn("polyglot", &preset.topology, "nobody allowed it");
        let stack = drawn(&polyglot);
        assert_eq!(stack.languages, ["Rust", "Python", "Go"]);
        assert_eq!(stack.stores, ["built-in cache", "PostgreSQL", "victoria-metrics"]);
        assert!(stack.sentence().contains("nobody allowed it"), "{}", stack.sentence());
        if let Some(Role::Program(accounts)) = polyglot.topology.role_mut(&"accounts".parse().unwrap()) {
            accounts.command = vec!["/opt/accounts".to_owned()];
        }
        if let Some(Role::Database(database)) = polyglot.topology.role_mut(&"accounts-db".parse().unwrap()) {
            database.engine = DatabaseEngine::Builtin;
        }
        let stack = drawn(&polyglot);
        assert_eq!(stack.languages, ["Rust", "accounts", "Go"]);
        assert_eq!(stack.stores[1], "built-in database (SQLite)");
    }

    #[test]
    fn a_program_that_answered_nothing_did_not_run_together_with_the_others() {
        let (polyglot, mut report) = (polyglot().unwrap(), report());
        let node = |id: &str, requests: u64| NodeReport {
            id: id.to_owned(),
            role: String::new(),
            replicas: vec![crate::telemetry::report::ReplicaReport {
                slot: format!("{id}.1"),
                lives: 1,
                pid: Some(4_000),
                requests,
                pss_kib: 1,
            }],
        };
        report.nodes = vec![node("shop", 9), node("accounts", 3), node("accounts-db", 0), node("analytics", 0)];
        let stack = Stack::ran("polyglot", &polyglot, &report);
        assert_eq!((stack.languages, stack.stores), (vec!["Rust".into(), "Python".into()], vec!["PostgreSQL".into()]));
    }
}
