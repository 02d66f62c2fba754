//! Conditional and range requests, decided: ranges, etags, not-modified (RFC 9110 sections 13 and 14).
//!
//! Pure: headers and what is known of the representation in, a verdict out. The door reads bytes and writes headers.

mod etag;
mod range;

pub use range::{content_range, unsatisfied_content_range};

use std::ops::Range;

use http::header::{self, HeaderMap, HeaderName};
use http::{HeaderValue, Method};

use crate::instant::parse_http_date;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// What a resource would answer without any condition.
#[derive(Clone, Copy, Debug)]
pub struct Representation<'a> {
    /// The strong entity tag with its quotes, `"abc"`; None when there is none.
    pub etag: Option<&'a str>,
    /// When it last changed, in microseconds since the epoch. Headers speak whole seconds, so finer digits are ignored.
    pub modified_at: Option<i64>,
    /// Its whole size in bytes.
    pub size: u64,
}

/// What to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 200 with everything.
    Full,
    /// 206 with these bytes and [`content_range`]. Never empty, never beyond the size.
    Partial(Range<u64>),
    /// 304 without a body; `ETag`, Cache-Control, Expires and Vary as on a 200.
    NotModified,
    /// 412.
    PreconditionFailed,
    /// 416 with [`unsatisfied_content_range`].
    Unsatisfiable,
}

/// Weighs the conditions in the order of RFC 9110 section 13.2.2, then the range.
pub fn evaluate(method: &Method, headers: &HeaderMap, representation: &Representation<'_>) -> Verdict {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if !is_expected(headers, representation) {
        return Verdict::PreconditionFailed;
    }
    if is_known(headers, representation, reads) {
        return if reads { Verdict::NotModified } else { Verdict::PreconditionFailed };
    }
    // A range means something to GET alone (section 14.2).
    match text(headers, &header::RANGE) {
        Some(range) if *method == Method::GET && range_applies(headers, representation) => {
            range::decide(range, representation.size)
        }
        _ => Verdict::Full,
    }
}

/// If-Match (section 13.1.1), and without it If-Unmodified-Since (section 13.1.4).
fn is_expected(headers: &HeaderMap, representation: &Representation<'_>) -> bool {
    if headers.contains_key(header::IF_MATCH) {
        return etag::any(headers, &header::IF_MATCH, representation.etag, etag::strong);
    }
    match (date(headers, &header::IF_UNMODIFIED_SINCE), modified_seconds(representation)) {
        (Some(since), Some(modified)) => modified <= since,
        _ => true,
    }
}

/// If-None-Match (section 13.1.2), and without it If-Modified-Since (section 13.1.3), which only reads heed.
fn is_known(headers: &HeaderMap, representation: &Representation<'_>, reads: bool) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return etag::any(headers, &header::IF_NONE_MATCH, representation.etag, etag::weak);
    }
    match (date(headers, &header::IF_MODIFIED_SINCE), modified_seconds(representation)) {
        (Some(since), Some(modified)) => reads && modified <= since,
        _ => false,
    }
}

/// If-Range (section 13.1.5): a part is of use only to who holds the other parts of the very same bytes.
fn range_applies(headers: &HeaderMap, representation: &Representation<'_>) -> bool {
    if !headers.contains_key(header::IF_RANGE) {
        return true;
    }
    match text(headers, &header::IF_RANGE) {
        Some(tag) if tag.starts_with('"') || tag.starts_with("W/") => {
            representation.etag.is_some_and(|etag| etag::strong(tag, etag))
        }
        Some(_) => {
            let date = date(headers, &header::IF_RANGE);
            date.is_some() && date == modified_seconds(representation)
        }
        None => false,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(HeaderValue::to_str)?.ok().map(str::trim)
}

/// A header's date in whole seconds; an unreadable one is ignored, as the sections above demand.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    parse_http_date(text(headers, name)?).ok().map(|instant| instant.div_euclid(MICROS_PER_SECOND))
}

