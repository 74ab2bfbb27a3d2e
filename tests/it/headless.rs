//! Every built-in preset from start to report by the built program, as people and CI run them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::program::{brownout, printed, run_preset};

fn count(report: &Value, path: &str) -> u64 {
    report.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} in {report:#}"))
}

fn ids(census: &Value, key: &str) -> BTreeSet<String> {
    census[key].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn assert_books_balance(report: &Value) {
    let mut parts = vec![report["requests"].clone()];
    parts.extend(report["operations"].as_array().unwrap().iter().cloned());
    for books in parts {
        let ends: u64 = ["ok", "failed", "timed_out", "in_flight"].iter().map(|key| books[key].as_u64().unwrap()).sum();
        assert_eq!(books["issued"].as_u64().unwrap(), ends, "{books:#}");
    }
    let of_operations: u64 =
        report["operations"].as_array().unwrap().iter().map(|operation| operation["issued"].as_u64().unwrap()).sum();
    assert_eq!(count(report, "/requests/issued"), of_operations);
}

#[test]
fn sticky_sessions_loses_exactly_what_the_killed_replica_held() {
    let (code, report, printed) = run_preset("sticky-sessions", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    let lost = count(&report, "/sessions/lost");
    assert_eq!(lost, count(&report, "/sessions/held_by_killed"));
    let share = lost as f64 / count(&report, "/sessions/open_at_first_kill") as f64;
    assert!((0.28..=0.39).contains(&share), "{share}");
    assert_eq!((count(&report, "/sessions/recovered"), count(&report, "/sessions/unverified")), (0, 0));
    let census = &report["sessions"]["census"][0];
    assert_eq!(ids(census, "held"), ids(census, "lost"));
    assert_eq!(ids(census, "held").len() as u64, lost);
}

#[test]
fn scattered_sessions_loses_with_nothing_broken() {
    let (code, report, printed) = run_preset("scattered-sessions", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(report["faults"].as_array().unwrap().len(), 0);
    assert_eq!(count(&report, "/sessions/lost_by_cause/misrouted"), count(&report, "/sessions/lost"));
}

#[test]
fn a_shared_store_survives_the_same_kill() {
    let (code, report, printed) = run_preset("shared-session-store", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(report["faults"][0]["kind"], "kill");
    assert_eq!(count(&report, "/sessions/lost"), 0);
    assert_eq!(count(&report, "/requests/failed_idempotent"), 0);
}

#[test]
fn without_its_store_the_same_preset_loses_again_and_says_so_by_its_exit_code() {
    let (code, report, printed) = run_preset("shared-session-store", &["--set", "shop.sessions=memory"]);
    assert_eq!(code, 1, "{printed}");
    assert_eq!(report["verdict"], "fails");
    assert!(count(&report, "/sessions/lost") > 0);
}

#[test]
fn one_server_loses_everybody() {
    let (code, report, printed) = run_preset("one-server", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(count(&report, "/sessions/users_hurt"), count(&report, "/sessions/users"));
}

#[test]
fn signed_tokens_keep_everybody_logged_in_when_the_store_is_lost() {
    let (code, report, printed) = run_preset("signed-tokens", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(count(&report, "/sessions/logged_out"), 0);
    assert!(count(&report, "/sessions/cart_lost") > 0);
}

#[test]
fn users_tied_to_a_dead_replica_wait_for_it() {
    let (code, report, printed) = run_preset("sticky-to-the-dead", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert!(count(&report, "/requests/failed") > 0);
}

#[test]
fn a_long_form_loses_the_pages_filled_in_so_far() {
    let (code, report, printed) = run_preset("long-form", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    let census = &report["sessions"]["census"][0];
    assert_eq!(ids(census, "held"), ids(census, "lost"));
    assert!(count(&report, "/sessions/items_lost") > count(&report, "/sessions/lost"), "{printed}");
}

#[test]
fn pages_that_travel_with_the_user_survive_and_the_lesson_says_that_it_was_not_shown() {
    let (code, report, printed) = run_preset("long-form", &["--set", "office.sessions=token"]);
    assert_eq!(code, 1, "{printed}");
    assert_eq!((count(&report, "/sessions/lost"), count(&report, "/sessions/items_lost")), (0, 0));
}

#[test]
fn a_good_deploy_logs_everybody_out_and_with_a_store_nobody() {
    let (code, report, printed) = run_preset("deploy-day", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(count(&report, "/sessions/lost_by_cause/deployed"), count(&report, "/sessions/lost"));
    let deploy = &report["deploys"][0];
    assert_eq!((&deploy["outcome"], &deploy["version"]["cart"]), (&"done".into(), &2.into()), "{deploy:#}");

    let (code, report, printed) = run_preset("deploy-day", &["--set", "shop.sessions=store"]);
    assert_eq!(code, 1, "{printed}");
    assert_eq!((count(&report, "/sessions/lost"), count(&report, "/requests/failed")), (0, 0), "{printed}");
    assert_eq!(report["deploys"][0]["outcome"], "done");
}

#[test]
fn a_bad_deploy_of_a_minor_feature_is_a_brownout() {
    let (code, report, printed) = run_preset("bad-deploy", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(report["deploys"][0]["bug"], "crash-on-request 5");
    assert!(report["discovery"]["changes"].as_u64().unwrap() > 0, "{:#}", report["discovery"]);
}

#[test]
fn scaling_in_logs_people_out_once_and_with_a_store_not_again() {
    let (code, report, printed) = run_preset("scale-in-logs-you-out", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(count(&report, "/sessions/lost_by_cause/scaled_in"), count(&report, "/sessions/lost"));
}

#[test]
fn with_a_store_from_the_beginning_scaling_in_hurts_nobody() {
    let (code, report, printed) = run_preset("scale-in-logs-you-out", &["--set", "shop.sessions=store"]);
    assert_eq!(code, 1, "{printed}");
    assert_eq!(count(&report, "/sessions/users_hurt"), 0);
}

/// The measured value of the nth expectation.
fn measured(report: &Value, expectation: usize) -> f64 {
    report["expectations"][expectation]["value"].as_f64().unwrap_or_else(|| panic!("{report:#}"))
}

#[test]
fn a_replica_more_stays_empty_while_everybody_is_tied_to_the_others() {
    let (code, report, printed) = run_preset("scale-out-that-does-not-help", &[]);
    assert_eq!(code, 0, "{printed}");
    assert_books_balance(&report);
    assert_eq!(measured(&report, 1), 0.0, "no request reached shop.4");
    assert!(measured(&report, 4) < measured(&report, 2), "{printed}");
}

#[test]
fn where_nobody_is_tied_a_replica_more_fills_at_once() {
    let free = ["--set", "shop.sessions=store", "--set", "gate.affinity=none"];
    let (code, report, printed) = run_preset("scale-out-that-does-not-help", &free);
    assert_eq!(code, 1, "{printed}");
    assert!(measured(&report, 1) > 0.15, "{printed}");
}

#[test]
fn without_a_display_the_program_says_so_and_runs_headless() {
    let output = brownout(&[]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no display"), "{text}");
    assert!(text.contains("Who was hurt"), "{text}");
}

#[test]
fn every_built_in_preset_is_listed_with_what_it_teaches() {
    let output = brownout(&["presets"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for preset in brownout::topology::builtin::all() {
        assert!(
            text.lines().any(|line| line.starts_with(preset.name) && line.len() > preset.name.len() + 20),
            "{text}"
        );
    }
}

#[test]
fn the_schema_is_json() {
    let output = brownout(&["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(schema["properties"]["node"].is_object(), "{schema:#}");
}
