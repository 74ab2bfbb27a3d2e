//! The control plane under a seeded simulation: thousands of runs with random edits, faults and crashes, whose events
//! come late, out of order, twice or not at all. `BROWNOUT_SEED=n` runs one seed again,
//! `BROWNOUT_SEEDS=n` that many.

mod users;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use brownout::control::snapshot::{LifeState, Phase};
use brownout::control::{Cluster, Command, Effect, EndpointState, Event, Input, Pace, Plan, View};
use brownout::telemetry::report::Report;
use brownout::topology::{
    Act, Address, Bug, Cache, Deploy, Gateway, LifeId, Link, Node, Period, Preset, Restart, Role, Service, Sessions,
};
use brownout::topology::{Slot, Strategy, Target, Topology, Users};
use rand::RngExt;
use world::World;

const SEEDS: u64 = 2_000;
const STEPS: u32 = 150;

#[test]
fn the_control_plane_keeps_its_promises_in_any_world() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let one = number("BROWNOUT_SEED");
    let seeds = one.map_or(0..number("BROWNOUT_SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    let mut losses = 0;
    for seed in seeds {
        let run = std::panic::catch_unwind(|| Simulation::new(seed).run());
        losses += run.unwrap_or_else(|_| panic!("failed with BROWNOUT_SEED={seed}"));
    }
    assert!(one.is_some() || losses > SEEDS, "the simulation lost only {losses} sessions: it tests too little");
}

fn node(id: &str, role: Role) -> Node {
    Node { id: id.parse().unwrap(), role }
}

fn drawing() -> Topology {
    let nodes = vec![
        node("shoppers", Role::Users(Users { users: 6, ..Users::default() })),
        node("gate", Role::Gateway(Gateway { restart: Restart::Now, ..Gateway::default() })),
        node(
            "shop",
            Role::Service(Service {
                modules: vec!["shop".parse().unwrap()],
                replicas: 3,
                restart: Restart::After(Period::millis(300)),
                ..Service::default()
            }),
        ),
        node("store", Role::Cache(Cache { restart: Restart::Never, ..Cache::default() })),
    ];
    let links = [("shoppers", "gate"), ("gate", "shop"), ("shop", "store")];
    let links = links.map(|(from, to)| Link { from: from.parse().unwrap(), to: to.parse().unwrap() });
    Topology::new(Vec::new(), nodes, links.into()).0
}

/// What the control plane was told of a life so far.
#[derive(Default)]
struct Told {
    ready: bool,
    gone: bool,
}

struct Simulation {
    world: World,
    cluster: Cluster,
    desired: Topology,
    told: BTreeMap<LifeId, Told>,
    revision: u64,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let desired = drawing();
        let world = World::new(seed, 6);
        Self { world, cluster: Cluster::new(), desired, told: BTreeMap::new(), revision: 0 }
    }

    /// Runs it to its end and says how many sessions were lost.
    fn run(mut self) -> u64 {
        let preset = Preset { topology: self.desired.clone(), ..Preset::default() };
        self.command(Command::Start(Box::new(Plan { preset, ..Plan::default() })));
        if self.world.rng.random_bool(0.03) {
            (0..self.world.rng.random_range(0..20)).for_each(|_| self.step(10_000));
            self.command(Command::Stop);
            self.until(Phase::Finished);
            assert!(self.world.processes.is_empty());
            return 0;
        }
        self.until(Phase::Running);
        for _ in 0..STEPS {
            let dt_us = self.world.rng.random_range(5_000..120_000);
            self.step(dt_us);
            self.meddle();
        }
        if self.world.rng.random_bool(0.5) {
            self.calm_down();
        }
        let abort = self.world.rng.random_bool(0.1);
        self.command(if abort { Command::Abort } else { Command::Stop });
        self.until(Phase::Finished);
        assert!(self.world.processes.is_empty(), "processes are left");
        let report = self.cluster.snapshot(self.world.now_us).report;
        assert_eq!(report.is_none(), abort);
        report.map_or(0, |report| self.judge(&report))
    }

    fn command(&mut self, command: Command) {
        let effects = self.cluster.handle(self.world.now_us, Input::Command(command));
        self.perform(effects);
    }

    fn step(&mut self, dt_us: u64) {
        self.world.step(dt_us);
        while let Some(event) = self.world.next_event() {
            self.hear(&event);
            let effects = self.cluster.handle(self.world.now_us, Input::Event(event));
            self.perform(effects);
        }
        let effects = self.cluster.handle(self.world.now_us, Input::Event(Event::Tick));
        self.perform(effects);
    }

    fn hear(&mut self, event: &Event) {
        if let Event::Ready { life, .. } = event {
            self.told.entry(life.clone()).or_default().ready = true;
        } else if let Event::Unready { life, .. } | Event::Draining { life } = event {
            self.told.entry(life.clone()).or_default().ready = false;
        } else if let Event::Exited { life, .. } | Event::Disconnected { life } = event {
            self.told.entry(life.clone()).or_default().gone = true;
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut configured = BTreeSet::new();
        for effect in effects {
            if let Effect::Configure { life, view } = &effect {
                assert!(configured.insert(life.clone()), "{life} was told twice at once");
                self.check_view(view);
            }
            self.world.perform(effect);
        }
    }

    fn check_view(&mut self, view: &View) {
        assert!(view.revision >= self.revision, "revisions went back");
        self.revision = view.revision;
        for endpoint in view.endpoints.values().flatten().filter(|endpoint| endpoint.state == EndpointState::Ready) {
            let told = &self.told[&endpoint.life];
            assert!(told.ready && !told.gone, "{} is listed as ready", endpoint.life);
        }
    }

    fn until(&mut self, phase: Phase) {
        for _ in 0..2_000 {
            let snapshot = self.cluster.snapshot(self.world.now_us);
            if snapshot.phase == phase {
                return;
            }
            assert_eq!(snapshot.trouble, None);
            self.step(50_000);
        }
        let snapshot = self.cluster.snapshot(self.world.now_us);
        panic!("still {:?} instead of {phase:?}: {:#?}", snapshot.phase, snapshot.nodes);
    }

    /// Does something at random to the system, and lets users act.
    fn meddle(&mut self) {
        if self.world.shoppers().is_some() {
            let user = self.world.rng.random_range(0..self.world.users.len());
            self.world.act(user);
        }
        match self.world.rng.random_range(0..120) {
            0..4 => self.act(Act::Kill),
            4..6 => self.act(Act::Terminate),
            6..8 => self.act(Act::Pause),
            8..12 => self.act(Act::Resume),
            12..15 => self.act(Act::Restart),
            15..17 => self.edit(|shop, rng| shop.replicas = rng.random_range(1..5)),
            17..19 => self.edit(|shop, _| {
                shop.sessions = if shop.sessions == Sessions::Memory { Sessions::Store } else { Sessions::Memory };
            }),
            19 => self.toggle_extra_node(),
            20 => {
                let lives: Vec<LifeId> = self.world.processes.keys().cloned().collect();
                let life = lives[self.world.rng.random_range(0..lives.len())].clone();
                if life.node().as_str() == "shop" && !self.world.ending.contains_key(&life) {
                    self.world.crash(&life);
                }
            }
            21..40 => {
                if let Some(life) = self.world.shoppers() {
                    self.world.report(&life);
                }
                let total = self.cluster.snapshot(self.world.now_us).total;
                assert_eq!(total.issued, total.ok + total.failed_total() + total.timed_out + total.in_flight());
            }
            40 => {
                let pace = Pace::STEPS[self.world.rng.random_range(0..Pace::STEPS.len())];
                self.command(Command::Pace(pace));
            }
            41 => self.command(Command::Spike),
            42 => {
                let rate = format!("{}/s", self.world.rng.random_range(0..100));
                let act = Act::Set(vec![("arrivals".to_owned(), rate)]);
                self.command(Command::Act { act, on: Target::Node("shoppers".parse().unwrap()) });
            }
            43..46 => {
                self.world.deploys = true;
                self.world.flawed = self.world.rng.random_bool(0.3);
                let bug = self.world.flawed.then_some(Bug::CrashOnStart);
                let strategies = [Strategy::Rolling, Strategy::Recreate, Strategy::Canary];
                let strategy = strategies[self.world.rng.random_range(0..3)];
                let on = Target::Node("shop".parse().unwrap());
                self.command(Command::Act { act: Act::Deploy(Deploy { strategy, bug }), on });
            }
            46 => {
                self.command(Command::Act { act: Act::RollBack, on: Target::Node("shop".parse().unwrap()) });
            }
            47..49 => self.act(Act::Crash),
            49 => self.edit(|shop, rng| {
                shop.address = if rng.random_bool(0.5) { Address::Stable } else { Address::New };
            }),
            _ => {}
        }
    }

    fn act(&mut self, act: Act) {
        let node = ["shop", "shop", "shop", "gate", "store"][self.world.rng.random_range(0..5)];
        let index = self.world.rng.random_range(1..5);
        let on = Target::Slot(Slot::new(node.parse().unwrap(), index));
        self.command(Command::Act { act, on });
    }

    fn edit(&mut self, change: impl FnOnce(&mut Service, &mut rand_chacha::ChaCha8Rng)) {
        if let Some(Role::Service(shop)) = self.desired.role_mut(&"shop".parse().unwrap()) {
            change(shop, &mut self.world.rng);
        }
        self.command(Command::Apply(Box::new(self.desired.clone())));
    }

    fn toggle_extra_node(&mut self) {
        let id = "extra".parse().unwrap();
        if self.desired.remove_node(&id).is_none() {
            self.desired.add_node(node("extra", Role::Service(Service::default()))).unwrap();
            self.desired.add_link(Link { from: "gate".parse().unwrap(), to: id }).unwrap();
        }
        self.command(Command::Apply(Box::new(self.desired.clone())));
    }

    /// Lifts every fault; then what runs must become what is drawn.
    fn calm_down(&mut self) {
        self.world.flawed = false;
        let nodes: Vec<_> = self.desired.nodes().map(|node| node.id.clone()).collect();
        let mut difference = String::new();
        for _ in 0..120 {
            for node in &nodes {
                for act in [Act::Resume, Act::Restart] {
                    self.command(Command::Act { act, on: Target::Node(node.clone()) });
                }
            }
            (0..10).for_each(|_| self.step(100_000));
            difference = self.difference();
            if difference.is_empty() {
                return;
            }
        }
        panic!("not what was drawn after two minutes of quiet: {difference}");
    }

    fn difference(&self) -> String {
        let wanted: BTreeSet<Slot> = self
            .desired
            .nodes()
            .flat_map(|node| (1..=node.replicas()).map(|index| Slot::new(node.id.clone(), index)))
            .collect();
        let actual: BTreeSet<Slot> = self.world.processes.keys().map(|life| life.slot.clone()).collect();
        let snapshot = self.cluster.snapshot(self.world.now_us);
        let slots: Vec<_> = snapshot.nodes.into_iter().flat_map(|node| node.slots).collect();
        let shown: BTreeSet<Slot> = slots.iter().map(|slot| slot.slot.clone()).collect();
        let ready = slots.iter().all(|slot| slot.state == LifeState::Ready);
        let same = wanted == actual && wanted == shown && ready;
        if same { String::new() } else { format!("wanted {wanted:?}, actual {actual:?}, shown {slots:#?}") }
    }

    /// Compares the report's census with what the world knows.
    fn judge(&self, report: &Report) -> u64 {
        let sessions = &report.sessions;
        let mut lost_to_deaths = 0;
        for census in &sessions.census {
            assert!(census.complete, "the ledger of {} has a hole", census.life);
            let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
            let held = set(&census.held);
            let parts = [set(&census.lost), set(&census.recovered), set(&census.unverified)];
            assert_eq!(parts.iter().flatten().cloned().collect::<BTreeSet<_>>(), held, "{}", census.life);
            assert_eq!(parts.iter().map(BTreeSet::len).sum::<usize>(), held.len(), "{}", census.life);
            let life: LifeId = census.life.parse().unwrap();
            let truth = self.world.lost.get(&Some(life.clone())).into_iter().flatten();
            assert_eq!(parts[0], truth.map(ToString::to_string).collect(), "lost under {life} ({})", census.death);
            if census.death == "killed" {
                assert!(census.recovered.is_empty(), "{life} was killed, but {:?} came back", census.recovered);
                // What it lost while it drained may have left it before the kill.
                let known: BTreeSet<String> = self.world.buried[&life].iter().map(ToString::to_string).collect();
                let known: BTreeSet<String> = known.union(&parts[0]).cloned().collect();
                assert!(held.is_subset(&known), "{life} held {held:?}, the world knows of {known:?}");
            }
            lost_to_deaths += census.lost.len() as u64;
        }
        let lost: u64 = self.world.lost.values().map(|lost| lost.len() as u64).sum();
        let without_death = self.world.lost.get(&None).map_or(0, Vec::len) as u64;
        assert_eq!(sessions.lost, lost);
        assert_eq!(sessions.lost, sessions.lost_by_cause.values().sum::<u64>());
        assert_eq!(lost_to_deaths + without_death, lost);
        let requests = &report.requests;
        assert_eq!(requests.issued, requests.ok + requests.failed + requests.timed_out + requests.in_flight);
        lost
    }
}
