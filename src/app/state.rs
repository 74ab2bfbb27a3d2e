//! Where the window keeps what outlives it: unsaved work, and how it looked. Never asked for by a test: without
//! [`StateDirs`] nothing is kept.

use std::path::{Path, PathBuf};

/// Names a folder that is used in place of the user's own ones.
pub const STATE_DIR: &str = "BROWNOUT_STATE_DIR";

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDirs {
    /// Unsaved work.
    data: PathBuf,
    /// How the window looked.
    config: PathBuf,
}

impl StateDirs {
    /// The folders of whoever runs the program; `None` where there is no home.
    pub fn of_this_user() -> Option<Self> {
        if let Some(folder) = std::env::var_os(STATE_DIR).filter(|folder| !folder.is_empty()) {
            return Some(Self::below(Path::new(&folder)));
        }
        let folders = directories::ProjectDirs::from("", "", "brownout")?;
        Some(Self { data: folders.data_local_dir().to_owned(), config: folders.config_dir().to_owned() })
    }

    /// Everything in one folder.
    pub fn below(folder: &Path) -> Self {
        Self { data: folder.to_owned(), config: folder.to_owned() }
    }

    /// The folder of unsaved work.
    pub fn recovery(&self) -> PathBuf {
        self.data.join("recovery")
    }

    /// The file that says how the window looked.
    pub fn window(&self) -> PathBuf {
        self.config.join("window.json")
    }
}
