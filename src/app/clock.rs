//! How much of the screen's time passes from one frame to the next: the toolkit's own time while frames are drawn and, while
//! the window is hidden, when that stands still, the machine's.

use std::time::Instant;

/// A longer step is no motion any more.
const MOST_S: f32 = 0.1;
/// While nobody looks, steps are as long as the picture can take them.
const MOST_HIDDEN_S: f32 = 0.25;

/// The window's clock.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Whether a frame was drawn since the last step.
    drawn: bool,
    last: Option<Instant>,
}

impl Clock {
    /// A frame is drawn.
    pub(super) fn draw(&mut self) {
        self.drawn = true;
    }

    /// Whether frames are drawn, as far as is known.
    pub(super) fn is_seen(&self) -> bool {
        self.drawn
    }

    /// The seconds since the last step.
    #[expect(clippy::disallowed_methods, reason = "the toolkit's time stands still while the window is hidden")]
    pub(super) fn step(&mut self, context: &egui::Context) -> f32 {
        let now = Instant::now();
        let before = self.last.replace(now);
        let hidden = before.filter(|_| !self.drawn).map(|before| now.duration_since(before).as_secs_f32());
        hidden.map_or_else(|| seconds(context), |seconds| seconds.min(MOST_HIDDEN_S))
    }

    /// Another frame begins.
    pub(super) fn begin(&mut self) {
        self.drawn = false;
    }
}

/// The seconds since the last frame by the toolkit's time.
pub(super) fn seconds(context: &egui::Context) -> f32 {
    context.input(|input| input.stable_dt.min(MOST_S))
}
