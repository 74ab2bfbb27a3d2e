//! Modules taken out of a running service, and put back by undo, while requests go on: none fails, nobody loses a
//! session, and the new process really does the work.

use brownout::control::Snapshot;
use brownout::telemetry::SpanKind;
use brownout::topology::edit::{self, History, Parting};
use brownout::topology::{ModuleName, NodeId, Preset, Sessions, format};

use crate::support::live::{Live, is_ready, set};

/// Seven operations in one service; sessions are in its memory.
fn monolith() -> Preset {
    format::read(include_str!("../../src/topology/edit/module/shop.toml")).unwrap().into_preset()
}

/// A running drawing with its history.
struct Moving {
    run: Live,
    drawing: Preset,
    history: History,
}

impl Moving {
    fn start(preset: Preset) -> Self {
        let run = Live::start(preset.clone(), false, false);
        run.until_all_logged_in();
        Self { run, drawing: preset, history: History::default() }
    }

    fn extract(&mut self, module: &str) -> NodeId {
        let module: ModuleName = module.parse().unwrap();
        let (id, step) = edit::extract(&self.drawing, &module, [700.0, 400.0], Parting::Shared).unwrap();
        self.history.apply(&mut self.drawing, step).unwrap();
        self.run.apply(&self.drawing);
        id
    }

    fn undo(&mut self) {
        self.history.undo(&mut self.drawing).unwrap();
        self.run.apply(&self.drawing);
    }

    /// Waits until the log says so.
    fn until_said(&self, words: &str) {
        let says = |snapshot: &Snapshot| snapshot.log.iter().any(|line| line.text.contains(words)).then_some(());
        self.run.until(words, says);
    }

    /// Waits until so many more requests were answered.
    fn until_served(&self, more: u64) {
        let before = self.run.until("users are served", |snapshot| Some(snapshot.total.ok));
        self.run.until("users go on", |snapshot| (snapshot.total.ok > before + more).then_some(()));
    }

    /// Waits for a request that this node answers for that operation, having come from there.
    fn until_spans(&self, from: &str, to: &str, operation: &str) {
        self.run.take_spans();
        self.run.until("a request takes the new way", |_| {
            let spans = self.run.take_spans();
            let way = |span: &brownout::telemetry::Span| {
                span.kind == SpanKind::Client
                    && span.life.node().as_str() == from
                    && span.to.as_ref().is_some_and(|node| node.as_str() == to)
                    && span.name == operation
            };
            spans.iter().any(way).then_some(())
        });
    }

    fn until_gone(&self, node: &str) {
        self.run.until("its process is gone", |snapshot| {
            snapshot.nodes.iter().all(|known| known.id.as_str() != node).then_some(())
        });
    }

    /// Ends the run: nothing may have failed, and nobody may have lost anything.
    fn end(self) {
        let report = self.run.stop();
        let requests = &report.requests;
        assert_eq!((requests.failed, requests.timed_out, requests.in_flight), (0, 0, 0), "{:#?}", report.operations);
        assert_eq!((requests.degraded, requests.issued), (0, requests.ok), "{requests:#?}");
        assert_eq!((report.sessions.lost, report.sessions.unverified), (0, 0), "{:#?}", report.sessions);
    }
}

#[test]
fn modules_leave_a_running_monolith_and_come_back_and_no_request_fails() {
    let mut moving = Moving::start(monolith());
    for (module, from, operation) in
        [("recommendations", "gate", "recommendations.suggest"), ("payments", "shop", "payments.charge")]
    {
        let id = moving.extract(module);
        let slot = moving.run.until_slot(&format!("{id}.1"), is_ready);
        assert!(slot.pid.is_some());
        moving.until_said(&format!("shop no longer answers for {module}"));
        moving.until_spans(from, module, operation);
        moving.until_served(100);
    }
    for module in ["payments", "recommendations"] {
        moving.undo();
        moving.until_said(&format!("{module} no longer answers for {module}"));
        moving.until_gone(module);
        moving.until_served(100);
    }
    assert_eq!(moving.drawing, monolith());
    moving.end();
}

#[test]
fn a_module_with_sessions_leaves_and_comes_back_and_nobody_is_logged_out() {
    let mut moving = Moving::start(monolith());
    moving.extract("cart");
    let shop = moving.drawing.topology.node(&"shop".parse().unwrap()).and_then(brownout::topology::Node::service);
    assert_eq!(shop.unwrap().sessions, Sessions::Store);
    moving.until_said("shop no longer answers for cart");
    moving.until_served(200);
    moving.undo();
    moving.until_said("cart no longer answers for cart");
    moving.until_gone("cart");
    moving.until_gone("sessions");
    moving.until_served(200);
    assert_eq!(moving.drawing, monolith());
    moving.end();
}

#[test]
fn changing_ones_mind_at_once_is_no_harm_either() {
    let mut preset = monolith();
    set(&mut preset, "shop.replicas", "2");
    set(&mut preset, "gate.affinity", "cookie");
    set(&mut preset, "gate.discovery", "poll 300ms");
    let mut moving = Moving::start(preset.clone());
    for _ in 0..3 {
        moving.extract("cart");
        moving.extract("payments");
        moving.undo();
        moving.until_served(20);
        moving.undo();
    }
    moving.until_gone("cart");
    moving.until_gone("sessions");
    moving.until_served(200);
    assert_eq!(moving.drawing, preset);
    moving.end();
}
