//! The preset file again, comments and order kept, with the settings that were changed.

use super::Export;

/// The text of the file.
pub(super) fn write(export: &Export<'_>) -> String {
    export.document.text(export.preset)
}
