//! Whose turn it is to write. SQLite lets one connection write at a time and leaves the rest to try again; here they
//! wait in line, each as long as it likes, and nobody overtakes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;

/// The right to write. Given on when it is dropped.
pub(super) type Turn = OwnedSemaphorePermit;

/// The line of those who want to write.
#[derive(Debug, Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Turns {
    /// Nobody waits, nobody writes.
    pub(super) fn new() -> Self {
        // A semaphore of tokio's is fair: permits go to those who wait in the order in which they came.
        Self(Arc::new(Semaphore::new(1)))
    }

    /// Waits for the turn, at most so long.
    ///
    /// # Errors
    /// It did not come in time.
    pub(super) async fn take(&self, patience: Duration) -> Result<Turn, Refusal> {
        let refusal = || {
            Refusal::new(
                "55P03",
                format!(
                    "canceling statement due to lock timeout: another transaction has been writing for {} ms; the \
                     built-in database has one writer at a time",
                    patience.as_millis()
                ),
            )
        };
        match tokio::time::timeout(patience, self.0.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(refusal()),
        }
    }

    /// The turn, if nobody has it or waits for it.
    ///
    /// # Errors
    /// Somebody does.
    pub(super) fn take_at_once(&self) -> Result<Turn, Refusal> {
        let turn = self.0.clone().try_acquire_owned();
        turn.map_err(|_| Refusal::new("55P03", "could not obtain the lock: another transaction is writing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_given_in_the_order_in_which_they_were_asked_for() {
        let turns = Turns::new();
        let first = turns.take_at_once().unwrap();
        assert_eq!(turns.take_at_once().unwrap_err().code, "55P03");
        assert_eq!(turns.take(Duration::from_millis(1)).await.unwrap_err().code, "55P03");
        let patience = Duration::from_secs(5);
        let order = std::cell::RefCell::new(Vec::new());
        let waits = |name: u32| {
            let (turns, order) = (&turns, &order);
            async move {
                let turn = turns.take(patience).await.unwrap();
                order.borrow_mut().push(name);
                drop(turn);
            }
        };
        let give = async { drop(first) };
        tokio::join!(waits(1), waits(2), waits(3), give);
        assert_eq!(*order.borrow(), [1, 2, 3]);
    }
}
