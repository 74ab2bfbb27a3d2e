//! A display without a screen, and the program with its window on it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use brownout::app::STATE_DIR;
use egui::{Pos2, Rect, vec2};

use super::live::PATIENCE;
use super::program::BROWNOUT;

/// Sends WM_DELETE_WINDOW to a window; xdotool can only destroy it.
const ASK_TO_CLOSE: &str = r#"
import ctypes, sys
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = x.XInternAtom.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
atom = lambda name: x.XInternAtom(display, name, 0)
class Message(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("sent", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message", ctypes.c_ulong), ("format", ctypes.c_int),
                ("data", ctypes.c_long * 5), ("rest", ctypes.c_long * 24)]
window = int(sys.argv[1])
data = (ctypes.c_long * 5)(atom(b"WM_DELETE_WINDOW"))
message = Message(33, 0, 1, display, window, atom(b"WM_PROTOCOLS"), 32, data)
x.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
x.XFlush(display)
x.XCloseDisplay(display)
"#;

/// A program that is ended with the test.
pub(crate) struct Ended(pub(crate) Child);

impl Ended {
    /// What it wrote to standard error, and its exit code, once it has ended.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.0.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(Instant::now() < deadline, "waited in vain until the program ended"),
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let mut said = String::new();
        std::io::Read::read_to_string(self.0.stderr.as_mut().unwrap(), &mut said).unwrap();
        (status.code(), said)
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let status = self.0.wait();
        if std::thread::panicking()
            && let Some(errors) = &mut self.0.stderr
        {
            let mut said = String::new();
            let _ = std::io::Read::read_to_string(errors, &mut said);
            let _ = writeln!(std::io::stderr(), "it ended with {status:?} and had said: {said}");
        }
    }
}

/// An X server without a screen, on a display number that it chose itself.
pub(crate) struct Display {
    name: String,
    server: Ended,
}

impl Display {
    /// Servers that choose a number at the same moment may choose the same one, and one of them ends: so they start one
    /// after the other, and one that does not answer is replaced.
    pub(crate) fn open() -> Self {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        (0..5).find_map(|_| Self::start()).expect("a display that answers")
    }

    /// Without `-noreset` the server begins anew whenever its last client leaves. Each question of xdotool is such a
    /// client: a program that connects at that moment is thrown out, and takes it that there is no display.
    fn start() -> Option<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by tests/run");
        let mut number = String::new();
        let output = server.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut number).unwrap();
        let display = Self { name: format!(":{}", number.trim()), server: Ended(server) };
        (display.xdotool(&["getdisplaygeometry"]) == "1280 800").then_some(display)
    }

    pub(crate) fn xdotool(&self, arguments: &[&str]) -> String {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.name).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A click as a hand does it: there, a moment, down, a moment, up. The moments are part of the gesture.
    pub(crate) fn click(&self, at: Pos2) {
        let (x, y) = (at.x.round().to_string(), at.y.round().to_string());
        self.xdotool(&["mousemove", &x, &y, "sleep", "0.3", "mousedown", "1", "sleep", "0.1", "mouseup", "1"]);
    }

    /// The program with its window here. Whatever it keeps, it keeps in this folder.
    pub(crate) fn brownout(&self, state: &Path, arguments: &[&str]) -> Ended {
        let app = Command::new(BROWNOUT)
            .args(arguments)
            .env("DISPLAY", &self.name)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env(STATE_DIR, state)
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Ended(app)
    }

    /// Asks the program to close its window, as the cross of a window manager does.
    pub(crate) fn ask_to_close(&self) {
        let asked =
            Command::new("python3").args(["-c", ASK_TO_CLOSE, &self.window()]).env("DISPLAY", &self.name).status();
        assert!(asked.unwrap().success());
    }

    /// Takes the display away.
    pub(crate) fn close(mut self) {
        self.server.0.kill().unwrap();
        self.server.0.wait().unwrap();
    }

    /// A card that is dragged downwards, by its upper left corner.
    pub(crate) fn drag_down(&self, card: Rect) {
        let from = card.left_top() + vec2(20.0, 6.0);
        self.drag(from, from + vec2(0.0, 60.0));
    }

    /// A drag as a hand does it: down, a few steps on the way, up.
    pub(crate) fn drag(&self, from: Pos2, to: Pos2) {
        let mut arguments = Vec::new();
        for (share, then) in [(0.0, "mousedown"), (0.3, ""), (0.6, ""), (1.0, ""), (1.0, "mouseup")] {
            let at = (from + (to - from) * share).round();
            arguments.extend(["mousemove".to_owned(), at.x.to_string(), at.y.to_string()]);
            arguments.extend(["sleep".to_owned(), "0.25".to_owned()]);
            if !then.is_empty() {
                arguments.extend([then.to_owned(), "1".to_owned(), "sleep".to_owned(), "0.25".to_owned()]);
            }
        }
        self.xdotool(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// The number of the program's window.
    pub(crate) fn window(&self) -> String {
        let windows = self.xdotool(&["search", "--onlyvisible", "--name", "Brownout"]);
        windows.lines().next().unwrap_or_default().to_owned()
    }

    /// A key, for the program's window.
    pub(crate) fn key(&self, key: &str) {
        self.xdotool(&["windowfocus", "--sync", &self.window(), "sleep", "0.3", "key", key]);
    }

    /// The title of the program's window.
    pub(crate) fn title(&self) -> String {
        let window = self.window();
        if window.is_empty() { window } else { self.xdotool(&["getwindowname", &window]) }
    }

    pub(crate) fn until_title(&self, what: &str, look: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let title = self.title();
            if look(&title) {
                return title;
            }
            assert!(Instant::now() < deadline, "waited in vain until {what}: the window says {title:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Looks again and again until something is found.
pub(crate) fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
