//! Sharing: the document as one line of text on the clipboard, such a text pasted onto the canvas, and files that are
//! dropped onto the window.

use super::App;
use super::documents::Intent;

impl App {
    /// Copies the document as one line of text.
    pub(super) fn share(&mut self) {
        self.context.copy_text(self.draft.text());
    }

    /// Takes in what was pasted onto the canvas.
    pub(super) fn paste(&mut self, _text: &str) {}

    /// Opens a file that was dropped onto the window.
    pub(super) fn look_at_dropped(&mut self) {
        let dropped = self.context.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(first) = dropped.first() else { return };
        self.want(Intent::Open(first.path().to_owned()));
        if dropped.len() > 1 {
            let name = first.path().file_name().unwrap_or_default().to_string_lossy();
            self.tell(
                format!("A window shows one preset, so of {} files only {name} was opened", dropped.len()),
                false,
            );
        }
    }
}
