//! The report of a run, from final totals and both ledgers, and its verdict.

use std::collections::{BTreeMap, BTreeSet};

use crate::telemetry::books::SESSION_CHECK;
use crate::telemetry::report::{
    CallReport, Census, DeployReport, DiscoveryReport, FORMAT, FaultReport, Fidelity, LatencyMs, LinkReport, LoadModel,
    LoadReport, LogLine, NodeReport, OperationReport, ReplicaReport, Report, Requests, SessionReport, StartReport,
    TelemetryReport, Verdict,
};
use crate::telemetry::{ArrivalBooks, CallBooks, Latency, OperationBooks, SessionId};
use crate::topology::{Address, LifeId, LinkId, NodeId};

use super::cluster::Cluster;
use super::judgement::{Judgement, judge};
use super::lives::{Life, Program, Readiness};
use super::metrics::ok_ratio;
use super::overview::sample_ratio;
use super::snapshot::{Death, DeployOutcome, DeployState};

/// The latest that requests may be sent, at the 99th percentile, for the load to count as what was asked for.
const LATE_MS: f64 = 5.0;
/// With fewer figures of a process, nothing is said about a saturated core.
const MIN_FIGURES: u32 = 5;

impl Cluster {
    /// The report, from what is known now.
    pub(super) fn make_report(&self) -> Report {
        let judgement = judge(&self.census, &self.lives);
        let total = self.books.total();
        let expectations = self.expectation_reports(&judgement, &total);
        let fidelity = self.fidelity();
        let (links, mut doubts) = self.link_reports();
        doubts.extend(self.doubts(&fidelity, &total));
        let failing = expectations.iter().filter(|expectation| !expectation.holds);
        let unmet: Vec<String> = failing.map(|expectation| format!("does not hold: {}", expectation.says)).collect();
        let verdict = match (doubts.is_empty(), unmet.is_empty()) {
            (false, _) => Verdict::Inconclusive,
            (true, true) => Verdict::Holds,
            (true, false) => Verdict::Fails,
        };
        Report {
            format: FORMAT,
            preset: self.plan.name.clone(),
            title: self.plan.preset.title.clone(),
            seed: self.plan.preset.run.seed,
            duration_s: self.ended_us.map_or(0.0, |ended_us| self.at_s(ended_us)),
            verdict,
            reasons: if doubts.is_empty() { unmet } else { doubts },
            start: self.start_report(),
            requests: requests(&total),
            latency_ms: latency_ms(&total.latency),
            load: self.load_report(&total),
            sessions: self.session_report(&judgement),
            operations: self.books.operations().into_iter().map(|(name, books)| operation(name, &books)).collect(),
            nodes: self.node_reports(),
            links,
            calls: self.call_reports(),
            faults: self.fault_reports(&judgement),
            deploys: self.deploys.list().iter().map(|deploy| self.deploy_report(deploy)).collect(),
            discovery: self.discovery_report(),
            expectations,
            audits: self.audit_reports(),
            telemetry: TelemetryReport {
                spans_received: self.spans_received,
                spans_dropped: self.books.lives().map(|(_, totals)| totals.spans_dropped).sum(),
                traces_incomplete: self.wishes.not_granted(),
                trace_sample_ratio: sample_ratio(self.books.lives().map(|(_, totals)| totals)),
            },
            visitors: self.visitors_report(),
            fidelity,
            log: self.log.lines().iter().map(|e| LogLine { at_s: self.at_s(e.at_us), text: e.text.clone() }).collect(),
        }
    }

    /// Seconds since t = 0; negative before.
    fn at_s(&self, at_us: u64) -> f64 {
        let started_us = self.started_us.unwrap_or(self.begun_us);
        (at_us as f64 - started_us as f64) / 1e6
    }

    fn start_report(&self) -> StartReport {
        let after_ms = |at_us: Option<u64>| Some(at_us?.saturating_sub(self.begun_us) as f64 / 1e3);
        StartReport { ready_after_ms: after_ms(self.started_us), served_after_ms: after_ms(self.served_us) }
    }

