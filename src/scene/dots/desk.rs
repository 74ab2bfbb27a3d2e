//! Where requests are planned: at once, for pictures in files and tests, or on a thread beside the one that draws.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};

use super::planner::{Order, Planned, Planner};

/// Who plans.
#[derive(Debug)]
pub(super) enum Desk {
    /// Whoever asks.
    Here(Box<Planner>),
    /// Somebody else, with one order at a time.
    Beside { orders: SyncSender<Order>, answers: Receiver<Planned>, is_busy: bool },
}

/// Whoever planned is gone.
#[derive(Debug)]
pub(super) struct Deserted;

impl Default for Desk {
    fn default() -> Self {
        Self::Here(Box::default())
    }
}

impl Desk {
    /// What an order has led to, that was given before if somebody else plans: nobody is waited for. An error where that
    /// somebody is gone.
    pub(super) fn take(&mut self) -> Result<Option<Planned>, Deserted> {
        match self {
            Self::Here(_) => Ok(None),
            Self::Beside { answers, is_busy, .. } => match answers.try_recv() {
                Ok(planned) => {
                    *is_busy = false;
                    Ok(Some(planned))
                }
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(Deserted),
            },
        }
    }

    /// Gives an order if none is being carried out. What it has led to if that is known at once.
    pub(super) fn give(&mut self, order: impl FnOnce() -> Order) -> Option<Planned> {
        match self {
            Self::Here(planner) => Some(planner.plan(order())),
            Self::Beside { is_busy: true, .. } => None,
            Self::Beside { orders, is_busy, .. } => {
                // It has room for one. That nobody is there any more is found when the answer is asked for.
                *is_busy = orders.try_send(order()).is_ok();
                None
            }
        }
    }

    /// Whether an answer is to come.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Beside { is_busy: true, .. })
    }
}
