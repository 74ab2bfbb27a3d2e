//! The thread that keeps unsaved work on the disk, and how the window looks. The window only says what is to be kept; what
//! is newer takes the place of what still waits, so nothing piles up.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::app::disk::FileAccess;
use crate::app::draft;
use crate::app::remembered::Remembered;
use crate::app::state::StateDirs;
use crate::topology::format::{self, LONGEST_FILE};

use super::place::{self, Place};
use super::{Found, Work, file};

/// So long after an edit it is written, with all that came after it.
const SOON: Duration = Duration::from_millis(1000);
/// So long the window waits at its end for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most news that wait for the window.
const MOST_NEWS: usize = 4;

/// What the window hears from the thread.
#[derive(Debug)]
pub(in crate::app) enum News {
    /// Crashed windows left this.
    Found(Vec<Found>),
    /// These of the files that were open last are not there.
    Missing(Vec<PathBuf>),
    /// Something cannot be kept, and this is why. Each kind is told once.
    Trouble(String),
}

/// What is to become of the place.
#[derive(Debug)]
enum Wish {
    /// Write this there.
    Keep(Box<Work>),
    /// Nothing is unsaved: leave nothing there.
    Forget,
}

/// What there is to do, taken out of the slot.
#[derive(Debug)]
struct Turn {
    adopted: Option<Box<Found>>,
    wish: Option<Wish>,
    window: Option<Remembered>,
}

#[derive(Debug, Default)]
struct Slot {
    /// Have the place of what was found, and leave the one so far. Before the wish.
    adopted: Option<Box<Found>>,
    wish: Option<Wish>,
    window: Option<Remembered>,
    /// What waits is to be written now.
    hurry: bool,
    busy: bool,
    /// The file that holds unsaved work now.
    kept: Option<PathBuf>,
    /// The window is gone.
    ended: bool,
    /// The thread is gone, too.
    gone: bool,
}

#[derive(Debug, Default)]
struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.adopted.is_none() && self.wish.is_none() && self.window.is_none()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, change: impl FnOnce(&mut Slot)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

/// Sees to it that what waits is written before the process ends.
#[derive(Debug, Clone)]
pub(in crate::app) struct Watch(Arc<Shared>);

impl Watch {
    /// Writes what waits, and says which file holds unsaved work then.
    pub(in crate::app) fn flush(&self) -> Option<PathBuf> {
        self.0.set(|slot| slot.hurry = true);
        let waits = |slot: &mut Slot| !slot.ended && (slot.busy || !slot.is_empty());
        let slot = self.0.changed.wait_timeout_while(self.0.lock(), PATIENCE, waits);
        let (mut slot, _) = slot.unwrap_or_else(PoisonError::into_inner);
        slot.hurry = false;
        slot.kept.clone()
    }
}

/// Keeps unsaved work as long as it is unsaved.
#[derive(Debug)]
pub(in crate::app) struct Keeper {
    shared: Arc<Shared>,
    news: Receiver<News>,
}

impl Keeper {
    /// A keeper for one window, which is woken when there is news.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(in crate::app) fn start(
        state: StateDirs,
        files: FileAccess,
        recent: Vec<PathBuf>,
        context: egui::Context,
    ) -> io::Result<Self> {
        let (sender, news) = sync_channel(MOST_NEWS);
        let shared = Arc::new(Shared::default());
        shared.lock().busy = true;
        let mut thread =
            Thread { shared: Arc::clone(&shared), state, files, place: None, news: sender, context, told: [false; 2] };
        std::thread::Builder::new().name("keeper".to_owned()).spawn(move || {
            thread.run(recent);
            drop(thread.place);
            thread.shared.set(|slot| slot.gone = true);
        })?;
        Ok(Self { shared, news })
    }

    /// What was found or went wrong.
    pub(in crate::app) fn news(&self) -> Option<News> {
        self.news.try_recv().ok()
    }

    /// This is unsaved.
    pub(in crate::app) fn keep(&self, work: Work) {
        self.shared.set(|slot| slot.wish = Some(Wish::Keep(Box::new(work))));
    }

    /// Nothing is unsaved any more.
    pub(in crate::app) fn forget(&self) {
        self.shared.set(|slot| slot.wish = Some(Wish::Forget));
    }

    /// What was found is this window's work now.
    pub(in crate::app) fn adopt(&self, found: Found) {
        self.shared.set(|slot| slot.adopted = Some(Box::new(found)));
    }

    /// The window looks like this.
    pub(in crate::app) fn remember(&self, window: Remembered) {
        self.shared.set(|slot| slot.window = Some(window));
    }

    /// Something that outlives the keeper and can still have everything written.
    pub(in crate::app) fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.shared))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.watch().flush();
        self.shared.set(|slot| slot.ended = true);
        // The place is free again when this returns, unless the disk hangs.
        drop(self.shared.changed.wait_timeout_while(self.shared.lock(), PATIENCE, |slot| !slot.gone));
    }
}

