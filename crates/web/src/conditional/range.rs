//! The Range header: one range of bytes is served, several are answered with everything (RFC 9110 section 14.2 allows
//! ignoring them, and assembling multipart/byteranges serves nobody who downloads files).

use std::ops::Range;

use http::HeaderValue;

use super::Verdict;

/// `bytes 0-9/100`, for a 206.
pub fn content_range(range: &Range<u64>, size: u64) -> HeaderValue {
    let last = range.end.saturating_sub(1);
    HeaderValue::try_from(format!("bytes {}-{last}/{size}", range.start)).expect("digits and marks are ASCII")
}

/// `bytes */100`, for a 416.
pub fn unsatisfied_content_range(size: u64) -> HeaderValue {
    HeaderValue::try_from(format!("bytes */{size}")).expect("digits and marks are ASCII")
}

/// A header that does not parse, or asks in another unit or for several ranges, is as if it were absent.
pub(super) fn decide(header: &str, size: u64) -> Verdict {
    match parse(header) {
        Some(Asked::From { first, last }) if first < size => {
            Verdict::Partial(first..last.map_or(size, |last| last.saturating_add(1).min(size)))
        }
        Some(Asked::Last(1..)) if size == 0 => Verdict::Full,
        Some(Asked::Last(length @ 1..)) => Verdict::Partial(size.saturating_sub(length)..size),
        Some(Asked::From { .. } | Asked::Last(0)) => Verdict::Unsatisfiable,
        None => Verdict::Full,
    }
}

enum Asked {
    From { first: u64, last: Option<u64> },
    Last(u64),
}

fn parse(header: &str) -> Option<Asked> {
    let (unit, range) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    match range.trim().split_once('-')? {
        ("", length) => Some(Asked::Last(number(length)?)),
        (first, "") => Some(Asked::From { first: number(first)?, last: None }),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Asked::From { first, last: Some(last) })
        }
    }
}

/// Digits only; a number too big to count is as big as can be.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn headers_of_answers() {
        assert_eq!(content_range(&(0..10), 100), "bytes 0-9/100");
        assert_eq!(content_range(&(99..100), 100), "bytes 99-99/100");
        assert_eq!(unsatisfied_content_range(100), "bytes */100");
    }
}
