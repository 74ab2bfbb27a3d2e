//! Pictures that the program makes of its own window, for the documentation.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::icon_data::IconDataExt;

/// One picture to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// When: seconds since the window opened.
    pub at_s: f64,
    /// Where to: a PNG file.
    pub path: PathBuf,
}

/// The pictures that are still to be made.
#[derive(Debug, Default)]
pub(super) struct Shots {
    waiting: Vec<Shot>,
}

impl Shots {
    /// Will make these.
    pub(super) fn new(mut waiting: Vec<Shot>) -> Self {
        waiting.sort_by(|a, b| b.at_s.total_cmp(&a.at_s));
        Self { waiting }
    }

    /// Asks for the pictures that are due, and for a frame when the next one is.
    pub(super) fn advance(&mut self, context: &egui::Context) {
        let now_s = context.input(|input| input.time);
        while let Some(shot) = self.waiting.pop_if(|shot| shot.at_s <= now_s) {
            context.request_screenshot(move |image| write(&shot.path, &image));
        }
        if let Some(next) = self.waiting.last() {
            context.request_repaint_after_secs((next.at_s - now_s).max(0.0) as f32);
        }
    }
}

fn write(path: &std::path::Path, image: &Arc<egui::ColorImage>) {
    let [width, height] = image.size;
    let rgba = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    let picture = egui::IconData { rgba, width: width as u32, height: height as u32 };
    // The documentation's build checks that its pictures are there; the window has nobody to tell.
    if let Ok(png) = picture.to_png_bytes() {
        let _ = std::fs::write(path, png);
    }
}
