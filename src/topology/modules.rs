//! The modules of a drawing, in the order of the file, found by name without looking through all of them.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use super::id::{ModuleName, OperationId};
use super::software::{Module, Operation};

/// In modules of more operations these are found by an index, too.
const MANY_OPERATIONS: usize = 32;

/// A list of modules with an index of their names.
#[derive(Debug, Clone, Default)]
pub struct Modules {
    list: Vec<Module>,
    /// The first place of each name when the list was made. A module may have been given another name since.
    places: BTreeMap<ModuleName, usize>,
    /// The same of the operations of large modules, by the module's place.
    operations: BTreeMap<usize, BTreeMap<String, usize>>,
    /// Whether anything may have got another name since.
    touched: bool,
}

impl Modules {
    /// The place of the first module of this name.
    pub fn place(&self, name: &ModuleName) -> Option<usize> {
        let known = self.places.get(name).copied().filter(|&at| self.list.get(at).is_some_and(|it| it.name == *name));
        if known.is_some() || !self.touched {
            return known;
        }
        self.list.iter().position(|module| module.name == *name)
    }

    /// The first operation of this id.
    pub fn operation(&self, id: &OperationId) -> Option<&Operation> {
        let place = self.place(&id.module)?;
        let operations = self.list.get(place)?.operations.as_slice();
        let wanted = |operation: &&Operation| *operation.name == *id.operation;
        let Some(places) = self.operations.get(&place) else { return operations.iter().find(wanted) };
        let known = places.get(&*id.operation).and_then(|&at| operations.get(at)).filter(wanted);
        if known.is_some() || !self.touched {
            return known;
        }
        operations.iter().find(wanted)
    }

    /// The first module of this name.
    pub fn named(&self, name: &ModuleName) -> Option<&Module> {
        self.list.get(self.place(name)?)
    }
}

impl From<Vec<Module>> for Modules {
    fn from(list: Vec<Module>) -> Self {
        let (mut places, mut operations) = (BTreeMap::new(), BTreeMap::new());
        for (at, module) in list.iter().enumerate() {
            places.entry(module.name.clone()).or_insert(at);
            if module.operations.len() > MANY_OPERATIONS {
                let mut places = BTreeMap::new();
                for (at, operation) in module.operations.iter().enumerate() {
                    places.entry(operation.name.clone()).or_insert(at);
                }
                operations.insert(at, places);
            }
        }
        Self { list, places, operations, touched: false }
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
        self.touched = true;
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

    #[test]
    fn of_many_operations_the_first_of_a_name_is_found_also_after_one_was_renamed() {
        let operation = |at: usize| Operation { name: format!("o{at}"), transaction: at < 50, steps: Vec::new() };
        let mut many = module("a");
        many.operations = (0..50).chain([7]).map(operation).collect();
        let mut modules = Modules::from(vec![many]);
        let found = |modules: &Modules, name: &str| modules.operation(&name.parse().unwrap()).cloned();
        assert_eq!((found(&modules, "a.o7"), found(&modules, "a.o50")), (Some(operation(7)), None));
        modules[0].operations[7].name = "o50".to_owned();
        assert_eq!(found(&modules, "a.o50").map(|operation| operation.name), Some("o50".to_owned()));
        assert_eq!(found(&modules, "a.o7").map(|operation| operation.name), Some("o7".to_owned()));
        modules[0].operations.clear();
        assert_eq!(found(&modules, "a.o8"), None);
    }
}
