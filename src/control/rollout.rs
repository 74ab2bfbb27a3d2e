//! One new release on its way into a node, as a pure state machine: it looks at the replicas and says what is next. It
//! never starts or ends anything itself, and never asks what a release contains.

use std::collections::BTreeMap;

use crate::topology::{LifeId, Slot, Strategy};

/// A new life that crashed this often before it was ready makes the deploy stuck.
const FAILED_STARTS: u32 = 3;
/// The pause before a crashed start is tried again, which doubles with each further crash.
const FIRST_RETRY_US: u64 = 500_000;
/// How long the first replica of a canary is watched.
const WATCH_US: u64 = 5_000_000;
/// A canary with fewer attempts than this says nothing about errors, so it is watched for longer.
const ENOUGH: u64 = 20;
/// At most so many times.
const LONGEST_WATCH: u64 = 3;
/// How much larger the failed share may be than the old replicas', before a canary counts as worse.
const WORSE: f64 = 0.05;

/// A release on its way.
#[derive(Debug)]
pub(super) struct Rollout {
    /// The release that replicas leave.
    pub(super) from: u32,
    /// The release that they get.
    pub(super) to: u32,
    strategy: Strategy,
    stage: Stage,
    /// How often a life of the new release crashed before it was ready, slot by slot.
    failed_starts: BTreeMap<Slot, u32>,
    /// The crash that was counted last in each slot.
    counted: BTreeMap<Slot, LifeId>,
    /// Whether a canary is still to be watched.
    to_watch: bool,
    /// Why it goes back to where it came from, once it does.
    pub(super) back: Option<String>,
}

#[derive(Debug, Clone)]
enum Stage {
    /// The next replica is chosen.
    Next,
    /// A life of the new release starts in this slot, beside the old one where that lives.
    Starts(Slot),
    /// The old life of this slot ends.
    Ends(Slot),
    /// The first replica is watched.
    Watches { since_us: u64, from: Figures },
    /// Every old life ends.
    AllEnd,
    /// Every new life starts.
    AllStart,
}

/// What was counted of a node's replicas so far, by release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// Lives of the new release that crashed.
    pub(super) crashed: u64,
    /// What was sent to the new release.
    pub(super) new: Tally,
    /// What was sent to others.
    pub(super) old: Tally,
}

/// Attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) sent: u64,
    pub(super) failed: u64,
}

impl Tally {
    fn since(self, earlier: Self) -> Self {
        Self { sent: self.sent.saturating_sub(earlier.sent), failed: self.failed.saturating_sub(earlier.failed) }
    }

    fn share(self) -> Option<f64> {
        (self.sent > 0).then(|| self.failed as f64 / self.sent as f64)
    }
}

/// A node at one moment, as far as a rollout goes.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) now_us: u64,
    /// The slots that are wanted, in order.
    pub(super) places: Vec<Place>,
    /// Whether a slot has room for two lives. A stable address has not.
    pub(super) surge: bool,
    pub(super) figures: Figures,
}

/// A slot.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) slot: Slot,
    /// The release of the lives that it gets from now on.
    pub(super) due: u32,
    /// The lives that have not ended.
    pub(super) alive: Vec<Living>,
    /// The newest life, if it has ended: which, when, and whether it crashed before it was ready.
    pub(super) ended: Option<(LifeId, u64, bool)>,
}

/// A life that has not ended.
#[derive(Debug, Clone)]
pub(super) struct Living {
    pub(super) life: LifeId,
    pub(super) release: u32,
    pub(super) ready: bool,
    /// Whether it was told to end.
    pub(super) ending: bool,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// The lives that this slot gets from now on are of this release.
    Give(Slot, u32),
    /// Begin the slot's next life now.
    Begin(Slot),
    /// Let this life finish what it has and end.
    End(LifeId),
    /// Tell people.
    Say(String),
}

/// What comes next.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Nothing, for now.
    Wait,
    /// This; then look again.
    Do(Vec<Order>),
    /// It is over.
    Over(End, Vec<Order>),
}

/// How a rollout ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Every replica is on the release that was wanted.
    Done,
    /// A new life never became ready.
    Stuck {
        /// How often it crashed on start.
        crashes: u32,
    },
}

impl Rollout {
    pub(super) fn new(from: u32, to: u32, strategy: Strategy) -> Self {
        let stage = if strategy == Strategy::Recreate { Stage::AllEnd } else { Stage::Next };
        Self {
            from,
            to,
            strategy,
            stage,
            failed_starts: BTreeMap::new(),
            counted: BTreeMap::new(),
            to_watch: strategy == Strategy::Canary,
            back: None,
        }
    }

