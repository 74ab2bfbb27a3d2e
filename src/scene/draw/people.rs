//! Users as figures: the same number as their session's mark, a basket, and what was done to them.

use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Paint, Pen, Sheet, Side};
use crate::scene::people::{self, MOST_FIGURES};
use crate::scene::{Card, Figure, Mood};

use super::icons::{self, Icon};
use super::{Frame, lamps, text};

/// The width that the measures below are of.
const WIDTH: f32 = 46.0;

/// The largest number that fits a figure.
const LARGEST: f32 = 14.0;

/// Draws the figures of a users card.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card) {
    let Some(users) = frame.preset.topology.node(&card.node).and_then(|node| node.users()) else { return };
    let figures = people::figures(&frame.preset.topology, &card.node, users.users, frame.shown, frame.losses);
    for (figure, place) in figures.iter().zip(&card.figures) {
        if frame.emphasis.users.contains(&(card.node.clone(), figure.user)) {
            sheet.rect(place.shrunk(0.5), 7.0, Ink::Accent.at(0.14), Pen::new(2.0, Ink::Accent));
        }
        one(sheet, place, figure, frame.legible(frame.letters(text::MARK), LARGEST).min(LARGEST));
    }
    if users.users > MOST_FIGURES {
        let more = format!("and {} more; the hurt are always among those shown", users.users - MOST_FIGURES);
        let at = Point::new(card.rect.center().x, card.lamps.min.y - 10.0);
        sheet.text(at, Side::Middle, more, text::SMALL, Ink::Faint, card.rect.size.w - 16.0);
    }
    lamps::draw(sheet, frame, users, &card.lamps);
}

/// Draws a figure into its place.
fn one(sheet: &mut Sheet, place: &Rect, figure: &Figure, letters: f32) {
    let unit = place.size.w / WIDTH;
    let at = |x: f32, y: f32| Point::new(place.min.x + x * unit, place.min.y + y * unit);
    let (fill, edge, number): (Option<Paint>, Ink, Ink) = match figure.mood {
        Mood::In => (Some(Ink::Session.at(1.0)), Ink::Session, Ink::OnSession),
        Mood::Out => (None, Ink::LineStrong, Ink::Faint),
        Mood::Unaware => (Some(Ink::Card.at(1.0)), Ink::Failed, Ink::Failed),
        Mood::LoggedOut => (Some(Ink::HarmFace.at(1.0)), Ink::Failed, Ink::Failed),
    };
    let pen = Pen::new(if figure.mood == Mood::In { 1.4 } else { 1.8 } * unit, edge);
    sheet.circle(at(15.0, 10.0), 5.6 * unit, fill, pen);
    let body = Rect::new(at(4.5, 18.0).x, at(4.5, 18.0).y, 21.0 * unit, 21.0 * unit);
    sheet.rect(body, 6.5 * unit, fill, pen);
    sheet.text(body.center(), Side::Middle, figure.user, letters * unit, number, body.size.w);
    if figure.hurt {
        notch(sheet, &body, unit);
    }
    belongings(sheet, &at, unit, figure, letters);
}

/// A notch in the corner: this one was hit, and it stays to be seen.
pub(super) fn notch(sheet: &mut Sheet, body: &Rect, unit: f32) {
    let (x, y) = (body.min.x, body.bottom());
    let corner = |dx: f32, dy: f32| Point::new(x + dx * unit, y + dy * unit);
    let edge = Pen::new(1.2 * unit, Ink::Card);
    // As large as the number leaves room for: it is looked for from the back of the room, long after.
    sheet.polygon(vec![corner(-3.0, 3.5), corner(12.5, 3.5), corner(-3.0, -12.0)], Ink::Failed.at(1.0), edge);
}

/// What a user has in hand: a basket with its count, an open door, a question, a key.
fn belongings(sheet: &mut Sheet, at: &impl Fn(f32, f32) -> Point, unit: f32, figure: &Figure, letters: f32) {
    let mut icon = |icon: Icon, x: f32, y: f32, side: f32, ink: Ink| {
        let corner = at(x, y);
        icons::draw(sheet, icon, &Rect::new(corner.x, corner.y, side * unit, side * unit), ink);
    };
    match figure.mood {
        Mood::LoggedOut => icon(Icon::Door, 28.5, 18.0, 14.0, Ink::Failed),
        Mood::Unaware => icon(Icon::Basket, 29.0, 18.0, 13.0, Ink::Faint),
        Mood::In => icon(Icon::Basket, 29.0, 18.0, 13.0, Ink::Text),
        Mood::Out => {}
    }
    // Below the figure: beside the head is said what was lost.
    if figure.key {
        icon(Icon::Key, 8.5, 39.5, 14.0, Ink::Session);
    }
    if matches!(figure.mood, Mood::In | Mood::Unaware | Mood::LoggedOut) {
        sheet.text(at(35.5, 38.5), Side::Middle, figure.basket, letters * unit, Ink::Text, None);
    }
    if let Some(items) = figure.just_lost {
        sign(sheet, at(34.5, 8.5), unit, &format!("−{items}"));
    } else if figure.mood == Mood::Unaware {
        sign(sheet, at(35.5, 8.5), unit, "?");
    }
}

/// A few letters on a face in the colour of harm, to be seen where the letters cannot be read.
fn sign(sheet: &mut Sheet, at: Point, unit: f32, letters: &str) {
    let (w, h) = ((7.0 + 6.5 * letters.chars().count() as f32).max(14.0) * unit, 14.0 * unit);
    sheet.rect(Rect::new(at.x - w / 2.0, at.y - h / 2.0, w, h), h / 2.0, Ink::Failed.at(1.0), None);
    sheet.text(at, Side::Middle, letters, 12.5 * unit, Ink::OnFailed, None);
}
