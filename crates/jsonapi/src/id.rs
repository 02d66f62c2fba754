//! One identity, two spellings: the 128 bits that Uploadcare's wire spells as a UUID, as a prefix and 22 base-62 digits.
//!
//! 62^22 is a little more than 2^128, so 22 digits are just enough and always exactly that many are written. The digits are
//! `0-9`, `A-Z`, `a-z` in the order of their values, the most significant first. Whoever reads 22 digits worth 2^128 or more, of
//! which no id was ever made, is told that there is no such id: so every id has one spelling and every spelling at most one id.

use domain::delivery::DeliveryId;
use domain::id::{AccessToken, EventId, FileId, WebhookId};
use serde::{Serialize, Serializer};
use std::fmt;

/// The digits by value.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many digits 128 bits take.
const DIGITS_PER_ID: usize = 22;
/// The longest prefix is `whsec-`.
const SPELLING_BYTES_MAX: usize = 6 + DIGITS_PER_ID;
/// 62^10, the greatest power that leaves room in 64 bits: dividing 128 bits is dear, so it is done twice and not 22 times.
const TEN_DIGITS: u128 = 62_u128.pow(10);

/// `f-…`: a file.
pub fn file(id: FileId) -> Spelling {
    Spelling::new("f-", id.as_bytes())
}

/// `fat-…`: the token that opens one file.
pub fn token(token: AccessToken) -> Spelling {
    Spelling::new("fat-", token.as_bytes())
}

/// `wh-…`: a webhook.
pub fn webhook(id: WebhookId) -> Spelling {
    Spelling::new("wh-", id.as_bytes())
}

/// `we-…`: a webhook event, which is one event told to one webhook.
pub fn delivery(id: DeliveryId) -> Spelling {
    Spelling::new("we-", id.as_bytes())
}

/// `we-…`: an event told to nobody in particular.
pub fn event(id: EventId) -> Spelling {
    Spelling::new("we-", id.as_bytes())
}

/// `whsec-…`: a signing secret made of 128 random bits.
pub fn signing_secret(bits: &[u8; 16]) -> Spelling {
    Spelling::new("whsec-", bits)
}

/// Reads `f-…`.
pub fn parse_file(text: &str) -> Option<FileId> {
    parse("f-", text).map(FileId::from_bytes)
}

/// Reads `fat-…`.
pub fn parse_token(text: &str) -> Option<AccessToken> {
    parse("fat-", text).map(AccessToken::from_bytes)
}

/// Reads `wh-…`.
pub fn parse_webhook(text: &str) -> Option<WebhookId> {
    parse("wh-", text).map(WebhookId::from_bytes)
}

/// Reads `we-…`: the bits of an event, or of its delivery to one webhook.
pub fn parse_event(text: &str) -> Option<[u8; 16]> {
    parse("we-", text)
}

/// A prefix and 22 digits, without any allocation: a webhook's body holds six of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    text: [u8; SPELLING_BYTES_MAX],
    length: usize,
}

impl Spelling {
    fn new(prefix: &str, bits: &[u8; 16]) -> Self {
        let length = prefix.len() + DIGITS_PER_ID;
        let mut text = [0; SPELLING_BYTES_MAX];
        text[..prefix.len()].copy_from_slice(prefix.as_bytes());
        let bits = u128::from_be_bytes(*bits);
        let (high, low) = (bits / TEN_DIGITS, bits % TEN_DIGITS);
        write_digits(&mut text[length - 10..length], low as u64);
        write_digits(&mut text[length - 20..length - 10], (high % TEN_DIGITS) as u64);
        write_digits(&mut text[prefix.len()..length - 20], (high / TEN_DIGITS) as u64);
        Self { text, length }
    }

    /// The spelling as text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).expect("prefixes and digits are ASCII")
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Spelling {
    /// Only the kind: some of them open files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spelling({}…)", &self.as_str()[..self.length - DIGITS_PER_ID])
    }
}

impl Serialize for Spelling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

fn write_digits(digits: &mut [u8], mut value: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(value % 62) as usize];
        value /= 62;
    }
}

fn parse(prefix: &str, text: &str) -> Option<[u8; 16]> {
    let digits = text.strip_prefix(prefix)?.as_bytes();
    if digits.len() != DIGITS_PER_ID {
        return None;
    }
    let bits = digits.iter().try_fold(0_u128, |bits, digit| bits.checked_mul(62)?.checked_add(digit_value(*digit)?))?;
    Some(bits.to_be_bytes())
}

fn digit_value(digit: u8) -> Option<u128> {
    let value = match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'Z' => digit - b'A' + 10,
        b'a'..=b'z' => digit - b'a' + 36,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(bits: [u8; 16]) {
            let id = FileId::from_bytes(bits);
            let text = file(id).to_string();
            prop_assert_eq!(text.len(), 24);
            prop_assert!(text[2..].bytes().all(|digit| digit.is_ascii_alphanumeric()));
            prop_assert_eq!(parse_file(&text), Some(id));
            let other = AccessToken::from_bytes(bits);
            prop_assert_eq!(parse_token(token(other).as_str()), Some(other));
            let other = WebhookId::from_bytes(bits);
            prop_assert_eq!(parse_webhook(webhook(other).as_str()), Some(other));
        }

        #[test]
        fn an_id_has_one_spelling(digits in "[0-9A-Za-z]{22}") {
            let text = format!("f-{digits}");
            if let Some(id) = parse_file(&text) {
                prop_assert_eq!(file(id).to_string(), text);
            }
        }

        #[test]
        fn any_text_is_refused_or_read_but_never_panics(text: String) {
            let _ = parse_file(&text);
            let _ = parse_file(&format!("f-{text}"));
        }
    }

    #[test]
    fn digits_have_their_values_and_their_order() {
        let spelled = |bits: u128| file(FileId::from_bytes(bits.to_be_bytes())).to_string();
        assert_eq!(spelled(0), "f-0000000000000000000000");
        assert_eq!(spelled(9), "f-0000000000000000000009");
        assert_eq!(spelled(10), "f-000000000000000000000A");
        assert_eq!(spelled(36), "f-000000000000000000000a");
        assert_eq!(spelled(61), "f-000000000000000000000z");
        assert_eq!(spelled(62), "f-0000000000000000000010");
        assert_eq!(spelled(TEN_DIGITS), "f-0000000000010000000000");
        assert_eq!(spelled(u128::MAX), "f-7n42DGM5Tflk9n8mt7Fhc7");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "f-",
            "f-000000000000000000000",
            "f-00000000000000000000000",
            "f-00000000000000000000-0",
            "f-00000000000000000000é",
            "F-0000000000000000000000",
            "wh-0000000000000000000000",
            "f-7n42DGM5Tflk9n8mt7Fhc8",
            "f-zzzzzzzzzzzzzzzzzzzzzz",
        ] {
            assert_eq!(parse_file(text), None, "{text}");
        }
        assert_eq!(parse_file("f-7n42DGM5Tflk9n8mt7Fhc7"), Some(FileId::from_bytes([255; 16])));
    }

    #[test]
    fn every_kind_has_its_prefix() {
        let secret = signing_secret(&[0; 16]);
        assert_eq!(secret.as_str(), "whsec-0000000000000000000000");
        assert_eq!(format!("{secret:?}"), "Spelling(whsec-…)");
        let zero = DeliveryId::of(EventId::from_bytes([0; 16]), WebhookId::from_bytes([0; 16]));
        assert_eq!(delivery(zero).as_str(), "we-0000000000000000000000");
    }
}
