//! The score: people first, large; requests second. Each figure has room of its own, so that none moves another.

use egui::{Align2, Color32, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::words::{Words, count, plural};
use crate::topology::Preset;

use super::theme::Palette;

/// The width of the score: three digits of people, three of items.
pub(super) const WIDTH: f32 = 226.0;
/// The width of failed requests: four digits, and as many beside them.
pub(super) const FAILED: f32 = 150.0;
/// Where the items begin.
const ITEMS: f32 = 134.0;
/// The height of the large figures with the words below them.
const PEOPLE: f32 = 58.0;
/// The size of the large figures.
const LARGE: f32 = 36.0;

/// The score in words: people first, requests second.
pub(super) fn score(snapshot: &Snapshot, words: Words<'_>) -> [String; 3] {
    let sessions = &snapshot.sessions;
    let failed = snapshot.total.failed_total() + snapshot.total.timed_out;
    [
        format!("{} of {} {} hurt", sessions.users_hurt, sessions.users, plural(words.user)),
        format!("{} lost", count(sessions.items_lost, words.item)),
        format!("{}, {failed} failed", count(snapshot.total.issued, "request")),
    ]
}

/// The title of the window: what is open, whether it was edited, and who was hurt.
pub(crate) fn headline(preset: &Preset, edited: bool, snapshot: &Snapshot) -> String {
    let title = if preset.title.is_empty() { "Untitled" } else { &preset.title };
    let title = if edited { format!("{title} *") } else { title.to_owned() };
    if snapshot.phase == Phase::Idle {
        return format!("{title} – Brownout");
    }
    let [people, items, _] = score(snapshot, Words::of(&preset.lesson, false));
    format!("{title} · {people} · {items} – Brownout")
}

/// Draws what happened to people, as wide and as high whatever the numbers are.
pub(super) fn people(ui: &mut Ui, snapshot: &Snapshot, words: Words<'_>) {
    let palette = Palette::of(ui.ctx());
    let sessions = &snapshot.sessions;
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, PEOPLE), Sense::hover());
    let idle = snapshot.phase == Phase::Idle;
    let [people, items, _] = score(snapshot, words);
    let colour = |number: u64| if number > 0 { palette.failed } else { palette.text };
    let hurt = Figure {
        number: sessions.users_hurt.to_string(),
        beside: format!("of {}", sessions.users),
        below: format!("{} hurt", plural(words.user)),
        spoken: people,
        colour: colour(sessions.users_hurt),
    };
    let lost = Figure {
        number: sessions.items_lost.to_string(),
        beside: String::new(),
        below: format!("{} lost", if sessions.items_lost == 1 { words.item.to_owned() } else { plural(words.item) }),
        spoken: items,
        colour: colour(sessions.items_lost),
    };
    hurt.draw(ui, rect.with_max_x(rect.left() + ITEMS - 8.0), idle);
    lost.draw(ui, rect.with_min_x(rect.left() + ITEMS), idle);
}

/// Draws how many requests failed, as large as what happened to people, where two systems are told apart by it.
pub(super) fn failed(ui: &mut Ui, width: f32, snapshot: &Snapshot, words: Words<'_>) {
    let palette = Palette::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(width, PEOPLE), Sense::hover());
    let number = snapshot.total.failed_total() + snapshot.total.timed_out;
    let [_, _, spoken] = score(snapshot, words);
    let figure = Figure {
        number: number.to_string(),
        beside: format!("of {}", snapshot.total.issued),
        below: "requests failed".to_owned(),
        spoken,
        colour: if number > 0 { palette.failed } else { palette.text },
    };
    figure.draw(ui, rect.with_max_x(rect.right() - 8.0), snapshot.phase == Phase::Idle);
}

/// Draws what happened to requests.
pub(super) fn requests(ui: &mut Ui, snapshot: &Snapshot, words: Words<'_>) {
    let palette = Palette::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 16.0), Sense::hover());
    let [_, _, requests] = score(snapshot, words);
    let words = if snapshot.phase == Phase::Idle { "nothing runs yet" } else { requests.as_str() };
    ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, words, FontId::proportional(13.0), palette.faint);
    name(ui, rect, words);
}

/// A large number with words.
struct Figure {
    number: String,
    beside: String,
    below: String,
    spoken: String,
    colour: Color32,
}

impl Figure {
    fn draw(&self, ui: &mut Ui, rect: Rect, idle: bool) {
        let palette = Palette::of(ui.ctx());
        let painter = ui.painter();
        let (number, colour) = if idle { ("–", palette.faint) } else { (self.number.as_str(), self.colour) };
        let baseline = rect.top() + 38.0;
        let at = pos2(rect.left(), baseline);
        let drawn = painter.text(at, Align2::LEFT_BOTTOM, number, FontId::proportional(LARGE), colour);
        if !idle {
            let at = pos2(drawn.right() + 6.0, baseline - 4.0);
            painter.text(at, Align2::LEFT_BOTTOM, &self.beside, FontId::proportional(17.0), palette.faint);
        }
        let at = pos2(rect.left(), baseline - 1.0);
        painter.text(at, Align2::LEFT_TOP, &self.below, FontId::proportional(14.0), palette.text);
        if !idle {
            name(ui, rect.with_max_y(baseline + 18.0), &self.spoken);
        }
    }
}

/// Gives what is painted a name for those who do not see it.
fn name(ui: &mut Ui, rect: Rect, spoken: &str) {
    let id = ui.scope_id().with(("score", rect.left() as i32, rect.top() as i32));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken));
}
