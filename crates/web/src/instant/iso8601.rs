//! ISO 8601 and its RFC 3339 profile: written exactly, read in every form that callers send.
//!
//! Read are a date alone or a date and time joined by `T` or a space; seconds and a fraction of one to nine digits may
//! be left out; the zone is absent (UTC), `Z`, or an offset `+hh`, `+hhmm`, `+hh:mm`, whose `+` may have become a space
//! on its way through a query string.

use super::BadInstant;
use super::civil::Civil;

/// `2026-03-03T10:15:30.482913Z`: always six fractional digits. Instants beyond four-digit years become the nearest
/// that those can say.
pub fn rfc3339_micros(instant: i64) -> String {
    written::<27>(instant, 6)
}

/// `2026-03-03T10:15:30.482Z`: always three fractional digits, the rest cut off.
pub fn rfc3339_millis(instant: i64) -> String {
    written::<24>(instant, 3)
}

/// Reads an instant, in microseconds since the epoch; finer digits are cut off.
pub fn parse_iso8601(text: &str) -> Result<i64, BadInstant> {
    let mut rest = Rest(text.trim().as_bytes());
    let mut civil = Civil { year: rest.number(4)?.into(), ..Civil::default() };
    rest.expect(b'-')?;
    civil.month = rest.number(2)?;
    rest.expect(b'-')?;
    civil.day = rest.number(2)?;
    if rest.0.is_empty() {
        return civil.instant(0);
    }
    rest.one_of(b"Tt ").ok_or(BadInstant::Form)?;
    civil.hour = rest.number(2)?;
    rest.expect(b':')?;
    civil.minute = rest.number(2)?;
    if rest.one_of(b":").is_some() {
        civil.second = rest.number(2)?;
        if rest.one_of(b".,").is_some() {
            civil.micros = rest.fraction()?;
        }
    }
    civil.instant(rest.offset_seconds()?)
}

fn written<const LENGTH: usize>(instant: i64, fraction_digits: usize) -> String {
    let civil = Civil::of(instant);
    let mut text = [b'0'; LENGTH];
    let mut put = |at: usize, width: usize, mut value: u32| {
        for digit in text[at..at + width].iter_mut().rev() {
            *digit = b'0' + (value % 10) as u8;
            value /= 10;
        }
    };
    put(0, 4, civil.year as u32);
    put(5, 2, civil.month);
    put(8, 2, civil.day);
    put(11, 2, civil.hour);
    put(14, 2, civil.minute);
    put(17, 2, civil.second);
    put(20, fraction_digits, civil.micros / 10_u32.pow(6 - fraction_digits as u32));
    for (at, mark) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (LENGTH - 1, b'Z')] {
        text[at] = mark;
    }
    str::from_utf8(&text).expect("digits and marks are ASCII").to_owned()
}

/// What is still unread.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Result<u32, BadInstant> {
        let (number, rest) = self.0.split_at_checked(digits).ok_or(BadInstant::Form)?;
        self.0 = rest;
        number.iter().try_fold(0, |value, byte| match byte {
            b'0'..=b'9' => Ok(value * 10 + u32::from(byte - b'0')),
            _ => Err(BadInstant::Form),
        })
    }

    fn one_of(&mut self, marks: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first().filter(|(first, _)| marks.contains(first))?;
        self.0 = rest;
        Some(first)
    }

    fn expect(&mut self, mark: u8) -> Result<(), BadInstant> {
        self.one_of(&[mark]).map(|_| ()).ok_or(BadInstant::Form)
    }

    /// One to nine digits after the point, as microseconds.
    fn fraction(&mut self) -> Result<u32, BadInstant> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return Err(BadInstant::Form);
        }
        let nanos = self.number(digits)? * 10_u32.pow(9 - digits as u32);
        Ok(nanos / 1000)
    }

    /// The zone, which is all that may be left.
    fn offset_seconds(&mut self) -> Result<i64, BadInstant> {
        if self.0.is_empty() || matches!(self.0, b"Z" | b"z") {
            return Ok(0);
        }
        let sign = if self.one_of(b"+- ").ok_or(BadInstant::Zone)? == b'-' { -1 } else { 1 };
        offset_seconds(self.0).map(|seconds| sign * seconds)
    }
}

