//! What the user, or the scenario, does to the running system: kill, crash, terminate, pause, resume, restart. What cannot be
//! done is skipped, with the reason in the log.

use crate::topology::{Act, LifeId, Period, ScenarioStep, Slot, Target};

use super::cluster::Cluster;
use super::effect::{Effect, Signal};
use super::lives::Life;
use super::snapshot::{Death, Phase};

impl Cluster {
    /// Does what a step of the scenario says.
    pub(super) fn play_step(&mut self, step: &ScenarioStep) {
        if let Act::Set(settings) = &step.act {
            self.set(&step.on, settings, step.lasts, step.over);
        } else {
            self.act(&step.act, &step.on, step.lasts);
        }
    }

    /// Does something to a replica, or to every replica of a node. `lasts` is how long a pause or set goes on.
    pub(super) fn act(&mut self, act: &Act, on: &Target, lasts: Option<Period>) {
        if !matches!(self.phase, Phase::Starting | Phase::Running) {
            return self.skip(act, on, "nothing runs");
        }
        if let Act::Set(settings) = act {
            return self.set(on, settings, lasts, None);
        }
        if let Act::Deploy(deploy) = act {
            return self.deploy(deploy, on);
        }
        if *act == Act::RollBack {
            return self.roll_back(on);
        }
        let slots: Vec<Slot> = match on {
            Target::Node(node) => {
                self.lives.slots_of(node).filter(|(_, entry)| entry.desired).map(|(slot, _)| slot.clone()).collect()
            }
            Target::Slot(slot) => {
                self.lives.slots.get_key_value(slot).map(|(slot, _)| slot.clone()).into_iter().collect()
            }
            Target::Module(module) => {
                let Some(host) = self.topology.host(module).map(|node| node.id.clone()) else {
                    return self.skip(act, on, "nobody hosts it");
                };
                return self.act(act, &Target::Node(host), lasts);
            }
            Target::Link(_) => return self.skip(act, on, "it is a link, not a process"),
        };
        if slots.is_empty() {
            return self.skip(act, on, "there is none");
        }
        for slot in slots {
            let done = match act {
                Act::Kill => self.kill(&slot),
                Act::Terminate => self.terminate(&slot),
                Act::Pause => self.pause(&slot, lasts),
                Act::Resume => self.resume(&slot),
                Act::Restart => self.restart(&slot),
                Act::Crash => self.crash(&slot),
                Act::LoseData => self.lose_data(&slot),
                Act::Set(_) | Act::Deploy(_) | Act::RollBack => Ok(()),
            };
            if let Err(reason) = done {
                self.skip(act, &Target::Slot(slot), reason);
            }
        }
    }

    pub(super) fn skip(&mut self, act: &Act, on: &Target, reason: &str) {
        self.log.info(self.now_us, format!("{} {on} skipped: {reason}", act.name()));
    }

