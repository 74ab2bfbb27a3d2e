//! Saving a preset: what changed is written, and nothing else of the file is touched, however it is laid out.

mod gestures;
mod lists;

use brownout::topology::edit::{Edit, History, Step, add_note, group, pin, rename};
use brownout::topology::format::{Document, read, read_lenient};
use brownout::topology::{Cache, Gateway, Link, LinkId, Node, NodeId, Preset, Role, builtin, settings};
use proptest::prelude::*;

fn sticky() -> &'static str {
    builtin::by_name("sticky-sessions").unwrap().text
}

fn id(text: &str) -> NodeId {
    text.parse().unwrap()
}

fn gateway(text: &str) -> Node {
    Node { id: id(text), role: Role::Gateway(Gateway::default()) }
}

/// The text after a change, which must be read back as the preset that was saved, with nothing left out.
fn saved(document: &Document, change: impl FnOnce(&mut Preset)) -> String {
    let mut preset = document.preset().clone();
    change(&mut preset);
    let text = document.text(&preset);
    let again = read(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    assert_eq!(again.preset(), &preset, "{text}");
    text
}

fn set(path: &'static str, value: &'static str) -> impl FnOnce(&mut Preset) {
    move |preset| settings::set(preset, path, value).unwrap()
}

#[test]
fn a_file_with_windows_line_ends_keeps_them_everywhere() {
    let windows = sticky().replace('\n', "\r\n");
    let document = read(&windows).unwrap();
    assert_eq!(document.text(document.preset()), windows);
    let text = saved(&document, set("shop.replicas", "5"));
    assert_eq!(text, windows.replace("replicas = 3", "replicas = 5"));
    let text = saved(&document, |preset| preset.topology.add_node(gateway("second")).unwrap());
    assert!(text.contains("[[node]]\r\nid = \"second\"\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let marked = format!("\u{feff}{}", sticky());
    let document = read(&marked).unwrap();
    assert_eq!(document.check(), []);
    assert_eq!(document.text(document.preset()), marked);
    saved(&document, set("shop.replicas", "5"));
}

/// A preset whose lists of tables all stand on lines of their own, in brackets.
const INLINE: &str = r#"format = 1
# the software
module = [{ name = "cart", operation = [{ name = "add", steps = [{ session = "create" }] }] }]
node = [
  { id = "shoppers", role = "users", journey = ["cart.add"] },
  { id = "shop", role = "service", modules = ["cart"], replicas = 2 },
]
link = [{ from = "shoppers", to = "shop" }]
expect = [{ metric = "sessions.lost", equals = 0 }]
title = "In brackets"
layout = { shop = [320, 0] }
"#;

#[test]
fn lists_of_tables_in_brackets_are_saved_rightly() {
    let document = read(INLINE).unwrap();
    assert_eq!(document.check(), []);
    assert_eq!(document.text(document.preset()), INLINE);
    let text = saved(&document, set("shop.replicas", "5"));
    assert!(text.contains("# the software") && text.contains("replicas = 5"), "{text}");
    saved(&document, |preset| {
        preset.topology.add_node(gateway("gate")).unwrap();
        preset.topology.add_link(Link { from: id("gate"), to: id("shop") }).unwrap();
        preset.topology.modules[0].operations[0].name = "put".to_owned();
        preset.layout.insert(id("gate"), [0.0, 0.0]);
        preset.expect.clear();
    });
    saved(&document, |preset| {
        preset.topology.remove_node(&id("shop")).unwrap();
        preset.lesson.steps = vec![Default::default()];
        preset.title.clear();
    });
}

#[test]
fn a_link_that_leads_nowhere_stays_until_its_node_is_added_and_then_goes() {
    let text = format!("{}\n[[link]]\nfrom = \"gate\"\nto = \"later\" # not yet\n", sticky());
    let document = read_lenient(&text).unwrap();
    let kept = document.text(&{
        let mut preset = document.preset().clone();
        settings::set(&mut preset, "shop.replicas", "5").unwrap();
        preset
    });
    assert_eq!(kept, text.replace("replicas = 3", "replicas = 5"));
    let later = Node { id: id("later"), role: Role::Cache(Cache::default()) };
    let text = saved(&document, |preset| preset.topology.add_node(later.clone()).unwrap());
    assert!(!text.contains("not yet"), "{text}");
    // Drawn anew it is there once.
    saved(&document, |preset| {
        preset.topology.add_node(later).unwrap();
        preset.topology.add_link(Link { from: id("gate"), to: id("later") }).unwrap();
    });
}

#[test]
fn the_second_of_two_does_not_come_alive_when_the_first_is_removed() {
    let text = format!(
        "{}\n[[node]]\nid = \"gate\"\nrole = \"cache\"\n[[link]]\nfrom = \"gate\"\nto = \"shop\"\n",
        sticky().split("[layout]").next().unwrap()
    );
    let document = read_lenient(&text).unwrap();
    let link = LinkId { from: id("gate"), to: id("shop") };
    saved(&document, |preset| drop(preset.topology.remove_link(&link).unwrap()));
    saved(&document, |preset| drop(preset.topology.remove_node(&id("gate")).unwrap()));
}

#[test]
fn a_renamed_node_keeps_its_comments_and_so_do_its_links() {
    let document = read(sticky()).unwrap();
    let mut preset = document.preset().clone();
    let step = rename(&preset, &id("shop"), "till").unwrap();
    History::default().apply(&mut preset, step).unwrap();
    let text = document.text(&preset);
    assert_eq!(read(&text).unwrap().preset(), &preset);
    let named = [
        ("\"shop\"", "\"till\""),
        ("\"shop.", "\"till."),
        ("\"kill shop.", "\"kill till."),
        ("\nshop = [", "\ntill = ["),
    ];
    let expected = named.iter().fold(sticky().to_owned(), |text, (from, to)| text.replace(from, to));
    assert_eq!(text, expected);
}

#[test]
fn groups_notes_and_pins_are_saved_and_a_change_of_one_leaves_the_others_as_they_are() {
    let document = read(sticky()).unwrap();
    let mut preset = document.preset().clone();
    let mut history = History::default();
    let nodes = [id("gate"), id("shop")].into();
    let step = group(&preset, &nodes, "Behind").unwrap().1;
    history.apply(&mut preset, step).unwrap();
    let step = add_note(&preset, [3.0, -4.0], "two\nlines, \"quoted\"").1;
    history.apply(&mut preset, step).unwrap();
    let step = pin(&preset, &nodes, true, &Default::default());
    history.apply(&mut preset, step).unwrap();
    let text = document.text(&preset);
    let again = read(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    assert_eq!((again.preset(), again.check()), (&preset, vec![]), "{text}");
    let marked = text.replace("[[note]]", "# look\n[[note]]");
    let text = saved(&read(&marked).unwrap(), |preset| preset.marks.groups[0].title = "In front".to_owned());
    assert_eq!(text, marked.replace("Behind", "In front"));
    let windows = text.replace('\n', "\r\n");
    let document = read(&windows).unwrap();
    assert_eq!(document.preset().marks.notes[0].text, "two\nlines, \"quoted\"");
    saved(&document, |preset| preset.marks.notes[0].text.push_str("\nthree"));
}

#[test]
fn what_is_wrong_with_marks_is_told_in_its_place_and_prevents_nothing() {
    let text = format!(
        "pinned = [\"shp\"]\n{}\n[[group]]\nid = \"a\"\nnodes = [\"shop\", \"nobody\"]\n[[group]]\nid = \"a\"\nnodes = \
         [\"shop\"]\n[[group]]\nid = \"b\"\n[[note]]\nid = \"n\"\n[[note]]\nid = \"n\"\n",
        sticky()
    );
    let document = read(&text).unwrap();
    let told: Vec<String> = document.check().iter().map(ToString::to_string).collect();
    let lines = sticky().lines().count() as u32 + 3;
    let expected = [
        (1, "\"shp\" is pinned, and is no node; did you mean shop?"),
        (lines + 2, "the group a names \"nobody\", which is no node"),
        (lines + 4, "there are two groups with the id \"a\""),
        (lines + 5, "shop is in two groups: a and a"),
        (lines + 6, "the group b has nothing in it"),
        (lines + 11, "there are two notes with the id \"n\""),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, (line, message)) in told.iter().zip(expected) {
        assert!(told.starts_with(&format!("{line}:")) && told.contains(&format!("warning: {message}")), "{told:#?}");
    }
    assert!(read(&format!("{}\n[[note]]\nid = \"n\"\nat = [1, 2, 3]\n", sticky())).is_err());
}

fn edit() -> impl Strategy<Value = Edit> {
    let some = prop::sample::select(vec!["shoppers", "gate", "shop", "sessions", "other"]).prop_map(id);
    let setting = prop::sample::select(vec![("replicas", "4"), ("sessions", "token"), ("think", "3s")]);
    prop_oneof![
        some.clone().prop_map(|node| Edit::AddNode { node: gateway(node.as_str()), position: None, at: None }),
        some.clone().prop_map(Edit::RemoveNode),
        (some.clone(), some.clone())
            .prop_map(|(from, to)| Edit::AddLink { link: Link { from, to }, position: Some(0) }),
        (some.clone(), some.clone()).prop_map(|(from, to)| Edit::RemoveLink(LinkId { from, to })),
        (some.clone(), -9i8..9).prop_map(|(node, x)| Edit::Move { node, to: Some([f32::from(x), 0.5]) }),
        (some, setting).prop_map(|(node, (key, value))| Edit::Set { node, key: key.into(), value: value.into() }),
        "[a-z]{0,4}".prop_map(Edit::SetTitle),
    ]
}

proptest! {
    #[test]
    fn any_edits_are_saved_and_undone_give_the_first_text_byte_for_byte(
        which in 0usize..6,
        edits in proptest::collection::vec(edit(), 1..12),
        windows in any::<bool>(),
    ) {
        let text = builtin::all()[which].text.replace('\n', if windows { "\r\n" } else { "\n" });
        let document = read(&text).unwrap();
        let mut preset = document.preset().clone();
        let mut history = History::default();
        for edit in edits {
            // An edit that cannot be done changes nothing.
            let _ = history.apply(&mut preset, Step::new("edit", vec![edit]));
        }
        let changed = document.text(&preset);
        let again = read(&changed).unwrap();
        prop_assert_eq!(again.preset(), &preset, "{}", changed);
        while history.undo(&mut preset).is_some() {}
        prop_assert_eq!(document.text(&preset), text);
    }
}
