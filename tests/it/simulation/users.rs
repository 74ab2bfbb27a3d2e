//! The users of the model world: each opens a session, fills it, and finds out when it is gone.

use brownout::control::{EndpointState, Event};
use brownout::telemetry::{Belief, BeliefKind, Cause, LedgerKind, Outcome, SessionId, Standing};
use brownout::topology::{LifeId, Sessions};
use rand::RngExt;

use super::world::{Source, World};

/// One user, with what it believes in.
#[derive(Default)]
pub(crate) struct User {
    session: Option<(SessionId, u32)>,
    /// The service that its cookie names.
    tie: Option<LifeId>,
    was_lost: bool,
    opened: u64,
}

impl World {
    /// The life of the users' process, when it can act.
    pub(crate) fn shoppers(&self) -> Option<LifeId> {
        let (life, process) = self.processes.iter().find(|(life, _)| life.node().as_str() == "shoppers")?;
        let has_begun = process.view.as_ref().is_some_and(|view| view.started_us.is_some());
        (has_begun && process.ready && !process.paused).then(|| life.clone())
    }

    fn believe(&mut self, user: usize, session: SessionId, kind: BeliefKind) {
        let Some(life) = self.shoppers() else { return };
        let belief = Belief { at_us: self.stamp(), user: user as u32 + 1, session, kind };
        self.emit(Source::Connection(life.clone()), Event::Belief { life, belief });
    }

    /// Finds a service for a request as a gateway would, by what the gateway was told.
    fn route(&mut self, user: usize) -> Option<LifeId> {
        let gates: Vec<LifeId> = self.processes.keys().filter(|life| life.node().as_str() == "gate").cloned().collect();
        let gate = gates.into_iter().find(|gate| self.processes[gate].ready && !self.processes[gate].paused)?;
        let view = self.processes[&gate].view.clone()?;
        let (_, shops) = view.endpoints.iter().find(|(node, _)| node.as_str() == "shop")?;
        let ready: Vec<LifeId> =
            shops.iter().filter(|shop| shop.state == EndpointState::Ready).map(|shop| shop.life.clone()).collect();
        let tied = self.users[user].tie.clone().filter(|tie| ready.contains(tie) && self.rng.random_bool(0.97));
        if let Some(tied) = tied {
            if self.processes.get(&tied).is_some_and(|process| !process.paused) {
                return Some(tied);
            }
            let at_us = self.stamp();
            let noticed = Event::Noticed { life: gate.clone(), upstream: tied, at_us, by: "refused" };
            self.emit(Source::Connection(gate), noticed);
        }
        let up: Vec<LifeId> =
            ready.into_iter().filter(|life| self.processes.get(life).is_some_and(|shop| !shop.paused)).collect();
        if up.is_empty() { None } else { Some(up[self.rng.random_range(0..up.len())].clone()) }
    }

    /// Lets one user make one request.
    pub(crate) fn act(&mut self, user: usize) {
        let Some(shop) = self.route(user) else { return self.count(Outcome::Failed(Cause::NoUpstream)) };
        self.users[user].tie = Some(shop.clone());
        match self.users[user].session.clone() {
            None => self.open(user, &shop),
            Some((session, items)) => match self.holder(&shop, &session) {
                Err(cause) => self.count(Outcome::Failed(cause)),
                Ok(None) => self.lose(user, &shop, session, items),
                Ok(Some(holder)) if self.rng.random_bool(0.05) => self.end(user, &shop, &holder, session),
                Ok(Some(holder)) => {
                    self.append(&holder, &session);
                    self.write(&shop, Some(&holder), &session, LedgerKind::Changed, items + 1);
                    self.users[user].session = Some((session.clone(), items + 1));
                    self.count(Outcome::Ok);
                    self.believe(user, session, BeliefKind::Items { items: items + 1 });
                }
            },
        }
    }

    fn append(&mut self, holder: &LifeId, session: &SessionId) {
        if let Some(items) = self.processes.get_mut(holder).and_then(|process| process.sessions.get_mut(session)) {
            *items += 1;
        }
    }

