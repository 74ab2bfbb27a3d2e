//! What is copied can be read, pasted elsewhere and runs there, and pasted where it came from harms nothing.

use super::*;
use crate::topology::edit::{History, add_note, group};
use crate::topology::format::read;
use crate::topology::validate::validate;
use crate::topology::{Cause, Program, Role, Severity, builtin};

fn store() -> Preset {
    read(builtin::by_name("shared-session-store").unwrap().text).unwrap().into_preset()
}

fn items(names: &[&str]) -> BTreeSet<Item> {
    names.iter().map(|name| Item::Node(name.parse().unwrap())).collect()
}

fn done(preset: &mut Preset, step: Step) {
    History::default().apply(preset, step).unwrap();
}

fn names(items: &BTreeSet<Item>) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_copied_into_an_empty_drawing_is_sound_and_the_same() {
    let from = store();
    let text = copy(&from, &items(&["shoppers", "gate", "shop", "sessions"]), &from.layout);
    assert!(is_copied(&text) && text.lines().next().is_some_and(|line| line.starts_with('#')), "{text}");
    let mut to = Preset::default();
    let (step, new) = paste(&to, &text, [100.0, 50.0]).unwrap();
    assert_eq!((step.label.as_str(), new.len()), ("paste 4 things", 4));
    done(&mut to, step);
    assert_eq!(to.topology, from.topology);
    assert_eq!(validate(&to), []);
    let [x, y] = from.layout[&"shop".parse().unwrap()];
    assert_eq!(to.layout[&"shop".parse().unwrap()], [x + 100.0, y + 50.0]);
    // As part of a file it is read as well.
    assert!(read(&format!("format = 1\n{text}")).is_ok());
}

#[test]
fn pasted_where_it_came_from_it_has_other_names_and_hosts_nothing_twice() {
    let mut preset = store();
    let text = copy(&preset, &items(&["shop", "sessions"]), &preset.layout);
    assert!(!text.contains("shoppers") && !text.contains("\"gate\""), "{text}");
    let (step, new) = paste(&preset, &text, [0.0, 300.0]).unwrap();
    assert_eq!(names(&new), ["sessions-2", "shop-2"]);
    done(&mut preset, step);
    let copied = preset.topology.node(&"shop-2".parse().unwrap()).unwrap().service().unwrap().clone();
    assert_eq!((copied.replicas, copied.modules.len()), (3, 0));
    assert!(preset.topology.links().any(|link| link.id().to_string() == "shop-2->sessions-2"));
    assert!(validate(&preset).iter().all(|problem| problem.severity == Severity::Warning));
    let (_, third) = paste(&preset, &text, [0.0, 600.0]).unwrap();
    assert_eq!(names(&third), ["sessions-3", "shop-3"]);
}

#[test]
fn groups_and_notes_come_along_and_a_duplicate_joins_the_group_of_its_original() {
    let mut preset = store();
    let (id, step) = group(&preset, &["shop".parse().unwrap(), "sessions".parse().unwrap()].into(), "Back").unwrap();
    done(&mut preset, step);
    let (note, step) = add_note(&preset, [600.0, -90.0], "Here");
    done(&mut preset, step);
    let all = BTreeSet::from([Item::Group(id), Item::Note(note)]);
    let (step, new) = duplicate(&preset, &all, [28.0, 28.0], &preset.layout);
    assert_eq!(names(&new), ["sessions-2", "shop-2", "group group-2", "note note-2"]);
    let mut twice = preset.clone();
    done(&mut twice, step);
    assert_eq!(twice.marks.groups.iter().map(|group| group.nodes.len()).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(twice.marks.notes[1].at, [628.0, -62.0]);
    let (step, _) = duplicate(&preset, &items(&["shop"]), [28.0, 28.0], &preset.layout);
    assert_eq!(step.label, "duplicate as shop-2");
    done(&mut preset, step);
    assert_eq!(preset.marks.groups[0].nodes.len(), 3);
}

#[test]
fn what_is_cut_is_what_was_copied_and_links_alone_are_neither() {
    let mut preset = store();
    let nodes = ["shop", "sessions"].map(|id| id.parse().unwrap()).into();
    let (back, step) = group(&preset, &nodes, "Back").unwrap();
    done(&mut preset, step);
    let link = Item::Link("shoppers->gate".parse().unwrap());
    let only_link = BTreeSet::from([link.clone()]);
    assert!(!can_copy(&preset, &only_link) && copy(&preset, &only_link, &preset.layout).is_empty());
    assert_eq!(cut(&preset, &only_link).edits, []);
    assert!(!can_copy(&preset, &items(&["gone"])) && !can_copy(&preset, &BTreeSet::new()));
    let chosen = BTreeSet::from([Item::Group(back), link]);
    assert!(can_copy(&preset, &chosen));
    let before = preset.topology.clone();
    let (text, step) = (copy(&preset, &chosen, &preset.layout), cut(&preset, &chosen));
    assert_eq!(step.label, "cut group group");
    done(&mut preset, step);
    assert_eq!(preset.topology.nodes().count(), 2);
    assert!(preset.marks.groups.is_empty());
    assert!(preset.topology.has_link(&"shoppers->gate".parse().unwrap()), "a link that was not copied stays");
    let (step, _) = paste(&preset, &text, [0.0, 0.0]).unwrap();
    done(&mut preset, step);
    assert_eq!(preset.topology.node(&"shop".parse().unwrap()), before.node(&"shop".parse().unwrap()));
    assert_eq!(preset.marks.groups.len(), 1);
}

#[test]
fn a_copied_program_hosts_and_knows_only_what_nobody_hosts_yet() {
    let mut preset = store();
    let shop = "shop".parse().unwrap();
    let modules = preset.topology.node(&shop).unwrap().modules().to_vec();
    let operations = vec!["cart.add".parse().unwrap(), "accounts.login".parse().unwrap()];
    let program = Program { command: vec!["shop".to_owned()], modules, operations, ..Program::default() };
    *preset.topology.role_mut(&shop).unwrap() = Role::Program(program);
    let (step, _) = duplicate(&preset, &items(&["shop"]), [28.0, 28.0], &preset.layout);
    done(&mut preset, step);
    let copied = preset.topology.node(&"shop-2".parse().unwrap()).unwrap().program().unwrap();
    assert_eq!((&copied.modules[..], &copied.operations[..]), (&[][..], &[][..]));
    assert_eq!(copied.command, ["shop"]);
    let twice = |problem: &Problem| matches!(problem.cause.as_deref(), Some(Cause::HostedTwice { .. }));
    assert!(!validate(&preset).iter().any(twice));
}

#[test]
fn what_is_no_part_of_a_drawing_is_refused() {
    let told = |text: &str| paste(&store(), text, [0.0, 0.0]).unwrap_err().to_string();
    assert!(told("hello world").contains("no part of a drawing"));
    assert!(told("title = \"only\"").contains("nothing to paste"));
    let wrong = "[[node]]\nid = \"a\"\nrole = \"service\"\nreplicas = \"x\"";
    assert!(told(wrong).contains("no part of a drawing: replicas"), "{}", told(wrong));
    assert_eq!(copy(&store(), &BTreeSet::new(), &BTreeMap::new()), "");
    let (_, whole) = paste(&store(), builtin::by_name("one-server").unwrap().text, [0.0, 0.0]).unwrap();
    assert!(whole.len() >= 2);
}
