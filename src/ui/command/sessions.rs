//! Where sessions are kept, as a command: of the services that are selected, or of all that touch sessions.

use crate::topology::edit::{self, Step};
use crate::topology::{self, Node, NodeId, Preset, Problem, Service, Sessions};
use crate::ui::Inputs;
use crate::ui::selection::Selection;

/// The services that it is about.
fn services<'a>(inputs: &Inputs<'a>, selected: &Selection) -> Vec<(&'a NodeId, &'a Service)> {
    let preset: &'a Preset = inputs.preset;
    let all = || preset.topology.nodes().filter_map(|node: &'a Node| Some((&node.id, node.service()?)));
    let chosen: Vec<_> = all().filter(|(id, _)| selected.nodes().any(|node| node == *id)).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    all().filter(|(_, service)| touches_sessions(preset, service)).collect()
}

fn touches_sessions(preset: &Preset, service: &Service) -> bool {
    let modules = &preset.topology.modules;
    let hosted = service.modules.iter().filter_map(|name| modules.get(modules.place(name)?));
    let mut steps = hosted.flat_map(|module| &module.operations).flat_map(|operation| &operation.steps);
    steps.any(|step| matches!(step, topology::Step::Session { .. }))
}

/// Whether they are all kept there.
pub(super) fn is_kept(inputs: &Inputs<'_>, selected: &Selection, place: Sessions) -> bool {
    let services = services(inputs, selected);
    !services.is_empty() && services.iter().all(|(_, service)| service.sessions == place)
}

/// Why it cannot be asked for.
pub(super) fn refused(inputs: &Inputs<'_>, selected: &Selection, place: Sessions) -> Option<String> {
    if services(inputs, selected).is_empty() {
        return Some("No service has sessions yet".to_owned());
    }
    is_kept(inputs, selected, place).then(|| "They are kept there already".to_owned())
}

/// The step that keeps them there.
pub(super) fn keep(inputs: &Inputs<'_>, selected: &Selection, place: Sessions) -> Result<Step, Problem> {
    let nodes: Vec<NodeId> = services(inputs, selected).into_iter().map(|(id, _)| id.clone()).collect();
    edit::set_all(inputs.preset, &nodes, "sessions", &place.to_string())
}
