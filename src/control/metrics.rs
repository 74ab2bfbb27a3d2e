//! The measured values that expectations name. `topology::metrics` lists the names with their units; here is how each
//! is measured.

use crate::telemetry::OperationBooks;
use crate::topology::{Target, Window};

use super::arrivals;
use super::cluster::Cluster;
use super::deploy::DeployOutcome;
use super::judgement::{Judgement, first_kill_us};

/// A value that only grows while the run goes on, so that a bound can be broken for good before the end.
pub(super) fn only_grows(metric: &str) -> bool {
    matches!(
        metric,
        "sessions.started"
            | "sessions.lost"
            | "sessions.logged_out"
            | "sessions.cart_lost"
            | "sessions.duplicated"
            | "sessions.users_hurt"
            | "sessions.items_lost"
            | "sessions.relogins"
            | "requests.issued"
            | "requests.ok"
            | "requests.failed"
            | "requests.timed_out"
            | "requests.failed_idempotent"
            | "requests.unsent"
            | "replicas.requests"
            | "replicas.restarted"
            | "deploys.done"
            | "deploys.stuck"
            | "deploys.rolled_back"
            | "deploys.took_s"
            | "deploys.requests_failed"
            | "deploys.capacity_lost_replica_s"
    )
}

impl Cluster {
    /// The value of a metric now. `None` when there is no such metric, or nothing to measure: no answers, no such
    /// operation, or a metric that has no parts where one is named.
    pub(super) fn metric(
        &self,
        judgement: &Judgement,
        total: &OperationBooks,
        name: &str,
        of: Option<&str>,
        during: Option<Window>,
    ) -> Option<f64> {
        let (group, value) = name.split_once('.')?;
        match group {
            "requests" if value == "unsent" && of.is_none() && during.is_none() => {
                Some(self.books.arrivals().unsent as f64)
            }
            "sessions" if of.is_none() && during.is_none() => self.session_metric(judgement, value),
            "replicas" if value == "restarted" && during.is_none() => self.restarted(of),
            "audit" if during.is_none() => self.audit_metric(value, of?),
            "replicas" if value == "memory_mib" && during.is_none() => self.memory(of?),
            "deploys" if of.is_none() && during.is_none() => self.deploy_metric(value),
            "discovery" if of.is_none() && during.is_none() && value == "lag_p95_ms" => {
                self.lookups.lag().quantile_us(0.95).map(|us| us as f64 / 1e3)
            }
            "replicas" => self.arrival_metric(value, of?, during),
            "requests" | "latency" => {
                let books = match (during, of) {
                    (Some(window), of) if self.has_reached(window) => self.timeline.window(window, of)?.clone(),
                    (Some(_), _) => return None,
                    (None, Some(of)) => self.books.operations().remove(of)?,
                    (None, None) => total.clone(),
                };
                if group == "requests" { request_metric(&books, value) } else { latency_metric(&books, value) }
            }
            _ => None,
        }
    }

    /// Whether the run has come to the beginning of a window: before, or if it never does, nothing is measured there.
    fn has_reached(&self, window: Window) -> bool {
        let until_us = self.ended_us.unwrap_or(self.now_us);
        self.started_us.is_some_and(|started_us| until_us > started_us + window.from.as_micros())
    }

    fn session_metric(&self, judgement: &Judgement, value: &str) -> Option<f64> {
        let sums = self.census.sums;
        let count = match value {
            "started" => sums.started,
            "lost" => sums.lost(),
            "logged_out" => sums.logged_out,
            "cart_lost" => sums.carts_lost,
            "duplicated" => sums.duplicated,
            "held_by_killed" => judgement.held_by_killed(&self.lives),
            "recovered" => judgement.recovered(),
            "unverified" => judgement.unverified(),
            "users_hurt" => sums.users_hurt,
            "items_lost" => sums.items_lost,
            "relogins" => sums.relogins,
            "lost_share" => {
                let open = self.open_at_first_kill();
                return Some(if open == 0 { 0.0 } else { sums.lost() as f64 / open as f64 });
            }
            _ => judgement.causes.get(value.strip_prefix("lost.")?).copied().unwrap_or_default(),
        };
        Some(count as f64)
    }

