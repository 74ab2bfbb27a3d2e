//! What is remembered of the window from one time to the next: where it was, how it looked, and which files were open.
//! JSON in the user's own folder; what cannot be understood is left aside.

use std::path::{Path, PathBuf};

use egui::{Pos2, Rect, Vec2, ViewportInfo, pos2, vec2};
use serde::{Deserialize, Serialize};

use crate::ui::Look;
use crate::ui::files::Recent;

use super::disk::FileAccess;

/// So many files are remembered.
const MOST_FILES: usize = 10;
/// More than this is no file of ours.
const LONGEST: usize = 1 << 18;
/// No window is larger, in points.
const LARGEST: f32 = 16_000.0;
/// So much of the top of a window must be on a screen, so that a hand can get hold of it.
const GRIP: Vec2 = vec2(120.0, 30.0);

/// The window as it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Remembered {
    /// The inner size, in points.
    size: Option<[f32; 2]>,
    /// The outer place, in points.
    place: Option<[f32; 2]>,
    /// Whether it filled the screen.
    maximised: bool,
    /// What it showed.
    pub(super) look: Look,
    /// The files that were open, the newest first.
    pub(super) files: Vec<PathBuf>,
}

impl Remembered {
    /// What was remembered; nothing at the first time. The error says what is wrong with the file, and then nothing is
    /// remembered either.
    pub(super) fn read(path: &Path, files: FileAccess) -> (Self, Option<String>) {
        if !path.exists() {
            return (Self::default(), None);
        }
        let read = (files.read)(path, LONGEST)
            .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
        match read {
            Ok(remembered) => (Self::sane(remembered), None),
            Err(error) => {
                let message = format!("How the window looked is forgotten: {} cannot be read: {error}", path.display());
                (Self::default(), Some(message))
            }
        }
    }

    /// Without what no window can have.
    fn sane(mut self) -> Self {
        let sound = |pair: &[f32; 2]| pair.iter().all(|number| number.is_finite() && number.abs() <= LARGEST);
        self.size = self.size.filter(|size| sound(size) && size.iter().all(|&side| side >= 1.0));
        self.place = self.place.filter(sound);
        self.files.truncate(MOST_FILES);
        self
    }

    /// Writes it down. Files that another window has opened meanwhile are remembered, too.
    pub(super) fn write(&self, path: &Path, files: FileAccess) -> Result<(), String> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let mut whole = self.clone();
        for file in Self::read(path, files).0.files {
            if whole.files.len() < MOST_FILES && !whole.files.contains(&file) {
                whole.files.push(file);
            }
        }
        // A path that is no text cannot be written; the others can.
        whole.files.retain(|file| file.to_str().is_some());
        let text = serde_json::to_string_pretty(&whole).map_err(|error| error.to_string())?;
        (files.save)(path, &text)
    }

    /// Notes where the window is now; what the system does not say stays as it was.
    pub(super) fn note(&mut self, window: &ViewportInfo) {
        let maximised = window.maximized.unwrap_or(false) || window.fullscreen.unwrap_or(false);
        self.maximised = maximised;
        // A window that fills the screen or is an icon keeps the size that it goes back to.
        if maximised || window.minimized == Some(true) {
            return;
        }
        let whole = |vec: Vec2| [vec.x.round(), vec.y.round()];
        if let Some(inner) = window.inner_rect {
            self.size = Some(whole(inner.size()));
        }
        if let Some(outer) = window.outer_rect {
            self.place = Some(whole(outer.min.to_vec2()));
        }
    }

    /// Opens a window as it was.
    pub(super) fn place(&self, window: egui::ViewportBuilder) -> egui::ViewportBuilder {
        let window = window.with_clamp_size_to_monitor_size(true).with_maximized(self.maximised);
        let window = self.size.map_or(window.clone(), |size| window.with_inner_size(size));
        self.place.map_or(window.clone(), |place| window.with_position(place))
    }

    /// A file was opened or saved.
    pub(super) fn opened(&mut self, path: &Path) {
        self.files.retain(|file| file != path);
        self.files.insert(0, path.to_owned());
        self.files.truncate(MOST_FILES);
    }

    /// The files for the menu.
    pub(super) fn recent(&self, missing: &[PathBuf]) -> Vec<Recent> {
        let recent = |path: &PathBuf| Recent { missing: missing.contains(path), path: path.clone() };
        self.files.iter().map(recent).collect()
    }
}

