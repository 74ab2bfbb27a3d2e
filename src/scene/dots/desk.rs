//! Where requests are planned: at once, for pictures in files and tests, or on a thread beside the one that draws.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};

use super::planner::{Order, Planned, Planner};

/// Who plans.
#[derive(Debug)]
pub(super) enum Desk {
    /// Whoever asks.
    Here(Box<Planner>),
    /// Somebody else, with one order at a time.
    Beside { orders: SyncSender<Order>, answers: Receiver<Planned>, is_busy: bool },
}

/// Whoever planned is gone.
#[derive(Debug)]
pub(super) struct Deserted;

impl Default for Desk {
    fn default() -> Self {
        Self::Here(Box::default())
    }
}

impl Desk {
    /// What an order has led to, that was given before if somebody else plans: nobody is waited for. An error where that
    /// somebody is gone.
    pub(super) fn take(&mut self) -> Result<Option<Planned>, Deserted> {
        match self {
            Self::Here(_) => Ok(None),
            Self::Beside { answers, is_busy, .. } => match answers.try_recv() {
                Ok(planned) => {
                    *is_busy = false;
                    Ok(Some(planned))
                }
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(Deserted),
            },
        }
    }

    /// Gives an order if none is being carried out. What it has led to if that is known at once.
    pub(super) fn give(&mut self, order: impl FnOnce() -> Order) -> Option<Planned> {
        match self {
            Self::Here(planner) => Some(planner.plan(order())),
            Self::Beside { is_busy: true, .. } => None,
            Self::Beside { orders, is_busy, .. } => {
                // It has room for one. That nobody is there any more is found when the answer is asked for.
                *is_busy = orders.try_send(order()).is_ok();
                None
            }
        }
    }

    /// Whether somebody else plans.
    pub(super) fn is_beside(&self) -> bool {
        matches!(self, Self::Beside { .. })
    }

    /// Whether an answer is to come.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Beside { is_busy: true, .. })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::sync_channel;

    use super::super::tests::{advance, by_request, request, slot_of, stage, sticky};
    use super::super::{Dot, Traffic};
    use super::*;
    use crate::control::Snapshot;
    use crate::control::snapshot::{NodeState, Phase};
    use crate::scene::Picture;
    use crate::telemetry::{Cause, Outcome, TraceId};
    use crate::topology::{NodeId, Slot};

    /// Requests that are planned by somebody else, whenever the test says.
    struct Beside {
        traffic: Traffic,
        orders: Receiver<Order>,
        answers: SyncSender<Planned>,
        planner: Planner,
    }

    impl Beside {
        fn new() -> Self {
            let ((given, orders), (answers, taken)) = (sync_channel(1), sync_channel(1));
            let mut traffic = Traffic::default();
            traffic.plan_beside(given, taken);
            Self { traffic, orders, answers, planner: Planner::default() }
        }

        /// Carries out the order that was given. Whether there was one.
        fn carry_out(&mut self) -> bool {
            let order = self.orders.try_recv();
            order.map(|order| self.answers.send(self.planner.plan(order)).unwrap()).is_ok()
        }
    }

    #[test]
    fn what_is_planned_beside_is_drawn_like_what_is_planned_here() {
        let outcomes = [Outcome::Ok, Outcome::Failed(Cause::Refused), Outcome::Failed(Cause::UnknownSession)];
        let (mut here, mut beside, stage) = (Traffic::default(), Beside::new(), stage());
        let mut seen = 0;
        for display_us in (0..6_000_000_u64).step_by(16_000) {
            // A request becomes known a little before it sets out.
            let trace = u128::from(display_us) + 1;
            let spans = request(trace, display_us + 50_000, outcomes[trace as usize % 3]);
            here.enter(spans.clone());
            beside.traffic.enter(spans);
            advance(&mut here, &stage, display_us);
            advance(&mut beside.traffic, &stage, display_us);
            beside.carry_out();
            let (here, beside) = (here.dots(&stage, display_us), beside.traffic.dots(&stage, display_us));
            assert_eq!(by_request(&beside.dots), by_request(&here.dots), "at {display_us}");
            seen += beside.dots.len();
        }
        assert!(seen > 10_000, "{seen}");
    }

