//! Every colour and size of the window, for light and dark. Outcome colours are of the Okabe–Ito set, which people with
//! any common colour vision can tell apart; shapes tell the same.
#![expect(clippy::disallowed_methods, reason = "this is the one file that makes colours")]

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Vec2, Visuals};

use crate::scene::Look;

/// The colours of one theme.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    /// Behind the cards.
    pub(crate) canvas: Color32,
    /// The canvas's grid of points.
    pub(crate) grid: Color32,
    /// Bars and side panels.
    pub(crate) panel: Color32,
    /// A card's face.
    pub(crate) card: Color32,
    /// A cell's face within a card.
    pub(crate) cell: Color32,
    /// A dead cell's face.
    pub(crate) dead: Color32,
    /// Frames and separators.
    pub(crate) line: Color32,
    /// Frames of what is ready.
    pub(crate) line_strong: Color32,
    /// Links.
    pub(crate) link: Color32,
    /// Text.
    pub(crate) text: Color32,
    /// Text of less weight, still readable.
    pub(crate) faint: Color32,
    /// What can be pressed first of all; what is selected.
    pub(crate) accent: Color32,
    /// Text on the accent.
    pub(crate) on_accent: Color32,
    /// What went well.
    pub(crate) ok: Color32,
    /// What went well in part, and what waits.
    pub(crate) degraded: Color32,
    /// The outline of amber shapes.
    pub(crate) degraded_edge: Color32,
    /// What failed, and who was hurt.
    pub(crate) failed: Color32,
    /// The face of a message about harm.
    pub(crate) harm_face: Color32,
    /// A session's mark.
    pub(crate) session: Color32,
    /// Text on a session's mark.
    pub(crate) on_session: Color32,
    /// A card's shadow.
    pub(crate) shadow: Color32,
}

const LIGHT: Palette = Palette {
    canvas: Color32::from_rgb(0xF3, 0xF5, 0xF8),
    grid: Color32::from_rgb(0xDD, 0xE2, 0xE9),
    panel: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    card: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    cell: Color32::from_rgb(0xF5, 0xF8, 0xFC),
    dead: Color32::from_rgb(0xFB, 0xF1, 0xEC),
    line: Color32::from_rgb(0xD3, 0xDA, 0xE3),
    line_strong: Color32::from_rgb(0x8F, 0x9D, 0xB0),
    link: Color32::from_rgb(0xA9, 0xB6, 0xC7),
    text: Color32::from_rgb(0x1B, 0x25, 0x33),
    faint: Color32::from_rgb(0x57, 0x65, 0x78),
    accent: Color32::from_rgb(0x00, 0x5F, 0x99),
    on_accent: Color32::WHITE,
    ok: Color32::from_rgb(0x00, 0x72, 0xB2),
    degraded: Color32::from_rgb(0xE6, 0x9F, 0x00),
    degraded_edge: Color32::from_rgb(0x5C, 0x40, 0x00),
    failed: Color32::from_rgb(0xB3, 0x47, 0x00),
    harm_face: Color32::from_rgb(0xFD, 0xEF, 0xE6),
    session: Color32::from_rgb(0x00, 0x72, 0xB2),
    on_session: Color32::WHITE,
    shadow: Color32::from_black_alpha(22),
};

const DARK: Palette = Palette {
    canvas: Color32::from_rgb(0x11, 0x16, 0x1E),
    grid: Color32::from_rgb(0x21, 0x29, 0x35),
    panel: Color32::from_rgb(0x18, 0x1F, 0x2A),
    card: Color32::from_rgb(0x1D, 0x25, 0x32),
    cell: Color32::from_rgb(0x25, 0x30, 0x40),
    dead: Color32::from_rgb(0x30, 0x25, 0x22),
    line: Color32::from_rgb(0x36, 0x43, 0x55),
    line_strong: Color32::from_rgb(0x71, 0x84, 0x9C),
    link: Color32::from_rgb(0x55, 0x67, 0x7F),
    text: Color32::from_rgb(0xEA, 0xF0, 0xF7),
    faint: Color32::from_rgb(0xA6, 0xB4, 0xC6),
    accent: Color32::from_rgb(0x56, 0xB4, 0xE9),
    on_accent: Color32::from_rgb(0x07, 0x1A, 0x28),
    ok: Color32::from_rgb(0x56, 0xB4, 0xE9),
    degraded: Color32::from_rgb(0xF0, 0xB4, 0x29),
    degraded_edge: Color32::from_rgb(0x1A, 0x12, 0x00),
    failed: Color32::from_rgb(0xFF, 0x7A, 0x33),
    harm_face: Color32::from_rgb(0x3A, 0x25, 0x1B),
    session: Color32::from_rgb(0x56, 0xB4, 0xE9),
    on_session: Color32::from_rgb(0x07, 0x1A, 0x28),
    shadow: Color32::from_black_alpha(90),
};

