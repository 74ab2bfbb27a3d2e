//! Sharing: the document as one line of text on the clipboard, and such a text pasted onto the canvas.

use super::App;

impl App {
    /// Copies the document as one line of text.
    pub(super) fn share(&mut self) {
        self.context.copy_text(self.draft.text());
    }

    /// Takes in what was pasted onto the canvas.
    pub(super) fn paste(&mut self, _text: &str) {}
}
