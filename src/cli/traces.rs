//! `--traces`: the spans of a run in a file, one a line, as they arrive. Nothing is kept in memory for it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::export::span_json;
use crate::telemetry::Span;

/// A file that spans go to.
pub(super) struct Traces(BufWriter<File>);

impl Traces {
    /// Begins a file anew.
    ///
    /// # Errors
    /// When there can be no such file.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        File::create(path).map(|file| Self(BufWriter::new(file)))
    }

    /// Writes spans.
    ///
    /// # Errors
    /// When the disk is full, or the file cannot be written for any other reason.
    pub(super) fn write(&mut self, spans: &[Span]) -> io::Result<()> {
        spans.iter().try_for_each(|span| writeln!(self.0, "{}", span_json::write(span)))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`Traces::write`].
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}
