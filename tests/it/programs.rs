//! Programs in other languages as nodes, run for real: what they are told, what stands in front of them and behind them,
//! how they begin and end, and that nothing of them starts before somebody has allowed it.

use std::path::Path;
use std::time::{Duration, Instant};

use brownout::control::{Command, Home, Plan};
use brownout::runtime::Options;
use brownout::telemetry::{Span, SpanKind};
use brownout::topology::{Act, Preset, format};
use serde_json::Value;

use crate::support::live::{Live, is_ready};
use crate::support::program::{BROWNOUT, all_holds, brownout, printed};

/// A shop whose accounts are a program, which asks the shop's clock service in turn.
const DRAWING: &str = r#"
    format = 1
    [run]
    duration = "4s"
    [[module]]
    name = "accounts"
    operation = [{ name = "whoami", steps = [] }]
    [[module]]
    name = "clock"
    operation = [{ name = "now", steps = [{ wait = "1ms" }] }]
    [[node]]
    id = "people"
    role = "users"
    users = 5
    think = "100ms"
    journey = ["accounts.whoami"]
    [[node]]
    id = "gate"
    role = "gateway"
    [[node]]
    id = "accounts"
    role = "program"
    command = ["python3", "accounts.py", "--port={port}"]
    modules = ["accounts"]
    ready = "/health"
    restart = "now"
    [[node]]
    id = "clock"
    role = "service"
    modules = ["clock"]
    [[link]]
    from = "people"
    to = "gate"
    [[link]]
    from = "gate"
    to = "accounts"
    [[link]]
    from = "accounts"
    to = "clock"
"#;

/// Answers by asking the clock, and reports its spans. Starts a child in a session of its own, which would outlive it.
const PROGRAM: &str = r#"
import json, os, subprocess, sys, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
assert sys.argv[1] == "--port=" + os.environ["PORT"]
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
open(os.path.join(os.environ["DATA_DIR"], "child"), "w").write(str(child.pid))
print("the child is", child.pid)

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        status, body, began = 200, b"{}", time.time_ns()
        if self.path == "/accounts/whoami":
            _, trace, parent, flags = self.headers["traceparent"].split("-")
            span = os.urandom(8).hex()
            to = os.environ["CLOCK_URL"] + "/clock/now"
            request = urllib.request.Request(to, headers={"traceparent": f"00-{trace}-{span}-{flags}"})
            body = urllib.request.urlopen(request, timeout=2).read()
            if flags == "01":
                self.report(trace, span, parent, began)
        elif self.path != "/health":
            status = 404
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def report(self, trace, span, parent, began):
        name = {"key": "service.name", "value": {"stringValue": "whatever"}}
        sent = {"traceId": trace, "spanId": span, "parentSpanId": parent, "name": "whoami", "kind": 2,
                "startTimeUnixNano": str(began), "endTimeUnixNano": str(time.time_ns())}
        spans = {"resourceSpans": [{"resource": {"attributes": [name]}, "scopeSpans": [{"spans": [sent]}]}]}
        to = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
        request = urllib.request.Request(to, json.dumps(spans).encode(), {"content-type": "application/json"})
        urllib.request.urlopen(request, timeout=2).close()

    def log_message(self, *_):
        pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

fn drawing() -> Preset {
    format::read(DRAWING).unwrap().into_preset()
}

fn start(folder: &Path, preset: Preset) -> Live {
    std::fs::write(folder.join("accounts.py"), PROGRAM).unwrap();
    let home = Home::Folder(folder.to_owned());
    Live::start_plan(Options::new(BROWNOUT.into()), Plan { preset, home, ..Plan::default() })
}

/// Waits for a span of this kind that a life of this node reports.
fn span(live: &Live, node: &str, kind: SpanKind) -> Span {
    live.until("there is such a span", |_| {
        live.take_spans().into_iter().find(|span| span.life.node().as_str() == node && span.kind == kind)
    })
}

fn is_alive(pid: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
    status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}

