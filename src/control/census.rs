//! The two ledgers, side by side: what holders wrote about each session, and what its user believed. Nothing is decided
//! here when a line arrives, for lines of different connections overtake each other; `judgement` compares them.

use std::collections::{BTreeMap, BTreeSet};

use crate::telemetry::{Belief, BeliefKind, LedgerKind, LedgerLine, SessionId, Standing};
use crate::topology::{LifeId, NodeId};

/// All that holders and users wrote.
#[derive(Debug, Default)]
pub(super) struct Census {
    sessions: BTreeMap<SessionId, Session>,
    users: BTreeMap<(NodeId, u32), User>,
    open: BTreeSet<SessionId>,
    pub(super) sums: Sums,
}

/// What users reported, in sum. Each report counts once, however often it arrives.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sums {
    pub(super) started: u64,
    pub(super) logged_out: u64,
    pub(super) carts_lost: u64,
    pub(super) duplicated: u64,
    pub(super) items_lost: u64,
    pub(super) relogins: u64,
    pub(super) users_hurt: u64,
}

impl Sums {
    pub(super) const fn lost(&self) -> u64 {
        self.logged_out + self.carts_lost
    }
}

/// One session as both sides know it.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Who wrote that it holds it; `None` is the user, with a token.
    pub(super) holders: BTreeMap<Option<LifeId>, Holding>,
    /// What its user believes, once the user was heard.
    pub(super) belief: Option<Believed>,
}

/// A holder's own word about a session: when it came and when it left. Many may write for one store, and their lines
/// overtake each other, so all are kept, in the order of their times.
#[derive(Debug, Default)]
pub(super) struct Holding {
    marks: Vec<(u64, LedgerKind)>,
}

impl Holding {
    fn enter(&mut self, at_us: u64, kind: LedgerKind) {
        // A change tells that it is there only where nothing else does: who wrote it may not know yet that it left.
        let is_needed = kind != LedgerKind::Changed || self.marks.is_empty();
        if is_needed && !self.marks.contains(&(at_us, kind)) {
            let index = self.marks.partition_point(|&(other_us, _)| other_us <= at_us);
            self.marks.insert(index, (at_us, kind));
        }
    }

    /// Its last word up to this moment on whether it holds it.
    fn last_by(&self, at_us: u64) -> Option<(u64, LedgerKind)> {
        let mut marks = self.marks.iter().rev().filter(|&&(mark_us, _)| mark_us <= at_us);
        let last = marks.clone().find(|(_, kind)| *kind != LedgerKind::Changed);
        last.or_else(|| marks.next()).copied()
    }

    /// Since when it held it at this moment, if it did.
    pub(super) fn since(&self, at_us: u64) -> Option<u64> {
        let (since_us, kind) = self.last_by(at_us)?;
        (!leaves(kind)).then_some(since_us)
    }

    /// When it came, the last time.
    pub(super) fn came_us(&self) -> Option<u64> {
        self.marks.iter().rev().find(|(_, kind)| !leaves(*kind)).map(|&(at_us, _)| at_us)
    }

    /// When it left after this moment, if it did.
    pub(super) fn left_after(&self, at_us: u64) -> Option<u64> {
        self.marks.iter().find(|&&(mark_us, kind)| mark_us > at_us && leaves(kind)).map(|&(at_us, _)| at_us)
    }

    /// Whether it had run out of time at this moment.
    pub(super) fn expired_by(&self, at_us: u64) -> bool {
        self.last_by(at_us).is_some_and(|(_, kind)| kind == LedgerKind::Expired)
    }
}

const fn leaves(kind: LedgerKind) -> bool {
    matches!(kind, LedgerKind::Ended | LedgerKind::Expired | LedgerKind::Moved)
}

/// A user's word about a session.
#[derive(Debug)]
pub(super) struct Believed {
    /// The users node's life.
    pub(super) owner: LifeId,
    pub(super) opened_us: Option<u64>,
    pub(super) ended_us: Option<u64>,
    /// Whether it ended because the users' own process did.
    pub(super) abandoned: bool,
    /// When the user was told that it is unknown.
    pub(super) out_us: Option<u64>,
    items: u32,
    items_us: u64,
    pub(super) losses: Vec<Loss>,
    duplications: BTreeSet<u64>,
    /// When the last request was sent whose answer agreed with all that the user believed.
    pub(super) verified_us: Option<u64>,
}

/// One time that the system broke its word to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) at_us: u64,
    /// The life that answered so.
    pub(super) by: Option<LifeId>,
    logged_out: bool,
}

/// One virtual user, for the window.
#[derive(Debug, Default)]
pub(super) struct User {
    newest_us: u64,
    pub(super) newest: Option<SessionId>,
    pub(super) losses: u32,
    pub(super) items_lost: u32,
}

/// What is new in a user's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    LoggedOut { items_lost: u32 },
    CartLost { items_lost: u32 },
}

impl Session {
    /// Who held it at this moment: the last who wrote so and had not written since that it left.
    pub(super) fn holder_at(&self, at_us: u64) -> Option<&Option<LifeId>> {
        let holders = self.holders.iter().filter_map(|(holder, holding)| Some((holding.since(at_us)?, holder)));
        holders.max_by_key(|&(since_us, _)| since_us).map(|(_, holder)| holder)
    }

