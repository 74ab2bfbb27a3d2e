//! Preset files: the built-in ones, what is wrong with the invalid ones and where, saving, the schema, the docs, and
//! that no text makes reading panic.

use std::collections::BTreeSet;

use brownout::topology::format::{self, read, read_lenient, text_of, write};
use brownout::topology::metrics::METRICS;
use brownout::topology::schema::schema;
use brownout::topology::{Preset, Severity, builtin, settings};
use proptest::prelude::*;

fn sticky() -> &'static str {
    builtin::by_name("sticky-sessions").unwrap().text
}

fn edited(text: &str, settings: &[(&str, &str)]) -> (String, Preset) {
    let document = read(text).unwrap();
    let mut preset = document.preset().clone();
    for (path, value) in settings {
        settings::set(&mut preset, path, value).unwrap();
    }
    (document.text(&preset), preset)
}

#[test]
fn every_built_in_preset_is_without_problems_and_saved_as_it_is() {
    for preset in builtin::all() {
        let document = read(preset.text).unwrap_or_else(|problems| panic!("{}: {problems:?}", preset.name));
        assert_eq!(document.check(), [], "{}", preset.name);
        assert_eq!(document.text(document.preset()), preset.text, "{}", preset.name);
        let fresh = write(document.preset());
        let again = read(&fresh).unwrap_or_else(|problems| panic!("{}: {problems:?}\n{fresh}", preset.name));
        assert_eq!(again.preset(), document.preset(), "{}\n{fresh}", preset.name);
        let lesson = &document.preset().lesson;
        assert!(!lesson.why.is_empty() && lesson.steps.len() >= 3, "{} teaches", preset.name);
        assert!(document.preset().expect.iter().all(|expectation| !expectation.says.is_empty()), "{}", preset.name);
    }
}

