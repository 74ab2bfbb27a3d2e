//! Of which types a statement's parameters and results are. SQLite does not say it of parameters and expressions, and
//! clients must know before the statement runs.

#![expect(clippy::wildcard_enum_match_arm, reason = "few of the types are wider than others")]

use super::columns::split;
use super::expression::{closing, operand_start, type_name};
use super::kind::top;
use super::lexer::Token;
use super::types::SqlType;

/// The columns of the tables that a statement names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::node::database) struct Tables(pub(in crate::node::database) Vec<(String, Vec<(String, SqlType)>)>);

impl Tables {
    /// The tables that a statement names, in the order in which it does.
    pub(in crate::node::database) fn named_in(tokens: &[Token]) -> Vec<String> {
        let mut names = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if ["from", "join", "into", "update"].iter().any(|word| token.is(word)) {
                let mut rest = tokens[at + 1..].iter().filter(|token| !token.is("only") && !token.is_symbol("."));
                let name = rest.find(|token| !token.is("public") && !token.is("pg_catalog")).and_then(Token::name);
                names.extend(name.map(str::to_owned));
            }
        }
        names
    }

    fn column(&self, name: &str) -> Option<SqlType> {
        let mut columns = self.0.iter().flat_map(|(_, columns)| columns);
        columns.find(|(column, _)| column == name).map(|(_, kind)| *kind)
    }
}

/// What is known when types are sought.
pub(in crate::node::database) struct Shape<'a> {
    /// The statement.
    pub(in crate::node::database) tokens: &'a [Token],
    /// The columns of its tables.
    pub(in crate::node::database) tables: &'a Tables,
}

