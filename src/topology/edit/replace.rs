//! A program in the place of a service: it takes over modules and links, and the service goes. One step, so that undo
//! puts the service back.

use std::collections::BTreeSet;

use super::{Edit, Item, Step, connect, missing, remove};
use crate::topology::{Link, NodeId, Preset, Problem, Role};

/// The step that replaces a service by a program that is drawn already.
///
/// # Errors
/// When either is not what it should be, or the program has no command; says why, and what to do.
pub fn replace_by_program(preset: &Preset, service: &NodeId, program: &NodeId) -> Result<Step, Problem> {
    let topology = &preset.topology;
    let old = topology.node(service).ok_or_else(|| missing("node", service.as_str()))?;
    let new = topology.node(program).ok_or_else(|| missing("node", program.as_str()))?;
    let Some(settings) = old.service() else {
        let problem = Problem::error(service.as_str(), format!("{service} is no service"));
        return Err(problem.advise("a program takes the place of a service"));
    };
    let Some(before) = new.program() else {
        let problem = Problem::error(program.as_str(), format!("{program} is no program"));
        return Err(problem.advise("draw a program first"));
    };
    if before.command.is_empty() {
        let problem = Problem::error(program.as_str(), format!("{program} has no command, so it could not take over"));
        return Err(problem.advise("give it one in the inspector first"));
    }
    let mut taken = before.clone();
    taken.modules.extend(settings.modules.iter().filter(|module| !before.modules.contains(module)).cloned());
    let mut edits = remove(preset, &BTreeSet::from([Item::Node(service.clone())]), false).edits;
    edits.push(Edit::SetRole { node: program.clone(), role: Role::Program(taken) });
    for link in topology.links() {
        let link = match (link.from == *service, link.to == *service) {
            (true, false) => Link { from: program.clone(), ..link },
            (false, true) => Link { to: program.clone(), ..link },
            _ => continue,
        };
        if connect::may_link(preset, &link).is_ok() {
            edits.push(Edit::AddLink { link, position: None });
        }
    }
    if let Some(at) = preset.layout.get(service) {
        edits.push(Edit::Move { node: program.clone(), to: Some(*at) });
    }
    Ok(Step::new(format!("replace {service} by {program}"), edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::History;
    use crate::topology::{Program, builtin, format};

    fn drawn() -> Preset {
        let text = builtin::by_name("shared-session-store").unwrap().text;
        let mut preset = format::read(text).unwrap().into_preset();
        let program = Program { command: vec!["shop".to_owned()], ..Program::default() };
        let node = crate::topology::Node { id: "python".parse().unwrap(), role: Role::Program(program) };
        preset.topology.add_node(node).unwrap();
        preset
    }

    #[test]
    fn the_program_takes_over_modules_and_links_and_undo_puts_the_service_back() {
        let before = drawn();
        let mut preset = before.clone();
        let (shop, python) = ("shop".parse().unwrap(), "python".parse().unwrap());
        let step = replace_by_program(&preset, &shop, &python).unwrap();
        assert_eq!(step.label, "replace shop by python");
        let mut history = History::default();
        history.apply(&mut preset, step).unwrap();
        assert!(preset.topology.node(&shop).is_none());
        assert_eq!(preset.topology.node(&python).unwrap().modules().len(), 4);
        for link in ["gate->python", "python->sessions"] {
            assert!(preset.topology.has_link(&link.parse().unwrap()), "{link}");
        }
        assert_eq!(preset.layout.get(&python), before.layout.get(&shop));
        assert!(history.undo(&mut preset).is_some());
        assert_eq!(preset, before);
    }

    #[test]
    fn what_cannot_take_over_says_why() {
        let mut preset = drawn();
        let said = |preset: &Preset, from: &str, to: &str| {
            replace_by_program(preset, &from.parse().unwrap(), &to.parse().unwrap()).unwrap_err().message
        };
        assert_eq!(said(&preset, "gate", "python"), "gate is no service");
        assert_eq!(said(&preset, "shop", "sessions"), "sessions is no program");
        *preset.topology.role_mut(&"python".parse().unwrap()).unwrap() = Role::Program(Program::default());
        assert_eq!(said(&preset, "shop", "python"), "python has no command, so it could not take over");
    }
}
