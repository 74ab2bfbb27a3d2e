//! What a module takes along when it leaves, as stories, and as laws over random monoliths.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::topology::edit::History;
use crate::topology::format::read;
use crate::topology::validate::validate;
use crate::topology::{Severity, Topology};

fn shop() -> Preset {
    read(include_str!("shop.toml")).unwrap().into_preset()
}

fn stored() -> Preset {
    let mut preset = shop();
    let step = set_sessions_with_store(&preset, &"shop".parse().unwrap()).unwrap();
    History::default().apply(&mut preset, step).unwrap();
    preset
}

fn out(preset: &Preset, module: &str) -> Result<Preset, Problem> {
    let (_, step) = extract(preset, &module.parse().unwrap(), [700.0, 300.0], Parting::Shared)?;
    Ok(done(preset, step))
}

fn into(preset: &Preset, module: &str, to: &str) -> Result<Preset, Problem> {
    let step = move_module(preset, &module.parse().unwrap(), &to.parse().unwrap(), Parting::Shared)?;
    Ok(done(preset, step))
}

/// The preset after the step; undoing it must give the first one.
fn done(preset: &Preset, step: Step) -> Preset {
    let (mut now, mut history) = (preset.clone(), History::default());
    history.apply(&mut now, step).unwrap();
    let after = now.clone();
    history.undo(&mut now);
    assert_eq!(now, *preset);
    after
}

fn links(preset: &Preset) -> BTreeSet<String> {
    preset.topology.links().map(|link| link.id().to_string()).collect()
}

fn new_links(before: &Preset, after: &Preset) -> Vec<String> {
    links(after).difference(&links(before)).cloned().collect()
}

fn service<'a>(preset: &'a Preset, id: &str) -> &'a Service {
    preset.topology.node(&id.parse().unwrap()).and_then(Node::service).unwrap()
}

#[test]
fn what_only_services_call_is_linked_from_there_alone() {
    let before = shop();
    let after = out(&before, "payments").unwrap();
    assert_eq!(new_links(&before, &after), ["shop->payments"]);
    assert_eq!(service(&after, "payments").modules.len(), 1);
    assert_eq!(service(&after, "shop").modules.len(), 5);
    assert_eq!(service(&after, "shop").sessions, Sessions::Memory, "a payment needs no session");
    assert_eq!(after.layout[&"payments".parse().unwrap()], [700.0, 300.0]);
    assert_eq!(validate(&after), []);
}

#[test]
fn what_users_ask_for_and_services_call_is_linked_from_both() {
    let before = shop();
    let after = out(&before, "recommendations").unwrap();
    assert_eq!(new_links(&before, &after), ["gate->recommendations", "shop->recommendations"]);
    let again = out(&after, "catalog").unwrap();
    assert_eq!(new_links(&after, &again), ["catalog->recommendations", "gate->catalog"]);
    assert!(!links(&again).contains("shop->recommendations"), "nobody in shop calls it any more");
    assert_eq!(validate(&again), []);
}

#[test]
fn sessions_in_memory_move_to_a_store_that_both_share_or_are_split_on_request() {
    let before = shop();
    let after = out(&before, "cart").unwrap();
    assert_eq!(new_links(&before, &after), ["cart->sessions", "gate->cart", "shop->sessions"]);
    assert_eq!(
        (service(&after, "shop").sessions, service(&after, "cart").sessions),
        (Sessions::Store, Sessions::Store)
    );
    assert_eq!(validate(&after), []);
    let (_, step) = extract(&before, &"cart".parse().unwrap(), [0.0, 0.0], Parting::Split).unwrap();
    let split = done(&before, step);
    assert_eq!((service(&split, "cart").sessions, split.topology.nodes().count()), (Sessions::Memory, 4));
}