fn until_gone(pid: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while is_alive(pid) {
        assert!(Instant::now() < deadline, "{pid} is left");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The process that the program started, as its log says.
fn child(live: &Live) -> String {
    live.until("the program has written its line", |snapshot| {
        let lines = snapshot.outputs.iter().flat_map(|output| output.lines.iter());
        let mut children = lines.filter_map(|line| Some(line.text.strip_prefix("the child is ")?.to_owned()));
        children.next_back()
    })
}

#[test]
fn a_request_goes_through_a_program_and_on_over_its_links() {
    let folder = tempfile::tempdir().unwrap();
    let live = start(folder.path(), drawing());
    live.until_running();
    let served = span(&live, "accounts", SpanKind::Server);
    assert_eq!(served.life.to_string(), "accounts.1#1", "whatever it calls itself");
    let asked = span(&live, "accounts", SpanKind::Client);
    assert_eq!((asked.to.unwrap().as_str(), asked.peer.unwrap().to_string()), ("clock", "clock.1#1".to_owned()));
    assert_eq!(asked.name, "clock.now");
    let report = live.stop();
    assert_eq!(report.requests.issued, report.requests.ok, "{:?}", report.requests);
    for link in ["gate->accounts", "accounts->clock"] {
        let books = report.links.iter().find(|books| books.link == link).unwrap();
        assert!(books.sent > 5 && books.sent == books.received, "{books:?}");
    }
}

#[test]
fn what_a_program_started_goes_with_it_and_the_next_life_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let live = start(folder.path(), drawing());
    live.until_running();
    let first = child(&live);
    assert!(is_alive(&first));
    live.act(Act::Kill, "accounts.1");
    live.until_slot("accounts.1", |slot| slot.life.life == 2 && is_ready(slot));
    until_gone(&first);
    drop(live);
}

#[test]
fn a_terminated_program_finishes_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut preset = drawing();
    crate::support::live::set(&mut preset, "accounts.replicas", "2");
    let live = start(folder.path(), preset);
    live.until_running();
    span(&live, "accounts", SpanKind::Server);
    live.act(Act::Terminate, "accounts.2");
    live.until_slot("accounts.2", |slot| slot.life.life == 2 && is_ready(slot));
    let report = live.stop();
    assert_eq!(report.requests.issued, report.requests.ok, "{:?}", report.requests);
}

#[test]
fn a_missing_program_is_named_with_what_to_install() {
    let mut preset = drawing();
    let program = DRAWING.replace("\"python3\", \"accounts.py\"", "\"no-such-program\", \"x\"");
    let program = program.replace("ready = \"/health\"", "ready = \"/health\"\n    install = \"apt install nothing\"");
    preset.topology = format::read(&program).unwrap().into_preset().topology;
    let folder = tempfile::tempdir().unwrap();
    let live = start(folder.path(), preset);
    live.until("it is said what is missing", |snapshot| {
        let said = |text: &str| text.contains("no-such-program") && text.contains("install it: apt install nothing");
        (snapshot.log.iter().any(|line| said(&line.text)) || snapshot.trouble.as_deref().is_some_and(said))
            .then_some(())
    });
    live.command(Command::Abort);
}

#[test]
fn nothing_starts_without_consent_and_check_needs_none() {
    let folder = tempfile::tempdir().unwrap();
    let (mark, file) = (folder.path().join("started"), folder.path().join("p.toml"));
    let command = format!("command = [\"touch\", \"{}\", \"two words\"]", mark.display());
    let text = DRAWING.replace(r#"command = ["python3", "accounts.py", "--port={port}"]"#, &command);
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let output = brownout(&["run", file]);
    let said = printed(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("accounts: touch") && said.contains("\"two words\"") && said.contains("--allow-programs"));
    assert!(brownout(&["check", file]).status.success());
    assert!(!mark.exists());
}

#[test]
fn polyglot_runs_from_end_to_end() {
    let report = all_holds("polyglot", &["--allow-programs"]);
    let link = |name: &str| {
        let links = report["links"].as_array().unwrap();
        links.iter().find(|link| link["link"] == name).and_then(|link| link["sent"].as_u64()).unwrap_or(0)
    };
    for name in ["shop->accounts", "gate->accounts", "accounts->accounts-db", "shop->analytics", "analytics->metrics"] {
        assert!(link(name) > 10, "{name}: {}", link(name));
    }
    assert_eq!(report.pointer("/sessions/lost").and_then(Value::as_u64), Some(0));
}
