//! The grammar of one comparison: a field decides which operators may follow, and what they may be given.

mod field;
mod number;

use super::Parser;
use crate::event::EventKind;
use crate::filter::ITEMS_MAX;
use crate::filter::error::{FilterError, FilterReason, excerpt};
use crate::filter::expression::{Comparison, FlagTest, NumberField, NumberTest, Order, TextField, TextTest};
use crate::filter::lexer::Token;
use field::Field;

const TEXT_OPERATORS: &str = "`=`, `!=`, `like`, `in` or `exists` after a text field (`not` goes before the field)";
const NUMBER_OPERATORS: &str =
    "`=`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `exists` after a number field (`not` goes before the field)";

enum Operator {
    Order(Order),
    Like,
    In,
    Exists,
}

impl Parser<'_> {
    pub(super) fn comparison(&mut self) -> Result<Comparison, FilterError> {
        Ok(match self.field()? {
            Field::Text(field) => {
                let test = self.text_test(&field)?;
                Comparison::Text(field, test)
            }
            Field::Number(field) => Comparison::Number(field, self.number_test(field)?),
            Field::Flag(field) => Comparison::Flag(field, self.flag_test()?),
        })
    }

    fn text_test(&mut self, field: &TextField) -> Result<TextTest, FilterError> {
        let at = self.take()?;
        match operator(&at.token) {
            Some(Operator::Order(Order::Equal)) => self.text(field).map(TextTest::Equal),
            Some(Operator::Order(Order::Unequal)) => self.text(field).map(TextTest::Unequal),
            Some(Operator::Like) => self.any_text().map(TextTest::Like),
            Some(Operator::In) => self.list(|parser| parser.text(field)).map(TextTest::In),
            Some(Operator::Exists) => Ok(TextTest::Exists),
            Some(Operator::Order(_)) | None => Err(at.expected(TEXT_OPERATORS)),
        }
    }

    fn number_test(&mut self, field: NumberField) -> Result<NumberTest, FilterError> {
        let at = self.take()?;
        match operator(&at.token) {
            Some(Operator::Order(order)) => Ok(NumberTest::Compare(order, self.number(field)?)),
            Some(Operator::In) => self.list(|parser| parser.number(field)).map(NumberTest::In),
            Some(Operator::Exists) => Ok(NumberTest::Exists),
            Some(Operator::Like) | None => Err(at.expected(NUMBER_OPERATORS)),
        }
    }

    /// A flag may stand alone, so what cannot follow it belongs to whoever comes next.
    fn flag_test(&mut self) -> Result<FlagTest, FilterError> {
        if self.take_symbol("=")? {
            self.flag().map(FlagTest::Equal)
        } else if self.take_symbol("!=")? {
            self.flag().map(FlagTest::Unequal)
        } else if self.take_keyword("exists")? {
            Ok(FlagTest::Exists)
        } else {
            Ok(FlagTest::Equal(true))
        }
    }

    fn text(&mut self, field: &TextField) -> Result<String, FilterError> {
        let at = self.ahead.clone();
        let text = self.any_text()?;
        if *field == TextField::Event && EventKind::from_name(&text).is_none() {
            return Err(at.fail(FilterReason::EventUnknown(excerpt(&text))));
        }
        Ok(text)
    }

    fn any_text(&mut self) -> Result<String, FilterError> {
        let at = self.take()?;
        if let Token::Text(text) = at.token { Ok(text) } else { Err(at.expected("text in quotes")) }
    }

    fn flag(&mut self) -> Result<bool, FilterError> {
        let at = self.take()?;
        match at.is_keyword("true") {
            false if !at.is_keyword("false") => Err(at.expected("`true` or `false`")),
            value => Ok(value),
        }
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, FilterError>) -> Result<Vec<T>, FilterError> {
        self.expect_symbol("(", "`(` and a list of values")?;
        let mut items = vec![item(self)?];
        while self.take_symbol(",")? {
            if items.len() == ITEMS_MAX {
                return Err(self.ahead.fail(FilterReason::ItemsTooMany));
            }
            items.push(item(self)?);
        }
        self.expect_symbol(")", "`,` or `)`").map(|()| items)
    }
}

