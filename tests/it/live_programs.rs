//! A program takes the place of a running service, and undo puts the service back, while requests go on: none fails,
//! nobody loses a session, and the program really does the work with all that it is linked to.

use std::path::Path;

use brownout::control::{Home, Plan, Snapshot};
use brownout::runtime::Options;
use brownout::telemetry::{Cause, Span, SpanKind};
use brownout::topology::contract::misfit;
use brownout::topology::edit::{self, History};
use brownout::topology::{Link, Node, Preset, Program, Readiness, Role, format};

use crate::support::live::{Live, is_ready};
use crate::support::program::BROWNOUT;

/// Accounts are a service with two replicas, which asks a clock; sessions are in the shop.
const DRAWING: &str = r#"
    format = 1
    [[module]]
    name = "shop"
    operation = [
        { name = "enter", steps = [{ session = "create" }] },
        { name = "look", steps = [{ session = "append" }, { call = "accounts.whoami" }] },
    ]
    [[module]]
    name = "accounts"
    operation = [{ name = "whoami", steps = [{ call = "clock.now" }] }]
    [[module]]
    name = "clock"
    operation = [{ name = "now", steps = [{ wait = "1ms" }] }]
    [[node]]
    id = "people"
    role = "users"
    users = 12
    think = "60ms"
    start = ["shop.enter"]
    journey = ["shop.look", "accounts.whoami"]
    [[node]]
    id = "gate"
    role = "gateway"
    [[node]]
    id = "shop"
    role = "service"
    modules = ["shop"]
    [[node]]
    id = "accounts"
    role = "service"
    modules = ["accounts"]
    replicas = 2
    [[node]]
    id = "clock"
    role = "service"
    modules = ["clock"]
    [[link]]
    from = "people"
    to = "gate"
    [[link]]
    from = "gate"
    to = "shop"
    [[link]]
    from = "gate"
    to = "accounts"
    [[link]]
    from = "shop"
    to = "accounts"
    [[link]]
    from = "accounts"
    to = "clock"
"#;

/// Answers by asking the clock, which it finds only by its environment.
const PROGRAM: &str = r#"
import os, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        status, body = 200, b"{}"
        if self.path == "/accounts/whoami":
            request = urllib.request.Request(os.environ["CLOCK_URL"] + "/clock/now")
            request.add_header("traceparent", self.headers["traceparent"])
            body = urllib.request.urlopen(request, timeout=2).read()
        elif self.path != "/health":
            status = 404
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

class Server(ThreadingHTTPServer):
    request_queue_size = 128

Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

/// A running drawing with its history.
struct Replacing {
    run: Live,
    drawing: Preset,
    history: History,
}

impl Replacing {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, PROGRAM)
    }

    fn start_with(folder: &Path, program: &str) -> Self {
        std::fs::write(folder.join("accounts.py"), program).unwrap();
        let drawing = format::read(DRAWING).unwrap().into_preset();
        let plan = Plan { preset: drawing.clone(), home: Home::Folder(folder.to_owned()), ..Plan::default() };
        let run = Live::start_plan(Options::new(BROWNOUT.into()), plan);
        run.until_all_logged_in();
        Self { run, drawing, history: History::default() }
    }

    /// Draws the program, linked to nothing yet.
    fn draw_program(&mut self, replicas: u32) {
        let command = ["python3", "accounts.py"].map(str::to_owned).to_vec();
        let ready = Readiness::Http("/health".to_owned());
        let program = Program { command, ready, replicas, ..Program::default() };
        let node = Node { id: "python".parse().unwrap(), role: Role::Program(program) };
        self.drawing.topology.add_node(node).unwrap();
        self.run.apply(&self.drawing);
    }

    fn replace(&mut self) {
        let step =
            edit::replace_by_program(&self.drawing, &"accounts".parse().unwrap(), &"python".parse().unwrap()).unwrap();
        self.history.apply(&mut self.drawing, step).unwrap();
        self.run.apply(&self.drawing);
    }

    fn undo(&mut self) {
        self.history.undo(&mut self.drawing).unwrap();
        self.run.apply(&self.drawing);
    }

    fn until_said(&self, words: &str) {
        let says = |snapshot: &Snapshot| snapshot.log.iter().any(|line| line.text.contains(words)).then_some(());
        self.run.until(words, says);
    }

    fn until_served(&self, more: u64) {
        let before = self.run.until("users are served", |snapshot| Some(snapshot.total.ok));
        self.run.until("users go on", |snapshot| (snapshot.total.ok > before + more).then_some(()));
    }

    /// Waits for a request from one node to the other.
    fn until_asked(&self, from: &str, to: &str) {
        self.run.take_spans();
        self.run.until("a request takes the new way", |_| {
            let way = |span: &Span| {
                span.kind == SpanKind::Client
                    && span.life.node().as_str() == from
                    && span.to.as_ref().is_some_and(|node| node.as_str() == to)
            };
            self.run.take_spans().iter().any(way).then_some(())
        });
    }

    /// Ends the run: nothing may have failed, and nobody may have lost anything.
    fn end(self) {
        let report = self.run.stop();
        let requests = &report.requests;
        assert_eq!(
            (requests.failed, requests.timed_out, requests.in_flight, requests.degraded),
            (0, 0, 0, 0),
            "{:#?}\n{:#?}",
            requests.causes,
            report.log
        );
        assert_eq!((report.sessions.lost, report.sessions.unverified), (0, 0), "{:#?}", report.sessions);
    }
}