    /// Sessions open when the first life was killed; 0 without a kill.
    pub(super) fn open_at_first_kill(&self) -> u64 {
        first_kill_us(&self.lives).map_or(0, |at_us| self.census.open_at(at_us))
    }

    /// What reached a replica or a node, in the run or in a window of it.
    fn arrival_metric(&self, value: &str, of: &str, during: Option<Window>) -> Option<f64> {
        let place: Target = of.parse().ok()?;
        let in_all;
        let slots = match during {
            Some(window) if self.has_reached(window) => self.arrivals.window(window)?,
            Some(_) => return None,
            None => {
                in_all = arrivals::in_all(&self.books);
                &in_all
            }
        };
        match value {
            "requests" => arrivals::at(slots, &place).map(|count| count as f64),
            "request_share" => arrivals::share(slots, &place),
            _ => None,
        }
    }

    /// Memory of a replica or of all replicas of a node, in MiB; of each slot the newest life that was measured.
    fn memory(&self, of: &str) -> Option<f64> {
        let place: Target = of.parse().ok()?;
        let slots = self.lives.slots.keys().filter(|slot| match &place {
            Target::Node(node) => slot.node == *node,
            Target::Slot(wanted) => *slot == wanted,
            Target::Link(_) | Target::Module(_) => false,
        });
        let kib: Vec<u64> = slots.filter_map(|slot| Some(self.lives.newest(slot)?.pss_kib)).collect();
        kib.iter().any(|&kib| kib > 0).then(|| kib.iter().sum::<u64>() as f64 / 1024.0)
    }

    fn deploy_metric(&self, value: &str) -> Option<f64> {
        let deploys = self.deploys.list();
        let ended = |outcome| Some(deploys.iter().filter(|deploy| deploy.outcome == Some(outcome)).count() as f64);
        match value {
            "done" => ended(DeployOutcome::Done),
            "stuck" => ended(DeployOutcome::Stuck),
            "rolled_back" => ended(DeployOutcome::RolledBack),
            "took_s" => {
                let took = deploys.iter().map(|deploy| deploy.took_us(self.now_us) as f64 / 1e6);
                took.reduce(f64::max)
            }
            "requests_failed" => Some(deploys.iter().map(|deploy| deploy.requests_failed).sum::<u64>() as f64),
            "capacity_lost_replica_s" => Some(deploys.iter().map(|deploy| deploy.capacity_lost_replica_s).sum()),
            _ => None,
        }
    }

    fn restarted(&self, of: Option<&str>) -> Option<f64> {
        if of.is_some_and(|of| !self.lives.slots.keys().any(|slot| slot.node.as_str() == of)) {
            return None;
        }
        let slots = self.lives.slots.iter().filter(|(slot, _)| of.is_none_or(|of| slot.node.as_str() == of));
        Some(slots.map(|(_, entry)| f64::from(entry.newest.saturating_sub(1))).sum())
    }
}

fn request_metric(books: &OperationBooks, value: &str) -> Option<f64> {
    let count = match value {
        "issued" => books.issued,
        "ok" => books.ok,
        "failed" => books.failed_total(),
        "timed_out" => books.timed_out,
        "failed_idempotent" => books.failed_idempotent,
        // Of no requests there is no share: an expectation of it is not met by silence.
        "ok_ratio" => return (books.issued > 0).then(|| ok_ratio(books)),
        _ => return None,
    };
    Some(count as f64)
}

/// ok ÷ issued; 1 without requests.
pub(super) fn ok_ratio(books: &OperationBooks) -> f64 {
    if books.issued == 0 { 1.0 } else { books.ok as f64 / books.issued as f64 }
}

fn latency_metric(books: &OperationBooks, value: &str) -> Option<f64> {
    let micros = match value {
        "p50_ms" => books.latency.quantile_us(0.5),
        "p95_ms" => books.latency.quantile_us(0.95),
        "p99_ms" => books.latency.quantile_us(0.99),
        "max_ms" => books.latency.max_us(),
        _ => None,
    };
    micros.map(|micros| micros as f64 / 1e3)
}
