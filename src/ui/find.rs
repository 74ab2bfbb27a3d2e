//! Find: nodes by their name, role or modules. What does not match steps back, and the matches are walked through one by
//! one. Selects; changes nothing.

use egui::{
    Area, Context, Frame, Id, Key, Margin, Modifiers, Order, Rect, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo,
};
use egui::{pos2, vec2};

use crate::topology::{Node, NodeId, Role};

use super::button::IconButton;
use super::glyphs::Glyph;
use super::selection::Selection;
use super::theme::Palette;
use super::{Inputs, View};

/// The width of the bar.
const WIDTH: f32 = 380.0;
/// How much of what does not match is covered.
const COVER: f32 = 0.72;

/// The search while its bar is open.
#[derive(Debug, Default)]
pub(crate) struct Find {
    text: String,
    /// What was found, for which text and which state of the drawing.
    found: Vec<NodeId>,
    of: Option<(String, u64)>,
    /// Whether the field is to get the keyboard.
    focus: bool,
}

impl View {
    /// Opens the bar, or gives its field the keyboard.
    pub(crate) fn open_find(&mut self) {
        self.find.get_or_insert_default().focus = true;
    }

    /// Selects the match after the selected one, or before it, in a circle.
    pub(crate) fn find_next(&mut self, context: &Context, inputs: &Inputs<'_>, forwards: bool) {
        let Some(find) = &mut self.find else { return };
        find.look(inputs);
        let now = self.selection.nodes().next().and_then(|node| find.found.iter().position(|found| found == node));
        let count = find.found.len();
        let next = match (now, forwards) {
            (Some(at), true) => (at + 1) % count.max(1),
            (Some(at), false) => (at + count.saturating_sub(1)) % count.max(1),
            (None, true) => 0,
            (None, false) => count.saturating_sub(1),
        };
        if let Some(node) = find.found.get(next).cloned() {
            self.show_selected(context, inputs, Selection::node(node));
        }
    }
}

impl Find {
    fn look(&mut self, inputs: &Inputs<'_>) {
        let of = (self.text.trim().to_lowercase(), inputs.revision);
        if self.of.as_ref() != Some(&of) {
            let wanted = inputs.preset.topology.nodes().filter(|node| !of.0.is_empty() && is_called(node, &of.0));
            self.found = wanted.map(|node| node.id.clone()).collect();
            self.of = Some(of);
        }
    }

    /// Which of how many is selected.
    fn count(&self, selection: &Selection) -> String {
        if self.text.trim().is_empty() {
            return String::new();
        }
        let at = selection.nodes().next().and_then(|node| self.found.iter().position(|found| found == node));
        match (at, self.found.len()) {
            (_, 0) => "nothing".to_owned(),
            (Some(at), count) => format!("{} of {count}", at + 1),
            (None, count) => format!("{count} found"),
        }
    }
}

/// Whether a node's name, role or one of its modules has these letters, which are small.
fn is_called(node: &Node, letters: &str) -> bool {
    let has = |word: &str| word.to_lowercase().contains(letters);
    let hosts = if let Role::Service(service) = &node.role { service.modules.as_slice() } else { &[] };
    has(node.id.as_str()) || has(node.role.name()) || hosts.iter().any(|module| has(module.as_str()))
}

/// Draws the bar while it is open, at the upper right corner of the canvas, and what it does to the drawing.
pub(super) fn show(ui: &Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View) {
    let Some(find) = &mut view.find else { return };
    find.look(inputs);
    mark(ui, canvas, inputs, view);
    let width = WIDTH.min(canvas.width() - 20.0);
    let at = pos2(canvas.right() - width - 10.0, canvas.top() + 10.0);
    let palette = Palette::of(ui.ctx());
    let face = Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line_strong))
        .corner_radius(10)
        .inner_margin(Margin::symmetric(8, 6));
    let mut turn = None;
    let mut open = true;
    Area::new(Id::unique("find")).order(Order::Middle).fixed_pos(at).show(ui.ctx(), |ui| {
        face.show(ui, |ui| {
            ui.set_width(width - 16.0);
            ui.horizontal(|ui| (turn, open) = bar(ui, view));
        });
    });
    if let Some(forwards) = turn {
        view.find_next(ui.ctx(), inputs, forwards);
    }
    if !open {
        view.find = None;
    }
}

/// The field and its buttons: whether to go on, and in which direction, and whether the bar stays.
fn bar(ui: &mut Ui, view: &mut View) -> (Option<bool>, bool) {
    let palette = Palette::of(ui.ctx());
    let Some(find) = &mut view.find else { return (None, false) };
    ui.spacing_mut().item_spacing.x = 6.0;
    let room = ui.available_width() - 3.0 * 44.0 - 76.0;
    let id = ui.scope_id().with("find");
    let has = ui.memory(|memory| memory.has_focus(id));
    let key = |modifiers, key| has && ui.input_mut(|input| input.consume_key(modifiers, key));
    let back = key(Modifiers::SHIFT, Key::Enter);
    let on = key(Modifiers::NONE, Key::Enter);
    let hint = "Name, role or module";
    let field = ui.add(TextEdit::singleline(&mut find.text).id(id).desired_width(room).hint_text(hint));
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &find.text, &find.text, hint);
        info.label = Some("Find a node".to_owned());
        info
    });
    if std::mem::take(&mut find.focus) {
        field.request_focus();
    }
    let count = egui::RichText::new(find.count(&view.selection)).size(12.5).color(palette.faint);
    ui.add_sized(vec2(64.0, 20.0), egui::Label::new(count));
    let before = ui.add(IconButton::new(Glyph::Back, "Find previous").bare(true));
    let after = ui.add(IconButton::new(Glyph::Onward, "Find next").bare(true));
    let close = ui.add(IconButton::new(Glyph::Cross, "Close find").bare(true));
    let before = before.on_hover_text("The match before (Shift+F3)").clicked() || back;
    let after = after.on_hover_text("The next match (F3)").clicked() || on;
    (if before { Some(false) } else { after.then_some(true) }, !close.clicked())
}

/// Lets what does not match step back, and frames what does.
fn mark(ui: &Ui, canvas: Rect, inputs: &Inputs<'_>, view: &View) {
    let Some(find) = view.find.as_ref().filter(|find| !find.text.trim().is_empty()) else { return };
    let palette = Palette::of(ui.ctx());
    let (painter, to) = (ui.painter_at(canvas), view.camera.transform(canvas));
    let found: std::collections::BTreeSet<&NodeId> = find.found.iter().collect();
    for card in &inputs.stage.cards {
        let rect = to.rect(&card.rect);
        if !canvas.intersects(rect) {
            continue;
        }
        if found.contains(&card.node) {
            painter.rect_stroke(rect.expand(3.0), 10.0, Stroke::new(2.5, palette.accent), StrokeKind::Outside);
        } else {
            painter.rect_filled(rect.expand(1.0), 8.0, palette.canvas.gamma_multiply(COVER));
        }
    }
}
