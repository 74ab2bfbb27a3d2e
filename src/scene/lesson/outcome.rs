//! What a step measured: the run as it is now against the run as it was when the step began.

use crate::control::Snapshot;
use crate::control::snapshot::{FaultState, Holder, UserState};
use crate::scene::cells;
use crate::topology::{Act, Measure, Preset};

use super::deed;

/// The numbers of one step, each counted from the step's beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// All users.
    pub users: u64,
    /// Users who lost a session or items.
    pub hurt: u64,
    /// Items that were acknowledged and lost.
    pub items: u64,
    /// Sessions that the system no longer knew.
    pub logged_out: u64,
    /// Sessions that the system knew, with items missing.
    pub carts_lost: u64,
    /// Log-ins that replaced a lost session.
    pub relogins: u64,
    /// Requests that failed or timed out.
    pub failed: u64,
    /// Sessions whose only copy was in what was hit.
    pub held: u64,
    /// Users whose session is lost and who do not know it yet.
    pub doomed: u64,
    /// Whether what was hit held carts only, the sessions being in tokens.
    pub carts: bool,
    /// Whether what was hit was only stopped.
    pub paused: bool,
    /// Whether what was hit only got another version.
    pub released: bool,
    /// What was hit, in the order in which it was.
    pub places: Vec<String>,
    /// Replicas that held sessions, were not hit, and none of whose users lost anything.
    pub untouched: Vec<String>,
    /// How many other replicas held sessions and were not hit.
    pub others: usize,
}

impl Outcome {
    /// Compares `now` with `baseline`. `before` is the run just before anything was done; it tells who lived where.
    pub(super) fn measure(
        preset: &Preset,
        baseline: &Snapshot,
        before: &Snapshot,
        now: &Snapshot,
        deeds: &[FaultState],
    ) -> Self {
        let (then, sessions) = (&baseline.sessions, &now.sessions);
        let places = deed::places(preset, deeds);
        let (untouched, others) = untouched(before, now, deeds);
        let lives = || deeds.iter().filter_map(|fault| fault.life.as_ref());
        let bad = |snapshot: &Snapshot| snapshot.total.failed_total() + snapshot.total.timed_out;
        Self {
            users: u64::from(sessions.users),
            hurt: now.users.iter().filter(|user| lost_since(baseline, user)).count() as u64,
            items: sessions.items_lost.saturating_sub(then.items_lost),
            logged_out: sessions.logged_out.saturating_sub(then.logged_out),
            carts_lost: sessions.cart_lost.saturating_sub(then.cart_lost),
            relogins: sessions.relogins.saturating_sub(then.relogins),
            failed: bad(now).saturating_sub(bad(baseline)),
            held: deeds.iter().filter_map(|fault| fault.held).sum(),
            doomed: sessions.doomed,
            carts: lives().any(|life| cells::keeps_carts(&preset.topology, life.node())),
            released: !deeds.is_empty() && deeds.iter().all(|fault| deed::releases(fault.kind)),
            paused: !deeds.is_empty() && deeds.iter().all(|fault| fault.kind == Act::Pause.name()),
            places,
            untouched,
            others,
        }
    }

    /// The number that a prediction is compared with.
    pub fn of(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Hurt => self.hurt,
            Measure::Items => self.items,
            Measure::LoggedOut => self.logged_out,
            Measure::Failed => self.failed,
        }
    }

    /// Users who lost nothing.
    pub fn spared(&self) -> u64 {
        self.users.saturating_sub(self.hurt)
    }
}

/// Whether a user lost something since the baseline.
fn lost_since(baseline: &Snapshot, user: &UserState) -> bool {
    // Snapshots list users by node and number.
    let found = baseline
        .users
        .binary_search_by(|known| (&known.node, known.user).cmp(&(&user.node, user.user)))
        .ok()
        .and_then(|index| baseline.users.get(index));
    user.losses > found.map_or(0, |known| known.losses)
}

/// The replicas that held sessions before, were not hit, and whose users all kept theirs; and how many were not hit.
fn untouched(before: &Snapshot, now: &Snapshot, deeds: &[FaultState]) -> (Vec<String>, usize) {
    let hit = |slot| deeds.iter().filter_map(|fault| fault.life.as_ref()).any(|life| life.slot == slot);
    let slots = before.nodes.iter().flat_map(|node| &node.slots).map(|state| &state.slot);
    let (mut names, mut others) = (Vec::new(), 0);
    for slot in slots.filter(|slot| !hit((*slot).clone())) {
        let lived_here = |user: &&UserState| matches!(&user.holder, Holder::Life(life) if life.slot == *slot);
        let mut held = before.users.iter().filter(lived_here).peekable();
        if held.peek().is_none() {
            continue;
        }
        others += 1;
        let lost = |known: &UserState| {
            now.users
                .iter()
                .any(|user| (&user.node, user.user) == (&known.node, known.user) && user.losses > known.losses)
        };
        if !held.any(lost) {
            names.push(slot.to_string());
        }
    }
    (names, others)
}
