//! What happens to lives: started, connected, ready, paused, draining, gone. An event about a life that is unknown or
//! gone changes nothing but what late truth may change.
//!
//! What a life says over its control connection arrives in its order and whole: the connection is TCP. Process events
//! come from elsewhere, may overtake it in both directions, and may be lost; the full list of processes makes up for it.

use std::net::SocketAddr;

use crate::topology::{LifeId, Restart};

use super::cluster::Cluster;
use super::effect::{Effect, Signal};
use super::event::Exit;
use super::judgement::judge;
use super::lives::{Connection, Life, Program, Readiness};
use super::snapshot::{Death, Phase};

/// A process that was asked for this recently may be too new for a list of processes.
const TOO_NEW_US: u64 = 2_000_000;
/// A crash this soon after the start counts towards a crash loop.
const QUICK_US: u64 = 1_000_000;
/// The first pause of a crash loop, which doubles with every further crash.
const FIRST_BACKOFF_US: u64 = 500_000;
const LONGEST_BACKOFF_US: u64 = 30_000_000;
/// How long the end of a dead life's connection is waited for.
const LAST_WORDS_US: u64 = 1_000_000;

impl Cluster {
    fn connected_life(&mut self, id: &LifeId) -> Option<&mut Life> {
        self.lives.get_mut(id).filter(|life| life.is_connected())
    }

    pub(super) fn spawned(&mut self, id: &LifeId, pid: u32) {
        let Some(life) = self.lives.get_mut(id) else { return };
        let is_news = life.pid.replace(pid).is_none();
        if is_news && life.is_alive() && id.life > 1 {
            self.log.info(self.now_us, format!("{} is coming back: life {}, pid {pid}", id.slot, id.life));
        }
    }

    pub(super) fn spawn_failed(&mut self, id: &LifeId, message: String) {
        if self.lives.get(id).is_none_or(|life| !life.is_alive()) {
            return;
        }
        let message = format!("{} could not be started: {message}", id.slot);
        self.gone(id, Exit::Unknown, self.now_us);
        if self.phase == Phase::Starting {
            self.fail(message);
        } else {
            self.log.harm(self.now_us, message);
        }
    }

    pub(super) fn connected(&mut self, id: &LifeId) {
        let Some(life) = self.lives.get_mut(id) else { return };
        if life.connection != Connection::Never {
            return;
        }
        life.connection = Connection::Open;
        if !life.is_alive() {
            return;
        }
        // The view at hand may be older than the life, and so not know what it is to be by itself.
        let differs =
            life.port.is_some() || self.lives.get(id).and_then(|life| self.deploys.versions_of(life)).is_some();
        if differs {
            self.changes.again(id);
        } else {
            self.changes.of_life(id);
        }
    }

    pub(super) fn applied(&mut self, id: &LifeId, revision: u64) {
        if let Some(life) = self.connected_life(id) {
            life.applied_revision = life.applied_revision.max(revision);
            life.list.applied(revision);
            self.learned(id);
        }
    }

    pub(super) fn ready(&mut self, id: &LifeId, address: Option<SocketAddr>) {
        let (now_us, phase) = (self.now_us, self.phase);
        let Some(life) = self.connected_life(id) else { return };
        let first = life.readiness == Readiness::NotYet;
        if life.readiness == Readiness::Ready && life.address == address {
            return;
        }
        life.set_readiness(Readiness::Ready, now_us);
        life.ready_us.get_or_insert(now_us);
        life.address = address;
        let pid = life.pid;
        self.changes.of_endpoint(id.node());
        if first && phase == Phase::Running {
            let back = if id.life > 1 { "is back" } else { "is ready" };
            let pid = pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
            self.log.info(now_us, format!("{} {back}: life {}{pid}", id.slot, id.life));
        }
    }

    pub(super) fn unready(&mut self, id: &LifeId, reason: &str) {
        let now_us = self.now_us;
        let Some(life) = self.connected_life(id) else { return };
        if life.readiness != Readiness::Ready {
            return;
        }
        life.set_readiness(Readiness::Unready, now_us);
        self.changes.of_endpoint(id.node());
        self.log.harm(now_us, format!("{} takes no requests: {reason}", id.slot));
    }

