//! How pictures look: the arguments that `export` and `run` share.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::export::Colours;
use crate::scene::Theme;
use crate::scene::vision::{VISIONS, Vision};

/// The names of themes.
const THEMES: [(&str, Theme); 2] = [("light", Theme::Light), ("dark", Theme::Dark)];

/// Arguments for the look of pictures.
#[derive(Debug, Default, clap::Args)]
pub(super) struct LookArguments {
    /// The colours of pictures.
    #[arg(long, default_value = "light", value_parser = themes())]
    theme: Theme,

    /// Pictures as people with this colour vision see them.
    #[arg(long, default_value = "normal", value_parser = visions())]
    vision: Vision,
}

impl LookArguments {
    /// The colours that they ask for.
    pub(super) fn colours(&self) -> Colours {
        Colours::Screen(self.theme, self.vision)
    }
}

fn themes() -> impl TypedValueParser<Value = Theme> {
    PossibleValuesParser::new(THEMES.map(|(name, _)| name))
        .map(|name| THEMES.into_iter().find(|(known, _)| *known == name).map(|(_, theme)| theme).unwrap_or_default())
}

fn visions() -> impl TypedValueParser<Value = Vision> {
    PossibleValuesParser::new(VISIONS.map(Vision::name))
        .map(|name| VISIONS.into_iter().find(|vision| vision.name() == name).unwrap_or_default())
}