    /// Whether it decides when the next life of this slot begins.
    pub(super) fn decides(&self, slot: &Slot) -> bool {
        match &self.stage {
            Stage::Starts(of) => of == slot,
            Stage::AllEnd | Stage::AllStart => true,
            Stage::Next | Stage::Ends(_) | Stage::Watches { .. } => false,
        }
    }

    /// What it does now, in words.
    pub(super) fn words(&self) -> String {
        match &self.stage {
            Stage::Next => "the next replica follows".to_owned(),
            Stage::Starts(slot) => format!("{slot} starts anew"),
            Stage::Ends(slot) => format!("{slot} drains its old life"),
            Stage::Watches { .. } => "the first replica is watched".to_owned(),
            Stage::AllEnd => "all old replicas end".to_owned(),
            Stage::AllStart => "all new replicas start".to_owned(),
        }
    }

    /// What comes next.
    pub(super) fn step(&mut self, look: &Look) -> Next {
        match self.stage.clone() {
            Stage::Next => self.choose(look),
            Stage::Starts(slot) => self.start(look, &slot),
            Stage::Ends(slot) => self.end(look, &slot),
            Stage::Watches { since_us, from } => self.watch(look, since_us, from),
            Stage::AllEnd => self.end_all(look),
            Stage::AllStart => self.start_all(look),
        }
    }

    /// Goes back to where it came from, one replica after the other.
    pub(super) fn turn_back(&mut self, why: String, look: &Look) -> Vec<Order> {
        (self.from, self.to) = (self.to, self.from);
        self.strategy = Strategy::Rolling;
        self.to_watch = false;
        self.failed_starts.clear();
        self.back = Some(why);
        let mut orders = Vec::new();
        // What has only begun to start makes way for the old life beside it.
        if let Stage::Starts(slot) = std::mem::replace(&mut self.stage, Stage::Next)
            && let Some(place) = look.places.iter().find(|place| place.slot == slot)
            && place.alive.iter().any(|living| living.release == self.to && !living.ending)
        {
            orders.push(Order::Give(slot, self.to));
            let others = place.alive.iter().filter(|living| living.release != self.to);
            orders.extend(others.map(|living| Order::End(living.life.clone())));
        }
        orders
    }

    fn choose(&mut self, look: &Look) -> Next {
        let Some(place) = look.places.iter().find(|place| place.due != self.to) else {
            return Next::Over(End::Done, Vec::new());
        };
        // A slot has room for two lives: what ends there already must be gone first.
        if place.alive.len() > 1 {
            return Next::Wait;
        }
        let mut orders = vec![Order::Give(place.slot.clone(), self.to)];
        if look.surge || place.alive.is_empty() {
            self.stage = Stage::Starts(place.slot.clone());
            orders.push(Order::Begin(place.slot.clone()));
        } else {
            self.stage = Stage::Ends(place.slot.clone());
            orders.extend(ends(place, |_| true));
        }
        Next::Do(orders)
    }

    fn start(&mut self, look: &Look, slot: &Slot) -> Next {
        let Some(place) = look.places.iter().find(|place| place.slot == *slot) else {
            return self.go_on(Stage::Next, Vec::new());
        };
        match place.alive.iter().rfind(|living| living.release == self.to && !living.ending) {
            Some(new) if new.ready && place.alive.len() == 1 => self.moved(look, slot),
            Some(new) if new.ready => self.go_on(Stage::Ends(slot.clone()), ends(place, |old| old.life != new.life)),
            Some(_) => Next::Wait,
            None => match self.try_again(look.now_us, place) {
                Ok(next) => next,
                Err(crashes) => {
                    let mut orders = vec![Order::Give(slot.clone(), self.from)];
                    if place.alive.is_empty() {
                        orders.push(Order::Begin(slot.clone()));
                    }
                    Next::Over(End::Stuck { crashes }, orders)
                }
            },
        }
    }

    /// Begins a slot's new life again after a pause; an error, with how often it crashed, when that was too often.
    fn try_again(&mut self, now_us: u64, place: &Place) -> Result<Next, u32> {
        // One that was made to end while it started must be gone before the next.
        if place.alive.iter().any(|living| living.release == self.to) {
            return Ok(Next::Wait);
        }
        let crashes = self.failed_starts.entry(place.slot.clone()).or_default();
        let Some((life, ended_us, crashed)) = &place.ended else {
            return Ok(Next::Do(vec![Order::Begin(place.slot.clone())]));
        };
        if *crashed && self.counted.get(&place.slot) != Some(life) {
            self.counted.insert(place.slot.clone(), life.clone());
            *crashes += 1;
        }
        if *crashes >= FAILED_STARTS {
            return Err(*crashes);
        }
        let pause_us = if *crashes == 0 { 0 } else { FIRST_RETRY_US << (*crashes - 1) };
        let is_due = now_us >= ended_us.saturating_add(pause_us);
        Ok(if is_due { Next::Do(vec![Order::Begin(place.slot.clone())]) } else { Next::Wait })
    }

