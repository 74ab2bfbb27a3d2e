//! Reads the paths (`crate::wire::Hop`, `std::fs`) out of Rust source, with their line: those in expressions and types
//! as they are, those in `use` trees one for each leaf.

/// A path as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The line, from 1.
    pub(super) line: usize,
    /// Its parts; a glob is `*`.
    pub(super) parts: Vec<String>,
    /// How many inline modules (`mod tests { … }`) it is in.
    pub(super) nesting: usize,
}

/// A piece of source that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword.
    Word(String),
    /// `::`
    Colons,
    /// Any other sign.
    Sign(char),
}

/// Splits source into tokens with their lines. Comments, texts and characters are left out.
pub(super) fn tokens(text: &str) -> Vec<(usize, Token)> {
    let (mut tokens, mut line, mut rest) = (Vec::new(), 1, text);
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, first).unwrap_or_else(|| {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            if word > 0 {
                tokens.push((line, Token::Word(rest[..word].to_owned())));
                word
            } else if rest.starts_with("::") {
                tokens.push((line, Token::Colons));
                2
            } else {
                tokens.push((line, Token::Sign(first)));
                first.len_utf8()
            }
        });
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of what is no code at the beginning: space, comment, text or character.
fn skipped(rest: &str, first: char) -> Option<usize> {
    if first.is_whitespace() {
        return Some(first.len_utf8());
    }
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(raw) = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')) {
        let fence = raw.len() - raw.trim_start_matches('#').len();
        if raw[fence..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(fence));
            let opened = rest.len() - raw.len() + fence + 1;
            return Some(rest[opened..].find(&close).map_or(rest.len(), |end| opened + end + close.len()));
        }
    }
    match first {
        '"' => Some(quoted(rest, '"')),
        // A lifetime has no closing quote behind its first character.
        '\'' if rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'') => Some(quoted(rest, '\'')),
        _ => None,
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Every path with at least two parts.
pub(super) fn mentions(tokens: &[(usize, Token)]) -> Vec<Mention> {
    let (mut found, mut at) = (Vec::new(), 0);
    // How deep braces are nested, and at which depths inline modules began.
    let (mut depth, mut modules) = (0usize, Vec::new());
    while let Some((_, token)) = tokens.get(at) {
        match token {
            Token::Word(word) if word == "mod" && is_sign(tokens, at + 2, '{') => {
                depth += 1;
                modules.push(depth);
                at += 3;
                continue;
            }
            Token::Word(_) => {
                let mut leaves = Vec::new();
                at = read_tree(tokens, at, &[], &mut leaves);
                let nesting = modules.len();
                leaves.retain(|(_, parts)| parts.len() > 1);
                found.extend(leaves.into_iter().map(|(line, parts)| Mention { line, parts, nesting }));
                continue;
            }
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => {
                modules.retain(|module| *module != depth);
                depth = depth.saturating_sub(1);
            }
            Token::Sign(_) | Token::Colons => {}
        }
        at += 1;
    }
    found
}

fn is_sign(tokens: &[(usize, Token)], at: usize, sign: char) -> bool {
    tokens.get(at).is_some_and(|(_, token)| *token == Token::Sign(sign))
}

/// Reads a path from `at` on, with the trees in it, below `prefix`; returns where it ends.
fn read_tree(
    tokens: &[(usize, Token)],
    mut at: usize,
    prefix: &[String],
    leaves: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut parts = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |(line, _)| *line);
    while let Some((_, token)) = tokens.get(at) {
        match token {
            Token::Word(word) => parts.push(word.clone()),
            Token::Sign('*') if !parts.is_empty() => parts.push("*".to_owned()),
            Token::Sign('{') => {
                at += 1;
                while at < tokens.len() && !is_sign(tokens, at, '}') {
                    let end = read_tree(tokens, at, &parts, leaves);
                    // Commas, and what follows `as`.
                    at = end.max(at + 1);
                }
                return at + 1;
            }
            Token::Sign(_) | Token::Colons => break,
        }
        at += 1;
        match tokens.get(at) {
            Some((_, Token::Colons)) => at += 1,
            _ => break,
        }
    }
    if parts.len() > prefix.len() {
        leaves.push((line, parts));
    }
    at
}
