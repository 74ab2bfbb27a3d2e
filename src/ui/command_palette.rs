//! The command palette: one field that finds every command, node, replica, link, group, note, preset and setting, and
//! does or shows what was chosen.

mod departures;
mod entries;
mod score;

use egui::{
    Align2, Context, FontId, Frame, Id, Key, Margin, Modal, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, TextEdit,
    Ui, WidgetInfo, pos2, vec2,
};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View};

pub(crate) use entries::Wanted;
use entries::{Entry, entries};

/// The width of the list.
const WIDTH: f32 = 560.0;
/// The height of one entry.
const ROW: f32 = 32.0;
/// As many entries are shown at once; the others are reached by scrolling.
const ROWS: f32 = 11.0;
/// The room for what is above and below the list.
const BESIDE: f32 = 200.0;
/// More entries than this nobody reads: typing finds the others.
const MOST: usize = 80;
/// What the field asks.
const HINT: &str = "What do you want to do or find?";
/// As many choices are remembered.
const REMEMBERED: usize = 8;

/// The palette while it is open.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    text: String,
    /// Which of the found entries Enter takes.
    at: usize,
    /// What was found, and for which text.
    found: Option<(String, Vec<Entry>)>,
    /// Whether the chosen entry moved out of sight by a key.
    follow: bool,
}

impl View {
    /// Opens the palette, or closes it.
    pub(crate) fn ask(&mut self) {
        self.asking = if self.asking.is_some() { None } else { Some(Asking::default()) };
    }
}

/// Draws the palette while it is open, and does what was chosen.
pub(super) fn show(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(mut asking) = view.asking.take() else { return };
    asking.find(ui.ctx(), inputs, view);
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(10));
    let place = Modal::default_area(Id::unique("command palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 72.0));
    let modal = Modal::new(Id::unique("command palette")).area(place).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 60.0));
        let entered = read_keys(ui, &mut asking);
        field(ui, &mut asking);
        asking.find(ui.ctx(), inputs, view);
        let clicked = list(ui, &mut asking);
        let entries = asking.found.as_ref().map_or(&[][..], |(_, entries)| entries);
        let taken = clicked.or_else(|| entered.then_some(asking.at)).and_then(|at| entries.get(at));
        taken.filter(|entry| entry.refused.is_none()).map(|entry| entry.wanted.clone())
    });
    match modal.inner {
        Some(wanted) => {
            remember(&mut view.asked_before, &wanted);
            wanted.give(ui.ctx(), inputs, view, actions);
        }
        None if modal.should_close() => {}
        None => view.asking = Some(asking),
    }
}

impl Asking {
    /// Finds again when another text is asked for.
    fn find(&mut self, context: &Context, inputs: &Inputs<'_>, view: &View) {
        if self.found.as_ref().is_some_and(|(text, _)| *text == self.text) {
            return;
        }
        self.at = 0;
        self.found =
            Some((self.text.clone(), rank(&self.text, entries(&self.text, context, inputs, view), &view.asked_before)));
    }

    fn count(&self) -> usize {
        self.found.as_ref().map_or(0, |(_, entries)| entries.len())
    }
}

/// The entries that fit the text, the best first; without a text what was chosen of late, then every command.
fn rank(text: &str, entries: Vec<Entry>, before: &[Wanted]) -> Vec<Entry> {
    let late = |entry: &Entry| before.iter().position(|wanted| *wanted == entry.wanted);
    let mut scored: Vec<(i32, Entry)> = if text.trim().is_empty() {
        let first = |entry: &Entry| late(entry).map_or(0, |at| (REMEMBERED - at.min(REMEMBERED)) as i32);
        let wanted = entries.into_iter().filter(|entry| entry.wanted.is_command() || late(entry).is_some());
        wanted.map(|entry| (first(&entry), entry)).collect()
    } else {
        let bonus = |entry: &Entry| if late(entry).is_some() { score::RECENT } else { 0 };
        let fits = |entry: Entry| {
            Some((score::with_other_words(text, &entry.words, entry.other_words)? + bonus(&entry), entry))
        };
        entries.into_iter().filter_map(fits).collect()
    };
    // Stable: what is equally good stays in the order of menus and of the drawing.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().take(MOST).map(|(_, entry)| entry).collect()
}

fn remember(before: &mut Vec<Wanted>, wanted: &Wanted) {
    before.retain(|other| other != wanted);
    before.insert(0, wanted.clone());
    before.truncate(REMEMBERED);
}

