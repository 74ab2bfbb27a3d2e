//! What can be seen on a sheet: cards, cells, marks, figures, lamps, links and dots, found by their shapes and words alone.
//! Knows nothing of the run or of the layout behind it, so that what it reads is what a person reads.

use std::collections::BTreeMap;

use brownout::scene::draw::icons::{self, Icon};
use brownout::scene::paint::{Shape, Sheet, Text};
use brownout::scene::{Ink, Look, Pen, Point, Rect, draw};

use super::stamp::{Stamp, at_once, near};

/// Everything that is seen at one moment.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The cards by name, with their line of description.
    pub(super) cards: Vec<Card>,
    pub(super) cells: BTreeMap<String, Cell>,
    pub(super) people: BTreeMap<u32, Figure>,
    pub(super) lamps: Vec<Lamp>,
    pub(super) links: BTreeMap<String, Link>,
    pub(super) rates: Vec<String>,
    pub(super) dots: Vec<Dot>,
    /// Marks outside any cell: on their way.
    pub(super) travelling: usize,
}

#[derive(Debug)]
pub(super) struct Card {
    pub(super) name: String,
    pub(super) setting: String,
    pub(super) place: Rect,
    pub(super) texts: Vec<Point>,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) place: Rect,
    pub(super) state: String,
    pub(super) sign: &'static str,
    pub(super) frame: &'static str,
    pub(super) line: String,
    /// The places of marks, by number.
    pub(super) filled: BTreeMap<u32, Rect>,
    pub(super) hollow: BTreeMap<u32, Rect>,
    pub(super) texts: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) body: Rect,
    pub(super) face: &'static str,
    pub(super) basket: Option<String>,
    pub(super) door: bool,
    pub(super) key: bool,
    pub(super) notch: bool,
    /// What stands beside it.
    pub(super) beside: Option<String>,
}

#[derive(Debug)]
pub(super) struct Lamp {
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) at: Point,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) whole: bool,
    pub(super) points: Vec<Point>,
}

#[derive(Debug)]
pub(super) struct Dot {
    pub(super) look: Look,
    pub(super) at: Point,
}

/// Whether a point lies in a frame, its edge included.
pub(super) fn holds(rect: &Rect, at: Point) -> bool {
    rect.min.x - 0.01 <= at.x
        && at.x <= rect.right() + 0.01
        && rect.min.y - 0.01 <= at.y
        && at.y <= rect.bottom() + 0.01
}

/// Looks at a sheet.
pub(super) fn look(sheet: &Sheet) -> Seen {
    let mut seen = Seen { dots: dots(sheet), ..Seen::default() };
    let shapes = &sheet.shapes;
    for shape in shapes {
        if let Shape::Rect { rect, radius, fill: Some(fill), pen: Some(_) } = shape
            && near(*radius, 12.0)
            && fill.ink == Ink::Card
        {
            seen.cards.push(card(shapes, *rect));
        }
    }
    let icons = Icons::find(shapes);
    for shape in shapes {
        if let Shape::Rect { rect, radius, fill: Some(fill), pen } = shape
            && near(*radius, 8.0)
            && matches!(fill.ink, Ink::Cell | Ink::Dead)
        {
            // Only what is dead has its line drawn apart from its face.
            let (name, cell) = cell(shapes, &icons, *rect, pen.is_none());
            seen.cells.insert(name, cell);
        }
    }
    for (at, shape) in shapes.iter().enumerate() {
        if let Shape::Rect { rect, radius, pen: Some(_), .. } = shape
            && near(*radius, 6.5)
            && let Some(Shape::Text(text)) = shapes.get(at + 1)
        {
            seen.people.insert(words(text).parse().unwrap(), figure(shapes, &icons, shape, *rect));
        }
    }
    seen.lamps = lamps(shapes);
    links(shapes, &mut seen);
    let marks = shapes.iter().filter(|shape| is_mark(shape)).count();
    seen.travelling = marks - seen.cells.values().map(|cell| cell.filled.len()).sum::<usize>();
    seen
}

/// The words of a text; what is struck out between tildes.
fn words(text: &Text) -> String {
    text.runs.iter().map(|run| if run.struck { format!("~{}~", run.text) } else { run.text.clone() }).collect()
}

fn texts(shapes: &[Shape], within: Rect) -> impl Iterator<Item = &Text> {
    let texts = shapes.iter().filter_map(|shape| if let Shape::Text(text) = shape { Some(text) } else { None });
    texts.filter(move |text| holds(&within, text.at))
}

fn card(shapes: &[Shape], place: Rect) -> Card {
    let head = Rect::new(place.min.x, place.min.y, place.size.w, 45.0);
    let lines: Vec<&Text> = texts(shapes, head).collect();
    Card { name: words(lines[0]), setting: words(lines[2]), place, texts: lines.iter().map(|text| text.at).collect() }
}

