//! The folder of one run: what nodes write that must outlive one of their lives, and the unpacked programs of a built-in
//! preset. It is made when it is needed, and gone with the run.

use std::path::PathBuf;
use std::{env, fs, io};

use crate::control::Home;
use crate::topology::builtin;

/// The folder of a run, until dropped.
#[derive(Debug)]
pub(super) struct RunFolder(PathBuf);

impl RunFolder {
    /// The folder of the run with this id, which nobody can know before.
    pub(super) fn new(id: &str) -> Self {
        Self(env::temp_dir().join(format!("brownout-{id}")))
    }

    /// Below which each node may have a folder of its own.
    pub(super) fn data(&self) -> PathBuf {
        self.0.join("data")
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
        // It is not there when nothing needed it. What was just killed may still write, so once more helps.
        for _ in 0..2 {
            if fs::remove_dir_all(&self.0).is_ok() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_of_a_built_in_preset_are_there_for_the_time_of_the_run() {
        let folder = RunFolder::new("a-test-of-folders");
        let home = folder.home(&Home::Builtin("polyglot".to_owned())).unwrap();
        assert!(home.join("accounts.py").is_file() && home.join("analytics.go").is_file());
        drop(folder);
        assert!(!home.exists());
        let nothing = RunFolder::new("a-second-test-of-folders");
        assert_eq!(nothing.home(&Home::Builtin("sticky-sessions".to_owned())).unwrap(), env::current_dir().unwrap());
        assert!(!nothing.data().exists());
    }
}
