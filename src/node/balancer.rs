//! Which replica of one upstream node gets the next request. Pure: no IO, no clock, no runtime; whoever sends tells it
//! the time and what came of it. It never sends to a life that is not on the list it was given last.

use std::net::SocketAddr;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::topology::{LifeId, Policy};
use crate::wire::{EndpointState, Upstream};

mod peak_ewma;
#[cfg(test)]
mod tests;

use peak_ewma::PeakEwma;

/// Differences between answers that say nothing of the replicas, in microseconds: on a machine that many processes share
/// one waits that long for a processor, and the first answer of a process takes longer.
const NOISE_US: f64 = 10e3;

/// Chooses among the replicas of one upstream node.
#[derive(Debug)]
pub(crate) struct Balancer {
    policy: Policy,
    replicas: Vec<Replica>,
    slots: u32,
    /// The slot chosen last: the rotation goes on behind it, also when the list has changed meanwhile.
    last_slot: u32,
    random: Xoshiro256PlusPlus,
}

/// A replica as the balancer knows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Replica {
    /// Which life.
    pub(crate) life: LifeId,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Whether it takes requests, as the app knows it.
    pub(crate) state: EndpointState,
    /// Whether it was given up because of what the sender itself saw.
    pub(crate) ejected: bool,
    /// Requests begun and not ended.
    pub(crate) in_flight: u32,
    /// How long it took of late.
    latency: PeakEwma,
}

impl Replica {
    /// Whether it may get a request that nothing ties to it.
    pub(crate) fn takes_new(&self) -> bool {
        self.state == EndpointState::Ready && !self.ejected
    }

    /// Where to send.
    pub(crate) fn picked(&self) -> Picked {
        Picked { life: self.life.clone(), address: self.address }
    }
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picked {
    /// The life to send to.
    pub(crate) life: LifeId,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// The end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// When, in microseconds of run time.
    pub(crate) now_us: u64,
    /// How long it took, in microseconds.
    pub(crate) took_us: u64,
    /// Whether it got no answer, or one that says that the replica could not.
    pub(crate) failed: bool,
}

impl Balancer {
    /// A balancer without replicas. `seed` decides what is left to chance.
    pub(crate) fn new(policy: Policy, seed: u64) -> Self {
        let random = Xoshiro256PlusPlus::seed_from_u64(seed);
        Self { policy, replicas: Vec::new(), slots: 0, last_slot: 0, random }
    }

    /// Chooses differently from now on.
    pub(crate) fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// Takes a new list. Lives that stay keep what is known of them. Answers with the lives that
    /// left without having been ejected: those are given up now.
    pub(crate) fn update(&mut self, upstream: &Upstream) -> Vec<LifeId> {
        let mut old = std::mem::take(&mut self.replicas);
        for endpoint in &upstream.endpoints {
            let known = old.iter().position(|replica| replica.life == endpoint.life).map(|at| old.swap_remove(at));
            self.replicas.push(Replica {
                life: endpoint.life.clone(),
                address: endpoint.address,
                state: endpoint.state,
                ejected: known.as_ref().is_some_and(|replica| replica.ejected),
                in_flight: known.as_ref().map_or(0, |replica| replica.in_flight),
                latency: known.map_or_else(PeakEwma::default, |replica| replica.latency),
            });
        }
        self.replicas.sort_by_key(|replica| (replica.life.slot.index, replica.life.life));
        let highest = self.replicas.last().map_or(0, |replica| replica.life.slot.index);
        self.slots = upstream.slots.max(highest);
        old.into_iter().filter(|replica| !replica.ejected).map(|replica| replica.life).collect()
    }

    /// Chooses by the policy among the lives that are ready, not ejected and not in `tried`.
    pub(crate) fn pick(&mut self, tried: &[LifeId], now_us: u64) -> Option<Picked> {
        let at = match self.policy {
            Policy::RoundRobin => self.in_rotation(tried, |_| 0),
            Policy::LeastRequests => self.in_rotation(tried, |replica| replica.in_flight),
            Policy::Random => self.by_chance(|replica| may_get(replica, tried)),
            Policy::P2cEwma => self.better_of_two(tried, now_us),
        }?;
        let replica = &self.replicas[at];
        self.last_slot = replica.life.slot.index;
        Some(replica.picked())
    }

    /// The candidate with the lowest `cost`; among equals the first behind the slot chosen last, so that equals take
    /// turns.
    fn in_rotation(&self, tried: &[LifeId], cost: impl Fn(&Replica) -> u32) -> Option<usize> {
        let behind = |replica: &Replica| replica.life.slot.index <= self.last_slot;
        let candidates = self.replicas.iter().enumerate().filter(|(_, replica)| may_get(replica, tried));
        candidates.min_by_key(|(at, replica)| (cost(replica), behind(replica), *at)).map(|(at, _)| at)
    }

