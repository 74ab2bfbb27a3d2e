//! Moments by place, of which some come sooner than others: those that have come are found without a look at every one.

/// As many have one common bound.
const TOGETHER: usize = 32;

/// Moments in microseconds, by place.
#[derive(Debug, Default)]
pub(super) struct Moments {
    each_us: Vec<u64>,
    /// None of so many neighbours comes before this. It may be less than the soonest of them, until they are looked at.
    soonest_us: Vec<u64>,
}

impl Moments {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.each_us.len()
    }

    /// The one at a place.
    pub(super) fn at(&self, place: usize) -> u64 {
        self.each_us[place]
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, moment_us: u64) {
        if self.each_us.len().is_multiple_of(TOGETHER) {
            self.soonest_us.push(u64::MAX);
        }
        self.each_us.push(moment_us);
        self.bound(self.each_us.len() - 1, moment_us);
    }

    /// Puts another one in a place.
    pub(super) fn set(&mut self, place: usize, moment_us: u64) {
        self.each_us[place] = moment_us;
        self.bound(place, moment_us);
    }

    fn bound(&mut self, place: usize, moment_us: u64) {
        let soonest_us = &mut self.soonest_us[place / TOGETHER];
        *soonest_us = moment_us.min(*soonest_us);
    }

    /// Gives the places of those that have come, in order. Each of them is to be set anew: until then it may not be found again.
    pub(super) fn come(&mut self, now_us: u64, places: &mut Vec<u32>) {
        for (at, soonest_us) in self.soonest_us.iter_mut().enumerate().filter(|(_, soonest_us)| **soonest_us <= now_us)
        {
            let first = at * TOGETHER;
            let end = self.each_us.len().min(first + TOGETHER);
            *soonest_us = u64::MAX;
            for (place, moment_us) in (first..).zip(&self.each_us[first..end]) {
                if *moment_us <= now_us {
                    places.push(place as u32);
                } else {
                    *soonest_us = (*soonest_us).min(*moment_us);
                }
            }
        }
    }

    /// Puts this one in every place where `is_meant`.
    pub(super) fn set_where(&mut self, moment_us: u64, is_meant: impl Fn(u64) -> bool) {
        for place in 0..self.len() {
            if is_meant(self.each_us[place]) {
                self.set(place, moment_us);
            }
        }
    }

    /// Leaves out the others; those after them move up.
    pub(super) fn retain(&mut self, is_kept: impl Fn(u64) -> bool) {
        self.each_us.retain(|moment_us| is_kept(*moment_us));
        let soonest_us = |these: &[u64]| these.iter().copied().min().unwrap_or(u64::MAX);
        self.soonest_us.clear();
        self.soonest_us.extend(self.each_us.chunks(TOGETHER).map(soonest_us));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn those_that_have_come_are_those_a_look_at_each_finds(
            steps in prop::collection::vec((0_u8..5, 0_u64..400, any::<prop::sample::Index>()), 1..300),
        ) {
            let (mut moments, mut plain) = (Moments::default(), Vec::new());
            for (what, moment_us, place) in steps {
                match what {
                    0 | 1 => {
                        moments.push(moment_us);
                        plain.push(moment_us);
                    }
                    2 if !plain.is_empty() => {
                        let place = place.index(plain.len());
                        moments.set(place, moment_us);
                        plain[place] = moment_us;
                    }
                    3 => {
                        moments.retain(|it| it % 3 != moment_us % 3);
                        plain.retain(|it| it % 3 != moment_us % 3);
                    }
                    _ => {
                        let mut places = Vec::new();
                        moments.come(moment_us, &mut places);
                        let due = plain.iter().enumerate().filter(|(_, it)| **it <= moment_us);
                        let due: Vec<u32> = due.map(|(at, _)| at as u32).collect();
                        prop_assert_eq!(&places, &due);
                        for at in due {
                            moments.set(at as usize, moment_us + 1 + u64::from(at) % 70);
                            plain[at as usize] = moment_us + 1 + u64::from(at) % 70;
                        }
                    }
                }
                prop_assert_eq!(moments.len(), plain.len());
            }
        }
    }
}
