//! Where databases keep their data: a folder for each node of a run, in a folder for everything that one app keeps.
//! A node's folder outlives its processes; what is left when a run ends goes with it, when the app ends with it, and
//! when the app is killed with its warden.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::topology::NodeId;

/// The folder of the app with this mark. Nothing is there until the first run.
pub(super) fn folder_of_app(mark: &str) -> PathBuf {
    std::env::temp_dir().join(format!("brownout-{mark}"))
}

/// Removes an app's folder, if it is there.
pub(super) fn remove(folder: &Path) {
    // What cannot be removed is not Brownout's, or somebody writes there still: others come by again.
    let _ = fs::remove_dir_all(folder);
}

/// Where the data of one run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataPaths {
    app: PathBuf,
    run: PathBuf,
}

impl DataPaths {
    /// The places of a run in the folder of its app.
    pub(super) fn new(app: &Path, run: u64) -> Self {
        Self { app: app.to_owned(), run: app.join(format!("run-{run}")) }
    }

    /// Where things are that all runs of the app can use.
    pub(super) fn shared(&self) -> PathBuf {
        self.app.clone()
    }

    /// Where the programs of a built-in preset are unpacked; no node has such an id.
    pub(super) fn programs(&self) -> PathBuf {
        self.run.join(".programs")
    }

    /// Where a node keeps its data. The node makes the folder.
    pub(super) fn of(&self, node: &NodeId) -> PathBuf {
        self.run.join(node.as_str())
    }
}

/// The data of one run. Removed when this is dropped.
#[derive(Debug)]
pub(super) struct RunData {
    /// Where it is.
    pub(super) paths: DataPaths,
}

impl RunData {
    /// Makes the folder of a run, empty.
    ///
    /// # Errors
    /// The folder for temporary files cannot be written.
    pub(super) fn create(app: &Path, run: u64) -> io::Result<Self> {
        let paths = DataPaths::new(app, run);
        remove(&paths.run);
        make(&paths.app)?;
        make(&paths.run)?;
        Ok(Self { paths })
    }

    /// Takes a node's data away. Nobody may be writing it.
    pub(super) fn lose(&self, node: &NodeId) {
        remove(&self.paths.of(node));
    }
}

impl Drop for RunData {
    fn drop(&mut self) {
        remove(&self.paths.run);
    }
}

/// A folder that others may go through, as a database that runs as another user must, but not look into.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o711);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runs_data_goes_with_the_run_and_a_nodes_data_when_it_is_lost() {
        let app = tempfile::tempdir().unwrap();
        let data = RunData::create(app.path(), 1).unwrap();
        let (one, other) = ("orders-db".parse().unwrap(), "users-db".parse().unwrap());
        for node in [&one, &other] {
            fs::create_dir(data.paths.of(node)).unwrap();
            fs::write(data.paths.of(node).join("file"), "kept").unwrap();
        }
        data.lose(&one);
        assert!(!data.paths.of(&one).exists());
        assert!(data.paths.of(&other).join("file").exists());
        let (shared, run) = (data.paths.shared(), data.paths.run.clone());
        drop(data);
        assert!(!run.exists() && shared.exists());
    }
}
