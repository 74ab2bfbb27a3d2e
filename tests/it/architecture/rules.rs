//! The rules themselves. A new one is a function and a line in [`violations`].

use super::paths::{Mention, Token, mentions, tokens};

/// One file of `src/`.
pub(super) struct Source {
    /// Relative to `src/`.
    pub(super) path: String,
    /// What is in it.
    pub(super) text: String,
}

/// What a folder may use, of the crate and of the world.
struct Folder {
    name: &'static str,
    /// Other folders of the crate.
    may_use: &'static [&'static str],
    /// Crates and modules from outside that it must not use.
    never: &'static [&'static [&'static str]],
}

/// What does anything, or knows the time, or depends on chance.
const WORLD: &[&str] = &[
    "tokio",
    "hyper",
    "reqwest",
    "getrandom",
    "rustix",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "rand::rng",
];
/// What draws.
const WINDOW: &[&str] = &["egui", "eframe", "egui_plot", "rfd"];

/// The table of the architecture.
const FOLDERS: &[Folder] = &[
    Folder { name: "topology", may_use: &[], never: &[WORLD, WINDOW] },
    Folder { name: "telemetry", may_use: &["topology"], never: &[WORLD, WINDOW] },
    Folder { name: "wire", may_use: &["topology", "telemetry"], never: &[WORLD, WINDOW] },
    Folder { name: "control", may_use: &["topology", "telemetry"], never: &[WORLD, WINDOW] },
    Folder { name: "node", may_use: &["topology", "telemetry", "wire"], never: &[WINDOW] },
    Folder { name: "runtime", may_use: &["topology", "telemetry", "wire", "control"], never: &[WINDOW] },
    Folder { name: "scene", may_use: &["topology", "telemetry", "control"], never: &[WORLD, WINDOW] },
    Folder {
        name: "ui",
        may_use: &["topology", "telemetry", "control", "scene"],
        never: &[&["tokio", "hyper", "reqwest", "std::process", "std::net"]],
    },
    Folder { name: "export", may_use: &["topology", "telemetry", "scene"], never: &[&["tokio", "std::process"]] },
];
/// The files, or folders when they outgrow a file, that wire everything together.
const WIRING: &[&str] = &["app", "cli", "main", "lib"];
/// Pure parts of what else is kept out: addresses are data, and so are points.
const EXCEPTIONS: &[&str] = &[
    "std::net::IpAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::net::SocketAddr",
    "std::net::AddrParseError",
    "egui::emath",
];
const MAX_LINES: usize = 500;

/// Everything that is wrong with a file, as `src/path:line: words`.
pub(super) fn violations(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.text);
    let mentions = mentions(&tokens);
    let mut found = Vec::new();
    opens_with_its_purpose(source, &mut found);
    is_short(source, &mut found);
    uses_what_its_folder_may(source, &mentions, &mut found);
    starts_no_process(source, &mentions, &mut found);
    makes_no_colour(source, &mentions, &mut found);
    makes_no_dot(source, &tokens, &mut found);
    found.into_iter().map(|(line, words)| format!("src/{}:{line}: {words}", source.path)).collect()
}

type Found = Vec<(usize, String)>;

fn opens_with_its_purpose(source: &Source, found: &mut Found) {
    if !source.text.starts_with("//! ") {
        found.push((1, "a file opens with //! and says what it is for".to_owned()));
    }
}

fn is_short(source: &Source, found: &mut Found) {
    let lines = source.text.lines().count();
    if lines > MAX_LINES {
        found.push((lines, format!("{lines} lines, at most {MAX_LINES}: one idea per file")));
    }
}

fn uses_what_its_folder_may(source: &Source, mentions: &[Mention], found: &mut Found) {
    let name = source.path.split(['/', '.']).next().unwrap_or_default();
    if WIRING.contains(&name) {
        return;
    }
    let Some(folder) = FOLDERS.iter().find(|folder| folder.name == name) else {
        found.push((1, "no such folder in the table of the architecture".to_owned()));
        return;
    };
    for mention in mentions {
        if let Some(used) = folder_used(source, mention) {
            if used != name && !folder.may_use.contains(&used) {
                let used = if used == "*" { "everything" } else { used };
                found.push((mention.line, format!("{name} must not use {used}")));
            }
            continue;
        }
        let path = mention.parts.join("::");
        if EXCEPTIONS.iter().any(|exception| is_below(&path, exception)) {
            continue;
        }
        if folder.never.iter().copied().flatten().any(|never| is_below(&path, never)) {
            found.push((mention.line, format!("{name} must not use {path}")));
        }
    }
}

/// Whether a path is another one or goes on from it.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The first part of a path below the root of the crate; `None` for a path that does not start or reach there.
fn folder_used<'a>(source: &Source, mention: &'a Mention) -> Option<&'a str> {
    let parts = &mention.parts;
    if parts[0] == "crate" {
        return Some(&parts[1]);
    }
    let supers = parts.iter().take_while(|part| *part == "super").count();
    // `a/b.rs` and `a/b/mod.rs` are both two modules below the root.
    let depth = source.path.trim_end_matches("/mod.rs").split('/').count() + mention.nesting;
    (supers > 0 && supers >= depth).then(|| parts.get(supers).map_or("*", String::as_str))
}

fn starts_no_process(source: &Source, mentions: &[Mention], found: &mut Found) {
    if ["runtime/process.rs", "node/keeper.rs"].contains(&source.path.as_str()) {
        return;
    }
    for mention in mentions {
        if mention.parts.windows(2).any(|pair| pair[0] == "process" && pair[1] == "Command") {
            found.push((mention.line, "only runtime/process.rs and node/keeper.rs start processes".to_owned()));
        }
    }
}

fn makes_no_colour(source: &Source, mentions: &[Mention], found: &mut Found) {
    if source.path == "ui/theme.rs" {
        return;
    }
    for mention in mentions {
        if mention.parts.windows(2).any(|pair| pair[0] == "Color32" && pair[1].starts_with("from_")) {
            found.push((mention.line, "colours come from scene/palette.rs, by ui/theme.rs".to_owned()));
        }
    }
}

/// `Dot {` is a dot being made, except behind what declares or returns one or takes one apart.
fn makes_no_dot(source: &Source, tokens: &[(usize, Token)], found: &mut Found) {
    if source.path == "scene/dots.rs" {
        return;
    }
    let mut before: Option<&Token> = None;
    for pair in tokens.windows(2) {
        let [(line, dot), (_, brace)] = pair else { continue };
        let is_dot = matches!(dot, Token::Word(word) if word == "Dot") && *brace == Token::Sign('{');
        let innocent = match before {
            Some(Token::Word(word)) => ["struct", "impl", "for", "let"].contains(&word.as_str()),
            Some(Token::Sign(sign)) => *sign == '>',
            Some(Token::Colons) | None => false,
        };
        if is_dot && !innocent {
            found.push((*line, "only scene/dots.rs makes dots: no dot without a span".to_owned()));
        }
        before = Some(dot);
    }
}
