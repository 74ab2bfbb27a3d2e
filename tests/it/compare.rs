//! `brownout compare` by the built program. The whole of `compare monolith microservices` takes minutes:
//! `tests/five-compares` runs it five times and looks whether its figures point the same way.

use serde_json::Value;

use crate::support::program::{brownout, printed};

fn figure<'a>(comparison: &'a Value, name: &str) -> &'a Value {
    let rows = comparison["rows"].as_array().unwrap();
    let mut figures = rows.iter().flat_map(|row| row["figures"].as_array().unwrap());
    figures.find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("{name} in {comparison:#}"))
}

#[test]
fn two_small_systems_are_measured_and_what_they_do_not_have_is_left_out_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.json");
    let output = brownout(&["compare", "one-server", "shared-session-store", "--report", path.to_str().unwrap()]);
    let text = printed(&output);
    // Nobody hosts video there, so not all rows can be measured.
    assert_eq!(output.status.code(), Some(3), "{text}");
    let comparison: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!((&comparison["a"], &comparison["b"]), (&"one-server".into(), &"shared-session-store".into()));
    let hops = figure(&comparison, "hops of a checkout");
    let (direct, by_gateway) = (hops["a"].as_f64().unwrap(), hops["b"].as_f64().unwrap());
    assert!((direct - 1.0).abs() < 0.05 && (by_gateway - 2.0).abs() < 0.05, "{hops:#}");
    assert_eq!(hops["better"], "a");
    let median = figure(&comparison, "p50 of a checkout");
    assert!(median["a"].as_f64().unwrap() >= 20.0 && median["proxy"] == false, "payment alone takes 20 ms: {median:#}");
    assert_eq!(figure(&comparison, "links to draw")["b"], 3.0);
    let bytes = figure(&comparison, "serialised bytes of a checkout");
    assert!(bytes["a"] == 0.0 && bytes["b"].as_f64().unwrap() > 200.0, "users ask the one server itself: {bytes:#}");
    let stacks = comparison["stacks"].as_array().unwrap();
    assert_eq!(stacks[0]["languages"], serde_json::json!(["Rust"]));
    assert!(stacks[1]["why_not_run"].is_null(), "{stacks:#?}");
    let polyglot = stacks[2]["why_not_run"].as_str().unwrap();
    assert!(polyglot.contains("--allow-programs"), "nobody allowed its programs: {polyglot}");
    let left_out = comparison["left_out"].as_array().unwrap();
    let memory = left_out.iter().find(|it| it["name"] == "extra memory for 4 × video");
    assert!(memory.unwrap()["why"].as_str().unwrap().contains("nobody hosts a module video"), "{comparison:#}");
    assert!(text.contains("hops of a checkout") && text.contains("How it was measured"), "{text}");
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_runs() {
    for (arguments, words) in [
        (&["compare", "one-server"][..], "there is one system only"),
        (&["compare", "one-server", "sticky-sesions"], "did you mean sticky-sessions?"),
        (&["compare", "one-server", "--set-b", "shop.replicas=many"], "is not a whole number"),
        (&["compare", "one-server", "sticky-sessions", "--report", "c.pdf"], "must end in .json or .html"),
    ] {
        let output = brownout(arguments);
        let text = printed(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(words), "{words} in {text}");
    }
}