    fn load_report(&self, total: &OperationBooks) -> LoadReport {
        let ArrivalBooks { scheduled, waited, unsent } = self.books.arrivals();
        let begun = scheduled.saturating_sub(unsent);
        let by_users = total.issued.saturating_sub(self.books.operation(SESSION_CHECK).issued);
        let model = match (scheduled, by_users > begun) {
            (0, _) => LoadModel::Closed,
            (_, false) => LoadModel::Open,
            (_, true) => LoadModel::Both,
        };
        LoadReport { model, arrivals: scheduled, waited, unsent }
    }

    fn fidelity(&self) -> Fidelity {
        let mut lateness = Latency::default();
        self.books.lives().for_each(|(_, totals)| lateness.add(&totals.lateness));
        Fidelity {
            generator_late_p99_ms: lateness.quantile_us(0.99).map_or(0.0, |us| us as f64 / 1e3),
            saturated: self.lives.iter().any(|life| life.figures >= MIN_FIGURES && life.figures == life.busy_figures),
        }
    }

    /// What makes the run neither a yes nor a no.
    fn doubts(&self, fidelity: &Fidelity, total: &OperationBooks) -> Vec<String> {
        let mut doubts = Vec::new();
        if fidelity.generator_late_p99_ms > LATE_MS {
            let late_ms = fidelity.generator_late_p99_ms;
            doubts.push(format!(
                "requests were sent late: {late_ms:.1} ms at the 99th percentile, at most {LATE_MS} are fair"
            ));
        }
        for life in self.lives.iter().filter(|life| life.figures >= MIN_FIGURES && life.figures == life.busy_figures) {
            doubts.push(format!("{} used a whole core all the time", life.id.slot));
        }
        let ended = total.ok + total.failed_total() + total.timed_out;
        if ended > total.issued {
            doubts.push(format!("{ended} requests ended but only {} were begun", total.issued));
        }
        let users = self.lives.alive().filter(|life| life.program == Program::Users);
        for life in users.filter(|life| life.readiness != Readiness::NotYet && !life.settled) {
            doubts.push(format!("{} did not settle: what its users saw last is not known", life.id.slot));
        }
        for step in self.scenario.left() {
            doubts.push(format!("the run ended before {} {} at {}", step.act.name(), step.on, step.at));
        }
        // Who lived to say that it settled has said before that all that its socket had not taken at once.
        for life in self.lives.iter().filter(|life| life.census_incomplete && !(life.is_alive() && life.settled)) {
            doubts.push(format!("the ledger of {} has a hole", life.id));
        }
        doubts
    }

    /// The links' attempts, and each link whose books do not balance.
    fn link_reports(&self) -> (Vec<LinkReport>, Vec<String>) {
        let mut doubts = Vec::new();
        let mut links: Vec<LinkId> = self.topology.links().map(|link| link.id()).collect();
        // What went over a link that was taken out still happened.
        links.extend(self.books.links_sent().into_iter().filter(|link| !links.contains(link)).collect::<Vec<_>>());
        let reports = links.into_iter().map(|link| {
            let (sent, received) = self.books.link(&link);
            // A cache speaks RESP, a database the PostgreSQL protocol: what reaches them carries no tag and is not counted.
            let is_store = |life: &Life| {
                *life.id.node() == link.to && matches!(life.program, Program::Cache(_) | Program::Database(_))
            };
            let counts = !self.lives.iter().any(is_store);
            let (difference, unaccounted) = if counts { self.balance(&link) } else { (0, 0) };
            if difference > 0 {
                doubts.push(format!("the books of {link} do not balance: {difference} attempts apart"));
            }
            LinkReport {
                link: link.to_string(),
                sent: sent.sent,
                failed: sent.failed,
                received,
                unaccounted,
                latency_ms: latency_ms(&self.books.link_latency(&link)),
            }
        });
        let reports = reports.collect();
        (reports, doubts)
    }

    fn call_reports(&self) -> Vec<CallReport> {
        let report = |((operation, link), books): ((String, LinkId), CallBooks)| CallReport {
            operation,
            link: link.to_string(),
            answered: books.answered,
            request_bytes: books.request_bytes,
            answer_bytes: books.answer_bytes,
        };
        self.books.calls().into_iter().map(report).collect()
    }

