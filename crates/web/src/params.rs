//! Params: the flat parameters of a request, in order, from query, form body or both.
//!
//! Names and values are decoded text. A repeated name keeps all its values. Bytes that are not UTF-8 become U+FFFD; a
//! name without `=` has an empty value.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// How many parameters one request may have. Django, whose clients we serve, refuses more than a thousand.
pub const PARAMS_MAX: usize = 1000;

/// The request has more than [`PARAMS_MAX`] parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {PARAMS_MAX} parameters")]
pub struct TooManyParams;

/// Names and values in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// None at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `application/x-www-form-urlencoded` text: a query without its `?`, or a body.
    pub fn parse(text: &[u8]) -> Result<Self, TooManyParams> {
        let mut params = Self::new();
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let equals = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = equals.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            params.push(decoded(name), decoded(value))?;
        }
        Ok(params)
    }

    /// Adds one at the end.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) -> Result<(), TooManyParams> {
        if self.0.len() >= PARAMS_MAX {
            return Err(TooManyParams);
        }
        self.0.push((name.into(), value.into()));
        Ok(())
    }

    /// These over those: a name that occurs here hides all its values there. Those that remain come first.
    pub fn over(self, below: Self) -> Result<Self, TooManyParams> {
        let mut merged: Vec<_> = below.0.into_iter().filter(|(name, _)| self.get(name).is_none()).collect();
        merged.extend(self.0);
        if merged.len() > PARAMS_MAX { Err(TooManyParams) } else { Ok(Self(merged)) }
    }

    /// The value under this name; of several the last, as Django and Rack have it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values under this name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// All names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many there are, repeated names counted each time.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn decoded(text: &[u8]) -> String {
    let text: Cow<'_, [u8]> = if text.contains(&b'+') {
        text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect()
    } else {
        text.into()
    };
    percent_decode(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn params(text: &str) -> Params {
        Params::parse(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        assert_eq!(params(text).iter().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn parses() {
        check("", &[]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("a&b=&=c&&d=e=f", &[("a", ""), ("b", ""), ("", "c"), ("d", "e=f")]);
        check("a+b=c+d%2Be&%C3%BC=%E2%82%AC", &[("a b", "c d+e"), ("ü", "€")]);
        check("file%5Bmetadata%5D[color]=red", &[("file[metadata][color]", "red")]);
        check("a=%zz%&b=%ff", &[("a", "%zz%"), ("b", "\u{fffd}")]);
        check("from=2026-03-03T10:00:00+00:00", &[("from", "2026-03-03T10:00:00 00:00")]);
    }

    #[test]
    fn the_last_value_counts_and_all_are_kept() {
        let params = params("a=1&b=2&a=3");
        assert_eq!(params.get("a"), Some("3"));
        assert_eq!(params.get_all("a").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(params.get("c"), None);
        assert_eq!((params.len(), params.is_empty()), (3, false));
    }

    #[test]
    fn the_body_hides_the_query_name_by_name() {
        let merged = params("b=body&c=1&c=2").over(params("a=1&b=query&b=more")).unwrap();
        assert_eq!(merged, params("a=1&b=body&c=1&c=2"));
    }

    #[test]
    fn there_is_a_limit() {
        let full = "a=1&".repeat(PARAMS_MAX);
        assert_eq!(Params::parse(full.as_bytes()).unwrap().len(), PARAMS_MAX);
        assert_eq!(Params::parse((full.clone() + "b=1").as_bytes()), Err(TooManyParams));
        assert_eq!(params("b=1").over(params(&full)), Err(TooManyParams));
    }
}
