//! Reading and saving the user's files. Saving is all or nothing: the file that was there stays untouched until the new
//! one is complete on the disk.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::topology::Bytes;

/// Why a file could not be saved. The file that was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The path names a folder, a device or the like.
    #[error("cannot save {0}: it is not a file; save under another name")]
    NotAFile(PathBuf),
    /// The file is write-protected.
    #[error("cannot save {0}: the file is write-protected; save under another name")]
    Protected(PathBuf),
    /// There is no such folder.
    #[error("cannot save {0}: its folder does not exist; make it, or save in another one")]
    NoFolder(PathBuf),
    /// Nothing can be written in the folder.
    #[error("cannot save {0}: its folder is read-only; save in another folder")]
    Folder(PathBuf),
    /// The disk is full.
    #[error("cannot save {0}: the disk is full; make room on it, or save on another one")]
    Full(PathBuf),
    /// Anything else, in the system's words.
    #[error("cannot save {path}: {source}")]
    Other {
        /// Where to.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

/// Reads a file of at most `max` bytes, also one without a length of its own (a pipe, `/dev/stdin`).
///
/// # Errors
/// When it cannot be read, or holds more.
pub fn read_bounded(path: &Path, max: usize) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {}", Bytes(max as u64))));
    }
    Ok(bytes)
}

/// Saves a text or bytes: written beside the file, brought to the disk, then put in its place. A symbolic link stays one,
/// and permissions stay.
///
/// # Errors
/// One clear message; the file that was there is untouched.
pub fn save_atomically(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), SaveError> {
    let place = Place::find(path)?;
    write_beside(&place, contents.as_ref()).map_err(|error| explain(path, error))
}

/// Whether [`save_atomically`] would find its place now: to be asked before work whose result is saved. Changes nothing.
///
/// # Errors
/// Those of saving, but for a disk that is full.
pub fn check_writable(path: &Path) -> Result<(), SaveError> {
    let place = Place::find(path)?;
    place.temporary().map(drop).map_err(|error| explain(path, error))
}

/// Where a file goes.
struct Place {
    /// The file, at the end of symbolic links.
    target: PathBuf,
    /// The folder that it is in.
    folder: PathBuf,
    /// The permissions of the file that is there.
    permissions: Option<fs::Permissions>,
}

impl Place {
    fn find(path: &Path) -> Result<Self, SaveError> {
        let target = follow(path).map_err(|error| explain(path, error))?;
        let permissions = match fs::metadata(&target) {
            Ok(metadata) if !metadata.is_file() => return Err(SaveError::NotAFile(path.to_owned())),
            Ok(metadata) if metadata.permissions().readonly() => return Err(SaveError::Protected(path.to_owned())),
            Ok(metadata) => Some(metadata.permissions()),
            Err(_) => None,
        };
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if folder.is_dir() {
            Ok(Self { target, folder, permissions })
        } else {
            Err(SaveError::NoFolder(path.to_owned()))
        }
    }

    /// A new file beside the target. It is gone when it is dropped.
    fn temporary(&self) -> io::Result<tempfile::NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".brownout-").suffix(".tmp");
        // What a new file gets, less the umask; a temporary file alone would be private.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(&self.folder)
    }
}

fn write_beside(place: &Place, contents: &[u8]) -> io::Result<()> {
    let mut file = place.temporary()?;
    file.write_all(contents)?;
    if let Some(permissions) = &place.permissions {
        file.as_file().set_permissions(permissions.clone())?;
    }
    file.as_file().sync_all()?;
    file.persist(&place.target).map_err(|error| error.error)?;
    // The new name, too, should outlive a power cut; not every file system can promise it.
    if let Ok(folder) = File::open(&place.folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// The file that a path leads to through symbolic links, whether it exists or not.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn explain(path: &Path, error: io::Error) -> SaveError {
    let (path, kind) = (path.to_owned(), error.kind());
    if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        SaveError::Full(path)
    } else if matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) {
        SaveError::Folder(path)
    } else {
        SaveError::Other { path, source: error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_more_than_the_bound_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_bounded(&path, 5).unwrap(), b"12345");
        assert_eq!(read_bounded(&path, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_bounded(folder.path(), 4).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn saving_leaves_one_file_with_the_whole_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        save_atomically(&path, "one").unwrap();
        save_atomically(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn asking_whether_a_file_can_be_saved_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        check_writable(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::write(&path, "one").unwrap();
        check_writable(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_stays_one_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.toml"), folder.path().join("link.toml"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.toml", &link).unwrap();
        save_atomically(&link, "two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        let dangling = folder.path().join("dangling.toml");
        std::os::unix::fs::symlink("new.toml", &dangling).unwrap();
        save_atomically(&dangling, "three").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("new.toml")).unwrap(), "three");
        let (a, b) = (folder.path().join("x"), folder.path().join("y"));
        std::os::unix::fs::symlink(&a, &b).unwrap();
        std::os::unix::fs::symlink(&b, &a).unwrap();
        assert!(matches!(save_atomically(&a, ""), Err(SaveError::Other { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_saved_says_why_and_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(save_atomically(folder.path(), ""), Err(SaveError::NotAFile(_))));
        assert!(matches!(save_atomically(Path::new("/dev/full"), ""), Err(SaveError::NotAFile(_))));
        assert!(matches!(save_atomically(&folder.path().join("no/a.toml"), ""), Err(SaveError::NoFolder(_))));
        assert!(matches!(check_writable(&folder.path().join("no/a.toml")), Err(SaveError::NoFolder(_))));
        let path = folder.path().join("a.toml");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(save_atomically(&path, "two"), Err(SaveError::Protected(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        // Root may write anywhere, so only others see the refusal.
        if tempfile::tempfile_in(folder.path()).is_err() {
            assert!(matches!(save_atomically(&path, "two"), Err(SaveError::Folder(_))));
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(["one", "two"].contains(&fs::read_to_string(&path).unwrap().as_str()));
        let words = explain(&path, io::ErrorKind::StorageFull.into()).to_string();
        assert!(words.contains("disk is full"), "{words}");
    }
}
