//! One setting of one node or of several at once: its name with what it means, the widget for its kind, and the way back
//! to its default. Everything comes from the table of settings, so a new setting is here by itself.

use egui::{Button, Id, RichText, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::field::{self, Field};
use super::place::Place;
use super::words::{self, capital};
use super::{Memory, list, note, restart};
use crate::topology::edit::{self, Edit, Step};
use crate::topology::settings::{self, SettingInfo, SettingKind, Value};
use crate::topology::{Node, NodeId, Problem};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::theme::Palette;

/// How wide a field is that stands beside its name.
const FIELD: f32 = 104.0;
/// How wide the mark is that leads back to the default.
const MARK: f32 = 18.0;

/// How far everything stays from the edge, where the bar is that scrolls.
const EDGE: f32 = 6.0;

/// A setting as it is in the selected nodes.
pub(super) struct Row<'a> {
    pub(super) info: &'a SettingInfo,
    pub(super) nodes: Vec<NodeId>,
    /// The value that they all have; `None` where they differ.
    pub(super) now: Option<Value>,
    /// The value of each.
    pub(super) values: Vec<Value>,
    default: Option<Value>,
}

impl<'a> Row<'a> {
    /// The setting of these nodes, which must all have it.
    pub(super) fn of(nodes: &[&Node], info: &'a SettingInfo) -> Option<Self> {
        let values: Option<Vec<Value>> = nodes.iter().map(|node| settings::get_role(&node.role, info.key)).collect();
        let values = values?;
        let first = values.first()?.clone();
        let same = values.iter().all(|value| *value == first);
        let default = nodes.first().and_then(|node| settings::get_role(&settings::fresh(&node.role), info.key));
        let ids = nodes.iter().map(|node| node.id.clone()).collect();
        Some(Self { info, nodes: ids, now: same.then_some(first), values, default })
    }

    /// The value as it is written; empty where the nodes differ.
    pub(super) fn text(&self) -> String {
        self.now.as_ref().map_or_else(String::new, ToString::to_string)
    }

    pub(super) fn place(&self) -> Place {
        Place::Setting(self.nodes.clone(), self.info.key)
    }

    /// Gives all the nodes this value, unless nothing can run with it.
    pub(super) fn set(&self, value: &str, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
        actions.push(Action::edit(edit::set_all(inputs.preset, &self.nodes, self.info.key, value)));
    }

    /// Gives all the nodes this value as it is.
    pub(super) fn put(&self, value: &Value, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
        let edit = |id: &NodeId| {
            let mut role = inputs.preset.topology.node(id)?.role.clone();
            Some(value.put(&mut role, self.info.key).map(|()| Edit::SetRole { node: id.clone(), role }))
        };
        let edits: Result<Vec<Edit>, Problem> = self.nodes.iter().filter_map(edit).collect();
        let whom = match self.nodes.as_slice() {
            [only] => only.to_string(),
            nodes => format!("{} nodes", nodes.len()),
        };
        actions.push(Action::edit(edits.map(|edits| Step::new(format!("change {} of {whom}", self.info.key), edits))));
    }

    /// Whether the widget is below the name: one that is wide.
    fn is_below(&self) -> bool {
        use SettingKind::{Choice, Command, Flag, List, Restart};
        matches!(self.info.kind, Choice(_) | Flag | Restart | List(_) | Command)
    }

    /// Whether there is one field, to which the keyboard goes; else Tab goes on from the name.
    fn is_field(&self) -> bool {
        !self.is_below() || self.info.kind == SettingKind::Command
    }

    /// A field that is as wide as there is room.
    fn line(&self, ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
        let name = words::name(self.info.key);
        let hint = if self.now.is_none() { "mixed" } else { "python3 users.py" };
        let width = ui.available_width() - EDGE;
        Field { place: self.place(), name: &name, now: self.text(), hint, width, lines: 1 }
            .show(ui, inputs, memory, actions);
    }

