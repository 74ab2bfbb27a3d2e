//! Properties of the balancer that the sessions' figures rest on.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::topology::Slot;
use crate::wire::Endpoint;

fn life(slot: u32, life: u32) -> LifeId {
    LifeId { slot: Slot::new("shop".parse().unwrap(), slot), life }
}

fn endpoint(slot: u32, state: EndpointState) -> Endpoint {
    Endpoint { life: life(slot, 1), address: SocketAddr::from(([127, 0, 0, 1], 4000 + slot as u16)), state }
}

fn upstream(states: &[EndpointState]) -> Upstream {
    Upstream {
        node: "shop".parse().unwrap(),
        modules: Vec::new(),
        endpoints: (1..).zip(states).map(|(slot, state)| endpoint(slot, *state)).collect(),
        slots: states.len() as u32,
    }
}

fn balancer(policy: Policy, states: &[EndpointState]) -> Balancer {
    let mut balancer = Balancer::new(policy, 7);
    balancer.update(&upstream(states));
    balancer
}

fn any_states() -> impl Strategy<Value = Vec<EndpointState>> {
    use EndpointState::{Draining, Ready, Unready};
    prop::collection::vec(prop::sample::select(vec![Ready, Ready, Unready, Draining]), 1..9)
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop::sample::select(vec![Policy::RoundRobin, Policy::LeastRequests, Policy::Random, Policy::P2cEwma])
}

#[test]
fn thirty_requests_over_three_replicas_are_ten_each_whatever_sticks_in_between() {
    let mut balancer = balancer(Policy::RoundRobin, &[EndpointState::Ready; 3]);
    let mut counts: BTreeMap<LifeId, u32> = BTreeMap::new();
    for request in 0..30 {
        let picked = balancer.pick(&[], 0).unwrap();
        balancer.begin(&picked.life);
        *counts.entry(picked.life).or_default() += 1;
        for _ in 0..request % 4 {
            assert!(balancer.life(&life(2, 1)).is_some() && balancer.slot(3).is_some());
            balancer.begin(&life(2, 1));
            balancer.pick_by_key(b"key", &[]);
        }
    }
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [10, 10, 10]);
}

#[test]
fn a_new_list_keeps_what_is_known_of_lives_that_stay_and_names_those_that_leave() {
    let mut balancer = balancer(Policy::RoundRobin, &[EndpointState::Ready; 3]);
    balancer.begin(&life(1, 1));
    assert!(balancer.eject(&life(1, 1)) && !balancer.eject(&life(1, 1)));
    let mut list = upstream(&[EndpointState::Ready; 3]);
    list.endpoints.remove(1);
    assert_eq!(balancer.update(&list), [life(2, 1)]);
    let kept = balancer.life(&life(1, 1)).unwrap();
    assert!(kept.ejected && kept.in_flight == 1);
    list.endpoints.remove(0);
    assert_eq!(balancer.update(&list), [], "an ejected life was given up before");
    assert!(!balancer.readmit(&life(1, 1)), "what is off the list cannot come back");
}

#[test]
fn the_slot_of_a_replaced_life_is_the_life_that_takes_requests() {
    let mut balancer = balancer(Policy::RoundRobin, &[EndpointState::Draining]);
    let mut list = upstream(&[EndpointState::Draining]);
    list.endpoints.push(Endpoint { life: life(1, 2), ..endpoint(1, EndpointState::Ready) });
    balancer.update(&list);
    assert_eq!(balancer.slot(1).unwrap().life, life(1, 2));
}

/// What each of three replicas gets of two thousand requests that come one every millisecond on average, when the first
/// takes `slow_us` for each and the others two milliseconds. A replica works on any number at once.
fn shares(policy: Policy, seed: u64, slow_us: u64) -> [usize; 3] {
    let mut balancer = Balancer::new(policy, seed);
    balancer.update(&upstream(&[EndpointState::Ready; 3]));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ 1);
    let mut ends: BTreeMap<(u64, usize), (LifeId, u64)> = BTreeMap::new();
    let (mut now_us, mut shares) = (0, [0; 3]);
    for request in 0..2_000 {
        let draw: f64 = random.random();
        now_us += (-1_000.0 * (1.0 - draw).ln()) as u64;
        let later = ends.split_off(&(now_us, 0));
        for ((end_us, _), (life, took_us)) in std::mem::replace(&mut ends, later) {
            balancer.end(&life, Ended { now_us: end_us, took_us, failed: false });
        }
        let life = balancer.pick(&[], now_us).unwrap().life;
        balancer.begin(&life);
        let index = life.slot.index as usize - 1;
        shares[index] += 1;
        let took_us = if index == 0 { slow_us } else { 2_000 };
        ends.insert((now_us + took_us, request), (life, took_us));
    }
    shares
}

