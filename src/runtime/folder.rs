//! The folder of one run: what nodes write that must outlive one of their lives, and the unpacked programs of a built-in
//! preset. It is made when it is needed, and gone with the run. It is in the folder of its app, which is gone with the
//! app and, when that is killed, with its warden.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::control::Home;
use crate::topology::{NodeId, builtin};

/// The folder of the app with this mark. Nothing is there until something is needed.
pub(super) fn of_app(mark: &str) -> PathBuf {
    env::temp_dir().join(format!("brownout-{mark}"))
}

/// Removes a folder, if it is there.
pub(super) fn remove(folder: &Path) {
    // What was just killed may still write, so once more helps.
    for _ in 0..2 {
        if fs::remove_dir_all(folder).is_ok() {
            return;
        }
    }
}

/// The folder of a run, until dropped.
#[derive(Debug)]
pub(super) struct RunFolder(PathBuf);

impl RunFolder {
    /// The folder of the run with this id, in that of its app.
    pub(super) fn new(app: &Path, id: &str) -> Self {
        Self(app.join(format!("run-{id}")))
    }

    /// Below which each node may have a folder of its own.
    pub(super) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// Takes a node's data away. Nobody may be writing it.
    pub(super) fn lose(&self, node: &NodeId) {
        remove(&self.data().join(node.as_str()));
    }

    /// Where programs are started. Those of a built-in preset are unpacked.
    ///
    /// # Errors
    /// When they cannot be written, or the working folder is gone.
    pub(super) fn home(&self, home: &Home) -> io::Result<PathBuf> {
        match home {
            Home::Here => env::current_dir(),
            Home::Folder(folder) => std::path::absolute(folder),
            Home::Builtin(name) => match builtin::files(name) {
                files if files.is_empty() => env::current_dir(),
                files => {
                    let folder = self.0.join("programs");
                    for (path, contents) in files {
                        let path = folder.join(path);
                        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
                        fs::write(path, contents)?;
                    }
                    Ok(folder)
                }
            },
        }
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_of_a_built_in_preset_are_there_for_the_time_of_the_run() {
        let app = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(app.path(), "1");
        let home = folder.home(&Home::Builtin("polyglot".to_owned())).unwrap();
        assert!(home.join("accounts.py").is_file() && home.join("analytics.go").is_file());
        drop(folder);
        assert!(!home.exists());
        let nothing = RunFolder::new(app.path(), "2");
        assert_eq!(nothing.home(&Home::Builtin("sticky-sessions".to_owned())).unwrap(), env::current_dir().unwrap());
        assert!(!nothing.data().exists());
    }
    #[test]
    fn what_a_node_keeps_can_be_lost_alone() {
        let app = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(app.path(), "1");
        let (one, other) = ("orders-db".parse().unwrap(), "users-db".parse().unwrap());
        for node in [&one, &other] {
            let data = folder.data().join(NodeId::as_str(node));
            fs::create_dir_all(&data).unwrap();
            fs::write(data.join("file"), "kept").unwrap();
        }
        folder.lose(&one);
        let left: Vec<_> = fs::read_dir(folder.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["users-db"]);
        drop(folder);
        assert_eq!(fs::read_dir(app.path()).unwrap().count(), 0);
    }
}
