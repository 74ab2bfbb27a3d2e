//! What the window opens although something in it is wrong: the rest is read, edited and saved, and what was wrong stays.

use brownout::topology::format::read_lenient;
use brownout::topology::{Gateway, Node, Role, builtin};

#[test]
fn with_any_one_value_spoiled_a_preset_opens_and_an_edit_is_saved_beside_it() {
    let mut opened = 0;
    for name in ["sticky-sessions", "shared-session-store"] {
        let sound = builtin::by_name(name).unwrap().text;
        for (at, line) in sound.lines().enumerate() {
            let Some((key, _)) = line.split_once(" = ") else { continue };
            for value in ["\"???\"", "[]", "{}", "-1", "[[3]]"] {
                let lines: Vec<String> = sound.lines().map(str::to_owned).collect();
                let spoiled = format!("{key} = {value}");
                let text = [&lines[..at], std::slice::from_ref(&spoiled), &lines[at + 1..]].concat().join("\n");
                // A list over several lines is no TOML without its first line, and a file says which format it has.
                let Ok(document) = read_lenient(&text) else { continue };
                opened += 1;
                let mut preset = document.preset().clone();
                let node = Node { id: "added".parse().unwrap(), role: Role::Gateway(Gateway::default()) };
                preset.topology.add_node(node).unwrap();
                let saved = document.text(&preset);
                let again = read_lenient(&saved).unwrap_or_else(|problems| panic!("{problems:?}\n{saved}"));
                assert_eq!(*again.preset(), preset, "{name}, line {}: {spoiled}\n{saved}", at + 1);
                assert!(saved.contains(&spoiled), "{name}, line {}: {spoiled}\n{saved}", at + 1);
            }
        }
    }
    assert!(opened > 600, "only {opened} opened");
}
