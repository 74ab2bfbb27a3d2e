//! The law of fixes: whatever is spoilt, each fix can be applied, its problem is gone, and undoing gives what was there.

use std::collections::BTreeSet;

use super::*;
use crate::topology::edit::{History, Item, about};
use crate::topology::format::read;
use crate::topology::validate::validate;
use crate::topology::{Group, Link, Modules, RoleKind, builtin, settings};

fn preset(name: &str) -> Preset {
    read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

fn id(text: &str) -> NodeId {
    text.parse().unwrap()
}

/// Spoils a preset by settings.
fn set(paths: &'static [(&'static str, &'static str)]) -> impl Fn(&mut Preset) {
    move |preset| paths.iter().for_each(|(path, value)| settings::set(preset, path, value).unwrap())
}

fn link(preset: &mut Preset, from: &str, to: &str) {
    preset.topology.add_link(Link { from: id(from), to: id(to) }).unwrap();
}

fn service(preset: &mut Preset, name: &str, modules: &[&str]) {
    host(preset, RoleKind::Service, name, modules);
}

fn host(preset: &mut Preset, kind: RoleKind, name: &str, modules: &[&str]) {
    let mut role = kind.role();
    settings::set_role(&mut role, "modules", &modules.join(",")).unwrap();
    preset.topology.add_node(crate::topology::Node { id: id(name), role }).unwrap();
}

/// Lets a step of the preset need a database.
fn needs_database(preset: &mut Preset) {
    let db =
        crate::topology::DbStep { op: Default::default(), table: "orders".parse().unwrap(), key: Default::default() };
    let module = preset.topology.modules.iter_mut().next().unwrap();
    module.operations[0].steps.push(crate::topology::Step::Db { db });
}

type Spoil = Box<dyn Fn(&mut Preset)>;

/// Ways to spoil a preset, each with what its first fix is called.
fn spoilt() -> Vec<(Spoil, &'static str)> {
    fn of(spoil: impl Fn(&mut Preset) + 'static, title: &'static str) -> (Spoil, &'static str) {
        (Box::new(spoil), title)
    }
    let group = |name: &str, nodes: &[&str]| Group {
        id: name.parse().unwrap(),
        title: String::new(),
        nodes: nodes.iter().map(|node| id(node)).collect(),
    };
    vec![
        of(|preset| drop(preset.topology.remove_node(&id("shoppers"))), "Add users"),
        of(needs_database, "Link a database"),
        of(|preset| preset.topology.modules = Modules::default(), "Add the modules of a small shop"),
        of(set(&[("shoppers.journey", "")]), "Give shoppers a journey"),
        of(set(&[("shop.modules", "")]), "Host accounts, cart, orders, payments in shop"),
        of(set(&[("shop.modules", "accounts, cart")]), "Host orders, payments in shop"),
        of(set(&[("shoppers.start", "")]), "Let shoppers begin with accounts.login"),
        of(|preset| drop(preset.topology.remove_link(&"gate->shop".parse().unwrap())), "Link gate to shop"),
        of(|preset| drop(preset.topology.remove_link(&"shoppers->gate".parse().unwrap())), "Link shoppers to gate"),
        of(set(&[("shop.modules", "accounts, cart, orders")]), "Host payments in shop"),
        of(
            |preset| drop(preset.topology.remove_node(&id("shop"))),
            "Add service to host accounts, cart, orders, payments",
        ),
        of(|preset| service(preset, "till", &["cart"]), "Leave cart in shop"),
        of(|preset| host(preset, RoleKind::Program, "till", &["cart"]), "Leave cart in till"),
        of(set(&[("shop.modules", "accounts, cart, orders, payments, cart")]), "Name cart once"),
        of(|preset| service(preset, "idle", &[]), "Remove idle"),
        of(set(&[("shop.modules", "accounts, crt, orders, payments")]), "Host cart instead of crt"),
        of(set(&[("shoppers.journey", "cart.ad, cart.view")]), "Ask for cart.add instead"),
        of(|preset| drop(preset.topology.remove_link(&"shop->sessions".parse().unwrap())), "Link a store"),
        of(|preset| drop(preset.topology.remove_node(&id("sessions"))), "Link a store"),
        of(
            |preset| {
                set(&[("shop.modules", "accounts, orders, payments"), ("shop.sessions", "memory")])(preset);
                service(preset, "till", &["cart"]);
                link(preset, "gate", "till");
            },
            "Keep all these sessions in one store",
        ),
        of(|preset| link(preset, "sessions", "gate"), "Remove the link sessions->gate"),
        of(|preset| link(preset, "shop", "shoppers"), "Turn the link shop->shoppers around"),
        of(set(&[("shop.replicas", "0"), ("gate.replicas", "900")]), "Set replicas of gate to 500"),
        of(set(&[("gate.timeout", "0s")]), "Set timeout of gate to 500ms"),
        of(set(&[("shoppers.think_spread", "3")]), "Set think_spread of shoppers to 1"),
        of(
            |preset| {
                let retried = "[[module]]\nname = \"a\"\n[[module.operation]]\nname = \"b\"\nsteps = [{ call = \"cart.add\", retries = 2 }]";
                let mut modules = preset.topology.modules.to_vec();
                modules.extend_from_slice(&read(&format!("format = 1\n{retried}")).unwrap().preset().topology.modules);
                preset.topology.modules = modules.into();
            },
            "Call cart.add once",
        ),
        of(|preset| preset.scenario[0].on = "shopp.1".parse().unwrap(), "Do it to shop.1 instead"),
        of(set(&[("run.duration", "10s")]), "Let the run take 15s"),
        of(|preset| preset.scenario[0].on = "shop.4".parse().unwrap(), "Give shop 4 replicas"),
        of(|preset| preset.expect[0].metric = "nonsense".to_owned(), "Expect nothing of nonsense"),
        of(|preset| _ = preset.layout.insert(id("gone"), [0.0, 0.0]), "Forget the place of gone"),
        of(|preset| _ = preset.marks.pinned.insert(id("gone")), "Forget gone"),
        of(
            move |preset| preset.marks.groups = vec![group("a", &["shop"]), group("b", &["shop", "gate"])],
            "Leave shop in a",
        ),
        of(move |preset| preset.marks.groups = vec![group("a", &[])], "Remove groups with nothing in them"),
    ]
}

#[test]
fn every_cause_has_a_fix_that_mends_it_and_can_be_undone() {
    for (spoil, title) in spoilt() {
        let mut preset = preset("shared-session-store");
        spoil(&mut preset);
        let problems = validate(&preset);
        let titles: BTreeSet<String> =
            problems.iter().flat_map(|problem| fixes(&preset, problem)).map(|fix| fix.title).collect();
        assert!(titles.contains(title), "{title:?} is not among {titles:?} for {problems:#?}");
        for problem in &problems {
            mends(&preset, problem);
        }
    }
}

/// Each fix of a problem can be applied; afterwards it is there less often; undone, all is as before.
fn mends(preset: &Preset, problem: &Problem) {
    for fix in fixes(preset, problem) {
        // By message: positions in lists change.
        let same = |known: &&Problem| known.message == problem.message;
        let count = |preset: &Preset| validate(preset).iter().filter(same).count();
        let (mut mended, mut history) = (preset.clone(), History::default());
        history.apply(&mut mended, fix.step.clone()).unwrap_or_else(|error| panic!("{}: {error}", fix.title));
        assert!(count(&mended) < count(preset), "{:?} does not mend {problem}: {:#?}", fix.title, validate(&mended));
        history.undo(&mut mended);
        assert_eq!(mended, *preset, "{}", fix.title);
    }
}

#[test]
fn whatever_is_removed_from_a_lesson_can_be_mended_step_by_step() {
    for builtin in builtin::all() {
        let first = preset(builtin.name);
        for node in first.topology.nodes() {
            let mut preset = first.clone();
            preset.topology.remove_node(&node.id).unwrap();
            for round in 0.. {
                let problems = validate(&preset);
                problems.iter().for_each(|problem| mends(&preset, problem));
                let Some(fix) = problems.iter().find_map(|problem| fixes(&preset, problem).into_iter().next()) else {
                    break;
                };
                History::default().apply(&mut preset, fix.step).unwrap();
                assert!(round < 40, "{} without {}: {problems:#?}", builtin.name, node.id);
            }
            let left: Vec<String> = validate(&preset)
                .iter()
                .filter(|problem| !problem.path.starts_with("lesson"))
                .map(ToString::to_string)
                .collect();
            assert_eq!(left, Vec::<String>::new(), "{} without {}", builtin.name, node.id);
        }
    }
}

#[test]
fn problems_are_about_what_they_name() {
    let told = |spoil: &dyn Fn(&mut Preset)| {
        let mut preset = preset("shared-session-store");
        spoil(&mut preset);
        let items = validate(&preset).iter().flat_map(|problem| about(&preset, problem)).collect::<Vec<Item>>();
        items.iter().map(ToString::to_string).collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(told(&set(&[("shop.replicas", "0")]))[0], "shop");
    assert_eq!(
        told(&|preset| drop(preset.topology.remove_link(&"gate->shop".parse().unwrap()))),
        ["gate", "shop", "shoppers"]
    );
    assert_eq!(told(&|preset| link(preset, "sessions", "gate")), ["sessions->gate"]);
    assert_eq!(told(&|preset| preset.scenario[0].on = "shop.9".parse().unwrap()), ["shop"]);
    assert_eq!(told(&|preset| preset.topology.modules = Modules::default())[0], "shop");
}