    fn living(&mut self, slot: &Slot) -> Result<&mut Life, &'static str> {
        let id = self.lives.current(slot).filter(|life| life.is_alive()).map(|life| life.id.clone());
        id.and_then(|id| self.lives.get_mut(&id)).ok_or("it is dead")
    }

    fn kill(&mut self, slot: &Slot) -> Result<(), &'static str> {
        let life = self.living(slot)?;
        if life.doom == Some(Death::Killed) {
            return Err("it is being killed already");
        }
        life.doom = Some(Death::Killed);
        let id = life.id.clone();
        self.signal(&Act::Kill, id, Signal::Kill);
        Ok(())
    }

    /// Has the process end from within. It cannot hear that before it has said hello, or while it is stopped.
    fn crash(&mut self, slot: &Slot) -> Result<(), &'static str> {
        let life = self.living(slot)?;
        if life.doom.is_some() {
            return Err("it is ending already");
        }
        if life.is_paused() {
            return Err("it is stopped where it stands");
        }
        if !life.is_connected() {
            return Err("it cannot be told yet");
        }
        let id = life.id.clone();
        self.faults.begin(self.now_us, &Act::Crash, &id);
        self.log.fault(self.now_us, format!("{slot} is made to crash"));
        self.effects.push(Effect::Crash { life: id });
        Ok(())
    }

    /// Ends a store's process and takes away what it keeps; its restart rule says when it starts again, empty. Of one
    /// that is dead already only the data goes.
    fn lose_data(&mut self, slot: &Slot) -> Result<(), &'static str> {
        let keeps_data = self.lives.newest(slot).is_some_and(|life| life.program.keeps_data());
        if !keeps_data {
            return Err("it keeps no data");
        }
        let now_us = self.now_us;
        self.effects.push(Effect::LoseData { node: slot.node.clone() });
        let Ok(life) = self.living(slot) else {
            if let Some(id) = self.lives.newest(slot).map(|life| life.id.clone())
                && let Some(life) = self.lives.get_mut(&id)
            {
                life.loses_data = true;
            }
            self.faults.moment(now_us, &Act::LoseData, slot.to_string());
            self.log.fault(now_us, format!("{slot} lost its data"));
            return Ok(());
        };
        life.loses_data = true;
        if life.doom == Some(Death::Killed) {
            return Ok(());
        }
        life.doom = Some(Death::Killed);
        let id = life.id.clone();
        self.signal(&Act::LoseData, id, Signal::Kill);
        Ok(())
    }

    fn terminate(&mut self, slot: &Slot) -> Result<(), &'static str> {
        let life = self.living(slot)?;
        if life.doom.is_some() || life.draining {
            return Err("it is ending already");
        }
        life.doom = Some(Death::Terminated);
        let id = life.id.clone();
        self.signal(&Act::Terminate, id, Signal::Terminate);
        Ok(())
    }

    fn pause(&mut self, slot: &Slot, lasts: Option<Period>) -> Result<(), &'static str> {
        let until_us = lasts.map(|lasts| self.now_us + lasts.as_micros());
        let life = self.living(slot)?;
        if std::mem::replace(&mut life.pause_asked, true) {
            return Err("it is paused already");
        }
        let id = life.id.clone();
        if let Some(until_us) = until_us {
            self.scenario.lift_at(until_us, id.clone());
        }
        self.signal(&Act::Pause, id, Signal::Pause);
        Ok(())
    }

    fn resume(&mut self, slot: &Slot) -> Result<(), &'static str> {
        let life = self.living(slot)?;
        if !std::mem::replace(&mut life.pause_asked, false) {
            return Err("it is not paused");
        }
        let id = life.id.clone();
        self.signal(&Act::Resume, id, Signal::Resume);
        Ok(())
    }

    fn restart(&mut self, slot: &Slot) -> Result<(), &'static str> {
        if self.lives.alive_in(slot).next().is_some() {
            return Err("it is alive");
        }
        let now_us = self.now_us;
        let entry = self.lives.slots.get_mut(slot).filter(|entry| entry.desired).ok_or("it was taken out")?;
        entry.restarts_us = Some(now_us);
        self.faults.moment(now_us, &Act::Restart, slot.to_string());
        self.log.fault(now_us, format!("{slot} is started now"));
        Ok(())
    }

    /// Ends a pause whose time is over, if it goes on.
    pub(super) fn lift(&mut self, id: &LifeId) {
        if let Some(life) = self.lives.get_mut(id)
            && life.is_alive()
            && std::mem::replace(&mut life.pause_asked, false)
        {
            self.effects.push(Effect::Signal { life: id.clone(), signal: Signal::Resume });
        }
    }

    fn signal(&mut self, act: &Act, life: LifeId, signal: Signal) {
        self.faults.begin(self.now_us, act, &life);
        if signal == Signal::Terminate {
            self.log.fault(self.now_us, format!("{} is asked to end", life.slot));
        }
        self.effects.push(Effect::Signal { life, signal });
    }
}
