//! What is seen, in words: short enough that a reviewer reads a frame in half a minute.

use std::collections::BTreeMap;
use std::fmt::Write;

use brownout::scene::{Look, Point, Rect};

use super::seen::{Cell, Figure, Seen, holds};

/// A frame in words.
pub(super) fn read(seen: &Seen, score: &str) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "score     {score}");
    for card in &seen.cards {
        let _ = writeln!(text, "{:9} {}", card.name, card.setting);
        if card.name == "shoppers" {
            people(&mut text, seen);
            continue;
        }
        for (name, cell) in seen.cells.iter().filter(|(_, cell)| holds(&card.place, cell.place.center())) {
            let _ = writeln!(text, "  {name:10} {} {}{} | {}", cell.sign, cell.state, cell.frame, cell.line);
            for (word, marks) in [("filled", &cell.filled), ("hollow", &cell.hollow)] {
                if !marks.is_empty() {
                    let _ = writeln!(text, "    {word} {}", numbers(marks.keys().copied()));
                }
            }
        }
    }
    let torn: Vec<&str> = seen.links.iter().filter(|(_, link)| !link.whole).map(|(name, _)| name.as_str()).collect();
    let whole = seen.links.len() - torn.len();
    let torn = if torn.is_empty() { "none".to_owned() } else { torn.join(", ") };
    let _ = writeln!(text, "links     {whole} whole · torn: {torn} · {}", seen.rates.join(", "));
    if seen.travelling > 0 {
        let _ = writeln!(text, "marks on their way: {}", seen.travelling);
    }
    dots(&mut text, seen);
    text
}

fn people(text: &mut String, seen: &Seen) {
    let lamps: Vec<String> = seen.lamps.iter().map(|lamp| format!("{} {}", lamp.name, lamp.state)).collect();
    let _ = writeln!(text, "  lamps      {}", lamps.join(", "));
    let mut faces: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (number, figure) in &seen.people {
        faces.entry(figure_words(figure)).or_default().push(*number);
    }
    for (face, who) in faces {
        let _ = writeln!(text, "  {face}: {}", numbers(who.into_iter()));
    }
    let baskets: Vec<String> = seen.people.values().filter_map(|it| it.basket.clone()).collect();
    let _ = writeln!(text, "  baskets    {}", baskets.join(" "));
    let notches = seen.people.values().filter(|figure| figure.notch).count();
    let _ = writeln!(text, "  notches    {notches}");
}

fn figure_words(figure: &Figure) -> String {
    let mut words = format!("{:10}", figure.face);
    if figure.key {
        words.push_str(" key");
    }
    if figure.door {
        words.push_str(" door");
    }
    if let Some(beside) = &figure.beside {
        let _ = write!(words, " \"{beside}\"");
    }
    words
}

/// Numbers with runs drawn together: `1-3 7`.
fn numbers(all: impl Iterator<Item = u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in all {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    runs.iter().map(run).collect::<Vec<_>>().join(" ")
}

fn dots(text: &mut String, seen: &Seen) {
    let mut places: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for dot in &seen.dots {
        let sign = match dot.look {
            Look::Ok => "● ok",
            Look::Retried => "◎ retried",
            Look::Degraded => "▲ degraded",
            Look::Failed => "✕ failed",
            Look::Lost => "▢ lost",
        };
        *places.entry((sign, place(seen, dot.at))).or_default() += 1;
    }
    let words: Vec<String> = places.iter().map(|((sign, at), count)| format!("{sign} {at} ×{count}")).collect();
    let _ = writeln!(text, "dots      {}", if words.is_empty() { "none".to_owned() } else { words.join(" · ") });
}

/// Where a dot is, as people would say it.
fn place(seen: &Seen, at: Point) -> String {
    if let Some((name, _)) = seen.cells.iter().find(|(_, cell)| holds(&cell.place, at)) {
        return format!("in {name}");
    }
    if seen.cards.iter().any(|card| card.name == "shoppers" && holds(&card.place, at)) {
        return "among the figures".to_owned();
    }
    let nearest = seen.links.iter().map(|(name, link)| (link.distance(at), name)).min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, name)) = nearest.filter(|(distance, _)| *distance < 4.0) {
        return format!("on {name}");
    }
    // A long queue stands in several columns before the cell.
    let waits = |cell: &Cell| {
        let (left, height) = (cell.place.min.x, cell.place.size.h);
        holds(&Rect::new(left - 60.0, cell.place.min.y, 60.0, height), at)
    };
    let before = seen.cells.iter().find(|(_, cell)| waits(cell));
    let (name, _) = before.unwrap_or_else(|| panic!("a dot that is nowhere: {at:?}, {nearest:?}"));
    format!("in {name}")
}

impl super::seen::Link {
    fn distance(&self, at: Point) -> f32 {
        let to_piece = |ends: &[Point]| {
            let length = ends[0].distance(ends[1]).max(0.01);
            let along = ((at.x - ends[0].x) * (ends[1].x - ends[0].x) + (at.y - ends[0].y) * (ends[1].y - ends[0].y))
                / (length * length);
            ends[0].towards(ends[1], along.clamp(0.0, 1.0)).distance(at)
        };
        self.points.windows(2).map(to_piece).fold(f32::MAX, f32::min)
    }
}
