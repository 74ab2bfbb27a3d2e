//! Whether a program is what its callers take it for: the operations that are asked of it over a link, and the version of
//! each module that it speaks. Nothing is refused for it: whoever calls gets the program's own answer.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{calls, calls_over};
use super::id::{LinkId, OperationId};
use super::near::few;
use super::{Program, Topology};

/// The end of a link in a program, as callers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plug {
    /// What is asked for over the link.
    pub operations: Vec<Asked>,
    /// The version that the program speaks.
    pub speaks: u32,
}

/// An operation that is asked of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub operation: OperationId,
    /// The version of its module that callers rely on.
    pub version: u32,
    /// Whether the program knows it.
    pub known: bool,
}

impl Plug {
    /// What is asked of a program over a link; `None` where the link leads to no program.
    pub fn of(topology: &Topology, link: &LinkId) -> Option<Self> {
        let program = topology.node(&link.to)?.program()?;
        Some(Self::asked(topology, program, calls_over(topology, link)))
    }

    fn asked(topology: &Topology, program: &Program, operations: Vec<OperationId>) -> Self {
        let known: BTreeSet<&OperationId> = program.operations.iter().collect();
        let asked = |operation: OperationId| {
            let version = topology.module(&operation.module).map_or(program.contract, |module| module.contract);
            Asked { known: known.is_empty() || known.contains(&operation), operation, version }
        };
        Self { operations: operations.into_iter().map(asked).collect(), speaks: program.contract }
    }

    /// Why it does not fit, as half a sentence about the program; `None` when it does.
    pub fn misfit(&self) -> Option<String> {
        let mut reasons = Vec::new();
        let unknown: Vec<String> =
            self.operations.iter().filter(|asked| !asked.known).map(|asked| asked.operation.to_string()).collect();
        if !unknown.is_empty() {
            reasons.push(format!("it does not know {}", few(&unknown)));
        }
        let mut modules = BTreeSet::new();
        for asked in self.operations.iter().filter(|asked| asked.version != self.speaks) {
            if modules.insert(&asked.operation.module) {
                let (module, version, speaks) = (&asked.operation.module, asked.version, self.speaks);
                reasons.push(format!("it speaks version {speaks} of {module}, and callers rely on version {version}"));
            }
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

/// Why the plug of a link does not fit, in a sentence; `None` when it does, and where the link leads to no program.
pub fn misfit(topology: &Topology, link: &LinkId) -> Option<String> {
    Some(sentence(link, &Plug::of(topology, link)?.misfit()?))
}

/// The same for all links whose plugs do not fit.
pub fn misfits(topology: &Topology) -> BTreeMap<LinkId, String> {
    // Where there are no programs, and that is nearly always, calls need not be followed.
    if !topology.nodes().any(|node| node.program().is_some()) {
        return BTreeMap::new();
    }
    let told = calls(topology).into_iter().filter_map(|(link, operations)| {
        let program = topology.node(&link.to)?.program()?;
        let message = sentence(&link, &Plug::asked(topology, program, operations).misfit()?);
        Some((link, message))
    });
    told.collect()
}

fn sentence(link: &LinkId, reason: &str) -> String {
    format!("the plug of {} to {} does not fit: {reason}", link.from, link.to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::format;

    const DRAWING: &str = r#"
        format = 1
        [[module]]
        name = "accounts"
        contract = 2
        operation = [{ name = "check", steps = [] }, { name = "profile", steps = [] }]
        [[node]]
        id = "people"
        role = "users"
        journey = ["accounts.check", "accounts.profile"]
        [[node]]
        id = "users"
        role = "program"
        command = ["users"]
        modules = ["accounts"]
        operations = ["accounts.check"]
        contract = 1
        [[link]]
        from = "people"
        to = "users"
    "#;

    fn said(text: &str) -> Option<String> {
        let preset = format::read(text).unwrap().into_preset();
        let link = "people->users".parse().unwrap();
        let told = misfit(&preset.topology, &link);
        assert_eq!(misfits(&preset.topology).remove(&link), told);
        told
    }

    #[test]
    fn a_program_that_is_not_what_callers_take_it_for_says_why() {
        assert_eq!(
            said(DRAWING).as_deref(),
            Some(
                "the plug of people to users does not fit: it does not know accounts.profile; it speaks version 1 of \
                 accounts, and callers rely on version 2"
            )
        );
        let newer = DRAWING.replace("contract = 1", "contract = 2");
        assert!(said(&newer).unwrap().ends_with("it does not know accounts.profile"));
        assert_eq!(said(&newer.replace(r#"operations = ["accounts.check"]"#, "")), None);
    }
}
