//! Cards: their frames, titles and most telling setting.

use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::{HEADER, PAD};
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::scene::{Card, CardKind};
use crate::topology::edit::Item;
use crate::topology::{Affinity, Arrivals, DatabaseEngine, Engine, Node, Role, Sessions};

use crate::scene::words::plural;

use super::{Frame, Words, text};

/// Corner radius of cards.
pub(super) const RADIUS: f32 = 12.0;
/// The largest name that has room above a second line.
const LARGEST: f32 = 21.0;
/// The width that a card's kind takes beside its name.
const KIND: f32 = 74.0;

/// Draws a card's frame and header.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card) {
    let Some(node) = frame.preset.topology.node(&card.node) else { return };
    let rect = &card.rect;
    sheet.rect(
        Rect { min: Point::new(rect.min.x - 1.5, rect.min.y + 1.5), ..rect.shrunk(-1.5) },
        RADIUS + 1.5,
        Ink::Shadow.at(1.0),
        None,
    );
    let item = Item::Node(card.node.clone());
    let edge = if frame.emphasis.items.contains(&item) {
        Pen::new(frame.thick(2.5), Ink::Accent)
    } else if frame.emphasis.hovered.as_ref() == Some(&item) {
        Pen::new(frame.thick(1.5), Ink::LineStrong)
    } else {
        Pen::new(1.0, Ink::Line)
    };
    sheet.rect(*rect, RADIUS, Ink::Card.at(1.0), edge);
    let (left, right) = (rect.min.x + PAD + 2.0, rect.right() - PAD - 2.0);
    let room = right - left;
    // From further away names are larger, as far as the line below leaves room.
    let usual = frame.letters(text::TITLE);
    let title = frame.readable(usual).min(LARGEST.max(usual));
    let top = rect.min.y + 16.0;
    sheet.text(Point::new(left, top), Side::Left, &card.node, title, Ink::Text, room - frame.letters(KIND));
    sheet.text(
        Point::new(right, top),
        Side::Right,
        kind(card.kind, frame.words),
        frame.letters(text::SMALL),
        Ink::Faint,
        frame.letters(KIND),
    );
    let below = Point::new(left, rect.min.y + HEADER - 11.0);
    sheet.text(below, Side::Left, describe(node, frame), frame.letters(text::SMALL), Ink::Faint, room);
}

fn kind(kind: CardKind, words: Words<'_>) -> String {
    match kind {
        CardKind::Users => plural(words.user),
        CardKind::Gateway => words.gateway.to_owned(),
        CardKind::Service => words.service.to_owned(),
        CardKind::Cache => words.store.to_owned(),
        CardKind::Database => "database".to_owned(),
        CardKind::Program => "program".to_owned(),
    }
}

/// A node's most telling setting, in words.
fn describe(node: &Node, frame: &Frame<'_>) -> String {
    let words = frame.words;
    match &node.role {
        Role::Users(users) if frame.large => format!("{} people", users.users),
        Role::Users(users) => match users.arrivals {
            Arrivals::None => format!("{} people, a request every {} or so", users.users, users.think),
            rate @ Arrivals::Rate(_) => format!("{} people, {rate} in all", users.users),
        },
        Role::Gateway(gateway) => match gateway.affinity {
            Affinity::None => "any replica answers".to_owned(),
            Affinity::Cookie => "sticky by cookie".to_owned(),
            Affinity::SessionHash => "sticky by hash".to_owned(),
        },
        Role::Service(service) if !frame.preset.topology.asks_for_sessions(service) => {
            format!("no {} needed", plural(words.session))
        }
        Role::Service(service) => {
            let place = match service.sessions {
                Sessions::Memory => "in each replica's memory",
                Sessions::Store => "in the shared store",
                Sessions::Token => "in a token the user carries",
            };
            format!("{} {place}", plural(words.session))
        }
        Role::Cache(cache) => match cache.engine {
            Engine::Builtin => "built-in key-value store".to_owned(),
            Engine::Redis => "redis-server".to_owned(),
        },
        Role::Database(database) => match database.engine {
            DatabaseEngine::Builtin => "built-in SQL database".to_owned(),
            DatabaseEngine::Postgres => "PostgreSQL".to_owned(),
        },
        Role::Program(program) => program.command.join(" "),
    }
}