fn modified_seconds(representation: &Representation<'_>) -> Option<i64> {
    representation.modified_at.map(|instant| instant.div_euclid(MICROS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Verdict::{Full, NotModified, Partial, PreconditionFailed, Unsatisfiable};
    use super::*;

    /// A hundred bytes tagged `"v1"`, changed at the written second and a bit.
    const REPRESENTATION: Representation<'static> =
        Representation { etag: Some(r#""v1""#), modified_at: Some(1_772_532_930_482_913), size: 100 };
    const WRITTEN: &str = "Tue, 03 Mar 2026 10:15:30 GMT";
    const EARLIER: &str = "Tue, 03 Mar 2026 10:15:29 GMT";
    const LATER: &str = "Tue, 03 Mar 2026 10:15:31 GMT";

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the tables below read better without borrows")]
    fn check_with(method: &Method, headers: &[(&str, &str)], expected: Verdict) {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        assert_eq!(evaluate(method, &headers, &REPRESENTATION), expected, "{method} {headers:?}");
    }

    #[track_caller]
    fn check(headers: &[(&str, &str)], expected: Verdict) {
        check_with(&Method::GET, headers, expected);
    }

    #[test]
    fn without_conditions_everything() {
        check(&[], Full);
    }

    #[test]
    fn if_match_compares_strongly_13_1_1() {
        check(&[("if-match", r#""v1""#)], Full);
        check(&[("if-match", "*")], Full);
        check(&[("if-match", r#""v0" , "v1""#)], Full);
        check(&[("if-match", r#""v0""#), ("if-match", r#""v1""#)], Full);
        check(&[("if-match", r#""v0""#)], PreconditionFailed);
        check(&[("if-match", r#"W/"v1""#)], PreconditionFailed);
        check_with(&Method::PUT, &[("if-match", r#""v0""#)], PreconditionFailed);
    }

    #[test]
    fn if_none_match_compares_weakly_13_1_2() {
        check(&[("if-none-match", r#""v1""#)], NotModified);
        check(&[("if-none-match", r#"W/"v1""#)], NotModified);
        check(&[("if-none-match", r#""a,b", "v1""#)], NotModified);
        check(&[("if-none-match", "*")], NotModified);
        check(&[("if-none-match", r#""v0""#)], Full);
        check(&[("if-none-match", "v1")], Full);
        check_with(&Method::HEAD, &[("if-none-match", r#""v1""#)], NotModified);
        check_with(&Method::PUT, &[("if-none-match", "*")], PreconditionFailed);
    }

    #[test]
    fn if_modified_since_13_1_3() {
        check(&[("if-modified-since", WRITTEN)], NotModified);
        check(&[("if-modified-since", LATER)], NotModified);
        check(&[("if-modified-since", EARLIER)], Full);
        check(&[("if-modified-since", "yesterday")], Full);
        check_with(&Method::POST, &[("if-modified-since", WRITTEN)], Full);
    }

    #[test]
    fn if_unmodified_since_13_1_4() {
        check(&[("if-unmodified-since", WRITTEN)], Full);
        check(&[("if-unmodified-since", EARLIER)], PreconditionFailed);
        check(&[("if-unmodified-since", "yesterday")], Full);
    }

    #[test]
    fn tags_outrank_dates_13_2_2() {
        check(&[("if-none-match", r#""v0""#), ("if-modified-since", LATER)], Full);
        check(&[("if-match", r#""v1""#), ("if-unmodified-since", EARLIER)], Full);
        check(&[("if-match", r#""v0""#), ("if-none-match", r#""v1""#)], PreconditionFailed);
        check(&[("if-none-match", r#""v1""#), ("range", "bytes=0-9")], NotModified);
    }

    #[test]
    fn single_ranges_14_1_2() {
        check(&[("range", "bytes=0-9")], Partial(0..10));
        check(&[("range", "bytes=90-")], Partial(90..100));
        check(&[("range", "bytes=90-1000")], Partial(90..100));
        check(&[("range", "bytes=-10")], Partial(90..100));
        check(&[("range", "bytes=-1000")], Partial(0..100));
        check(&[("range", "BYTES= 99-99 ")], Partial(99..100));
    }

    #[test]
    fn ranges_that_cannot_be_satisfied_15_5_17() {
        check(&[("range", "bytes=100-")], Unsatisfiable);
        check(&[("range", "bytes=100-200")], Unsatisfiable);
        check(&[("range", "bytes=-0")], Unsatisfiable);
        check(&[("range", "bytes=99999999999999999999-")], Unsatisfiable);
    }

    #[test]
    fn ranges_that_are_ignored_14_2() {
        for range in
            ["bytes=9-0", "bytes=", "bytes=-", "bytes=a-b", "items=0-9", "0-9", "bytes=+1-2", "bytes=0-9,20-29"]
        {
            check(&[("range", range)], Full);
        }
        check_with(&Method::HEAD, &[("range", "bytes=0-9")], Full);
    }

    #[test]
    fn if_range_13_1_5() {
        let ranged = |validator| [("range", "bytes=0-9"), ("if-range", validator)];
        check(&ranged(r#""v1""#), Partial(0..10));
        check(&ranged(r#"W/"v1""#), Full);
        check(&ranged(r#""v0""#), Full);
        check(&ranged(WRITTEN), Partial(0..10));
        check(&ranged(LATER), Full);
        check(&ranged("nonsense"), Full);
    }

    #[test]
    fn what_is_unknown_matches_nothing() {
        let unknown = Representation { etag: None, modified_at: None, size: 0 };
        let verdict = |name: HeaderName, value: &'static str| {
            evaluate(&Method::GET, &HeaderMap::from_iter([(name, HeaderValue::from_static(value))]), &unknown)
        };
        assert_eq!(verdict(header::IF_MATCH, r#""v1""#), PreconditionFailed);
        assert_eq!(verdict(header::IF_NONE_MATCH, r#""v1""#), Full);
        assert_eq!(verdict(header::IF_MODIFIED_SINCE, WRITTEN), Full);
        assert_eq!(verdict(header::RANGE, "bytes=0-"), Unsatisfiable);
        assert_eq!(verdict(header::RANGE, "bytes=-5"), Full, "the last five of nothing are nothing");
    }
}
