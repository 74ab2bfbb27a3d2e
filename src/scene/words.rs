//! The words for things on the picture and in the lesson: the field's own, or those of the lesson's analogy.

use crate::topology::Lesson;

/// The words for things, in the singular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// A user.
    pub user: &'a str,
    /// A gateway.
    pub gateway: &'a str,
    /// A service.
    pub service: &'a str,
    /// A cache that holds sessions.
    pub store: &'a str,
    /// A replica's process, where it is not simply called by its slot.
    pub replica: Option<&'a str>,
    /// A session.
    pub session: &'a str,
    /// What is in the basket.
    pub item: &'a str,
    /// To kill.
    pub kill: &'a str,
}

impl Default for Words<'_> {
    fn default() -> Self {
        Self {
            user: "user",
            gateway: "gateway",
            service: "service",
            store: "cache",
            replica: None,
            session: "session",
            item: "item",
            kill: "kill",
        }
    }
}

impl<'a> Words<'a> {
    /// The words of a lesson; with `analogy`, those that its analogy has instead.
    pub fn of(lesson: &'a Lesson, analogy: bool) -> Self {
        let item = if lesson.item.trim().is_empty() { "item" } else { &lesson.item };
        let plain = Self { item, ..Self::default() };
        if !analogy {
            return plain;
        }
        let it = &lesson.analogy;
        let or = |word: &'a String, plain: &'a str| if word.is_empty() { plain } else { word.as_str() };
        Self {
            user: or(&it.user, plain.user),
            gateway: or(&it.gateway, plain.gateway),
            service: or(&it.service, plain.service),
            store: or(&it.store, plain.store),
            replica: (!it.replica.is_empty()).then_some(it.replica.as_str()),
            session: or(&it.session, plain.session),
            item: or(&it.item, plain.item),
            kill: or(&it.kill, plain.kill),
        }
    }
}

impl<'a> Words<'a> {
    /// What a replica is called.
    pub(super) fn a_replica(&self) -> &'a str {
        self.replica.unwrap_or("replica")
    }
}

/// A word in the plural, by the regular rules of English.
pub fn plural(noun: &str) -> String {
    let consonant_y = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match consonant_y {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

/// A number of what is counted, in words.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

/// Names in a row: `shop.1`, `shop.1 and shop.3`, `shop.1, shop.2 and shop.3`.
pub(super) fn row(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Analogy;

    #[test]
    fn what_is_counted_has_its_plural() {
        assert_eq!(count(1, "item"), "1 item");
        assert_eq!(count(0, "page"), "0 pages");
        assert_eq!(count(2, "dish"), "2 dishes");
        assert_eq!(count(3, "story"), "3 stories");
        assert_eq!(count(3, "key"), "3 keys");
        assert_eq!(row(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }

    #[test]
    fn an_analogy_renames_what_it_has_a_word_for() {
        let analogy = Analogy { replica: "cashier".to_owned(), ..Analogy::default() };
        let lesson = Lesson { analogy, ..Lesson::default() };
        let words = Words::of(&lesson, true);
        assert_eq!((words.replica, words.session), (Some("cashier"), "session"));
        assert_eq!(Words::of(&lesson, false).replica, None);
    }
}
