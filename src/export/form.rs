//! The forms in which a preset leaves without being run. A new one is a file beside this one and a line in [`FORMS`].

use crate::topology::Preset;
use crate::topology::format::Document;

use super::png::PictureError;
use super::{Colours, handout, page, png, share, svg, toml};

/// What is exported, and how.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The file that was read.
    pub document: &'a Document,
    /// What to export: the file's preset, or that with changed settings.
    pub preset: &'a Preset,
    /// The colours of pictures.
    pub colours: Colours,
    /// How much larger than at zoom 1 pictures are.
    pub scale: f32,
}

impl Export<'_> {
    /// The drawing as an SVG document.
    pub(super) fn drawing(&self) -> String {
        let page = page::idle(self.preset);
        svg::write(page.size, &page.sheet, self.colours, self.scale)
    }
}

/// A form in which a preset leaves.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is good for, in a few words.
    pub about: &'static str,
    /// Whether it is text, so that a terminal can show it.
    pub is_text: bool,
    /// Writes it.
    pub write: fn(&Export<'_>) -> Result<Vec<u8>, PictureError>,
}

/// Every form.
pub const FORMS: [Form; 5] = [
    Form {
        name: "svg",
        about: "a picture of the drawing that can be enlarged",
        is_text: true,
        write: |export| Ok(export.drawing().into_bytes()),
    },
    Form {
        name: "png",
        about: "a picture of the drawing in pixels",
        is_text: false,
        write: |export| png::write(&export.drawing()),
    },
    Form {
        name: "toml",
        about: "the preset file, with what --set changes",
        is_text: true,
        write: |export| Ok(toml::write(export).into_bytes()),
    },
    Form {
        name: "share",
        about: "one line of text to send; Ctrl+V in the window opens it, and so do `check -` and `run -`",
        is_text: true,
        write: |export| Ok(share::write(export).into_bytes()),
    },
    Form {
        name: "handout",
        about: "a page for a class, as HTML that prints in grey",
        is_text: true,
        write: |export| Ok(handout::write(export.preset).into_bytes()),
    },
];

/// The form of this name.
pub fn by_name(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}
