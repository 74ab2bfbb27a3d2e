//! The users' sessions: where they are kept (memory, store, token), and how they get from one place to the other while
//! requests go on. Every change enters its holder's ledger before the step ends, thus before the answer leaves.

mod expiry;
mod hash;
mod memory;
mod moving;
mod places;
mod row;
mod store;
mod stored;
mod token;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::node::Context;
use crate::telemetry::{Cause, LedgerKind, LedgerLine, SessionId};
use crate::topology::{self, LifeId, SessionStep};
use crate::wire::{ServiceConfig, Store, StoreProtocol};

use super::database::Database;
use super::refusal::Refusal;
use super::visit::{Ask, Visit};
use memory::Memory;
use store::StoreLink;
use token::{Claims, TokenKey};

/// What a step does to a session that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Touch {
    Read,
    Append(Rc<str>),
    Clear,
    End,
}

/// A session after a touch.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    /// Its items, in order.
    items: Vec<String>,
    /// How many there are; of a session that has ended, how many there were.
    count: u32,
    /// Whether the touch changed anything.
    changed: bool,
}

/// Where sessions are kept, from mode and store together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Regime {
    /// In this process.
    Memory,
    /// In the linked store.
    Store,
    /// Identity in a token, items in the linked store.
    TokenAndStore,
    /// Everything in a token.
    Token,
}

/// The sessions that this service holds or can reach.
pub(super) struct Sessions {
    context: Context,
    memory: RefCell<Memory>,
    /// The way to the linked cache.
    store: StoreLink,
    /// The way to the linked database.
    database: Database,
    plan: RefCell<Plan>,
    /// The session that is being moved while its requests wait, and what wakes them.
    departing: RefCell<Option<SessionId>>,
    departed: Notify,
    /// Counts configurations, so that a move for an older one stops.
    generation: Cell<u64>,
}

/// What the configuration says about sessions.
#[derive(Clone)]
struct Plan {
    regime: Regime,
    /// What the linked store speaks; `None` without one.
    store: Option<StoreProtocol>,
    /// Whether sessions may be in the database although the store is a cache.
    leaves_database: bool,
    ttl: Duration,
    token_key: String,
    key: Rc<TokenKey>,
    /// Whether everything is where the regime wants it. Until then new sessions begin in memory, as before.
    settled: bool,
}

impl Plan {
    fn new(config: &ServiceConfig) -> Self {
        let store = config.store.as_ref().map(|store| store.protocol);
        let regime = match config.settings.sessions {
            topology::Sessions::Memory => Regime::Memory,
            topology::Sessions::Store => Regime::Store,
            topology::Sessions::Token if store.is_some() => Regime::TokenAndStore,
            topology::Sessions::Token => Regime::Token,
        };
        Self {
            regime,
            store,
            leaves_database: config.leaves_database,
            ttl: config.settings.session_ttl.duration(),
            token_key: config.token_key.clone(),
            key: Rc::new(TokenKey::new(&config.token_key)),
            settled: true,
        }
    }
}

/// Who asks, by the session cookie.
struct Carried {
    session: SessionId,
    /// What the cookie says, if it is a token.
    claims: Option<Claims>,
}

impl Sessions {
    /// No sessions yet. Begins to look for expired ones.
    pub(super) fn new(context: Context, config: &ServiceConfig, database: Database) -> Rc<Self> {
        let store = StoreLink::new(context.clone());
        store.lead_to(cache(config));
        let sessions = Rc::new(Self {
            context,
            memory: RefCell::default(),
            store,
            database,
            plan: RefCell::new(Plan::new(config)),
            departing: RefCell::default(),
            departed: Notify::new(),
            generation: Cell::new(0),
        });
        expiry::watch(&sessions);
        sessions
    }

    /// Follows a new configuration from now on. `true` when sessions must be moved first; then
    /// [`Sessions::settle`] does it.
    pub(super) fn configure(&self, config: &ServiceConfig) -> bool {
        self.store.lead_to(cache(config));
        self.generation.set(self.generation.get() + 1);
        let mut plan = Plan::new(config);
        if plan.token_key == self.plan.borrow().token_key {
            plan.key = self.plan.borrow().key.clone();
        }
        let to_the_store = matches!(plan.regime, Regime::Store | Regime::TokenAndStore);
        plan.settled = !to_the_store || self.memory.borrow().any().is_none();
        let moves = !plan.settled;
        *self.plan.borrow_mut() = plan;
        moves
    }

