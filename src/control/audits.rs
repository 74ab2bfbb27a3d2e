//! Audits: when everything has settled the databases are read, and what has no partner is counted. Here is who is asked
//! for what, and what came of it; `runtime` reads.

use std::collections::BTreeMap;

use crate::telemetry::report::AuditReport;
use crate::topology::{Audit, ModuleName, Slot, TablePath};

use super::cluster::Cluster;
use super::course::Course;
use super::effect::Effect;
use super::event::Audited;

/// How long reading may take.
const AUDIT_US: u64 = 10_000_000;

/// What came of the audits so far, by name.
#[derive(Debug, Default)]
pub(super) struct Audits {
    results: BTreeMap<ModuleName, Result<Audited, String>>,
}

impl Cluster {
    /// Has the databases read, where the preset asks for that. `false` when there is nothing to wait for.
    pub(super) fn begin_audits(&mut self) -> bool {
        for audit in self.plan.preset.audits.clone() {
            match (self.place_of(&audit.each), self.place_of(&audit.has)) {
                (Ok(each), Ok(has)) => self.effects.push(Effect::Audit { audit, each, has }),
                (Err(why), _) | (_, Err(why)) => drop(self.audits.results.insert(audit.name, Err(why))),
            }
        }
        if self.is_audited() {
            return false;
        }
        self.log.info(self.now_us, "auditing: the databases are read");
        self.course = Course::Audits { until_us: self.now_us + AUDIT_US };
        true
    }

    /// Where the database is that has a module's table.
    fn place_of(&self, table: &TablePath) -> Result<std::net::SocketAddr, String> {
        let host = self.topology.host(&table.module).ok_or_else(|| format!("nobody hosts {}", table.module))?;
        let database = self.topology.database_of(&host.id).ok_or_else(|| format!("{} has no database", host.id))?;
        let life = self.lives.newest(&Slot::new(database.id.clone(), 1));
        let address = life.filter(|life| life.is_ready()).and_then(|life| life.address);
        address.ok_or_else(|| format!("{} was not there to be read", database.id))
    }

    /// Takes in what was read.
    pub(super) fn audited(&mut self, name: ModuleName, found: Result<Audited, String>) {
        self.audits.results.insert(name, found);
    }

    /// Whether every audit has come to something.
    pub(super) fn is_audited(&self) -> bool {
        self.plan.preset.audits.iter().all(|audit| self.audits.results.contains_key(&audit.name))
    }

    /// A figure of an audit; `None` before the end, and where a database could not be read.
    pub(super) fn audit_metric(&self, value: &str, of: &str) -> Option<f64> {
        let audited = self.audits.results.iter().find(|(name, _)| name.as_str() == of)?.1.as_ref().ok()?;
        match value {
            "unmatched" => Some(audited.unmatched as f64),
            "rows" => Some(audited.rows as f64),
            _ => None,
        }
    }

    /// The audits for the report.
    pub(super) fn audit_reports(&self) -> Vec<AuditReport> {
        let report = |audit: &Audit| {
            let not_read = || Err("the databases were not read".to_owned());
            let found = self.audits.results.get(&audit.name).cloned().unwrap_or_else(not_read);
            let (found, problem) = match found {
                Ok(found) => (Some(found), None),
                Err(problem) => (None, Some(problem)),
            };
            AuditReport {
                name: audit.name.to_string(),
                each: audit.each.to_string(),
                has: audit.has.to_string(),
                rows: found.as_ref().map(|found| found.rows),
                unmatched: found.as_ref().map(|found| found.unmatched),
                examples: found.map(|found| found.examples).unwrap_or_default(),
                problem,
                says: audit.says.clone(),
            }
        };
        self.plan.preset.audits.iter().map(report).collect()
    }
}
