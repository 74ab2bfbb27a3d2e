//! Where a user is in its story: `start` once, then `journey` over and over; `start` again when its session was lost.
//! Pure.

use crate::topology::{OperationId, Users};

/// A place in the story.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// How many operations of `start` are done.
    started: usize,
    /// Which operation of `journey` is next, counted without end.
    next: usize,
}

impl Script {
    /// What the user does next; `None` when there is nothing to do.
    pub(super) fn current<'a>(&self, settings: &'a Users) -> Option<&'a OperationId> {
        if let Some(start) = settings.start.get(self.started) {
            return Some(start);
        }
        settings.journey.get(self.next.checked_rem(settings.journey.len())?)
    }

    /// The current operation ended. After a lost session the user starts again and then goes on where it was. A part of
    /// `start` is repeated until it works; a failed part of the journey is given up.
    pub(super) fn ended(&mut self, settings: &Users, ok: bool, session_lost: bool) {
        if session_lost {
            self.started = 0;
        } else if self.started < settings.start.len() {
            self.started += usize::from(ok);
        } else {
            self.next = self.next.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(endings: &[(bool, bool)]) -> Vec<String> {
        let settings = Users {
            start: vec!["accounts.login".parse().unwrap()],
            journey: vec!["cart.add".parse().unwrap(), "cart.view".parse().unwrap()],
            ..Users::default()
        };
        let mut script = Script::default();
        let mut done = Vec::new();
        for &(ok, lost) in endings {
            done.push(script.current(&settings).unwrap().to_string());
            script.ended(&settings, ok, lost);
        }
        done
    }

    #[test]
    fn start_is_repeated_until_it_works_and_the_journey_goes_round() {
        let ok = (true, false);
        let told = story(&[(false, false), ok, ok, ok, (false, false), ok]);
        assert_eq!(told, ["accounts.login", "accounts.login", "cart.add", "cart.view", "cart.add", "cart.view"]);
    }

    #[test]
    fn after_a_loss_the_user_starts_again_and_goes_on_where_it_was() {
        let ok = (true, false);
        let told = story(&[ok, ok, (false, true), ok, ok]);
        assert_eq!(told, ["accounts.login", "cart.add", "cart.view", "accounts.login", "cart.view"]);
    }

    #[test]
    fn without_operations_there_is_nothing_to_do() {
        assert_eq!(Script::default().current(&Users::default()), None);
    }
}
