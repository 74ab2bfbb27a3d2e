//! The shop both ways: `monolith` and `microservices` are the same software, users and faults, and differ only in where the
//! software runs, in what is said of it, and in what then holds.

use brownout::topology::{Preset, Role, builtin, format};

use crate::support::program::all_holds;

fn preset(name: &str) -> Preset {
    format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

/// What two presets of one software share, without what is said about them and where it runs.
fn shared(preset: Preset) -> Preset {
    let users = preset.topology.nodes().filter(|node| matches!(node.role, Role::Users(_) | Role::Gateway(_)));
    let (topology, ..) = brownout::topology::Topology::new(
        preset.topology.modules.iter().cloned().collect(),
        users.cloned().collect(),
        Vec::new(),
    );
    Preset { topology, run: preset.run, scenario: preset.scenario, audits: preset.audits, ..Preset::default() }
}

#[test]
fn monolith_and_microservices_differ_only_in_where_the_software_runs() {
    let (monolith, microservices) = (preset("monolith"), preset("microservices"));
    assert_ne!(monolith.topology, microservices.topology);
    assert_eq!(shared(monolith), shared(microservices));
}

#[test]
fn in_the_monolith_everything_is_hosted_by_one_node_and_split_up_each_module_by_its_own() {
    for (name, services) in [("monolith", 1), ("microservices", 7)] {
        let preset = preset(name);
        let hosting: Vec<usize> =
            preset.topology.nodes().map(|node| node.modules().len()).filter(|hosted| *hosted > 0).collect();
        assert_eq!((hosting.len(), hosting.iter().sum::<usize>()), (services, 7), "{name}");
    }
}

#[test]
fn a_bug_in_a_minor_part_is_a_blackout_of_the_monolith() {
    all_holds("monolith", &[]);
}

#[test]
fn the_same_bug_is_a_brownout_of_microservices() {
    all_holds("microservices", &[]);
}

#[test]
fn in_one_process_the_hungry_part_starves_the_others_and_more_of_it_is_more_of_all() {
    all_holds("hot-spot-monolith", &[]);
}

#[test]
fn by_itself_the_hungry_part_is_multiplied_by_itself() {
    all_holds("hot-spot", &[]);
}
