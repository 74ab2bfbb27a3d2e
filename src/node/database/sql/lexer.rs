//! Cuts SQL into tokens as PostgreSQL does: quotes, comments, parameters, operators. Knows no grammar.

use crate::node::database::refusal::Refusal;

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::database) enum Token {
    /// A keyword or a name without quotes, folded to lower case.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// A string, without its quotes.
    Text(String),
    /// A number as written.
    Number(String),
    /// `$1` has the number 1.
    Parameter(u16),
    /// An operator or a punctuation mark.
    Symbol(String),
}

impl Token {
    /// Whether it is this keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text == word)
    }

    /// Whether it is this operator or mark.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self, Self::Symbol(text) if text == symbol)
    }

    /// The name, if it can be one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            Self::Text(_) | Self::Number(_) | Self::Parameter(_) | Self::Symbol(_) => None,
        }
    }

    /// Writes it as SQLite reads it.
    pub(super) fn write(&self, sql: &mut String) {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Symbol(text) => sql.push_str(text),
            Self::Quoted(name) => quote(sql, '"', name),
            Self::Text(text) => quote(sql, '\'', text),
            Self::Parameter(number) => {
                sql.push('?');
                sql.push_str(&number.to_string());
            }
        }
    }
}

fn quote(sql: &mut String, mark: char, text: &str) {
    sql.push(mark);
    for c in text.chars() {
        if c == mark {
            sql.push(mark);
        }
        sql.push(c);
    }
    sql.push(mark);
}

/// A keyword.
pub(super) fn word(text: &str) -> Token {
    Token::Word(text.to_owned())
}

/// An operator or mark.
pub(super) fn symbol(text: &str) -> Token {
    Token::Symbol(text.to_owned())
}

/// Cuts a text into its statements, each as tokens. Empty statements are left out.
///
/// # Errors
/// A quote or comment that does not end, or a character that SQL does not have.
pub(in crate::node::database) fn statements(sql: &str) -> Result<Vec<Vec<Token>>, Refusal> {
    let mut lexer = Lexer { rest: sql };
    let (mut statements, mut current) = (Vec::new(), Vec::new());
    while let Some(token) = lexer.next()? {
        if token.is_symbol(";") {
            statements.push(std::mem::take(&mut current));
        } else {
            current.push(token);
        }
    }
    statements.push(current);
    statements.retain(|tokens| !tokens.is_empty());
    Ok(statements)
}

struct Lexer<'a> {
    rest: &'a str,
}

const OPERATORS: &str = "+-*/<>=~!@#%^&|`?";

