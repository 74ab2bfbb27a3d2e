//! Copy, paste and duplicate. What is copied is text that people can read: a part of a preset file.

use std::collections::{BTreeMap, BTreeSet};

use super::fragment::{Inserted, cut_out, put_in};
use super::{Item, Step, remove};
use crate::topology::format::{read, write};
use crate::topology::{NodeId, Preset, Problem};

/// The first line of what is copied.
const HEADER: &str = "# Part of a Brownout drawing. Paste it on the canvas, or into a preset file.";

/// The first line of a file, which a part has not.
const FORMAT: &str = "format = 1\n";

/// These items as text: nodes with the links between them and the modules that they need, groups with what is in them,
/// and notes. `places` says where cards are drawn now. Empty when nothing of that is among the items.
pub fn copy(preset: &Preset, items: &BTreeSet<Item>, places: &BTreeMap<NodeId, [f32; 2]>) -> String {
    let part = cut_out(preset, items, places);
    if is_nothing(&part) {
        return String::new();
    }
    let text = write(&part);
    format!("{HEADER}\n\n{}", text.strip_prefix(FORMAT).unwrap_or(&text).trim_start())
}

/// Whether [`copy`] would copy anything of these items: a link alone is nothing to paste.
pub fn can_copy(preset: &Preset, items: &BTreeSet<Item>) -> bool {
    let is_there = |id: &NodeId| preset.topology.node(id).is_some();
    items.iter().any(|item| match item {
        Item::Node(id) => is_there(id),
        Item::Group(id) => preset.marks.group(id).is_some_and(|group| group.nodes.iter().any(is_there)),
        Item::Note(id) => preset.marks.note(id).is_some(),
        Item::Link(_) => false,
    })
}

/// The step that removes what [`copy`] copies of these items: nodes, groups with what is in them, and notes.
pub fn cut(preset: &Preset, items: &BTreeSet<Item>) -> Step {
    let copied = items.iter().filter(|item| !matches!(item, Item::Link(_))).cloned().collect();
    Step::new(label("cut", &copied), remove(preset, &copied, false).edits)
}

/// Whether a text was copied from a drawing.
pub fn is_copied(text: &str) -> bool {
    text.trim_start().starts_with(HEADER)
}

/// The step that puts copied text into the drawing, its upper left corner there, and what is new then, to be selected.
/// A whole preset file is taken too.
///
/// What has a name that is taken gets another: `shop-2`. Modules that the drawing does not have come along. A module can
/// be hosted once: a pasted service hosts those of its modules that nobody hosts yet, keeps its other settings, and may
/// so have no module. Nothing is linked to what was there before.
///
/// # Errors
/// When the text is no part of a drawing, or holds nothing that is drawn.
pub fn paste(preset: &Preset, text: &str, at: [f32; 2]) -> Result<(Step, BTreeSet<Item>), Problem> {
    let part = parse(text)?;
    let corners = part.layout.values().chain(part.marks.notes.iter().map(|note| &note.at));
    let corner = corners.copied().reduce(|[a, b], [x, y]| [a.min(x), b.min(y)]).unwrap_or_default();
    let Inserted { edits, items } = put_in(preset, &part, [at[0] - corner[0], at[1] - corner[1]], false);
    Ok((Step::new(label("paste", &items), edits), items))
}

/// The step that puts a copy of these items into the drawing, so many points away, and what is new then. A copy of a node
/// goes into the group that the node is in; else it is as with [`paste`].
pub fn duplicate(
    preset: &Preset,
    items: &BTreeSet<Item>,
    offset: [f32; 2],
    places: &BTreeMap<NodeId, [f32; 2]>,
) -> (Step, BTreeSet<Item>) {
    let Inserted { edits, items } = put_in(preset, &cut_out(preset, items, places), offset, true);
    (Step::new(label("duplicate as", &items), edits), items)
}

fn parse(text: &str) -> Result<Preset, Problem> {
    let whole = read(&format!("{FORMAT}{text}")).or_else(|problems| read(text).map_err(|_| problems));
    let part = whole.map(|document| document.into_preset()).map_err(|problems| {
        let why = problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
        Problem::error("", format!("this is no part of a drawing: {why}"))
            .advise("copy nodes or notes of a drawing, and then paste")
    })?;
    if is_nothing(&part) {
        let problem = Problem::error("", "there is nothing to paste: the text has no node and no note");
        return Err(problem.advise("copy nodes or notes of a drawing, and then paste"));
    }
    Ok(part)
}

fn is_nothing(part: &Preset) -> bool {
    part.topology.nodes().next().is_none() && part.marks.notes.is_empty()
}

fn label(verb: &str, items: &BTreeSet<Item>) -> String {
    match items.first() {
        Some(only) if items.len() == 1 => format!("{verb} {only}"),
        Some(_) | None => format!("{} {} things", verb.trim_end_matches(" as"), items.len()),
    }
}

#[cfg(test)]
mod tests;
