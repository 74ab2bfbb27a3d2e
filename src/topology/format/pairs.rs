//! Which entry of a list was which before a change, so that it keeps its text and comments.

use super::tree::{Branch, Keys};

/// What stands under a key, if it is there.
pub(super) fn find<'a>(keys: &'a Keys, key: &str) -> Option<&'a Branch> {
    keys.iter().find(|(known, _)| known == key).map(|(_, branch)| branch)
}

/// For each new entry the old one that it was: by identity, else by what begins and ends alike.
pub(super) fn pairs(old: &[Keys], new: &[Keys], identity: &[&str]) -> Vec<Option<usize>> {
    if identity.is_empty() { by_order(old, new) } else { by_identity(old, new, identity) }
}

/// So many comparisons find what was moved within a list: of a longer one that was shaken up nobody expects it.
const MOST_COMPARED: usize = 40_000;

/// The same by what begins and ends alike; between those by what only moved, else what stands in its place.
pub(super) fn by_order<T: PartialEq>(old: &[T], new: &[T]) -> Vec<Option<usize>> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let mut free: Vec<bool> = vec![true; old_end];
    let mut moved: Vec<Option<usize>> = vec![None; new_end];
    if (old_end - head).saturating_mul(new_end - head) <= MOST_COMPARED {
        for index in head..new_end {
            let found = (head..old_end).find(|&known| free[known] && old[known] == new[index]);
            found.into_iter().for_each(|known| free[known] = false);
            moved[index] = found;
        }
    }
    let pair = |index: usize| {
        if index < head {
            Some(index)
        } else if index >= new_end {
            Some(index - new_end + old_end)
        } else {
            moved[index].or_else(|| Some(index).filter(|&index| index < old_end && free[index]))
        }
    };
    (0..new.len()).map(pair).collect()
}

fn by_identity(old: &[Keys], new: &[Keys], identity: &[&str]) -> Vec<Option<usize>> {
    let name = |keys: &Keys| -> Vec<Option<Branch>> { identity.iter().map(|key| find(keys, key).cloned()).collect() };
    let mut free: Vec<Option<Vec<Option<Branch>>>> = old.iter().map(|keys| Some(name(keys))).collect();
    let mut pairs: Vec<Option<usize>> = new
        .iter()
        .map(|keys| {
            let name = name(keys);
            let found = free.iter().position(|known| known.as_ref() == Some(&name))?;
            free[found] = None;
            Some(found)
        })
        .collect();
    // What is left on both sides may have got another name where it stands.
    let mut after = 0;
    for (keys, pair) in new.iter().zip(&mut pairs) {
        if let Some(found) = *pair {
            after = found + 1;
        } else if free.get(after).is_some_and(Option::is_some) && renamed(&old[after], keys, identity) {
            *pair = Some(after);
            free[after] = None;
            after += 1;
        }
    }
    pairs
}

/// Whether two entries of different names are one that was renamed: most of what is said of them is the same. Where
/// nothing is said but the name, as with links, a part of the name must be.
fn renamed(old: &Keys, new: &Keys, identity: &[&str]) -> bool {
    let (mut same, mut other) = (0, 0);
    for (key, branch) in new.iter().filter(|(key, branch)| !identity.contains(&key.as_str()) && !said_nothing(branch)) {
        if find(old, key) == Some(branch) { same += 1 } else { other += 1 }
    }
    if same + other == 0 {
        return identity.iter().any(|key| find(old, key) == find(new, key));
    }
    same > other
}

fn said_nothing(branch: &Branch) -> bool {
    match branch {
        Branch::Leaf { implied, .. } => *implied,
        Branch::Table(keys) => keys.is_empty(),
        Branch::Tables { entries, .. } => entries.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_without_names_are_known_by_their_order_and_by_what_they_say() {
        let pairs = |old: &str, new: &str| by_order(old.as_bytes(), new.as_bytes());
        assert_eq!(pairs("abc", "bc"), [Some(1), Some(2)], "the first was taken");
        assert_eq!(pairs("abc", "ac"), [Some(0), Some(2)]);
        assert_eq!(pairs("ab", "xab"), [None, Some(0), Some(1)], "one was put before them");
        assert_eq!(pairs("abc", "axc"), [Some(0), Some(1), Some(2)], "one became another");
        assert_eq!(pairs("abc", "cab"), [Some(2), Some(0), Some(1)], "one was moved");
        assert_eq!(pairs("aa", "aaa"), [Some(0), Some(1), None]);
        assert_eq!(pairs("abcd", "xbya"), [None, Some(1), Some(2), Some(0)]);
    }
}