fn operator(token: &Token<'_>) -> Option<Operator> {
    Some(match token {
        Token::Symbol("=") => Operator::Order(Order::Equal),
        Token::Symbol("!=") => Operator::Order(Order::Unequal),
        Token::Symbol("<") => Operator::Order(Order::Less),
        Token::Symbol("<=") => Operator::Order(Order::LessOrEqual),
        Token::Symbol(">") => Operator::Order(Order::Greater),
        Token::Symbol(">=") => Operator::Order(Order::GreaterOrEqual),
        Token::Word(word) if word.eq_ignore_ascii_case("like") => Operator::Like,
        Token::Word(word) if word.eq_ignore_ascii_case("in") => Operator::In,
        Token::Word(word) if word.eq_ignore_ascii_case("exists") => Operator::Exists,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn every_field_and_operator_reads_back_in_its_plainest_form() {
        for (text, written) in [
            ("mime='image/png'", r#"mime = "image/png""#),
            ("declared_mime!=\"a\"", r#"declared_mime != "a""#),
            ("name LIKE '*.\"p\\'\\\\\\n'", r#"name like "*.\"p'\\\n""#),
            ("event in('file_uploaded','file_stored')", r#"event in ("file_uploaded", "file_stored")"#),
            ("metadata.a-b:c.d Exists", "metadata.a-b:c.d exists"),
            ("metadata['album']='x'", r#"metadata.album = "x""#),
            ("metadata [ \"any key\" ] exists", r#"metadata["any key"] exists"#),
            ("metadata.größe exists", r#"metadata["größe"] exists"#),
            ("size<1", "size < 1"),
            ("size<=1mib", "size <= 1MiB"),
            ("size in(1 kb,2)", "size in (1KB, 2)"),
            ("width>1", "width > 1"),
            ("height>=1", "height >= 1"),
            ("width exists", "width exists"),
            ("is_image", "is_image = true"),
            ("is_stored!=FALSE", "is_stored != false"),
            ("is_image exists", "is_image exists"),
        ] {
            assert_eq!(parse(text).map(|expression| expression.to_string()).as_deref(), Ok(written), "{text}");
        }
    }

    #[test]
    fn what_belongs_in_a_comparison_is_told() {
        for (text, message) in [
            ("", "at character 1: expected a field, `not` or `(`, found the end"),
            ("and", "at character 1: expected a field, `not` or `(`, found `and`"),
            ("size = 1 or", "at character 12: expected a field, `not` or `(`, found the end"),
            ("'a' = name", "at character 1: expected a field, `not` or `(`, found \"a\""),
            ("metadata.", "at character 1: expected a key after `metadata.`, found `metadata.`"),
            ("metadata = 'a'", "at character 10: expected `metadata.KEY` or `metadata[\"KEY\"]`, found `=`"),
            ("metadata[a]", "at character 10: expected a metadata key in quotes, found `a`"),
            ("metadata['']", "at character 10: expected a metadata key in quotes, found \"\""),
            ("metadata['a' = 'b'", "at character 14: expected `]`, found `=`"),
            ("name = pier", "at character 8: expected text in quotes, found `pier`"),
            ("name like 5", "at character 11: expected text in quotes, found `5`"),
            ("name == 'a'", "at character 7: expected text in quotes, found `=`"),
            ("is_image = 'true'", "at character 12: expected `true` or `false`, found \"true\""),
            ("is_image = not", "at character 12: expected `true` or `false`, found `not`"),
            ("is_image > 1", "at character 10: expected `and`, `or` or the end, found `>`"),
            ("name in 'a'", "at character 9: expected `(` and a list of values, found \"a\""),
            ("name in ()", "at character 10: expected text in quotes, found `)`"),
            ("name in ('a',)", "at character 14: expected text in quotes, found `)`"),
            ("name in ('a' 'b')", "at character 14: expected `,` or `)`, found \"b\""),
            (
                "event = 'file.uploaded'",
                "at character 9: no event is called \"file.uploaded\"; there are file_uploaded, file_",
            ),
            ("event in ('x')", "at character 11: no event is called \"x\"; there are file_"),
            ("(Size = 1)", "at character 2: no field is called `Size`; there are mime, "),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }

    #[test]
    fn a_field_takes_only_the_operators_it_has_an_answer_to() {
        for (text, position, expected) in [
            ("name < 'b'", 6, TEXT_OPERATORS),
            ("event >= 'b'", 7, TEXT_OPERATORS),
            ("metadata.a", 11, TEXT_OPERATORS),
            ("name not like 'a'", 6, TEXT_OPERATORS),
            ("size like '1*'", 6, NUMBER_OPERATORS),
            ("width", 6, NUMBER_OPERATORS),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.position, position, "{text}");
            assert!(
                matches!(error.reason, FilterReason::Expected { expected: told, .. } if told == expected),
                "{text}"
            );
        }
    }

    #[test]
    fn an_error_repeats_only_the_beginning_of_what_it_found() {
        let reason = FilterReason::FieldUnknown(format!("{}…", "é".repeat(40)));
        assert_eq!(parse(&"é".repeat(1_000)), Err(FilterError { position: 1, reason }));
    }
}