impl Shape<'_> {
    /// The types of its parameters: as the client gave them, or as their place tells; else text.
    pub(in crate::node::database) fn parameters(&self, count: usize, given: &[Option<SqlType>]) -> Vec<SqlType> {
        let mut kinds: Vec<Option<SqlType>> = given.to_vec();
        kinds.resize(count.max(given.len()), None);
        self.inserted(&mut kinds);
        for (at, token) in self.tokens.iter().enumerate() {
            if let Token::Parameter(number) = token
                && let Some(kind @ None) = kinds.get_mut(usize::from(*number) - 1)
            {
                *kind = self.place(at);
            }
        }
        kinds.into_iter().map(|kind| kind.unwrap_or(SqlType::Text)).collect()
    }

    /// Parameters that are whole values of an `INSERT`.
    fn inserted(&self, kinds: &mut [Option<SqlType>]) {
        let Some(into) = self.tokens.iter().position(|token| token.is("into")) else { return };
        let rest = &self.tokens[into..];
        let Some(values) = rest.iter().position(|token| token.is("values")) else { return };
        let named = rest[..values].iter().position(|token| token.is_symbol("(")).map(|open| &rest[open + 1..values]);
        let columns: Vec<Option<SqlType>> = match named {
            Some(list) => split(&list[..list.len().saturating_sub(1)])
                .map(|column| column.first().and_then(Token::name).and_then(|name| self.tables.column(name)))
                .collect(),
            None => self.tables.0.first().iter().flat_map(|(_, all)| all).map(|(_, kind)| Some(*kind)).collect(),
        };
        let mut rest = &rest[values + 1..];
        while let Some(close) = closing(rest).filter(|_| rest[0].is_symbol("(")) {
            for (value, column) in split(&rest[1..close]).zip(&columns) {
                if let [Token::Parameter(number)] = value
                    && let Some(kind) = kinds.get_mut(usize::from(*number) - 1)
                {
                    *kind = kind.or(*column);
                }
            }
            rest = rest.get(close + 2..).unwrap_or_default();
        }
    }

    /// The type that a parameter's neighbours ask for.
    fn place(&self, at: usize) -> Option<SqlType> {
        let (before, after) = (&self.tokens[..at], &self.tokens[at + 1..]);
        if after.first().is_some_and(|next| next.is_symbol("::")) {
            return type_name(&after[1..]).ok().map(|name| name.kind);
        }
        if after.first().is_some_and(|next| next.is("as")) && before.iter().rev().nth(1).is_some_and(|it| it.is("cast"))
        {
            return type_name(&after[1..]).ok().map(|name| name.kind);
        }
        let last = before.last()?;
        if last.is("limit") || last.is("offset") {
            return Some(SqlType::Int8);
        }
        if compares(last) || last.is("between") {
            let end = before.len() - 1;
            return self
                .operand(&before[..end - usize::from(before.get(end.wrapping_sub(1)).is_some_and(|it| it.is("not")))]);
        }
        if last.is("and")
            && let Some(between) = before.iter().rposition(|token| token.is("between"))
        {
            return self.operand(&before[..between]);
        }
        if let Some(open) = open_parenthesis(before).filter(|open| *open > 0 && before[open - 1].is("in")) {
            let end = open - 1 - usize::from(open > 1 && before[open - 2].is("not"));
            return self.operand(&before[..end]);
        }
        let next = after.first().filter(|next| compares(next)).and(after.get(1))?;
        next.name().and_then(|name| {
            let qualified = after.get(2).is_some_and(|dot| dot.is_symbol("."));
            self.tables.column(if qualified { after.get(3).and_then(Token::name)? } else { name })
        })
    }

    /// The type of the operand that the tokens end with.
    fn operand(&self, tokens: &[Token]) -> Option<SqlType> {
        let operand = &tokens[operand_start(tokens)..];
        self.expression(operand, &[])
    }

    /// The types of the results: as the columns are declared, or as the expressions tell; else text.
    pub(in crate::node::database) fn results(
        &self,
        declared: &[Option<String>],
        parameters: &[SqlType],
    ) -> Vec<SqlType> {
        let items: Vec<&[Token]> = split(self.selected()).collect();
        let is_star = |item: &[Token]| item.last().is_some_and(|token| token.is_symbol("*"));
        let stars = items.iter().filter(|item| is_star(item)).count();
        // A star stands for as many columns as the others leave; of two, nobody knows.
        let wide = (declared.len() + stars).saturating_sub(items.len()) / stars.max(1);
        let widths = items.iter().flat_map(|item| {
            let count = if is_star(item) { wide } else { 1 };
            std::iter::repeat_n((!is_star(item)).then_some(*item), count)
        });
        let mut of_items = widths;
        let kind_of = |declared: &Option<String>| {
            let item = of_items.next().flatten();
            let declared = declared.as_deref().map(SqlType::of_declaration);
            declared.or_else(|| self.expression(without_alias(item?), parameters)).unwrap_or(SqlType::Text)
        };
        declared.iter().map(kind_of).collect()
    }

    /// What is between `SELECT` and `FROM`, or after `RETURNING`.
    fn selected(&self) -> &[Token] {
        let writes = |token: &Token| ["insert", "update", "delete"].iter().any(|word| token.is(word));
        let find = |word: &str| top(self.tokens).find(|(_, token)| token.is(word)).map(|(at, _)| at + 1);
        let is_write = top(self.tokens).any(|(_, token)| writes(token));
        let start = if is_write { find("returning") } else { find("select") };
        let Some(start) = start else { return &[] };
        let rest = &self.tokens[start..];
        let rest =
            if rest.first().is_some_and(|token| token.is("distinct") || token.is("all")) { &rest[1..] } else { rest };
        let ends =
            ["from", "where", "group", "order", "limit", "union", "intersect", "except", "having", "for", "offset"];
        let end = top(rest).find(|(_, token)| ends.iter().any(|word| token.is(word))).map(|(at, _)| at);
        &rest[..end.unwrap_or(rest.len())]
    }

    /// The type of an expression; `None` where nothing tells it.
    fn expression(&self, tokens: &[Token], parameters: &[SqlType]) -> Option<SqlType> {
        use SqlType::{Bool, Float8, Int4, Int8, Text};
        let is_any = |token: &Token, words: &[&str]| words.iter().any(|word| token.is(word));
        if top(tokens).any(|(_, token)| {
            compares(token) && !arithmetic(token)
                || is_any(token, &["and", "or", "not", "is", "in", "like", "between", "exists"])
        }) && !tokens.first().is_some_and(|token| token.is("case"))
        {
            return Some(Bool);
        }
        if let Some(cast) = top(tokens).filter(|(_, token)| token.is_symbol("::")).last()
            && let Ok(name) = type_name(&tokens[cast.0 + 1..])
            && cast.0 + 1 + name.tokens == tokens.len()
        {
            return Some(name.kind);
        }
        let operators: Vec<usize> =
            top(tokens).filter(|(at, token)| *at > 0 && arithmetic(token)).map(|(at, _)| at).collect();
        if operators.iter().any(|at| tokens[*at].is_symbol("||")) {
            return Some(Text);
        }
        if let Some(&at) = operators.first() {
            let sides = [self.expression(&tokens[..at], parameters), self.expression(&tokens[at + 1..], parameters)];
            return sides.into_iter().flatten().max_by_key(|kind| width(*kind));
        }
        match tokens {
            [Token::Symbol(sign), rest @ ..] if sign == "-" || sign == "+" => self.expression(rest, parameters),
            [Token::Number(number)] if number.contains(['.', 'e', 'E']) => Some(Float8),
            [Token::Number(number)] => Some(if number.parse::<i32>().is_ok() { Int4 } else { Int8 }),
            [Token::Text(_)] => Some(Text),
            [Token::Parameter(number)] => parameters.get(usize::from(*number) - 1).copied(),
            [Token::Word(name)] if name == "true" || name == "false" => Some(Bool),
            [Token::Word(name)] if name == "current_timestamp" => Some(SqlType::Timestamptz),
            [Token::Word(name)] if name == "current_date" => Some(SqlType::Date),
            [Token::Word(case), .., Token::Word(end)] if case == "case" && end == "end" => {
                let then = tokens.iter().position(|token| token.is("then"))? + 1;
                let end = top(&tokens[then..]).find(|(_, token)| is_any(token, &["when", "else", "end"]))?.0;
                self.expression(&tokens[then..then + end], parameters)
            }
            [open, inside @ .., close] if open.is_symbol("(") && close.is_symbol(")") => {
                let select = inside.first().is_some_and(|token| token.is("select"));
                if select {
                    Shape { tokens: inside, ..*self }.first_result(parameters)
                } else {
                    self.expression(inside, parameters)
                }
            }
            [Token::Word(name), rest @ ..] if rest.first().is_some_and(|next| next.is_symbol("(")) => {
                self.function(name, &rest[1..closing(rest)?], parameters)
            }
            [.., dot, last] if dot.is_symbol(".") => last.name().and_then(|name| self.tables.column(name)),
            [name] => name.name().and_then(|name| self.tables.column(name)),
            _ => None,
        }
    }

    fn first_result(&self, parameters: &[SqlType]) -> Option<SqlType> {
        let first = split(self.selected()).next()?;
        self.expression(without_alias(first), parameters)
    }

    fn function(&self, name: &str, arguments: &[Token], parameters: &[SqlType]) -> Option<SqlType> {
        use SqlType::{Bool, Float8, Int2, Int4, Int8, Text, Timestamptz};
        let first = || split(arguments).next().and_then(|first| self.expression(first, parameters));
        Some(match name {
            "count" | "row_number" | "rank" | "dense_rank" => Int8,
            "length" | "char_length" | "character_length" | "octet_length" | "strpos" | "pg_backend_pid" | "ntile" => {
                Int4
            }
            "avg" | "random" | "total" => Float8,
            "round" | "floor" | "ceil" | "ceiling" | "power" | "sqrt" | "exp" | "ln" => Float8,
            "now" | "clock_timestamp" | "transaction_timestamp" | "statement_timestamp" => Timestamptz,
            "pg_table_is_visible" | "bool_and" | "bool_or" => Bool,
            "gen_random_uuid" => SqlType::Uuid,
            "sum" => match first() {
                Some(Int2 | Int4) | None => Int8,
                Some(kind) => kind,
            },
            "cast" => {
                let at = arguments.iter().rposition(|token| token.is("as"))?;
                type_name(&arguments[at + 1..]).ok()?.kind
            }
            "min" | "max" | "coalesce" | "nullif" | "greatest" | "least" | "abs" | "lag" | "lead" | "first_value" => {
                first()?
            }
            _ => Text,
        })
    }
}

