//! The report as JSON, as `docs/report.md` describes it.

use crate::telemetry::report::Report;

/// The report as indented JSON with a final line feed.
pub fn write(report: &Report) -> String {
    // Cannot fail: the report has no maps with keys that are no texts, and JSON has no way to fail in memory.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
