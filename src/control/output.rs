//! What processes wrote, life by life, so that one can read why a life died after it is dead. Bounded in every direction:
//! the oldest lines go first, then the oldest lives, and what is gone is counted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use crate::topology::LifeId;

use super::lives::Lives;
use super::snapshot::{Output, OutputLevel, OutputLine};

/// How many lines of one life are kept.
const MAX_LINES: usize = 400;
/// How many bytes of one life's lines are kept.
const MAX_BYTES: usize = 48 << 10;
/// How many lives of one slot are kept.
const MAX_LIVES: usize = 8;
/// How many bytes of all lives together are kept.
const MAX_TOTAL: usize = 16 << 20;

impl OutputLine {
    /// Reads a line as a process wrote it. `<3>`, `<4>` and `<6>` before it are the levels of sd-daemon(3). What would
    /// steer a terminal is taken out.
    pub fn read(at_us: u64, raw: &str) -> Self {
        let levels = [("<3>", OutputLevel::Error), ("<4>", OutputLevel::Warning), ("<6>", OutputLevel::Info)];
        let found = levels.into_iter().find_map(|(prefix, level)| Some((Some(level), raw.strip_prefix(prefix)?)));
        let (level, text) = found.unwrap_or((None, raw));
        let plain: String = text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect();
        Self { at_us, level, text: plain.trim_end().into() }
    }
}

/// What every life wrote.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    lives: BTreeMap<LifeId, Ring>,
    /// Bytes of all lines kept.
    bytes: usize,
    shared: OnceLock<Arc<[Output]>>,
}

/// The newest lines of one life.
#[derive(Debug, Default)]
struct Ring {
    lines: VecDeque<OutputLine>,
    bytes: usize,
    left_out: u64,
    shared: OnceLock<Arc<[OutputLine]>>,
}

impl Ring {
    fn drop_oldest(&mut self) -> usize {
        let Some(line) = self.lines.pop_front() else { return 0 };
        self.bytes -= line.text.len();
        self.left_out += 1;
        line.text.len()
    }
}

impl Outputs {
    /// Takes what a life wrote.
    pub(super) fn enter(&mut self, life: LifeId, lines: Vec<OutputLine>) {
        self.changed();
        let slot = life.slot.clone();
        let newest = life.life;
        let ring = self.lives.entry(life).or_default();
        ring.shared.take();
        for line in lines {
            ring.bytes += line.text.len();
            self.bytes += line.text.len();
            ring.lines.push_back(line);
            while ring.lines.len() > MAX_LINES || ring.bytes > MAX_BYTES {
                self.bytes -= ring.drop_oldest();
            }
        }
        let too_old = newest.saturating_sub(MAX_LIVES as u32);
        self.forget(|id| id.slot == slot && id.life <= too_old);
        while self.bytes > MAX_TOTAL {
            let oldest = self.lives.iter().filter(|(_, ring)| !ring.lines.is_empty());
            let oldest = oldest.min_by_key(|(_, ring)| ring.lines.back().map(|line| line.at_us));
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { return };
            let Some(ring) = self.lives.get_mut(&oldest) else { return };
            ring.shared.take();
            while !ring.lines.is_empty() {
                self.bytes -= ring.drop_oldest();
            }
        }
    }

    fn forget(&mut self, which: impl Fn(&LifeId) -> bool) {
        let bytes = &mut self.bytes;
        self.lives.retain(|id, ring| {
            let goes = which(id);
            *bytes -= if goes { ring.bytes } else { 0 };
            !goes
        });
    }

    /// Something is to be told anew: a line, or that a life ended.
    pub(super) fn changed(&mut self) {
        self.shared.take();
    }

    /// All of it, in the order of slots and lives. The same list as long as nothing changed.
    pub(super) fn all(&self, lives: &Lives) -> Arc<[Output]> {
        let outputs = self.shared.get_or_init(|| {
            let outputs = self.lives.iter().map(|(id, ring)| Output {
                life: id.clone(),
                lines: Arc::clone(ring.shared.get_or_init(|| ring.lines.iter().cloned().collect())),
                left_out: ring.left_out,
                end: lives.get(id).and_then(|life| life.exit).map(|exited| (exited.at_us, exited.death)),
            });
            outputs.collect()
        });
        Arc::clone(outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(text: &str) -> LifeId {
        text.parse().unwrap()
    }

    fn lines(count: usize, text: &str) -> Vec<OutputLine> {
        (0..count as u64).map(|at_us| OutputLine::read(at_us, text)).collect()
    }

    #[test]
    fn the_level_is_read_and_what_steers_a_terminal_is_taken_out() {
        let line = OutputLine::read(7, "<4>\u{1b}[31mslow\u{7}\tanswer \r");
        assert_eq!((line.level, &*line.text, line.at_us), (Some(OutputLevel::Warning), "[31mslow answer", 7));
        let line = OutputLine::read(7, "<9>words");
        assert_eq!((line.level, &*line.text), (None, "<9>words"));
    }

    #[test]
    fn the_oldest_lines_of_a_life_go_first_and_are_counted() {
        let mut outputs = Outputs::default();
        outputs.enter(life("shop.1#1"), lines(MAX_LINES + 5, "short"));
        outputs.enter(life("shop.2#1"), lines(60, &"x".repeat(1000)));
        let all = outputs.all(&Lives::default());
        assert_eq!((all[0].lines.len(), all[0].left_out, all[0].lines[0].at_us), (MAX_LINES, 5, 5));
        assert_eq!((all[1].lines.len(), all[1].left_out), (MAX_BYTES / 1000, 60 - (MAX_BYTES / 1000) as u64));
    }

    #[test]
    fn only_the_newest_lives_of_a_slot_are_kept() {
        let mut outputs = Outputs::default();
        for number in 1..=MAX_LIVES + 3 {
            outputs.enter(life(&format!("shop.1#{number}")), lines(1, "started"));
        }
        let all = outputs.all(&Lives::default());
        assert_eq!((all.len(), all[0].life.life), (MAX_LIVES, 4));
        assert_eq!(outputs.bytes, MAX_LIVES * "started".len());
    }

    #[test]
    fn all_lives_together_stay_within_their_bound() {
        let mut outputs = Outputs::default();
        for slot in 1..=400 {
            let lines = (0..45).map(|n| OutputLine::read(slot * 100 + n, &"y".repeat(1000))).collect();
            outputs.enter(life(&format!("shop.{slot}#1")), lines);
        }
        let all = outputs.all(&Lives::default());
        let kept: usize = all.iter().flat_map(|output| output.lines.iter()).map(|line| line.text.len()).sum();
        assert!(kept == outputs.bytes && kept <= MAX_TOTAL, "{kept}");
        assert_eq!((all[0].lines.len(), all[0].left_out), (0, 45), "the oldest went first");
        assert_eq!(all[399].lines.len(), 45);
    }
}
