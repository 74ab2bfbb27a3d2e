//! Service lamps: one for each operation that users ask for, lit by the real answers of the last two seconds. All out is a
//! blackout; some out, or some failing, is a brownout. Pure: looks at snapshots as they come to be shown.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::telemetry::OperationBooks;
use crate::topology::{Node, OperationId, Preset};

/// A lamp shows the answers of so long a time, in microseconds of run time.
const WINDOW_US: u64 = 2_000_000;
/// Snapshots closer together than this are looked at as one.
const GRAIN_US: u64 = 50_000;

/// One operation's lamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lamp {
    /// The operation, as `cart.add`.
    pub operation: String,
    /// What the last two seconds were like.
    pub state: LampState,
}

impl Lamp {
    /// The operation without its module, as `add`.
    pub fn name(&self) -> &str {
        self.operation.rsplit('.').next().unwrap_or(&self.operation)
    }
}

/// What the last two seconds of an operation were like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LampState {
    /// Nobody was answered.
    #[default]
    Dark,
    /// Everybody was answered well.
    Lit,
    /// Somebody was answered well; somebody else was not, or not fully.
    Brownout,
    /// Every request failed.
    Out,
}

impl LampState {
    /// The state in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Lit => "lit",
            Self::Brownout => "brownout",
            Self::Out => "out",
        }
    }
}

/// The lamps, and the counters that they are lit from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lamps {
    lamps: Vec<Lamp>,
    /// The counters at past moments, oldest first; the first is what the window is compared with.
    moments: VecDeque<Moment>,
}

#[derive(Debug, Clone, PartialEq)]
struct Moment {
    at_us: u64,
    operations: Arc<[(String, OperationBooks)]>,
}

/// Answers of one operation.
#[derive(Debug, Clone, Copy, Default)]
struct Answers {
    ok: u64,
    degraded: u64,
    failed: u64,
}

impl Lamps {
    /// The lamps, in the order in which users ask.
    pub fn lamps(&self) -> &[Lamp] {
        &self.lamps
    }

    /// Takes in a snapshot that came to be shown.
    pub fn observe(&mut self, snapshot: &Snapshot) {
        let now = Moment { at_us: snapshot.now_us, operations: Arc::clone(&snapshot.operations) };
        if self.moments.back().is_some_and(|last| now.at_us < last.at_us) {
            self.moments.clear();
        }
        let crowded = self.moments.len() >= 2 && self.moments.iter().rev().nth(1).is_some_and(|at| at.near(&now));
        match self.moments.back_mut().filter(|_| crowded) {
            Some(last) => *last = now,
            None => self.moments.push_back(now),
        }
    }

    /// Puts up one lamp for each operation that the users of this drawing ask for.
    pub fn put_up(&mut self, preset: &Preset) {
        let lamp = |operation: &OperationId| Lamp { operation: operation.to_string(), state: LampState::Dark };
        self.lamps = operations(preset).map(lamp).collect();
    }

    /// Forgets every answer: the lamps stay, dark.
    pub fn forget(&mut self) {
        self.moments.clear();
    }

    /// Lights the lamps as they are at this moment.
    pub fn light(&mut self, display_us: u64) {
        let begin_us = display_us.saturating_sub(WINDOW_US);
        while self.moments.get(1).is_some_and(|second| second.at_us <= begin_us) {
            self.moments.pop_front();
        }
        let mut lamps = std::mem::take(&mut self.lamps);
        for lamp in &mut lamps {
            lamp.state = self.state(&lamp.operation);
        }
        self.lamps = lamps;
    }

    fn state(&self, operation: &str) -> LampState {
        let at = |moment: Option<&Moment>| moment.map_or_else(Answers::default, |moment| moment.answers(operation));
        // A run is looked at from its beginning, so what the first moment has is old only once another came after it.
        let (first, last) = (at(self.moments.front()), at(self.moments.back()));
        let (ok, degraded) = (last.ok.saturating_sub(first.ok), last.degraded.saturating_sub(first.degraded));
        let failed = last.failed.saturating_sub(first.failed);
        match (ok, failed) {
            (0, 0) => LampState::Dark,
            (0, _) => LampState::Out,
            (_, 0) if degraded == 0 => LampState::Lit,
            _ => LampState::Brownout,
        }
    }
}

impl Moment {
    fn near(&self, later: &Self) -> bool {
        later.at_us.saturating_sub(self.at_us) < GRAIN_US
    }

    fn answers(&self, operation: &str) -> Answers {
        let books = self.operations.iter().find(|(name, _)| name == operation).map(|(_, books)| books);
        books.map_or_else(Answers::default, |books| Answers {
            ok: books.ok,
            degraded: books.degraded,
            failed: books.failed_total() + books.timed_out,
        })
    }
}

