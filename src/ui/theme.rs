//! The window's colours and sizes. Which colour an ink is, the scene's palette says; here it is only made fit for the
//! painter.

use egui::{Color32, Theme};

use crate::scene::Look;
use crate::scene::paint::Ink;
use crate::scene::palette::{self, Rgba};

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

const LIGHT: Palette = Palette::from(palette::Theme::Light);
const DARK: Palette = Palette::from(palette::Theme::Dark);

/// A colour for the painter.
pub(crate) const fn colour([red, green, blue, opacity]: Rgba) -> Color32 {
    const fn share(part: u8, opacity: u8) -> u8 {
        (part as u16 * opacity as u16 / 255) as u8
    }
    let (red, green, blue) = (share(red, opacity), share(green, opacity), share(blue, opacity));
    Color32::from_rgba_premultiplied(red, green, blue, opacity)
}

/// The theme that is on.
pub(crate) fn theme(context: &egui::Context) -> palette::Theme {
    match context.theme() {
        Theme::Light => palette::Theme::Light,
        Theme::Dark => palette::Theme::Dark,
    }
}

impl Palette {
    /// The colours of the scene, ready for the painter.
    const fn from(theme: palette::Theme) -> Self {
        Self {
            canvas: colour(theme.ink(Ink::Canvas)),
            grid: colour(theme.ink(Ink::Grid)),
            panel: colour(theme.ink(Ink::Panel)),
            card: colour(theme.ink(Ink::Card)),
            cell: colour(theme.ink(Ink::Cell)),
            dead: colour(theme.ink(Ink::Dead)),
            line: colour(theme.ink(Ink::Line)),
            line_strong: colour(theme.ink(Ink::LineStrong)),
            link: colour(theme.ink(Ink::Link)),
            text: colour(theme.ink(Ink::Text)),
            faint: colour(theme.ink(Ink::Faint)),
            accent: colour(theme.ink(Ink::Accent)),
            on_accent: colour(theme.ink(Ink::OnAccent)),
            ok: colour(theme.ink(Ink::Ok)),
            degraded: colour(theme.ink(Ink::Degraded)),
            degraded_edge: colour(theme.ink(Ink::DegradedEdge)),
            failed: colour(theme.ink(Ink::Failed)),
            harm_face: colour(theme.ink(Ink::HarmFace)),
            session: colour(theme.ink(Ink::Session)),
            on_session: colour(theme.ink(Ink::OnSession)),
            shadow: colour(theme.ink(Ink::Shadow)),
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
/// The width of the panel at the left: the path of lessons, or the inspector.
pub(crate) const SIDE_WIDTH: f32 = 252.0;
/// The width of the path when only its numbers are shown.
pub(crate) const RAIL_WIDTH: f32 = 56.0;
/// A window narrower than this shows only the numbers of the path.
pub(crate) const WIDE: f32 = 1150.0;
/// The lesson strip's height: four lines, whatever they say, for the canvas below must not move.
pub(crate) const LESSON_HEIGHT: f32 = 98.0;
/// The height of log and chart.
pub(crate) const TIMELINE_HEIGHT: f32 = 178.0;
/// How much larger everything is for a class.
pub(crate) const PRESENTER_ZOOM: f32 = 1.75;
