//! Where the programs of a run are started: the folder of the preset's file, or, of a built-in preset, one into which they
//! are unpacked.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::control::Home;
use crate::topology::builtin;

/// Where programs are started. Those of a built-in preset are unpacked into this folder.
///
/// # Errors
/// When they cannot be written, or the working folder is gone.
pub(super) fn prepare(home: &Home, folder: &Path) -> io::Result<PathBuf> {
    match home {
        Home::Here => env::current_dir(),
        Home::Folder(folder) => std::path::absolute(folder),
        Home::Builtin(name) => match builtin::files(name) {
            files if files.is_empty() => env::current_dir(),
            files => {
                for (path, contents) in files {
                    let path = folder.join(path);
                    fs::create_dir_all(path.parent().unwrap_or(folder))?;
                    fs::write(path, contents)?;
                }
                Ok(folder.to_owned())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_of_a_built_in_preset_are_unpacked_and_others_run_where_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let home = prepare(&Home::Builtin("polyglot".to_owned()), folder.path()).unwrap();
        assert!(home.join("accounts.py").is_file() && home.join("analytics.go").is_file());
        let sticky = Home::Builtin("sticky-sessions".to_owned());
        assert_eq!(prepare(&sticky, folder.path()).unwrap(), env::current_dir().unwrap());
    }
}
