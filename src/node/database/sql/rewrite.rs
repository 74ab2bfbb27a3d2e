//! Writes a statement as SQLite understands it: schemas that all mean the same one are left out, and what only
//! PostgreSQL has is put in SQLite's words.

#![expect(clippy::wildcard_enum_match_arm, reason = "few of the kinds and tokens are rewritten")]

use super::Names;
use super::columns;
use super::expression::{self, render};
use super::kind::{Kind, locking_clause, syntax, top};
use super::lexer::{Token, word};
use crate::node::database::refusal::Refusal;

/// The statement for SQLite.
///
/// # Errors
/// It is not supported.
pub(super) fn rewrite(kind: &Kind, tokens: &[Token], names: &Names) -> Result<String, Refusal> {
    let tokens = without_schemas(tokens);
    let tokens = match kind {
        Kind::Define("CREATE TABLE") => return columns::create_table(&tokens, names),
        Kind::Define("ALTER TABLE") => return columns::alter_table(&tokens, names),
        Kind::Define("TRUNCATE TABLE") => truncate(&tokens)?,
        Kind::Define("CREATE INDEX") => create_index(tokens)?,
        Kind::Define("DROP TABLE" | "DROP INDEX" | "DROP VIEW") => drop_one(tokens)?,
        Kind::Select { locks: true, .. } => tokens[..locking_clause(&tokens).unwrap_or(tokens.len())].to_vec(),
        _ => tokens,
    };
    refuse(&tokens)?;
    Ok(render(&expression::rewrite(&tokens, names)?))
}

/// `public` and `pg_catalog` are where everything is; `information_schema.tables` is a view of that whole name.
fn without_schemas(tokens: &[Token]) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        let is_qualified = after.first().is_some_and(|token| token.is_symbol("."))
            && !kept.last().is_some_and(|token| token.is_symbol("."));
        match (first.name(), after.get(1).and_then(Token::name)) {
            (Some("public" | "pg_catalog"), Some(_)) if is_qualified => rest = &after[1..],
            (Some(schema @ "information_schema"), Some(name)) if is_qualified => {
                kept.push(Token::Quoted(format!("{schema}.{name}")));
                rest = &after[2..];
            }
            _ => {
                kept.push(first.clone());
                rest = after;
            }
        }
    }
    kept
}

/// Refuses what SQLite would take for something else.
fn refuse(tokens: &[Token]) -> Result<(), Refusal> {
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        let calls = next.is_some_and(|next| next.is_symbol("("));
        let what = match token {
            Token::Word(name) if name == "ilike" || name == "similar" => "ILIKE and SIMILAR TO",
            Token::Word(name) if name == "lateral" => "LATERAL",
            Token::Word(name) if calls && ["any", "some", "array"].contains(&name.as_str()) => "arrays",
            Token::Symbol(mark) if mark == "[" => "arrays",
            Token::Symbol(mark) if ["~*", "!~*", "@>", "<@", "@@", "?|", "?&"].contains(&mark.as_str()) => {
                "the operators of regular expressions, arrays and JSON"
            }
            Token::Word(name) if name == "constraint" && at > 0 && tokens[at - 1].is("on") => {
                "ON CONFLICT ON CONSTRAINT"
            }
            _ => continue,
        };
        return Err(Refusal::unsupported(what));
    }
    Ok(())
}

fn truncate(tokens: &[Token]) -> Result<Vec<Token>, Refusal> {
    let named = |token: &&Token| !["table", "only", "restrict"].iter().any(|word| token.is(word));
    let mut names = tokens[1..].iter().filter(named);
    match (names.next(), names.next()) {
        (Some(table), None) if table.name().is_some() => Ok(vec![word("delete"), word("from"), table.clone()]),
        (Some(_), Some(_)) => Err(Refusal::unsupported("TRUNCATE of more than one table")),
        (first, _) => Err(syntax(first)),
    }
}

/// `CREATE [UNIQUE] INDEX [CONCURRENTLY] [IF NOT EXISTS] name ON [ONLY] table [USING btree] (…)`.
fn create_index(mut tokens: Vec<Token>) -> Result<Vec<Token>, Refusal> {
    let using = top(&tokens).find(|(_, token)| token.is("using")).map(|(at, _)| at);
    if let Some(at) = using {
        if !tokens.get(at + 1).is_some_and(|method| method.is("btree")) {
            return Err(Refusal::unsupported("indexes that are no B-trees"));
        }
        tokens.drain(at..at + 2);
    }
    tokens.retain(|token| !token.is("concurrently") && !token.is("only"));
    let on = top(&tokens).find(|(_, token)| token.is("on")).map(|(at, _)| at);
    match on.and_then(|on| tokens.get(on.checked_sub(1)?)) {
        Some(before) if before.is("index") => Err(Refusal::unsupported("indexes without a name")),
        Some(_) => Ok(tokens),
        None => Err(syntax(None)),
    }
}

fn drop_one(mut tokens: Vec<Token>) -> Result<Vec<Token>, Refusal> {
    tokens.retain(|token| !["cascade", "restrict", "concurrently"].iter().any(|word| token.is(word)));
    if tokens.iter().any(|token| token.is_symbol(",")) {
        return Err(Refusal::unsupported("DROP of more than one table"));
    }
    Ok(tokens)
}
