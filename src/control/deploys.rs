//! Releases of nodes: which versions each life runs, which deploys go on, and what they cost. What comes next in a
//! deploy is decided in `rollout`.

use std::collections::BTreeMap;

use crate::telemetry::LinkBooks;
use crate::topology::{Act, Address, Deploy, LifeId, ModuleName, NodeId, Slot, Strategy, Target};

use super::cluster::Cluster;
use super::effect::{Effect, Own, Signal, Version};
use super::lives::Life;
use super::reconcile::drain_us;
use super::rollout::{End, Figures, Living, Look, Next, Order, Place, Rollout, Tally};
use super::snapshot::{Death, DeployOutcome, DeployState, Phase};

/// How many deploys are kept.
const MAX_DEPLOYS: usize = 1_000;
/// How many steps of one rollout follow each other within one input.
const STEPS: usize = 8;
/// How long a life that should have drained by now may go on.
const DRAIN_GRACE_US: u64 = 2_000_000;

/// Releases and deploys of a run.
#[derive(Debug, Default)]
pub(super) struct Deploys {
    releases: BTreeMap<NodeId, Releases>,
    rollouts: BTreeMap<NodeId, Rollout>,
    /// The newest version of each module that was ever made.
    versions: BTreeMap<ModuleName, u32>,
    list: Vec<DeployState>,
    /// When the capacity that deploys cost was counted last.
    counted_us: u64,
}

/// The releases of one node. Release 1 is what was drawn.
#[derive(Debug)]
struct Releases {
    /// The versions that release n has, at n − 1; modules that it does not name are at their first.
    all: Vec<BTreeMap<ModuleName, Version>>,
    /// The release that the node is on, or was before the deploy that goes on.
    settled: u32,
    /// Those that it was on before, the oldest first.
    earlier: Vec<u32>,
}

impl Default for Releases {
    fn default() -> Self {
        Self { all: vec![BTreeMap::new()], settled: 1, earlier: Vec::new() }
    }
}

impl Releases {
    fn versions(&self, release: u32) -> Option<&BTreeMap<ModuleName, Version>> {
        self.all.get(usize::try_from(release).ok()?.checked_sub(1)?)
    }
}

impl Deploys {
    /// The release that a node's lives have unless their slot says otherwise.
    pub(super) fn settled(&self, node: &NodeId) -> u32 {
        self.releases.get(node).map_or(1, |releases| releases.settled)
    }

    /// Whether a deploy decides when the next life of this slot begins.
    pub(super) fn decides(&self, slot: &Slot) -> bool {
        self.rollouts.get(&slot.node).is_some_and(|rollout| rollout.decides(slot))
    }

    /// The versions of a life's modules that differ from the first.
    pub(super) fn versions_of(&self, life: &Life) -> Option<&BTreeMap<ModuleName, Version>> {
        let versions = self.releases.get(life.id.node())?.versions(life.release)?;
        (!versions.is_empty()).then_some(versions)
    }

    /// A module changes its process: its version, with what is wrong with it, goes along, whichever release the new host
    /// is on.
    pub(super) fn carry(&mut self, module: &ModuleName, from: &NodeId, to: &NodeId) {
        let known =
            self.releases.get(from).and_then(|releases| releases.versions(releases.settled)?.get(module)).copied();
        if known.is_none() && !self.releases.contains_key(to) {
            return;
        }
        for versions in &mut self.releases.entry(to.clone()).or_default().all {
            match known {
                Some(version) => drop(versions.insert(module.clone(), version)),
                None => drop(versions.remove(module)),
            }
        }
    }

    /// The deploys so far, the oldest first.
    pub(super) fn list(&self) -> &[DeployState] {
        &self.list
    }

    fn current(&mut self, node: &NodeId) -> Option<&mut DeployState> {
        self.list.iter_mut().rfind(|deploy| deploy.node == *node && deploy.outcome.is_none())
    }
}

impl Cluster {
    /// Begins a deploy of a new version of a module, or of all modules of a node.
    pub(super) fn deploy(&mut self, deploy: &Deploy, on: &Target) {
        let act = Act::Deploy(deploy.clone());
        let (node, modules) = match self.deployable(on) {
            Ok(found) => found,
            Err(reason) => return self.skip(&act, on, reason),
        };
        let mut named = Vec::new();
        for module in modules {
            let newest = self.deploys.versions.entry(module.clone()).or_insert(1);
            *newest += 1;
            named.push((module, *newest));
        }
        let releases = self.deploys.releases.entry(node.clone()).or_default();
        let from = releases.settled;
        let mut versions = releases.versions(from).cloned().unwrap_or_default();
        for (module, number) in &named {
            versions.insert(module.clone(), Version { number: *number, bug: deploy.bug });
        }
        releases.all.push(versions);
        let to = u32::try_from(releases.all.len()).unwrap_or(u32::MAX);
        self.faults.moment(self.now_us, &act, on.to_string());
        self.begin_rollout(&node, named, (from, to), deploy, false);
    }

