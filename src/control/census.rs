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

/// A holder's own word about a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding {
    /// Since when it holds it.
    pub(super) since_us: u64,
    /// The time of its last line.
    last_us: u64,
    /// How it left, if it did: ended, expired or moved.
    gone: Option<LedgerKind>,
}

impl Holding {
    /// Whether and how it had left at this moment.
    pub(super) fn gone_by(&self, at_us: u64) -> Option<LedgerKind> {
        self.gone.filter(|_| self.last_us <= at_us)
    }
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

impl Holding {
    /// When it left, if it did.
    pub(super) fn gone_us(&self) -> Option<u64> {
        self.gone.map(|_| self.last_us)
    }
}

impl Session {
    /// Who held it at this moment: the last who wrote so and had not written since that it left.
    pub(super) fn holder_at(&self, at_us: u64) -> Option<(&Option<LifeId>, &Holding)> {
        self.holders
            .iter()
            .filter(|(_, holding)| holding.since_us <= at_us && holding.gone_by(at_us).is_none())
            .max_by_key(|(_, holding)| holding.since_us)
    }

    /// Who holds it by the last word of all.
    pub(super) fn holder(&self) -> Option<&Option<LifeId>> {
        self.holder_at(u64::MAX).map(|(holder, _)| holder)
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
    /// Takes a holder's line. An older line than the holder's last about the same session changes nothing.
    pub(super) fn ledger(&mut self, line: LedgerLine) {
        let gone = match line.kind {
            LedgerKind::Created | LedgerKind::Changed => None,
            LedgerKind::Ended | LedgerKind::Expired | LedgerKind::Moved => Some(line.kind),
        };
        let holders = &mut self.sessions.entry(line.session).or_default().holders;
        let new = Holding { since_us: line.at_us, last_us: line.at_us, gone };
        let holding = holders.entry(line.holder).or_insert(new);
        if line.at_us < holding.last_us {
            // The store's holder has many writers, so its first line may come late.
            if line.kind == LedgerKind::Created && holding.gone.is_none() {
                holding.since_us = holding.since_us.min(line.at_us);
            }
            return;
        }
        if line.kind == LedgerKind::Created && holding.gone.is_some() && line.at_us > holding.last_us {
            holding.since_us = line.at_us;
        }
        // A change does not bring back what left: it was written by somebody who did not know yet.
        if line.kind != LedgerKind::Changed {
            holding.gone = gone;
        }
        holding.last_us = line.at_us;
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