    /// Draws the row.
    pub(super) fn show(&self, ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
        let kind = self.info.kind;
        let top = ui.cursor().min;
        let wanted = memory.wanted == Some(self.info.key);
        if self.is_below() {
            ui.horizontal(|ui| {
                self.name(ui, memory);
                ui.add_space((ui.available_width() - MARK - EDGE).max(0.0));
                // A list without entries is no way back to anything.
                if !matches!(kind, SettingKind::List(_)) {
                    self.back_to_default(ui, inputs, actions);
                }
            });
            self.explanation(ui, memory);
            if let SettingKind::Choice(words) = kind {
                self.choice(ui, words, inputs, actions);
            } else if kind == SettingKind::Flag {
                self.choice(ui, &["true", "false"], inputs, actions);
            } else if kind == SettingKind::Command {
                self.line(ui, inputs, memory, actions);
            } else if kind == SettingKind::Restart {
                restart::show(ui, self, inputs, memory, actions);
            } else {
                list::show(ui, self, inputs, actions);
            }
        } else {
            self.beside(ui, kind == SettingKind::Integer, inputs, memory, actions);
            self.explanation(ui, memory);
        }
        field::complaint(ui, memory, &self.place());
        self.in_the_run(ui, inputs);
        if wanted {
            memory.wanted = None;
            ui.scroll_to_rect(egui::Rect::from_min_max(top, ui.cursor().min), Some(egui::Align::Center));
            if self.is_field() {
                field::focus(ui, &self.place());
            }
        }
        ui.add_space(5.0);
    }

    /// What it is in the run, where a step of the scenario has made it another than was drawn.
    fn in_the_run(&self, ui: &mut Ui, inputs: &Inputs<'_>) {
        let [node] = self.nodes.as_slice() else { return };
        let changed = inputs.shown.settings.iter().find(|state| state.node == *node && state.key == self.info.key);
        if let Some(state) = changed.filter(|state| inputs.is_running() && state.value != self.text()) {
            note(ui, &format!("The scenario has it at {} now.", state.value));
        }
    }

    /// The name with the field beside it; a whole number has a button on each side.
    fn beside(&self, ui: &mut Ui, counts: bool, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.spacing_mut().button_padding = vec2(5.0, 3.0);
            self.name(ui, memory);
            ui.add_space((ui.available_width() - FIELD - MARK - 4.0 - EDGE).max(0.0));
            let number = if let Some(Value::Integer(number)) = &self.now { Some(*number) } else { None };
            let step = |ui: &mut Ui, sign: &str, verb: &str, to: Option<i64>, actions: &mut Vec<Action>| {
                let label = format!("{verb} {}", words::name(self.info.key).to_lowercase());
                let button = Button::new(sign).min_size(vec2(24.0, 24.0));
                let response = ui.add_enabled(to.is_some(), button);
                response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, to.is_some(), &label));
                if let Some(to) = to.filter(|_| response.on_hover_text(&label).clicked()) {
                    actions.push(match self.place().judge(inputs.preset, inputs.problems, &to.to_string()) {
                        Some(problem) if problem.severity == crate::topology::Severity::Error => {
                            Action::Refused(problem)
                        }
                        _ => Action::edit(edit::set_all(inputs.preset, &self.nodes, self.info.key, &to.to_string())),
                    });
                }
            };
            let least = i64::from(matches!(self.info.key, "users" | "replicas" | "concurrency" | "health_failures"));
            if counts {
                step(ui, "−", "fewer", number.filter(|number| *number > least).map(|number| number - 1), actions);
            }
            let name = words::name(self.info.key);
            let hint = if self.now.is_none() { "mixed" } else { "" };
            let width = if counts { FIELD - 2.0 * 28.0 } else { FIELD };
            let field = Field { place: self.place(), name: &name, now: self.text(), hint, width, lines: 1 };
            field.show(ui, inputs, memory, actions);
            if counts {
                step(ui, "+", "more", number.and_then(|number| number.checked_add(1)), actions);
            }
            self.back_to_default(ui, inputs, actions);
        });
    }

    /// A row of buttons of which one is on.
    fn choice(&self, ui: &mut Ui, words: &[&str], inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
        let now = self.text();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            ui.spacing_mut().button_padding = vec2(8.0, 4.0);
            for word in words {
                let is_on = now == *word;
                let text = match *word {
                    "true" => "yes",
                    "false" => "no",
                    word => words::shown(word),
                };
                let meaning = words::meaning(self.info.key, word);
                if segment(ui, &words::name(self.info.key), text, is_on, meaning) && !is_on {
                    self.set(word, inputs, actions);
                }
            }
        });
    }

    /// The name, with the mark that says: there is more to read. Hovering tells it, a click or Enter keeps it open.
    fn name(&self, ui: &mut Ui, memory: &mut Memory) {
        let name = words::name(self.info.key);
        // A field says by itself that it is mixed.
        let says = self.now.is_none() && !self.is_field();
        let text = if says { format!("{name} (mixed)") } else { name.clone() };
        let is_open = memory.explained == Some(self.info.key);
        let spoken = if self.now.is_none() { format!("{name}, mixed") } else { name };
        let about = about(ui, &text, &spoken, is_open).on_hover_text(self.words());
        // A row of buttons or a list has no one field: its name is where Tab goes on from.
        if memory.wanted == Some(self.info.key) && !self.is_field() {
            about.request_focus();
        }
        if about.clicked() {
            memory.explained = (!is_open).then_some(self.info.key);
        }
    }

    fn explanation(&self, ui: &mut Ui, memory: &Memory) {
        if memory.explained != Some(self.info.key) {
            return;
        }
        let palette = Palette::of(ui.ctx());
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            for line in self.words().lines() {
                ui.add(egui::Label::new(RichText::new(line).size(12.5).color(palette.text)).wrap());
            }
        });
    }

    /// What it means, how it is written, and what it is by default.
    fn words(&self) -> String {
        let mut text = format!("{}.", self.info.explains);
        let example = words::example(self.info.kind);
        if !example.is_empty() {
            text.push_str(&format!("\n{example}"));
        }
        for word in settings::words(self.info.kind).unwrap_or_default() {
            text.push_str(&format!("\n{}: {}.", capital(words::shown(word)), words::meaning(self.info.key, word)));
        }
        match self.default.as_ref().map(ToString::to_string) {
            Some(default) if !default.is_empty() => text.push_str(&format!("\nBy default {default}.")),
            _ => {}
        }
        text.push_str(&format!("\nIn files: {}.", self.info.key));
        text
    }

    /// The mark of a value that is not the default, which leads back to it. Without one the room stays free.
    fn back_to_default(&self, ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
        let default = self.default.as_ref().filter(|default| self.now.as_ref() != Some(default));
        let Some(default) = default.map(ToString::to_string) else {
            ui.add_space(MARK);
            return;
        };
        let palette = Palette::of(ui.ctx());
        let (rect, response) = ui.allocate_exact_size(vec2(MARK, 22.0), Sense::click());
        let shown = if default.is_empty() { "nothing" } else { &default };
        let label = format!("Reset {} to {shown}", words::name(self.info.key).to_lowercase());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
        let colour = if response.hovered() || response.has_focus() { palette.text } else { palette.accent };
        circle_arrow(ui, rect, colour);
        if response.has_focus() {
            crate::ui::button::ring(ui, rect.shrink(3.0), palette.text, 1.0);
        }
        if response.on_hover_text(label).clicked() {
            self.set(&default, inputs, actions);
        }
    }
}

