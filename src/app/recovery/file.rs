//! The form in which unsaved work is kept: a preset file like any other, with a comment above it that says where it
//! belongs. So `brownout FILE` opens it, too.

use serde::{Deserialize, Serialize};

use crate::app::answers;
use crate::app::disk::Print;
use crate::topology::format::Document;

/// How the first line begins.
const HEAD: &str = "# Unsaved work, kept by Brownout: ";

/// Where unsaved work belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::app) struct Origins {
    /// The file that it was opened from or saved to; a path that is no text is not kept.
    pub(in crate::app) path: Option<String>,
    /// What that file held then.
    pub(in crate::app) print: Option<Print>,
    /// The built-in preset that it was made from.
    pub(in crate::app) builtin: Option<String>,
}

/// Unsaved work that was read back.
#[derive(Debug, Clone)]
pub(in crate::app) struct Kept {
    /// The work.
    pub(in crate::app) document: Document,
    /// Where it belongs.
    pub(in crate::app) origins: Origins,
}

/// The text of a file of unsaved work.
pub(super) fn write(origins: &Origins, text: &str) -> String {
    // A JSON text has no line breaks of its own, and a comment may hold everything else.
    let origins = serde_json::to_string(origins).unwrap_or_default();
    format!("{HEAD}{origins}\n{text}")
}

/// Reads unsaved work back. Without a first line that can be understood it belongs nowhere, but is there all the same.
pub(super) fn read(bytes: &[u8]) -> Result<Kept, String> {
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let head = std::str::from_utf8(first).ok().and_then(|line| line.strip_prefix(HEAD));
    let origins = head.and_then(|head| serde_json::from_str(head).ok());
    let text = if head.is_some() { bytes.get(first.len() + 1..).unwrap_or_default() } else { bytes };
    match answers::read(text) {
        Ok((document, _)) => Ok(Kept { document, origins: origins.unwrap_or_default() }),
        Err(problems) => Err(problems.first().map(ToString::to_string).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::builtin;

    #[test]
    fn what_is_kept_is_read_back_and_is_a_preset_like_any_other() {
        let text = builtin::by_name("one-server").unwrap().text;
        let origins = Origins {
            path: Some("/a \"b\"\n\\c.toml".to_owned()),
            print: Some(Print::of(text.as_bytes())),
            builtin: Some("one-server".to_owned()),
        };
        let kept = write(&origins, text);
        let again = read(kept.as_bytes()).unwrap();
        assert_eq!((again.origins, again.document.source()), (origins, text));
        assert_eq!(answers::read(kept.as_bytes()).unwrap().0.preset(), again.document.preset());
    }

    #[test]
    fn a_first_line_that_was_spoiled_loses_only_what_it_said() {
        let text = builtin::by_name("one-server").unwrap().text;
        for spoiled in [format!("{HEAD}{{\"path\": 3\n{text}"), text.to_owned()] {
            let kept = read(spoiled.as_bytes()).unwrap();
            assert_eq!((kept.origins, kept.document.source()), (Origins::default(), text));
        }
        assert!(read(b"").is_err() && read(HEAD.as_bytes()).is_err());
    }
}
