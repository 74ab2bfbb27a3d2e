//! What ties a user's requests to one replica, and which replica a request may go to because of it. Pure.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use crate::node::balancer::{Balancer, Picked};
use crate::topology::{Affinity, Gateway, LifeId, NodeId, Repoint, Slot};

/// How many keys are tried for a new visitor, so that the first one's replica takes new visitors.
const KEY_DRAWS: usize = 32;

/// What ties a request to a replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tie {
    /// Nothing does.
    Loose,
    /// To this life, while it is there.
    Life(LifeId),
    /// To this slot, whoever fills it, for ever.
    Slot(u32),
    /// To this slot while it answers: a cookie from before the gateway let go of replicas, which is given a new one.
    SlotOnce(u32),
    /// To whoever the key's hash prefers.
    Key(Vec<u8>),
    /// To the slot that the key's hash prefers, for ever.
    FixedKey(Vec<u8>),
}

impl Tie {
    /// Reads the tie from the affinity cookie. A cookie that says nothing sensible is none.
    pub(super) fn read(settings: &Gateway, upstream: &NodeId, cookie: Option<&[u8]>) -> Self {
        let text = cookie.and_then(|cookie| std::str::from_utf8(cookie).ok()).unwrap_or_default();
        let tie = match (settings.affinity, settings.repoint) {
            (Affinity::None, _) => None,
            // A cookie that was given under the other setting still says where the session is.
            (Affinity::Cookie, Repoint::OnEject) => {
                let life = text.parse().ok().filter(|life: &LifeId| life.node() == upstream).map(Self::Life);
                life.or_else(|| slot_of(text, upstream).map(Self::SlotOnce))
            }
            (Affinity::Cookie, Repoint::Never) => slot_of(text, upstream).map(Self::Slot),
            (Affinity::SessionHash, repoint) => is_key(text).then(|| Self::of_key(repoint, text.into())),
        };
        tie.unwrap_or(Self::Loose)
    }

    fn of_key(repoint: Repoint, key: Vec<u8>) -> Self {
        match repoint {
            Repoint::OnEject => Self::Key(key),
            Repoint::Never => Self::FixedKey(key),
        }
    }

    /// Gives a visitor without a key a new one; its replica takes new visitors, if any does.
    pub(super) fn or_new_key(
        self,
        settings: &Gateway,
        balancer: &mut Balancer,
        random: &mut Xoshiro256PlusPlus,
    ) -> Self {
        if self != Self::Loose || settings.affinity != Affinity::SessionHash {
            return self;
        }
        let mut key = Vec::new();
        for _ in 0..KEY_DRAWS {
            key = format!("{:016x}", random.random::<u64>()).into_bytes();
            let home = balancer.slot(balancer.home_slot(&key));
            if home.is_some_and(|replica| replica.takes_new()) {
                break;
            }
        }
        Self::of_key(settings.repoint, key)
    }

    /// Which replica the request may go to next.
    pub(super) fn choose(&self, balancer: &mut Balancer, tried: &[LifeId], now_us: u64) -> Option<Picked> {
        let fixed = |balancer: &Balancer, slot| {
            balancer.slot(slot).filter(|replica| !replica.ejected && !tried.contains(&replica.life)).map(|r| r.picked())
        };
        match self {
            Self::Loose => balancer.pick(tried, now_us),
            Self::Life(life) => {
                let tied = balancer.life(life).filter(|replica| !replica.ejected && !tried.contains(life));
                match tied.map(|replica| replica.picked()) {
                    Some(picked) => Some(picked),
                    None => balancer.pick(tried, now_us),
                }
            }
            Self::Slot(slot) => fixed(balancer, *slot),
            Self::SlotOnce(slot) => fixed(balancer, *slot).or_else(|| balancer.pick(tried, now_us)),
            Self::Key(key) => balancer.pick_by_key(key, tried),
            Self::FixedKey(key) => fixed(balancer, balancer.home_slot(key)),
        }
    }

    /// The value that the cookie must be given now that `life` answered; `None` when the client's is right already.
    /// `new_key`: the client does not know its key yet.
    pub(super) fn new_cookie(&self, settings: &Gateway, life: &LifeId, new_key: bool) -> Option<String> {
        match self {
            Self::Life(tied) if tied == life => None,
            Self::Slot(slot) if *slot == life.slot.index => None,
            Self::Key(key) | Self::FixedKey(key) if new_key => String::from_utf8(key.clone()).ok(),
            Self::Key(_) | Self::FixedKey(_) => None,
            Self::Loose | Self::Life(_) | Self::Slot(_) | Self::SlotOnce(_) => {
                match (settings.affinity, settings.repoint) {
                    (Affinity::Cookie, Repoint::OnEject) => Some(life.to_string()),
                    (Affinity::Cookie, Repoint::Never) => Some(life.slot.to_string()),
                    (Affinity::None | Affinity::SessionHash, _) => None,
                }
            }
        }
    }
}

/// The slot that a cookie names, as itself or by one of its lives.
fn slot_of(text: &str, upstream: &NodeId) -> Option<u32> {
    let slot: Option<Slot> = text.parse().ok();
    let slot = slot.or_else(|| text.parse().ok().map(|life: LifeId| life.slot));
    slot.filter(|slot| slot.node == *upstream).map(|slot| slot.index)
}

fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