impl Lexer<'_> {
    fn next(&mut self) -> Result<Option<Token>, Refusal> {
        self.skip_blanks()?;
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let second = self.rest[first.len_utf8()..].chars().next();
        let token = match (first, second) {
            ('\'', _) => Token::Text(self.quoted('\'', false)?),
            ('e' | 'E', Some('\'')) => {
                self.rest = &self.rest[1..];
                Token::Text(self.quoted('\'', true)?)
            }
            ('x' | 'X' | 'b' | 'B', Some('\'')) => return Err(Refusal::unsupported("bit strings")),
            ('"', _) => Token::Quoted(self.quoted('"', false)?),
            ('$', Some('0'..='9')) => {
                let number = self.take_while(1, |c| c.is_ascii_digit())[1..].parse().ok().filter(|n| *n > 0);
                Token::Parameter(number.ok_or_else(|| Refusal::new("42P02", "there is no such parameter"))?)
            }
            ('$', _) => self.dollar_quoted()?,
            ('0'..='9', _) | ('.', Some('0'..='9')) => self.number(),
            (':', Some(':')) => {
                self.rest = &self.rest[2..];
                symbol("::")
            }
            (c, _) if c.is_alphabetic() || c == '_' => {
                Token::Word(self.take_while(0, |c| c.is_alphanumeric() || c == '_' || c == '$').to_lowercase())
            }
            (c, _) if OPERATORS.contains(c) => self.operator(),
            (c @ ('(' | ')' | ',' | ';' | '.' | '[' | ']' | ':'), _) => {
                self.rest = &self.rest[1..];
                symbol(c.encode_utf8(&mut [0; 4]))
            }
            (c, _) => return Err(Refusal::syntax(format!("syntax error at or near \"{c}\""))),
        };
        Ok(Some(token))
    }

    fn skip_blanks(&mut self) -> Result<(), Refusal> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("--") {
                self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
            } else if self.rest.starts_with("/*") {
                self.comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Comments can stand in comments.
    fn comment(&mut self) -> Result<(), Refusal> {
        let mut depth = 0_u32;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.rest = &self.rest[2..];
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.rest = &self.rest[2..];
                if depth == 0 {
                    return Ok(());
                }
            } else {
                let next = self.rest.chars().next().ok_or_else(|| Refusal::syntax("unterminated comment"))?;
                self.rest = &self.rest[next.len_utf8()..];
            }
        }
    }

    fn take_while(&mut self, from: usize, wanted: impl Fn(char) -> bool) -> &str {
        let end = self.rest[from..].find(|c| !wanted(c)).map_or(self.rest.len(), |end| from + end);
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn quoted(&mut self, mark: char, escapes: bool) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == mark => {
                    if chars.next_if(|(_, next)| *next == mark).is_none() {
                        self.rest = &self.rest[at + 1..];
                        return Ok(text);
                    }
                    text.push(mark);
                }
                '\\' if escapes => match chars.next().map(|(_, next)| next) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(c) if !c.is_ascii_alphanumeric() => text.push(c),
                    Some(c) => return Err(Refusal::unsupported(format!("the escape \\{c}"))),
                    None => break,
                },
                '\0' => return Err(Refusal::new("22021", "a text cannot contain a zero byte")),
                c => text.push(c),
            }
        }
        Err(Refusal::syntax(format!("unterminated quoted string that begins with {mark}")))
    }

    fn dollar_quoted(&mut self) -> Result<Token, Refusal> {
        let bad = || Refusal::syntax("unterminated dollar-quoted string");
        let tag_end = self.rest[1..].find('$').ok_or_else(bad)? + 2;
        let tag = &self.rest[..tag_end];
        let end = self.rest[tag_end..].find(tag).ok_or_else(bad)? + tag_end;
        let text = self.rest[tag_end..end].to_owned();
        self.rest = &self.rest[end + tag_end..];
        Ok(Token::Text(text))
    }

    fn number(&mut self) -> Token {
        let mut end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let exponent = self.rest[end..].strip_prefix(['e', 'E']);
        if let Some(digits) = exponent.map(|exponent| exponent.trim_start_matches(['+', '-']))
            && digits.starts_with(|c: char| c.is_ascii_digit())
        {
            let after = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            end = self.rest.len() - digits.len() + after;
        }
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Token::Number(number.to_owned())
    }

    /// The longest run of operator characters; it ends in `+` or `-` only if it has a character that no operator of
    /// the SQL standard has, so that `a=-1` is two operators (PostgreSQL manual, 4.1.3).
    fn operator(&mut self) -> Token {
        let mut end = self.rest.find(|c| !OPERATORS.contains(c)).unwrap_or(self.rest.len());
        for comment in ["--", "/*"] {
            end = self.rest[..end].find(comment).unwrap_or(end);
        }
        let is_special = self.rest[..end].contains(|c| "~!@#%^&|`?".contains(c));
        while end > 1 && !is_special && self.rest[..end].ends_with(['+', '-']) {
            end -= 1;
        }
        let (operator, rest) = self.rest.split_at(end.max(1));
        self.rest = rest;
        symbol(operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sql: &str) -> Vec<String> {
        let statements = statements(sql).unwrap();
        let write = |tokens: &Vec<Token>| {
            let mut sql = String::new();
            for token in tokens {
                token.write(&mut sql);
                sql.push(' ');
            }
            sql.trim_end().to_owned()
        };
        statements.iter().map(write).collect()
    }

    #[test]
    fn text_is_cut_as_postgresql_cuts_it() {
        assert_eq!(
            written("SELECT a=-1, 'it''s', E'a\\nb', $$x'y$$;; -- end"),
            ["select a = - 1 , 'it''s' , 'a\nb' , 'x''y'"]
        );
        assert_eq!(
            written("/* a /* b */ c */ select \"Wei\"\"rd\".x::int8, $12, 1.5e-3"),
            ["select \"Wei\"\"rd\" . x :: int8 , ?12 , 1.5e-3"]
        );
        assert_eq!(written("a;b"), ["a", "b"]);
        assert_eq!(written(" ; ;"), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_end_is_a_syntax_error() {
        for sql in ["'a", "\"a", "/* a", "$$ a", "E'a\\"] {
            assert_eq!(statements(sql).unwrap_err().code, "42601", "{sql}");
        }
        assert_eq!(statements("select {").unwrap_err().code, "42601");
        assert_eq!(statements("select $0").unwrap_err().code, "42P02");
    }
}
