//! Cards: their frames, titles and most telling setting.

use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::{HEADER, PAD};
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::scene::{Card, CardKind};
use crate::topology::edit::Item;
use crate::topology::{Affinity, Arrivals, DatabaseEngine, Engine, Node, Role, Sessions};

use crate::scene::words::plural;

use super::icons::{self, Icon};
use super::{Frame, Words, names, text};

/// Corner radius of cards.
pub(super) const RADIUS: f32 = 12.0;
/// The largest name that has room above a second line.
const LARGEST: f32 = 21.0;
/// The largest name that has room without one.
const HIGHEST: f32 = 34.0;
/// The second line and the role are left out where they would be lower on the screen, in points.
const TOLD: f32 = 7.0;
/// A name becomes as much smaller before it is cut.
const LEAST_SHARE: f32 = 0.8;
/// The side of the mark of what is pinned.
const PIN: f32 = 13.0;
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
    sheet.rect(*rect, RADIUS, Ink::Card.at(1.0), Pen::new(1.0, Ink::Line));
    head(sheet, frame, card, node);
}

/// Draws the edges of the cards that are selected or pointed at.
pub(super) fn edges(sheet: &mut Sheet, frame: &Frame<'_>) {
    let (selected, hovered) = (Pen::new(frame.thick(2.5), Ink::Accent), Pen::new(frame.thick(1.5), Ink::LineStrong));
    for (item, pen) in frame.outstanding(selected, hovered) {
        if let Item::Node(node) = item
            && let Some(card) = frame.stage.card(node)
        {
            sheet.rect(card.rect, RADIUS, None, pen);
        }
    }
}

/// A card's picture, name and role, and below them its most telling setting. From further away names are larger: as far as
/// the line below leaves room, and into its place once it could not be read.
fn head(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card, node: &Node) {
    let rect = &card.rect;
    let (left, mut right) = (rect.min.x + PAD + 2.0, rect.right() - PAD - 2.0);
    let (usual, small) = (frame.letters(text::TITLE), frame.letters(text::SMALL));
    let told = frame.on_screen(small) >= TOLD;
    let most = if told { LARGEST } else { HIGHEST };
    let title = frame.readable(usual).min(most.max(usual));
    let y = rect.min.y + if told { 16.0 } else { HEADER / 2.0 };
    let side = title * 0.9;
    icons::draw(sheet, icons::of(card.kind), &Rect::new(left, y - side / 2.0, side, side), Ink::Faint);
    let begins = left + side + side * 0.35;
    if frame.preset.marks.pinned.contains(&card.node) {
        icons::draw(sheet, Icon::Pin, &Rect::new(right - PIN, y - PIN / 2.0, PIN, PIN), Ink::Faint);
        right -= PIN + 5.0;
    }
    let role = frame.letters(KIND);
    let name = card.node.as_str();
    // A name comes before its role, which the picture tells, too.
    let beside = told && names::width(name, title) <= right - begins - role;
    let room = right - begins - if beside { role } else { 0.0 };
    // A little smaller it may fit as a whole.
    let title = title.min((title * room / names::width(name, title)).max(title * LEAST_SHARE));
    sheet.text(Point::new(begins, y), Side::Left, names::fitted(name, title, room), title, Ink::Text, room);
    if beside {
        sheet.text(Point::new(right, y), Side::Right, kind(card.kind, frame.words), small, Ink::Faint, role);
    }
    if told {
        let below = Point::new(left, rect.min.y + HEADER - 11.0);
        sheet.text(below, Side::Left, describe(node, frame), small, Ink::Faint, rect.right() - PAD - 2.0 - left);
    }
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
