//! The preset as one line of text that can be sent, as *Share* in the window copies it.

use crate::topology::format::share;

use super::{Export, toml};

/// The line.
pub(super) fn write(export: &Export<'_>) -> String {
    share::encode(&toml::write(export)) + "\n"
}
