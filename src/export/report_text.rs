//! The report for people: what happened, in order, and who was hurt. People first, requests second.

use std::fmt::{self, Display, Write};

use crate::telemetry::report::{Census, ExpectationReport, LoadModel, Report, Verdict};
use crate::topology::Preset;

/// The report as plain text for a terminal, without a final line feed.
pub fn write(report: &Report, preset: &Preset) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_all(&mut text, report, preset);
    text.truncate(text.trim_end().len());
    text
}

fn write_all(out: &mut String, report: &Report, preset: &Preset) -> fmt::Result {
    writeln!(out, "{}  (seed {}, {:.1} s)", report.title, report.seed, report.duration_s)?;
    if !preset.summary.is_empty() {
        writeln!(out, "{}", preset.summary)?;
    }
    write_log(out, report)?;
    write_people(out, report)?;
    write_requests(out, report)?;
    write_processes(out, report)?;
    write_audits(out, report)?;
    write_expectations(out, report)
}

fn write_log(out: &mut String, report: &Report) -> fmt::Result {
    writeln!(out, "\nWhat happened")?;
    for line in &report.log {
        writeln!(out, "  {:>6.1} s  {}", line.at_s, line.text)?;
    }
    Ok(())
}

fn write_people(out: &mut String, report: &Report) -> fmt::Result {
    let sessions = &report.sessions;
    writeln!(out, "\nWho was hurt")?;
    if sessions.users_hurt == 0 {
        writeln!(out, "  Nobody: 0 of {} users lost anything.", sessions.users)?;
    } else {
        writeln!(
            out,
            "  {} of {} users · {} lost · {} lost · {} again",
            sessions.users_hurt,
            sessions.users,
            counted(sessions.lost, "session or cart", "sessions or carts"),
            counted(sessions.items_lost, "item", "items"),
            counted(sessions.relogins, "log-in", "log-ins"),
        )?;
    }
    if !sessions.lost_by_cause.is_empty() {
        let causes: Vec<String> = sessions
            .lost_by_cause
            .iter()
            .map(|(cause, count)| format!("{count} {}", cause.replace('_', " ")))
            .collect();
        writeln!(out, "  Lost by cause: {}", causes.join(", "))?;
    }
    for census in &report.sessions.census {
        write_census(out, census)?;
    }
    Ok(())
}

fn write_census(out: &mut String, census: &Census) -> fmt::Result {
    write!(
        out,
        "  {} ({}) held {}: {} lost, {} recovered, {} unverified",
        census.life,
        census.death.replace('_', " "),
        counted(census.held.len() as u64, "session", "sessions"),
        census.lost.len(),
        census.recovered.len(),
        census.unverified.len(),
    )?;
    writeln!(out, "{}", if census.complete { "" } else { " (ledger incomplete)" })
}

fn write_requests(out: &mut String, report: &Report) -> fmt::Result {
    let requests = &report.requests;
    writeln!(out, "\nRequests")?;
    writeln!(
        out,
        "  {} issued = {} ok + {} failed + {} timed out + {} in flight",
        requests.issued, requests.ok, requests.failed, requests.timed_out, requests.in_flight
    )?;
    if !requests.causes.is_empty() {
        let causes: Vec<String> = requests.causes.iter().map(|(cause, count)| format!("{count} {cause}")).collect();
        writeln!(out, "  failed by cause: {}", causes.join(", "))?;
    }
    if let Some(latency) = &report.latency_ms {
        writeln!(
            out,
            "  latency: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
            latency.p50, latency.p95, latency.p99, latency.max
        )?;
    }
    if report.load.model != LoadModel::Closed {
        let load = &report.load;
        writeln!(
            out,
            "  open loop: {} arrivals, {} waited for a free user, {} not sent",
            load.arrivals, load.waited, load.unsent
        )?;
    }
    let width = report.operations.iter().map(|operation| operation.name.len()).max().unwrap_or(0).max(9);
    writeln!(
        out,
        "  {:width$} {:>7} {:>7} {:>7} {:>9} {:>8} {:>8}",
        "", "issued", "ok", "failed", "timed out", "p50 ms", "p99 ms"
    )?;
    for operation in &report.operations {
        writeln!(
            out,
            "  {:width$} {:>7} {:>7} {:>7} {:>9} {:>8} {:>8}",
            operation.name,
            operation.issued,
            operation.ok,
            operation.failed,
            operation.timed_out,
            Millis(operation.p50_ms),
            Millis(operation.p99_ms),
        )?;
    }
    Ok(())
}

fn write_processes(out: &mut String, report: &Report) -> fmt::Result {
    writeln!(out, "\nProcesses")?;
    for node in &report.nodes {
        for replica in &node.replicas {
            writeln!(
                out,
                "  {:12} {:8} {:>7} requests  {}  {} KiB",
                replica.slot,
                node.role,
                replica.requests,
                counted(u64::from(replica.lives), "life", "lives"),
                replica.pss_kib,
            )?;
        }
    }
    Ok(())
}

fn write_audits(out: &mut String, report: &Report) -> fmt::Result {
    if !report.audits.is_empty() {
        writeln!(out, "\nAudits")?;
    }
    for audit in &report.audits {
        writeln!(out, "  {}: {}", audit.name, audit.found())?;
        if audit.unmatched == Some(0) && !audit.says.is_empty() {
            writeln!(out, "         {}", audit.says)?;
        }
    }
    Ok(())
}

fn write_expectations(out: &mut String, report: &Report) -> fmt::Result {
    if !report.expectations.is_empty() {
        writeln!(out, "\nExpectations")?;
    }
    for expectation in &report.expectations {
        let mark = if expectation.holds { "holds" } else { "FAILS" };
        writeln!(out, "  {mark}  {}", Bounds(expectation))?;
        if !expectation.says.is_empty() {
            writeln!(out, "         {}", expectation.says)?;
        }
    }
    writeln!(out)?;
    match report.verdict {
        Verdict::Holds => writeln!(out, "Verdict: every expectation holds."),
        Verdict::Fails => writeln!(out, "Verdict: an expectation does not hold."),
        Verdict::Inconclusive => writeln!(out, "Verdict: inconclusive: {}.", report.reasons.join("; ")),
    }
}

/// `1 life`, `2 lives`.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A latency in a column, or a dash.
struct Millis(Option<f64>);

impl Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(millis) => f.pad(&format!("{millis:.1}")),
            None => f.pad("–"),
        }
    }
}

/// `sessions.lost is 10, at least 1`.
struct Bounds<'a>(&'a ExpectationReport);

impl Display for Bounds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expectation = self.0;
        f.write_str(&expectation.metric)?;
        if let Some(of) = &expectation.of {
            write!(f, " of {of}")?;
        }
        if let Some(during) = &expectation.during {
            write!(f, " during {during}")?;
        }
        match expectation.value {
            Some(value) => write!(f, " is {}", Short(value))?,
            None => f.write_str(" was not measured")?,
        }
        for (word, bound) in
            [("at least", expectation.at_least), ("at most", expectation.at_most), ("exactly", expectation.equals)]
        {
            if let Some(bound) = bound {
                write!(f, ", {word} {}", Short(bound))?;
            }
        }
        Ok(())
    }
}

/// A number with at most three decimals, without trailing zeros.
struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.3}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        assert_eq!(Short(10.0).to_string(), "10");
        assert_eq!(Short(0.333_333).to_string(), "0.333");
        assert_eq!(Short(0.28).to_string(), "0.28");
    }
}
