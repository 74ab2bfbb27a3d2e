//! What the window shows, as it is remembered from one time to the next.

use egui::{Context, Theme, ThemePreference};
use serde::{Deserialize, Serialize};

use super::{View, files};

/// The sizes of panels that the user can change, in points; as they come if `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sizes {
    /// The height of the charts and the events.
    pub timeline: Option<u16>,
    /// The width of the events beside the charts.
    pub events: Option<u16>,
}

impl Sizes {
    /// A size for a panel, from one that was remembered.
    pub(super) fn or(size: Option<u16>, otherwise: f32) -> f32 {
        size.map_or(otherwise, f32::from)
    }

    /// A size to be remembered.
    pub(super) fn of(size: f32) -> Option<u16> {
        Some(size.round().clamp(0.0, f32::from(u16::MAX)) as u16)
    }
}

/// What is on and off, and how large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Dark or light; as the system has it if `None`.
    pub dark: Option<bool>,
    /// Whether everything for engineers is shown.
    pub build: bool,
    /// Whether the path of lessons is shown.
    pub lessons: bool,
    /// Whether the bar of files is shown.
    pub files: bool,
    /// Whether the chart and the log are shown in Build.
    pub figures: bool,
    /// Whether the shapes are explained.
    pub legend: bool,
    /// Whether the small picture of the whole is shown; while it is of use if `None`.
    pub minimap: Option<bool>,
    /// How large what can be resized is.
    pub sizes: Sizes,
    /// Whether what moves is shown by numbers instead.
    pub reduce_motion: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            dark: None,
            build: false,
            lessons: true,
            files: false,
            figures: true,
            legend: true,
            minimap: None,
            sizes: Sizes::default(),
            reduce_motion: false,
        }
    }
}

impl View {
    /// How the window looks; `None` while it is large for a class, which is not remembered.
    pub fn look(&self, context: &Context) -> Option<Look> {
        if self.presenter.is_some() {
            return None;
        }
        Some(Look {
            dark: match context.options(|options| options.theme_preference) {
                ThemePreference::Dark => Some(true),
                ThemePreference::Light => Some(false),
                ThemePreference::System => None,
            },
            build: self.build,
            lessons: self.gallery,
            files: self.files.is_some(),
            figures: self.figures,
            legend: self.legend,
            minimap: self.minimap,
            sizes: self.sizes,
            reduce_motion: self.reduce_motion,
        })
    }

    /// Makes the window look so again.
    pub fn recall(&mut self, look: &Look, context: &Context) {
        if let Some(dark) = look.dark {
            context.set_theme(if dark { Theme::Dark } else { Theme::Light });
        }
        (self.build, self.gallery, self.files) = (look.build, look.lessons, look.files.then(files::Bar::default));
        (self.figures, self.legend, self.reduce_motion) = (look.figures, look.legend, look.reduce_motion);
        (self.minimap, self.sizes) = (look.minimap, look.sizes);
    }
}
