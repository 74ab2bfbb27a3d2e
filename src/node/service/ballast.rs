//! The memory that hosted modules occupy: really touched, so that the figures of a monolith and of its parts are real.

use std::collections::BTreeMap;

use crate::node::Failure;
use crate::topology::{Module, ModuleName};

/// What is held for each module. Never read; dropping it gives the memory back.
#[derive(Default)]
pub(super) struct Ballast {
    held: BTreeMap<ModuleName, Vec<u8>>,
}

impl Ballast {
    /// Occupies what these modules ask for, page by page, and gives back what others did.
    pub(super) fn fit(&mut self, modules: &[Module]) -> Result<(), Failure> {
        self.held.retain(|name, bytes| {
            modules.iter().any(|module| module.name == *name && module.memory.0 == bytes.len() as u64)
        });
        for module in modules {
            if self.held.contains_key(&module.name) {
                continue;
            }
            let mut bytes = Vec::new();
            let length = usize::try_from(module.memory.0).unwrap_or(usize::MAX);
            bytes.try_reserve_exact(length).map_err(|error| {
                Failure(format!(
                    "module {} wants {} of memory, which this machine does not give: {error}",
                    module.name, module.memory
                ))
            })?;
            // Anything but zero: zero pages could stay untouched.
            bytes.resize(length, 0xa5);
            self.held.insert(module.name.clone(), bytes);
        }
        Ok(())
    }
}