fn compares(token: &Token) -> bool {
    let operators = ["=", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "||"];
    operators.iter().any(|operator| token.is_symbol(operator)) || token.is("like")
}

fn arithmetic(token: &Token) -> bool {
    ["+", "-", "*", "/", "%", "||"].iter().any(|operator| token.is_symbol(operator))
}

/// Which of two operands' types the result has.
const fn width(kind: SqlType) -> u8 {
    match kind {
        SqlType::Timestamptz | SqlType::Timestamp => 5,
        SqlType::Float4 | SqlType::Float8 => 4,
        SqlType::Numeric => 3,
        SqlType::Int8 => 2,
        SqlType::Int4 => 1,
        _ => 0,
    }
}

fn open_parenthesis(before: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in before.iter().enumerate().rev() {
        if token.is_symbol(")") {
            depth += 1;
        } else if token.is_symbol("(") {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

/// An item of a select list without `AS name`, or the name alone.
fn without_alias(item: &[Token]) -> &[Token] {
    match item {
        [expression @ .., word, _] if word.is("as") => expression,
        [expression @ .., before, Token::Word(name)]
            if name != "end"
                && (before.is_symbol(")")
                    || matches!(before, Token::Text(_) | Token::Number(_) | Token::Parameter(_))) =>
        {
            &item[..=expression.len()]
        }
        [expression @ .., _, Token::Quoted(_)] if !item[item.len() - 2].is_symbol(".") => &item[..=expression.len()],
        _ => item,
    }
}
