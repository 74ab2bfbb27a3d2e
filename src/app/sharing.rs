//! Sharing: the document as one line of text on the clipboard, such a text pasted onto the canvas, and files that are
//! dropped onto the window.

use crate::scene::words::count;
use crate::topology::edit;
use crate::topology::format::{LONGEST_TEXT, share};

use super::documents::Intent;
use super::{App, answers, questions};

impl App {
    /// Copies the document as one line of text.
    pub(super) fn share(&mut self) {
        let text = self.draft.text();
        if text.len() > LONGEST_TEXT {
            let most = LONGEST_TEXT >> 20;
            return self.tell(format!("This is larger than {most} MiB, too large for a text: send it as a file"), true);
        }
        let text = share::encode(&text);
        let length = count(text.len() as u64, "character");
        let name = questions::name(&self.draft);
        self.tell(format!("Copied {name} as a text of {length}. Ctrl+V in another Brownout opens it"), false);
        self.context.copy_text(text);
    }

    /// Takes in what was pasted onto the canvas and is no part of the drawing: a shared preset, or a preset file.
    pub(super) fn paste(&mut self, text: &str) {
        match answers::read(text.as_bytes()) {
            Ok((document, _)) => self.want(Intent::Take(Box::new(document), None)),
            Err(_) if edit::is_copied(text) => self.tell("Nodes and notes are pasted in Build (B)", false),
            Err(problems) if share::is_share_text(text) => {
                self.tell(answers::spell("Cannot open", "what was pasted", &problems), true)
            }
            Err(_) => {
                self.tell("There is no preset on the clipboard, and nothing that was copied from a drawing", false)
            }
        }
    }

    /// Opens a file that was dropped onto the window.
    pub(super) fn look_at_dropped(&mut self) {
        let dropped = self.context.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(first) = dropped.first() else { return };
        self.want(Intent::Open(first.path().to_owned()));
        if dropped.len() > 1 {
            let name = first.path().file_name().unwrap_or_default().to_string_lossy();
            self.tell(format!("A window shows one preset, so of {} files only {name} is opened", dropped.len()), false);
        }
    }
}
