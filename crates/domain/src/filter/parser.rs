//! The grammar of a filter: what joins comparisons. One function per rule, one token ahead.

mod comparison;

use super::error::{FilterError, FilterReason};
use super::expression::Expression;
use super::lexer::{Lexer, Placed, Token};
use super::{COMPARISONS_MAX, DEPTH_MAX};

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Expression, FilterError> {
    let mut lexer = Lexer::new(text);
    let ahead = lexer.read()?;
    let mut parser = Parser { lexer, ahead, depth: 0, comparisons: 0 };
    let expression = parser.any()?;
    match parser.ahead.token {
        Token::End => Ok(expression),
        _ => Err(parser.ahead.expected("`and`, `or` or the end")),
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    ahead: Placed<'a>,
    depth: usize,
    comparisons: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.all()?];
        while self.take_keyword("or")? {
            parts.push(self.all()?);
        }
        Ok(Expression::any(parts))
    }

    fn all(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.one()?];
        while self.take_keyword("and")? {
            parts.push(self.one()?);
        }
        Ok(Expression::all(parts))
    }

    fn one(&mut self) -> Result<Expression, FilterError> {
        let at = self.ahead.clone();
        if self.take_keyword("not")? {
            return Ok(Expression::Not(Box::new(self.deeper(&at, Self::one)?)));
        }
        if self.take_symbol("(")? {
            let inner = self.deeper(&at, Self::any)?;
            return self.expect_symbol(")", "`and`, `or` or `)`").map(|()| inner);
        }
        if self.comparisons == COMPARISONS_MAX {
            return Err(at.fail(FilterReason::ComparisonsTooMany));
        }
        self.comparisons += 1;
        self.comparison().map(Expression::Compare)
    }

    fn deeper(
        &mut self,
        at: &Placed<'a>,
        rule: fn(&mut Self) -> Result<Expression, FilterError>,
    ) -> Result<Expression, FilterError> {
        if self.depth == DEPTH_MAX {
            return Err(at.fail(FilterReason::TooDeep));
        }
        self.depth += 1;
        let inner = rule(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn take(&mut self) -> Result<Placed<'a>, FilterError> {
        let next = self.lexer.read()?;
        Ok(std::mem::replace(&mut self.ahead, next))
    }

    fn take_keyword(&mut self, keyword: &str) -> Result<bool, FilterError> {
        let is_here = self.ahead.is_keyword(keyword);
        if is_here {
            self.take()?;
        }
        Ok(is_here)
    }

    fn take_symbol(&mut self, symbol: &str) -> Result<bool, FilterError> {
        let is_here = self.ahead.is_symbol(symbol);
        if is_here {
            self.take()?;
        }
        Ok(is_here)
    }

    fn expect_symbol(&mut self, symbol: &str, expected: &'static str) -> Result<(), FilterError> {
        if self.take_symbol(symbol)? { Ok(()) } else { Err(self.ahead.expected(expected)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, written: &str) {
        assert_eq!(parse(text).map(|expression| expression.to_string()).as_deref(), Ok(written), "{text}");
    }

    #[test]
    fn not_binds_tighter_than_and_and_tighter_than_or() {
        check("size=1 OR size=2 And NOT size=3", "size = 1 or size = 2 and not size = 3");
        check("(size=1 or size=2) and size=3", "(size = 1 or size = 2) and size = 3");
        check("not (size=1 and size=2)", "not (size = 1 and size = 2)");
        check("not(not(size=1))or(size=2)", "not not size = 1 or size = 2");
        check("size=1 and (size=2 and (size=3))", "size = 1 and size = 2 and size = 3");
        check("((size=1 or size=2) or size=3)", "size = 1 or size = 2 or size = 3");
    }

    #[test]
    fn what_joins_comparisons_is_told_when_missing() {
        for (text, position, expected, found) in [
            ("size = 1 size = 2", 10, "`and`, `or` or the end", "`size`"),
            ("size = 1)", 9, "`and`, `or` or the end", "`)`"),
            ("(size = 1", 10, "`and`, `or` or `)`", "the end"),
            ("(size = 1 ; size", 11, "`and`, `or` or `)`", "';'"),
        ] {
            let reason = FilterReason::Expected { expected, found: found.into() };
            assert_eq!(parse(text), Err(FilterError { position, reason }), "{text}");
        }
    }
}
