//! Expressions: casts, functions and operators that SQLite spells otherwise.

#![expect(clippy::wildcard_enum_match_arm, reason = "few of the tokens mean something")]

use super::Names;
use super::kind::syntax;
use super::lexer::{Token, symbol, word};
use super::types::SqlType;
use crate::node::database::refusal::Refusal;

/// Now, in UTC, as timestamps are kept.
pub(super) const NOW: &str = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
const UUID: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) \
    || '-' || substr('89AB', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";
/// What stands before a parenthesis without being a function.
const NO_FUNCTIONS: [&str; 30] = [
    "and",
    "as",
    "by",
    "case",
    "check",
    "conflict",
    "default",
    "distinct",
    "else",
    "exists",
    "filter",
    "from",
    "having",
    "in",
    "is",
    "join",
    "key",
    "like",
    "limit",
    "not",
    "offset",
    "on",
    "or",
    "over",
    "returning",
    "select",
    "then",
    "values",
    "when",
    "where",
];

/// The tokens as SQL.
pub(super) fn render(tokens: &[Token]) -> String {
    let mut sql = String::new();
    for token in tokens {
        if !sql.is_empty() {
            sql.push(' ');
        }
        token.write(&mut sql);
    }
    sql
}

/// Rewrites all expressions among the tokens.
///
/// # Errors
/// Something in them is not supported.
pub(super) fn rewrite(tokens: &[Token], names: &Names) -> Result<Vec<Token>, Refusal> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = &tokens[at + 1..];
        at += 1 + match token {
            Token::Symbol(mark) if mark == "::" => {
                let kind = type_name(rest)?;
                cast(&mut out, kind.kind);
                kind.tokens
            }
            Token::Symbol(mark) if mark == "~" || mark == "!~" => {
                out.push(word(if mark == "~" { "glob" } else { "not glob" }));
                out.push(Token::Text(glob(rest.first())?));
                1
            }
            Token::Word(name) => word_at(&mut out, name, rest, names)?,
            Token::Quoted(_) | Token::Text(_) | Token::Number(_) | Token::Parameter(_) | Token::Symbol(_) => {
                out.push(token.clone());
                0
            }
        };
    }
    Ok(out)
}

/// Writes what a word means; answers how many of the tokens after it belong to that.
fn word_at(out: &mut Vec<Token>, name: &str, rest: &[Token], names: &Names) -> Result<usize, Refusal> {
    let text = |text: &str| Token::Text(text.to_owned());
    let calls = rest.first().is_some_and(|next| next.is_symbol("("));
    let is_column = out.last().is_some_and(|token| token.is_symbol("."));
    let arguments = if calls { closing(rest).ok_or_else(|| syntax(None))? + 1 } else { 0 };
    let value = match name {
        _ if is_column => None,
        "cast" if calls => {
            let inside = &rest[1..arguments - 1];
            let at = inside.iter().rposition(|token| token.is("as")).ok_or_else(|| syntax(rest.last()))?;
            let operand = render(&rewrite(&inside[..at], names)?);
            out.push(symbol(&format!("({operand})")));
            cast(out, type_name(&inside[at + 1..])?.kind);
            return Ok(arguments);
        }
        "interval" => return interval(out, rest),
        "current_timestamp" | "localtimestamp" => Some(symbol(NOW)),
        "current_date" => Some(symbol("date('now')")),
        "current_user" | "session_user" | "user" | "pg_get_userbyid" if name != "pg_get_userbyid" || calls => {
            Some(text(&names.user))
        }
        "current_catalog" => Some(text(&names.database)),
        "current_schema" => Some(text("public")),
        "offset" if !calls && !out.iter().any(|token| token.is("limit")) => {
            out.push(symbol("limit -1"));
            None
        }
        _ if !calls => None,
        "now" | "clock_timestamp" | "transaction_timestamp" | "statement_timestamp" => Some(symbol(NOW)),
        "version" => Some(text(super::VERSION)),
        "current_database" => Some(text(&names.database)),
        "pg_backend_pid" => Some(Token::Number(std::process::id().to_string())),
        "gen_random_uuid" => Some(symbol(UUID)),
        "random" => Some(symbol("(abs(random() / 2) / 4611686018427387904.0)")),
        "pg_table_is_visible" => Some(symbol("1")),
        "obj_description" | "col_description" | "pg_get_expr" => Some(symbol("null")),
        _ => None,
    };
    if let Some(value) = value {
        out.push(value);
        return Ok(arguments);
    }
    out.push(word(match name {
        "greatest" if calls => "max",
        "least" if calls => "min",
        "char_length" | "character_length" if calls => "length",
        "strpos" if calls => "instr",
        "string_agg" if calls => "group_concat",
        "btrim" if calls => "trim",
        name => name,
    }));
    Ok(0)
}

/// Where the parenthesis that the tokens begin with is closed.
pub(super) fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Where the operand begins that the tokens end with: a value, a call, what is in parentheses, or a field of these.
pub(super) fn operand_start(tokens: &[Token]) -> usize {
    let Some(mut start) = tokens.len().checked_sub(1) else { return 0 };
    loop {
        start = primary_start(tokens, start);
        if start < 2 || !tokens[start - 1].is_symbol(".") {
            return start;
        }
        start -= 2;
    }
}