/// Reads what moves the choice. Whether Enter was pressed.
fn read_keys(ui: &Ui, asking: &mut Asking) -> bool {
    let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let last = asking.count().saturating_sub(1);
    let before = asking.at;
    if pressed(Key::ArrowDown) {
        asking.at = if asking.at >= last { 0 } else { asking.at + 1 };
    }
    if pressed(Key::ArrowUp) {
        asking.at = if asking.at == 0 { last } else { asking.at - 1 };
    }
    asking.follow = asking.at != before;
    pressed(Key::Enter)
}

fn field(ui: &mut Ui, asking: &mut Asking) {
    let edit = TextEdit::singleline(&mut asking.text)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(10, 8))
        .font(FontId::proportional(17.0))
        .hint_text(HINT);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &asking.text, &asking.text, HINT);
        info.label = Some(HINT.to_owned());
        info
    });
    response.request_focus();
    ui.add_space(4.0);
}

/// Draws what was found. Which entry was clicked.
fn list(ui: &mut Ui, asking: &mut Asking) -> Option<usize> {
    let palette = Palette::of(ui.ctx());
    let Some((_, entries)) = &asking.found else { return None };
    if entries.is_empty() {
        ui.label(egui::RichText::new("Nothing is called that.").color(palette.faint));
        return None;
    }
    let mut clicked = None;
    // A window that was made for few results is remembered with their height, and would keep the list as low.
    let height = (ROW * ROWS).min(ui.ctx().content_rect().height() - BESIDE);
    let list = ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]);
    let area = list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (at, entry) in entries.iter().enumerate() {
            let response = row(ui, entry, at == asking.at);
            if at == asking.at && asking.follow {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                clicked = Some(at);
            }
        }
    });
    let list = ui.interact(area.inner_rect, area.id.with("list"), Sense::empty());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, format!("{} found", entries.len())));
    clicked
}

fn row(ui: &mut Ui, entry: &Entry, chosen: bool) -> egui::Response {
    let palette = Palette::of(ui.ctx());
    let can = entry.refused.is_none();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::ListBoxOption, can, chosen, &entry.words);
        info.current_text_value = Some(entry.refused.clone().unwrap_or_else(|| entry.beside.clone()));
        info
    });
    let painter = ui.painter();
    if chosen {
        painter.rect(rect, 8.0, palette.cell, Stroke::new(1.0, palette.accent), egui::StrokeKind::Inside);
    } else if response.hovered() {
        painter.rect_filled(rect, 8.0, palette.cell);
    }
    let inner = rect.shrink2(vec2(10.0, 0.0));
    let beside = entry.refused.as_ref().unwrap_or(&entry.beside);
    let small = one_line(ui, beside, 12.5, palette.faint, inner.width() * 0.55);
    let left = inner.right() - small.size().x;
    let room = Rect::from_min_max(inner.min, pos2(left - 12.0, inner.bottom())).width();
    let words = one_line(ui, &entry.words, 14.5, if can { palette.text } else { palette.faint }, room);
    let y = |galley: &egui::Galley| rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(pos2(left, y(&small)), small, palette.faint);
    ui.painter().galley(pos2(inner.left(), y(&words)), words, palette.text);
    response
}

/// A text in one line, cut where it would be wider than the room.
fn one_line(ui: &Ui, text: &str, size: f32, colour: egui::Color32, room: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), FontId::proportional(size), colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room.max(0.0));
    ui.painter().layout_job(job)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::command::Command;

    fn entry(words: &str, command: Command) -> Entry {
        Entry {
            wanted: Wanted::Command(command),
            words: words.to_owned(),
            other_words: command.other_words(),
            beside: String::new(),
            refused: None,
        }
    }

    fn order(text: &str, before: &[Wanted]) -> Vec<String> {
        let all = vec![
            entry("Save as…", Command::SaveAs),
            entry("Select all", Command::SelectAll),
            entry("Save", Command::Save),
        ];
        rank(text, all, before).into_iter().map(|entry| entry.words).collect()
    }

    #[test]
    fn the_best_comes_first_and_what_was_chosen_of_late_before_its_equals() {
        assert_eq!(order("save", &[]), ["Save", "Save as…"]);
        assert_eq!(order("sa", &[Wanted::Command(Command::SelectAll)])[0], "Select all");
        assert_eq!(order("", &[Wanted::Command(Command::Save)]), ["Save", "Save as…", "Select all"]);
        assert!(order("xyz", &[]).is_empty());
    }

    #[test]
    fn few_choices_are_remembered_and_none_twice() {
        let mut before = Vec::new();
        for about in crate::ui::command::TABLE.iter().chain(crate::ui::command::TABLE.iter().take(3)) {
            remember(&mut before, &Wanted::Command(about.command));
        }
        assert_eq!(before.len(), REMEMBERED);
        let first = before[0].clone();
        assert!(!before[1..].contains(&first));
    }
}
