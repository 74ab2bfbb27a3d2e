//! The places for unsaved work, numbered: `window-3.toml` beside `window-3.lock`. Whoever holds the lock has the place.
//! Lock files stay, so that nobody ever holds the lock of a file that is gone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// So many windows at once, with what crashed ones left, have a place.
const MOST: u32 = 64;

/// One place, held by this process until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    number: u32,
    /// The system gives it back when the process ends.
    _lock: File,
}

impl Place {
    /// The file for the work.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.join(format!("window-{}.toml", self.number))
    }

    /// Takes the place of this number, if nobody has it.
    fn take(folder: &Path, number: u32) -> io::Result<Option<Self>> {
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(format!("window-{number}.lock")))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { folder: folder.to_owned(), number, _lock: lock })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }
}

/// A free place for this window, and every place with work that nobody has.
pub(super) fn find(folder: &Path) -> io::Result<(Place, Vec<Place>)> {
    make_private(folder)?;
    let (mut own, mut left) = (None, Vec::new());
    for number in 1..=MOST {
        let known = folder.join(format!("window-{number}.lock")).exists();
        if !known && own.is_some() {
            continue;
        }
        let Some(place) = Place::take(folder, number)? else { continue };
        if place.file().exists() {
            left.push(place);
        } else if own.is_none() {
            own = Some(place);
        }
    }
    let full = || io::Error::other(format!("{MOST} windows have unsaved work there already"));
    Ok((own.ok_or_else(full)?, left))
}

/// Makes the folder, for this user alone.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_places_of_their_own_and_find_what_nobody_has() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("a/b");
        let (one, left) = find(&folder).unwrap();
        let (two, _) = find(&folder).unwrap();
        assert_ne!(one.file(), two.file());
        assert!(left.is_empty());
        fs::write(one.file(), "work of one").unwrap();
        fs::write(two.file(), "work of two").unwrap();
        let (three, left) = find(&folder).unwrap();
        assert!(left.is_empty() && ![one.file(), two.file()].contains(&three.file()));
        let crashed = one.file();
        drop(one);
        let (_, left) = find(&folder).unwrap();
        assert_eq!(left.iter().map(Place::file).collect::<Vec<_>>(), std::slice::from_ref(&crashed));
        // While it is offered here, it is offered nowhere else.
        assert!(find(&folder).unwrap().1.is_empty());
        drop(left);
        assert_eq!(find(&folder).unwrap().1.len(), 1);
        fs::remove_file(crashed).unwrap();
        assert!(find(&folder).unwrap().1.is_empty());
    }

    #[test]
    fn when_every_place_is_taken_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let places: Vec<_> = (0..MOST).map(|_| find(folder.path()).unwrap().0).collect();
        assert!(find(folder.path()).unwrap_err().to_string().contains("64"));
        drop(places);
        assert!(find(folder.path()).is_ok());
    }
}
