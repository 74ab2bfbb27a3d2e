//! Names that are free: `service`, else `service-2`, and so on.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// Gives out names that are not taken, each once.
#[derive(Debug, Default)]
pub(super) struct FreeNames {
    taken: BTreeSet<String>,
    /// The number to try next, by name without its number.
    next: BTreeMap<String, u64>,
}

impl FreeNames {
    /// All names but these.
    pub(super) fn but<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self { taken: taken.into_iter().map(str::to_owned).collect(), next: BTreeMap::new() }
    }

    /// The name itself if it is free, else with the lowest number from 2 that is: after `shop-2` comes `shop-3`.
    /// It is taken from then on.
    pub(super) fn take<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let free = if self.taken.contains(name) { self.numbered(name) } else { name.to_owned() };
        let id = free.parse().ok();
        self.taken.insert(free);
        id
    }

    fn numbered(&mut self, name: &str) -> String {
        let base = without_number(name);
        let next = self.next.entry(base.to_owned()).or_insert(2);
        loop {
            let candidate = format!("{base}-{next}");
            *next += 1;
            if !self.taken.contains(&candidate) {
                return candidate;
            }
        }
    }
}

/// `shop` for `shop-2`; any other name as it is.
fn without_number(name: &str) -> &str {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.rsplit_once('-') {
        Some((base, last)) if number(last) && !base.is_empty() => base,
        Some(_) | None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::NodeId;

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let mut names = FreeNames::but(["shop", "shop-2", "gate-x"]);
        let mut take = |name: &str| names.take::<NodeId>(name).unwrap().to_string();
        assert_eq!(take("shop"), "shop-3");
        assert_eq!(take("shop-2"), "shop-4");
        assert_eq!(take("gate-x"), "gate-x-2");
        assert_eq!(take("cache"), "cache");
        assert_eq!(take("cache"), "cache-2");
    }
}
