//! The modules of a drawing, in the order of the file, found by name without looking through all of them.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use super::id::ModuleName;
use super::software::Module;

/// A list of modules with an index of their names.
#[derive(Debug, Clone, Default)]
pub struct Modules {
    list: Vec<Module>,
    /// The first place of each name when the list was made. A module may have been given another name since.
    places: BTreeMap<ModuleName, usize>,
}

impl Modules {
    /// The place of the first module of this name.
    pub fn place(&self, name: &ModuleName) -> Option<usize> {
        let known = self.places.get(name).copied().filter(|&at| self.list.get(at).is_some_and(|it| it.name == *name));
        known.or_else(|| self.list.iter().position(|module| module.name == *name))
    }

    /// The first module of this name.
    pub fn named(&self, name: &ModuleName) -> Option<&Module> {
        self.list.get(self.place(name)?)
    }
}

impl From<Vec<Module>> for Modules {
    fn from(list: Vec<Module>) -> Self {
        let mut places = BTreeMap::new();
        for (at, module) in list.iter().enumerate() {
            places.entry(module.name.clone()).or_insert(at);
        }
        Self { list, places }
    }
}

impl From<Modules> for Vec<Module> {
    fn from(modules: Modules) -> Self {
        modules.list
    }
}

impl PartialEq for Modules {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Deref for Modules {
    type Target = [Module];
    fn deref(&self) -> &[Module] {
        &self.list
    }
}

impl DerefMut for Modules {
    fn deref_mut(&mut self) -> &mut [Module] {
        &mut self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(name: &str) -> Module {
        Module { name: name.parse().unwrap(), ..crate::topology::edit::starter_modules()[0].clone() }
    }

    #[test]
    fn the_first_of_a_name_is_found_also_after_one_was_renamed() {
        let mut modules = Modules::from(vec![module("a"), module("b"), module("a")]);
        let (a, b, c) = ("a".parse().unwrap(), "b".parse().unwrap(), "c".parse().unwrap());
        assert_eq!((modules.place(&a), modules.place(&b), modules.place(&c)), (Some(0), Some(1), None));
        modules[0].name = c;
        assert_eq!((modules.place(&a), modules.place(&"c".parse().unwrap())), (Some(2), Some(0)));
    }
}
