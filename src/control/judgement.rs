//! The two ledgers compared: for each dead life the sessions that it held, as sets of ids that end up lost, recovered or
//! unverified; and for each loss its cause. Made anew from all lines whenever it is asked for, so the order in which
//! they arrived means nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::telemetry::SessionId;
use crate::topology::LifeId;

use super::census::{Believed, Census, Holding, Loss, Session};
use super::lives::{Lives, Program};
use super::snapshot::Death;

/// How long a gateway may still avoid a holder that answers again.
const AVOIDED_US: u64 = 2_000_000;

/// What became of the sessions, life by life and cause by cause.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    pub(super) lives: BTreeMap<LifeId, Held>,
    /// Losses by cause, the words of the report.
    pub(super) causes: BTreeMap<&'static str, u64>,
}

/// What one dead life held: held = lost ∪ recovered ∪ unverified.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) held: BTreeSet<SessionId>,
    pub(super) lost: BTreeSet<SessionId>,
    pub(super) recovered: BTreeSet<SessionId>,
    pub(super) unverified: BTreeSet<SessionId>,
}

/// A life that held a session when its end began, or since.
struct Claim<'a> {
    life: &'a LifeId,
    /// Since when what it holds was as good as gone: its end began, and it held the session.
    since_us: u64,
    /// When the session left it while it drained, if it did.
    left_us: Option<u64>,
    /// When the session left it, or those who took over what it kept: what is lost later is not lost here.
    until_us: Option<u64>,
    cause: &'static str,
    lost: bool,
}

impl Claim<'_> {
    fn covers(&self, loss_us: u64) -> bool {
        self.since_us <= loss_us && self.until_us.is_none_or(|until_us| loss_us < until_us)
    }
}

/// Compares the ledgers as they are now.
pub(super) fn judge(census: &Census, lives: &Lives) -> Judgement {
    let mut judgement = Judgement::default();
    for life in lives.iter().filter(|life| life.end().is_some() && life.program != Program::Users) {
        judgement.lives.insert(life.id.clone(), Held::default());
    }
    for (id, session) in census.sessions() {
        let Some(believed) = session.belief.as_ref().filter(|believed| believed.opened_us.is_some()) else { continue };
        let mut claims = claims(session, believed, lives);
        let mut losses: Vec<&Loss> = believed.losses.iter().collect();
        losses.sort_by_key(|loss| loss.at_us);
        for loss in losses {
            let claim = claims
                .iter_mut()
                .filter(|claim| !claim.lost && claim.covers(loss.at_us))
                .max_by_key(|claim| claim.since_us);
            let cause = claim.map_or_else(
                || cause_without_death(session, loss, lives),
                |claim| {
                    claim.lost = true;
                    claim.cause
                },
            );
            *judgement.causes.entry(cause).or_default() += 1;
        }
        // What left a draining life before anybody missed it was not in it when it died.
        for claim in claims.into_iter().filter(|claim| claim.lost || claim.left_us.is_none()) {
            let held = judgement.lives.entry(claim.life.clone()).or_default();
            held.held.insert(id.clone());
            let fate = if claim.lost {
                &mut held.lost
            } else if was_found_again(believed, claim.since_us) {
                &mut held.recovered
            } else {
                &mut held.unverified
            };
            fate.insert(id.clone());
        }
    }
    judgement
}

/// The dead lives that held the only copy while its user believed in it: those who wrote so, and, of a database, those
/// who took it over from them.
fn claims<'a>(session: &'a Session, believed: &Believed, lives: &'a Lives) -> Vec<Claim<'a>> {
    let writers = || session.holders.keys().flatten();
    let heirs = writers().flat_map(|holder| lives.heirs(holder)).map(|heir| &heir.id);
    let holders: BTreeSet<&LifeId> = writers().chain(heirs).collect();
    let claims = holders.into_iter().filter_map(|holder| {
        let life = lives.get(holder)?;
        let (end_us, death) = life.end()?;
        let left_after = |holder: &LifeId, at_us| session.holders.get(&Some(holder.clone()))?.left_after(at_us);
        // Whatever it wrote until its last breath counts, so it may hold a session since after its end began.
        let came_us = session.holders.get(&Some(holder.clone())).and_then(Holding::came_us);
        let since_us = end_us.max(came_us.unwrap_or_default());
        let held_by = session.holder_at(since_us)?.as_ref().map(|given| lives.keeper_at(given, since_us));
        let is_holder = held_by == Some(holder)
            && believed.ended_us.is_none_or(|ended| ended >= since_us)
            && believed.out_us.is_none_or(|out| out >= since_us);
        let left_us = left_after(holder, since_us);
        let left_heirs = lives.heirs(holder).filter_map(|heir| left_after(&heir.id, since_us));
        let (until_us, cause) = (left_us.into_iter().chain(left_heirs).min(), cause_of(life.program, death));
        is_holder.then_some(Claim { life: &life.id, since_us, left_us, until_us, cause, lost: false })
    });
    claims.collect()
}

/// The report's word for a death; a store's death is a lost store however it died.
const fn cause_of(program: Program, death: Death) -> &'static str {
    match (program, death) {
        (Program::Cache(_) | Program::Database(_), _) => "store_lost",
        (_, Death::Killed) => "killed",
        (_, Death::Terminated) => "terminated",
        (_, Death::Deployed) => "deployed",
        (_, Death::ScaledIn) => "scaled_in",
        (_, Death::Crashed | Death::Stopped) => "crashed",
    }
}

/// The cause of a loss while whoever holds the session lives.
fn cause_without_death(session: &Session, loss: &Loss, lives: &Lives) -> &'static str {
    match session.holder_at(loss.at_us) {
        Some(Some(holder)) => match lives.get(lives.keeper_at(holder, loss.at_us)) {
            Some(life) if life.was_unreachable(loss.at_us, AVOIDED_US) => "holder_unreachable",
            // What a store does not have any more, another way to it would not have found.
            Some(life) if !life.program.keeps_data() && loss.by.as_ref() != Some(&life.id) => "misrouted",
            _ => "unknown",
        },
        Some(None) => "unknown",
        None => {
            let expired = session.holders.values().any(|holding| holding.expired_by(loss.at_us));
            if expired { "expired" } else { "unknown" }
        }
    }
}

/// Whether its user saw it whole, or ended it in peace, after that moment.
fn was_found_again(believed: &Believed, end_us: u64) -> bool {
    let after = |moment: Option<u64>| moment.is_some_and(|moment| moment > end_us);
    after(believed.verified_us) || (after(believed.ended_us) && !believed.abandoned)
}

impl Judgement {
    /// Sessions that killed lives held.
    pub(super) fn held_by_killed(&self, lives: &Lives) -> u64 {
        let killed = |id: &&LifeId| lives.get(id).and_then(|life| life.end()).is_some_and(|(_, d)| d == Death::Killed);
        self.lives.iter().filter(|(id, _)| killed(id)).map(|(_, held)| held.held.len() as u64).sum()
    }

    /// Sessions of dead lives that users found again.
    pub(super) fn recovered(&self) -> u64 {
        self.lives.values().map(|held| held.recovered.len() as u64).sum()
    }

    /// Sessions of dead lives that no user could check.
    pub(super) fn unverified(&self) -> u64 {
        self.lives.values().map(|held| held.unverified.len() as u64).sum()
    }
}

/// When the first life was killed.
pub(super) fn first_kill_us(lives: &Lives) -> Option<u64> {
    let ends = lives.iter().filter_map(super::lives::Life::end);
    ends.filter(|&(_, death)| death == Death::Killed).map(|(at_us, _)| at_us).min()
}