    /// Does what a session step of an operation asks, for the user whose request it is.
    pub(super) async fn step(&self, ask: &Ask, visit: &mut Visit, step: SessionStep) -> Result<(), Refusal> {
        let touch = match step {
            SessionStep::Create => return self.create(ask, visit).await,
            SessionStep::Append => Touch::Append(ask.item.clone().ok_or_else(|| {
                Refusal::new(Cause::Protocol, "nothing to append: the body must name an item, as in {\"item\":\"a1\"}")
            })?),
            SessionStep::Read => Touch::Read,
            SessionStep::Clear => Touch::Clear,
            SessionStep::End => Touch::End,
        };
        let carried = self.carried(visit).ok_or_else(Refusal::unknown_session)?;
        let seen = self.find_and_touch(ask, visit, &carried, &touch).await?.ok_or_else(Refusal::unknown_session)?;
        visit.session = (touch != Touch::End).then(|| carried.session.clone());
        match touch {
            Touch::Read => visit.items = Some(seen.items),
            Touch::End => visit.end_session_cookie(),
            Touch::Append(_) | Touch::Clear => {}
        }
        Ok(())
    }

    async fn create(&self, ask: &Ask, visit: &mut Visit) -> Result<(), Refusal> {
        let session = new_id()?;
        let plan = self.plan.borrow().clone();
        let regime = if plan.settled { plan.regime } else { Regime::Memory };
        let (holder, cookie) = match regime {
            Regime::Memory => {
                let now_us = self.context.clock.now_us();
                self.memory.borrow_mut().insert(session.clone(), ask.user, Vec::new(), now_us);
                (Some(self.context.life.clone()), session.to_string())
            }
            Regime::Store => {
                let life = self.stored(Some(ask), &mut visit.together, &session).put(ask.user, &[]).await?;
                (Some(life), session.to_string())
            }
            // Nothing goes into the store before the first item: a login needs nobody but the key.
            Regime::TokenAndStore => (None, self.issue(&session, None)?),
            Regime::Token => (None, self.issue(&session, Some(Vec::new()))?),
        };
        self.enter(holder, &session, LedgerKind::Created, 0);
        visit.set_session_cookie(&cookie);
        visit.session = Some(session);
        Ok(())
    }

    /// Reads the session cookie. `None` when there is none that could be right.
    fn carried(&self, visit: &Visit) -> Option<Carried> {
        let cookie = visit.session_cookie()?;
        if is_id(cookie) {
            return Some(Carried { session: SessionId(cookie.into()), claims: None });
        }
        let claims = self.plan.borrow().key.verify(cookie, self.now_s())?;
        Some(Carried { session: claims.sid.clone(), claims: Some(claims) })
    }

    fn issue(&self, session: &SessionId, items: Option<Vec<String>>) -> Result<String, Refusal> {
        let plan = self.plan.borrow();
        // Rounded up: a token never ends before the session would have.
        let exp = self.now_s() + plan.ttl.as_secs() + 1;
        plan.key.issue(&Claims { sid: session.clone(), exp, items })
    }

    /// The run's clock in seconds since 1970, as tokens count.
    fn now_s(&self) -> u64 {
        (self.context.run.epoch_unix_ns / 1_000 + self.context.clock.now_us()) / 1_000_000
    }

    fn enter(&self, holder: Option<LifeId>, session: &SessionId, kind: LedgerKind, items: u32) {
        let at_us = self.context.clock.now_us();
        self.context.app.ledger(LedgerLine { at_us, holder, session: session.clone(), kind, items });
    }

    /// Enters that a session left one holder for another.
    fn enter_move(&self, from: Option<LifeId>, to: Option<LifeId>, session: &SessionId, items: u32) {
        self.enter(from, session, LedgerKind::Moved, items);
        self.enter(to, session, LedgerKind::Created, items);
    }
}

/// The linked store, if it is a cache.
fn cache(config: &ServiceConfig) -> Option<&Store> {
    config.store.as_ref().filter(|store| store.protocol == StoreProtocol::Resp)
}

/// A new session id: 16 random bytes in hexadecimal.
fn new_id() -> Result<SessionId, Refusal> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Refusal::with_status(500, Cause::Status, format!("the system gives no random bytes for a session id: {error}"))
    })?;
    Ok(SessionId(format!("{:032x}", u128::from_be_bytes(bytes)).into()))
}

/// Whether a text has the form of a session id.
fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
