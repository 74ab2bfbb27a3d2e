//! Tables' columns: their types and constraints in `CREATE TABLE` and `ALTER TABLE`.

#![expect(clippy::wildcard_enum_match_arm, reason = "few of the tokens begin something")]

use super::Names;
use super::expression::{self, closing, render, type_name};
use super::kind::{syntax, top};
use super::lexer::Token;
use super::types::{BIGSERIAL, CHECKED, SERIAL, SqlType};
use crate::node::database::refusal::Refusal;

/// What begins a constraint of a table, where a column's name could stand.
const TABLE_CONSTRAINTS: [&str; 5] = ["primary", "unique", "check", "foreign", "constraint"];
/// What begins a constraint of a column, after its type.
const COLUMN_CONSTRAINTS: [&str; 10] =
    ["primary", "not", "null", "default", "unique", "check", "references", "constraint", "generated", "collate"];

/// `CREATE TABLE` for SQLite.
///
/// # Errors
/// A type or constraint is not supported.
pub(super) fn create_table(tokens: &[Token], names: &Names) -> Result<String, Refusal> {
    let open = tokens.iter().position(|token| token.is_symbol("("));
    let Some(open) = open.filter(|open| !tokens[..*open].iter().any(|token| token.is("as"))) else {
        return Err(Refusal::unsupported("CREATE TABLE without columns"));
    };
    let close = open + closing(&tokens[open..]).ok_or_else(|| syntax(None))?;
    if close + 1 < tokens.len() {
        return Err(Refusal::unsupported("options after the columns of a table"));
    }
    let head: Vec<Token> = tokens[..open].iter().filter(|token| !token.is("unlogged")).cloned().collect();
    let mut items = Vec::new();
    for item in split(&tokens[open + 1..close]) {
        let first = item.first().ok_or_else(|| syntax(tokens.get(close)))?;
        items.push(match first {
            Token::Word(name) if TABLE_CONSTRAINTS.contains(&name.as_str()) => {
                render(&expression::rewrite(item, names)?)
            }
            Token::Word(name) if name == "like" || name == "exclude" => {
                return Err(Refusal::unsupported(format!("{} in CREATE TABLE", name.to_uppercase())));
            }
            _ => column(item, names)?,
        });
    }
    Ok(format!("{} ({})", render(&head), items.join(", ")))
}

/// `ALTER TABLE` for SQLite.
///
/// # Errors
/// It changes something that SQLite cannot change.
pub(super) fn alter_table(tokens: &[Token], names: &Names) -> Result<String, Refusal> {
    let unsupported = || Refusal::unsupported("ALTER TABLE but to add, rename or drop a column or to rename the table");
    let add = tokens.iter().position(|token| token.is("add"));
    let Some(add) = add else {
        let supported = tokens.iter().any(|token| token.is("rename") || token.is("drop"))
            && !tokens.iter().any(|token| token.is("constraint") || token.is("default") || token.is_symbol(","));
        return if supported { Ok(render(tokens)) } else { Err(unsupported()) };
    };
    let named = usize::from(tokens.get(add + 1).is_some_and(|token| token.is("column")));
    let item = &tokens[add + 1 + named..];
    let is_constraint = |token: &Token| TABLE_CONSTRAINTS.iter().any(|word| token.is(word));
    if item.first().is_none_or(|first| is_constraint(first) || first.is("if")) || split(item).count() > 1 {
        return Err(unsupported());
    }
    Ok(format!("{} add column {}", render(&tokens[..add]), column(item, names)?))
}

/// The parts between top-level commas.
pub(super) fn split(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let commas: Vec<usize> = top(tokens).filter(|(_, token)| token.is_symbol(",")).map(|(at, _)| at).collect();
    let starts = std::iter::once(0).chain(commas.clone().into_iter().map(|at| at + 1));
    let ends = commas.into_iter().chain(std::iter::once(tokens.len()));
    starts.zip(ends).map(|(start, end)| &tokens[start..end])
}

fn column(item: &[Token], names: &Names) -> Result<String, Refusal> {
    let name = item.first().filter(|token| token.name().is_some()).ok_or_else(|| syntax(item.first()))?;
    let name = render(std::slice::from_ref(name));
    let serial = match item.get(1).and_then(Token::name) {
        Some("serial" | "serial4") => Some(SERIAL),
        Some("bigserial" | "serial8") => Some(BIGSERIAL),
        _ => None,
    };
    let mut rest = &item[item.len().min(2)..];
    let (mut serial, mut declared) = (serial, None);
    if serial.is_none() {
        let found = type_name(&item[1..])?;
        rest = &item[1 + found.tokens..];
        if rest.first().is_some_and(|token| token.is("generated")) {
            let identity = rest.iter().position(|token| token.is("identity"));
            let identity = identity.ok_or_else(|| Refusal::unsupported("generated columns"))?;
            rest = &rest[identity + 1..];
            if rest.first().is_some_and(|token| token.is_symbol("(")) {
                rest = &rest[closing(rest).ok_or_else(|| syntax(None))? + 1..];
            }
            serial = Some(if found.kind == SqlType::Int8 { BIGSERIAL } else { SERIAL });
        }
        declared = Some(found);
    }
    let is_key = rest.first().is_some_and(|token| token.is("primary"));
    let mut sql = name.clone();
    let mut check = String::new();
    match (serial, declared) {
        (Some(serial), _) if is_key => sql.push_str(&format!(" {serial}")),
        (Some(_), _) => return Err(Refusal::unsupported("serial columns that are not the primary key")),
        (None, Some(found)) => {
            let limits: Vec<String> = found.limits.iter().map(u32::to_string).collect();
            let limits = if limits.is_empty() { String::new() } else { format!("({})", limits.join(", ")) };
            sql.push_str(&format!(" {}{limits}", found.kind.name()));
            if let Some(condition) = found.kind.check(&name, &found.limits) {
                check = format!(" constraint \"{CHECKED}{}{limits}\" check ({condition})", found.kind.name());
            }
        }
        (None, None) => return Err(syntax(item.get(1))),
    }
    constraints(&mut sql, rest, serial.is_some(), names)?;
    // Last, for in SQLite a constraint without a name bears the name of the one before.
    sql.push_str(&check);
    Ok(sql)
}

fn constraints(sql: &mut String, rest: &[Token], is_serial: bool, names: &Names) -> Result<(), Refusal> {
    let begins = |token: &Token| COLUMN_CONSTRAINTS.iter().any(|word| token.is(word));
    let mut starts: Vec<usize> = top(rest).filter(|(_, token)| begins(token)).map(|(at, _)| at).collect();
    // "not null" and "default null" are one.
    starts.retain(|&at| !(rest[at].is("null") && at > 0 && (rest[at - 1].is("not") || rest[at - 1].is("default"))));
    if starts.first().is_some_and(|first| *first > 0) || (starts.is_empty() && !rest.is_empty()) {
        return Err(syntax(rest.first()));
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(rest.len()));
    for (start, end) in starts.iter().copied().zip(ends) {
        let part = &rest[start..end];
        let written = render(&expression::rewrite(part, names)?);
        if part[0].is("default") {
            sql.push_str(&format!(" default ({})", render(&expression::rewrite(&part[1..], names)?)));
        } else if part[0].is("primary") && !is_serial {
            // A primary key in SQLite can be null, but for this.
            sql.push_str(&format!(" {written} not null"));
        } else {
            sql.push_str(&format!(" {written}"));
        }
    }
    Ok(())
}
