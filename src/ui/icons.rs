//! The scene's small pictures in the window.

use egui::{Color32, Painter, Rect};

use super::canvas::painter::{Transform, paint_in};
use crate::scene::draw::icons;
use crate::scene::{self, Ink, Sheet};

pub(crate) use icons::Icon;

/// Draws a picture into a square.
pub(crate) fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    let mut sheet = Sheet::default();
    icons::draw(&mut sheet, icon, &scene::Rect::new(0.0, 0.0, rect.width(), rect.height()), Ink::Text);
    paint_in(painter, &sheet, Transform { origin: rect.min, zoom: 1.0 }, |_| colour);
}
