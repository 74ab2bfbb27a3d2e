//! Opening the window, or, where there is no display, saying so and running headless.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::{self, Backend, FileAccess, Opening, Origin, Shot, StateDirs, WindowError};
use crate::control::{Command, Snapshot};
use crate::runtime::{self, Handle, Options};
use crate::telemetry::Span;
use crate::topology::builtin;

use super::{RunArguments, complain, exit, input, run};

/// Arguments of the window.
#[derive(Debug, clap::Args)]
pub(super) struct WindowArguments {
    /// Begin the experiment at once, as if its button had been clicked.
    #[arg(long)]
    experiment: bool,

    /// Save the report of each run that is stopped or ends here, as JSON.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,

    /// Make a picture of the window: SECONDS:FILE.png after it opened. May be given several times.
    #[arg(long = "shot", value_name = "SECONDS:FILE.png", value_parser = shot, hide = true)]
    shots: Vec<Shot>,
}

fn shot(text: &str) -> Result<Shot, String> {
    let (at_s, path) = text.split_once(':').ok_or("write SECONDS:FILE.png")?;
    let at_s = at_s.parse().map_err(|_| format!("{at_s:?} is no number of seconds"))?;
    Ok(Shot { at_s, path: PathBuf::from(path) })
}

/// Opens the window on a preset. The error is the exit code.
pub(super) fn open(preset: &str, arguments: WindowArguments) -> Result<(), u8> {
    if !has_display() {
        input::read(preset).map_err(|refusal| refusal.complain())?;
        return headless(preset, arguments.report, "none is set");
    }
    let (document, shared) = input::read_lenient(preset).map_err(|refusal| refusal.complain())?;
    let origin = origin(preset, shared);
    let report = arguments.report.clone();
    let WindowArguments { experiment, report: saved, shots } = arguments;
    let opening = Opening {
        preset: Some((document, origin)),
        shots,
        files: FILES,
        report: saved,
        experiment,
        state: StateDirs::of_this_user(),
    };
    match app::run(opening, connect) {
        Ok(()) => Ok(()),
        Err(WindowError::NoDisplay(reason)) => headless(preset, report, &reason),
        Err(error @ WindowError::Lost { .. }) => {
            complain(&error.to_string());
            if let WindowError::Lost { kept: Some(path), .. } = error {
                complain(&format!("unsaved work is in {}; the next window offers to restore it", path.display()));
            }
            Err(exit::COULD_NOT_RUN)
        }
        Err(error @ WindowError::NoBackend(_)) => {
            complain(&error.to_string());
            Err(exit::COULD_NOT_RUN)
        }
    }
}

/// Where a preset comes from. A file that holds a shared text is a letter, not a place to save to.
fn origin(preset: &str, shared: bool) -> Origin {
    if preset == "-" || shared {
        Origin::Elsewhere
    } else if builtin::by_name(preset).is_some() && !Path::new(preset).exists() {
        Origin::Builtin(preset.to_owned())
    } else {
        Origin::File(PathBuf::from(preset))
    }
}

fn headless(preset: &str, report: Option<PathBuf>, reason: &str) -> Result<(), u8> {
    complain(&format!("no display to open a window on ({reason}), so {preset} runs headless"));
    run::run(&RunArguments { preset: preset.to_owned(), report, ..RunArguments::default() })
}

/// Whether it is worth trying to open a window. Elsewhere than on Linux a session has a display.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET")
}

/// How the window reaches files.
const FILES: FileAccess = FileAccess {
    read: |path, most| runtime::read_bounded(path, most).map_err(|error| error.to_string()),
    save: |path, text| runtime::save_atomically(path, text).map_err(|error| error.to_string()),
};

/// Starts the runtime behind the window, which is drawn again when there is news.
fn connect(context: egui::Context) -> io::Result<Box<dyn Backend>> {
    let mut options = Options::this_program()?;
    let woken = context.clone();
    options.on_change = Box::new(move || woken.request_repaint());
    Ok(Box::new(Behind { handle: Handle::start(options)?, context }))
}

/// A runtime behind the window.
struct Behind {
    handle: Handle,
    context: egui::Context,
}

impl Backend for Behind {
    fn send(&self, command: Command) {
        self.handle.send(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    fn take_spans(&self) -> Vec<Span> {
        self.handle.take_spans()
    }

    fn beside(&self) -> io::Result<Box<dyn Backend>> {
        connect(self.context.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::format::share;

    #[test]
    fn what_is_in_no_file_of_its_own_comes_from_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let text = builtin::by_name("one-server").unwrap().text;
        let origin_of = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let path = path.to_str().unwrap();
            let (document, shared) = input::read_lenient(path).unwrap();
            assert_eq!(document.preset().title, "One server");
            (origin(path, shared), Origin::File(PathBuf::from(path)))
        };
        let (letter, _) = origin_of("letter.txt", &share::encode(text));
        assert_eq!(letter, Origin::Elsewhere);
        let (file, expected) = origin_of("a.toml", text);
        assert_eq!(file, expected);
        assert_eq!(origin("-", false), Origin::Elsewhere);
        assert_eq!(origin("one-server", false), Origin::Builtin("one-server".to_owned()));
    }
}