/// One button of a row of which one is on. Whether it was pressed.
pub(super) fn segment(ui: &mut Ui, name: &str, text: &str, is_on: bool, meaning: &str) -> bool {
    let response = ui.add(Button::new(capital(text)).selected(is_on));
    let label = format!("{name}: {}", text.to_lowercase());
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, is_on, &label));
    let response = if meaning.is_empty() { response } else { response.on_hover_text(meaning) };
    response.clicked()
}

/// A name that can be asked what it means.
pub(super) fn about(ui: &mut Ui, text: &str, name: &str, is_open: bool) -> egui::Response {
    let palette = Palette::of(ui.ctx());
    let font = egui::FontId::proportional(13.0);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::PLACEHOLDER);
    let size = vec2(galley.size().x + 16.0, 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let label = format!("About {}", name.to_lowercase());
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, is_open, &label));
    let strong = is_open || response.hovered() || response.has_focus();
    let colour = if strong { palette.text } else { palette.faint };
    ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, colour);
    let centre = egui::pos2(rect.right() - 7.0, rect.center().y);
    ui.painter().circle_stroke(centre, 5.5, Stroke::new(1.0, colour));
    ui.painter().circle_filled(centre - vec2(0.0, 2.4), 0.9, colour);
    ui.painter().line_segment([centre - vec2(0.0, 0.6), centre + vec2(0.0, 2.8)], Stroke::new(1.3, colour));
    if response.has_focus() {
        crate::ui::button::ring(ui, rect.shrink2(vec2(-1.0, 2.0)), palette.text, 1.0);
    }
    response.on_hover_cursor(egui::CursorIcon::Help)
}

/// A circle that begins again: back to the default.
fn circle_arrow(ui: &Ui, rect: egui::Rect, colour: egui::Color32) {
    let centre = rect.center();
    let at = |turn: f32, radius: f32| centre + radius * vec2((turn).cos(), (turn).sin());
    let arc: Vec<_> = (0..=20).map(|n| at(-1.2 + n as f32 * 0.245, 5.0)).collect();
    let stroke = Stroke::new(1.4, colour);
    ui.painter().line(arc, stroke);
    let tip = at(-1.2, 5.0);
    ui.painter().line(vec![tip + vec2(0.8, -3.4), tip, tip + vec2(3.6, 0.6)], stroke);
}

/// Where explanations and fields of a selection are drawn; apart for each, so that nothing is carried over.
pub(super) fn scope(nodes: &[&Node]) -> Id {
    Id::unique(nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>())
}
