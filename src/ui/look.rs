//! What the window shows, as it is remembered from one time to the next.

use egui::{Context, Theme, ThemePreference};
use serde::{Deserialize, Serialize};

use super::View;

/// What is on and off.
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
    /// Whether the shapes are explained.
    pub legend: bool,
    /// Whether what moves is shown by numbers instead.
    pub reduce_motion: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { dark: None, build: false, lessons: true, files: false, legend: true, reduce_motion: false }
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
            files: self.files,
            legend: self.legend,
            reduce_motion: self.reduce_motion,
        })
    }

    /// Makes the window look so again.
    pub fn recall(&mut self, look: &Look, context: &Context) {
        if let Some(dark) = look.dark {
            context.set_theme(if dark { Theme::Dark } else { Theme::Light });
        }
        (self.build, self.gallery, self.files) = (look.build, look.lessons, look.files);
        (self.legend, self.reduce_motion) = (look.legend, look.reduce_motion);
    }
}
