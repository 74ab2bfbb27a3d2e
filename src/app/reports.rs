//! The reports of finished runs: saved where the command line said, or where the user asks.

use std::path::PathBuf;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::export::report_json;
use crate::telemetry::report::Report;

use super::disk::Disk;

/// The newest report, and where reports go by themselves.
#[derive(Debug)]
pub(super) struct Reports {
    path: Option<PathBuf>,
    newest: Option<Arc<Report>>,
    /// Whether the newest still has to be saved by itself.
    due: bool,
}

impl Reports {
    /// Reports are saved to this path by themselves, each over the last.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self { path, newest: None, due: false }
    }

    /// Notes the report of a run that has finished, and saves it where that was asked for.
    pub(super) fn observe(&mut self, snapshot: &Snapshot, disk: &mut Disk) {
        let Some(report) = &snapshot.report else { return };
        if !self.newest.as_ref().is_some_and(|known| Arc::ptr_eq(known, report)) {
            self.newest = Some(report.clone());
            self.due = true;
        }
        // While a dialog is open the disk is busy; then this is tried again at the next frame.
        if let (true, Some(path)) = (self.due && !disk.is_busy(), &self.path) {
            self.due = !disk.save_report(path.clone(), report_json::write(report));
        }
    }

    /// The newest report as text, with the file name that it suggests, without its ending.
    pub(super) fn newest(&self) -> Option<(String, String)> {
        let report = self.newest.as_ref()?;
        Some((report_json::write(report), format!("{}-report", report.preset)))
    }
}
