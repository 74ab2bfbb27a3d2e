//! Notes: adding one and writing on it. Moving and removing go by `translate` and `remove`, as for nodes.

use super::free::FreeNames;
use super::place::within_canvas;
use super::{Edit, Step};
use crate::topology::{Note, NoteId, Preset, Problem};

/// The id of the new note, and the step that puts it there, by its upper left corner.
pub fn add_note(preset: &Preset, at: [f32; 2], text: &str) -> (NoteId, Step) {
    let mut marks = preset.marks.clone();
    let mut names = FreeNames::but(marks.notes.iter().map(|note| note.id.as_str()));
    // With a number an id is an id, and some number is free.
    let id: NoteId = names.take("note").unwrap_or_else(NoteId::unnamed);
    let at = within_canvas(at).unwrap_or_default();
    marks.notes.push(Note { id: id.clone(), text: lines(text), at });
    (id, Step::new("add a note", vec![Edit::SetMarks(marks)]))
}

/// The step that writes another text on a note. Without edits when it is that text already.
///
/// # Errors
/// When there is no such note.
pub fn set_note_text(preset: &Preset, note: &NoteId, text: &str) -> Result<Step, Problem> {
    let text = lines(text);
    let mut marks = preset.marks.clone();
    let known = marks.notes.iter_mut().find(|known| known.id == *note);
    known.ok_or_else(|| super::missing("note", note.as_str()))?.text = text;
    let edits = if marks == preset.marks { Vec::new() } else { vec![Edit::SetMarks(marks)] };
    Ok(Step::new(format!("write on {note}"), edits))
}

/// Lines end with a line break and nothing else, wherever the text was pasted from.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::History;

    #[test]
    fn a_note_is_written_on_and_written_on_again() {
        let mut preset = Preset::default();
        let (id, step) = add_note(&preset, [10.4, f32::NAN], "one\r\ntwo\n");
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!((id.as_str(), preset.marks.notes[0].text.as_str()), ("note", "one\ntwo"));
        assert_eq!(add_note(&preset, [0.0, 0.0], "").0.as_str(), "note-2");
        assert_eq!(set_note_text(&preset, &id, "one\ntwo").unwrap().edits, []);
        let step = set_note_text(&preset, &id, "three").unwrap();
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!(preset.marks.notes[0].text, "three");
        assert!(set_note_text(&preset, &"other".parse().unwrap(), "").is_err());
    }
}