    fn end(&mut self, look: &Look, slot: &Slot) -> Next {
        let Some(place) = look.places.iter().find(|place| place.slot == *slot) else {
            return self.go_on(Stage::Next, Vec::new());
        };
        if place.alive.iter().any(|living| living.release != self.to) {
            return Next::Wait;
        }
        if look.surge || place.alive.iter().any(|living| living.ready) {
            return self.moved(look, slot);
        }
        let begin = place.alive.is_empty().then(|| Order::Begin(slot.clone()));
        self.go_on(Stage::Starts(slot.clone()), begin.into_iter().collect())
    }

    /// A slot has changed over; what crashed since is for the node's own rule.
    fn moved(&mut self, look: &Look, slot: &Slot) -> Next {
        if std::mem::take(&mut self.to_watch) {
            let words = format!("{slot} is the canary: it is watched for {} s", WATCH_US / 1_000_000);
            let stage = Stage::Watches { since_us: look.now_us, from: look.figures };
            return self.go_on(stage, vec![Order::Say(words)]);
        }
        self.go_on(Stage::Next, Vec::new())
    }

    fn watch(&mut self, look: &Look, since_us: u64, from: Figures) -> Next {
        let crashed = look.figures.crashed.saturating_sub(from.crashed);
        let new = look.figures.new.since(from.new);
        let old = look.figures.old.since(from.old).share().or(look.figures.old.share()).unwrap_or_default();
        let watched_us = look.now_us.saturating_sub(since_us);
        let worse = if crashed > 0 {
            Some("the canary crashed".to_owned())
        } else {
            let share = new.share().filter(|share| new.sent >= ENOUGH && *share > old + WORSE);
            share.map(|share| {
                format!("{:.0} % of the canary's requests failed, {:.0} % of the others'", share * 100.0, old * 100.0)
            })
        };
        if let Some(why) = worse {
            let mut orders = self.turn_back(why.clone(), look);
            orders.push(Order::Say(format!("{why}: it goes back")));
            return Next::Do(orders);
        }
        let is_enough = watched_us >= WATCH_US && (new.sent >= ENOUGH || watched_us >= WATCH_US * LONGEST_WATCH);
        if !is_enough {
            return Next::Wait;
        }
        let share = new.share().unwrap_or_default() * 100.0;
        let words =
            format!("the canary does no worse: {share:.0} % of {} requests failed; the others follow", new.sent);
        self.go_on(Stage::Next, vec![Order::Say(words)])
    }

    fn end_all(&mut self, look: &Look) -> Next {
        let given = look.places.iter().all(|place| place.due == self.to);
        if !given {
            let give = look.places.iter().map(|place| Order::Give(place.slot.clone(), self.to));
            return Next::Do(give.chain(look.places.iter().flat_map(|place| ends(place, |_| true))).collect());
        }
        if look.places.iter().flat_map(|place| &place.alive).any(|living| living.release != self.to) {
            return Next::Wait;
        }
        let idle = look.places.iter().filter(|place| place.alive.is_empty());
        let begin = idle.map(|place| Order::Begin(place.slot.clone())).collect();
        self.go_on(Stage::AllStart, begin)
    }

    fn start_all(&mut self, look: &Look) -> Next {
        let mut orders = Vec::new();
        let mut waits = false;
        for place in &look.places {
            if place.alive.iter().any(|living| living.ready) {
                continue;
            }
            waits = true;
            if place.alive.is_empty() {
                match self.try_again(look.now_us, place) {
                    Ok(Next::Do(begin)) => orders.extend(begin),
                    Ok(_) => {}
                    Err(crashes) => return Next::Over(End::Stuck { crashes }, Vec::new()),
                }
            }
        }
        match (waits, orders.is_empty()) {
            (false, _) => Next::Over(End::Done, Vec::new()),
            (true, true) => Next::Wait,
            (true, false) => Next::Do(orders),
        }
    }

    fn go_on(&mut self, stage: Stage, orders: Vec<Order>) -> Next {
        self.stage = stage;
        Next::Do(orders)
    }
}

/// Orders that end lives of a slot which do not end yet.
fn ends(place: &Place, which: impl Fn(&Living) -> bool) -> Vec<Order> {
    let ending = place.alive.iter().filter(|living| !living.ending && which(living));
    ending.map(|living| Order::End(living.life.clone())).collect()
}

#[cfg(test)]
mod tests;