#[test]
fn of_two_choices_the_slow_replica_gets_much_less_than_its_share() {
    for seed in 0..50 {
        let slow = shares(Policy::P2cEwma, seed, 40_000);
        assert!(slow[0] < 200, "seed {seed}: {slow:?}");
        let (least, most) = (slow[1].min(slow[2]), slow[1].max(slow[2]));
        assert!(most < least * 3 / 2, "seed {seed}: {slow:?}");
        let even = shares(Policy::P2cEwma, seed, 2_000);
        assert!(even.iter().all(|&share| (450..900).contains(&share)), "seed {seed}: {even:?}");
        assert!(shares(Policy::RoundRobin, seed, 40_000)[0] > 650, "what the test can tell apart");
    }
}

/// What each of three replicas gets of thirty requests that come one after the other, as the first ones of users do. The
/// first replica's first answer takes `cold_us`, all others two milliseconds or a little more.
fn firsts(seed: u64, cold_us: u64) -> [usize; 3] {
    let mut balancer = Balancer::new(Policy::P2cEwma, seed);
    balancer.update(&upstream(&[EndpointState::Ready; 3]));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ 1);
    let mut shares = [0; 3];
    for now_us in (0..30).map(|request| request * 70_000) {
        let life = balancer.pick(&[], now_us).unwrap().life;
        balancer.begin(&life);
        let index = life.slot.index as usize - 1;
        shares[index] += 1;
        let is_cold = index == 0 && shares[0] == 1;
        let took_us = if is_cold { cold_us } else { random.random_range(2_000..4_000) };
        balancer.end(&life, Ended { now_us: now_us + took_us, took_us, failed: false });
    }
    shares
}

#[test]
fn one_answer_that_was_a_little_late_does_not_keep_users_away() {
    let sum = |cold_us| {
        (0..50).map(|seed| firsts(seed, cold_us)).reduce(|sum, one| [0, 1, 2].map(|at| sum[at] + one[at])).unwrap()
    };
    let even = sum(9_000);
    assert!(even.iter().all(|share| (420..580).contains(share)), "of 1500: {even:?}");
    let slow = sum(60_000);
    assert!(slow[0] < 150, "of 1500: {slow:?}");
}

#[test]
fn a_replica_that_owes_answers_gets_few_requests_however_long_it_takes() {
    for seed in 0..20 {
        let hung = shares(Policy::P2cEwma, seed, 3_600_000_000);
        assert!(hung[0] < 100, "seed {seed}: {hung:?}");
    }
}

proptest! {
    #[test]
    fn what_is_ejected_tried_or_not_ready_is_never_picked(
        states in any_states(), policy in any_policy(), ejected in 1_u32..9, tried in 1_u32..9,
    ) {
        let mut balancer = balancer(policy, &states);
        balancer.eject(&life(ejected, 1));
        let tried = [life(tried, 1)];
        let may: Vec<LifeId> = balancer
            .replicas()
            .iter()
            .filter(|r| r.state == EndpointState::Ready && !r.ejected && r.life != tried[0])
            .map(|r| r.life.clone())
            .collect();
        for _ in 0..20 {
            let picked = balancer.pick(&tried, 0).map(|picked| picked.life);
            prop_assert!(picked.as_ref().map_or(may.is_empty(), |life| may.contains(life)));
        }
    }

    #[test]
    fn round_robin_is_even_over_the_ready_ones(states in any_states(), rounds in 1_u32..6) {
        let mut balancer = balancer(Policy::RoundRobin, &states);
        let ready = states.iter().filter(|state| **state == EndpointState::Ready).count();
        let mut counts: BTreeMap<LifeId, u32> = BTreeMap::new();
        for _ in 0..rounds * ready as u32 {
            *counts.entry(balancer.pick(&[], 0).unwrap().life).or_default() += 1;
        }
        prop_assert_eq!(counts.len(), ready);
        prop_assert!(counts.values().all(|count| *count == rounds));
    }

    #[test]
    fn least_requests_picks_a_minimum(loads in prop::collection::vec(0_u32..5, 1..6)) {
        let mut balancer = balancer(Policy::LeastRequests, &vec![EndpointState::Ready; loads.len()]);
        for (slot, load) in (1..).zip(&loads) {
            (0..*load).for_each(|_| balancer.begin(&life(slot, 1)));
        }
        let picked = balancer.pick(&[], 0).unwrap();
        prop_assert_eq!(Some(loads[picked.life.slot.index as usize - 1]), loads.iter().min().copied());
    }

    #[test]
    fn a_removed_slot_moves_only_its_own_keys(slots in 2_usize..8, removed in 0_usize..8, keys in 1_u32..60) {
        let removed = removed % slots;
        let mut list = upstream(&vec![EndpointState::Ready; slots]);
        let mut balancer = balancer(Policy::RoundRobin, &vec![EndpointState::Ready; slots]);
        let keys: Vec<[u8; 4]> = (0..keys).map(u32::to_be_bytes).collect();
        let before: Vec<LifeId> = keys.iter().map(|key| balancer.pick_by_key(key, &[]).unwrap().life).collect();
        let gone = list.endpoints.remove(removed).life;
        balancer.update(&list);
        for (key, before) in keys.iter().zip(before) {
            prop_assert_eq!(balancer.home_slot(key), before.slot.index);
            let after = balancer.pick_by_key(key, &[]).unwrap().life;
            prop_assert_eq!(after == before, before != gone);
        }
    }
}
