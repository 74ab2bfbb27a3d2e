//! What lives report while they work: ledger lines, beliefs, counters, figures, and whom they gave up.

use std::collections::BTreeSet;

use crate::telemetry::{Belief, Holdings, LedgerLine, Totals};
use crate::topology::{LifeId, NodeId};

use super::census::News;
use super::cluster::Cluster;
use super::lives::Program;
use super::log::LineNumber;
use super::snapshot::Phase;

/// Losses that follow each other within this time are one line of the log.
const WAVE_GAP_US: u64 = 2_000_000;
/// No line of the log grows for longer.
const WAVE_LENGTH_US: u64 = 10_000_000;
/// How a life says that it did not find out by itself.
const TOLD: &str = "told";
/// A core is busy from this share on.
const BUSY: f32 = 0.95;

/// Losses close together in time: one line of the log that grows.
#[derive(Debug)]
pub(super) struct Wave {
    line: LineNumber,
    began_us: u64,
    last_us: u64,
    logged_out: BTreeSet<(NodeId, u32)>,
    carts_lost: BTreeSet<(NodeId, u32)>,
    items_lost: u64,
}

impl Wave {
    fn new(line: LineNumber, now_us: u64) -> Self {
        Self {
            line,
            began_us: now_us,
            last_us: now_us,
            logged_out: BTreeSet::new(),
            carts_lost: BTreeSet::new(),
            items_lost: 0,
        }
    }

    fn words(&self, users: u32) -> String {
        let mut words = Vec::new();
        if !self.logged_out.is_empty() {
            words.push(format!("{} of {users} users logged out", self.logged_out.len()));
        }
        if !self.carts_lost.is_empty() {
            words.push(format!("{} of {users} users lost items of their cart", self.carts_lost.len()));
        }
        match self.items_lost {
            0 => {}
            1 => words.push("1 item lost".to_owned()),
            items => words.push(format!("{items} items lost")),
        }
        words.join(" · ")
    }
}

impl Cluster {
    /// A database has counted its tables.
    pub(super) fn holds(&mut self, id: &LifeId, holdings: Holdings) {
        if let Some(life) = self.lives.get_mut(id) {
            life.tables = holdings.tables.into();
        }
    }

    /// Whether what this life writes still counts: its connection has not been read to its end.
    fn writes(&self, id: &LifeId) -> bool {
        self.lives.get(id).is_some_and(|life| !life.census_closed)
    }

    pub(super) fn ledger(&mut self, id: &LifeId, line: LedgerLine) {
        if self.writes(id) {
            self.census.ledger(line);
        }
    }

    pub(super) fn census_incomplete(&mut self, id: &LifeId) {
        if let Some(life) = self.lives.get_mut(id) {
            life.census_incomplete = true;
        }
    }

    pub(super) fn believe(&mut self, id: &LifeId, belief: Belief) {
        let Some(life) = self.lives.get(id) else { return };
        // Its last words may be read after its exit is known.
        let gone_us = life.exit.and_then(|_| life.end()).map(|(end_us, _)| end_us);
        let user = (id.node().clone(), belief.user);
        if let Some(news) = self.census.believe(id, belief) {
            self.log_loss(user, news);
        }
        if let Some(gone_us) = gone_us {
            self.census.abandon(id, gone_us);
        }
    }

    /// Enters a loss into the log: into the growing line of the wave that goes on, or as the first of a new one.
    fn log_loss(&mut self, user: (NodeId, u32), news: News) {
        let now_us = self.now_us;
        let users = self.user_count();
        let goes_on = |wave: &Wave| {
            now_us.saturating_sub(wave.last_us) < WAVE_GAP_US && now_us.saturating_sub(wave.began_us) < WAVE_LENGTH_US
        };
        if !self.wave.as_ref().is_some_and(goes_on) {
            self.wave = Some(Wave::new(self.log.harm(now_us, String::new()), now_us));
        }
        let Some(wave) = &mut self.wave else { return };
        wave.last_us = now_us;
        let items_lost = match news {
            News::LoggedOut { items_lost } => {
                wave.logged_out.insert(user);
                items_lost
            }
            News::CartLost { items_lost } => {
                wave.carts_lost.insert(user);
                items_lost
            }
        };
        wave.items_lost += u64::from(items_lost);
        self.log.rewrite(wave.line, wave.words(users));
    }

