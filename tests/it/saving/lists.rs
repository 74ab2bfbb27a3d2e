//! Lists in a file: a comment stays with the item that it tells of, and what was not understood stays where it is.

use brownout::topology::format::{read, read_lenient};
use brownout::topology::{Group, Preset, Step};

use super::{id, saved};

/// A preset in which a service hosts three modules, in these words.
fn hosting(modules: &str) -> String {
    let each = |name| format!("[[module]]\nname = \"{name}\"\n");
    let named = ["a", "b", "c"].map(each).concat();
    format!("format = 1\n{named}[[node]]\nid = \"shop\"\nrole = \"service\"\nmodules = {modules}\n")
}

fn host(names: &'static [&str]) -> impl FnOnce(&mut Preset) {
    move |preset| {
        let modules = preset.topology.role_mut(&id("shop")).unwrap().modules_mut().unwrap();
        *modules = names.iter().map(|name| name.parse().unwrap()).collect();
    }
}

fn assert_saved(modules: &str, names: &'static [&str], expected: &str) {
    let document = read(&hosting(modules)).unwrap();
    assert_eq!(saved(&document, host(names)), hosting(expected));
    let windows = hosting(modules).replace('\n', "\r\n");
    let document = read(&windows).unwrap();
    assert_eq!(saved(&document, host(names)), hosting(expected).replace('\n', "\r\n"));
}

#[test]
fn comments_before_items_go_with_them() {
    let list = "[ # A\n  \"a\", # B\n  \"b\", # C\n  \"c\" ]";
    assert_saved(list, &["b", "c"], "[ # B\n  \"b\", # C\n  \"c\" ]");
    assert_saved(list, &["a", "c"], "[ # A\n  \"a\", # C\n  \"c\" ]");
    assert_saved(list, &["a", "b"], "[ # A\n  \"a\", # B\n  \"b\" ]");
    let above = "[\n  # A\n  \"a\",\n  # B\n  \"b\",\n  \"c\",\n]";
    assert_saved(above, &["b", "c"], "[\n  # B\n  \"b\",\n  \"c\",\n]");
    assert_saved(above, &["c", "a", "b"], "[\n  \"c\",\n  # A\n  \"a\",\n  # B\n  \"b\",\n]");
}

#[test]
fn comments_behind_items_go_with_them() {
    let list = "[\n  \"a\", # A\n  \"b\",\n  \"c\", # C\n]";
    assert_saved(list, &["b", "c"], "[\n  \"b\",\n  \"c\", # C\n]");
    assert_saved(list, &["a", "c"], "[\n  \"a\", # A\n  \"c\", # C\n]");
    assert_saved(list, &["a", "b"], "[\n  \"a\", # A\n  \"b\",\n]");
    assert_saved("[ # all\n  \"a\", # A\n  \"b\" # B\n]", &["b"], "[ # all\n  \"b\" # B\n]");
    assert_saved(
        "[ # all\n  \"a\", # A\n  \"b\" # B\n]",
        &["a", "b", "c"],
        "[ # all\n  \"a\", # A\n  \"b\", # B\n  \"c\"\n]",
    );
    assert_saved("[\n  \"a\", # A\n]", &[], "[\n]");
}

#[test]
fn a_list_on_one_line_stays_on_it() {
    assert_saved("[\"a\", \"b\"]", &["b"], "[\"b\"]");
    assert_saved("[ \"a\", \"b\" ]", &["c", "a", "b"], "[ \"c\", \"a\", \"b\" ]");
    assert_saved("[\"a\"]", &["b", "c"], "[\"b\", \"c\"]");
    assert_saved("[\"a\" # A\n, \"b\"]", &["a"], "[\"a\" # A\n]");
    assert_saved("[]", &["a"], "[\"a\"]");
    assert_saved("[\"a\",\n \"b\", \"c\"]", &["b", "c"], "[\n \"b\", \"c\"]");
}

#[test]
fn a_group_keeps_the_order_in_which_its_nodes_were_written() {
    let nodes = ["a", "b", "c"].map(|id| format!("[[node]]\nid = \"{id}\"\nrole = \"cache\"\n")).concat();
    let grouped = |list: &str| format!("format = 1\n{nodes}[[group]]\nid = \"all\"\nnodes = {list}\n");
    let document = read(&grouped("[\n  \"c\", # C\n  \"a\", # A\n]")).unwrap();
    let group = |nodes: &[&str]| Group {
        id: "all".parse().unwrap(),
        title: String::new(),
        nodes: nodes.iter().map(|text| id(text)).collect(),
    };
    let with = |nodes: &[&str]| saved(&document, |preset| preset.marks.groups[0] = group(nodes));
    assert_eq!(with(&["a"]), grouped("[\n  \"a\", # A\n]"));
    assert_eq!(with(&["a", "b", "c"]), grouped("[\n  \"c\", # C\n  \"a\", # A\n  \"b\",\n]"));
}

#[test]
fn steps_that_were_not_understood_stay_where_they_are() {
    let with = |steps: &str| {
        format!("format = 2\n[[module]]\nname = \"cart\"\n[[module.operation]]\nname = \"add\"\nsteps = {steps}\n")
    };
    let text = with(
        "[{ parallel = [1, 2] }, { call = \"cart.pay\", retries = 3, hedged = true }, { wait = \"1000ms\" }, { dream = 1 }]",
    );
    let document = read_lenient(&text).unwrap();
    let after = |change: fn(&mut Vec<Step>)| {
        let mut preset = document.preset().clone();
        change(&mut preset.topology.modules[0].operations[0].steps);
        let saved = document.text(&preset);
        assert_eq!(read_lenient(&saved).unwrap().preset(), &preset, "{saved}");
        saved
    };
    let retried = after(|steps| {
        let Step::Call { retries, .. } = &mut steps[0] else { panic!("{steps:?}") };
        *retries = 0;
    });
    assert_eq!(retried, text.replace(", retries = 3", ""));
    assert_eq!(after(|steps| drop(steps.pop())), text.replace(", { wait = \"1000ms\" }", ""));
    let only_strange = after(Vec::clear);
    assert_eq!(only_strange, with("[{ parallel = [1, 2] }, { dream = 1 }]"));
}