#[test]
fn a_module_keeps_the_store_that_it_needs_and_takes_no_other_along() {
    let before = stored();
    assert_eq!(new_links(&before, &out(&before, "cart").unwrap()), ["cart->sessions", "gate->cart"]);
    let paid = out(&before, "payments").unwrap();
    assert_eq!(new_links(&before, &paid), ["shop->payments"]);
    assert_eq!(service(&paid, "payments").sessions, Sessions::Memory);
    assert_eq!(validate(&paid), []);
}

#[test]
fn sessions_in_the_only_database_are_shared_there_and_not_with_who_has_another() {
    let mut before = shop();
    let node = |id: &str, role| Node { id: id.parse().unwrap(), role };
    let link = |from: &str, to: &str| Link { from: from.parse().unwrap(), to: to.parse().unwrap() };
    for id in ["shop-db", "till-db"] {
        before.topology.add_node(node(id, Role::Database(crate::topology::Database::default()))).unwrap();
    }
    before.topology.add_node(node("till", Role::Service(Service::default()))).unwrap();
    before.topology.add_link(link("shop", "shop-db")).unwrap();
    let moved = into(&before, "cart", "till").unwrap();
    assert_eq!(new_links(&before, &moved), ["gate->till", "till->shop-db"]);
    assert_eq!([service(&moved, "shop").sessions, service(&moved, "till").sessions], [Sessions::Store; 2]);
    before.topology.add_link(link("till", "till-db")).unwrap();
    let problem = into(&before, "cart", "till").unwrap_err();
    assert!(problem.message.contains("finds its sessions in shop-db"), "{problem:?}");
}

#[test]
fn a_service_that_hosts_nothing_any_more_goes_and_so_do_links_without_use() {
    let before = shop();
    let apart = out(&before, "payments").unwrap();
    let back = into(&apart, "payments", "shop").unwrap();
    assert_eq!(links(&back), links(&before));
    assert!(back.topology.node(&"payments".parse().unwrap()).is_none());
    let two = out(&apart, "recommendations").unwrap();
    let together = into(&two, "recommendations", "payments").unwrap();
    assert_eq!(new_links(&apart, &together), ["gate->payments"]);
    assert!(together.topology.node(&"recommendations".parse().unwrap()).is_none());
    assert_eq!(validate(&together), []);
}

#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let apart = out(&shop(), "payments").unwrap();
    let refused = |problem: Result<Preset, Problem>| problem.unwrap_err().to_string();
    assert!(refused(out(&apart, "payments")).contains("drag it onto another service"));
    assert!(refused(out(&apart, "nothing")).contains("no service hosts nothing"));
    assert!(refused(into(&apart, "payments", "payments")).contains("hosts payments already"));
    assert!(refused(into(&apart, "payments", "gate")).contains("it is no service"));
    assert!(refused(into(&apart, "payments", "nobody")).contains("no node"));
}

#[test]
fn data_stays_where_it_is_and_a_service_with_other_data_is_refused() {
    let text = include_str!("shop.toml").replace(
        "steps = [{ wait = \"5ms\" }]",
        "steps = [{ db = { op = \"insert\", table = \"paid\", key = \"request\" } }]",
    );
    let text = text.replace(
        "[layout]",
        "[[node]]\nid = \"data\"\nrole = \"database\"\n[[link]]\nfrom = \"shop\"\nto = \"data\"\n[layout]",
    );
    let before = read(&text).unwrap().into_preset();
    let after = out(&before, "payments").unwrap();
    assert_eq!(new_links(&before, &after), ["payments->data", "shop->payments"]);
    assert!(!links(&after).contains("shop->data"), "only payments keep data");
    let other = out(&out(&after, "orders").unwrap(), "recommendations").unwrap();
    let mut other = other;
    let (id, step) = crate::topology::edit::add_node(&other, crate::topology::RoleKind::Database, [0.0, 0.0]);
    History::default().apply(&mut other, step).unwrap();
    let step = crate::topology::edit::connect(&other, &"recommendations".parse().unwrap(), &id).unwrap();
    History::default().apply(&mut other, step).unwrap();
    assert!(into(&other, "payments", "recommendations").unwrap_err().to_string().contains("keeps its data in data"));
}

