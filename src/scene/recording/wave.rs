//! The last fault that is recorded, and when its wave was over: what *Watch again* shows.

use super::{News, Recording};
use crate::control::Snapshot;
use crate::control::snapshot::FaultState;

/// What is shown before the fault, in microseconds of run time.
const BEFORE_US: u64 = 500_000;
/// What is shown after it, at least.
const LEAST_US: u64 = 3_000_000;
/// What is shown after everybody is back: as long as the last dot needs to come home.
const AFTER_US: u64 = 1_500_000;
/// What is shown in all, at most.
const MOST_US: u64 = 20_000_000;

/// A fault and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// The moment to begin at, in microseconds of run time.
    pub from_us: u64,
    /// The moment to end at.
    pub until_us: u64,
    /// The fault in words: `kill shop.2`.
    pub fault: String,
}

impl Recording {
    /// The last fault that can still be shown from its beginning, with its wave. `None` where there is none.
    pub fn last_wave(&self) -> Option<Wave> {
        let (_, last_us) = self.span_us()?;
        let fault = self.last_fault()?;
        let from_us = fault.at_us.saturating_sub(BEFORE_US);
        let calm_us = self.calm_us(fault.at_us).map_or(last_us, |calm_us| calm_us.saturating_add(AFTER_US));
        let until_us = calm_us.max(fault.at_us + LEAST_US).min(from_us + MOST_US).min(last_us);
        Some(Wave { from_us, until_us, fault: format!("{} {}", fault.kind, fault.on) })
    }

    /// Whether there is a fault that can still be shown from its beginning.
    pub fn has_fault(&self) -> bool {
        self.last_fault().is_some()
    }

    fn last_fault(&self) -> Option<&FaultState> {
        let (first_us, _) = self.span_us()?;
        self.latest.faults.iter().rev().find(|fault| breaks(fault)).filter(|fault| fault.at_us >= first_us)
    }

    /// When nobody was unaware or logged out any more, after this moment.
    fn calm_us(&self, after_us: u64) -> Option<u64> {
        let snapshots = self.pieces.iter().filter_map(|piece| match &piece.news {
            News::Snapshot(snapshot) if snapshot.now_us > after_us => Some(snapshot),
            News::Snapshot(_) | News::Spans(_) => None,
        });
        // The last stormy one counts: between the blow and the first news of it all is calm, too.
        let mut calm_us = None;
        for snapshot in snapshots {
            if is_stormy(snapshot) {
                calm_us = None;
            } else {
                calm_us.get_or_insert(snapshot.now_us);
            }
        }
        calm_us
    }
}

/// Whether it breaks something, as a resume or a restart does not.
fn breaks(fault: &FaultState) -> bool {
    !matches!(fault.kind, "resume" | "restart")
}

fn is_stormy(snapshot: &Snapshot) -> bool {
    snapshot.sessions.doomed > 0 || snapshot.users.iter().any(|user| user.logged_out)
}
