//! Dates of HTTP headers: written as IMF-fixdate, read in the three forms of RFC 9110 section 5.6.7 and in the
//! variations real clients sign.
//!
//! The weekday is dropped unread, because some clients get it wrong; commas count as spaces; numbers may lack their
//! leading zero; the zone is GMT, UTC, UT, Z, a numeric offset, or absent for UTC.

use super::BadInstant;
use super::civil::Civil;
use super::iso8601::offset_seconds;

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Tue, 03 Mar 2026 10:15:30 GMT`: whole seconds, the rest cut off.
pub fn http_date(instant: i64) -> String {
    let civil = Civil::of(instant);
    let (weekday, month) = (WEEKDAYS[civil.weekday()], MONTHS[civil.month as usize - 1]);
    let Civil { year, day, hour, minute, second, .. } = civil;
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Reads a header's date, in microseconds since the epoch.
pub fn parse_http_date(text: &str) -> Result<i64, BadInstant> {
    // RFC 850 joins day, month and year with hyphens; a hyphen that begins a word is the sign of an offset.
    let words: Vec<&str> = text
        .split([' ', ',', '\t'])
        .flat_map(|word| if word.starts_with('-') { vec![word] } else { word.split('-').collect() })
        .filter(|word| !word.is_empty())
        .collect();
    let words = match words.as_slice() {
        [first, rest @ ..] if is_weekday(first) => rest,
        all => all,
    };
    match *words {
        [month, day, time, year] if month_of(month).is_some() => parse(day, month, year, time, "GMT"),
        [day, month, year, time] => parse(day, month, year, time, "GMT"),
        [day, month, year, time, zone] => parse(day, month, year, time, zone),
        _ => Err(BadInstant::Form),
    }
}

fn parse(day: &str, month: &str, year: &str, time: &str, zone: &str) -> Result<i64, BadInstant> {
    let mut times = time.split(':');
    let mut time = || times.next().ok_or(BadInstant::Form).and_then(number);
    let civil = Civil {
        year: year_of(year)?,
        month: month_of(month).ok_or(BadInstant::Form)?,
        day: number(day)?,
        hour: time()?,
        minute: time()?,
        second: time()?,
        micros: 0,
    };
    if times.next().is_some() {
        return Err(BadInstant::Form);
    }
    civil.instant(zone_offset_seconds(zone)?)
}

fn is_weekday(word: &str) -> bool {
    word.get(..3).is_some_and(|start| WEEKDAYS.iter().any(|day| day.eq_ignore_ascii_case(start)))
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn month_of(word: &str) -> Option<u32> {
    let start = word.get(..3)?;
    MONTHS.iter().position(|month| month.eq_ignore_ascii_case(start)).map(|index| index as u32 + 1)
}

/// One or two digits.
fn number(text: &str) -> Result<u32, BadInstant> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().ok_or(BadInstant::Form)
}

/// Four digits, or the two of RFC 850: 70 to 99 are of the last century, as POSIX has it.
fn year_of(text: &str) -> Result<i64, BadInstant> {
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| BadInstant::Form);
    }
    match number(text)? {
        year if text.len() == 2 && year >= 70 => Ok(1900 + i64::from(year)),
        year if text.len() == 2 => Ok(2000 + i64::from(year)),
        _ => Err(BadInstant::Form),
    }
}

fn zone_offset_seconds(zone: &str) -> Result<i64, BadInstant> {
    if ["GMT", "UTC", "UT", "Z"].iter().any(|name| name.eq_ignore_ascii_case(zone)) {
        return Ok(0);
    }
    match zone.as_bytes() {
        [b'+', offset @ ..] => offset_seconds(offset),
        [b'-', offset @ ..] => offset_seconds(offset).map(|seconds| -seconds),
        _ => Err(BadInstant::Zone),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const MARCH: i64 = 1_772_532_930_000_000;

    #[test]
    fn writes_imf_fixdate() {
        assert_eq!(http_date(MARCH + 482_913), "Tue, 03 Mar 2026 10:15:30 GMT");
        assert_eq!(http_date(784_111_777_000_000), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn reads_what_clients_send() {
        for text in [
            "Tue, 03 Mar 2026 10:15:30 GMT",
            "Tue, 03 Mar 2026, 10:15:30 GMT",
            "Tue, 03 Mar 2026 10:15:30 +0000",
            "Tue, 03 Mar 2026 10:15:30 -0000",
            "Tue, 03 Mar 2026 12:15:30 +0200",
            "Tue, 03 Mar 2026 05:15:30 -0500",
            "Tue, 03 Mar 2026 10:15:30 UTC",
            "Mon, 3 Mar 2026 10:15:30 GMT",
            "03 Mar 2026 10:15:30 GMT",
            "3 mar 2026 10:15:30 gmt",
            "Tue,3 Mar 2026 10:15:30 GMT",
            "Tuesday, 03-Mar-26 10:15:30 GMT",
            "Tue Mar  3 10:15:30 2026",
            "Tue, 03 Mar 2026 10:15:30",
        ] {
            assert_eq!(parse_http_date(text), Ok(MARCH), "{text}");
        }
        assert_eq!(parse_http_date("Tue, 3 Mar 2026 9:5:3 GMT"), parse_http_date("Tue, 03 Mar 2026 09:05:03 GMT"));
        assert_eq!(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), Ok(784_111_777_000_000));
    }

    #[test]
    fn refuses_with_a_reason() {
        for text in [
            "",
            "Tue",
            "Tue, 03 Mar 2026",
            "03 Foo 2026 10:15:30 GMT",
            "03 Mar 026 10:15:30 GMT",
            "03 Mar 2026 10:15 GMT",
        ] {
            assert_eq!(parse_http_date(text), Err(BadInstant::Form), "{text}");
        }
        assert_eq!(parse_http_date("Tue, 31 Feb 2026 10:15:30 GMT"), Err(BadInstant::Range));
        assert_eq!(parse_http_date("Tue, 03 Mar 2026 10:15:30 EST"), Err(BadInstant::Zone));
        assert_eq!(parse_http_date("Mär, 03 Mär 2026 10:15:30 GMT"), Err(BadInstant::Form));
    }
}
