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

    /// It is its turn, if it has any news.
    pub(super) fn take_turn(&mut self) {
        if let Self::Stale(_) = self {
            *self = Self::Due;
        }
    }

    /// How long it still waits with its news, of the time that it has to; `None` where it has none that could wait.
    pub(super) fn waits(self, now_s: f64, calm_s: f64) -> Option<Duration> {
        let Self::Stale(made_s) = self else { return None };
        Some(Duration::try_from_secs_f64(made_s + calm_s - now_s).unwrap_or_default())
    }

    /// Whether it was made so long ago that what is still to be shown of it has to be, however long the frame becomes.
    pub(super) fn is_late(self, now_s: f64, calm_s: f64) -> bool {
        matches!(self, Self::Fresh(made_s) | Self::Stale(made_s) if now_s - made_s >= calm_s)
    }

    fn made_s(self) -> f64 {
        if let Self::Fresh(made_s) | Self::Stale(made_s) = self { made_s } else { f64::INFINITY }
    }
}

/// Whose turn it is to tell its news: of those that have waited for long enough, who has for longest. A frame that has news of
/// its own is only burdened with it if there was none without for long.
pub(super) fn turn(ages: impl Iterator<Item = (Layer, Age)>, now_s: f64, calm_s: f64, is_news: bool) -> Option<Layer> {
    let now_s = if is_news { now_s - calm_s } else { now_s };
    let due = ages.filter(|(_, age)| age.waits(now_s, calm_s).is_some_and(|wait| wait.is_zero()));
    due.min_by(|(_, one), (_, other)| one.made_s().total_cmp(&other.made_s())).map(|(layer, _)| layer)
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
        let is_due = |age, now_s, is_news| turn([(Layer::Plates, age)].into_iter(), now_s, CALM_S, is_news).is_some();
        assert!(age.waits(10.1, CALM_S).is_some_and(|wait| wait > Duration::from_millis(100)));
        assert!(!is_due(age, 10.1, false));
        // More news does not make it wait longer.
        age.hear(Layer::Plates, false);
        assert!(is_due(age, 10.25, false) && !is_due(age, 10.25, true));
        assert!(is_due(age, 10.5, true), "news in every frame");
    }

    #[test]
    fn everybody_has_a_turn_however_few_frames_there_are() {
        for frame_s in [1.0 / 60.0, 0.1, 0.3, 2.0] {
            let mut ages = [(Layer::Links, Age::Fresh(0.0)), (Layer::Plates, Age::Fresh(0.0))];
            let mut turns = Vec::new();
            for frame in 1..2_000 {
                let now_s = f64::from(frame) * frame_s;
                ages.iter_mut().for_each(|(layer, age)| age.hear(*layer, false));
                let Some(layer) = turn(ages.into_iter(), now_s, CALM_S, true) else { continue };
                let told = ages.iter_mut().find(|(other, _)| *other == layer);
                told.unwrap().1 = Age::Fresh(now_s);
                turns.push(layer);
            }
            let plates = turns.iter().filter(|layer| **layer == Layer::Plates).count();
            assert!(turns.len() > 50 && plates.abs_diff(turns.len() / 2) <= 1, "{plates} of {}", turns.len());
        }
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