impl Palette {
    /// The colours of the theme that is on.
    pub(crate) fn of(context: &egui::Context) -> &'static Self {
        match context.theme() {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    /// The colour of a dot.
    pub(crate) fn look(&self, look: Look) -> Color32 {
        match look {
            Look::Ok | Look::Retried => self.ok,
            Look::Degraded => self.degraded,
            Look::Failed | Look::Lost => self.failed,
        }
    }
}

/// Corner radius of cards.
pub(crate) const CARD_RADIUS: f32 = 12.0;
/// Corner radius of cells.
pub(crate) const CELL_RADIUS: f32 = 8.0;
/// Text sizes on the canvas at zoom 1.
pub(crate) const CARD_TITLE: f32 = 16.0;
/// A card's second line and a cell's second line.
pub(crate) const CANVAS_SMALL: f32 = 12.0;
/// A cell's name.
pub(crate) const CANVAS_TEXT: f32 = 14.0;
/// Numbers in marks.
pub(crate) const MARK_TEXT: f32 = 10.5;
/// Radius of a dot: at least 1 % of the height of a window of 800 points across.
pub(crate) const DOT_RADIUS: f32 = 5.0;
/// The gallery's width.
pub(crate) const GALLERY_WIDTH: f32 = 226.0;
/// The lesson strip's height, whatever it says, for the canvas below must not move: two large lines, two lines and a row.
pub(crate) const LESSON_HEIGHT: f32 = 152.0;
/// The height of the strip's row, where the learner answers.
pub(crate) const LESSON_ROW_HEIGHT: f32 = 30.0;
/// The width of the strip's right end with the steps.
pub(crate) const LESSON_STEPS_WIDTH: f32 = 190.0;
/// The widest that an answer's words may be.
pub(crate) const LESSON_ANSWER_WIDTH: f32 = 130.0;
/// The strip's large sentence.
pub(crate) const LESSON_HEADLINE: f32 = 19.0;
/// What stands below it.
pub(crate) const LESSON_TEXT: f32 = 14.5;
/// The guess beside the result.
pub(crate) const LESSON_RESULT: f32 = 18.0;
/// The inspector's width.
pub(crate) const INSPECTOR_WIDTH: f32 = 258.0;
/// The height of log and chart.
pub(crate) const TIMELINE_HEIGHT: f32 = 178.0;

/// Sets fonts, spacing and both themes' colours. Once, when the window opens.
pub(crate) fn install(context: &egui::Context) {
    context.set_visuals_of(Theme::Light, visuals(&LIGHT, Visuals::light()));
    context.set_visuals_of(Theme::Dark, visuals(&DARK, Visuals::dark()));
    context.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Heading, FontId::new(17.0, FontFamily::Proportional)),
            (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(14.0, FontFamily::Proportional)),
            (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = Vec2::new(8.0, 6.0);
        style.spacing.button_padding = Vec2::new(10.0, 5.0);
        style.spacing.window_margin = Margin::same(10);
        style.interaction.selectable_labels = false;
    });
}

fn visuals(palette: &Palette, base: Visuals) -> Visuals {
    let mut visuals = base;
    let radius = CornerRadius::same(6);
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.extreme_bg_color = palette.canvas;
    visuals.faint_bg_color = palette.cell;
    visuals.hyperlink_color = palette.accent;
    visuals.error_fg_color = palette.failed;
    visuals.warn_fg_color = palette.degraded;
    visuals.weak_text_color = Some(palette.faint);
    visuals.selection.bg_fill = palette.accent;
    visuals.selection.stroke = Stroke::new(1.0, palette.on_accent);
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = radius;
        widget.fg_stroke = Stroke::new(1.0, palette.text);
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.noninteractive.bg_fill = palette.panel;
    widgets.inactive.weak_bg_fill = palette.cell;
    widgets.inactive.bg_fill = palette.cell;
    widgets.inactive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.hovered.weak_bg_fill = palette.canvas;
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.line_strong);
    widgets.active.bg_stroke = Stroke::new(1.5, palette.accent);
    visuals
}
