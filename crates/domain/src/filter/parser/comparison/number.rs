//! Numbers of a filter: whole, with a unit if they count bytes: `500`, `20MB`, `4 GiB`.

use super::super::Parser;
use crate::filter::error::{FilterError, FilterReason};
use crate::filter::expression::{Number, NumberField};
use crate::filter::lexer::Token;

/// The units of sizes, in bytes: SI's and IEC's (IEC 80000-13).
const UNITS: [(&str, i64); 6] =
    [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
const NO_UNIT: (&str, i64) = ("", 1);

impl Parser<'_> {
    pub(super) fn number(&mut self, field: NumberField) -> Result<Number, FilterError> {
        let (has_unit, expected) = match field {
            NumberField::Size => (true, "a whole number of bytes, such as 500, 20MB or 4GiB"),
            NumberField::Width | NumberField::Height => (false, "a whole number of pixels, such as 1080"),
        };
        let at = self.take()?;
        let Token::Word(word) = at.token else {
            return Err(at.expected(expected));
        };
        let (digits, suffix) = word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()));
        let (unit, factor) = match suffix {
            _ if digits.is_empty() => return Err(at.expected(expected)),
            "" if has_unit => self.take_unit()?.unwrap_or(NO_UNIT),
            "" => NO_UNIT,
            _ => unit(suffix).filter(|_| has_unit).ok_or_else(|| at.expected(expected))?,
        };
        // Digits fail to be a number only by being too many.
        let count = digits.parse::<i64>().ok();
        let value = count.and_then(|count| count.checked_mul(factor));
        let (count, value) = count.zip(value).ok_or_else(|| at.fail(FilterReason::NumberTooLarge))?;
        Ok(Number { count, unit, value })
    }

    /// A unit that stands apart from its number.
    fn take_unit(&mut self) -> Result<Option<(&'static str, i64)>, FilterError> {
        let unit = if let Token::Word(word) = self.ahead.token { unit(word) } else { None };
        if unit.is_some() {
            self.take()?;
        }
        Ok(unit)
    }
}

fn unit(symbol: &str) -> Option<(&'static str, i64)> {
    UNITS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(symbol))
}

#[cfg(test)]
mod tests {
    use super::super::super::parse;
    use super::*;
    use crate::filter::expression::{Comparison, Expression, NumberTest};

    #[track_caller]
    fn check(text: &str, expected: Result<(i64, &str), (usize, Option<&str>)>) {
        let read = match parse(text) {
            Ok(Expression::Compare(Comparison::Number(_, NumberTest::Compare(_, number)))) => {
                Ok((number.value, number.unit))
            }
            Ok(other) => panic!("{text} is {other}"),
            Err(FilterError { position, reason: FilterReason::Expected { found, .. } }) => Err((position, Some(found))),
            Err(FilterError { position, reason }) => {
                assert_eq!(reason, FilterReason::NumberTooLarge, "{text}");
                Err((position, None))
            }
        };
        assert_eq!(read, expected.map_err(|(position, found)| (position, found.map(str::to_owned))), "{text}");
    }

    #[test]
    fn sizes_are_whole_and_may_have_units() {
        check("size > 0", Ok((0, "")));
        check("size > 007", Ok((7, "")));
        check("size > 2KB", Ok((2_000, "KB")));
        check("size > 2 mb", Ok((2_000_000, "MB")));
        check("size > 2gb", Ok((2_000_000_000, "GB")));
        check("size > 2KiB", Ok((2_048, "KiB")));
        check("size > 2mib", Ok((2_097_152, "MiB")));
        check("size > 2 GIB", Ok((2_147_483_648, "GiB")));
        check("size > 1.5MB", Err((8, Some("`1.5MB`"))));
        check("size > 5TB", Err((8, Some("`5TB`"))));
        check("size > 5 TB", Err((10, Some("`TB`"))));
        check("size > MB", Err((8, Some("`MB`"))));
        check("size > '5'", Err((8, Some("\"5\""))));
        check("size > -5", Err((8, Some("`-5`"))));
        check("size > ٣", Err((8, Some("`٣`"))));
    }

    #[test]
    fn pixels_have_no_unit() {
        check("width > 1080", Ok((1_080, "")));
        check("height > 5KB", Err((10, Some("`5KB`"))));
        check("height > 5 KB", Err((12, Some("`KB`"))));
    }

    #[test]
    fn numbers_end_where_sizes_do() {
        check("size > 9223372036854775807", Ok((i64::MAX, "")));
        check("size > 9223372036854775808", Err((8, None)));
        check("size > 99999999999GiB", Err((8, None)));
    }
}
