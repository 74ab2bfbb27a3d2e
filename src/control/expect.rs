//! Expectations against measured values: pending while the run may still change them, then shown or not shown.

use crate::telemetry::OperationBooks;
use crate::telemetry::report::ExpectationReport;
use crate::topology::Expectation;

use super::cluster::Cluster;
use super::judgement::Judgement;
use super::metrics::only_grows;
use super::snapshot::ExpectationState;

/// How far a value may be from the one that it must equal.
const EXACT: f64 = 1e-9;

impl Cluster {
    /// How the expectations stand now.
    pub(super) fn expectation_states(&self, judgement: &Judgement, total: &OperationBooks) -> Vec<ExpectationState> {
        let states = self.plan.preset.expect.iter().map(|expectation| {
            let value = self.value_of(expectation, judgement, total);
            let holds = if self.is_over() { Some(holds(expectation, value)) } else { decided(expectation, value) };
            ExpectationState { says: says(expectation), value, holds }
        });
        states.collect()
    }

    /// How the expectations came out.
    pub(super) fn expectation_reports(&self, judgement: &Judgement, total: &OperationBooks) -> Vec<ExpectationReport> {
        let reports = self.plan.preset.expect.iter().map(|expectation| {
            let value = self.value_of(expectation, judgement, total);
            ExpectationReport {
                metric: expectation.metric.clone(),
                of: expectation.of.clone(),
                during: expectation.during.map(|window| window.to_string()),
                at_least: expectation.at_least,
                at_most: expectation.at_most,
                equals: expectation.equals,
                value,
                holds: holds(expectation, value),
                says: says(expectation),
            }
        });
        reports.collect()
    }

    fn value_of(&self, expectation: &Expectation, judgement: &Judgement, total: &OperationBooks) -> Option<f64> {
        self.metric(judgement, total, &expectation.metric, expectation.of.as_deref(), expectation.during)
    }
}

/// Whether the value is within the bounds. What could not be measured does not hold.
fn holds(expectation: &Expectation, value: Option<f64>) -> bool {
    value.is_some_and(|value| {
        expectation.at_least.is_none_or(|bound| value >= bound)
            && expectation.at_most.is_none_or(|bound| value <= bound)
            && expectation.equals.is_none_or(|bound| (value - bound).abs() <= EXACT)
    })
}

/// What is certain before the end: a value that only grows has reached its lower bound, or passed its upper one.
fn decided(expectation: &Expectation, value: Option<f64>) -> Option<bool> {
    let value = value.filter(|_| only_grows(&expectation.metric))?;
    let upper = expectation.at_most.into_iter().chain(expectation.equals).reduce(f64::min);
    if upper.is_some_and(|bound| value > bound + EXACT) {
        return Some(false);
    }
    let is_reached = expectation.at_least.is_none_or(|bound| value >= bound);
    (upper.is_none() && is_reached).then_some(true)
}

fn says(expectation: &Expectation) -> String {
    if !expectation.says.is_empty() {
        return expectation.says.clone();
    }
    let of = expectation.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    let during = expectation.during.map(|window| format!(" during {window}")).unwrap_or_default();
    let bounds: Vec<String> =
        [("at least", expectation.at_least), ("at most", expectation.at_most), ("=", expectation.equals)]
            .into_iter()
            .filter_map(|(words, bound)| Some(format!("{words} {}", bound?)))
            .collect();
    format!("{}{of}{during} {}", expectation.metric, bounds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(metric: &str, at_least: Option<f64>, at_most: Option<f64>) -> Expectation {
        let (of, during, equals, says) = (None, None, None, String::new());
        Expectation { metric: metric.to_owned(), of, during, at_least, at_most, equals, says }
    }

    #[test]
    fn only_what_cannot_change_any_more_is_decided_early() {
        let at_least_one = expect("sessions.lost", Some(1.0), None);
        assert_eq!(decided(&at_least_one, Some(0.0)), None);
        assert_eq!(decided(&at_least_one, Some(1.0)), Some(true));
        let none = expect("sessions.lost", None, Some(0.0));
        assert_eq!(decided(&none, Some(0.0)), None);
        assert_eq!(decided(&none, Some(1.0)), Some(false));
        assert_eq!(decided(&expect("requests.ok_ratio", Some(0.5), None), Some(1.0)), None);
        assert_eq!(says(&none), "sessions.lost at most 0");
        assert!(!holds(&at_least_one, None));
    }
}
