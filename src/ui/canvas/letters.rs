//! Words laid out, kept for as long as they may be needed again. To shape a few letters costs as much as to draw hundreds
//! of shapes, and egui forgets what one frame does not ask for. On a drawing that tells of a run the same few hundred words
//! and numbers come again and again, so that news of the run need not lay anything out.

use std::collections::HashMap;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontFamily, FontId, Galley, Painter, Stroke};

/// With more words than this all are forgotten, and those that are needed laid out again.
const MOST: usize = 8_000;

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Style {
    /// The size of the letters in points, as bits.
    size: u32,
    colour: Color32,
    struck: bool,
    /// The room that they have, in points, as bits.
    room: Option<u32>,
}

impl Style {
    pub(super) fn new(size: f32, colour: Color32, struck: bool, room: Option<f32>) -> Self {
        Self { size: size.to_bits(), colour, struck, room: room.map(f32::to_bits) }
    }

    fn format(&self) -> TextFormat {
        let size = f32::from_bits(self.size);
        let strikethrough = if self.struck { Stroke::new((size * 0.1).max(1.0), self.colour) } else { Stroke::NONE };
        let font_id = FontId::new(size, FontFamily::Proportional);
        TextFormat { font_id, color: self.colour, strikethrough, ..TextFormat::default() }
    }
}

/// The words that are known.
#[derive(Debug, Default)]
pub(super) struct Letters {
    known: HashMap<Style, HashMap<String, Arc<Galley>>>,
    count: usize,
}

impl Letters {
    /// Forgets all words: egui has thrown away the pictures of their letters.
    pub(super) fn forget(&mut self) {
        (self.known, self.count) = Default::default();
    }

    /// Words in one line, cut where they have too little room.
    pub(super) fn line(&mut self, painter: &Painter, words: &str, style: Style) -> Arc<Galley> {
        if let Some(galley) = self.known.get(&style).and_then(|known| known.get(words)) {
            return Arc::clone(galley);
        }
        if self.count >= MOST {
            self.forget();
        }
        let galley = joint(painter, [(words, style)], style.room.map(f32::from_bits));
        self.known.entry(style).or_default().insert(words.to_owned(), Arc::clone(&galley));
        self.count += 1;
        galley
    }
}

/// Words in several styles in one line, cut where all of them together have too little room.
pub(super) fn joint<'a>(
    painter: &Painter,
    runs: impl IntoIterator<Item = (&'a str, Style)>,
    room: Option<f32>,
) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    if let Some(room) = room {
        job.wrap = TextWrapping::truncate_at_width(room);
    }
    for (words, style) in runs {
        job.append(words, 0.0, style.format());
    }
    painter.layout_job(job)
}