/// Where the icons are.
struct Icons {
    signs: Vec<(&'static str, Vec<Point>)>,
    baskets: Vec<Point>,
    doors: Vec<Point>,
    keys: Vec<Point>,
}

impl Icons {
    fn find(shapes: &[Shape]) -> Self {
        let square = |side: f32| Rect::new(-side / 2.0, -side / 2.0, side, side);
        let all = |stamp: Stamp| (0..shapes.len()).filter_map(|from| stamp.find(&shapes[from..])).collect::<Vec<_>>();
        let icon = |icon: Icon, side: f32, ink: Ink| {
            all(Stamp::of(|sheet| icons::draw(sheet, icon, &Rect::new(0.0, 0.0, side, side), ink)))
        };
        let sign =
            |icon: Icon, side: f32, ink: Ink| all(Stamp::of(|sheet| icons::draw(sheet, icon, &square(side), ink)));
        let ready = Stamp::of(|sheet| sheet.circle(Point::default(), 4.0, Ink::Ok.at(1.0), None));
        let starting = Stamp::of(|sheet| sheet.circle(Point::default(), 3.6, None, Pen::new(1.8, Ink::Accent)));
        Self {
            signs: vec![
                ("●", all(ready)),
                ("○", all(starting)),
                ("✕", sign(Icon::Cross, 9.5, Ink::Failed)),
                ("‖", sign(Icon::Bars, 11.0, Ink::Text)),
            ],
            baskets: [icon(Icon::Basket, 13.0, Ink::Text), icon(Icon::Basket, 13.0, Ink::Faint)].concat(),
            doors: icon(Icon::Door, 14.0, Ink::Failed),
            keys: [icon(Icon::Key, 14.0, Ink::Session), icon(Icon::Key, 14.0, Ink::Faint)].concat(),
        }
    }
}

/// Whether this is the number of a filled mark, by its ink and by the room that a mark has.
fn is_mark(shape: &Shape) -> bool {
    let Shape::Text(text) = shape else { return false };
    let has_room = text.room.is_some_and(|room| near(room, 18.5));
    has_room && near(text.size, 11.0) && text.runs[0].paint.ink == Ink::OnSession
}

fn cell(shapes: &[Shape], icons: &Icons, place: Rect, is_dead: bool) -> (String, Cell) {
    let all: Vec<&Text> = texts(shapes, place).collect();
    let lines: Vec<&&Text> = all.iter().filter(|text| text.size > 11.5).collect();
    let (name, state) = (lines[0].runs[0].text.clone(), lines[0].runs[1].text.trim().to_owned());
    let dashed = shapes.iter().any(|shape| {
        matches!(shape, Shape::Rect { rect, pen: Some(pen), .. } if *rect == place && pen.dash.is_some() && pen.width > 2.5)
    });
    let hatches = shapes.iter().filter(|shape| {
        matches!(shape, Shape::Path { points, pen: Some(pen), .. }
            if points.len() == 2 && pen.paint.ink == Ink::Failed && pen.paint.opacity < 0.5 && holds(&place, points[0]))
    });
    let frame = match (is_dead, hatches.count(), dashed) {
        (false, 0, false) => "",
        (true, 10.., true) => ", hatched, thick dashed frame",
        other => panic!("{name}: half a pattern of death: {other:?}"),
    };
    let spot = Point::new(place.min.x + 16.0, place.min.y + 16.0);
    let sign = icons.signs.iter().find(|(_, places)| places.iter().any(|at| at_once(*at, spot)));
    let (mut filled, mut hollow) = (BTreeMap::new(), BTreeMap::new());
    for (at, shape) in shapes.iter().enumerate() {
        let Shape::Text(text) = shape else { continue };
        if !holds(&place, text.at) || !near(text.size, 11.0) {
            continue;
        }
        let (face, number) = (face_of(shapes, at), words(text).parse().unwrap());
        let on = |ink: Ink| face.filter(|face| face.1 == ink).unwrap().0;
        if text.runs[0].paint.ink == Ink::OnSession {
            filled.insert(number, on(Ink::Session));
        } else if text.runs[0].paint.ink == Ink::Failed {
            hollow.insert(number, on(Ink::Card));
        }
    }
    let cell = Cell {
        place,
        state,
        sign: sign.map_or("no sign", |(name, _)| name),
        frame,
        line: lines.get(1).map(|text| words(text)).unwrap_or_default(),
        filled,
        hollow,
        texts: lines.iter().map(|text| text.at).collect(),
    };
    (name, cell)
}

/// The face that a mark's number was written on, just before it.
fn face_of(shapes: &[Shape], text: usize) -> Option<(Rect, Ink)> {
    shapes[text.saturating_sub(2)..text].iter().rev().find_map(|shape| {
        let Shape::Rect { rect, fill: Some(fill), .. } = shape else { return None };
        Some((*rect, fill.ink))
    })
}

fn figure(shapes: &[Shape], icons: &Icons, body: &Shape, place: Rect) -> Figure {
    // The room of a figure, by the measures of its body.
    let room = Rect::new(place.min.x - 4.5, place.min.y - 18.0, 46.0, 52.0);
    let Shape::Rect { fill, .. } = body else { unreachable!() };
    let has = |places: &[Point]| places.iter().any(|at| holds(&room, *at));
    let inside: Vec<&Text> = texts(shapes, room).collect();
    let (basket, door) = (has(&icons.baskets), has(&icons.doors));
    let notch = shapes.iter().any(|shape| {
        matches!(shape, Shape::Path { points, closed: true, fill: Some(fill), pen: Some(pen) }
            if points.len() == 3 && fill.ink == Ink::Failed && pen.paint.ink == Ink::Card && holds(&room, points[1]))
    });
    let below = inside.iter().find(|text| near(text.at.y, room.min.y + 38.5)).map(|text| words(text));
    assert_eq!(below.is_some(), basket || door, "a number without a basket or door, or the other way round");
    Figure {
        body: place,
        face: match fill.map(|fill| fill.ink) {
            Some(Ink::Session) => "in",
            Some(Ink::Card) => "not knowing",
            Some(Ink::HarmFace) => "logged out",
            _ => "out",
        },
        basket: below,
        door,
        key: has(&icons.keys),
        notch,
        beside: inside.iter().find(|text| text.at.y < room.min.y + 12.0).map(|text| words(text)),
    }
}

fn lamps(shapes: &[Shape]) -> Vec<Lamp> {
    let mut lamps = Vec::new();
    let mut last = None;
    for shape in shapes {
        if let Shape::Circle { at, radius, fill, pen } = shape
            && (near(*radius, 5.0) || near(*radius, 5.5))
        {
            let state = match (fill.map(|fill| fill.ink), pen.map(|pen| pen.paint.ink)) {
                (Some(Ink::Ok), None) => "lit",
                (None, Some(Ink::LineStrong)) => "dark",
                (_, Some(Ink::DegradedEdge)) => "brownout",
                (_, Some(Ink::Failed)) => "out",
                _ => continue,
            };
            last = Some((*at, state));
        } else if let Shape::Text(text) = shape
            && let Some((at, state)) = last.filter(|(at, _)| at_once(Point::new(at.x + 12.0, at.y), text.at))
        {
            lamps.push(Lamp { name: words(text), state, at });
        }
    }
    lamps
}

fn links(shapes: &[Shape], seen: &mut Seen) {
    for (at, shape) in shapes.iter().enumerate() {
        let (whole, points) = if let Shape::Curve { curve, .. } = shape {
            (true, (0..=50).map(|step| curve.at(step as f32 / 50.0)).collect::<Vec<_>>())
        } else if piece(shape).is_some() {
            // A torn one is three pieces.
            (false, shapes[at..].iter().take(3).filter_map(piece).flatten().copied().collect())
        } else {
            continue;
        };
        let (first, last) = (points[0], points[points.len() - 1]);
        let from = seen.cards.iter().find(|card| near(card.place.right(), first.x) && holds(&card.place, first));
        let to = seen.cells.iter().find(|(_, cell)| near(cell.place.min.x, last.x) && holds(&cell.place, last));
        if let (Some(from), Some((to, _))) = (from, to) {
            seen.links.insert(format!("{}→{to}", from.name), Link { whole, points });
        }
    }
    let rates = shapes.iter().filter_map(|shape| if let Shape::Text(text) = shape { Some(words(text)) } else { None });
    seen.rates = rates.filter(|words| words.ends_with("/s")).collect();
}

/// The points of a piece of a torn link.
fn piece(shape: &Shape) -> Option<&[Point]> {
    let Shape::Path { points, closed: false, .. } = shape else { return None };
    (points.len() == 17).then_some(points)
}

fn dots(sheet: &Sheet) -> Vec<Dot> {
    let looks = [Look::Retried, Look::Lost, Look::Failed, Look::Degraded, Look::Ok];
    let stamps = looks.map(|look| (look, Stamp::of(|sheet| draw::dot(sheet, Point::default(), 5.0, look, 1.0))));
    let (mut dots, mut from) = (Vec::new(), 0);
    while from < sheet.shapes.len() {
        let rest = &sheet.shapes[from..];
        let found = stamps.iter().find_map(|(look, stamp)| Some((*look, stamp.find(rest)?, stamp.len())));
        if let Some((look, at, length)) = found {
            dots.push(Dot { look, at });
            from += length;
        } else {
            from += 1;
        }
    }
    dots
}