#[test]
fn every_invalid_file_gives_its_problem_at_its_place() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/invalid");
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // The first line says what is expected, up to where it is cut by an ellipsis.
        let expected = text.lines().next().unwrap().trim_start_matches("# ");
        let is_expected = |told: &String| match expected.strip_suffix('…') {
            Some(beginning) => told.starts_with(beginning),
            None => told == expected,
        };
        let problems = read(&text).map_or_else(|problems| problems, |document| document.check());
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        if told.iter().filter(|told| is_expected(told)).count() != 1 {
            wrong.push(format!("{}: {told:#?} is not {expected:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_edit_changes_its_line_and_no_other() {
    let (text, preset) = edited(sticky(), &[("shop.replicas", "5"), ("gate.retries", "3")]);
    assert_eq!(read(&text).unwrap().preset(), &preset);
    let changed: Vec<&str> = text.lines().filter(|line| !sticky().lines().any(|known| known == *line)).collect();
    assert_eq!(changed, ["retries = 3", "replicas = 5"]);
}

#[test]
fn a_file_from_the_future_opens_leniently_and_keeps_what_is_not_known() {
    let text = format!("{}\n[weather]\nrain = true\n", sticky().replace("format = 1", "format = 7"));
    assert!(read(&text).unwrap_err()[0].message.contains("format 7"));
    let document = read_lenient(&text).unwrap();
    assert!(document.problems().iter().all(|problem| problem.severity == Severity::Warning));
    assert!(document.problems().iter().any(|problem| problem.message.contains("weather")));
    let mut preset = document.preset().clone();
    settings::set(&mut preset, "shop.replicas", "4").unwrap();
    let saved = document.text(&preset);
    assert!(saved.contains("[weather]\nrain = true") && saved.contains("replicas = 4") && saved.contains("format = 7"));
}

#[test]
fn what_is_no_preset_gets_one_clear_message() {
    let one = |bytes: &[u8], expected: &str| {
        let problems = text_of(bytes).and_then(read).unwrap_err();
        assert!(problems.len() == 1 && problems[0].message.contains(expected), "{problems:?}");
    };
    one(b"", "the file is empty");
    one(b" \n\n", "the file is empty");
    one(&[0xff, 0xfe, 0x00], "not a text in UTF-8");
    one(&vec![b'x'; 20 << 20], "the file has 20 MiB");
    one(&[0, 1, 2, 3], "not TOML");
    one(format!("format = 1\nx = {}", "[".repeat(500_000)).as_bytes(), "not TOML");
    one(format!("format = 1\n{} = 1", vec!["a"; 200_000].join(".")).as_bytes(), "not TOML");
}

/// The blocks of TOML in a text in Markdown.
fn toml_blocks(text: &str) -> Vec<&str> {
    text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_in_the_docs_is_right() {
    let blocks = toml_blocks(include_str!("../../docs/preset-format.md"));
    let (whole, parts): (Vec<&str>, Vec<&str>) = blocks.into_iter().partition(|block| block.starts_with("format = "));
    assert!(!whole.is_empty() && parts.len() >= 4, "{} whole presets and {} parts", whole.len(), parts.len());
    // A part is meant to be added to the preset of the beginning.
    let added = parts.iter().map(|part| format!("{}\n{part}", whole[0]));
    for text in whole.iter().map(|&text| text.to_owned()).chain(added) {
        let document = read(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        assert_eq!(document.check(), [], "{text}");
    }
}

/// Every name of a property anywhere in the schema.
fn properties(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    if let Some(object) = value.as_object() {
        if let Some(known) = object.get("properties").and_then(serde_json::Value::as_object) {
            found.extend(known.keys().cloned());
        }
        object.values().for_each(|value| properties(value, found));
    }
    for value in value.as_array().into_iter().flatten() {
        properties(value, found);
    }
}

#[test]
fn the_reader_the_schema_and_the_docs_know_the_same_keys() {
    let mut in_schema = BTreeSet::new();
    properties(&schema(), &mut in_schema);
    let read: BTreeSet<String> = format::keys().into_iter().map(str::to_owned).collect();
    assert_eq!(read, in_schema);
    let docs = include_str!("../../docs/preset-format.md");
    for name in read.iter().map(String::as_str).chain(METRICS.iter().map(|metric| metric.name)) {
        assert!(docs.contains(&format!("`{name}`")), "docs/preset-format.md does not name `{name}`");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_text_makes_reading_panic(
        which in 0usize..builtin::all().len(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..40, "[\\[\\]{}=\".a-z0-9\n-]{0,8}"), 1..6)
    ) {
        let mut text = builtin::all()[which].text.to_owned();
        for (index, length, replacement) in cuts {
            let start = text.floor_char_boundary(index.index(text.len()));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, &replacement);
        }
        for document in [read(&text), read_lenient(&text)].into_iter().flatten() {
            let _ = document.check();
            let again = document.text(document.preset());
            prop_assert_eq!(&again, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_saved_is_read_back(
        which in 0usize..builtin::all().len(),
        replicas in 0u32..9,
        think in 1u32..5000,
        remove in any::<prop::sample::Index>(),
        title in "[ -~]{0,20}",
    ) {
        let document = read(builtin::all()[which].text).unwrap();
        let mut preset = document.preset().clone();
        let first = |role: &str| preset.topology.nodes().find(|node| node.role.name() == role).unwrap().id.clone();
        let (service, users) = (first("service"), first("users"));
        settings::set(&mut preset, &format!("{service}.replicas"), &replicas.to_string()).unwrap();
        settings::set(&mut preset, &format!("{users}.think"), &format!("{think}ms")).unwrap();
        preset.title = title;
        let ids: Vec<_> = preset.topology.nodes().map(|node| node.id.clone()).collect();
        let id = &ids[remove.index(ids.len())];
        let (node, links) = preset.topology.remove_node(id).unwrap();
        preset.layout.remove(id);
        for text in [document.text(&preset), write(&preset)] {
            let again = read(&text).unwrap().into_preset();
            prop_assert_eq!(&again, &preset, "{}", text);
        }
        // Back at the end, so that the order is another.
        preset.topology.add_node(node).unwrap();
        links.into_iter().for_each(|link| preset.topology.add_link(link).unwrap());
        for text in [document.text(&preset), write(&preset)] {
            let again = read(&text).unwrap().into_preset();
            prop_assert_eq!(&again, &preset, "{}", text);
        }
    }
}