#[test]
fn a_program_takes_the_place_of_a_service_under_load_and_undo_puts_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut replacing = Replacing::start(folder.path());
    replacing.draw_program(2);
    for slot in ["python.1", "python.2"] {
        replacing.run.until_slot(slot, is_ready);
    }
    replacing.replace();
    // What it was started with does not say where the clock is.
    for slot in ["python.1", "python.2"] {
        replacing.run.until_slot(slot, |found| found.life.life == 2 && is_ready(found));
    }
    replacing.until_said("accounts no longer answers for accounts");
    replacing.run.until("the service is gone", |snapshot| {
        snapshot.nodes.iter().all(|node| node.id.as_str() != "accounts").then_some(())
    });
    replacing.until_asked("gate", "python");
    replacing.until_asked("shop", "python");
    replacing.until_served(150);
    replacing.undo();
    replacing.until_said("python no longer answers for accounts");
    replacing.run.until_slot("accounts.2", is_ready);
    replacing.until_asked("shop", "accounts");
    replacing.until_served(150);
    replacing.end();
}

#[test]
fn a_link_drawn_from_a_program_at_work_is_known_to_it_without_a_failed_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut replacing = Replacing::start(folder.path());
    replacing.draw_program(1);
    replacing.run.until_slot("python.1", is_ready);
    replacing.replace();
    replacing.run.until_slot("python.1", |found| found.life.life == 2 && is_ready(found));
    replacing.until_said("accounts no longer answers for accounts");
    let link = Link { from: "python".parse().unwrap(), to: "shop".parse().unwrap() };
    replacing.drawing.topology.add_link(link).unwrap();
    replacing.run.apply(&replacing.drawing);
    replacing.run.until_slot("python.1", |found| found.life.life == 3 && is_ready(found));
    replacing.until_served(100);
    replacing.end();
}

#[test]
fn changing_ones_mind_before_the_program_is_up_is_no_harm_either() {
    let folder = tempfile::tempdir().unwrap();
    let mut replacing = Replacing::start(folder.path());
    replacing.draw_program(2);
    for _ in 0..3 {
        replacing.replace();
        replacing.until_served(10);
        replacing.undo();
        replacing.until_served(10);
    }
    replacing.replace();
    replacing.until_said("accounts no longer answers for accounts");
    replacing.until_asked("gate", "python");
    replacing.until_served(100);
    replacing.undo();
    replacing.run.until_slot("accounts.2", is_ready);
    replacing.until_served(100);
    replacing.end();
}

#[test]
fn a_program_that_does_not_keep_the_contract_gives_its_own_error_until_that_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    // It has another name for the operation, and says so in the drawing.
    let mut replacing = Replacing::start_with(folder.path(), &PROGRAM.replace("/accounts/whoami", "/accounts/me"));
    replacing.draw_program(1);
    let python = "python".parse().unwrap();
    let Some(Role::Program(program)) = replacing.drawing.topology.role_mut(&python) else { panic!("a program") };
    program.operations = vec!["accounts.me".parse().unwrap()];
    replacing.replace();
    let plug = misfit(&replacing.drawing.topology, &"gate->python".parse().unwrap()).unwrap();
    assert!(plug.contains("it does not know accounts.whoami"), "{plug}");
    replacing.run.until("callers get the program's own answer", |snapshot| {
        let causes = &snapshot.total.failed;
        (causes.contains_key(&Cause::NoRoute) && causes.contains_key(&Cause::CallFailed)).then_some(())
    });
    replacing.undo();
    replacing.until_said("python no longer answers for accounts");
    // What the program had taken before may be answered a little later on a busy machine.
    replacing.until_served(100);
    let before = replacing.run.until("it is counted", |snapshot| Some(snapshot.total.failed.clone()));
    replacing.until_served(150);
    let report = replacing.run.stop();
    assert_eq!((&report.requests.causes, report.requests.timed_out), (&before, 0), "{:#?}", report.log);
    assert_eq!(report.sessions.lost, 0);
}
