//! Whether a preset makes sense: what is missing or wrong in meaning. Every state that can be drawn is judged, none
//! panics; the drawing itself is never changed.

mod data;
mod expect;
mod found;
mod lesson;
mod marks;
mod nodes;
mod routes;
mod scenario;
mod sessions;
mod software;

use std::collections::BTreeMap;

use super::{ModuleName, Node, Preset, Problem, Topology};
use found::Found;
pub(in crate::topology) use nodes::{MOST_REPLICAS, MOST_USERS};

/// Everything that is wrong or doubtful, in the order of the file's sections, and in the end how many more there are of
/// what there is very often. Paths count what is in the preset.
pub fn validate(preset: &Preset) -> Vec<Problem> {
    let mut problems = Found::default();
    software::check(preset, &mut problems);
    nodes::check(preset, &mut problems);
    routes::check(preset, &mut problems);
    sessions::check(preset, &mut problems);
    data::check(preset, &mut problems);
    scenario::check(preset, &mut problems);
    expect::check(preset, &mut problems);
    lesson::check(preset, &mut problems);
    marks::check(preset, &mut problems);
    problems.finish()
}

/// The node that hosts each module: the first, where a mistake names several.
fn hosts(topology: &Topology) -> BTreeMap<&ModuleName, &Node> {
    let mut hosts = BTreeMap::new();
    for node in topology.nodes() {
        for module in node.modules() {
            hosts.entry(module).or_insert(node);
        }
    }
    hosts
}
