//! Reads what a preset is made of: head, run, modules, nodes, links, scenario, expectations.

use toml_edit::TableLike;

use super::reader::{Entry, Reader, join, value_of};
use super::steps;
use crate::topology::field::{
    AUDIT, CACHE, DATABASE, DEPLOY, EXPECT, Field, GATEWAY, HEAD, MODULE, OPERATION, PROGRAM, RUN, SCENARIO, SERVICE,
    USERS,
};
use crate::topology::{
    Act, Audit, Cache, Database, Deploy, Expectation, Gateway, Link, Module, ModuleName, Node, NodeId, Operation,
    Preset, Program, Role, ScenarioStep, Service, Target, Topology, Users,
};

/// The keys that hold tables, in the order of a fresh file.
pub(crate) const TABLES: &[&str] =
    &["run", "module", "node", "link", "scenario", "expect", "audit", "lesson", "group", "note", "layout"];

/// The roles there are.
pub(crate) const ROLES: &[&str] = &["users", "gateway", "service", "cache", "database", "program"];

/// What a scenario step can do.
pub(crate) const ACTS: &[&str] =
    &["kill", "terminate", "pause", "resume", "restart", "set", "crash", "lose-data", "deploy", "roll-back"];

/// The keys of a table: those of its fields and others.
fn keys<T>(fields: &[Field<T>], others: &[&'static str]) -> Vec<&'static str> {
    others.iter().copied().chain(fields.iter().map(|field| field.info.key)).collect()
}

/// The fields after the first, which is required and read by itself.
fn but_first<T>(fields: &[Field<T>]) -> &[Field<T>] {
    fields.get(1..).unwrap_or_default()
}

impl Reader<'_> {
    /// Reads the whole document.
    pub(super) fn preset(&mut self, root: &dyn TableLike) -> Preset {
        let mut preset = Preset::default();
        let known: Vec<&str> = keys(HEAD, &["format"]).into_iter().chain(TABLES.iter().copied()).collect();
        self.known_keys(root, "", &known);
        self.fields(root, "", &mut preset, HEAD);
        if let Some(run) = self.table(root, "", "run") {
            self.part(&run, &mut preset.run, RUN, &[]);
        }
        preset.topology = self.topology(root);
        preset.scenario = self.list(root, "", "scenario", Self::scenario_step);
        preset.expect = self.list(root, "", "expect", Self::expectation);
        preset.audits = self.list(root, "", "audit", Self::audit);
        if let Some(lesson) = self.table(root, "", "lesson") {
            preset.lesson = self.lesson(&lesson);
        }
        preset.marks.groups = self.list(root, "", "group", Self::group);
        preset.marks.notes = self.list(root, "", "note", Self::note);
        preset.layout = self.layout(root);
        preset
    }

    /// Reads the fields of a table and names the keys that are none.
    pub(super) fn part<T>(&mut self, entry: &Entry<'_>, owner: &mut T, fields: &[Field<T>], others: &[&'static str]) {
        self.known_keys(entry.table, &entry.path, &keys(fields, others));
        self.fields(entry.table, &entry.path, owner, fields);
    }

    /// Reads each table of a list; what cannot be understood is noted as dropped.
    pub(super) fn list<T>(
        &mut self,
        table: &dyn TableLike,
        path: &str,
        key: &str,
        read: fn(&mut Self, &Entry<'_>) -> Option<T>,
    ) -> Vec<T> {
        let mut items = Vec::new();
        for entry in self.tables(table, path, key) {
            match read(self, &entry) {
                Some(item) => items.push(item),
                None => {
                    self.dropped.insert(entry.path);
                }
            }
        }
        items
    }

    /// Modules, nodes and links. A second node of one id and a link that leads nowhere are left out, with a problem.
    fn topology(&mut self, root: &dyn TableLike) -> Topology {
        let mut topology = Topology::default();
        topology.modules = self.list(root, "", "module", Self::module).into();
        for entry in self.tables(root, "", "node") {
            let Some(node) = self.node(&entry) else {
                self.dropped.insert(entry.path);
                continue;
            };
            if let Err(node) = topology.add_node(node) {
                let message = format!("there are two nodes with the id {:?}", node.id.as_str());
                self.left_out(&entry.path, entry.span, message, "give this one another id", vec![node.id]);
            }
        }
        for entry in self.tables(root, "", "link") {
            let Some(link) = self.link(&entry) else {
                self.dropped.insert(entry.path);
                continue;
            };
            if let Err(link) = topology.add_link(link) {
                self.bad_link(&topology, &entry, &link);
            }
        }
        topology
    }

    fn bad_link(&mut self, topology: &Topology, entry: &Entry<'_>, link: &Link) {
        let missing = [("from", &link.from), ("to", &link.to)].into_iter().find(|(_, id)| topology.node(id).is_none());
        let id = link.id();
        let Some((key, node)) = missing else {
            let message = format!("the link {id} is there twice");
            self.left_out(
                &entry.path,
                entry.span.clone(),
                message,
                "remove one of them",
                vec![link.from.clone(), link.to.clone()],
            );
            return;
        };
        let advice = self.advice(node.as_str(), || topology.nodes().map(|node| node.id.as_str()).collect());
        let span = entry.table.get(key).and_then(|item| item.span()).or_else(|| entry.span.clone());
        let message = format!("the link {id} leads nowhere: there is no node {:?}", node.as_str());
        self.left_out(&entry.path, span, message, &advice, vec![link.from.clone(), link.to.clone()]);
    }

    fn module(&mut self, entry: &Entry<'_>) -> Option<Module> {
        let name = self.required::<ModuleName>(entry, "name");
        let mut module = Module {
            name: name.clone().unwrap_or_else(ModuleName::unnamed),
            memory: Default::default(),
            startup: Default::default(),
            contract: crate::topology::software::first_contract(),
            operations: Vec::new(),
        };
        self.part(entry, &mut module, MODULE, &["name", "operation"]);
        module.operations = self.list(entry.table, &entry.path, "operation", Self::operation);
        name.map(|_| module)
    }

    fn operation(&mut self, entry: &Entry<'_>) -> Option<Operation> {
        // Operations are named by the rule for modules.
        let name = self.required::<ModuleName>(entry, "name");
        let mut operation = Operation { name: String::new(), transaction: false, steps: Vec::new() };
        self.part(entry, &mut operation, OPERATION, &["name", "steps"]);
        operation.steps = self.list(entry.table, &entry.path, "steps", steps::step);
        Some(Operation { name: name?.to_string(), ..operation })
    }

    fn node(&mut self, entry: &Entry<'_>) -> Option<Node> {
        const OTHERS: &[&str] = &["id", "role"];
        let id = self.required::<NodeId>(entry, "id");
        let role = match self.required::<String>(entry, "role")?.as_str() {
            "users" => {
                let mut users = Users::default();
                self.part(entry, &mut users, USERS, OTHERS);
                Role::Users(users)
            }
            "gateway" => {
                let mut gateway = Gateway::default();
                self.part(entry, &mut gateway, GATEWAY, OTHERS);
                Role::Gateway(gateway)
            }
            "service" => {
                let mut service = Service::default();
                self.part(entry, &mut service, SERVICE, OTHERS);
                Role::Service(service)
            }
            "cache" => {
                let mut cache = Cache::default();
                self.part(entry, &mut cache, CACHE, OTHERS);
                Role::Cache(cache)
            }
            "database" => {
                let mut database = Database::default();
                self.part(entry, &mut database, DATABASE, OTHERS);
                Role::Database(database)
            }
            "program" => {
                let mut program = Program::default();
                self.part(entry, &mut program, PROGRAM, OTHERS);
                Role::Program(program)
            }
            other => {
                self.unknown_word(entry, "role", other, ROLES, &[]);
                return None;
            }
        };
        Some(Node { id: id?, role })
    }

    /// Says that a word is none of the known ones, or one that a later version will know.
    pub(super) fn unknown_word(&mut self, entry: &Entry<'_>, key: &str, word: &str, known: &[&str], later: &[&str]) {
        let span = entry.table.get(key).and_then(|item| item.span());
        let path = join(&entry.path, key);
        if later.contains(&word) {
            let message = format!("the {key} {word:?} is not known to this version of Brownout yet");
            self.unknown(&path, span, message, format!("there are {}", known.join(", ")));
        } else {
            let advice = self.advice(word, || known.to_vec());
            self.unknown(&path, span, format!("unknown {key} {word:?}"), advice);
        }
    }

    fn link(&mut self, entry: &Entry<'_>) -> Option<Link> {
        self.known_keys(entry.table, &entry.path, &["from", "to"]);
        let (from, to) = (self.required(entry, "from"), self.required(entry, "to"));
        Some(Link { from: from?, to: to? })
    }

    fn scenario_step(&mut self, entry: &Entry<'_>) -> Option<ScenarioStep> {
        let at = self.required(entry, "at");
        let on = self.required::<Target>(entry, "on");
        let word = self.required::<String>(entry, "do");
        let mut step = ScenarioStep {
            at: at.unwrap_or_default(),
            lasts: None,
            over: None,
            act: Act::Kill,
            on: on.clone().unwrap_or_else(|| Target::Node(NodeId::unnamed())),
        };
        self.known_keys(entry.table, &entry.path, &keys(SCENARIO, &["do", "on", "with"]));
        self.fields(entry.table, &entry.path, &mut step, but_first(SCENARIO));
        let with = self.table(entry.table, &entry.path, "with");
        step.act = match word?.as_str() {
            "kill" => Act::Kill,
            "terminate" => Act::Terminate,
            "pause" => Act::Pause,
            "resume" => Act::Resume,
            "restart" => Act::Restart,
            "crash" => Act::Crash,
            "lose-data" => Act::LoseData,
            "roll-back" => Act::RollBack,
            "deploy" => {
                let mut deploy = Deploy::default();
                if let Some(with) = &with {
                    self.part(with, &mut deploy, DEPLOY, &[]);
                }
                Act::Deploy(deploy)
            }
            "set" => {
                let Some(with) = with else {
                    let advice = "add with, as in with = { sessions = \"store\" }";
                    self.wrong(&entry.path, entry.span.clone(), "this set changes nothing", advice);
                    return None;
                };
                let text = |(key, item)| (String::from(key), value_of(item).to_string());
                Act::Set(with.table.iter().map(text).collect())
            }
            other => {
                self.unknown_word(entry, "do", other, ACTS, &[]);
                return None;
            }
        };
        if let (Some(with), false) = (entry.table.get("with"), matches!(step.act, Act::Set(_) | Act::Deploy(_))) {
            let message = format!("{} takes no parameters", step.act.name());
            self.wrong(&join(&entry.path, "with"), with.span(), message, "remove with; only set and deploy take it");
        }
        at.and(on).map(|_| step)
    }

    fn audit(&mut self, entry: &Entry<'_>) -> Option<Audit> {
        let name = self.required::<ModuleName>(entry, "name");
        let (each, has) = (self.required(entry, "each"), self.required(entry, "has"));
        let mut audit = Audit {
            name: name?,
            each: each?,
            has: has?,
            key: crate::topology::database::key_column(),
            says: String::new(),
        };
        self.part(entry, &mut audit, AUDIT, &["name"]);
        Some(audit)
    }

    fn expectation(&mut self, entry: &Entry<'_>) -> Option<Expectation> {
        let metric = self.required::<String>(entry, "metric");
        let mut expectation = Expectation {
            metric: String::new(),
            of: None,
            during: None,
            at_least: None,
            at_most: None,
            equals: None,
            says: String::new(),
        };
        self.known_keys(entry.table, &entry.path, &keys(EXPECT, &[]));
        self.fields(entry.table, &entry.path, &mut expectation, but_first(EXPECT));
        metric.map(|metric| Expectation { metric, ..expectation })
    }
}