/// Where the call or the parentheses begin that end at this token; the token itself if it ends neither.
fn primary_start(tokens: &[Token], end: usize) -> usize {
    if !tokens[end].is_symbol(")") {
        return end;
    }
    let mut depth = 0_usize;
    let open = (0..=end).rev().find(|&at| {
        depth += usize::from(tokens[at].is_symbol(")"));
        depth -= usize::from(tokens[at].is_symbol("("));
        depth == 0
    });
    let open = open.unwrap_or(0);
    let before = open.checked_sub(1).and_then(|before| tokens[before].name());
    if before.is_some_and(|name| !NO_FUNCTIONS.contains(&name)) { open - 1 } else { open }
}

/// Casts the operand that the tokens end with.
fn cast(out: &mut Vec<Token>, kind: SqlType) {
    let start = operand_start(out);
    let operand = out.split_off(start);
    let literal = match operand.as_slice() {
        [Token::Text(text)] => Some(text.as_str()),
        _ => None,
    };
    let truth = |text: &str| match text.to_lowercase().as_str() {
        "t" | "true" | "yes" | "on" | "1" => Some("1"),
        "f" | "false" | "no" | "off" | "0" => Some("0"),
        _ => None,
    };
    let written = match (kind, literal) {
        (SqlType::Bool, Some(text)) if truth(text).is_some() => truth(text).unwrap_or_default().to_owned(),
        (SqlType::Bytea, Some(text)) if text.starts_with("\\x") && text[2..].chars().all(|c| c.is_ascii_hexdigit()) => {
            format!("x'{}'", &text[2..])
        }
        _ => match kind.storage() {
            Some(storage) => format!("cast({} as {storage})", render(&operand)),
            None => return out.extend(operand),
        },
    };
    out.push(symbol(&written));
}

/// A time and an interval: `now() - interval '5 seconds'`.
fn interval(out: &mut Vec<Token>, rest: &[Token]) -> Result<usize, Refusal> {
    let refusal = || Refusal::unsupported("intervals but as in now() - interval '5 seconds'");
    let (Some(Token::Text(text)), Some(Token::Symbol(sign))) = (rest.first(), out.pop()) else { return Err(refusal()) };
    if sign != "+" && sign != "-" {
        return Err(refusal());
    }
    let start = operand_start(out);
    let operand = render(&out.split_off(start));
    let mut modifiers = String::new();
    let mut words = text.split_whitespace();
    while let Some(number) = words.next() {
        let number: f64 = number.parse().map_err(|_| refusal())?;
        let unit = words.next().ok_or_else(refusal)?.trim_end_matches('s');
        let units = ["second", "minute", "hour", "day", "month", "year"];
        if operand.is_empty() || !number.is_finite() || !units.contains(&unit) {
            return Err(refusal());
        }
        let signed = if sign == "-" { -number } else { number };
        modifiers.push_str(&format!(", '{signed:+} {unit}s'"));
    }
    out.push(symbol(&format!("strftime('%Y-%m-%d %H:%M:%f', {operand}{modifiers})")));
    Ok(1)
}

/// A regular expression that says what a text begins with, as a pattern of SQLite's `GLOB`.
fn glob(pattern: Option<&Token>) -> Result<String, Refusal> {
    let refusal = || Refusal::unsupported("regular expressions but as in '^beginning'");
    let Some(Token::Text(text)) = pattern else { return Err(refusal()) };
    let beginning = text.strip_prefix('^').ok_or_else(refusal)?;
    if beginning.contains(|c: char| !c.is_alphanumeric() && c != '_' && c != '-' && c != ' ') {
        return Err(refusal());
    }
    Ok(format!("{beginning}*"))
}

/// A type as it is written, and how many tokens that takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    /// Which type.
    pub(super) kind: SqlType,
    /// The numbers in parentheses after it.
    pub(super) limits: Vec<u32>,
    /// How many tokens it took.
    pub(super) tokens: usize,
}

/// Reads a type's name.
///
/// # Errors
/// It is not supported.
pub(super) fn type_name(tokens: &[Token]) -> Result<TypeName, Refusal> {
    let schema = usize::from(tokens.first().is_some_and(|token| token.is("pg_catalog"))) * 2;
    let first = tokens.get(schema).and_then(Token::name).ok_or_else(|| syntax(tokens.first()))?;
    let mut name = first.to_owned();
    let mut taken = schema + 1;
    if tokens
        .get(taken)
        .is_some_and(|next| (first == "double" && next.is("precision")) || (first == "character" && next.is("varying")))
    {
        name.push_str(if first == "double" { " precision" } else { " varying" });
        taken += 1;
    }
    let mut limits = Vec::new();
    if tokens.get(taken).is_some_and(|next| next.is_symbol("(")) {
        let end = closing(&tokens[taken..]).ok_or_else(|| syntax(None))?;
        limits = tokens[taken..taken + end]
            .iter()
            .filter_map(|token| match token {
                Token::Number(number) => number.parse().ok(),
                _ => None,
            })
            .collect();
        taken += end + 1;
    }
    let zone: Vec<_> = tokens[taken..].iter().take(3).filter_map(Token::name).collect();
    if let [with @ ("with" | "without"), "time", "zone"] = zone.as_slice() {
        name.push_str(&format!(" {with} time zone"));
        taken += 3;
    }
    if tokens.get(taken).is_some_and(|next| next.is_symbol("[")) {
        return Err(Refusal::unsupported("arrays"));
    }
    let kind = SqlType::of_name(&name).ok_or_else(|| Refusal::unsupported(format!("the type {name}")))?;
    Ok(TypeName { kind, limits, tokens: taken })
}
