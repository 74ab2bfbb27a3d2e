//! The last words of a window whose display was taken away. X11's own library then ends the process by itself, on the
//! thread of the window, before anything here returns. What ends with that thread still ends in order, and so can speak.

use std::cell::RefCell;
use std::io::Write;

use super::Watch;

/// The exit code of a window that could not go on.
const COULD_NOT_RUN: i32 = 3;

thread_local! {
    static LAST_WORDS: RefCell<Option<LastWords>> = const { RefCell::new(None) };
}

/// Speaks when its thread ends, unless it was told not to.
#[derive(Debug)]
pub(in crate::app) struct LastWords(Option<Watch>);

impl LastWords {
    /// From now on this thread does not end without a word.
    pub(in crate::app) fn prepare(watch: Watch) {
        LAST_WORDS.set(Some(Self(Some(watch))));
    }

    /// The thread may end in silence again. What watches unsaved work, if it was prepared.
    pub(in crate::app) fn withdraw() -> Option<Watch> {
        LAST_WORDS.take()?.0.take()
    }
}

impl Drop for LastWords {
    fn drop(&mut self) {
        let Some(watch) = self.0.take() else { return };
        let kept = watch.flush();
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "brownout: the window was lost with its display");
        if let Some(path) = kept {
            let path = path.display();
            let _ = writeln!(stderr, "brownout: unsaved work is in {path}; the next window offers to restore it");
        }
        drop(stderr);
        std::process::exit(COULD_NOT_RUN);
    }
}