    /// The place of one candidate, by chance.
    fn by_chance(&mut self, may: impl Fn(&Replica) -> bool) -> Option<usize> {
        let count = self.replicas.iter().filter(|replica| may(replica)).count();
        let chosen = if count > 1 { self.random.random_range(0..count) } else { 0 };
        (0..self.replicas.len()).filter(|&at| may(&self.replicas[at])).nth(chosen)
    }

    /// The power of two choices (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10),
    /// 2001): of two candidates drawn by chance, the one with the lower cost. Two instead of all keep queues nearly as
    /// short, and keep several senders with one view from rushing to one replica. The cost is [`PeakEwma`].
    ///
    /// Of two with as many requests in flight the first stays, unless the second is faster by more than [`NOISE_US`]:
    /// else a quiet system would avoid, for as long as it remembers one answer, whoever was a little slow at first, and
    /// users who are tied by a cookie stay where their first request went.
    fn better_of_two(&mut self, tried: &[LifeId], now_us: u64) -> Option<usize> {
        let first = self.by_chance(|replica| may_get(replica, tried))?;
        let taken = self.replicas[first].life.clone();
        let second = self.by_chance(|replica| may_get(replica, tried) && replica.life != taken);
        let cost = |at: usize| self.replicas[at].latency.cost(self.replicas[at].in_flight, now_us);
        let in_flight = |at: usize| self.replicas[at].in_flight;
        let noise = |second: usize| if in_flight(second) == in_flight(first) { NOISE_US } else { 0.0 };
        Some(second.filter(|&second| cost(second) + noise(second) < cost(first)).unwrap_or(first))
    }

    /// Chooses by rendezvous hashing (Thaler and Ravishankar, 1998) over the slots: the same key gets the same slot for
    /// as long as that slot has a life, and a slot that goes away moves only its own keys. A key ties its sender to the
    /// replica, so one that is draining or unready is still chosen; ejected and `tried` ones are not.
    pub(crate) fn pick_by_key(&mut self, key: &[u8], tried: &[LifeId]) -> Option<Picked> {
        let key = fnv1a(key);
        let candidates = self.replicas.iter().filter(|replica| !replica.ejected && !tried.contains(&replica.life));
        candidates
            .max_by_key(|replica| {
                let ready = replica.state == EndpointState::Ready;
                (weight(key, replica.life.slot.index), ready, replica.life.life)
            })
            .map(Replica::picked)
    }

    /// The slot that a key belongs to, whether or not that slot has a life. From 1; 0 without slots.
    pub(crate) fn home_slot(&self, key: &[u8]) -> u32 {
        let key = fnv1a(key);
        (1..=self.slots).max_by_key(|&slot| weight(key, slot)).unwrap_or(0)
    }

    /// What is known of a life; `None` when it is not on the list.
    pub(crate) fn life(&self, life: &LifeId) -> Option<&Replica> {
        self.replicas.iter().find(|replica| replica.life == *life)
    }

    /// The life that fills a slot: while the slot changes hands, the one that takes requests.
    pub(crate) fn slot(&self, index: u32) -> Option<&Replica> {
        let of_slot = self.replicas.iter().filter(|replica| replica.life.slot.index == index);
        of_slot.max_by_key(|replica| (replica.takes_new(), !replica.ejected, replica.life.life))
    }

    /// All replicas, by slot.
    pub(crate) fn replicas(&self) -> &[Replica] {
        &self.replicas
    }

    /// A request goes to this life.
    pub(crate) fn begin(&mut self, life: &LifeId) {
        if let Some(replica) = self.find(life) {
            replica.in_flight += 1;
        }
    }

    /// A request that [`Balancer::begin`] entered has ended.
    pub(crate) fn end(&mut self, life: &LifeId, ended: Ended) {
        if let Some(replica) = self.find(life) {
            replica.in_flight = replica.in_flight.saturating_sub(1);
            replica.latency.observe(ended);
        }
    }

    /// Gives a life up. `true` if it was not given up before: then it is due to say so.
    pub(crate) fn eject(&mut self, life: &LifeId) -> bool {
        self.find(life).is_some_and(|replica| !std::mem::replace(&mut replica.ejected, true))
    }

    /// Takes a life back. `true` if it was given up before.
    pub(crate) fn readmit(&mut self, life: &LifeId) -> bool {
        self.find(life).is_some_and(|replica| std::mem::replace(&mut replica.ejected, false))
    }

    fn find(&mut self, life: &LifeId) -> Option<&mut Replica> {
        self.replicas.iter_mut().find(|replica| replica.life == *life)
    }
}

fn may_get(replica: &Replica, tried: &[LifeId]) -> bool {
    replica.takes_new() && !tried.contains(&replica.life)
}

/// FNV-1a, 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How strongly a key prefers a slot: SplitMix64's finaliser over both.
fn weight(key: u64, slot: u32) -> u64 {
    let mut mixed = key ^ u64::from(slot).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