    /// Goes back: turns a deploy that goes on, or else brings back the release before.
    pub(super) fn roll_back(&mut self, on: &Target) {
        let (node, _) = match self.deployable_node(on) {
            Ok(found) => found,
            Err(reason) => return self.skip(&Act::RollBack, on, reason),
        };
        let look = self.look(&node);
        if let Some(rollout) = self.deploys.rollouts.get_mut(&node) {
            if rollout.back.is_some() {
                return self.skip(&Act::RollBack, on, "it goes back already");
            }
            let orders = rollout.turn_back("it was rolled back".to_owned(), &look);
            self.faults.moment(self.now_us, &Act::RollBack, on.to_string());
            self.log.fault(self.now_us, format!("{node} is rolled back before the deploy is through"));
            return self.carry_out_orders(&node, orders);
        }
        let releases = self.deploys.releases.entry(node.clone()).or_default();
        let Some(to) = releases.earlier.last().copied() else {
            return self.skip(&Act::RollBack, on, "there is no earlier version");
        };
        let from = releases.settled;
        let differ = |module: &ModuleName| {
            let version =
                |release| releases.versions(release).and_then(|all| all.get(module)).copied().unwrap_or_default();
            (version(from) != version(to)).then(|| (module.clone(), version(to).number))
        };
        let known = releases.versions(from).into_iter().flatten().map(|(module, _)| module);
        let named: Vec<_> = known.filter_map(differ).collect();
        self.faults.moment(self.now_us, &Act::RollBack, on.to_string());
        self.begin_rollout(&node, named, (from, to), &Deploy::default(), true);
    }

