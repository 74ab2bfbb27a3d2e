//! How old what was made of a layer is, and when it is its turn to be made anew.

use std::time::Duration;

use crate::scene::draw::{Detail, Layer, Sight};

/// Numbers of the run change no sooner than after this time, in seconds: quicker ones could not be read.
const CALM_S: f64 = 0.25;
/// The same from afar, where there are thousands of links and no numbers.
const FAR_S: f64 = 0.5;

/// How long news has to wait that can, in seconds.
pub(super) fn calm_s(sight: Option<Sight>) -> f64 {
    if sight.is_some_and(|sight| sight.detail() != Detail::Full) { FAR_S } else { CALM_S }
}

/// Whether a layer is still what it is drawn from.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Age {
    /// It is, since this moment of the window's clock, in seconds.
    Fresh(f64),
    /// It was made at this moment. There is news since, which it can tell a little later.
    Stale(f64),
    /// It is its turn to tell it.
    Due,
    /// It has to be made anew.
    #[default]
    Old,
}

impl Age {
    /// There is news. `at_once`: of what all have to tell in the same frame.
    pub(super) fn hear(&mut self, layer: Layer, at_once: bool) {
        *self = match *self {
            Self::Fresh(made_s) | Self::Stale(made_s) if layer.can_wait() && !at_once => Self::Stale(made_s),
            Self::Due if !at_once => Self::Due,
            Self::Fresh(_) | Self::Stale(_) | Self::Due | Self::Old => Self::Old,
        };
    }

    /// How long it still waits with its news, of the time that it has to; `None` where it has none that could wait.
    pub(super) fn waits(self, now_s: f64, calm_s: f64) -> Option<Duration> {
        let Self::Stale(made_s) = self else { return None };
        Some(Duration::try_from_secs_f64(made_s + calm_s - now_s).unwrap_or_default())
    }

    /// Whether it is time for its news. A frame that has news of its own is only burdened with it if there was none without
    /// for long.
    pub(super) fn is_due(self, now_s: f64, calm_s: f64, is_news: bool) -> bool {
        let later_s = if is_news { calm_s } else { 0.0 };
        self.waits(now_s - later_s, calm_s).is_some_and(|wait| wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Rect;

    #[test]
    fn numbers_wait_until_they_can_be_read_and_never_for_ever() {
        let mut age = Age::Fresh(10.0);
        assert_eq!(age.waits(10.0, CALM_S), None);
        age.hear(Layer::Plates, false);
        let waits = age.waits(10.1, CALM_S);
        assert!(waits.is_some_and(|wait| wait > Duration::from_millis(100)) && !age.is_due(10.1, CALM_S, false));
        // More news does not make it wait longer.
        age.hear(Layer::Plates, false);
        assert!(age.is_due(10.25, CALM_S, false) && !age.is_due(10.25, CALM_S, true));
        assert!(age.is_due(10.5, CALM_S, true), "news in every frame");
    }

    #[test]
    fn from_afar_where_nothing_is_read_links_wait_longer() {
        let sight = |zoom| Sight { world: Rect::default(), zoom, whole: false };
        assert_eq!([1.0, 0.05].map(|zoom| calm_s(Some(sight(zoom)))), [CALM_S, FAR_S]);
    }

    #[test]
    fn a_death_and_what_is_of_one_moment_do_not_wait() {
        for (layer, at_once) in [(Layer::Insides, false), (Layer::Plates, true)] {
            let mut age = Age::Fresh(10.0);
            age.hear(layer, at_once);
            assert_eq!(age, Age::Old, "{layer:?}");
        }
    }
}
