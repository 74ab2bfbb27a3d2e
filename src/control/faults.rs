//! What was done to the system, when exactly, who noticed, and how long it took to recover.

use crate::topology::{Act, LifeId};

use super::effect::Signal;
use super::judgement::Judgement;
use super::lives::Lives;
use super::snapshot::{FaultState, TimelinePoint};

/// How many acts are kept.
const MAX_FAULTS: usize = 1_000;
/// How many seconds before a fault say what the throughput was.
const SECONDS_BEFORE: u32 = 3;

/// The acts so far, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<FaultState>,
    /// Whether the time of each is the exact one of its signal.
    is_exact: Vec<bool>,
}

impl Faults {
    /// Something was done to a life. The signal's exact time comes later.
    pub(super) fn begin(&mut self, now_us: u64, act: &Act, life: &LifeId) {
        self.push(now_us, act, life.slot.to_string(), Some(life.clone()));
    }

    /// Something was done that is over at once and hit no life.
    pub(super) fn moment(&mut self, now_us: u64, act: &Act, on: String) {
        self.push(now_us, act, on, None);
    }

    fn push(&mut self, at_us: u64, act: &Act, on: String, life: Option<LifeId>) {
        if self.list.len() < MAX_FAULTS {
            self.is_exact.push(life.is_none());
            self.list.push(FaultState {
                at_us,
                kind: act.name(),
                on,
                life,
                held: None,
                noticed_after_ms: None,
                recovered_after_ms: None,
                lifted_us: None,
            });
        }
    }

    /// A signal was delivered: the exact time of the first act of that kind on that life that has none yet.
    pub(super) fn signalled(&mut self, life: &LifeId, signal: Signal, at_us: u64) {
        let kind = match signal {
            Signal::Kill => Act::Kill.name(),
            Signal::Terminate => Act::Terminate.name(),
            Signal::Pause => Act::Pause.name(),
            Signal::Resume => Act::Resume.name(),
        };
        let found = self
            .list
            .iter_mut()
            .zip(&mut self.is_exact)
            .find(|(fault, is_exact)| !**is_exact && fault.life.as_ref() == Some(life) && is_of(fault.kind, kind));
        if let Some((fault, is_exact)) = found {
            fault.at_us = at_us;
            *is_exact = true;
        }
        if signal == Signal::Resume {
            self.lifted(life, at_us);
        }
    }

    /// What acted on this life until now is over: it goes on, or is dead.
    pub(super) fn lifted(&mut self, life: &LifeId, at_us: u64) {
        for fault in &mut self.list {
            if fault.kind == Act::Pause.name() && fault.life.as_ref() == Some(life) && fault.at_us <= at_us {
                fault.lifted_us.get_or_insert(at_us);
            }
        }
    }

    /// The acts with all that is known of their consequences.
    pub(super) fn states(
        &self,
        lives: &Lives,
        judgement: &Judgement,
        points: &[TimelinePoint],
        started_us: Option<u64>,
    ) -> Vec<FaultState> {
        let states = self.list.iter().map(|fault| {
            let harms = matches!(fault.kind, "kill" | "crash" | "terminate" | "pause" | "lose-data");
            let since_start_us = started_us.and_then(|started_us| fault.at_us.checked_sub(started_us));
            let held = fault.life.as_ref().filter(|_| fault.kind != "pause").and_then(|life| judgement.lives.get(life));
            FaultState {
                held: held.map(|held| held.held.len() as u64),
                noticed_after_ms: self.noticed_us(fault, lives).map(|at_us| (at_us - fault.at_us) as f64 / 1e3),
                recovered_after_ms: since_start_us
                    .filter(|_| harms)
                    .and_then(|at_us| recovered_after_ms(at_us, points)),
                ..fault.clone()
            }
        });
        states.collect()
    }

    /// When the life was first given up after this act and before the next on the same life.
    fn noticed_us(&self, fault: &FaultState, lives: &Lives) -> Option<u64> {
        let id = fault.life.as_ref().filter(|_| fault.kind != "resume")?;
        let same_life = self.list.iter().filter(|other| other.life.as_ref() == Some(id));
        let next_us = same_life.map(|other| other.at_us).filter(|&at_us| at_us > fault.at_us).min();
        let noticed = lives.get(id)?.noticed.iter().copied();
        noticed.filter(|&at_us| at_us >= fault.at_us && next_us.is_none_or(|next_us| at_us < next_us)).min()
    }
}

/// Whether an act is done by the signal that another is named after.
fn is_of(kind: &str, signal: &str) -> bool {
    kind == signal || (kind == Act::LoseData.name() && signal == Act::Kill.name())
}

/// From a fault to the first whole second after it in which at least as many requests ended well as, on average, in each
/// of the three seconds before it. `None` while there is no such second, or nothing before to compare with.
fn recovered_after_ms(since_start_us: u64, points: &[TimelinePoint]) -> Option<f64> {
    let second = u32::try_from(since_start_us / 1_000_000).ok()?;
    let before: Vec<u32> = points
        .iter()
        .filter(|point| point.second < second && point.second + SECONDS_BEFORE >= second)
        .map(|point| point.ok)
        .collect();
    let mean = f64::from(before.iter().sum::<u32>()) / f64::from(u32::try_from(before.len()).ok().filter(|&n| n > 0)?);
    let recovered = points.iter().find(|point| point.second > second && f64::from(point.ok) >= mean)?;
    Some((u64::from(recovered.second) * 1_000_000).saturating_sub(since_start_us) as f64 / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_is_the_first_whole_second_as_good_as_before() {
        let points: Vec<TimelinePoint> = [10, 12, 11, 4, 6, 11, 12]
            .into_iter()
            .zip(0..)
            .map(|(ok, second)| TimelinePoint { second, ok, ..TimelinePoint::default() })
            .collect();
        assert_eq!(recovered_after_ms(3_200_000, &points), Some(1_800.0));
        assert_eq!(recovered_after_ms(500_000, &points), None);
        assert_eq!(recovered_after_ms(6_000_000, &points), None);
    }
}
