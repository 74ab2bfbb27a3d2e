//! What the learner did to the running system: whether it is what a step waits for, and whether all that follows from it
//! has been seen.

use crate::control::Snapshot;
use crate::control::snapshot::{FaultState, LifeState, Phase, SlotState};
use crate::topology::{Act, Deploy, NodeId, Preset, Role, Target, settings};

/// The shortest and the longest time in which every user is taken to have asked once, in microseconds.
const ROUND_US: std::ops::RangeInclusive<u64> = 1_000_000..=20_000_000;
/// What a request and its way to the screen take beside the user's thinking, in microseconds.
const ANSWER_US: u64 = 500_000;

/// What was done after a moment at which there were `known` faults.
pub(super) fn since(shown: &Snapshot, known: usize) -> Vec<FaultState> {
    shown.faults.iter().skip(known).filter(|fault| fault.kind != Act::Set(Vec::new()).name()).cloned().collect()
}

/// Whether an act can take sessions from people.
pub(super) fn harms(kind: &str) -> bool {
    [Act::Kill, Act::Crash, Act::Terminate, Act::Pause].iter().any(|act| act.name() == kind)
}

/// Whether an act ends a process at once: from without or from within, what it had is gone.
fn ends_at_once(kind: &str) -> bool {
    [Act::Kill, Act::Crash].iter().any(|act| act.name() == kind)
}

/// Whether an act brings another version.
pub(super) fn releases(kind: &str) -> bool {
    [Act::Deploy(Deploy::default()), Act::RollBack].iter().any(|act| act.name() == kind)
}

/// How well a deed is what a step asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Something that the step has nothing to do with.
    None,
    /// Of another kind, or to another node.
    Other,
    /// To another replica of the same node.
    Sibling,
    /// What was asked.
    Same,
}

/// How well a deed is this act on that target.
pub(super) fn likeness(fault: &FaultState, act: &Act, on: &Target) -> Likeness {
    let same_kind = fault.kind == act.name() || ends_at_once(fault.kind) && ends_at_once(act.name());
    let both_harm = harms(fault.kind) && harms(act.name());
    if !same_kind && !both_harm {
        return Likeness::None;
    }
    let slot = fault.life.as_ref().map(|life| &life.slot);
    let same_place = match on {
        Target::Slot(wanted) => slot == Some(wanted),
        Target::Node(node) => slot.is_some_and(|slot| slot.node == *node) || fault.on == node.as_str(),
        Target::Link(_) => false,
        // Where a module is, the deed itself says.
        Target::Module(_) => fault.on == on.to_string(),
    };
    let same_node = slot.is_some_and(|slot| Some(&slot.node) == on.node());
    match (same_kind, same_place, same_node) {
        (true, true, _) => Likeness::Same,
        (true, false, true) => Likeness::Sibling,
        _ => Likeness::Other,
    }
}

/// What was hit, in words: a replica, or the node where it has only one.
pub(super) fn places(preset: &Preset, deeds: &[FaultState]) -> Vec<String> {
    let mut places = Vec::new();
    for fault in deeds {
        let name = match &fault.life {
            Some(life) if preset.topology.node(life.node()).is_some_and(|node| node.replicas() == 1) => {
                life.node().to_string()
            }
            Some(life) => life.slot.to_string(),
            None => fault.on.clone(),
        };
        if !places.contains(&name) {
            places.push(name);
        }
    }
    places
}

/// Whether a node's setting has this value, however it is written.
pub(super) fn is_set(preset: &Preset, node: &NodeId, key: &str, value: &str) -> bool {
    let Some(node) = preset.topology.node(node) else { return false };
    let mut wanted = node.role.clone();
    settings::set_role(&mut wanted, key, value).is_ok() && wanted == node.role
}

/// The time in which every user asks once: the longest thinking time and an answer, in microseconds.
fn round_us(preset: &Preset) -> u64 {
    let nodes =
        preset.topology.nodes().filter_map(|node| if let Role::Users(users) = &node.role { Some(users) } else { None });
    let longest =
        nodes.map(|users| (users.think.as_micros() as f64 * (1.0 + users.think_spread.clamp(0.0, 1.0))) as u64);
    (longest.max().unwrap_or_default() + ANSWER_US).clamp(*ROUND_US.start(), *ROUND_US.end())
}

/// Whether everybody who was hit knows, and everybody else had the time to find out: the wave of discovery is over.
pub(super) fn is_over(preset: &Preset, shown: &Snapshot, done_us: u64, deeds: &[FaultState]) -> bool {
    if matches!(shown.phase, Phase::Finished | Phase::Idle) {
        return true;
    }
    let deploys = || shown.deploys.iter().filter(|deploy| deeds.iter().any(|fault| fault.at_us == deploy.at_us));
    let deploying = deploys().any(|deploy| deploy.outcome.is_none());
    // What is wrong with a version shows only after some requests.
    let flawed = deploys().any(|deploy| deploy.bug.is_some());
    let ended_us = deploys().filter_map(|deploy| deploy.ended_us).max().unwrap_or_default();
    let last_us = deeds.iter().map(|fault| fault.at_us).max().unwrap_or_default().max(done_us).max(ended_us);
    let rounds = |rounds: u64| shown.now_us >= last_us.saturating_add(round_us(preset).saturating_mul(rounds));
    let slots = || shown.nodes.iter().flat_map(|node| &node.slots);
    let draining = slots().any(|slot| slot.state == LifeState::Draining);
    let lives_on = |slot: &SlotState, fault: &FaultState| {
        fault.life.as_ref() == Some(&slot.life) && !matches!(slot.state, LifeState::Dead(_))
    };
    let ends = |fault: &&FaultState| ends_at_once(fault.kind) || fault.kind == Act::Terminate.name();
    let dying = deeds.iter().filter(ends).any(|fault| slots().any(|slot| lives_on(slot, fault)));
    let paused = deeds.iter().any(|fault| fault.kind == Act::Pause.name() && fault.lifted_us.is_none());
    // Who is logged out comes back within a round, unless there is nowhere to log in.
    let away = shown.users.iter().any(|user| user.logged_out);
    let unfolded = !draining && !dying && !deploying && (!flawed || rounds(3));
    shown.sessions.doomed == 0 && unfolded && rounds(1) && (!paused || rounds(2)) && (!away || rounds(3))
}
