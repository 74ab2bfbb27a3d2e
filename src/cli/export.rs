//! `brownout export`: a preset as a picture, a file or a handout, without running it and without a display.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::export::{self, Export, FORMS, Form};
use crate::runtime;

use super::look::LookArguments;
use super::{complain, exit, input};

/// How much pictures can be enlarged.
const SCALES: std::ops::RangeInclusive<f32> = 0.1..=8.0;

/// Arguments of `brownout export`.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArguments {
    /// The preset: a file, the name of a built-in one, or `-` for standard input, which may also be a shared text.
    #[arg(value_name = "FILE|NAME")]
    preset: String,

    /// The form to write.
    #[arg(long = "to", value_name = "FORMAT", value_parser = forms())]
    form: &'static Form,

    /// Write this file; without it, to standard output.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Change a setting first, as in shop.sessions=store. May be given several times.
    #[arg(long = "set", value_name = "NODE.SETTING=VALUE")]
    settings: Vec<String>,

    #[command(flatten)]
    look: LookArguments,

    /// How much larger than at zoom 1, from 0.1 to 8.
    #[arg(long, default_value = "1", value_parser = scale)]
    scale: f32,
}

fn forms() -> impl TypedValueParser<Value = &'static Form> {
    PossibleValuesParser::new(FORMS.iter().map(|form| PossibleValue::new(form.name).help(form.about)))
        .try_map(|name| export::by_name(&name).ok_or("no such format"))
}

fn scale(text: &str) -> Result<f32, String> {
    let scale = text.parse().ok().filter(|scale| SCALES.contains(scale));
    scale.ok_or_else(|| format!("write a number from {} to {}", SCALES.start(), SCALES.end()))
}

/// Exports a preset. The error is the exit code.
pub(super) fn export(arguments: &ExportArguments) -> Result<(), u8> {
    let form = arguments.form;
    if arguments.output.is_none() && !form.is_text && std::io::stdout().is_terminal() {
        complain(&format!("a terminal cannot show {}: name a file with --output", form.name));
        return Err(exit::BAD_INPUT);
    }
    let document = input::read(&arguments.preset).map_err(|refusal| refusal.complain())?;
    let mut preset = document.preset().clone();
    input::set(&mut preset, &arguments.settings).map_err(|refusal| refusal.complain())?;
    let (colours, scale) = (arguments.look.colours(), arguments.scale);
    let could_not = |message: String| {
        complain(&message);
        exit::COULD_NOT_RUN
    };
    let bytes = (form.write)(&Export { document: &document, preset: &preset, colours, scale })
        .map_err(|error| could_not(error.to_string()))?;
    match &arguments.output {
        Some(path) => runtime::save_atomically(path, bytes).map_err(|error| could_not(error.to_string())),
        None => {
            let mut output = std::io::stdout().lock();
            match output.write_all(&bytes).and_then(|()| output.flush()) {
                // A reader that has seen enough is no error.
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    Err(could_not(format!("cannot write to standard output: {error}")))
                }
                _ => Ok(()),
            }
        }
    }
}
