//! Settings that change with time: set at once, gone to evenly (a ramp), and put back after a while (a spike). Each step
//! is a change of the drawing that runs, as an edit would be; only the first and the last are told in the log.

use std::collections::BTreeSet;

use crate::topology::{Act, NodeId, Period, Preset, Role, Target, settings};

use super::cluster::Cluster;
use super::snapshot::SettingState;

/// The time between two steps of a ramp.
const STEP_US: u64 = 200_000;

/// What is still to change by itself.
#[derive(Debug, Default)]
pub(super) struct Shape {
    ramps: Vec<Ramp>,
    returns: Vec<Return>,
    /// What was ever changed in this run.
    changed: BTreeSet<(NodeId, String)>,
    stepped_us: u64,
}

/// A setting on its way.
#[derive(Debug)]
struct Ramp {
    on: NodeId,
    key: String,
    /// The role as it was when the ramp began.
    from: Role,
    to: String,
    begun_us: u64,
    lasts_us: u64,
}

/// A setting that goes back.
#[derive(Debug)]
struct Return {
    at_us: u64,
    on: NodeId,
    key: String,
    value: String,
}

impl Ramp {
    /// How far it has come, 0 to 1.
    fn share(&self, now_us: u64) -> f64 {
        let passed_us = now_us.saturating_sub(self.begun_us);
        if passed_us >= self.lasts_us { 1.0 } else { passed_us as f64 / self.lasts_us as f64 }
    }
}

impl Shape {
    /// Forgets what was to become of a setting. Answers with what it was to go back to.
    fn forget(&mut self, on: &NodeId, key: &str) -> Option<String> {
        self.ramps.retain(|ramp| ramp.on != *on || ramp.key != key);
        let at = self.returns.iter().position(|back| back.on == *on && back.key == key)?;
        Some(self.returns.swap_remove(at).value)
    }
}

impl Cluster {
    /// Changes settings of a node, as an edit would: at once, or evenly `over` a while; for good, or for as long as it
    /// `lasts`.
    pub(super) fn set(
        &mut self,
        on: &Target,
        settings: &[(String, String)],
        lasts: Option<Period>,
        over: Option<Period>,
    ) {
        let act = Act::Set(Vec::new());
        let mut preset = self.plan.preset.clone();
        let before = preset.clone();
        let Some(node) = before.topology.node_of(on).cloned() else {
            return self.skip(&act, on, "nobody hosts it");
        };
        for (key, value) in settings {
            let path = format!("{node}.{key}");
            // A ramp must have somewhere to go, too.
            let role = before.topology.node(&node).map(|node| &node.role);
            let way = over.and(role).map_or(Ok(()), |role| settings::part_way(role, key, value, 0.0).map(drop));
            if let Err(problem) = way.and_then(|()| settings::set(&mut preset, &path, value)) {
                return self.skip(&act, on, &problem.to_string());
            }
        }
        let words: Vec<String> = settings.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let over_words = over.map(|over| format!(" over {over}")).unwrap_or_default();
        let for_words = lasts.map(|lasts| format!(" for {lasts}")).unwrap_or_default();
        self.faults.moment(self.now_us, &act, on.to_string());
        self.log.fault(self.now_us, format!("set {on}: {}{over_words}{for_words}", words.join(", ")));
        for (key, value) in settings {
            self.plan_change(&before, &node, key, value, lasts, over);
        }
        if over.is_none() {
            self.apply(preset.topology);
        }
    }

    /// Remembers what is to become of one setting later.
    fn plan_change(
        &mut self,
        before: &Preset,
        node: &NodeId,
        key: &str,
        value: &str,
        lasts: Option<Period>,
        over: Option<Period>,
    ) {
        self.shape.changed.insert((node.clone(), key.to_owned()));
        let to_go_back_to = self.shape.forget(node, key);
        if let Some(lasts) = lasts {
            let now = settings::get(before, &format!("{node}.{key}")).map(|value| value.to_string());
            let value = to_go_back_to.or(now).unwrap_or_default();
            let at_us = self.now_us + lasts.as_micros();
            self.shape.returns.push(Return { at_us, on: node.clone(), key: key.to_owned(), value });
        }
        if let (Some(over), Some(found)) = (over, before.topology.node(node)) {
            self.shape.ramps.push(Ramp {
                on: node.clone(),
                key: key.to_owned(),
                from: found.role.clone(),
                to: value.to_owned(),
                begun_us: self.now_us,
                lasts_us: over.as_micros(),
            });
        }
    }

    /// What was changed in this run, as it is now.
    pub(super) fn changed_settings(&self) -> Vec<SettingState> {
        let now = |(node, key): &(NodeId, String)| {
            let value = settings::get_role(&self.topology.node(node)?.role, key)?.to_string();
            Some(SettingState { node: node.clone(), key: key.clone(), value })
        };
        self.shape.changed.iter().filter_map(now).collect()
    }

    /// Takes the steps that are due.
    pub(super) fn shape(&mut self) {
        self.end_spike();
        self.put_back();
        let now_us = self.now_us;
        let is_up = self.shape.ramps.iter().any(|ramp| ramp.share(now_us) >= 1.0);
        if self.shape.ramps.is_empty() || (!is_up && now_us < self.shape.stepped_us + STEP_US) {
            return;
        }
        self.shape.stepped_us = now_us;
        let mut preset = self.plan.preset.clone();
        for ramp in &self.shape.ramps {
            if let Ok(value) = settings::part_way(&ramp.from, &ramp.key, &ramp.to, ramp.share(now_us)) {
                // A node that was taken out, or turned into another role, has no such setting any more.
                let _ = settings::set(&mut preset, &format!("{}.{}", ramp.on, ramp.key), &value);
            }
        }
        self.shape.ramps.retain(|ramp| ramp.share(now_us) < 1.0);
        self.apply_quietly(preset.topology);
    }

    /// Puts settings back whose time is over.
    fn put_back(&mut self) {
        let now_us = self.now_us;
        let mut preset = self.plan.preset.clone();
        let mut words = Vec::new();
        while let Some(at) = self.shape.returns.iter().position(|back| back.at_us <= now_us) {
            let back = self.shape.returns.swap_remove(at);
            self.shape.forget(&back.on, &back.key);
            if settings::set(&mut preset, &format!("{}.{}", back.on, back.key), &back.value).is_ok() {
                words.push(format!("{}: {} = {} again", back.on, back.key, back.value));
            }
        }
        if !words.is_empty() {
            self.log.info(now_us, words.join(", "));
            self.apply_quietly(preset.topology);
        }
    }
}