    /// The node that a deploy is for, and the modules that get a new version.
    fn deployable(&self, on: &Target) -> Result<(NodeId, Vec<ModuleName>), &'static str> {
        let found = self.deployable_node(on)?;
        if self.deploys.rollouts.contains_key(&found.0) {
            return Err("a deploy goes on there");
        }
        Ok(found)
    }

    fn deployable_node(&self, on: &Target) -> Result<(NodeId, Vec<ModuleName>), &'static str> {
        if self.phase != Phase::Running {
            return Err("the run has not begun");
        }
        if matches!(on, Target::Slot(_)) {
            return Err("a deploy is for a whole node, or a module");
        }
        let node = self.in_force.node_of(on).and_then(|id| self.in_force.node(id)).ok_or("nobody hosts it")?;
        if node.service().is_none() {
            return Err("only services run versions of modules");
        }
        let modules = match on {
            Target::Module(module) => vec![module.clone()],
            Target::Node(_) | Target::Slot(_) | Target::Link(_) => node.modules().to_vec(),
        };
        if modules.is_empty() { Err("it hosts no module") } else { Ok((node.id.clone(), modules)) }
    }

    fn begin_rollout(
        &mut self,
        node: &NodeId,
        modules: Vec<(ModuleName, u32)>,
        (from, to): (u32, u32),
        deploy: &Deploy,
        is_back: bool,
    ) {
        let state = DeployState::new(self.now_us, node.clone(), modules, to, deploy, is_back, self.failed_so_far());
        let how = match (is_back, deploy.strategy) {
            (true, _) => "goes back to",
            (_, Strategy::Rolling) => "gets, one replica after the other,",
            (_, Strategy::Recreate) => "gets, all replicas at once,",
            (_, Strategy::Canary) => "gets, one replica first,",
        };
        self.log.fault(self.now_us, format!("{node} {how} {}", state.version_words()));
        if self.deploys.list.len() < MAX_DEPLOYS {
            self.deploys.list.push(state);
        }
        self.deploys.counted_us = self.now_us;
        self.deploys.rollouts.insert(node.clone(), Rollout::new(from, to, deploy.strategy));
    }

    /// Lets every deploy take the steps that are due.
    pub(super) fn go_on_with_deploys(&mut self) {
        if self.deploys.rollouts.is_empty() {
            return;
        }
        self.count_capacity();
        let nodes: Vec<NodeId> = self.deploys.rollouts.keys().cloned().collect();
        for node in nodes {
            for _ in 0..STEPS {
                let look = self.look(&node);
                let Some(rollout) = self.deploys.rollouts.get_mut(&node) else { break };
                match rollout.step(&look) {
                    Next::Wait => break,
                    Next::Do(orders) => self.carry_out_orders(&node, orders),
                    Next::Over(end, orders) => {
                        self.finish_rollout(&node, &end);
                        self.carry_out_orders(&node, orders);
                    }
                }
            }
            self.note_progress(&node);
        }
    }

    fn carry_out_orders(&mut self, node: &NodeId, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Give(slot, release) => {
                    if let Some(entry) = self.lives.slots.get_mut(&slot) {
                        entry.release = Some(release);
                    }
                }
                Order::Begin(slot) => self.begin_life(&slot),
                Order::End(life) => self.retire(&life),
                Order::Say(words) => self.log.info(self.now_us, format!("{node}: {words}")),
            }
        }
    }

    /// Lets a life make room: nothing new goes to it, it finishes what it has and exits.
    pub(super) fn retire(&mut self, id: &LifeId) {
        let drain_us = self.in_force.node(id.node()).map_or(0, drain_us);
        let force_us = self.now_us + drain_us + DRAIN_GRACE_US;
        let Some(life) = self.lives.get_mut(id).filter(|life| life.is_alive()) else { return };
        life.force_us.get_or_insert(force_us);
        if life.doom.is_some() {
            return;
        }
        life.doom = Some(Death::Deployed);
        let has_served = life.endpoint().is_some();
        // What never took a request has nothing to drain.
        let signal = if has_served { Signal::Terminate } else { Signal::Kill };
        if has_served {
            life.draining = true;
            self.changes.of_endpoint(id.node());
            self.log.info(self.now_us, format!("{id} drains to make room for the next"));
        }
        self.effects.push(Effect::Signal { life: id.clone(), signal });
    }

    fn look(&self, node: &NodeId) -> Look {
        let settled = self.deploys.settled(node);
        let wanted = self.lives.slots_of(node).filter(|(_, entry)| entry.desired);
        let places = wanted.map(|(slot, entry)| {
            let alive = self.lives.alive_in(slot).map(|life| Living {
                life: life.id.clone(),
                release: life.release,
                ready: life.is_ready(),
                ending: life.doom.is_some(),
            });
            let newest = self.lives.newest(slot);
            let ended = newest.and_then(|life| {
                let exited = life.exit?;
                Some((life.id.clone(), exited.heard_us, exited.death == Death::Crashed && life.address.is_none()))
            });
            let due = entry.release.unwrap_or(settled);
            Place { slot: slot.clone(), due, alive: alive.collect(), ended }
        });
        let service = self.in_force.node(node).and_then(|node| node.service());
        let surge = service.is_some_and(|service| service.address == Address::New);
        let to = self.deploys.rollouts.get(node).map(|rollout| rollout.to);
        let figures = to.map_or_else(Figures::default, |to| self.figures_of(node, to));
        Look { now_us: self.now_us, places: places.collect(), surge, figures }
    }

    /// What was sent to lives of this release and to others, and how many of these lives crashed.
    fn figures_of(&self, node: &NodeId, release: u32) -> Figures {
        let mut figures = Figures::default();
        for life in self.lives.iter().filter(|life| life.id.node() == node && life.release == release) {
            let has_crashed = life.exit.is_some_and(|exited| exited.death == Death::Crashed);
            figures.crashed += u64::from(has_crashed);
        }
        for (_, totals) in self.books.lives() {
            for ((_, to), LinkBooks { sent, failed }) in &totals.sent {
                let Some(life) = to.as_ref().filter(|to| to.node() == node).and_then(|to| self.lives.get(to)) else {
                    continue;
                };
                let tally: &mut Tally = if life.release == release { &mut figures.new } else { &mut figures.old };
                tally.sent += sent;
                tally.failed += failed;
            }
        }
        figures
    }

    fn finish_rollout(&mut self, node: &NodeId, end: &End) {
        self.note_progress(node);
        let Some(rollout) = self.deploys.rollouts.remove(node) else { return };
        let is_down = !self.lives.slots_of(node).any(|(slot, _)| self.lives.alive_in(slot).any(Life::is_ready));
        let releases = self.deploys.releases.entry(node.clone()).or_default();
        // A deploy that is stuck while old replicas go on leaves the node on what it was.
        if *end == End::Done || is_down {
            match (releases.earlier.last(), rollout.back.is_some()) {
                (_, true) => {}
                (Some(&last), _) if last == rollout.to => drop(releases.earlier.pop()),
                _ => releases.earlier.push(releases.settled),
            }
            releases.settled = rollout.to;
            for (_, entry) in self.lives.slots.iter_mut().filter(|(slot, _)| slot.node == *node) {
                entry.release = None;
            }
        }
        let (now_us, failed) = (self.now_us, self.failed_so_far());
        let Some(deploy) = self.deploys.current(node) else { return };
        deploy.end(now_us, failed);
        let version = deploy.version_words();
        let (outcome, words) = match (end, &rollout.back) {
            (End::Stuck { crashes }, _) => {
                let rest = if is_down { "no replica is left" } else { "the old replicas go on" };
                let why = format!("{version} crashed {crashes} times on start");
                deploy.why = Some(why.clone());
                (DeployOutcome::Stuck, format!("the deploy is stuck: {why}; {rest}"))
            }
            (End::Done, Some(why)) => {
                deploy.why = Some(why.clone());
                (DeployOutcome::RolledBack, format!("the deploy of {version} was rolled back: {why}"))
            }
            (End::Done, None) => {
                let took_s = deploy.took_us(now_us) as f64 / 1e6;
                (DeployOutcome::Done, format!("{version} runs on every replica of {node} after {took_s:.1} s"))
            }
        };
        deploy.outcome = Some(outcome);
        if outcome == DeployOutcome::Stuck {
            self.log.harm(now_us, words);
            self.let_the_rule_restart(node);
        } else {
            self.log.info(now_us, words);
        }
    }

    /// From now on the node's own rule says when its dead slots get their next life.
    fn let_the_rule_restart(&mut self, node: &NodeId) {
        let idle = self.lives.slots_of(node).filter(|(slot, _)| self.lives.alive_in(slot).next().is_none());
        let newest = idle.filter_map(|(slot, _)| Some(self.lives.newest(slot)?.id.clone()));
        for id in newest.collect::<Vec<_>>() {
            self.plan_next(&id, Death::Crashed, false, 0);
        }
    }

    /// Enters how far the deploy of a node has come.
    fn note_progress(&mut self, node: &NodeId) {
        let Some((to, words)) = self.deploys.rollouts.get(node).map(|rollout| (rollout.to, rollout.words())) else {
            return;
        };
        let (mut moved, mut replicas) = (0, 0);
        for (slot, _) in self.lives.slots_of(node).filter(|(_, entry)| entry.desired) {
            replicas += 1;
            moved += u32::from(self.lives.alive_in(slot).any(|life| life.release == to && life.is_ready()));
        }
        let failed = self.failed_so_far();
        if let Some(deploy) = self.deploys.current(node) {
            (deploy.moved, deploy.replicas, deploy.doing) = (moved, replicas, words);
            deploy.count_failed(failed);
        }
    }

    /// Counts, for each deploy that goes on, for how long how many replicas were missing.
    fn count_capacity(&mut self) {
        let passed_us = self.now_us.saturating_sub(self.deploys.counted_us);
        self.deploys.counted_us = self.now_us;
        let nodes: Vec<NodeId> = self.deploys.rollouts.keys().cloned().collect();
        for node in nodes {
            let wanted = self.lives.slots_of(&node).filter(|(_, entry)| entry.desired);
            let missing = wanted.filter(|(slot, _)| !self.lives.alive_in(slot).any(Life::is_ready)).count();
            if let Some(deploy) = self.deploys.current(&node) {
                deploy.capacity_lost_replica_s += missing as f64 * passed_us as f64 / 1e6;
            }
        }
    }

    /// Deploys that the run's end cut off.
    pub(super) fn cut_off_deploys(&mut self) {
        let (now_us, failed) = (self.now_us, self.failed_so_far());
        self.deploys.rollouts.clear();
        for deploy in self.deploys.list.iter_mut().filter(|deploy| deploy.outcome.is_none()) {
            deploy.end(now_us, failed);
            deploy.outcome = Some(DeployOutcome::Unfinished);
        }
    }

    fn failed_so_far(&self) -> u64 {
        let total = self.books.total();
        total.failed_total() + total.timed_out
    }

    /// What each life is to be that differs from what is drawn.
    pub(super) fn own_views(&self) -> BTreeMap<LifeId, Own> {
        let own = self.lives.alive().filter_map(|life| {
            let own = Own { versions: self.deploys.versions_of(life).cloned().unwrap_or_default(), port: life.port };
            (own != Own::default()).then(|| (life.id.clone(), own))
        });
        own.collect()
    }
}
