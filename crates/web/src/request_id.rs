//! `RequestId`: the name of one request, in logs and in answers.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

/// A random UUID (version 4) as text. Made by us, never taken from the caller; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A fresh one.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give, which leaves nothing in this program working.
    pub fn fresh() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        Self::from_random(bytes)
    }

    /// The text, `6f1d0c52-…`, lowercase.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as a header's value.
    pub fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("hex digits and hyphens are ASCII")
    }

    /// RFC 9562 section 5.4: random but for the version and the variant.
    fn from_random(bytes: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{number:032x}");
        let groups = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        Self(groups.join("-").into())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn is_a_version_4_uuid() {
        assert_eq!(RequestId::from_random([0xff; 16]).as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(RequestId::from_random([0; 16]).as_str(), "00000000-0000-4000-8000-000000000000");
        let bytes = [0x6f, 0x1d, 0x0c, 0x52, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        assert_eq!(RequestId::from_random(bytes).header_value(), "6f1d0c52-0102-4304-8506-0708090a0b0c");
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(RequestId::fresh(), RequestId::fresh());
    }
}