    /// For one link: by how many attempts lives that lived and settled at both ends disagree, and how many were sent
    /// to, or by, others and are not known to have arrived.
    fn balance(&self, link: &LinkId) -> (u64, u64) {
        let service = self.topology.node(&link.to).and_then(|node| node.service());
        let is_stable = service.is_some_and(|service| service.address == Address::Stable);
        // What was meant for a life reaches the next one where that listens at the same port, so only the slot counts.
        let counted = |life: &LifeId| LifeId { life: if is_stable { 1 } else { life.life }, ..life.clone() };
        let mut pairs: BTreeMap<(LifeId, LifeId), (u64, u64)> = BTreeMap::new();
        for (life, totals) in self.books.lives() {
            if *life.node() == link.from {
                for ((to, peer), books) in &totals.sent {
                    if let Some(peer) = peer.as_ref().filter(|_| *to == link.to) {
                        pairs.entry((life.clone(), counted(peer))).or_default().0 += books.sent;
                    }
                }
            }
            if *life.node() == link.to {
                for (from, count) in totals.received.iter().filter(|(from, _)| *from.node() == link.from) {
                    pairs.entry((from.clone(), counted(life))).or_default().1 += count;
                }
            }
        }
        let has_settled = |id: &LifeId| self.lives.get(id).is_some_and(|life| life.is_alive() && life.settled);
        pairs.iter().fold((0, 0), |(apart, unaccounted), ((from, to), &(sent, received))| {
            if has_settled(from) && has_settled(to) {
                (apart + sent.abs_diff(received), unaccounted)
            } else {
                (apart, unaccounted + sent.saturating_sub(received))
            }
        })
    }

    fn session_report(&self, judgement: &Judgement) -> SessionReport {
        let sums = self.census.sums;
        SessionReport {
            started: sums.started,
            open: self.census.open().len() as u64,
            lost: sums.lost(),
            logged_out: sums.logged_out,
            cart_lost: sums.carts_lost,
            duplicated: sums.duplicated,
            held_by_killed: judgement.held_by_killed(&self.lives),
            open_at_first_kill: self.open_at_first_kill(),
            recovered: judgement.recovered(),
            unverified: judgement.unverified(),
            lost_by_cause: judgement.causes.iter().map(|(&cause, &count)| (cause.to_owned(), count)).collect(),
            users_hurt: sums.users_hurt,
            users: u64::from(self.user_count()),
            items_lost: sums.items_lost,
            relogins: sums.relogins,
            census: judgement
                .lives
                .iter()
                .map(|(id, held)| {
                    let life = self.lives.get(id);
                    Census {
                        life: id.to_string(),
                        death: life.and_then(|life| life.end()).map_or("", |(_, death)| death_word(death)).to_owned(),
                        held: texts(&held.held),
                        lost: texts(&held.lost),
                        recovered: texts(&held.recovered),
                        unverified: texts(&held.unverified),
                        complete: life.is_some_and(|life| !life.census_incomplete),
                    }
                })
                .collect(),
        }
    }

    fn node_reports(&self) -> Vec<NodeReport> {
        let mut ids: Vec<&NodeId> = self.topology.nodes().map(|node| &node.id).collect();
        for slot in self.lives.slots.keys() {
            if !ids.contains(&&slot.node) {
                ids.push(&slot.node);
            }
        }
        let reports = ids.into_iter().map(|id| {
            let slots = self.lives.slots_of(id).filter_map(|(slot, entry)| {
                let newest = self.lives.newest(slot)?;
                let lives = (1..=entry.newest).map(|life| LifeId { slot: slot.clone(), life });
                Some(ReplicaReport {
                    slot: slot.to_string(),
                    lives: entry.newest,
                    pid: newest.pid,
                    requests: lives.map(|life| self.received_by(&life)).sum(),
                    pss_kib: newest.pss_kib,
                })
            });
            let program =
                self.lives.slots_of(id).find_map(|(slot, _)| self.lives.newest(slot)).map(|life| life.program);
            NodeReport {
                id: id.to_string(),
                role: program.map_or("", super::lives::Program::role).to_owned(),
                replicas: slots.collect(),
            }
        });
        reports.collect()
    }

