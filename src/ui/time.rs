//! Time on the screen: stand still, go slowly, look at the last fault again; and how fast users act. Only the last
//! of these reaches the running system.

use egui::{Align2, Frame, Margin, Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2};

use super::action::Action;
use super::command::Command;
use super::theme::Palette;
use super::{Inputs, View};
use crate::control::snapshot::Phase;
use crate::control::{Pace, Snapshot};

/// Why nothing can be done to the system while the past is shown again.
pub(crate) const PAST: &str = "This is the past, shown again: press Esc to return to now";
/// The height of the badge at the foot of the canvas.
const FOOT: f32 = 24.0;
/// A picture that is less behind than this is not called late, in microseconds.
const LATE_US: u64 = 1_000_000;

/// Which time is on the screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moment<'a> {
    /// The fault that is being shown again, in words, and how many microseconds of run time are left of it.
    pub again: Option<(&'a str, u64)>,
    /// Whether there is a fault that can be shown again.
    pub can_watch_again: bool,
    /// How far the picture is behind the run's own speed, in microseconds.
    pub late_us: u64,
}

/// What a badge says about the time on the screen: in capitals, and beside it in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// What time it is.
    pub says: String,
    /// What that means.
    pub means: String,
}

impl Inputs<'_> {
    /// Whether time goes on in the picture: the run does, the picture is behind it, or the past is shown again.
    pub(super) fn picture_moves(&self) -> bool {
        let goes_on = |snapshot: &Snapshot| !matches!(snapshot.phase, Phase::Idle | Phase::Finished);
        goes_on(self.latest) || goes_on(self.shown) || self.moment.again.is_some()
    }

    /// The badge, unless the picture goes as the run goes.
    pub(super) fn badge(&self, view: &View) -> Option<Badge> {
        let badge = |says: &str, means: String| Some(Badge { says: says.to_owned(), means });
        let behind = if self.moment.late_us < LATE_US {
            String::new()
        } else {
            format!(", {} s ahead of the picture", self.moment.late_us / 1_000_000)
        };
        if let Some((fault, left_us)) = self.moment.again {
            let still = if view.frozen { "frozen, " } else { "" };
            let left = left_us.div_ceil(1_000_000);
            return badge("WATCH AGAIN ×1/8", format!("{fault}: {still}{left} s of it to come. Esc: back to now"));
        }
        if self.latest.phase == Phase::Idle {
            return None;
        }
        let on = if self.is_running() { "The system runs on" } else { "The system is at rest" };
        match (view.frozen, view.slow) {
            (true, _) => badge("FROZEN", format!("{on}{behind}. Space: go on")),
            (false, true) => badge("SLOW MOTION ×1/8", format!("{on}{behind}. S: its own speed")),
            (false, false) => None,
        }
    }
}

/// Draws the controls.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    for command in [Command::Freeze, Command::SlowMotion, Command::WatchAgain] {
        let refused = command.refused(inputs, view);
        let on = command.is_on(ui.ctx(), inputs, view) == Some(true);
        let button = egui::Button::selectable(on, command.about().title).frame_when_inactive(true);
        let response = ui.add_enabled(refused.is_none(), button).on_hover_text(command.tip(ui.ctx()));
        if response.on_disabled_hover_text(refused.unwrap_or_default()).clicked() {
            command.give(ui.ctx(), inputs, view, actions);
        }
    }
    ui.separator();
    pace(ui, inputs, actions);
    if let (Some(badge), false) = (inputs.badge(view), view.presenter.is_some()) {
        ui.add_space(8.0);
        show_badge(ui, &badge);
    }
}

fn pace(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let now = inputs.latest.pace;
    let step = |ui: &mut Ui, sign: &str, name: &str, keys: &str, next: Option<Pace>| {
        let next = next.filter(|_| inputs.can_stop());
        let response = ui.add_enabled(next.is_some(), egui::Button::new(sign).min_size(vec2(22.0, 22.0)));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, next.is_some(), name));
        let response = response
            .on_hover_text(format!("{name}: users act {keys}"))
            .on_disabled_hover_text(format!("{name}: while users act, from ×1/10 to ×10"));
        next.filter(|_| response.clicked())
    };
    let slower = step(ui, "−", "Slower pace", "slower ([)", now.slower());
    // As wide whatever it says, so that nothing beside it moves.
    let text = RichText::new(format!("Pace {now}")).monospace();
    ui.add_sized(vec2(76.0, 22.0), egui::Label::new(text).selectable(false))
        .on_hover_text("How fast users act, as a multiple of what is drawn; every run begins at ×1");
    let faster = step(ui, "+", "Faster pace", "faster (])", now.faster());
    actions.extend(slower.or(faster).map(Action::Pace));
    actions.extend(slider(ui, inputs).map(Action::Pace));
    let spiking = inputs.latest.spike_until_us.is_some();
    let spike = egui::Button::selectable(spiking, "Spike").frame_when_inactive(true);
    let spike = ui
        .add_enabled(inputs.is_acting(), spike)
        .on_hover_text("Users act five times as fast for 5 seconds")
        .on_disabled_hover_text("Spike: while users act");
    if spike.clicked() {
        actions.push(Action::Spike);
    }
}

/// The pace as a slider, as far to the left of ×1 as to the right of it.
fn slider(ui: &mut Ui, inputs: &Inputs<'_>) -> Option<Pace> {
    let now = inputs.latest.pace.factor();
    let mut factor = now;
    ui.spacing_mut().slider_width = 110.0;
    let slider = egui::Slider::new(&mut factor, 0.1..=10.0).logarithmic(true).show_value(false);
    let response = ui.add_enabled(inputs.can_stop(), slider);
    response.widget_info(|| WidgetInfo::slider(inputs.can_stop(), factor, "Pace"));
    response
        .on_hover_text("How fast users act, as a multiple of what is drawn: from ×1/10 to ×10 (arrow keys)")
        .on_disabled_hover_text("Pace: while users act");
    // Two digits are as fine as anybody can tell.
    let digits = if factor < 1.0 { 100.0 } else { 10.0 };
    let chosen = Pace::new((factor * digits).round() / digits)?;
    (factor != now && chosen.factor() != now).then_some(chosen)
}

/// Draws an edge around the canvas while it does not show now, and the badge that says what it shows: in the bar of the
/// controls of time, which covers nothing, or, where there is no such bar, at the foot of the canvas.
pub(super) fn mark_canvas(ui: &mut Ui, canvas: Rect, inputs: &Inputs<'_>, view: &View) {
    let Some(badge) = inputs.badge(view) else { return };
    let edge = Stroke::new(3.0, Palette::of(ui.ctx()).accent);
    ui.painter().rect_stroke(canvas, 0.0, edge, StrokeKind::Inside);
    if view.presenter.is_some() {
        // As high as the camera leaves free there.
        let place = Align2::CENTER_BOTTOM.align_size_within_rect(vec2(canvas.width(), FOOT), canvas);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.painter().rect_filled(place, 0.0, Palette::of(ui.ctx()).accent);
        ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), |ui| show_badge(ui, &badge));
    }
}

fn show_badge(ui: &mut Ui, badge: &Badge) {
    let palette = Palette::of(ui.ctx());
    let frame = Frame::new().fill(palette.accent).corner_radius(8).inner_margin(Margin::symmetric(12, 3));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let text = |text: &str, size| RichText::new(text).size(size).color(palette.on_accent);
            ui.add(egui::Label::new(text(&badge.says, 15.0).strong()).extend().selectable(false));
            ui.add(egui::Label::new(text(&badge.means, 13.0)).truncate().selectable(false));
        });
    });
}
