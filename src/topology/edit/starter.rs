//! What a drawing that begins with nothing does: a small shop, so that users, a gateway and a service drawn on an empty
//! canvas can run at once.

use std::collections::BTreeSet;

use crate::topology::{
    Module, ModuleName, Operation, OperationId, Period, Preset, Program, Role, SessionStep, Step, Topology, Users,
};

/// More operations than this are no journey that a person would write.
const LONGEST_JOURNEY: usize = 12;

/// The modules of a new drawing: `accounts`, `cart` and `orders`.
pub fn starter_modules() -> Vec<Module> {
    use SessionStep::{Append, Clear, Create, Read};
    let session = |session| Step::Session { session };
    let wait = |ms| Step::Wait { wait: Period::millis(ms) };
    let modules = [
        ("accounts", vec![("login", vec![wait(2), session(Create)])]),
        (
            "cart",
            vec![("add", vec![Step::Cpu { cpu: Period::micros(200) }, session(Append)]), ("view", vec![session(Read)])],
        ),
        ("orders", vec![("checkout", vec![session(Read), wait(20), session(Clear)])]),
    ];
    let operation = |(name, steps): (&str, Vec<Step>)| Operation { name: name.to_owned(), transaction: false, steps };
    let module = |(name, operations): (&str, Vec<(&str, Vec<Step>)>)| {
        Some(Module {
            name: name.parse().ok()?,
            memory: Default::default(),
            startup: Default::default(),
            contract: crate::topology::software::first_contract(),
            operations: operations.into_iter().map(operation).collect(),
        })
    };
    modules.into_iter().filter_map(module).collect()
}

/// The modules of the preset, or, while there are none, those of a new drawing.
pub(super) fn modules(preset: &Preset) -> Vec<Module> {
    if preset.topology.modules.is_empty() { starter_modules() } else { preset.topology.modules.to_vec() }
}

/// The modules among these that no service hosts, in their order.
pub(super) fn unhosted(topology: &Topology, modules: &[Module]) -> Vec<ModuleName> {
    let hosted: BTreeSet<&ModuleName> = hosted(topology);
    let free = modules.iter().map(|module| &module.name).filter(|name| !hosted.contains(name));
    let mut seen = BTreeSet::new();
    free.filter(|name| seen.insert(*name)).cloned().collect()
}

/// The modules that some service or program hosts.
pub(super) fn hosted(topology: &Topology) -> BTreeSet<&ModuleName> {
    topology.nodes().flat_map(|node| node.modules()).collect()
}

/// Users who log in once and then fill a cart, look at it and pay, with whatever operations of these modules do so.
/// Where nothing touches a session, they ask for what no other operation calls.
pub(super) fn users(modules: &[Module]) -> Users {
    let topology = &Topology::new(modules.to_vec(), Vec::new(), Vec::new()).0;
    let all: Vec<OperationId> = operations(modules).collect();
    let called: BTreeSet<OperationId> = calls(modules).collect();
    let doing = |wanted: SessionStep| {
        let does = move |id: &&OperationId| {
            let steps = topology.session_steps(id);
            let ends = steps.contains(&SessionStep::End) || steps.contains(&SessionStep::Create);
            match wanted {
                SessionStep::Create => steps.contains(&SessionStep::Create),
                // A payment reads the cart too; it comes last.
                SessionStep::Read => !steps.is_empty() && steps.iter().all(|step| step.only_reads()),
                SessionStep::Append | SessionStep::Clear | SessionStep::End => !ends && steps.contains(&wanted),
            }
        };
        all.iter().filter(|id| !called.contains(*id)).filter(does).cloned().collect::<Vec<_>>()
    };
    let start: Vec<OperationId> = doing(SessionStep::Create).into_iter().take(1).collect();
    let (fill, look) = (doing(SessionStep::Append), doing(SessionStep::Read));
    let journey = [&fill, &fill, &look, &doing(SessionStep::Clear)];
    let mut journey: Vec<OperationId> = journey.into_iter().flatten().take(LONGEST_JOURNEY).cloned().collect();
    if journey.is_empty() {
        journey =
            all.into_iter().filter(|id| !called.contains(id) && !start.contains(id)).take(LONGEST_JOURNEY).collect();
    }
    Users { start, journey, ..Users::default() }
}

/// Leaves a service or program only some of its modules. A program then knows no operations of the others.
pub(super) fn keep_modules(role: &mut Role, keep: impl FnMut(&ModuleName) -> bool) {
    let Some(modules) = role.modules_mut() else { return };
    modules.retain(keep);
    if let Role::Program(Program { modules, operations, .. }) = role {
        operations.retain(|operation| modules.contains(&operation.module));
    }
}

/// Every operation of these modules.
pub(super) fn operations(modules: &[Module]) -> impl Iterator<Item = OperationId> {
    modules.iter().flat_map(|module| {
        let id = |operation: &Operation| OperationId {
            module: module.name.clone(),
            operation: operation.name.as_str().into(),
        };
        module.operations.iter().map(id)
    })
}

fn calls(modules: &[Module]) -> impl Iterator<Item = OperationId> {
    let steps = modules.iter().flat_map(|module| &module.operations).flat_map(|operation| &operation.steps);
    steps.filter_map(|step| if let Step::Call { call, .. } = step { Some(call.clone()) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_a_new_drawing_log_in_fill_a_cart_look_and_pay() {
        let users = users(&starter_modules());
        let written = |ids: &[OperationId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(written(&users.start), ["accounts.login"]);
        assert_eq!(written(&users.journey), ["cart.add", "cart.add", "cart.view", "orders.checkout"]);
    }
}
