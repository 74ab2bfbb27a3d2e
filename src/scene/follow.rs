//! The requests of late, to be read: those of one user who is followed, and the one whose dot was clicked. Bounded.

mod hops;
mod words;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::Holder;
use crate::telemetry::{Outcome, TraceId};
use crate::topology::NodeId;

use super::dots::{Look, SetOut};
use super::timeline::Tree;

pub use hops::{Hop, hops};
pub use words::{ended, span_of_time};

/// As many requests of all users are kept, so that a user's past can be read as soon as the user is clicked.
const MOST: usize = 1024;
/// As many requests of the followed user are kept.
const MOST_OF_ONE: usize = 20;

/// One request, with all that is known of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its spans.
    pub tree: Tree,
    /// Whose it is: the users node and the user's number.
    pub user: Option<(NodeId, u32)>,
    /// What the user knew when it set out.
    pub before: Option<Before>,
    /// When its dot has gone its way, in microseconds of run time as displayed: before that, its end is not told.
    pub over_us: u64,
}

/// What a user knew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Whether the user had a session.
    pub session: bool,
    /// How many items the user had.
    pub items: u32,
    /// Where the session's only copy was.
    pub holder: Holder,
}

impl Request {
    /// Which request it is.
    pub fn trace(&self) -> TraceId {
        self.tree.root.trace
    }

    /// How it ended; `None` while its dot is still on its way on the screen.
    pub fn outcome(&self, display_us: u64) -> Option<Outcome> {
        (display_us >= self.over_us).then_some(self.tree.root.outcome)
    }

    /// The shape of its outcome; that of a request on its way while it is.
    pub fn look(&self, display_us: u64) -> Look {
        self.outcome(display_us).map_or(Look::Ok, |outcome| {
            let attempts = hops(&self.tree).iter().map(|hop| hop.attempt).max().unwrap_or(1);
            Look::of(outcome, attempts)
        })
    }
}

/// The requests of late.
#[derive(Debug, Clone, Default)]
pub struct Follow {
    recent: VecDeque<Arc<Request>>,
    followed: Option<(NodeId, u32)>,
    theirs: VecDeque<Arc<Request>>,
    picked: Option<Arc<Request>>,
}

impl Follow {
    /// Takes in requests that set out on the screen, as the run was shown then. Those that are forgotten for them are
    /// returned.
    pub fn enter(&mut self, set_out: Vec<SetOut>, shown: &Snapshot) -> Vec<Arc<Request>> {
        let mut forgotten = Vec::new();
        for SetOut { mut request, is_of_user } in set_out {
            // Of others nothing is read: there are thousands.
            if is_of_user && let Some(request) = Arc::get_mut(&mut request) {
                request.before = request.user.as_ref().and_then(|user| before(user, shown));
            }
            if self.followed.is_some() && request.user == self.followed {
                keep(&mut self.theirs, &request, MOST_OF_ONE);
            }
            forgotten.extend(keep(&mut self.recent, &request, MOST));
        }
        forgotten
    }

    /// Follows this user, and no other. What is remembered of the user's past comes with it.
    pub fn follow(&mut self, user: Option<(NodeId, u32)>) {
        if self.followed == user {
            return;
        }
        self.theirs.clear();
        self.followed = user;
        if self.followed.is_some() {
            for request in self.recent.iter().filter(|request| request.user == self.followed) {
                keep(&mut self.theirs, request, MOST_OF_ONE);
            }
        }
    }

    /// Keeps this request for as long as it is looked at.
    pub fn pick(&mut self, trace: Option<TraceId>) {
        if self.picked.as_ref().map(|picked| picked.trace()) != trace {
            self.picked = trace.and_then(|trace| self.find(trace).cloned());
        }
    }

    /// The user who is followed.
    pub fn followed(&self) -> Option<&(NodeId, u32)> {
        self.followed.as_ref()
    }

    /// The requests of the followed user, the newest first.
    pub fn theirs(&self) -> impl Iterator<Item = &Request> {
        self.theirs.iter().rev().map(Arc::as_ref)
    }

    /// A request, as long as it is remembered.
    pub fn request(&self, trace: TraceId) -> Option<&Request> {
        self.find(trace).map(Arc::as_ref)
    }

    /// Forgets every request, not who is followed.
    pub fn clear(&mut self) {
        *self = Self { followed: self.followed.take(), ..Self::default() };
    }

    fn find(&self, trace: TraceId) -> Option<&Arc<Request>> {
        let all = self.picked.iter().chain(self.theirs.iter().rev()).chain(self.recent.iter().rev());
        all.into_iter().find(|request| request.trace() == trace)
    }
}

/// Adds a request to a list, which lets go of its oldest one when it is full.
fn keep(list: &mut VecDeque<Arc<Request>>, request: &Arc<Request>, most: usize) -> Option<Arc<Request>> {
    list.push_back(Arc::clone(request));
    if list.len() > most { list.pop_front() } else { None }
}

fn before((node, number): &(NodeId, u32), shown: &Snapshot) -> Option<Before> {
    // Users stand by node and number, so that this finds nearly all of them.
    let sorted = shown.users.binary_search_by(|state| (&state.node, state.user).cmp(&(node, *number)));
    let likely = sorted.ok().and_then(|at| shown.users.get(at));
    let state = likely.or_else(|| shown.users.iter().find(|state| state.user == *number && state.node == *node))?;
    Some(Before { session: state.session.is_some(), items: state.items, holder: state.holder.clone() })
}

#[cfg(test)]
mod tests;