/// What the users of a drawing ask for, each once, in their order.
fn operations(preset: &Preset) -> impl Iterator<Item = &OperationId> {
    let mut known: Vec<&OperationId> = Vec::new();
    for users in preset.topology.nodes().filter_map(Node::users) {
        for operation in users.start.iter().chain(&users.journey) {
            if !known.contains(&operation) {
                known.push(operation);
            }
        }
    }
    known.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Cause;
    use crate::topology::{Role, Topology, Users};

    fn preset() -> Preset {
        let users = Users {
            start: vec!["login.enter".parse().unwrap()],
            journey: vec!["cart.add".parse().unwrap(), "cart.view".parse().unwrap(), "cart.add".parse().unwrap()],
            ..Users::default()
        };
        let node = Node { id: "shoppers".parse().unwrap(), role: Role::Users(users) };
        let (topology, _, _) = Topology::new(Vec::new(), vec![node], Vec::new());
        Preset { topology, ..Preset::default() }
    }

    /// `cart.add` with so many answers of each kind so far.
    fn at(now_us: u64, ok: u64, degraded: u64, refused: u64) -> Snapshot {
        let failed = if refused > 0 { [(Cause::Refused, refused)].into() } else { Default::default() };
        let books = OperationBooks { ok, degraded, failed, ..OperationBooks::default() };
        Snapshot { now_us, operations: vec![("cart.add".to_owned(), books)].into(), ..Snapshot::default() }
    }

    /// Lamps of a drawing.
    fn put_up() -> Lamps {
        let mut lamps = Lamps::default();
        lamps.put_up(&preset());
        lamps
    }

    fn state(lamps: &mut Lamps, display_us: u64) -> LampState {
        lamps.light(display_us);
        lamps.lamps()[1].state
    }

    #[test]
    fn there_is_one_lamp_for_each_operation_in_the_order_of_asking() {
        let mut lamps = put_up();
        lamps.light(0);
        let names: Vec<&str> = lamps.lamps().iter().map(|lamp| lamp.operation.as_str()).collect();
        assert_eq!(names, ["login.enter", "cart.add", "cart.view"]);
        assert!(lamps.lamps().iter().all(|lamp| lamp.state == LampState::Dark));
    }

    #[test]
    fn a_lamp_tells_of_the_last_two_seconds() {
        let mut lamps = put_up();
        let story = [
            (0, (0, 0, 0), LampState::Dark),
            (1_000_000, (4, 0, 0), LampState::Lit),
            (1_700_000, (6, 1, 0), LampState::Brownout),
            (3_200_000, (8, 1, 0), LampState::Brownout),
            (4_000_000, (9, 1, 0), LampState::Lit),
            (4_500_000, (9, 1, 2), LampState::Brownout),
            (6_400_000, (9, 1, 3), LampState::Out),
            (7_000_000, (9, 1, 3), LampState::Out),
            (8_500_000, (9, 1, 3), LampState::Dark),
            (9_000_000, (10, 1, 3), LampState::Lit),
        ];
        for (now_us, (ok, degraded, refused), expected) in story {
            lamps.observe(&at(now_us, ok, degraded, refused));
            assert_eq!(state(&mut lamps, now_us), expected, "at {now_us}");
        }
    }

    #[test]
    fn without_news_a_lamp_goes_dark_as_the_clock_goes_on() {
        let mut lamps = put_up();
        lamps.observe(&at(0, 0, 0, 0));
        lamps.observe(&at(500_000, 3, 0, 0));
        assert_eq!(state(&mut lamps, 2_400_000), LampState::Lit);
        assert_eq!(state(&mut lamps, 2_600_000), LampState::Dark);
    }

    #[test]
    fn snapshots_that_come_thick_and_fast_change_nothing_and_fill_nothing() {
        let mut lamps = put_up();
        for now_us in (0..10_000_000).step_by(1_000) {
            lamps.observe(&at(now_us, now_us / 100_000, 0, 0));
            lamps.light(now_us);
        }
        assert!(lamps.moments.len() <= 90, "{}", lamps.moments.len());
        assert_eq!(lamps.lamps()[1].state, LampState::Lit);
    }

    #[test]
    fn a_new_run_begins_dark() {
        let mut lamps = put_up();
        lamps.observe(&at(5_000_000, 0, 0, 0));
        lamps.observe(&at(6_000_000, 5, 0, 0));
        lamps.observe(&at(0, 0, 0, 0));
        assert_eq!(state(&mut lamps, 0), LampState::Dark);
    }
}
