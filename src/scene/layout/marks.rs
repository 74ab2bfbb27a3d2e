//! Groups and notes: the frame around whatever a group holds, wherever that is, and the sheet that a note needs.

use crate::scene::geometry::{Rect, Size};
use crate::topology::{GroupId, Marks, Note, NoteId};

use super::{Moved, Stage};

/// The space between a group's frame and what is in it.
const AROUND: f32 = 22.0;
/// The height of a group's title.
const TITLE: f32 = 30.0;
/// The space between a note's edge and its text.
pub const NOTE_PAD: f32 = 12.0;
/// The size of a note's letters.
pub const NOTE_LETTERS: f32 = 14.0;
/// The height of a line of a note.
pub const NOTE_LINE: f32 = 19.0;
/// The least and the greatest width of a note.
const NOTE_WIDTH: (f32, f32) = (120.0, 280.0);
/// A note shows as many lines; the last one says where more were cut.
const MOST_LINES: usize = 40;

/// The groups that anything is in, with their frames and the places of their titles.
pub(super) fn groups(marks: &Marks, stage: &Stage) -> Vec<(GroupId, Rect, Rect)> {
    let frame = |nodes: &std::collections::BTreeSet<_>| {
        let staying = nodes.iter().filter(|node| !stage.index.leaving.contains(*node));
        let cards = staying.filter_map(|node| stage.card(node)).map(|card| card.rect);
        cards.reduce(|sum, rect| sum.union(&rect))
    };
    let drawn = marks.groups.iter().filter_map(|group| {
        let inside = frame(&group.nodes)?.shrunk(-AROUND);
        let frame = Rect::new(inside.min.x, inside.min.y - TITLE + AROUND / 2.0, inside.size.w, 0.0);
        let frame = Rect { size: Size { h: inside.bottom() - frame.min.y, ..frame.size }, ..frame };
        let title = Rect::new(frame.min.x, frame.min.y, frame.size.w, TITLE);
        Some((group.id.clone(), frame, title))
    });
    drawn.collect()
}

/// The notes with their sheets.
pub(super) fn notes(marks: &Marks, moved: &Moved) -> Vec<(NoteId, Rect)> {
    let at = |note: &Note| moved.notes.get(&note.id).map_or(note.at, |at| [at.x, at.y]);
    marks.notes.iter().map(|note| (note.id.clone(), sheet(at(note), &note.text))).collect()
}

fn sheet([x, y]: [f32; 2], text: &str) -> Rect {
    let lines = note_lines(text);
    let widest = lines.iter().map(|line| width(line)).fold(0.0, f32::max) + 2.0 * NOTE_PAD;
    let height = lines.len() as f32 * NOTE_LINE + 2.0 * NOTE_PAD;
    Rect::new(x, y, widest.clamp(NOTE_WIDTH.0, NOTE_WIDTH.1), height)
}

/// The lines of a note as they are drawn: broken where its text is, and between words where it would be too wide.
pub fn note_lines(text: &str) -> Vec<String> {
    let room = NOTE_WIDTH.1 - 2.0 * NOTE_PAD;
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line) + width(" ") + width(word) > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
        if lines.len() > MOST_LINES {
            break;
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES - 1);
        lines.push("…".to_owned());
    }
    lines
}

/// About how wide a text is: the scene knows no fonts, so it takes a little more than any of them.
fn width(text: &str) -> f32 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' | '-' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.92,
        letter if letter.is_uppercase() => 0.70,
        letter if letter.is_ascii() => 0.57,
        _ => 1.0,
    };
    text.chars().map(letter).sum::<f32>() * NOTE_LETTERS
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::control::Snapshot;
    use crate::scene::dots::tests::sticky;
    use crate::topology::{Group, Note};

    #[test]
    fn a_frame_holds_its_cards_and_its_title_is_above_them() {
        let mut preset = sticky();
        let nodes = ["gate", "shop"].map(|node| node.parse().unwrap());
        preset.marks.groups.push(Group {
            id: "back".parse().unwrap(),
            title: "Back".into(),
            nodes: nodes.clone().into(),
        });
        let empty = Group { id: "empty".parse().unwrap(), title: String::new(), nodes: Default::default() };
        preset.marks.groups.push(empty);
        let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        let [(_, frame, title)] = &stage.groups[..] else { panic!("{:?}", stage.groups) };
        for node in &nodes {
            let card = stage.card(node).unwrap().rect;
            assert!(frame.min.x < card.min.x && card.right() < frame.right() && card.bottom() < frame.bottom());
            assert!(title.bottom() <= card.min.y, "{title:?} {card:?}");
        }
    }

    #[test]
    fn a_note_is_as_large_as_its_text_needs() {
        let mut preset = sticky();
        let text = "Short.\n\nA sentence that is too long for one line of a note, so that it goes on below.";
        preset.marks.notes.push(Note { id: "note-1".parse().unwrap(), text: text.into(), at: [7.0, -300.0] });
        let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        let (_, sheet) = &stage.notes[0];
        assert_eq!((sheet.min.x, sheet.min.y, note_lines(text).len()), (7.0, -300.0, 5));
        assert!(stage.bounds().unwrap().min.y <= -300.0);
        assert!(note_lines(&"line\n".repeat(10_000)).len() <= MOST_LINES);
    }
}