    /// Who holds it by the last word of all.
    pub(super) fn holder(&self) -> Option<&Option<LifeId>> {
        self.holder_at(u64::MAX)
    }
}

impl Believed {
    fn new(owner: LifeId) -> Self {
        Self {
            owner,
            opened_us: None,
            ended_us: None,
            abandoned: false,
            out_us: None,
            items: 0,
            items_us: 0,
            losses: Vec::new(),
            duplications: BTreeSet::new(),
            verified_us: None,
        }
    }

    fn is_open(&self) -> bool {
        self.opened_us.is_some() && self.ended_us.is_none() && self.out_us.is_none()
    }

    /// Whether the user learned of a loss after this moment.
    pub(super) fn lost_after(&self, at_us: u64) -> bool {
        self.losses.iter().any(|loss| loss.at_us > at_us)
    }

    pub(super) fn items(&self) -> u32 {
        self.items
    }

    fn set_items(&mut self, items: u32, at_us: u64) {
        if at_us >= self.items_us {
            self.items = items;
            self.items_us = at_us;
        }
    }
}

impl Census {
    /// Takes a holder's line.
    pub(super) fn ledger(&mut self, line: LedgerLine) {
        let session = self.sessions.entry(line.session).or_default();
        session.holders.entry(line.holder).or_default().enter(line.at_us, line.kind);
    }

    /// Takes a user's line. What it tells that was not known before, and hurts, comes back.
    pub(super) fn believe(&mut self, life: &LifeId, belief: Belief) -> Option<News> {
        let Belief { at_us, user: number, session: id, kind } = belief;
        let session = self.sessions.entry(id.clone()).or_default();
        let believed = session.belief.get_or_insert_with(|| Believed::new(life.clone()));
        let user = self.users.entry((life.node().clone(), number)).or_default();
        let mut news = None;
        match kind {
            BeliefKind::Opened { again, .. } if believed.opened_us.is_none() => {
                believed.opened_us = Some(at_us);
                self.sums.started += 1;
                self.sums.relogins += u64::from(again);
                if at_us >= user.newest_us {
                    user.newest_us = at_us;
                    user.newest = Some(id.clone());
                }
            }
            BeliefKind::Opened { .. } => {}
            BeliefKind::Items { items } => believed.set_items(items, at_us),
            BeliefKind::Ended => {
                believed.ended_us.get_or_insert(at_us);
            }
            BeliefKind::LoggedOut { items_lost, by } => {
                if believed.out_us.is_none() {
                    believed.out_us = Some(at_us);
                    news = Some((News::LoggedOut { items_lost }, Loss { at_us, by, logged_out: true }));
                }
            }
            BeliefKind::CartLost { items_lost, by } => {
                news = Some((News::CartLost { items_lost }, Loss { at_us, by, logged_out: false }));
            }
            BeliefKind::Duplicated { .. } => {
                self.sums.duplicated += u64::from(believed.duplications.insert(at_us));
            }
        }
        let news = news.filter(|(_, loss)| !believed.losses.contains(loss)).map(|(news, loss)| {
            believed.losses.push(loss);
            self.sums.hurt(user, news);
            news
        });
        if believed.is_open() {
            self.open.insert(id);
        } else {
            self.open.remove(&id);
        }
        news
    }

    /// Takes a user's last word on a session.
    pub(super) fn stand(&mut self, standing: &Standing) {
        if let Some(believed) = self.sessions.get_mut(&standing.session).and_then(|session| session.belief.as_mut()) {
            believed.verified_us = believed.verified_us.max(standing.verified_us);
        }
    }

    /// The users of this life are gone, and with them their belief.
    pub(super) fn abandon(&mut self, life: &LifeId, at_us: u64) {
        for session in self.sessions.values_mut() {
            if let Some(believed) = session.belief.as_mut().filter(|believed| believed.owner == *life)
                && believed.is_open()
            {
                believed.ended_us = Some(at_us);
                believed.abandoned = true;
            }
        }
        let sessions = &self.sessions;
        self.open.retain(|id| sessions.get(id).and_then(|s| s.belief.as_ref()).is_some_and(Believed::is_open));
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = (&SessionId, &Session)> {
        self.sessions.iter()
    }

    pub(super) fn session(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.get(id)
    }

    pub(super) fn users(&self) -> impl Iterator<Item = (&(NodeId, u32), &User)> {
        self.users.iter()
    }

    /// The sessions that users believe in now.
    pub(super) fn open(&self) -> &BTreeSet<SessionId> {
        &self.open
    }

    /// How many sessions users believed in at this moment.
    pub(super) fn open_at(&self, at_us: u64) -> u64 {
        let before = |moment: Option<u64>| moment.is_some_and(|moment| moment <= at_us);
        let beliefs = self.sessions.values().filter_map(|session| session.belief.as_ref());
        beliefs.filter(|belief| before(belief.opened_us) && !before(belief.ended_us) && !before(belief.out_us)).count()
            as u64
    }
}

impl Sums {
    fn hurt(&mut self, user: &mut User, news: News) {
        let items_lost = match news {
            News::LoggedOut { items_lost } => {
                self.logged_out += 1;
                items_lost
            }
            News::CartLost { items_lost } => {
                self.carts_lost += 1;
                items_lost
            }
        };
        self.users_hurt += u64::from(user.losses == 0);
        self.items_lost += u64::from(items_lost);
        user.losses += 1;
        user.items_lost += items_lost;
    }
}
