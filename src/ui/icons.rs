//! The scene's small pictures in the window.

use egui::{Color32, Painter, Rect, Shape};

use super::canvas::painter::{self, Transform};
use crate::scene::draw::icons;
use crate::scene::{self, Ink, Sheet};

pub(crate) use icons::{Icon, of};

/// Draws a picture into a square.
pub(crate) fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    painter.extend(shapes(painter, icon, rect, colour));
}

/// A picture in a square, as shapes.
pub(crate) fn shapes(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) -> Vec<Shape> {
    let mut sheet = Sheet::default();
    icons::draw(&mut sheet, icon, &scene::Rect::new(0.0, 0.0, rect.width(), rect.height()), Ink::Text);
    painter::shapes(painter, &sheet, Transform { origin: rect.min, zoom: 1.0 }, |_| colour)
}
