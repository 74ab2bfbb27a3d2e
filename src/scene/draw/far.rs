//! The drawing from afar: what would be too small to be read is left out or drawn as plain blocks and lines, all at once.

use crate::control::snapshot::Phase;
use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::CHORDS;
use crate::scene::paint::{Block, Ink, Lines, Paint, Pen, Shape, Sheet, Side};
use crate::scene::{Card, Health, Mood, Wire, people};
use crate::topology::edit::Item;

use super::sight::{Detail, Sight};
use super::{Frame, cards, icons, names, traffic};

/// The size of letters on the screen, in points: smaller ones could hardly be read.
const LETTERS: f32 = 11.0;
/// A name needs so much room on the screen, in points.
const LEAST_NAME: f32 = 40.0;
/// Among more cards than this the pictures of their roles are left out.
const MOST_PICTURES: usize = 64;
/// The height of a line of letters, as a share of their size.
const LEADING: f32 = 1.5;
/// A link's thickness on the screen, in points.
const LINK: f32 = 1.1;
/// Cells and figures of this height on the screen are drawn one by one.
const LEAST_CELL: f32 = 5.0;
/// The width of a card's bar that says how it is, in points of the screen.
const BAR: f32 = 4.0;

/// Draws the cards with what is in them.
pub(super) fn cards(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    match sight.detail() {
        Detail::Full | Detail::Plain => plain(sheet, frame, sight),
        Detail::Blocks => blocks(sheet, frame, sight),
    }
}

/// Draws the links, below all cards.
pub(super) fn links(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    let mut lines = Lines::default();
    // So many links would drown the cards.
    let faint = if sight.detail() == Detail::Blocks { 0.25 } else { 0.45 };
    let running = frame.traffic && matches!(frame.shown.phase, Phase::Running | Phase::Settling);
    for at in frame.stage.wire_places_in(sight.world) {
        let wire = &frame.stage.wires[at];
        let state = frame.live.link(at).filter(|_| running);
        let width = LINK * state.map_or(1.0, |state| traffic::width(state.rate) / traffic::width(0.0));
        trunk(&mut lines, wire, width, Ink::Link.at(faint), sight);
        if let Some(share) = state.map(traffic::failing_share).filter(|share| *share > 0.0) {
            let begins = (CHORDS as f32 * (1.0 - share)).floor().clamp(0.0, CHORDS as f32 - 1.0) as usize;
            lines.add(wire.trunk[begins..].iter().copied(), width / sight.zoom, Ink::Failed);
        }
    }
    sheet.shapes.push(Shape::Lines(lines));
}

/// Draws the links that are selected or pointed at.
pub(super) fn outstanding(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    let mut lines = Lines::default();
    for item in frame.emphasis.items.iter().chain(&frame.emphasis.hovered) {
        if let Item::Link(link) = item
            && let Some(wire) = frame.stage.wire(link)
        {
            trunk(&mut lines, wire, 2.5, Ink::Accent.at(1.0), sight);
        }
    }
    sheet.shapes.push(Shape::Lines(lines));
}

/// Adds one line for a link, of as many chords as can be told apart. `width` is in points of the screen.
fn trunk(lines: &mut Lines, wire: &Wire, width: f32, paint: Paint, sight: &Sight) {
    let length = wire.bounds.size.w.max(wire.bounds.size.h) * sight.zoom;
    // A line that goes straight enough needs no more than its ends; an S in two chords would be straight, too. From its ends'
    // chord it strays by a seventh of its smaller side at most.
    let flat = wire.bounds.size.w.min(wire.bounds.size.h) * sight.zoom;
    let stride = match (length, flat) {
        (..16.0, _) | (_, ..7.0) => CHORDS,
        (..120.0, _) | (_, ..24.0) => CHORDS / 4,
        _ => 1,
    };
    lines.add(wire.trunk.iter().copied().step_by(stride), width / sight.zoom, paint);
}

fn plain(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    let mut small = Vec::new();
    let seen: Vec<usize> = frame.stage.places_in(sight.world).collect();
    for &at in &seen {
        let card = &frame.stage.cards[at];
        sheet.rect(card.rect, cards::RADIUS, Ink::Card.at(1.0), Pen::new(1.0 / sight.zoom, Ink::LineStrong.at(0.6)));
        bar(&mut small, card, frame.live.health(at), sight);
        // Beneath a name that has no room above it, what is in a card would only be noise.
        if head(card, sight).is_some() {
            cells(&mut small, frame, at, card);
            figures(&mut small, frame, card);
        }
    }
    sheet.shapes.push(Shape::Blocks(small));
    for &at in &seen {
        let card = &frame.stage.cards[at];
        let size = LETTERS / sight.zoom;
        let y = head(card, sight).map_or(card.rect.center().y, |head| card.rect.min.y + head / 2.0);
        let half = names::width(card.node.as_str(), size) / 2.0;
        let mut at = Point::new(card.rect.center().x, y);
        // Among many nobody looks for pictures.
        if seen.len() <= MOST_PICTURES && 2.0 * (half + 1.4 * size) < card.rect.size.w {
            at.x += 0.7 * size;
            let icon = Rect::new(at.x - half - 1.3 * size, y - size / 2.0, size, size);
            icons::draw(sheet, icons::of(card.kind), &icon, Ink::Faint);
        }
        name(sheet, card, at, size, Ink::Text);
    }
}

