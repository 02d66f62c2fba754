//! Ids: 128 bits each, one type per noun, never interchangeable.
//!
//! A wire spells them in its own way (a UUID, a prefix and 22 alphanumerics); the bits are the identity.

use crate::clock::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From its 128 bits.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its 128 bits.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write_uuid(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )+};
}

ids! {
    /// A file.
    FileId,
    /// An event: one fact, whoever is told of it.
    EventId,
    /// A webhook.
    WebhookId,
    /// One request to the API, as told in logs, answers and events.
    RequestId,
    /// A bearer's proof for one resource.
    AccessToken,
}

/// A project's number: what Uploadcare's wire shows as `project`, and the key of every row that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(i64);

/// A webhook's number: what Uploadcare's wire shows as its `id`; kept below 2^31 for clients with 32-bit integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookNumber(i64);

macro_rules! numbers {
    ($($name:ident),+) => {$(
        impl $name {
            /// From its number.
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// Its number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )+};
}

numbers!(ProjectId, WebhookNumber);

/// Makes 16 random bytes a version 4, variant 1 UUID (RFC 9562, section 5.4), as clients of files expect.
#[must_use]
pub const fn as_uuid_v4(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

/// Makes 16 random bytes a version 7 UUID of that instant (RFC 9562, section 5.7): later ones sort later, which keeps an index of them
/// growing at its end.
#[must_use]
pub const fn as_uuid_v7(mut bytes: [u8; 16], at: Timestamp) -> [u8; 16] {
    let milliseconds = (at.as_micros().div_euclid(1000) as u64).to_be_bytes();
    let mut index = 0;
    while index < 6 {
        bytes[index] = milliseconds[index + 2];
        index += 1;
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

/// Reads a UUID: 36 characters, hyphens at 8-4-4-4-12, hex in either case (RFC 9562, section 4).
pub fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let mut digits = text.iter().enumerate().filter(|(at, _)| ![8, 13, 18, 23].contains(at));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let (high, low) = (digits.next()?.1, digits.next()?.1);
        *byte = (hex_digit(*high)? << 4) | hex_digit(*low)?;
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

fn write_uuid(bytes: &[u8; 16], f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        text[at] = HEX[usize::from(byte >> 4)];
        text[at + 1] = HEX[usize::from(byte & 15)];
        at += 2;
    }
    f.write_str(std::str::from_utf8(&text).expect("hex digits and hyphens are ASCII"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_uuid_is_read_as_it_was_written(bytes: [u8; 16]) {
            let text = FileId::from_bytes(bytes).to_string();
            prop_assert_eq!(parse_uuid(&text), Some(bytes));
            prop_assert_eq!(parse_uuid(&text.to_uppercase()), Some(bytes));
        }

        #[test]
        fn any_text_is_refused_or_read_but_never_panics(text: String) {
            let _ = parse_uuid(&text);
        }
    }

    /// RFC 9562, appendix A.6: the instant 2022-02-22T19:22:22Z.
    #[test]
    fn a_version_7_uuid_begins_with_its_instant() {
        let bytes = parse_uuid("ffffffff-ffff-fcc3-d8c4-dc0c0c07398f").unwrap();
        let at = Timestamp::from_micros(1_645_557_742_000_000);
        assert_eq!(FileId::from_bytes(as_uuid_v7(bytes, at)).to_string(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    #[test]
    fn only_the_hyphenated_form_is_a_uuid() {
        for text in ["", "nope", "111111111aaaa-4bbb-8ccc-222222222222", "11111111-aaaa-4bbb-8ccc-22222222222g"] {
            assert_eq!(parse_uuid(text), None, "{text}");
        }
    }
}
