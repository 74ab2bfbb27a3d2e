//! The same application in one service or spread over several, by moving module names only.

use brownout::topology::{Act, Preset, builtin, format};

use crate::support::live::{Live, is_ready, set};

/// `shared-session-store` with its orders and payments in services of their own. What the modules do stays as it is.
fn spread(optional: bool) -> Preset {
    let node = |id: &str, module: &str| {
        format!(
            "[[node]]\nid = \"{id}\"\nrole = \"service\"\nmodules = [\"{module}\"]\nsessions = \"store\"\n\
             restart = \"never\"\n\n"
        )
    };
    let link = |from: &str, to: &str| format!("[[link]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
    let text = builtin::by_name("shared-session-store").unwrap().text;
    let (drawing, _) = text.split_once("[[scenario]]").unwrap();
    let mut text = drawing.replace(r#"["accounts", "cart", "orders", "payments"]"#, r#"["accounts", "cart"]"#);
    if optional {
        text = text.replace(r#"timeout = "300ms" }"#, r#"timeout = "300ms", optional = true }"#);
    }
    text += &(node("desk", "orders") + &node("till", "payments"));
    for (from, to) in [("gate", "desk"), ("desk", "sessions"), ("desk", "till"), ("till", "sessions")] {
        text += &link(from, to);
    }
    let mut preset = format::read(&text).unwrap().into_preset();
    set(&mut preset, "shoppers.think", "200ms");
    preset
}

#[test]
fn modules_in_other_services_are_called_over_http_and_the_books_balance() {
    let run = Live::start(spread(false), false, false);
    run.until_all_logged_in();
    run.until("checkouts were made", |snapshot| {
        let (_, checkout) = snapshot.operations.iter().find(|(name, _)| name == "orders.checkout")?;
        (checkout.ok > 30).then_some(())
    });
    let report = run.stop();
    let requests = &report.requests;
    assert_eq!((requests.failed, requests.timed_out, requests.in_flight), (0, 0, 0), "{requests:#?}");
    assert_eq!(requests.issued, requests.ok);
    assert_eq!(report.sessions.lost, 0);
    assert!(report.reasons.iter().all(|reason| !reason.contains("balance")), "{:?}", report.reasons);
    let link = |id: &str| report.links.iter().find(|link| link.link == id).unwrap();
    let checkouts = report.operations.iter().find(|operation| operation.name == "orders.checkout").unwrap();
    for id in ["gate->desk", "desk->till"] {
        assert_eq!((link(id).sent, link(id).received), (checkouts.issued, checkouts.issued), "{id}");
    }
}

#[test]
fn without_an_optional_service_answers_are_degraded_and_none_fails() {
    let run = Live::start(spread(true), false, false);
    run.until_all_logged_in();
    run.act(Act::Kill, "till.1");
    run.until_slot("till.1", |slot| !is_ready(slot));
    run.until("answers are degraded", |snapshot| (snapshot.total.degraded > 10).then_some(()));
    let report = run.stop();
    let requests = &report.requests;
    assert!(requests.degraded > 10 && requests.degraded < requests.ok, "{requests:#?}");
    assert_eq!((requests.failed, requests.timed_out, requests.in_flight), (0, 0, 0), "{requests:#?}");
    assert_eq!((report.sessions.lost, report.sessions.duplicated), (0, 0), "{:#?}", report.sessions);
}
