//! What a change of a module's language touches. One process is one program: everything that shares its process with the
//! module is written anew with it. Read from the drawing; it stands for the work of people, and measures nobody.

use std::collections::BTreeSet;

use crate::topology::{ModuleName, Topology};

use super::kinds::{LINKS_ANEW, MOVES_ALONG, NODES_ANEW, OPERATIONS_ANEW, REPLICAS_ANEW};
use super::trial::Reading;

/// The module whose language changes.
const REWRITTEN: &str = "accounts";

/// What is touched when a module is written in another language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rewrite {
    /// The modules of its process.
    modules: usize,
    /// Their operations.
    operations: usize,
    /// Links that end or begin at its node, each with a protocol that the new program must speak.
    links: usize,
    /// Its node, and those at the other ends of these links.
    nodes: usize,
    /// Processes that must be replaced by the new program.
    replicas: u32,
}

/// What that change touches in a drawing; `None` where nobody hosts the module.
fn rewrite(topology: &Topology, module: &ModuleName) -> Option<Rewrite> {
    let host = topology.host(module)?;
    let operations = host.modules().iter().filter_map(|name| topology.module(name)).map(|it| it.operations.len());
    let links: Vec<_> = topology.links().filter(|link| link.from == host.id || link.to == host.id).collect();
    let nodes: BTreeSet<_> = links.iter().flat_map(|link| [&link.from, &link.to]).chain([&host.id]).collect();
    Some(Rewrite {
        modules: host.modules().len(),
        operations: operations.sum(),
        links: links.len(),
        nodes: nodes.len(),
        replicas: host.replicas(),
    })
}

/// The counts of a drawing for the module of the table; none where nobody hosts it.
pub(super) fn readings(topology: &Topology) -> Vec<Reading> {
    let module: Option<ModuleName> = REWRITTEN.parse().ok();
    let Some(touched) = module.and_then(|module| rewrite(topology, &module)) else { return Vec::new() };
    vec![
        Reading { kind: &MOVES_ALONG, value: touched.modules as f64 },
        Reading { kind: &OPERATIONS_ANEW, value: touched.operations as f64 },
        Reading { kind: &NODES_ANEW, value: touched.nodes as f64 },
        Reading { kind: &LINKS_ANEW, value: touched.links as f64 },
        Reading { kind: &REPLICAS_ANEW, value: f64::from(touched.replicas) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{builtin, format};

    fn touched(preset: &str) -> Rewrite {
        let preset = format::read(builtin::by_name(preset).unwrap().text).unwrap().into_preset();
        rewrite(&preset.topology, &REWRITTEN.parse().unwrap()).unwrap()
    }

    #[test]
    fn in_a_monolith_everything_is_written_anew_and_as_a_service_only_itself() {
        let (whole, part) = (touched("monolith"), touched("microservices"));
        assert_eq!((whole.modules, part.modules), (7, 1));
        assert_eq!((part.operations, part.links, part.nodes, part.replicas), (2, 3, 4, 1));
        assert!(whole.operations > part.operations, "{whole:?}");
    }
}
