//! The window on the real runtime, of which the test keeps an end to look and to wait for news.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use brownout::app::{App, Backend};
use brownout::control::{Command, Snapshot};
use brownout::runtime::{Handle, Options};
use brownout::telemetry::Span;
use egui::vec2;
use egui_kittest::Harness;

use super::program::BROWNOUT;
use crate::ui::Window;
use crate::ui::script::opening;

/// The real runtime.
#[derive(Clone)]
pub(crate) struct Shared(pub(crate) Rc<Handle>);

impl Shared {
    /// Starts it.
    pub(crate) fn start() -> Self {
        Self(Rc::new(Handle::start(Options::new(PathBuf::from(BROWNOUT))).unwrap()))
    }

    /// Opens a window on it, whose frames last this many seconds.
    pub(crate) fn window(&self, frame_s: f32) -> Harness<'static, Window> {
        let backend = self.clone();
        let frame = move |ui: &mut egui::Ui, app: &mut Window| {
            let app = app.get_or_insert_with(|| App::new(ui.ctx(), opening(), Box::new(backend.clone())));
            app.advance(ui.ctx());
            app.show(ui);
        };
        Harness::builder().with_size(vec2(1280.0, 800.0)).with_step_dt(frame_s).build_ui_state(frame, None)
    }
}

impl Backend for Shared {
    fn send(&self, command: Command) {
        self.0.send(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot()
    }

    fn take_spans(&self) -> Vec<Span> {
        self.0.take_spans()
    }

    fn beside(&self) -> std::io::Result<Box<dyn Backend>> {
        Ok(Box::new(Self::start()))
    }
}