    /// From a moment to the one at which the next life after this one took requests.
    fn back_after_ms(&self, ended: &LifeId, at_us: u64) -> Option<f64> {
        let next = LifeId { slot: ended.slot.clone(), life: ended.life + 1 };
        Some(self.lives.get(&next)?.ready_us?.checked_sub(at_us)? as f64 / 1e3)
    }

    fn deploy_report(&self, deploy: &DeployState) -> DeployReport {
        DeployReport {
            at_s: self.at_s(deploy.at_us),
            on: deploy.node.to_string(),
            strategy: deploy.strategy,
            bug: deploy.bug,
            version: deploy.modules.iter().map(|(module, number)| (module.to_string(), *number)).collect(),
            roll_back: deploy.is_back,
            took_s: deploy.took_us(self.now_us) as f64 / 1e6,
            outcome: deploy.outcome.map_or("unfinished", DeployOutcome::word).to_owned(),
            why: deploy.why.clone(),
            capacity_lost_replica_s: deploy.capacity_lost_replica_s,
            requests_failed: deploy.requests_failed,
        }
    }

    fn discovery_report(&self) -> DiscoveryReport {
        let (changes, given_up) = self.lookups.counts();
        let by_consumer = self.lookups.by_consumer().iter();
        DiscoveryReport {
            changes,
            given_up,
            lag_ms: latency_ms(&self.lookups.lag()),
            by_consumer: by_consumer.filter_map(|(node, lag)| Some((node.to_string(), latency_ms(lag)?))).collect(),
        }
    }

    fn fault_reports(&self, judgement: &Judgement) -> Vec<FaultReport> {
        let states = self.faults.states(&self.lives, judgement, &self.timeline.points(), self.started_us);
        let reports = states.into_iter().map(|fault| FaultReport {
            at_s: self.at_s(fault.at_us),
            kind: fault.kind.to_owned(),
            back_after_ms: fault.life.as_ref().and_then(|life| self.back_after_ms(life, fault.at_us)),
            on: fault.on,
            life: fault.life.map(|life| life.to_string()),
            noticed_after_ms: fault.noticed_after_ms,
            recovered_after_ms: fault.recovered_after_ms,
        });
        reports.collect()
    }
}

const fn death_word(death: Death) -> &'static str {
    match death {
        Death::Killed => "killed",
        Death::Terminated => "terminated",
        Death::ScaledIn => "scaled_in",
        Death::Deployed => "deployed",
        Death::Crashed => "crashed",
        Death::Stopped => "stopped",
    }
}

fn texts(ids: &BTreeSet<SessionId>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn requests(books: &OperationBooks) -> Requests {
    Requests {
        issued: books.issued,
        ok: books.ok,
        degraded: books.degraded,
        failed: books.failed_total(),
        timed_out: books.timed_out,
        in_flight: books.in_flight(),
        ok_ratio: ok_ratio(books),
        failed_idempotent: books.failed_idempotent,
        causes: books.failed.clone(),
    }
}

fn operation(name: String, books: &OperationBooks) -> OperationReport {
    let quantile_ms = |share| books.latency.quantile_us(share).map(|us| us as f64 / 1e3);
    OperationReport {
        name,
        issued: books.issued,
        ok: books.ok,
        failed: books.failed_total(),
        timed_out: books.timed_out,
        in_flight: books.in_flight(),
        p50_ms: quantile_ms(0.5),
        p99_ms: quantile_ms(0.99),
    }
}

fn latency_ms(latency: &Latency) -> Option<LatencyMs> {
    let quantile_ms = |share| latency.quantile_us(share).map(|us| us as f64 / 1e3);
    Some(LatencyMs {
        p50: quantile_ms(0.5)?,
        p95: quantile_ms(0.95)?,
        p99: quantile_ms(0.99)?,
        max: latency.max_us()? as f64 / 1e3,
    })
}
