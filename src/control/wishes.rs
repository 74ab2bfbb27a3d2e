//! Which traces the nodes are asked for: those of requests that ended badly while not sampled, so that errors and lost
//! sessions can be seen hop by hop. At most some of them each second, for a system that fails all over must not be
//! drowned in questions about it; the others are counted.

use crate::telemetry::TraceId;

use super::cluster::Cluster;
use super::effect::Effect;

/// How many traces are asked for in any one second.
const PER_SECOND: u32 = 50;
const SECOND_US: u64 = 1_000_000;

/// What was asked for in the second that goes on, and what was not.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    since_us: u64,
    granted: u32,
    not_granted: u64,
}

impl Wishes {
    /// Whether one more may be asked for now. Counts it either way.
    fn grant(&mut self, now_us: u64) -> bool {
        if now_us >= self.since_us.saturating_add(SECOND_US) {
            self.since_us = now_us;
            self.granted = 0;
        }
        let granted = self.granted < PER_SECOND;
        self.granted += u32::from(granted);
        self.not_granted += u64::from(!granted);
        granted
    }

    /// How many traces were not asked for.
    pub(super) fn not_granted(&self) -> u64 {
        self.not_granted
    }
}

impl Cluster {
    pub(super) fn spans(&mut self, count: u64, ended_badly: Vec<TraceId>) {
        self.spans_received += count;
        for trace in ended_badly {
            if self.wishes.grant(self.now_us) {
                self.effects.push(Effect::Want { trace });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Event, Input};

    #[test]
    fn so_many_are_asked_for_each_second_and_the_others_are_counted() {
        let mut cluster = Cluster::new();
        let mut asked = |now_us, traces: std::ops::Range<u128>| {
            let ended_badly: Vec<TraceId> = traces.map(TraceId).collect();
            let event = Event::Spans { count: 1 + ended_badly.len() as u64, ended_badly };
            let wants = cluster.handle(now_us, Input::Event(event));
            (wants.len(), cluster.spans_received, cluster.wishes.not_granted())
        };
        assert_eq!(asked(1, 0..0), (0, 1, 0));
        assert_eq!(asked(1_000_000, 0..40), (40, 42, 0));
        assert_eq!(asked(1_900_000, 40..100), (10, 103, 50));
        assert_eq!(asked(2_000_000, 100..101), (1, 105, 50));
    }
}
