//! Giving replicas up and taking them back. What refuses or ends connections is given up at once; what is slow is asked
//! first whether it is there at all, since a busy replica is not a dead one.

use std::time::Duration;

use crate::topology::{LifeId, NodeId};
use crate::wire::NoticedBy;

use super::transport::{self, Broken};
use super::{Caller, Picked};

/// The time between two looks at a replica that was given up, and the longest that one look takes.
const LOOK: Duration = Duration::from_millis(500);

impl Caller {
    /// Draws the conclusion from an attempt that got no answer.
    pub(super) fn judge(&self, node: &NodeId, to: Picked, broken: Broken) {
        match broken {
            Broken::Refused => self.give_up(node, &to.life, NoticedBy::Refused),
            Broken::Reset => self.give_up(node, &to.life, NoticedBy::Reset),
            Broken::TimedOut => {}
            Broken::Protocol | Broken::NoUpstream => return,
        }
        if !self.inner.watched.borrow_mut().insert(to.life.clone()) {
            return;
        }
        let (caller, node) = (self.clone(), node.clone());
        tokio::task::spawn_local(async move {
            caller.watch(&node, &to).await;
            caller.inner.watched.borrow_mut().remove(&to.life);
        });
    }

    /// Looks at a replica until it takes requests or is no longer on the list.
    async fn watch(&self, node: &NodeId, to: &Picked) {
        let is_listed = || self.balance(node, |balancer| balancer.life(&to.life).is_some()).unwrap_or(false);
        while is_listed() {
            let ready = tokio::time::timeout(LOOK, transport::is_ready(to.address)).await.unwrap_or(false);
            if ready {
                if self.balance(node, |balancer| balancer.readmit(&to.life)).unwrap_or(false) {
                    self.inner.context.app.readmitted(&to.life);
                }
                return;
            }
            self.give_up(node, &to.life, NoticedBy::TimedOut);
            tokio::time::sleep(LOOK).await;
        }
    }

    fn give_up(&self, node: &NodeId, life: &LifeId, by: NoticedBy) {
        if self.balance(node, |balancer| balancer.eject(life)).unwrap_or(false) {
            self.inner.context.app.noticed(life.clone(), self.inner.context.clock.now_us(), by);
        }
    }
}
