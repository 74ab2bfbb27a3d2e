//! What each process uses, from the system's own books: share of a core and proportional set size. Read a little at each
//! tick, so that a hundred processes cost no noticeable pause. Linux only; elsewhere there are no figures.

use std::collections::BTreeMap;

use crate::control::Event;
use crate::topology::LifeId;

/// How many ticks make a second: each process's CPU time is read once in that many.
pub(super) const TICKS_PER_SECOND: usize = 20;

/// The last figures of every process.
#[derive(Debug, Default)]
pub(super) struct Figures {
    lives: Vec<(LifeId, u32)>,
    known: BTreeMap<LifeId, Figure>,
    tick: usize,
    /// The process whose memory is read next: one a tick, since the kernel walks all its pages for it.
    next_memory: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Figure {
    /// CPU time and when it was read, both in microseconds.
    read: Option<(u64, u64)>,
    cpu: f32,
    pss_kib: u64,
}

impl Figures {
    /// These lives have a process now.
    pub(super) fn watch(&mut self, lives: &[(LifeId, u32)]) {
        self.lives = lives.to_vec();
        let lives = &self.lives;
        self.known.retain(|life, _| lives.iter().any(|(other, _)| other == life));
    }

    /// Reads the part that is due at this tick.
    pub(super) fn tick(&mut self, now_us: u64) -> Vec<Event> {
        self.tick = (self.tick + 1) % TICKS_PER_SECOND;
        // Few processes: each once a second, at a tick of its own. Many: in turn.
        let turns = self.lives.len().max(TICKS_PER_SECOND);
        self.next_memory = (self.next_memory + 1) % turns;
        let mut events = Vec::new();
        for (index, (life, pid)) in self.lives.iter().enumerate() {
            let figure = self.known.entry(life.clone()).or_default();
            let due = index % TICKS_PER_SECOND == self.tick;
            let read_cpu = due && figure.take_cpu(*pid, now_us);
            let read_memory = self.next_memory == index && figure.take_memory(*pid);
            if read_cpu || read_memory {
                events.push(Event::Figures { life: life.clone(), cpu: figure.cpu, pss_kib: figure.pss_kib });
            }
        }
        events
    }
}

impl Figure {
    /// Reads the CPU time. Whether there is a new share.
    fn take_cpu(&mut self, pid: u32, now_us: u64) -> bool {
        let Some(used_us) = sum(pid, system::cpu_us) else { return false };
        let earlier = self.read.replace((used_us, now_us));
        let Some((earlier_us, at_us)) = earlier.filter(|&(_, at_us)| at_us < now_us) else { return false };
        self.cpu = used_us.saturating_sub(earlier_us) as f32 / (now_us - at_us) as f32;
        true
    }

    /// Reads the memory. Whether it could be read.
    fn take_memory(&mut self, pid: u32) -> bool {
        let Some(pss_kib) = sum(pid, system::pss_kib) else { return false };
        self.pss_kib = pss_kib;
        true
    }
}

/// A figure of a process and of those that it started: a keeper's program counts as the node's.
fn sum(pid: u32, figure: impl Fn(u32) -> Option<u64>) -> Option<u64> {
    let own = figure(pid)?;
    Some(own + system::children(pid).into_iter().filter_map(figure).sum::<u64>())
}

#[cfg(target_os = "linux")]
mod system {
    //! The process file system; formats as in `proc(5)`.

    /// `USER_HZ`, the unit of times in `/proc/<pid>/stat`: 100 on every architecture.
    const TICK_US: u64 = 10_000;

    fn read(pid: u32, file: &str) -> Option<String> {
        std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok()
    }

    /// CPU time of all threads, user and system, in microseconds.
    pub(super) fn cpu_us(pid: u32) -> Option<u64> {
        parse_stat(&read(pid, "stat")?)
    }

    /// Proportional set size in KiB.
    pub(super) fn pss_kib(pid: u32) -> Option<u64> {
        parse_rollup(&read(pid, "smaps_rollup")?)
    }

    /// The processes that the main thread of this one has started.
    pub(super) fn children(pid: u32) -> Vec<u32> {
        let list = read(pid, &format!("task/{pid}/children")).unwrap_or_default();
        list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
    }

    /// Fields 14 and 15. The second field is the program's name in brackets and may hold anything, so counting starts
    /// behind the last bracket.
    pub(super) fn parse_stat(stat: &str) -> Option<u64> {
        let (_, rest) = stat.rsplit_once(')')?;
        let mut times = rest.split_whitespace().skip(11);
        let mut time = || times.next()?.parse::<u64>().ok();
        Some((time()? + time()?) * TICK_US)
    }

    pub(super) fn parse_rollup(rollup: &str) -> Option<u64> {
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn cpu_us(_pid: u32) -> Option<u64> {
        None
    }

    pub(super) fn pss_kib(_pid: u32) -> Option<u64> {
        None
    }

    pub(super) fn children(_pid: u32) -> Vec<u32> {
        Vec::new()
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_kernel_are_understood() {
        let stat = "12 (a) b (c)) S 1 12 12 0 -1 4194560 100 0 0 0 7 5 0 0 20 0 1 0 100 1000 50";
        assert_eq!(system::parse_stat(stat), Some(120_000));
        assert_eq!(system::parse_stat("12 (a) S 1"), None);
        assert_eq!(system::parse_rollup("0-1 [rollup]\nRss: 900 kB\nPss:     237 kB\nPss_Dirty: 1 kB\n"), Some(237));
    }

    #[test]
    fn within_two_seconds_every_process_has_both_figures() {
        for count in [1, 7, 19, 20, 30] {
            let lives: Vec<(LifeId, u32)> =
                (1..=count).map(|slot| (format!("shop.{slot}#1").parse().unwrap(), std::process::id())).collect();
            let mut figures = Figures::default();
            figures.watch(&lives);
            let mut seen = BTreeMap::new();
            for tick in 0..=2 * TICKS_PER_SECOND as u64 {
                for event in figures.tick(tick * 50_000) {
                    let Event::Figures { life, pss_kib, .. } = event else { panic!("{event:?}") };
                    seen.insert(life, pss_kib);
                }
            }
            assert_eq!(seen.len(), lives.len(), "of {count}");
            assert!(seen.values().all(|&pss_kib| pss_kib > 0), "of {count}");
        }
    }
}