    pub(super) fn draining(&mut self, id: &LifeId) {
        let now_us = self.now_us;
        let Some(life) = self.connected_life(id) else { return };
        if std::mem::replace(&mut life.draining, true) {
            return;
        }
        self.changes.of_endpoint(id.node());
        self.log.info(now_us, format!("{} drains: it finishes what it has and will exit", id.slot));
    }

    pub(super) fn failed(&mut self, id: &LifeId, message: String) {
        let Some(life) = self.lives.get_mut(id) else { return };
        if life.failure.is_some() {
            return;
        }
        life.failure = Some(message.clone());
        let message = format!("{}: {message}", id.slot);
        match self.phase {
            Phase::Starting => self.fail(message),
            Phase::Running | Phase::Settling => drop(self.log.harm(self.now_us, message)),
            Phase::Idle | Phase::Stopping | Phase::Finished => {}
        }
    }

    pub(super) fn signalled(&mut self, id: &LifeId, signal: Signal, at_us: u64) {
        let Some(life) = self.lives.get_mut(id) else { return };
        // What the run's own end sends is no fault.
        if life.doom == Some(Death::Stopped) {
            return;
        }
        let was_paused = life.is_paused();
        life.signalled(signal, at_us);
        let is_paused = life.is_paused();
        self.faults.signalled(id, signal, at_us);
        if was_paused != is_paused {
            let what = if is_paused { "is stopped where it stands" } else { "goes on" };
            self.log.fault(self.now_us, format!("{} {what}", id.slot));
        }
    }

    pub(super) fn exited(&mut self, id: &LifeId, exit: Exit, at_us: u64) {
        if self.lives.get(id).is_some_and(Life::is_alive) {
            self.gone(id, exit, at_us);
        }
    }

    pub(super) fn disconnected(&mut self, id: &LifeId) {
        let now_us = self.now_us;
        let Some(life) = self.lives.get_mut(id) else { return };
        if life.connection == Connection::Closed {
            return;
        }
        let was_listed = life.endpoint().is_some();
        life.connection = Connection::Closed;
        life.disconnected_us = Some(now_us);
        life.census_closed = !life.is_alive();
        if was_listed {
            self.changes.of_endpoint(id.node());
        }
    }

    /// Brings what is believed in line with the full list of processes. A life is given up only when two lists in a row
    /// lack it, for a list may be older than the life.
    pub(super) fn actual(&mut self, actual: &[(LifeId, u32)]) {
        let mut lost = Vec::new();
        for life in self.lives.iter_mut().filter(|life| life.is_alive()) {
            let listed = actual.iter().find(|(id, _)| *id == life.id);
            let missing = listed.is_none() && life.asked_us.saturating_add(TOO_NEW_US) <= self.now_us;
            if missing && life.missing {
                lost.push(life.id.clone());
            }
            life.missing = missing;
            life.pid = listed.map(|&(_, pid)| pid).or(life.pid);
        }
        for id in lost {
            self.gone(&id, Exit::Unknown, self.now_us);
        }
        let stopping = matches!(self.phase, Phase::Stopping | Phase::Finished | Phase::Idle);
        for (id, _) in actual {
            if stopping || self.lives.get(id).is_none_or(|life| !life.is_alive()) {
                self.effects.push(Effect::Signal { life: id.clone(), signal: Signal::Kill });
            }
        }
    }

    /// A life is over. Decides how it died and when the next one begins.
    fn gone(&mut self, id: &LifeId, exit: Exit, at_us: u64) {
        let now_us = self.now_us;
        let Some(life) = self.lives.get_mut(id) else { return };
        let was_listed = life.endpoint().is_some();
        let death = life.exited(exit, at_us, now_us);
        self.outputs.changed();
        let lived_us = now_us.saturating_sub(life.asked_us);
        let (next_now, program, end) = (life.next_now, life.program, life.end());
        if was_listed {
            self.changes.of_endpoint(id.node());
        }
        if program == Program::Users
            && let Some((end_us, _)) = end
        {
            self.census.abandon(id, end_us);
        }
        self.faults.lifted(id, at_us);
        self.forget_consumer(id);
        self.log_death(id, death, exit);
        if matches!(self.phase, Phase::Starting | Phase::Running) {
            self.plan_next(id, death, next_now, lived_us);
        }
    }

