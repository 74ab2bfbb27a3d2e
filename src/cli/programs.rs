//! Programs of a preset on the command line: whether they may be started, and in which folder.

use std::path::Path;

use crate::control::Home;
use crate::topology::{Preset, builtin};

use super::{complain, exit};

/// Refuses a preset that starts programs unless somebody has allowed it, and says what it would start.
pub(super) fn consent(preset: &Preset, allowed: bool) -> Result<(), u8> {
    let commands = preset.topology.commands();
    if allowed || commands.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = commands.iter().map(|(node, command)| format!("\n  {node}: {command}")).collect();
    complain(&format!(
        "this preset starts programs, and nothing was started. If you trust them, add --allow-programs:{}",
        lines.concat()
    ));
    Err(exit::BAD_INPUT)
}

/// Where the programs of the preset that an argument names are.
pub(super) fn home(argument: &str) -> Home {
    if argument == "-" {
        return Home::Here;
    }
    let path = Path::new(argument);
    match path.parent() {
        Some(folder) if path.is_file() && folder.as_os_str().is_empty() => Home::Here,
        Some(folder) if path.is_file() => Home::Folder(folder.to_owned()),
        _ if builtin::by_name(argument).is_some() => Home::Builtin(argument.to_owned()),
        _ => Home::Here,
    }
}