    /// Users in the drawing, or all who were ever heard of, if there were more: who left was there to be hurt.
    pub(super) fn user_count(&self) -> u32 {
        let heard = u32::try_from(self.census.users().count()).unwrap_or(u32::MAX);
        let drawn: u32 = self.topology.nodes().filter_map(crate::topology::Node::users).map(|users| users.users).sum();
        drawn.max(heard)
    }

    /// A life gave up another one, or was told that there is nothing there for it.
    pub(super) fn noticed(&mut self, id: &LifeId, upstream: &LifeId, at_us: u64, by: &str) {
        let (who, now_us) = (self.called(id), self.now_us);
        let Some(life) = self.lives.get_mut(upstream) else { return };
        if by == TOLD && life.is_wanted() {
            // What was taken off the list without an end is not gone: nothing that is asked for is reached there now.
            let text = format!("nothing goes from {} to {} any more", id.node(), upstream.node());
            if matches!(self.phase, Phase::Running | Phase::Settling)
                && !self.log.said_since(now_us, WAVE_GAP_US, &text)
            {
                self.log.info(now_us, text);
            }
            return;
        }
        let is_first = !life.noticed.iter().any(|&known_us| known_us.abs_diff(at_us) < WAVE_GAP_US);
        life.notice(at_us);
        let since_us = life.ending_signal_us.into_iter().chain(life.pauses.last().map(|pause| pause.from_us)).max();
        if is_first && matches!(self.phase, Phase::Running | Phase::Settling) {
            let after = since_us.and_then(|since_us| at_us.checked_sub(since_us));
            let after = after.map(|us| format!(" after {:.1} ms", us as f64 / 1e3)).unwrap_or_default();
            // Who answers late or is paused may come back.
            let ends = life.doom.is_some() || life.ending_signal_us.is_some() || !life.is_alive();
            let what = if ends { format!("noticed that {upstream} is gone") } else { format!("gave {upstream} up") };
            self.log.info(self.now_us, format!("{who} {what}{after} ({by})"));
        }
    }

    /// A life as the log calls it. A node that is called what it is needs no word more.
    fn called(&self, id: &LifeId) -> String {
        let role = self.lives.get(id).map_or("", |life| life.program.role());
        if id.node().as_str() == role { id.slot.to_string() } else { format!("{role} {}", id.slot) }
    }

    pub(super) fn totals(&mut self, id: LifeId, totals: Totals) {
        let Some(life) = self.lives.get(&id) else { return };
        let is_users = life.program == Program::Users;
        let is_newer = self.books.life(&id).is_none_or(|known| totals.at_us > known.at_us);
        if !is_newer {
            return;
        }
        if is_users && totals.operations.values().any(|books| books.ok > 0) {
            self.served_us.get_or_insert(self.now_us);
        }
        if let Some(started_us) = self.started_us {
            let since_start_us = totals.at_us.saturating_sub(started_us);
            self.arrivals.enter(&id, &totals, since_start_us);
            if is_users {
                self.timeline.enter(&id, &totals, since_start_us);
            }
        }
        self.books.enter(id, totals);
    }

    pub(super) fn figures(&mut self, id: &LifeId, cpu: f32, pss_kib: u64) {
        let counts = self.phase == Phase::Running;
        let Some(life) = self.lives.get_mut(id).filter(|life| life.is_alive()) else { return };
        life.cpu = cpu;
        life.pss_kib = pss_kib;
        if counts {
            life.figures += 1;
            life.busy_figures += u32::from(cpu >= BUSY);
        }
    }

    pub(super) fn tick(&mut self) {
        self.rates.sample(self.now_us, &self.topology, &self.books);
    }
}