/// `hh`, `hhmm` or `hh:mm` without its sign.
pub(super) fn offset_seconds(text: &[u8]) -> Result<i64, BadInstant> {
    let mut rest = Rest(text);
    let hours = rest.number(2).map_err(|_| BadInstant::Zone)?;
    let minutes = if rest.0.is_empty() {
        0
    } else {
        rest.one_of(b":");
        rest.number(2).map_err(|_| BadInstant::Zone)?
    };
    let is_offset = rest.0.is_empty() && hours < 24 && minutes < 60;
    if is_offset { Ok(i64::from(hours * 3600 + minutes * 60)) } else { Err(BadInstant::Zone) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEN: i64 = 1_772_532_000_000_000;

    #[track_caller]
    fn check(text: &str, expected: Result<i64, BadInstant>) {
        assert_eq!(parse_iso8601(text), expected, "{text}");
    }

    #[test]
    fn writes_exactly() {
        assert_eq!(rfc3339_micros(TEN + 930_482_913), "2026-03-03T10:15:30.482913Z");
        assert_eq!(rfc3339_micros(TEN), "2026-03-03T10:00:00.000000Z");
        assert_eq!(rfc3339_millis(TEN + 930_482_913), "2026-03-03T10:15:30.482Z");
        assert_eq!(rfc3339_micros(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(rfc3339_micros(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(rfc3339_micros(i64::MAX), "9999-12-31T23:59:59.999999Z");
        assert_eq!(rfc3339_millis(i64::MIN), "0000-01-01T00:00:00.000Z");
    }

    #[test]
    fn reads_what_it_wrote() {
        for instant in [TEN, 0, -1, 951_782_400_000_001, 253_402_300_799_999_999] {
            check(&rfc3339_micros(instant), Ok(instant));
        }
    }

    #[test]
    fn reads_every_form_callers_send() {
        for text in [
            "2026-03-03T10:00:00",
            "2026-03-03T10:00:00Z",
            "2026-03-03t10:00:00z",
            "2026-03-03T10:00:00+00:00",
            "2026-03-03T10:00:00 00:00",
            "2026-03-03T10:00:00-00:00",
            "2026-03-03T10:00:00+0000",
            "2026-03-03T12:30:00+02:30",
            "2026-03-03T12:30:00 02:30",
            "2026-03-03T05:00:00-05",
            "2026-03-03 10:00:00",
            "2026-03-03 10:00:00 00:00",
            "2026-03-03T10:00",
            "2026-03-03T10:00Z",
            " 2026-03-03T10:00:00Z ",
        ] {
            check(text, Ok(TEN));
        }
        check("2026-03-03", Ok(TEN - 36_000_000_000));
        check("2026-03-03T10:00:00.1", Ok(TEN + 100_000));
        check("2026-03-03T10:00:00.123Z", Ok(TEN + 123_000));
        check("2026-03-03T10:00:00.123456+00:00", Ok(TEN + 123_456));
        check("2026-03-03T10:00:00,123456789Z", Ok(TEN + 123_456));
        check("2016-12-31T23:59:60Z", parse_iso8601("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn refuses_with_a_reason() {
        for text in
            ["", "now", "2026", "2026-3-3", "2026-03-03T", "2026-03-03T10", "2026-03-03T10:00:00.", "1772532000"]
        {
            check(text, Err(BadInstant::Form));
        }
        for text in
            ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-03-03T24:00:00Z", "2026-03-03T10:60:00Z"]
        {
            check(text, Err(BadInstant::Range));
        }
        for text in
            ["2026-03-03T10:00:00+24:00", "2026-03-03T10:00:00CET", "2026-03-03T10:00:00+1", "2026-03-03T10:00:00ZZ"]
        {
            check(text, Err(BadInstant::Zone));
        }
        check("2026-03-03T10:00:00.1234567890Z", Err(BadInstant::Form));
        check("2026-03-03\u{ff}", Err(BadInstant::Form));
    }
}
