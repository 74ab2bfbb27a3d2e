//! Where a user is in its story: `start` once, then `journey` over and over; `start` again when its session was lost.
//! Pure.

use crate::topology::{OperationId, Users};

/// How an operation ended, as far as the story goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Well.
    Ok,
    /// Badly.
    Failed,
    /// The user's session is lost.
    SessionLost,
    /// The user was told that its session is unknown, and had none: it had ended it.
    NoSession,
}

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
    pub(super) fn ended(&mut self, settings: &Users, end: End) {
        let starting = self.started < settings.start.len();
        if matches!(end, End::SessionLost | End::NoSession) {
            self.started = 0;
        } else if starting {
            self.started += usize::from(end == End::Ok);
        }
        // Without a start there is nothing that would bring a lost session back.
        let goes_back = end == End::SessionLost && !settings.start.is_empty();
        if !starting && !goes_back {
            self.next = self.next.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(endings: &[End]) -> Vec<String> {
        let settings = Users {
            start: vec!["accounts.login".parse().unwrap()],
            journey: vec!["cart.add".parse().unwrap(), "cart.view".parse().unwrap()],
            ..Users::default()
        };
        let mut script = Script::default();
        let mut done = Vec::new();
        for &end in endings {
            done.push(script.current(&settings).unwrap().to_string());
            script.ended(&settings, end);
        }
        done
    }

    #[test]
    fn start_is_repeated_until_it_works_and_the_journey_goes_round() {
        let (ok, failed) = (End::Ok, End::Failed);
        let told = story(&[failed, ok, ok, ok, failed, ok]);
        assert_eq!(told, ["accounts.login", "accounts.login", "cart.add", "cart.view", "cart.add", "cart.view"]);
    }

    #[test]
    fn after_a_loss_the_user_starts_again_and_goes_on_where_it_was() {
        let ok = End::Ok;
        let told = story(&[ok, ok, End::SessionLost, ok, ok]);
        assert_eq!(told, ["accounts.login", "cart.add", "cart.view", "accounts.login", "cart.view"]);
    }

    #[test]
    fn who_ended_its_session_starts_again_once_it_is_asked_for_one() {
        let ok = End::Ok;
        let told = story(&[ok, End::NoSession, ok, ok, ok]);
        assert_eq!(told, ["accounts.login", "cart.add", "accounts.login", "cart.view", "cart.add"]);
    }

    #[test]
    fn without_a_start_the_journey_goes_on_after_a_loss() {
        let settings =
            Users { journey: vec!["cart.add".parse().unwrap(), "cart.view".parse().unwrap()], ..Users::default() };
        let mut script = Script::default();
        script.ended(&settings, End::SessionLost);
        assert_eq!(script.current(&settings).unwrap().to_string(), "cart.view");
    }

    #[test]
    fn without_operations_there_is_nothing_to_do() {
        assert_eq!(Script::default().current(&Users::default()), None);
    }
}