/// The height above what is in a card, where a name has room there and what is in it can be seen.
fn head(card: &Card, sight: &Sight) -> Option<f32> {
    let inside = card.cells.first().map(|(_, cell)| cell).or(card.figures.first())?;
    let head = inside.min.y - card.rect.min.y;
    (inside.size.h * sight.zoom >= LEAST_CELL && head * sight.zoom >= LETTERS * LEADING * 0.8).then_some(head)
}

/// Adds the bar at a card's left edge that says how it is.
fn bar(blocks: &mut Vec<Block>, card: &Card, health: Health, sight: &Sight) {
    let width = (BAR / sight.zoom).min(card.rect.size.w / 4.0);
    let inset = cards::RADIUS.min(card.rect.size.h / 4.0);
    let rect = Rect::new(card.rect.min.x, card.rect.min.y + inset, width, card.rect.size.h - 2.0 * inset);
    blocks.push(Block { rect, paint: face(health) });
}

fn cells(blocks: &mut Vec<Block>, frame: &Frame<'_>, at: usize, card: &Card) {
    for (slot, place) in &card.cells {
        let health = frame.live.state(at, slot).map_or(Health::Idle, |state| state.state.into());
        let Paint { ink, opacity } = face(health);
        blocks.push(Block { rect: *place, paint: ink.at(opacity * 0.45) });
    }
}

fn figures(blocks: &mut Vec<Block>, frame: &Frame<'_>, card: &Card) {
    let Some(users) = frame.preset.topology.node(&card.node).and_then(|node| node.users()) else { return };
    let figures = people::figures(&frame.preset.topology, &card.node, users.users, frame.shown, frame.losses);
    for (figure, place) in figures.iter().zip(&card.figures) {
        let paint = match figure.mood {
            _ if figure.hurt => Ink::Failed.at(1.0),
            Mood::Unaware | Mood::LoggedOut => Ink::Failed.at(1.0),
            Mood::In => Ink::Session.at(0.9),
            Mood::Out => Ink::LineStrong.at(0.35),
        };
        blocks.push(Block { rect: place.shrunk(place.size.w * 0.22), paint });
    }
}

fn blocks(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    let (mut blocks, mut crosses) = (Vec::new(), Lines::default());
    let mut named = Vec::new();
    for at in frame.stage.places_in(sight.world) {
        let card = &frame.stage.cards[at];
        let health = frame.live.health(at);
        blocks.push(Block { rect: card.rect, paint: face(health) });
        if health == Health::Failed {
            cross(&mut crosses, &card.rect, sight);
        }
        if card.rect.size.w * sight.zoom >= LEAST_NAME && card.rect.size.h * sight.zoom >= LETTERS * LEADING {
            named.push(card);
        }
    }
    sheet.shapes.push(Shape::Blocks(blocks));
    sheet.shapes.push(Shape::Lines(crosses));
    for card in named {
        name(sheet, card, card.rect.center(), LETTERS / sight.zoom, Ink::OnSession);
    }
}

/// What is gone is crossed out, for those who do not see its colour.
fn cross(lines: &mut Lines, rect: &Rect, sight: &Sight) {
    let (right, bottom) = (rect.right(), rect.bottom());
    for ends in [[rect.min, Point::new(right, bottom)], [Point::new(rect.min.x, bottom), Point::new(right, rect.min.y)]]
    {
        lines.add(ends, 1.4 / sight.zoom, Ink::OnFailed);
    }
}

fn name(sheet: &mut Sheet, card: &Card, at: Point, size: f32, ink: Ink) {
    let room = card.rect.size.w * 0.94;
    sheet.text(at, Side::Middle, names::fitted(card.node.as_str(), size, room), size, ink, room);
}

fn face(health: Health) -> Paint {
    match health {
        Health::Idle => Ink::LineStrong.at(0.75),
        Health::Ready => Ink::Ok.at(0.9),
        Health::Starting => Ink::Accent.at(0.5),
        Health::Degraded => Ink::Degraded.at(1.0),
        Health::Failed => Ink::Failed.at(1.0),
    }
}

/// Frames what is selected or pointed at.
pub(super) fn selected(sheet: &mut Sheet, frame: &Frame<'_>, sight: &Sight) {
    let pen = |item: &Item| {
        let strong = frame.emphasis.items.contains(item);
        Pen::new(2.0 / sight.zoom, if strong { Ink::Accent } else { Ink::LineStrong })
    };
    for item in frame.emphasis.hovered.iter().chain(&frame.emphasis.items) {
        if let Item::Node(node) = item
            && let Some(card) = frame.stage.card(node).filter(|card| card.rect.meets(&sight.world))
        {
            sheet.rect(card.rect.shrunk(-3.0 / sight.zoom), cards::RADIUS, None, pen(item));
        }
    }
    if let Some(card) = frame.emphasis.slot.as_ref().and_then(|slot| frame.stage.card(&slot.node)) {
        sheet.rect(card.rect.shrunk(-3.0 / sight.zoom), cards::RADIUS, None, Pen::new(2.0 / sight.zoom, Ink::Accent));
    }
}
