//! The graph that both canvases draw: layered, two links for each node, laid out in columns; and a run on it, made of spans.

use std::sync::Arc;

use brownout::control::Snapshot;
use brownout::control::snapshot::{LifeState, LinkState, NodeState, Phase, SlotState};
use brownout::telemetry::{Outcome, Span, SpanId, SpanKind, TraceId};
use brownout::topology::{LifeId, Link, Node, NodeId, Preset, Role, Service, Slot, Topology, Users};

/// The distance between columns and between rows.
pub(crate) const STEP: [f32; 2] = [420.0, 190.0];
/// A request passes so many nodes.
const HOPS: usize = 5;

/// The graph.
pub(crate) struct Graph {
    pub(crate) preset: Preset,
    /// The links, by the places of their ends.
    pub(crate) links: Vec<(usize, usize)>,
    ids: Vec<NodeId>,
    leads: Vec<Vec<usize>>,
    chance: Chance,
    trace: u128,
}

/// Numbers that look random and are the same each time (SplitMix64, Steele and others 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

impl Graph {
    /// A graph of so many nodes, in as many columns as make it about as wide as a screen.
    pub(crate) fn new(nodes: usize) -> Self {
        let rows = (nodes as f64 * f64::from(STEP[0] / STEP[1]) * 9.0 / 16.0).sqrt().ceil() as usize;
        let place = |at: usize| [(at / rows) as f32 * STEP[0], (at % rows) as f32 * STEP[1]];
        let id = |at: usize| format!("n{at}").parse::<NodeId>().expect("a name");
        let ids: Vec<NodeId> = (0..nodes).map(id).collect();
        let role = |at: usize| match at {
            0 => Role::Users(Users { users: 20, ..Users::default() }),
            _ => Role::Service(Service { replicas: 1, ..Service::default() }),
        };
        let list = ids.iter().enumerate().map(|(at, id)| Node { id: id.clone(), role: role(at) }).collect();
        let mut chance = Chance(7);
        let (mut links, mut leads) = (Vec::new(), vec![Vec::new(); nodes]);
        for (from, leads) in leads.iter_mut().enumerate() {
            // To the next column, near the own row; the last column leads back to the first.
            for _ in 0..2 {
                let aside = chance.below(13) + rows - 6;
                let column = from / rows + 1;
                let to = (column * rows + (from % rows + aside) % rows) % nodes;
                if to != 0 && to != from && !leads.contains(&to) {
                    leads.push(to);
                    links.push((from, to));
                }
            }
        }
        let drawn = links.iter().map(|(from, to)| Link { from: ids[*from].clone(), to: ids[*to].clone() }).collect();
        let (topology, _, _) = Topology::new(Vec::new(), list, drawn);
        let layout = ids.iter().enumerate().map(|(at, id)| (id.clone(), place(at))).collect();
        let preset = Preset { title: format!("{nodes} nodes"), topology, layout, ..Preset::default() };
        Self { preset, links, ids, leads, chance, trace: 0 }
    }

    /// Where a node stands.
    pub(crate) fn place(&self, at: usize) -> [f32; 2] {
        self.preset.layout[&self.ids[at]]
    }

    /// The node in the middle of the drawing, and where it stands.
    pub(crate) fn middle(&self) -> (NodeId, [f32; 2]) {
        let rows = self.ids.len() as f64 * f64::from(STEP[0] / STEP[1]) * 9.0 / 16.0;
        let rows = rows.sqrt().ceil() as usize;
        let at = self.ids.len() / rows / 2 * rows + rows / 2;
        (self.ids[at].clone(), self.place(at))
    }

    fn life(&self, at: usize) -> LifeId {
        LifeId { slot: Slot::new(self.ids[at].clone(), 1), life: 1 }
    }

    /// The run at this moment: everything ready, every link busy.
    pub(crate) fn snapshot(&self, now_us: u64) -> Arc<Snapshot> {
        let slot = |at: usize| SlotState {
            slot: Slot::new(self.ids[at].clone(), 1),
            life: self.life(at),
            state: LifeState::Ready,
            pid: Some(1000 + at as u32),
            address: None,
            restarts_us: None,
            cpu: 0.1,
            pss_kib: 700,
            requests: now_us / 1000,
            sessions: 0,
            tables: Default::default(),
        };
        let node = |at: usize| NodeState { id: self.ids[at].clone(), slots: vec![slot(at)] };
        // Rates go up and down from one snapshot to the next, as they do.
        let wave = |at: usize| 1.0 + 0.3 * ((now_us / 100_000) as f32 + at as f32).sin();
        let link = |(at, (from, to)): (usize, &(usize, usize))| LinkState {
            id: Link { from: self.ids[*from].clone(), to: self.ids[*to].clone() }.id(),
            sent: now_us / 1000,
            failed: 0,
            received: now_us / 1000,
            rate: (at % 400) as f32 * wave(at),
            failing: 0.0,
            p95_ms: Some(10.0 + 3.0 * wave(at)),
        };
        Arc::new(Snapshot {
            phase: Phase::Running,
            now_us,
            started_us: Some(0),
            nodes: (0..self.ids.len()).map(node).collect(),
            links: self.links.iter().enumerate().map(link).collect(),
            trace_sample_ratio: 1.0,
            ..Snapshot::default()
        })
    }

    /// The spans of one request from a random node on, over links; one of fifty fails on its last link.
    pub(crate) fn request(&mut self, start_us: u64) -> Vec<Span> {
        self.trace += 1;
        let mut at = self.chance.below(self.ids.len());
        let fails = self.chance.below(50) == 0;
        let mut spans = Vec::with_capacity(2 * HOPS + 1);
        let mut id = 1;
        self.span(&mut spans, (id, None), SpanKind::Request, (at, None), (start_us, 60_000), Outcome::Ok);
        for hop in 0..HOPS {
            let leads = &self.leads[at];
            if leads.is_empty() {
                break;
            }
            let to = leads[self.chance.0 as usize % leads.len()];
            self.chance.below(2);
            let refused = fails && hop + 1 == HOPS;
            let outcome = if refused { Outcome::Failed(brownout::telemetry::Cause::Refused) } else { Outcome::Ok };
            let inner = (start_us + 1_000 * (hop as u64 + 1), 50_000 - 2_000 * hop as u64);
            self.span(&mut spans, (id + 1, Some(id)), SpanKind::Client, (at, Some(to)), inner, outcome);
            if refused {
                break;
            }
            self.span(&mut spans, (id + 2, Some(id + 1)), SpanKind::Server, (to, None), inner, Outcome::Ok);
            id += 2;
            at = to;
        }
        spans
    }

    fn span(
        &self,
        spans: &mut Vec<Span>,
        (id, parent): (u64, Option<u64>),
        kind: SpanKind,
        (at, to): (usize, Option<usize>),
        (start_us, lasts_us): (u64, u64),
        outcome: Outcome,
    ) {
        spans.push(Span {
            trace: TraceId(self.trace),
            id: SpanId(id),
            parent: parent.map(SpanId),
            life: self.life(at),
            kind,
            name: "cart.add".into(),
            to: to.map(|to| self.ids[to].clone()),
            peer: to.map(|to| self.life(to)),
            start_us,
            end_us: start_us + lasts_us,
            outcome,
            status: if outcome.is_ok() { 200 } else { 0 },
            attempt: 1,
            user: None,
        });
    }
}