/// Where a window has to go to be seen; `None` when a hand can get hold of it where it is. All in pixels.
pub(super) fn back_on_screen(window: Rect, screens: &[Rect]) -> Option<Pos2> {
    let top = Rect::from_min_size(window.min, vec2(window.width(), GRIP.y));
    let reachable = |screen: &Rect| {
        let seen = top.intersect(*screen);
        seen.width() >= GRIP.x.min(window.width()) && seen.height() >= GRIP.y.min(window.height())
    };
    if screens.is_empty() || screens.iter().any(reachable) {
        return None;
    }
    let screen = screens[0];
    let room = (screen.size() - window.size()).max(Vec2::ZERO);
    Some(pos2(screen.left() + room.x / 2.0, screen.top() + room.y / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: FileAccess = FileAccess {
        read: |path, _| std::fs::read(path).map_err(|error| error.to_string()),
        save: |path, text| std::fs::write(path, text).map_err(|error| error.to_string()),
    };

    #[test]
    fn what_is_remembered_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/window.json");
        assert_eq!(Remembered::read(&path, FILES), (Remembered::default(), None));
        let mut window = Remembered { size: Some([900.0, 600.0]), maximised: true, ..Remembered::default() };
        window.look.build = true;
        window.opened(Path::new("/a.toml"));
        window.write(&path, FILES).unwrap();
        assert_eq!(Remembered::read(&path, FILES), (window, None));
    }

    #[test]
    fn rubbish_is_forgotten_with_one_message_and_impossible_sizes_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        for rubbish in ["", "{", "[1]", "{\"files\": 3}", "\u{0}\u{ffff}"] {
            std::fs::write(&path, rubbish).unwrap();
            let (window, said) = Remembered::read(&path, FILES);
            assert!(window == Remembered::default() && said.unwrap().contains("window.json"), "{rubbish}");
        }
        std::fs::write(&path, r#"{"size": [1e30, -4], "place": [1e9, 0], "later": {"a": 1}}"#).unwrap();
        assert_eq!(Remembered::read(&path, FILES), (Remembered::default(), None));
    }

    #[test]
    fn files_are_remembered_newest_first_once_and_ten_of_them_with_those_of_other_windows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        let (mut one, mut two) = (Remembered::default(), Remembered::default());
        two.opened(Path::new("/two.toml"));
        two.write(&path, FILES).unwrap();
        for name in ["/a.toml", "/b.toml", "/a.toml"] {
            one.opened(Path::new(name));
        }
        one.write(&path, FILES).unwrap();
        let (read, _) = Remembered::read(&path, FILES);
        assert_eq!(read.files, ["/a.toml", "/b.toml", "/two.toml"].map(PathBuf::from));
        (0..20).for_each(|number| one.opened(Path::new(&format!("/{number}.toml"))));
        assert_eq!((one.files.len(), one.files[0].clone()), (10, PathBuf::from("/19.toml")));
    }

    #[test]
    fn a_window_that_no_hand_can_reach_comes_back() {
        let at = |x: f32, y: f32| Rect::from_min_size(pos2(x, y), vec2(800.0, 600.0));
        let screens = [at(0.0, 0.0), at(800.0, 0.0)].map(|screen| Rect::from_min_size(screen.min, vec2(800.0, 640.0)));
        for seen in [at(0.0, 0.0), at(900.0, 600.0), at(-600.0, 10.0), at(1400.0, 0.0)] {
            assert_eq!(back_on_screen(seen, &screens), None, "{seen}");
        }
        for lost in [at(-790.0, 0.0), at(1590.0, 0.0), at(0.0, -200.0), at(0.0, 640.0), at(9000.0, 9000.0)] {
            assert_eq!(back_on_screen(lost, &screens), Some(pos2(0.0, 20.0)), "{lost}");
        }
    }
}