    /// Who holds the session, as far as this service can reach it. Adopts from the store what it is to keep itself.
    fn holder(&mut self, shop: &LifeId, session: &SessionId) -> Result<Option<LifeId>, Cause> {
        if self.processes[shop].sessions.contains_key(session) {
            return Ok(Some(shop.clone()));
        }
        let (mode, store) = self.keeps(shop);
        let Some(store) = store else {
            return if mode == Sessions::Store { Err(Cause::StoreUnavailable) } else { Ok(None) };
        };
        let Some(&items) = self.processes[&store].sessions.get(session) else { return Ok(None) };
        if mode == Sessions::Store {
            return Ok(Some(store));
        }
        self.processes.get_mut(&store).map(|store| store.sessions.remove(session));
        self.processes.get_mut(shop).map(|shop| shop.sessions.insert(session.clone(), items));
        self.write(shop, Some(shop), session, LedgerKind::Created, items);
        self.write(shop, Some(&store), session, LedgerKind::Moved, items);
        Ok(Some(shop.clone()))
    }

    fn open(&mut self, user: usize, shop: &LifeId) {
        let holder = match self.keeps(shop) {
            (Sessions::Store, None) => return self.count(Outcome::Failed(Cause::StoreUnavailable)),
            (Sessions::Store, Some(store)) => store,
            _ => shop.clone(),
        };
        self.users[user].opened += 1;
        let session = SessionId(format!("u{user}-{}", self.users[user].opened).into());
        self.processes.get_mut(&holder).map(|process| process.sessions.insert(session.clone(), 0));
        self.write(shop, Some(&holder), &session, LedgerKind::Created, 0);
        // Now and then the answer does not reach the user, who then knows of no session.
        if self.rng.random_bool(0.02) {
            return self.count(Outcome::TimedOut);
        }
        self.count(Outcome::Ok);
        let again = std::mem::take(&mut self.users[user].was_lost);
        self.users[user].session = Some((session.clone(), 0));
        self.believe(user, session, BeliefKind::Opened { by: Some(shop.clone()), again });
    }

    fn end(&mut self, user: usize, shop: &LifeId, holder: &LifeId, session: SessionId) {
        self.processes.get_mut(holder).map(|process| process.sessions.remove(&session));
        self.users[user].session = None;
        self.believe(user, session.clone(), BeliefKind::Ended);
        self.write(shop, Some(holder), &session, LedgerKind::Ended, 0);
        self.count(Outcome::Ok);
    }

    fn lose(&mut self, user: usize, by: &LifeId, session: SessionId, items: u32) {
        let alive = self.processes.iter().find(|(_, process)| process.sessions.contains_key(&session));
        let held_by = match alive {
            Some((life, _)) => self.ending.contains_key(life).then(|| life.clone()),
            None => self.buried.iter().find(|(_, held)| held.contains(&session)).map(|(life, _)| life.clone()),
        };
        self.lost.entry(held_by).or_default().push(session.clone());
        self.users[user].session = None;
        self.users[user].was_lost = true;
        self.count(Outcome::Failed(Cause::UnknownSession));
        self.believe(user, session, BeliefKind::LoggedOut { items_lost: items, by: Some(by.clone()) });
    }

    /// Every user looks after its session once, as settling asks for.
    pub(crate) fn check_sessions(&mut self) -> Vec<Standing> {
        let mut standings = Vec::new();
        for user in 0..self.users.len() {
            let Some((session, items)) = self.users[user].session.clone() else { continue };
            let sent_us = self.stamp();
            let mut verified_us = None;
            if let Some(shop) = self.route(user) {
                match self.holder(&shop, &session) {
                    Ok(Some(_)) => verified_us = Some(sent_us),
                    Ok(None) => {
                        self.lose(user, &shop, session, items);
                        continue;
                    }
                    Err(_) => {}
                }
            }
            standings.push(Standing { user: user as u32 + 1, session, verified_us, items });
        }
        standings
    }
}
