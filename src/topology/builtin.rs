//! The built-in presets, embedded in the executable, in the order in which the lessons are best taken.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::near;

static PRESETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets");

/// The names, in lesson order. A new preset is one file in `presets/` and one name here.
const ORDER: &[&str] = &[
    "one-server",
    "sticky-sessions",
    "scattered-sessions",
    "long-form",
    "shared-session-store",
    "signed-tokens",
    "scale-in-logs-you-out",
    "scale-out-that-does-not-help",
    "sticky-to-the-dead",
    "deploy-day",
    "monolith",
    "microservices",
    "bad-deploy",
    "hot-spot-monolith",
    "hot-spot",
    "lost-in-the-middle",
    "saga",
    "polyglot",
];

/// A built-in preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Its name on the command line and in the gallery.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

/// The built-in presets, in lesson order.
pub fn all() -> Vec<Builtin> {
    ORDER.iter().filter_map(|name| by_name(name)).collect()
}

/// The built-in preset of that name.
pub fn by_name(name: &str) -> Option<Builtin> {
    let name = ORDER.iter().find(|known| **known == name)?;
    let text = PRESETS.get_file(format!("{name}.toml"))?.contents_utf8()?;
    Some(Builtin { name, text })
}

/// The programs of a built-in preset and what they need, with their paths in the folder in which they are started. Most
/// presets have none.
pub fn files(name: &str) -> Vec<(&'static Path, &'static [u8])> {
    let Some(folder) = PRESETS.get_dir(name) else { return Vec::new() };
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(folder.files().filter_map(|file| Some((file.path().strip_prefix(name).ok()?, file.contents()))));
    }
    files
}

/// What to say to somebody who asked for a preset that is not there.
pub fn advice(name: &str) -> String {
    let near = near::nearest(name, ORDER.iter().copied());
    near.map_or_else(|| format!("there are {}", ORDER.join(", ")), |near| format!("did you mean {near}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_name_in_the_order_and_the_reverse() {
        assert_eq!(all().len(), ORDER.len());
        assert_eq!(PRESETS.files().count(), ORDER.len());
        assert_eq!(advice("sticky-sesions"), "did you mean sticky-sessions?");
    }
}