    #[test]
    fn a_slow_planner_is_waited_for_by_nobody_and_what_it_says_of_an_earlier_run_is_not_drawn() {
        let (mut beside, stage) = (Beside::new(), stage());
        beside.traffic.enter(request(1, 0, Outcome::Ok));
        advance(&mut beside.traffic, &stage, 0);
        assert!(beside.traffic.is_empty() && beside.traffic.is_busy());
        // Another run begins while the planner is at it.
        beside.traffic.forget();
        beside.traffic.enter(request(2, 90_000, Outcome::Ok));
        advance(&mut beside.traffic, &stage, 90_000);
        for display_us in [100_000, 110_000] {
            assert!(beside.carry_out(), "at {display_us}");
            advance(&mut beside.traffic, &stage, display_us);
        }
        let traces: Vec<TraceId> = beside.traffic.dots(&stage, 110_000).dots.iter().map(Dot::trace).collect();
        assert_eq!(traces, [TraceId(2)]);
    }

    #[test]
    fn at_rest_nobody_is_asked_to_plan_anything_and_ways_are_numbered_anew() {
        let (mut beside, stage) = (Beside::new(), stage());
        for round in 0..3_u64 {
            let begin_us = round * 20_000_000;
            beside.traffic.enter(request(u128::from(round) + 1, begin_us, Outcome::Ok));
            let (mut orders, mut seen) = (0, 0);
            for display_us in (begin_us..begin_us + 12_000_000).step_by(16_000) {
                advance(&mut beside.traffic, &stage, display_us);
                orders += usize::from(beside.carry_out());
                seen += beside.traffic.dots(&stage, display_us).dots.len();
            }
            assert!(seen > 50 && !beside.traffic.is_busy(), "round {round}: {seen} dots");
            // The request and, once it was counted out, that its ways are nobody's any more.
            assert!(orders <= 3, "round {round}: {orders} orders");
        }
    }

    #[test]
    fn of_what_a_planner_does_not_take_the_oldest_is_given_up_and_counted() {
        let mut beside = Beside::new();
        for _ in 0..3 {
            beside.traffic.enter(vec![request(1, 0, Outcome::Ok).remove(0); 100_000]);
        }
        assert_eq!(beside.traffic.undrawn(), 100_000);
    }

    #[test]
    fn when_whoever_plans_is_gone_the_requests_that_come_are_planned_here() {
        let (Beside { mut traffic, orders, answers, .. }, stage) = (Beside::new(), stage());
        traffic.enter(request(1, 0, Outcome::Ok));
        advance(&mut traffic, &stage, 0);
        drop((orders, answers));
        traffic.enter(request(2, 90_000, Outcome::Ok));
        for display_us in [20_000, 40_000, 100_000] {
            advance(&mut traffic, &stage, display_us);
        }
        let traces: Vec<TraceId> = traffic.dots(&stage, 110_000).dots.iter().map(Dot::trace).collect();
        assert_eq!(traces, [TraceId(2)]);
    }

    #[test]
    fn what_is_found_of_a_snapshot_beside_is_what_is_found_here_and_cards_grow_when_it_is_shown() {
        let ((given, orders), (answers, taken)) = (sync_channel(1), sync_channel(1));
        let (mut picture, mut here) = (Picture::planned_beside(given, taken), Picture::default());
        let (preset, mut planner, mut found) = (sticky(), Planner::default(), 0);
        for step in 1..=60_u64 {
            // Half a second after the begin there is a fourth replica.
            let snapshot = running(step * 50_000, if step < 10 { 3 } else { 4 });
            picture.advance(Arc::clone(&snapshot), Vec::new(), 0.05);
            here.advance(snapshot, Vec::new(), 0.05);
            picture.draw(&preset);
            here.draw(&preset);
            if let Ok(order) = orders.try_recv() {
                let planned = planner.plan(order);
                found += planned.lives.len();
                answers.send(planned).unwrap();
            }
            let shop: NodeId = "shop".parse().unwrap();
            let cells = |picture: &Picture| picture.stage.card(&shop).map(|card| card.cells.len());
            assert_eq!(cells(&picture), cells(&here), "at {step}");
            for slot in 1..=4 {
                let slot = Slot::new(shop.clone(), slot);
                assert_eq!(picture.cell(&slot), here.cell(&slot), "{slot} at {step}");
            }
        }
        assert!(found > 50, "{found}");
        assert_eq!(picture.stage.card(&"shop".parse().unwrap()).map(|card| card.cells.len()), Some(4));
    }

    fn running(now_us: u64, replicas: u32) -> Arc<Snapshot> {
        let slots = (1..=replicas).map(|slot| slot_of(&format!("shop.{slot}#1"))).collect();
        let nodes = vec![NodeState { id: "shop".parse().unwrap(), slots }];
        Arc::new(Snapshot { phase: Phase::Running, now_us, nodes, ..Snapshot::default() })
    }
}
