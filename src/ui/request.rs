//! One request in the inspector: what was asked, what the user knew, which way it went, and how it ended. And the line
//! that stands for it among others.

use egui::{Button, RichText, Sense, Ui, WidgetInfo, vec2};

use super::Inputs;
use super::action::Action;
use super::canvas::painter::{self, Transform};
use super::inspector::fact;
use super::person::place;
use super::selection::Selection;
use super::theme::Palette;
use crate::scene::draw::dot;
use crate::scene::follow::{Before, Hop, Request, ended, hops, span_of_time};
use crate::scene::words::count;
use crate::scene::{Look, Point, Sheet};
use crate::telemetry::TraceId;

/// Draws a request.
pub(super) fn show(ui: &mut Ui, trace: TraceId, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let Some(request) = inputs.picture.follow.request(trace) else {
        ui.heading("Request");
        ui.label(RichText::new("It is no longer remembered.").color(palette.faint));
        return;
    };
    let root = &request.tree.root;
    ui.heading(root.name.as_str());
    if let Some((node, user)) = &request.user
        && ui.link(format!("of user {user}")).on_hover_text("Follow this user").clicked()
    {
        actions.push(Action::Select(Selection::User(node.clone(), *user)));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let look = request.look(request.over_us);
        mark(ui, look);
        let colour = if root.outcome.is_ok() { palette.text } else { palette.failed };
        ui.add(egui::Label::new(RichText::new(ended(root.outcome)).color(colour)).wrap());
    });
    fact(ui, "Asked", &ago(root.start_us, inputs.display_us));
    fact(ui, "Took", &span_of_time(root.end_us.saturating_sub(root.start_us)));
    if let Some(before) = &request.before {
        fact(ui, "User had", &knew(before));
    }
    ui.add_space(8.0);
    ui.label(RichText::new("Its way").color(palette.faint));
    for hop in hops(&request.tree) {
        way(ui, &hop);
    }
}

/// Draws the line of a request among others; a click selects it.
pub(super) fn row(ui: &mut Ui, request: &Request, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let root = &request.tree.root;
    let outcome = request.outcome(inputs.display_us);
    let words = outcome.map_or("on its way", ended);
    let when = ago(root.start_us, inputs.display_us);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        mark(ui, request.look(inputs.display_us));
        let harm = outcome.is_some_and(|outcome| !outcome.is_ok());
        let colour = if harm { palette.failed } else { palette.text };
        let button = Button::new(RichText::new(&root.name).color(colour)).frame(false);
        let response = ui.add(button).on_hover_text(format!("{words}\nClick to read its way"));
        let label = format!("request {}: {words}, {when}", root.name);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
        if response.clicked() {
            actions.push(Action::Select(Selection::Request(request.trace())));
        }
        ui.label(RichText::new(when).small().color(palette.faint));
    });
}

fn way(ui: &mut Ui, hop: &Hop) {
    let palette = Palette::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.add_space(10.0 * hop.depth as f32);
        ui.vertical(|ui| {
            let again = if hop.attempt > 1 { format!(", attempt {}", hop.attempt) } else { String::new() };
            let text = format!("{} to {}{again}", hop.from, hop.to);
            ui.add(egui::Label::new(RichText::new(text)).wrap());
            let inside = match hop.inside_us {
                Some(inside_us) => format!(", {} of it inside", span_of_time(inside_us)),
                None if hop.outcome.is_ok() => String::new(),
                None => ", the other side told nothing".to_owned(),
            };
            let text = format!("{}{inside}: {}", span_of_time(hop.took_us), ended(hop.outcome));
            let colour = if hop.outcome.is_ok() { palette.faint } else { palette.failed };
            ui.add(egui::Label::new(RichText::new(text).small().color(colour)).wrap());
        });
    });
}

fn knew(before: &Before) -> String {
    if before.session {
        format!("{}; session: {}", count(u64::from(before.items), "item"), place(&before.holder))
    } else {
        "no session".to_owned()
    }
}

fn ago(at_us: u64, display_us: u64) -> String {
    match display_us.saturating_sub(at_us) / 1_000_000 {
        0 => "just now".to_owned(),
        seconds => format!("{seconds} s ago"),
    }
}

/// The shape of an outcome, in a square of its own: the canvas's own dot.
fn mark(ui: &mut Ui, look: Look) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
    let mut sheet = Sheet::default();
    dot(&mut sheet, Point::default(), 4.5, look, 1.0);
    painter::paint(ui.painter(), &sheet, Transform { origin: rect.center(), zoom: 1.0 });
}
