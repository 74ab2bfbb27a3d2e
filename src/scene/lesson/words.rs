//! The nouns of a lesson: its own word for an item, and the words of its analogy while that is on.

use crate::topology::Lesson;

/// What things are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// A user.
    pub user: String,
    /// The gateway.
    pub gateway: String,
    /// A service.
    pub service: String,
    /// A replica.
    pub replica: String,
    /// A session.
    pub session: String,
    /// The store.
    pub store: String,
    /// An item of a cart.
    pub item: String,
    /// To kill.
    pub kill: String,
}

impl Words {
    /// The words of a lesson, with or without its analogy.
    pub fn of(lesson: &Lesson, analogy: bool) -> Self {
        let other = &lesson.analogy;
        let word = |own: &str, renamed: &str| {
            if analogy && !renamed.is_empty() { renamed.to_owned() } else { own.to_owned() }
        };
        let item = if lesson.item.trim().is_empty() { "item" } else { &lesson.item };
        Self {
            user: word("user", &other.user),
            gateway: word("gateway", &other.gateway),
            service: word("service", &other.service),
            replica: word("replica", &other.replica),
            session: word("session", &other.session),
            store: word("store", &other.store),
            item: word(item, &other.item),
            kill: word("kill", &other.kill),
        }
    }
}

impl Words {
    /// Items, in the plural.
    pub(super) fn item_plural(&self) -> String {
        plural(&self.item)
    }

    /// Users, in the plural.
    pub(super) fn user_plural(&self) -> String {
        plural(&self.user)
    }
}

/// A number of what is counted: `1 item`, `3 items`.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

/// The plural of an English noun, by the regular rules.
pub(super) fn plural(noun: &str) -> String {
    let consonant_before_y =
        noun.strip_suffix('y').and_then(|stem| stem.chars().last()).is_some_and(|last| !"aeiou".contains(last));
    if consonant_before_y {
        return format!("{}ies", noun.strip_suffix('y').unwrap_or(noun));
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    if hisses { format!("{noun}es") } else { format!("{noun}s") }
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
    fn one_is_singular_and_every_other_number_plural() {
        assert_eq!([0, 1, 2].map(|number| count(number, "page")), ["0 pages", "1 page", "2 pages"]);
        assert_eq!(["entry", "day", "box", "dish"].map(plural), ["entries", "days", "boxes", "dishes"]);
        assert_eq!(row(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }

    #[test]
    fn the_analogy_renames_only_what_it_names_and_only_while_it_is_on() {
        let analogy = Analogy { replica: "cashier".to_owned(), ..Analogy::default() };
        let lesson = Lesson { item: "page".to_owned(), analogy, ..Lesson::default() };
        let (off, on) = (Words::of(&lesson, false), Words::of(&lesson, true));
        assert_eq!((off.replica.as_str(), off.item.as_str()), ("replica", "page"));
        assert_eq!((on.replica.as_str(), on.item.as_str(), on.user.as_str()), ("cashier", "page", "user"));
    }
}