/// What there is to be told about once.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Work,
    Window,
}

struct Thread {
    shared: Arc<Shared>,
    state: StateDirs,
    files: FileAccess,
    place: Option<Place>,
    news: SyncSender<News>,
    context: egui::Context,
    told: [bool; 2],
}

impl Thread {
    fn run(&mut self, mut recent: Vec<PathBuf>) {
        self.look_around();
        recent.retain(|path| !path.exists());
        if !recent.is_empty() {
            self.tell(News::Missing(recent));
        }
        while let Some(turn) = self.next() {
            if let Some(found) = turn.adopted {
                let kept = Some(found.path());
                self.place = Some(found.into_place());
                self.shared.set(|slot| slot.kept = kept);
            }
            if let Some(wish) = turn.wish {
                let kept = self.carry_out(wish);
                self.shared.set(|slot| slot.kept = kept);
            }
            if let Some(window) = turn.window
                && let Err(error) = window.write(&self.state.window(), self.files)
            {
                self.complain(Kind::Window, format!("How the window looks cannot be remembered: {error}"));
            }
        }
    }

    /// What to do next, once it is time; `None` at the end.
    fn next(&self) -> Option<Turn> {
        let mut slot = self.shared.lock();
        slot.busy = false;
        self.shared.changed.notify_all();
        let nothing = |slot: &mut Slot| !slot.ended && slot.is_empty();
        slot = self.shared.changed.wait_while(slot, nothing).unwrap_or_else(PoisonError::into_inner);
        let early = |slot: &mut Slot| {
            let can_wait = slot.adopted.is_none() && !matches!(slot.wish, Some(Wish::Forget));
            can_wait && !slot.hurry && !slot.ended
        };
        let waited = self.shared.changed.wait_timeout_while(slot, SOON, early);
        (slot, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if slot.ended {
            return None;
        }
        slot.busy = true;
        Some(Turn { adopted: slot.adopted.take(), wish: slot.wish.take(), window: slot.window.take() })
    }

    /// Finds a place for this window, and what others left.
    fn look_around(&mut self) {
        let found = place::find(&self.state.recovery());
        let left = match found {
            Ok((own, left)) => {
                self.place = Some(own);
                left
            }
            Err(error) => {
                let folder = self.state.recovery();
                self.complain(Kind::Work, format!("{} cannot be used: {error}", folder.display()));
                return;
            }
        };
        let read = |place: Place| {
            let when = fs::metadata(place.file()).and_then(|metadata| metadata.modified());
            let bytes = (self.files.read)(&place.file(), 2 * LONGEST_FILE);
            Found {
                kept: bytes.and_then(|bytes| file::read(&bytes)).map(Box::new),
                when: when.ok().and_then(|when| when.elapsed().ok()).map(ago).unwrap_or_default(),
                place,
            }
        };
        if !left.is_empty() {
            self.tell(News::Found(left.into_iter().map(read).collect()));
        }
    }

    /// Does what is wished, and says which file holds unsaved work then.
    fn carry_out(&mut self, wish: Wish) -> Option<PathBuf> {
        match wish {
            Wish::Forget => {
                let file = self.place.as_ref()?.file();
                match fs::remove_file(&file) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => Some(file),
                    _ => None,
                }
            }
            Wish::Keep(work) => {
                let file = self.place.as_ref()?.file();
                let text = draft::text(work.document.as_deref(), &work.preset);
                if text.len() > LONGEST_FILE {
                    self.complain(Kind::Work, format::too_long(text.len()).message);
                }
                if let Err(error) = (self.files.save)(&file, &file::write(&work.origins, &text)) {
                    self.complain(Kind::Work, error);
                }
                file.exists().then_some(file)
            }
        }
    }

    /// Tells of trouble, once.
    fn complain(&mut self, kind: Kind, message: String) {
        if std::mem::replace(&mut self.told[kind as usize], true) {
            return;
        }
        self.tell(News::Trouble(match kind {
            Kind::Work => format!("Unsaved work would not survive a crash: {message}"),
            Kind::Window => message,
        }));
    }

    fn tell(&self, news: News) {
        // With each kind told once there is always room.
        let _ = self.news.try_send(news);
        self.context.request_repaint();
    }
}

/// How long ago something was, in words.
fn ago(time: Duration) -> String {
    let count = |number: u64, unit: &str| format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" });
    match time.as_secs() {
        0..=59 => "less than a minute ago".to_owned(),
        seconds @ 60..=3599 => count(seconds / 60, "minute"),
        seconds @ 3600..=86_399 => count(seconds / 3600, "hour"),
        seconds => count(seconds / 86_400, "day"),
    }
}