    /// Says when the slot's next life begins, if one does.
    pub(super) fn plan_next(&mut self, id: &LifeId, death: Death, next_now: bool, lived_us: u64) {
        let now_us = self.now_us;
        if self.lives.alive_in(&id.slot).next().is_some() || self.deploys.decides(&id.slot) {
            return;
        }
        let policy = self.in_force.node(id.node()).map(crate::topology::Node::restart);
        let Some(entry) = self.lives.slots.get_mut(&id.slot).filter(|entry| entry.desired) else { return };
        let is_quick = death == Death::Crashed && lived_us < QUICK_US;
        entry.quick_crashes = if is_quick { entry.quick_crashes.saturating_add(1) } else { 0 };
        entry.restarts_us = match policy {
            // It was to make room, but is wanted again.
            _ if next_now || death == Death::ScaledIn => Some(now_us),
            Some(Restart::Now) if is_quick => {
                let doublings = (entry.quick_crashes - 1).min(16);
                let backoff_us = (FIRST_BACKOFF_US << doublings).min(LONGEST_BACKOFF_US);
                let text = format!("{} keeps crashing: next try in {} ms", id.slot, backoff_us / 1000);
                self.log.harm(now_us, text);
                Some(now_us + backoff_us)
            }
            Some(Restart::Now) => Some(now_us),
            Some(Restart::After(delay)) => Some(now_us + delay.as_micros()),
            Some(Restart::Never) | None => None,
        };
    }

    fn log_death(&mut self, id: &LifeId, death: Death, exit: Exit) {
        let slot = &id.slot;
        let line = match death {
            Death::Killed => self.log.fault(self.now_us, self.words_of_kill(id)),
            Death::Terminated => self.log.fault(self.now_us, format!("{slot} ended after it was terminated")),
            Death::Deployed => return self.log.info(self.now_us, format!("{id} ended: a new life took its place")),
            Death::ScaledIn => return self.log.info(self.now_us, format!("{slot} was taken out")),
            Death::Crashed => self.log.harm(self.now_us, format!("{slot} crashed{}", words_of_exit(exit))),
            Death::Stopped => return,
        };
        if let Some(life) = self.lives.get_mut(id).filter(|_| death == Death::Killed) {
            life.death_line = Some(line);
        }
    }

    fn words_of_kill(&self, id: &LifeId) -> String {
        let held = judge(&self.census, &self.lives).lives.get(id).map_or(0, |held| held.held.len());
        let held = match held {
            0 => "no session".to_owned(),
            1 => "1 session".to_owned(),
            held => format!("{held} sessions"),
        };
        let slot = &id.slot;
        match self.lives.get(id) {
            Some(life) if life.loses_data => format!("{slot} killed, its data lost · it held {held}"),
            Some(life) if self.lives.outlasts(life) => format!("{slot} killed, its data kept · it holds {held}"),
            _ => format!("{slot} killed · it held {held}"),
        }
    }

    /// Closes the census of lives that are gone and whose connection has been read to its end; where that end does not
    /// come, after a while, as incomplete.
    pub(super) fn close_censuses(&mut self) {
        let now_us = self.now_us;
        let mut closed = Vec::new();
        for life in self.lives.iter_mut() {
            let Some(exited) = life.exit else { continue };
            let is_late = now_us >= exited.heard_us.saturating_add(LAST_WORDS_US);
            if !life.census_closed && is_late {
                life.census_closed = true;
                life.census_incomplete |= life.connection == Connection::Open;
            }
            if life.census_closed
                && let Some(line) = life.death_line.take()
            {
                closed.push((life.id.clone(), line));
            }
        }
        for (id, line) in closed {
            let words = self.words_of_kill(&id);
            self.log.rewrite(line, words);
        }
    }
}

/// How a process ended, to be put after a sentence.
pub(super) fn words_of_exit(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!(" (exit code {code})"),
        Exit::Signal(number) => format!(" (signal {number})"),
        Exit::Unknown => String::new(),
    }
}
