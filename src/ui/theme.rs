//! The window's sizes, and its colours, which are the scene's: `scene/palette.rs`.
#![expect(clippy::disallowed_methods, reason = "this is the one file that makes colours")]

use egui::{Color32, Theme};

use crate::scene::{self, Ink, Paint};

/// The colours of one theme.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    /// Behind the cards.
    pub(crate) canvas: Color32,
    /// Bars and side panels.
    pub(crate) panel: Color32,
    /// A card's face.
    pub(crate) card: Color32,
    /// A cell's face within a card.
    pub(crate) cell: Color32,
    /// Frames and separators.
    pub(crate) line: Color32,
    /// Frames of what is ready.
    pub(crate) line_strong: Color32,
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
    /// What failed, and who was hurt.
    pub(crate) failed: Color32,
    /// The face of a message about harm.
    pub(crate) harm_face: Color32,
}

const LIGHT: Palette = Palette::new(scene::Theme::Light);
const DARK: Palette = Palette::new(scene::Theme::Dark);

/// The theme that is on.
pub(crate) fn current(context: &egui::Context) -> scene::Theme {
    match context.theme() {
        Theme::Light => scene::Theme::Light,
        Theme::Dark => scene::Theme::Dark,
    }
}

/// The colour of a paint.
pub(crate) fn colour(theme: scene::Theme, paint: Paint) -> Color32 {
    let [red, green, blue, opacity] = theme.colour(paint);
    Color32::from_rgba_unmultiplied(red, green, blue, opacity)
}

/// The colour of an ink that is opaque.
const fn opaque(theme: scene::Theme, ink: Ink) -> Color32 {
    let [red, green, blue, _] = theme.ink(ink);
    Color32::from_rgb(red, green, blue)
}

impl Palette {
    const fn new(theme: scene::Theme) -> Self {
        Self {
            canvas: opaque(theme, Ink::Canvas),
            panel: opaque(theme, Ink::Panel),
            card: opaque(theme, Ink::Card),
            cell: opaque(theme, Ink::Cell),
            line: opaque(theme, Ink::Line),
            line_strong: opaque(theme, Ink::LineStrong),
            text: opaque(theme, Ink::Text),
            faint: opaque(theme, Ink::Faint),
            accent: opaque(theme, Ink::Accent),
            on_accent: opaque(theme, Ink::OnAccent),
            ok: opaque(theme, Ink::Ok),
            degraded: opaque(theme, Ink::Degraded),
            failed: opaque(theme, Ink::Failed),
            harm_face: opaque(theme, Ink::HarmFace),
        }
    }

    /// The colours of the theme that is on.
    pub(crate) fn of(context: &egui::Context) -> &'static Self {
        Self::for_theme(context.theme())
    }

    /// The colours of one theme.
    pub(crate) fn for_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

/// Corner radius of cells.
pub(crate) const CELL_RADIUS: f32 = 8.0;
/// The width of the panel at the left: the path of lessons, or the inspector.
pub(crate) const SIDE_WIDTH: f32 = 252.0;
/// The width of the path when only its numbers are shown.
pub(crate) const RAIL_WIDTH: f32 = 56.0;
/// A window narrower than this shows only the numbers of the path.
pub(crate) const WIDE: f32 = 1150.0;
/// The lesson strip's height, whatever it says, for the canvas below must not move: two large lines, two lines and a row.
pub(crate) const LESSON_HEIGHT: f32 = 160.0;
/// The same in a narrow window, where each text has more lines.
pub(crate) const NARROW_LESSON_HEIGHT: f32 = 184.0;
/// The height of the strip's row, where the learner answers.
pub(crate) const LESSON_ROW_HEIGHT: f32 = 38.0;
/// The width of the strip's right end with the steps.
pub(crate) const LESSON_STEPS_WIDTH: f32 = 190.0;
/// The strip's large sentence.
pub(crate) const LESSON_HEADLINE: f32 = 19.0;
/// What stands below it.
pub(crate) const LESSON_TEXT: f32 = 14.5;
/// The guess beside the result.
pub(crate) const LESSON_RESULT: f32 = 18.0;
/// The height of the bar with the controls of time.
pub(crate) const TIME_HEIGHT: f32 = 42.0;
/// The height of log and chart.
pub(crate) const TIMELINE_HEIGHT: f32 = 178.0;
/// How much larger everything is for a class.
pub(crate) const PRESENTER_ZOOM: f32 = 1.75;