/// A monolith of some modules: which of them users ask for, which touch sessions, and who calls whom (only later ones).
fn monolith(asked: u8, sessions: u8, calls: &[(u8, u8)], store: bool, gateway: bool) -> Preset {
    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
    let mut text = String::from("format = 1\ntitle = \"t\"\nsummary = \"s\"\n");
    for (index, name) in NAMES.iter().enumerate() {
        let mut steps = vec!["{ wait = \"1ms\" }".to_owned()];
        if index == 0 {
            steps.push("{ session = \"create\" }".to_owned());
        } else if sessions & (1 << index) != 0 {
            steps.push("{ session = \"read\" }".to_owned());
        }
        for (from, to) in calls {
            let (from, to) = (usize::from(from % 5), usize::from(to % 5));
            if from == index && from < to {
                steps.push(format!("{{ call = \"{}.do\" }}", NAMES[to]));
            }
        }
        text += &format!(
            "[[module]]\nname = \"{name}\"\noperation = [{{ name = \"do\", steps = [{}] }}]\n",
            steps.join(", ")
        );
    }
    let journey: Vec<String> = NAMES
        .iter()
        .enumerate()
        .filter(|(index, _)| asked & (1 << index) != 0)
        .map(|(_, name)| format!("\"{name}.do\""))
        .collect();
    text += &format!(
        "[[node]]\nid = \"people\"\nrole = \"users\"\nstart = [\"a.do\"]\njourney = [{}]\n",
        journey.join(", ")
    );
    text += "[[node]]\nid = \"shop\"\nrole = \"service\"\nmodules = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n";
    if store {
        text += "sessions = \"store\"\n[[node]]\nid = \"cache\"\nrole = \"cache\"\n[[link]]\nfrom = \"shop\"\nto = \"cache\"\n";
    }
    if gateway {
        text += "[[node]]\nid = \"gate\"\nrole = \"gateway\"\n[[link]]\nfrom = \"people\"\nto = \"gate\"\n[[link]]\nfrom = \"gate\"\nto = \"shop\"\n";
    } else {
        text += "[[link]]\nfrom = \"people\"\nto = \"shop\"\n";
    }
    read(&text).unwrap().into_preset()
}

fn errors(preset: &Preset) -> Vec<String> {
    validate(preset).iter().filter(|problem| problem.severity == Severity::Error).map(ToString::to_string).collect()
}

fn used(topology: &Topology) -> bool {
    let used = used_links(topology);
    topology.links().all(|link| used.contains(&link.id()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_goes_where_everything_has_a_way_no_link_is_idle_and_undo_gives_the_first_preset(
        asked in 1u8..32, sessions in 0u8..32, store in any::<bool>(), gateway in any::<bool>(),
        calls in proptest::collection::vec((0u8..5, 0u8..5), 0..8),
        moves in proptest::collection::vec((0usize..5, 0usize..8), 1..8),
    ) {
        let first = monolith(asked, sessions, &calls, store, gateway);
        prop_assume!(errors(&first).is_empty());
        let (mut preset, mut history) = (first.clone(), History::default());
        for (module, to) in moves {
            let module: ModuleName = ["a", "b", "c", "d", "e"][module].parse().unwrap();
            let services: Vec<NodeId> = preset.topology.nodes().filter(|node| node.service().is_some()).map(|node| node.id.clone()).collect();
            let step = match services.get(to) {
                Some(to) => move_module(&preset, &module, to, Parting::Shared),
                None => extract(&preset, &module, [0.0, 0.0], Parting::Shared).map(|(_, step)| step),
            };
            let Ok(step) = step else { continue };
            history.apply(&mut preset, step).unwrap();
            prop_assert_eq!(errors(&preset), Vec::<String>::new());
            prop_assert!(used(&preset.topology), "{:?}", links(&preset));
        }
        while history.undo(&mut preset).is_some() {}
        prop_assert_eq!(preset, first);
    }
}
